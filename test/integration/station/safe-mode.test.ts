import { readdir, readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { foundStation, startStation, testPassword } from '../../support/station.ts'
import type { RunningStation } from '../../support/station.ts'
import type { StationClient } from '../../support/station-client.ts'

async function backUp(client: StationClient): Promise<string> {
  const { jobId } = await client.call('station.backupNow', {})
  const job = await client.waitFor('jobs.changed', job => job.id === jobId && job.endedAt !== null)
  expect(job.state).toBe('done')
  return job.result?.['file'] ?? ''
}
const databaseOf = (station: RunningStation) => join(station.folder, 'database', 'station.sqlite')

describe('a damaged database', () => {
  it('opens the station in safe mode, offers good copies, and goes on from one without a new process', async () => {
    await using first = await startStation()
    const { client } = await foundStation(first)
    await client.call('settings.update', { targetLufs: -19 })
    const file = await backUp(client)
    await client.call('settings.update', { targetLufs: -30 })
    await first.stop()
    await writeFile(databaseOf(first), 'no database any more')

    await using station = await startStation({ folder: first.folder })
    expect(station.mode).toBe('safe')
    const window = await station.connect()
    expect(await window.call('station.status', {})).toMatchObject({ mode: 'safe', pid: station.pid })
    await expect(window.call('accounts.status', {})).rejects.toMatchObject({ code: 'database-corrupt' })
    await expect(window.call('settings.get', {})).rejects.toMatchObject({ code: 'database-corrupt' })
    const { backups } = await window.call('station.backups', {})
    expect(backups.filter(backup => backup.good).map(backup => backup.file)).toContain(file)
    await expect(window.call('station.restoreBackup', { file: '../station.lock.json' })).rejects.toMatchObject({ code: 'not-found' })

    await window.call('station.restoreBackup', { file })
    const ready = await station.readyAgain()
    expect(ready).toMatchObject({ mode: 'normal', pid: station.pid, port: station.port })
    expect(ready.boot).not.toBe(window.welcome.boot)
    await window.closed
    const back = await station.connect()
    const session = await back.call('accounts.signIn', { userName: 'quantri', password: testPassword })
    expect(session.person.roles).toEqual(['administrator'])
    expect((await back.call('settings.get', {})).targetLufs).toBe(-19)
    expect(await back.call('audit.verify', {})).toMatchObject({ intact: true })
    const kept = (await readdir(join(station.folder, 'database'))).find(name => name.includes('.damaged-') && !/-(wal|shm)$/.test(name))
    expect(await readFile(join(station.folder, 'database', kept ?? ''), 'utf8')).toBe('no database any more')
  })

  it('is not given up while its journal still holds every page', async () => {
    await using first = await startStation()
    const { client } = await foundStation(first)
    await client.call('settings.update', { targetLufs: -30 })
    await first.kill()
    await writeFile(databaseOf(first), 'no database any more')
    await using station = await startStation({ folder: first.folder })
    expect(station.mode).toBe('normal')
    const window = await station.connect()
    await window.call('accounts.signIn', { userName: 'quantri', password: testPassword })
    expect((await window.call('settings.get', {})).targetLufs).toBe(-30)
  })

  it('cut off in the middle is noticed at start', async () => {
    await using first = await startStation()
    await foundStation(first)
    await first.stop()
    const size = (await readFile(databaseOf(first))).length
    await truncate(databaseOf(first), Math.floor(size / 2))
    await using station = await startStation({ folder: first.folder })
    expect(station.mode).toBe('safe')
  })
})

describe('a copy put back by hand', () => {
  it('needs an administrator while the database works, and changes nothing but what came later', async () => {
    await using station = await startStation()
    const { client } = await foundStation(station)
    await client.call('settings.update', { targetLufs: -18 })
    const people = await client.call('accounts.list', {})
    const file = await backUp(client)
    await client.call('accounts.create', { fullName: 'Người xem', userName: 'nguoixem', password: testPassword, roles: ['viewer'] })
    await client.call('settings.update', { targetLufs: -33 })

    const stranger = await station.connect()
    await expect(stranger.call('station.restoreBackup', { file })).rejects.toMatchObject({ code: 'not-signed-in' })
    await stranger.call('accounts.signIn', { userName: 'nguoixem', password: testPassword })
    await expect(stranger.call('station.restoreBackup', { file })).rejects.toMatchObject({ code: 'forbidden' })

    await client.call('station.restoreBackup', { file })
    expect((await station.readyAgain()).mode).toBe('normal')
    const back = await station.connect()
    await back.call('accounts.signIn', { userName: 'quantri', password: testPassword })
    expect((await back.call('settings.get', {})).targetLufs).toBe(-18)
    expect(await back.call('accounts.list', {})).toEqual(people)
    expect(await back.call('audit.verify', {})).toMatchObject({ intact: true })
    expect((await readdir(join(station.folder, 'database'))).some(name => name.includes('.damaged-'))).toBe(true)
  })

  it('is finished by the next start when the station was killed in the middle', async () => {
    await using first = await startStation()
    const { client } = await foundStation(first)
    await client.call('settings.update', { targetLufs: -18 })
    const file = await backUp(client)
    await client.call('settings.update', { targetLufs: -33 })
    await first.kill()
    // The staged copy is whole, the swap had not begun.
    await writeFile(join(first.folder, 'database', 'station.sqlite.restore'), await readFile(join(first.folder, 'backups', file)))
    await using station = await startStation({ folder: first.folder })
    const back = await station.connect()
    await back.call('accounts.signIn', { userName: 'quantri', password: testPassword })
    expect((await back.call('settings.get', {})).targetLufs).toBe(-18)
  })

  it('stops the station when a window asks for it', async () => {
    await using station = await startStation()
    const client = await station.connect()
    await client.call('station.shutdown', {})
    expect(await station.exited).toBe(0)
  })
})
