import { describe, expect, it } from 'vitest'
import { foundStation, startStation } from '../../support/station.ts'

describe('events', () => {
  it('that a window missed while its link was down come after it is back, once and in order', async () => {
    await using station = await startStation()
    const { client, session } = await foundStation(station)
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
    await using station = await startStation()
    const { client, session } = await foundStation(station)
    await client.call('settings.update', { targetLufs: -17 })
    const stranger = await station.connect({ session: session.sessionToken, lastBoot: '01ARZ3NDEKTSV4RRFFQ69G5FAV', lastSeq: 0 })
    expect(stranger.welcome.resumed).toBe(false)
    const future = await station.connect({ session: session.sessionToken, lastBoot: client.welcome.boot, lastSeq: 999_999 })
    expect(future.welcome.resumed).toBe(false)
  })

  it('are not heard before sign-in nor after sign-out', async () => {
    await using station = await startStation()
    const { client, session } = await foundStation(station)
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
    await using station = await startStation()
    const { client } = await foundStation(station)
    const stale = await station.connect({ session: 'x'.repeat(43), lastBoot: client.welcome.boot, lastSeq: 0 })
    expect(stale.welcome).toMatchObject({ signedIn: false, resumed: false })
  })
})
