import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { acceptLetter, newLetterState } from '#common/letters/index.ts'
import { createPrimitives } from '#contract/bs1-primitives.ts'
import { openKeyring } from '../../../main/station/devices/keys/keyring.ts'
import { openTestContext } from '../../support/context.ts'

const PERSON = '01ARZ3NDEKTSV4RRFFQ69G5FAV'
const primitives = createPrimitives(crypto.subtle)

describe('the keys of a station', () => {
  it('stay the same over restarts, and count a new epoch when the database is another one', async () => {
    await using ctx = await openTestContext()
    const first = await openKeyring(ctx)
    const again = await openKeyring(ctx)
    expect([again.org, again.root.x, again.routine.x, again.epoch, again.trustLetter()]).toEqual([first.org, first.root.x, first.routine.x, 1, first.trustLetter()])
    // A backup of yesterday: its mark is not the one the folder of keys knows.
    ctx.db.prepare("UPDATE device_identity SET mark = '01JD0000000000000000000000'").run()
    const restored = await openKeyring(ctx)
    expect(restored.epoch).toBe(2)
    const root = { kid: restored.root.kid, jwk: { kty: 'OKP' as const, crv: 'Ed25519' as const, x: restored.root.x } }
    const judge = async (letter: string, state = newLetterState('SPK-000001', restored.org, root)) => acceptLetter(Buffer.from(letter), state, { nowMs: ctx.clock.now(), monotonicMs: 0, bootMs: 0 }, primitives)
    const current = await judge(restored.trustLetter())
    expect([current.code, current.state.epochs[`root/${restored.org}`]]).toEqual(['ok', 2])
    // What the former life signed is refused by a device that has met the new one.
    expect((await judge(first.trustLetter(), current.state)).code).toBe('old_epoch')
  })

  it('give every person an own emergency key, which leaves the list when the PIN changes', async () => {
    await using ctx = await openTestContext()
    const keys = await openKeyring(ctx)
    await keys.setPin(PERSON, '123456')
    const before = await keys.openEmergencyKey(PERSON, '123456')
    await keys.setPin(PERSON, '654321')
    const after = await keys.openEmergencyKey(PERSON, '654321')
    expect(await keys.openEmergencyKey(PERSON, '123456')).toBeNull()
    expect(after?.x).not.toBe(before?.x)
    const list = Buffer.from(keys.trustLetter().split('.')[1] ?? '', 'base64url').toString()
    expect([list.includes(after?.x ?? '?'), list.includes(before?.x ?? '?')]).toEqual([true, false])
  })

  it('go on without the root, which only new emergency keys need', async () => {
    await using ctx = await openTestContext()
    await openKeyring(ctx)
    rmSync(join(ctx.folders.keys, 'root.json'))
    const keys = await openKeyring(ctx)
    expect(keys.trustLetter()).toContain('.')
    await expect(keys.setPin(PERSON, '123456')).rejects.toMatchObject({ code: 'key-locked' })
    expect(keys.hasEmergencyKey(PERSON)).toBe(false)
  })
})
