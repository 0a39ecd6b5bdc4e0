import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Session } from '#contract/accounts.ts'
import { foundStation, startStation, testPassword } from '../../support/station.ts'
import type { RunningStation } from '../../support/station.ts'
import type { StationClient } from '../../support/station-client.ts'

/** One for all: each test signs in anew, and what it hears is of its own connections. */
let station: RunningStation
beforeAll(async () => {
  station = await startStation()
  await (await foundStation(station)).client.close()
})
afterAll(() => station.dispose())
async function signedIn(): Promise<{ client: StationClient; session: Session }> {
  const client = await station.connect()
  return { client, session: await client.call('accounts.signIn', { userName: 'quantri', password: testPassword }) }
}

describe('events', () => {
  it('that a window missed while its link was down come after it is back, once and in order', async () => {
    const { client, session } = await signedIn()
    const other = await station.connect({ session: session.sessionToken })
    const change = (targetLufs: number) => client.call('settings.update', { targetLufs })
    await change(-17)
    await other.waitFor('settings.changed', settings => settings.targetLufs === -17)
    const last = other.heard.at(-1)?.seq ?? -1
    other.terminate()
    for (const value of [-18, -19, -20]) await change(value)

    const back = await station.connect({ session: session.sessionToken, lastBoot: other.welcome.boot, lastSeq: last })
    expect(back.welcome).toMatchObject({ resumed: true, signedIn: true })
    await change(-21)
    await back.waitFor('settings.changed', settings => settings.targetLufs === -21)
    const seqs = back.heard.map(event => event.seq)
    expect(seqs).toEqual(seqs.map((_, index) => last + 1 + index))
  })

  it('of another boot, or of a number that never was, are not resumed: the window has to fetch', async () => {
    const { client, session } = await signedIn()
    await client.call('settings.update', { targetLufs: -16 })
    const stranger = await station.connect({ session: session.sessionToken, lastBoot: '01ARZ3NDEKTSV4RRFFQ69G5FAV', lastSeq: 0 })
    expect(stranger.welcome.resumed).toBe(false)
    const future = await station.connect({ session: session.sessionToken, lastBoot: client.welcome.boot, lastSeq: 999_999 })
    expect(future.welcome.resumed).toBe(false)
  })

  it('are not heard before sign-in nor after sign-out', async () => {
    const { client, session } = await signedIn()
    const silent = await station.connect()
    const leaving = await station.connect({ session: session.sessionToken })
    await client.call('settings.update', { targetLufs: -17 })
    await leaving.waitFor('settings.changed', settings => settings.targetLufs === -17)
    // A session is one: signing out ends it on every connection that used it.
    await leaving.call('accounts.signOut', {})
    await expect(client.call('settings.get', {})).rejects.toMatchObject({ code: 'not-signed-in' })
    const anew = await station.connect()
    await anew.call('accounts.signIn', { userName: 'quantri', password: 'Loa-xa-Vang-01' })
    const before = leaving.heard.length
    await anew.call('settings.update', { targetLufs: -22 })
    await anew.waitFor('settings.changed', settings => settings.targetLufs === -22)
    await silent.call('accounts.status', {})
    await leaving.call('accounts.status', {})
    expect(silent.heard).toEqual([])
    expect(leaving.heard).toHaveLength(before)
  })

  it('cannot be resumed by a window whose session is over', async () => {
    const { client } = await signedIn()
    const stale = await station.connect({ session: 'x'.repeat(43), lastBoot: client.welcome.boot, lastSeq: 0 })
    expect(stale.welcome).toMatchObject({ signedIn: false, resumed: false })
  })
})
