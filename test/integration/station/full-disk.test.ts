import { execFileSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, rmSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../../support/context.ts'
import { foundStation, startStation, testPassword } from '../../support/station.ts'

function fill(file: string): void {
  const handle = openSync(file, 'w')
  const block = Buffer.alloc(65_536, 1)
  try {
    for (;;) if (writeSync(handle, block) < block.length) break
  } catch {
    // Full: what was wanted.
  } finally {
    closeSync(handle)
  }
}

it('a full disk is said in so many words, loses nothing, and the station starts on it', async () => {
  const disk = await temporaryFolder()
  const small = join(disk.path, 'small')
  mkdirSync(small)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=400m', 'tmpfs', small], { stdio: 'ignore' })
  } catch {
    // Only root may mount; everywhere else the other tests of this folder have to do.
    await disk.remove()
    return expect(process.getuid?.()).not.toBe(0)
  }
  try {
    await using first = await startStation({ folder: join(small, 'data') })
    expect(statSync(join(first.folder, 'station.reserve')).size).toBeGreaterThan(8_000_000)
    const { client } = await foundStation(first)
    fill(join(small, 'filler'))
    await expect(client.call('accounts.create', { fullName: 'x'.repeat(100), userName: 'thieu', password: testPassword, roles: ['viewer'] })).rejects.toMatchObject({ code: 'disk-full' })
    expect((await client.call('accounts.list', {})).people).toHaveLength(1)
    await first.kill()

    await using second = await startStation({ folder: first.folder })
    const window = await second.connect()
    expect(second.mode).toBe('normal')
    await window.call('accounts.signIn', { userName: 'quantri', password: testPassword })
    expect((await window.call('station.notices', {})).notices).toContainEqual(expect.objectContaining({ level: 'alarm', error: { code: 'disk-full', data: {} } }))
    rmSync(join(small, 'filler'))
    await window.call('accounts.create', { fullName: 'Người mới', userName: 'moi', password: testPassword, roles: ['viewer'] })
    expect(await window.call('audit.verify', {})).toMatchObject({ intact: true })
  } finally {
    execFileSync('umount', [small])
    await disk.remove()
  }
})
