import { mkdir, mkdtemp, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Item } from '#contract/library.ts'
import type { Job } from '#contract/station.ts'
import { callRoom } from '../../support/context.ts'
import { lan, openLibraryBench } from '../../support/library-room.ts'
import type { LibraryBench } from '../../support/library-room.ts'
import { babble, ffmpegMake, noise, writeWav } from '../../support/signals.ts'
import { within } from '../../support/waiting.ts'

const jobEnd = (bench: Pick<LibraryBench, 'ctx'>, jobId: string): Promise<Job> => within(new Promise<Job>((resolve) => {
  const look = (job: Job): void => {
    if (job.id === jobId && job.endedAt !== null) resolve(job)
  }
  bench.ctx.events.on('jobs.changed', look)
  bench.ctx.inside.jobs.list().forEach(look)
}), 60_000, 'the end of the job')
const inPlace = (bench: LibraryBench, path: string): Promise<Item> => bench.library.importFile(path, { who: lan, keep: 'inPlace' }).item
const placeOf = (bench: LibraryBench, item: Item) => bench.library.get(item.id)?.place
const mp3At = async (bench: LibraryBench, name: string, seed = 3): Promise<string> => {
  const wav = await writeWav(join(bench.desk, `${name}-${seed}.wav`), babble(3, seed))
  await ffmpegMake('-i', wav, '-c:a', 'libmp3lame', join(bench.desk, name))
  await rm(wav)
  return join(bench.desk, name)
}
/** Looks as the timer would, until what it started is over. */
const looked = async (bench: LibraryBench, item: Item): Promise<void> => {
  await callRoom(bench.library, 'library.get', { itemId: item.id })
  await bench.library.prepare([item.id])
}

describe('a sound used in place', () => {
  it('is read where it stands when it can be addressed by sample: no copy of any kind is made', async () => {
    await using bench = await openLibraryBench()
    const path = await writeWav(join(bench.desk, 'họp dân.wav'), babble(3, 4), { format: 'int24' })
    const before = await readFile(path)
    const item = await inPlace(bench, path)
    expect(bench.library.get(item.id)?.place).toEqual({ path, state: 'here' })
    expect((await bench.kept()).sort()).toEqual([`${item.sha256}.dat`, `${item.sha256}.rms`])
    expect(await bench.library.pcmOf(item.id)).toMatchObject({ path, format: 'int24', length: item.lengthSamples, stamp: { sizeBytes: before.length, modifiedMs: (await stat(path)).mtimeMs } })
    expect(await bench.library.originalOf(item.id)).toBe(path)
    expect((await readFile(path)).equals(before)).toBe(true)
  })

  it('has a 48 kHz copy only where it is compressed or of another rate, and its owner keeps the only original', async () => {
    await using bench = await openLibraryBench()
    const compressed = await inPlace(bench, await mp3At(bench, 'phỏng vấn.mp3'))
    const slow = await inPlace(bench, await writeWav(join(bench.desk, '44.wav'), babble(2, 5), { rateHz: 44_100 }))
    const kept = await bench.kept()
    for (const { sha256 } of [compressed, slow]) {
      expect(kept).toContain(`${sha256}.wav`)
      expect(kept.filter((name) => name.startsWith(sha256)).sort()).toEqual([`${sha256}.dat`, `${sha256}.rms`, `${sha256}.wav`])
    }
    expect((await bench.library.pcmOf(compressed.id))?.path).toBe(join(bench.ctx.folders.mezzanine, `${compressed.sha256}.wav`))
  })

  it('is copied all the same from a share, from the station\'s own folder, and when the source is to be moved', async () => {
    await using bench = await openLibraryBench({ driveOf: () => Promise.resolve('network') })
    const share = await writeWav(join(bench.desk, 'share.wav'), noise({ dbfs: -20, seconds: 0.5, seed: 1 }))
    expect(placeOf(bench, await inPlace(bench, share))).toBeUndefined()
    await using local = await openLibraryBench()
    const own = await writeWav(join(local.ctx.folders.temp, 'own.wav'), noise({ dbfs: -20, seconds: 0.5, seed: 2 }))
    expect(placeOf(local, await inPlace(local, own))).toBeUndefined()
    const moved = await writeWav(join(local.desk, 'moved.wav'), noise({ dbfs: -20, seconds: 0.5, seed: 3 }))
    expect(placeOf(local, await local.library.importFile(moved, { who: lan, keep: 'inPlace', moveSource: true }).item)).toBeUndefined()
  })

  it('that is removed from the library stays where its owner put it', async () => {
    await using bench = await openLibraryBench()
    const path = await writeWav(join(bench.desk, 'a.wav'), babble(2))
    const item = await inPlace(bench, path)
    await callRoom(bench.library, 'library.remove', { itemId: item.id, rev: item.rev })
    expect((await stat(path)).size).toBeGreaterThan(0)
    const refused = await writeFile(join(bench.desk, 'x.mp3'), 'không phải âm thanh'.repeat(50)).then(() => join(bench.desk, 'x.mp3'))
    await expect(inPlace(bench, refused)).rejects.toMatchObject({ code: 'file-not-audio' })
    expect((await stat(refused)).size).toBeGreaterThan(0)
  })

  it('comes in with a whole folder of reporters\' files, each by its own answer', async () => {
    await using bench = await openLibraryBench()
    const folder = join(bench.desk, 'Tin ngày 21-11')
    await mkdir(join(folder, 'Thôn 3'), { recursive: true })
    await writeWav(join(folder, 'a.wav'), babble(1, 6))
    await writeWav(join(folder, 'Thôn 3', 'b.wav'), babble(1, 7))
    const ended = within(new Promise<void>((resolve) => bench.ctx.events.on('library.batchChanged', ({ endedAt }) => {
      if (endedAt !== null) resolve()
    })), 60_000, 'the end of the batch')
    await callRoom(bench.library, 'library.importBatch', { paths: [folder], keep: 'inPlace' })
    await ended
    expect(new Set(bench.library.list().map(({ place }) => place?.path))).toEqual(new Set([join(folder, 'Thôn 3', 'b.wav'), join(folder, 'a.wav')]))
    expect((await bench.kept()).filter((name) => name.endsWith('.wav'))).toEqual([])
  })
})

describe('an original in its owner\'s folder', () => {
  it('that was moved away is noticed, is not played, and is found again by its content without being copied', async () => {
    await using bench = await openLibraryBench()
    const path = await writeWav(join(bench.desk, 'a.wav'), babble(2, 8))
    const item = await inPlace(bench, path)
    await mkdir(join(bench.desk, 'lưu trữ'))
    const moved = join(bench.desk, 'lưu trữ', 'tên khác.dat')
    await rename(path, moved)
    expect(await bench.library.pcmOf(item.id)).toBeNull()
    expect(bench.library.get(item.id)).toMatchObject({ fileMissing: true, place: { path, state: 'gone' } })
    expect(() => bench.library.approve(item.id, lan)).toThrow('file-missing')
    const { jobId } = await callRoom(bench.library, 'library.relink', { path: join(bench.desk, 'lưu trữ') })
    expect((await jobEnd(bench, jobId)).result).toEqual({ found: '1', missing: '0' })
    expect(bench.library.get(item.id)?.fileMissing).toBeUndefined()
    expect(placeOf(bench, item)).toEqual({ path: moved, state: 'here' })
    expect((await bench.library.pcmOf(item.id))?.path).toBe(moved)
    expect((await bench.kept()).filter((name) => name.endsWith('.wav'))).toEqual([])
  })

  it('that was only renamed in its folder is found by itself', async () => {
    await using bench = await openLibraryBench()
    const path = await writeWav(join(bench.desk, 'a.wav'), babble(2, 9))
    await writeWav(join(bench.desk, 'b.wav'), babble(2, 10))
    const item = await inPlace(bench, path)
    await rename(path, join(bench.desk, 'họp dân thôn 3.wav'))
    await looked(bench, item)
    await expect.poll(() => placeOf(bench, item), { timeout: 20_000 }).toEqual({ path: join(bench.desk, 'họp dân thôn 3.wav'), state: 'here' })
    expect(await bench.library.pcmOf(item.id)).not.toBeNull()
  })

  it('with another content is never played, whether its size, its time or neither shows it', async () => {
    await using bench = await openLibraryBench()
    const longer = await inPlace(bench, await writeWav(join(bench.desk, 'longer.wav'), babble(2, 11)))
    await writeWav(join(bench.desk, 'longer.wav'), babble(3, 11))
    expect(await bench.library.pcmOf(longer.id)).toBeNull()
    expect(bench.library.get(longer.id)).toMatchObject({ fileMissing: true, place: { state: 'changed' } })

    const later = await inPlace(bench, await writeWav(join(bench.desk, 'later.wav'), babble(2, 12)))
    await writeWav(join(bench.desk, 'later.wav'), babble(2, 13))
    expect(await bench.library.pcmOf(later.id)).toBeNull()
    await looked(bench, later)
    expect(bench.library.get(later.id)).toMatchObject({ fileMissing: true, place: { state: 'changed' } })
    expect(await bench.library.originalOf(later.id)).toBeNull()

    const path = await writeWav(join(bench.desk, 'hidden.wav'), babble(2, 14))
    const hidden = await inPlace(bench, path)
    const times = await stat(path)
    await writeWav(path, babble(2, 15))
    await utimes(path, times.atime, times.mtime)
    // A time set back by hand is whole milliseconds: the file is compared, once by its time, or else by the time of its last change.
    await expect.poll(async () => {
      await looked(bench, hidden)
      return placeOf(bench, hidden)?.state
    }, { timeout: 20_000 }).toBe('changed')
    expect(await bench.library.pcmOf(hidden.id)).toBeNull()
    expect(bench.ctx.inside.notices.list().map(({ error }) => error.code)).toContain('file-changed')
  })

  it('that was only touched is compared once and plays on', async () => {
    await using bench = await openLibraryBench()
    const path = await writeWav(join(bench.desk, 'a.wav'), babble(2, 16))
    const item = await inPlace(bench, path)
    await utimes(path, new Date(), new Date(Date.now() - 5_000))
    await bench.library.prepare([item.id])
    expect(placeOf(bench, item)).toEqual({ path, state: 'here' })
    expect((await bench.library.pcmOf(item.id))?.stamp?.modifiedMs).toBe((await stat(path)).mtimeMs)
    const checks = bench.ctx.inside.jobs.list().filter(({ kind }) => kind === 'check').length
    await looked(bench, item)
    expect(bench.ctx.inside.jobs.list().filter(({ kind }) => kind === 'check').length).toBe(checks)
  })

  it('does not stop a compressed sound whose 48 kHz copy is there, and the copy is not made again from what it became', async () => {
    await using bench = await openLibraryBench()
    const path = await mp3At(bench, 's.mp3')
    const item = await inPlace(bench, path)
    const mezzanine = join(bench.ctx.folders.mezzanine, `${item.sha256}.wav`)
    await mp3At(bench, 's.mp3', 4)
    await looked(bench, item)
    await expect.poll(() => placeOf(bench, item)?.state, { timeout: 20_000 }).toBe('changed')
    expect(bench.library.get(item.id)?.fileMissing).toBeUndefined()
    expect((await bench.library.pcmOf(item.id))?.path).toBe(mezzanine)
    await rm(mezzanine)
    await bench.library.prepare([item.id])
    expect(await bench.library.pcmOf(item.id)).toBeNull()
    expect(bench.library.get(item.id)?.fileMissing).toBe(true)
    await expect(stat(mezzanine)).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('is missed after a start without its disk, and is back with it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'vangxa-data-'))
    const disk = await mkdtemp(join(tmpdir(), 'vangxa-disk-'))
    const first = await openLibraryBench({ folder })
    const item = await inPlace(first, await writeWav(join(disk, 'a.wav'), babble(2, 17)))
    await first[Symbol.asyncDispose]()
    await rename(disk, `${disk}-away`)
    await using bench = await openLibraryBench({ folder })
    await expect.poll(() => bench.library.get(item.id)?.fileMissing, { timeout: 20_000 }).toBe(true)
    await rename(`${disk}-away`, disk)
    await looked(bench, item)
    await expect.poll(() => bench.library.get(item.id)?.fileMissing, { timeout: 20_000 }).toBeUndefined()
    await rm(folder, { recursive: true })
    await rm(disk, { recursive: true })
  })

  it('that is lost comes back when the same file is brought in again, in place or as a copy', async () => {
    await using bench = await openLibraryBench()
    const path = await writeWav(join(bench.desk, 'a.wav'), babble(2, 18))
    const item = await inPlace(bench, path)
    await mkdir(join(bench.desk, 'kia'))
    const moved = join(bench.desk, 'kia', 'b.wav')
    await rename(path, moved)
    await expect(inPlace(bench, moved)).rejects.toMatchObject({ code: 'duplicate' })
    expect(placeOf(bench, item)).toEqual({ path: moved, state: 'here' })
    await rename(moved, path)
    expect(await bench.library.pcmOf(item.id)).toBeNull()
    await expect(bench.library.importFile(path, { who: lan }).item).rejects.toMatchObject({ code: 'duplicate' })
    expect(placeOf(bench, item)).toBeUndefined()
    expect((await bench.library.pcmOf(item.id))?.path).toBe(join(bench.ctx.folders.media, `${item.sha256}.wav`))
    expect((await stat(path)).size).toBe(item.sizeBytes)
  })
})

describe('"Chép vào kho" of an item used in place', () => {
  it('makes a copy of the same bytes, after which the original is no longer needed', async () => {
    await using bench = await openLibraryBench()
    const path = await writeWav(join(bench.desk, 'a.wav'), babble(2, 19))
    const item = await inPlace(bench, path)
    const { jobId } = await callRoom(bench.library, 'library.copyIn', { itemId: item.id })
    expect((await jobEnd(bench, jobId)).state).toBe('done')
    const copy = join(bench.ctx.folders.media, `${item.sha256}.wav`)
    expect((await readFile(copy)).equals(await readFile(path))).toBe(true)
    await rm(path)
    expect(await bench.library.pcmOf(item.id)).toMatchObject({ path: copy, length: item.lengthSamples })
    expect((await bench.library.pcmOf(item.id))?.stamp).toBeUndefined()
    expect(bench.library.get(item.id)).toMatchObject({ rev: item.rev, state: item.state, sha256: item.sha256 })
    expect(placeOf(bench, item)).toBeUndefined()
    expect(bench.ctx.db.prepare("SELECT count(*) FROM audit WHERE action = 'library.copyIn'").pluck().get()).toBe(1)
  })

  it('refuses another content and leaves nothing behind', async () => {
    await using bench = await openLibraryBench()
    const path = await writeWav(join(bench.desk, 'a.wav'), babble(2, 20))
    const item = await inPlace(bench, path)
    const kept = await bench.kept()
    await writeWav(path, babble(2, 21))
    const { jobId } = await callRoom(bench.library, 'library.copyIn', { itemId: item.id })
    expect((await jobEnd(bench, jobId)).error?.code).toBe('file-changed')
    expect(await bench.kept()).toEqual(kept)
    expect(placeOf(bench, item)?.path).toBe(path)
  })
})

describe('the advice before an import', () => {
  const advice = async (drive: 'fixed' | 'removable' | 'network' | 'unknown') => {
    await using bench = await openLibraryBench({ driveOf: () => Promise.resolve(drive) })
    const path = await writeWav(join(bench.desk, 'a.wav'), babble(1))
    return callRoom(bench.library, 'library.importPlan', { paths: [path] })
  }
  it('is to copy from a stick, a share, an unknown disk, and what is small', async () => {
    expect(await advice('removable')).toMatchObject({ suggest: 'copy', mayStay: true, because: 'removable', files: 1 })
    expect(await advice('network')).toMatchObject({ suggest: 'copy', mayStay: false, because: 'network' })
    expect(await advice('unknown')).toMatchObject({ suggest: 'copy', mayStay: true, because: 'unknown' })
    expect(await advice('fixed')).toMatchObject({ suggest: 'copy', mayStay: true, because: 'small' })
  })

  it('is to use in place what is large on a disk that is always there, and never the station\'s own files', async () => {
    await using bench = await openLibraryBench()
    const large = join(bench.desk, 'dài.wav')
    await writeFile(large, '')
    const { open } = await import('node:fs/promises')
    const handle = await open(large, 'r+')
    await handle.truncate(300_000_000)
    await handle.close()
    expect(await callRoom(bench.library, 'library.importPlan', { paths: [bench.desk] })).toEqual({ suggest: 'inPlace', mayStay: true, because: 'large', files: 1, bytes: 300_000_000, more: false })
    expect(await callRoom(bench.library, 'library.importPlan', { paths: [bench.ctx.folders.takes] })).toMatchObject({ suggest: 'copy', mayStay: false, because: 'ours' })
  })
})
