import { stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { connectStation } from '../../support/station-client.ts'
import { foundStation, runStationToEnd, startStation, testPassword } from '../../support/station.ts'

describe('the front door of the station', () => {
  it('founds a station, signs in, and goes on after a kill with the same session', async () => {
    await using first = await startStation()
    expect((await stat(join(first.folder, 'station.lock.json'))).mode & 0o777).toBe(0o600)
    const { client, session } = await foundStation(first)
    await client.call('settings.update', { targetLufs: -18 })
    await expect(client.call('accounts.createAdministrator', { stationName: 'x', fullName: 'x', userName: 'other', password: testPassword })).rejects.toMatchObject({ code: 'already-set-up' })
    const token = first.token()
    await first.kill()

    await using second = await startStation({ folder: first.folder })
    expect(second.token()).not.toBe(token)
    const again = await second.connect({ session: session.sessionToken, lastBoot: client.welcome.boot, lastSeq: 1 })
    expect(again.welcome).toMatchObject({ signedIn: true, resumed: false })
    expect(again.welcome.boot).not.toBe(client.welcome.boot)
    expect(await again.call('settings.get', {})).toMatchObject({ targetLufs: -18, stationName: 'Đài thử', zone: 'Asia/Ho_Chi_Minh' })
    expect(await again.call('audit.verify', {})).toMatchObject({ intact: true })
    expect(await second.stop()).toBe(0)
    await expect(stat(join(second.folder, 'station.lock.json'))).rejects.toThrow()
  })

  it('refuses a second station on the same folder and leaves the first one alone', async () => {
    await using station = await startStation()
    const end = await runStationToEnd(['--data', station.folder])
    expect(end.code).toBe(3)
    expect(end.log).toContain('another-station')
    const client = await station.connect()
    expect((await client.call('station.status', {})).pid).toBe(station.pid)
  })

  it('says which port is taken and ends', async () => {
    const squatter = createServer()
    await new Promise<void>(resolve => squatter.listen(0, '127.0.0.1', resolve))
    const address = squatter.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    await using station = await startStation()
    await station.stop()
    const end = await runStationToEnd(['--data', station.folder, '--port', String(port)])
    squatter.close()
    expect(end.code).toBe(4)
    expect(end.log).toContain(`Cổng mạng ${port} đang bị chương trình khác dùng.`)
    // The folder is free again for the next try.
    await using next = await startStation({ folder: station.folder })
    expect(next.mode).toBe('normal')
  })

  it('explains arguments it does not understand', async () => {
    expect((await runStationToEnd(['--frequency', '98'])).code).toBe(2)
    expect((await runStationToEnd(['--port', '70000'])).code).toBe(2)
  })

  it('lets nobody in with a wrong token, from a foreign page, or without a word', async () => {
    await using station = await startStation()
    await expect(connectStation({ port: station.port, token: 'x'.repeat(43) })).rejects.toMatchObject({ code: 'wrong-token' })
    await expect(connectStation({ port: station.port, token: station.token(), origin: 'https://example.com' })).rejects.toMatchObject({ code: 'station-unreachable' })
    await expect(connectStation({ port: station.port, token: station.token(), origin: 'null' })).rejects.toMatchObject({ code: 'station-unreachable' })
    const silent = new WebSocket(`ws://127.0.0.1:${station.port}/rpc`)
    const startedMs = performance.now()
    expect(await new Promise(resolve => silent.on('close', resolve))).toBe(1008)
    expect(performance.now() - startedMs).toBeGreaterThan(4500)
    expect(performance.now() - startedMs).toBeLessThan(8000)
  })

  it('asks for the sign-in and the role a procedure needs', async () => {
    await using station = await startStation()
    const stranger = await station.connect()
    await expect(stranger.call('settings.get', {})).rejects.toMatchObject({ code: 'not-signed-in' })
    const { client } = await foundStation(station)
    await client.call('accounts.create', { fullName: 'Người xem', userName: 'nguoixem', password: testPassword, roles: ['viewer'] })
    await stranger.call('accounts.signIn', { userName: 'NguoiXem', password: testPassword })
    expect((await stranger.call('settings.get', {})).stationName).toBe('Đài thử')
    await expect(stranger.call('settings.update', { targetLufs: -20 })).rejects.toMatchObject({ code: 'forbidden' })
    await expect(stranger.call('audit.list', { limit: 10 })).rejects.toMatchObject({ code: 'forbidden' })
    await expect(client.call('settings.update', { targetLufs: 3 })).rejects.toMatchObject({ code: 'invalid-input', data: { field: 'targetLufs' } })
  })
})
