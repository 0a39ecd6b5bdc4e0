import { describe, expect, it } from 'vitest'
import { openAccounts } from '../../../main/station/accounts/index.ts'
import { hashPassword, isPassword } from '../../../main/station/accounts/passwords.ts'
import { SESSION_MS } from '../../../main/station/accounts/sessions.ts'
import type { Caller } from '../../../main/station/context.ts'
import { callRoom, manualClock, openTestContext } from '../../support/context.ts'
import type { TestContext } from '../../support/context.ts'

const password = 'Loa-xa-Vang-01'
/** The price of a guess is asked for above all by the passwords themselves, below; the room is the same at any. */
const passwordCost = { N: 1_024, r: 8, p: 1 }
const founder = { stationName: 'Đài xã', fullName: 'Nguyễn Thị Quản', userName: 'quantri', password }

async function openWorld() {
  const clock = manualClock()
  const ctx = await openTestContext({ clock })
  const sealed: { personId: string; pin: string }[] = []
  const removed: string[] = []
  const room = openAccounts(ctx, { passwordCost, sealEmergencyKey: (personId, pin) => Promise.resolve(void sealed.push({ personId, pin })), removeEmergencyKey: personId => Promise.resolve(void removed.push(personId)) })
  /** A window as the listener would describe it. */
  const window = (connectionId: string): Caller => {
    const identity = room.identities.on(connectionId, true)
    return { connectionId, personId: identity?.personId ?? null, name: identity?.name ?? '', may: permission => permission === 'open' || (identity?.may(permission) ?? false) }
  }
  return { clock, ctx, room, sealed, removed, window, [Symbol.asyncDispose]: ctx.dispose }
}
const actions = (ctx: TestContext) => ctx.inside === undefined ? [] : ctx.db.prepare('SELECT action FROM audit ORDER BY seq').pluck().all()

describe('passwords', () => {
  it('are stored so that they cannot be read, with a cost that counts, and equal ones look different', async () => {
    const [one, two] = [await hashPassword(password), await hashPassword(password)]
    expect(one).not.toBe(two)
    expect(one).not.toContain(password)
    expect(Number(one.split('$')[1])).toBeGreaterThanOrEqual(2 ** 15)
    expect(await isPassword(password, one)).toBe(true)
    expect(await isPassword(`${password} `, one)).toBe(false)
    expect(await isPassword(password, null)).toBe(false)
    expect(await isPassword(password, 'scrypt$broken')).toBe(false)
  })

  it('typed with composed or decomposed Vietnamese letters are the same', async () => {
    const hash = await hashPassword('Đài truyền thanh'.normalize('NFC'))
    expect(await isPassword('Đài truyền thanh'.normalize('NFD'), hash)).toBe(true)
  })
})

describe('the first administrator', () => {
  it('is created once, even by two windows at the same moment', async () => {
    await using world = await openWorld()
    expect(await callRoom(world.room, 'accounts.status', {}, world.window('a'))).toMatchObject({ needsAdministrator: true })
    const results = await Promise.allSettled([callRoom(world.room, 'accounts.createAdministrator', founder, world.window('a')), callRoom(world.room, 'accounts.createAdministrator', { ...founder, userName: 'other' }, world.window('b'))])
    expect(results.map(result => result.status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(await callRoom(world.room, 'accounts.status', {}, world.window('a'))).toEqual({ needsAdministrator: false, stationName: 'Đài xã', demoSignIn: null })
  })

  it('cannot choose a password that anyone would try first', async () => {
    await using world = await openWorld()
    for (const weak of ['aaaaaaaa', '12345678', 'matkhau123', 'quantri-2025']) {
      await expect(callRoom(world.room, 'accounts.createAdministrator', { ...founder, password: weak }, world.window('a'))).rejects.toMatchObject({ code: 'weak-password' })
    }
  })
})

describe('sessions', () => {
  it('end twelve hours after the last use, on every connection and for files', async () => {
    await using world = await openWorld()
    const session = await callRoom(world.room, 'accounts.createAdministrator', founder, world.window('a'))
    expect(session.expiresAt - world.clock.now()).toBe(SESSION_MS)
    world.clock.advance(SESSION_MS - 1000)
    expect(world.room.identities.ticket(session.filesTicket)).toBe(true)
    expect(world.window('a').personId).toBe(session.person.id)
    world.clock.advance(SESSION_MS - 1000)
    expect(world.room.identities.attach('b', session.sessionToken)).toBe(true)
    world.clock.advance(SESSION_MS + 1)
    expect(world.window('a').personId).toBeNull()
    expect(world.window('b').personId).toBeNull()
    expect(world.room.identities.ticket(session.filesTicket)).toBe(false)
    await expect(callRoom(world.room, 'accounts.resume', { sessionToken: session.sessionToken }, world.window('a'))).rejects.toMatchObject({ code: 'session-expired' })
  })

  it('are not lengthened by events that only arrive', async () => {
    await using world = await openWorld()
    await callRoom(world.room, 'accounts.createAdministrator', founder, world.window('a'))
    for (let hour = 0; hour < 13; hour++) {
      world.room.identities.on('a', false)
      world.clock.advance(3_600_000)
    }
    expect(world.room.identities.on('a', false)).toBeNull()
  })

  it('can be taken up again with the same files ticket, and neither secret is in the database', async () => {
    await using world = await openWorld()
    const session = await callRoom(world.room, 'accounts.createAdministrator', founder, world.window('a'))
    const again = await callRoom(world.room, 'accounts.resume', { sessionToken: session.sessionToken }, world.window('b'))
    expect(again.filesTicket).toBe(session.filesTicket)
    const dump = JSON.stringify(world.ctx.db.prepare('SELECT * FROM sessions').all()) + JSON.stringify(world.ctx.db.prepare('SELECT * FROM audit').all())
    expect(dump).not.toContain(session.sessionToken)
    expect(dump).not.toContain(session.filesTicket)
    // The ticket rides in addresses: it must not open a session.
    expect(world.room.identities.attach('c', session.filesTicket)).toBe(false)
  })

  it('end at sign-out, at a new password elsewhere, and when the person is switched off', async () => {
    await using world = await openWorld()
    await callRoom(world.room, 'accounts.createAdministrator', founder, world.window('admin'))
    const person = await callRoom(world.room, 'accounts.create', { fullName: 'Trần Văn Đọc', userName: 'doc', password, roles: ['announcer'] }, world.window('admin'))
    for (const connection of ['x', 'y', 'z']) await callRoom(world.room, 'accounts.signIn', { userName: 'doc', password }, world.window(connection))
    await callRoom(world.room, 'accounts.signOut', {}, world.window('x'))
    expect([world.window('x').personId, world.window('y').personId]).toEqual([null, person.id])
    await callRoom(world.room, 'accounts.changePassword', { oldPassword: password, newPassword: 'Loa-xa-Vang-02' }, world.window('y'))
    expect([world.window('y').personId, world.window('z').personId]).toEqual([person.id, null])
    const now = world.room.person(person.id)
    await callRoom(world.room, 'accounts.update', { personId: person.id, rev: now?.rev ?? -1, fullName: person.fullName, roles: person.roles, active: false }, world.window('admin'))
    expect(world.window('y').personId).toBeNull()
    await expect(callRoom(world.room, 'accounts.signIn', { userName: 'doc', password: 'Loa-xa-Vang-02' }, world.window('y'))).rejects.toMatchObject({ code: 'wrong-password' })
  })
})

describe('signing in', () => {
  it('slows down whoever guesses, by name, until the wait is over', async () => {
    await using world = await openWorld()
    await callRoom(world.room, 'accounts.createAdministrator', founder, world.window('a'))
    const guess = (userName: string, word: string) => callRoom(world.room, 'accounts.signIn', { userName, password: word }, world.window('thief'))
    for (let n = 0; n < 5; n++) await expect(guess('quantri', `guess ${n}`)).rejects.toMatchObject({ code: 'wrong-password' })
    await expect(guess('quantri', password)).rejects.toMatchObject({ code: 'too-many-tries', data: { waitSec: 15 } })
    await expect(guess('QuanTri ', password)).rejects.toMatchObject({ code: 'too-many-tries' })
    await expect(guess('nobody', password)).rejects.toMatchObject({ code: 'wrong-password' })
    world.clock.advance(15_001)
    await expect(guess('quantri', 'wrong again')).rejects.toMatchObject({ code: 'wrong-password' })
    world.clock.advance(15_001)
    await expect(guess('quantri', password)).rejects.toMatchObject({ code: 'too-many-tries' })
    world.clock.advance(15_001)
    expect((await guess('quantri', password)).person.userName).toBe('quantri')
    expect(actions(world.ctx).filter(action => action === 'accounts.signInRefused')).toHaveLength(7)
  })
})

describe('people', () => {
  it('cannot lose their last administrator', async () => {
    await using world = await openWorld()
    const { person } = await callRoom(world.room, 'accounts.createAdministrator', founder, world.window('a'))
    const change = (roles: typeof person.roles, active: boolean, rev = world.room.person(person.id)?.rev ?? -1) => callRoom(world.room, 'accounts.update', { personId: person.id, rev, fullName: person.fullName, roles, active }, world.window('a'))
    await expect(change(['viewer'], true)).rejects.toMatchObject({ code: 'last-administrator' })
    await expect(change(['administrator'], false)).rejects.toMatchObject({ code: 'last-administrator' })
    const second = await callRoom(world.room, 'accounts.create', { fullName: 'Lê Thị Hai', userName: 'hai', password, roles: ['administrator'] }, world.window('a'))
    expect((await change(['viewer'], true)).roles).toEqual(['viewer'])
    expect(world.window('a').may('administrator')).toBe(false)
    await expect(change(['administrator'], true, 0)).rejects.toMatchObject({ code: 'forbidden' })
    expect(second.rev).toBe(0)
  })

  it('are not changed by an older view of them', async () => {
    await using world = await openWorld()
    await callRoom(world.room, 'accounts.createAdministrator', founder, world.window('a'))
    const person = await callRoom(world.room, 'accounts.create', { fullName: 'Lê Thị Hai', userName: 'hai', password, roles: ['viewer'] }, world.window('a'))
    const change = { personId: person.id, rev: person.rev, fullName: 'Lê Thị Ba', roles: person.roles, active: true }
    await callRoom(world.room, 'accounts.update', change, world.window('a'))
    await expect(callRoom(world.room, 'accounts.update', change, world.window('a'))).rejects.toMatchObject({ code: 'stale' })
    await expect(callRoom(world.room, 'accounts.create', { fullName: 'x', userName: 'HAI', password, roles: ['viewer'] }, world.window('a'))).rejects.toMatchObject({ code: 'name-taken' })
  })

  it('seal the emergency key only with their password and a PIN nobody tries first', async () => {
    await using world = await openWorld()
    const { person } = await callRoom(world.room, 'accounts.createAdministrator', founder, world.window('a'))
    await expect(callRoom(world.room, 'accounts.setPin', { password: 'wrong', pin: '482915' }, world.window('a'))).rejects.toMatchObject({ code: 'wrong-password' })
    for (const pin of ['000000', '123456', '654321']) await expect(callRoom(world.room, 'accounts.setPin', { password, pin }, world.window('a'))).rejects.toMatchObject({ code: 'weak-password' })
    expect(world.sealed).toEqual([])
    await callRoom(world.room, 'accounts.setPin', { password, pin: '482915' }, world.window('a'))
    expect(world.sealed).toEqual([{ personId: person.id, pin: '482915' }])
    expect(world.room.person(person.id)?.hasPin).toBe(true)
    expect(JSON.stringify(world.ctx.db.prepare('SELECT * FROM audit').all())).not.toContain('482915')
  })

  it('lose the emergency key with the role, and get no PIN back with it', async () => {
    await using world = await openWorld()
    await callRoom(world.room, 'accounts.createAdministrator', founder, world.window('a'))
    const added = await callRoom(world.room, 'accounts.create', { fullName: 'Lê Thị Hai', userName: 'hai', password, roles: ['emergency'] }, world.window('a'))
    await callRoom(world.room, 'accounts.signIn', { userName: 'hai', password }, world.window('b'))
    await callRoom(world.room, 'accounts.setPin', { password, pin: '482915' }, world.window('b'))
    const change = async (roles: typeof added.roles) => callRoom(world.room, 'accounts.update', { personId: added.id, rev: world.room.person(added.id)?.rev ?? -1, fullName: added.fullName, roles, active: true }, world.window('a'))
    expect((await change(['emergency', 'viewer'])).hasPin).toBe(true)
    expect(world.removed).toEqual([])
    expect((await change(['viewer'])).hasPin).toBe(false)
    expect(world.removed).toEqual([added.id])
    expect((await change(['emergency'])).hasPin).toBe(false)
  })

  it('whose row is damaged are put aside and do not keep the others out', async () => {
    await using world = await openWorld()
    await callRoom(world.room, 'accounts.createAdministrator', founder, world.window('a'))
    const person = await callRoom(world.room, 'accounts.create', { fullName: 'Lê Thị Hai', userName: 'hai', password, roles: ['viewer'] }, world.window('a'))
    world.ctx.db.prepare(`UPDATE people SET roles = 'ruler of the world' WHERE id = ?`).run(person.id)
    expect((await callRoom(world.room, 'accounts.list', {}, world.window('a'))).people.map(one => one.userName)).toEqual(['quantri'])
    await expect(callRoom(world.room, 'accounts.signIn', { userName: 'hai', password }, world.window('b'))).rejects.toMatchObject({ code: 'wrong-password' })
    expect(world.ctx.inside.notices.list()).toHaveLength(1)
  })
})
