import { execFile } from 'node:child_process'
import { appendFileSync, rmSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { AppError } from '#contract/errors.ts'
import { takeIn } from '../../../main/station/library/take-in.ts'
import { callRoom } from '../../support/context.ts'
import { lan, openLibraryBench } from '../../support/library-room.ts'
import type { LibraryBench } from '../../support/library-room.ts'
import { babble, ffmpegMake, noise, silence, wavBytes, wavHeader, writeWav } from '../../support/signals.ts'
import { deferred } from '../../support/waiting.ts'

const execute = promisify(execFile)
const quarantined = async ({ library }: LibraryBench) => (await callRoom(library, 'library.quarantine', {})).files

/** The import is refused with `code`, stands in the quarantine with its name, and nothing of it stays in the library. */
async function expectRefused(bench: LibraryBench, path: string, code: string): Promise<void> {
  const before = await bench.kept()
  await expect(bench.library.importFile(path, { who: lan }).item, path).rejects.toMatchObject({ code, data: { fileName: basename(path) } })
  expect(await bench.kept()).toEqual(before)
  const record = (await quarantined(bench)).find((file) => file.fileName === basename(path))
  expect(record?.reason.code).toBe(code)
  expect(JSON.stringify(record)).not.toContain(bench.ctx.folders.root)
}

describe('a bad file', () => {
  it('is refused with its own reason, and keeps nothing half-written', async () => {
    await using bench = await openLibraryBench()
    const { desk } = bench
    const sound = wavBytes(babble(3))
    await writeWav(join(desk, 'source.wav'), babble(6))
    await writeFile(join(desk, 'văn bản.mp3'), 'Kính gửi đài truyền thanh: đây chỉ là văn bản.\n'.repeat(200))
    await writeFile(join(desk, 'short-text.mp3'), 'x')
    await writeFile(join(desk, 'random.mp3'), Buffer.from(Array.from({ length: 4_000 }, (_, n) => (n * 131 + (n >> 3) * 17) & 0x7f)))
    await writeFile(join(desk, 'zero.wav'), '')
    await writeFile(join(desk, 'header-only.wav'), wavHeader({ format: 'int16', channels: 1, rateHz: 48_000, dataBytes: 0 }))
    await writeFile(join(desk, 'cut.wav'), sound.subarray(0, sound.length / 2))
    await writeFile(join(desk, 'hides.wav'), Buffer.concat([wavHeader({ format: 'int16', channels: 1, rateHz: 48_000, dataBytes: 9_600 }), sound.subarray(44)]))
    await writeFile(join(desk, 'huge-claim.wav'), Buffer.concat([wavHeader({ format: 'int16', channels: 1, rateHz: 48_000, dataBytes: 3_000_000_000 }), sound.subarray(44)]))
    await writeWav(join(desk, 'silent.wav'), silence(3, 2))
    await ffmpegMake('-f', 'lavfi', '-i', 'color=d=1:s=64x64', '-c:v', 'mpeg4', join(desk, 'only-picture.mp4'))
    await ffmpegMake('-f', 'lavfi', '-i', 'color=d=1:s=64x64', '-frames:v', '1', join(desk, 'picture.png'))
    await ffmpegMake('-f', 'lavfi', '-i', 'anullsrc=d=3', '-c:a', 'libmp3lame', join(desk, 'silent.mp3'))
    for (const [name, args] of [['late-index.m4a', ['-c:a', 'aac']], ['early-index.m4a', ['-c:a', 'aac', '-movflags', '+faststart']], ['cut.flac', ['-c:a', 'flac']], ['cut.mp3', ['-c:a', 'libmp3lame']]] as const) {
      await ffmpegMake('-i', join(desk, 'source.wav'), ...args, join(desk, name))
      await truncate(join(desk, name), Math.floor((await readFile(join(desk, name))).length * 0.6))
    }
    await mkdir(join(desk, 'folder.wav'))
    const expected = {
      'văn bản.mp3': 'file-not-audio', 'short-text.mp3': 'file-not-audio', 'random.mp3': 'file-not-audio', 'zero.wav': 'file-empty', 'header-only.wav': 'file-empty', 'cut.wav': 'file-truncated', 'hides.wav': 'file-lying',
      'huge-claim.wav': 'file-truncated', 'silent.wav': 'file-silent', 'silent.mp3': 'file-silent', 'only-picture.mp4': 'file-not-audio', 'picture.png': 'file-not-audio', 'late-index.m4a': 'file-truncated',
      'early-index.m4a': 'file-truncated', 'cut.flac': 'file-truncated', 'cut.mp3': 'file-truncated', 'folder.wav': 'file-not-audio', 'gone.wav': 'file-missing',
    }
    for (const [name, code] of Object.entries(expected)) await expectRefused(bench, join(desk, name), code)
    expect(bench.library.list()).toEqual([])
    expect((await quarantined(bench)).length).toBe(Object.keys(expected).length)
    expect(await bench.kept()).toEqual([])
    // The file of the user was never touched.
    expect((await readFile(join(desk, 'hides.wav'))).length).toBe(sound.length)
  })

  it('claiming more than twelve hours is refused before it is decoded', async () => {
    await using bench = await openLibraryBench()
    const path = join(bench.desk, 'long.wav')
    const bytes = 13 * 3600 * 100 * 2
    const header = wavHeader({ format: 'int16', channels: 1, rateHz: 100, dataBytes: bytes })
    await writeFile(path, header)
    await truncate(path, header.length + bytes)
    await expectRefused(bench, path, 'file-too-long')
  })

  it('deleted while it waits for its turn is reported missing', async () => {
    await using bench = await openLibraryBench()
    const path = await writeWav(join(bench.desk, 'flees.wav'), noise({ dbfs: -20, seconds: 1 }))
    const stop = bench.ctx.events.on('jobs.changed', (job) => {
      if (job.state !== 'running') return
      stop()
      rmSync(path)
    })
    await expectRefused(bench, path, 'file-missing')
  })

  it('deleted, or still growing, while it is being copied is refused after the copy', async () => {
    await using bench = await openLibraryBench()
    for (const [change, code] of [[(path: string) => rmSync(path), 'file-missing'], [(path: string) => appendFileSync(path, 'more'), 'file-unreadable']] as const) {
      const path = await writeWav(join(bench.desk, 'moving.wav'), noise({ dbfs: -20, seconds: 30, channels: 2 }))
      let changed = false
      await expect(takeIn(path, join(bench.desk, `copy-${code}`), {
        signal: new AbortController().signal,
        progress: () => {
          if (!changed) change(path)
          changed = true
        },
      })).rejects.toMatchObject({ code })
    }
  })

  it('can be tried again when it is whole, or dismissed', async () => {
    await using bench = await openLibraryBench()
    const { library, desk, ctx } = bench
    const path = join(desk, 'later.wav')
    await writeFile(path, '')
    await expect(library.importFile(path, { who: lan, title: 'Tin chiều', kind: 'programme' }).item).rejects.toMatchObject({ code: 'file-empty' })
    await writeFile(join(desk, 'other.wav'), '')
    await expect(library.importFile(join(desk, 'other.wav'), { who: lan }).item).rejects.toThrow()
    const files = await quarantined(bench)
    const later = files.find((file) => file.fileName === 'later.wav')
    const other = files.find((file) => file.fileName === 'other.wav')
    await writeWav(path, noise({ dbfs: -20, seconds: 1 }))
    const done = deferred<string>()
    ctx.events.on('library.changed', ({ itemId }) => done.resolve(itemId))
    await callRoom(library, 'library.retryQuarantined', { quarantinedId: later?.id ?? '' })
    expect(library.get(await done.promise)).toMatchObject({ title: 'Tin chiều', kind: 'programme' })
    await callRoom(library, 'library.dismissQuarantined', { quarantinedId: other?.id ?? '' })
    expect(await quarantined(bench)).toEqual([])
    await expect(callRoom(library, 'library.dismissQuarantined', { quarantinedId: other?.id ?? '' })).rejects.toMatchObject({ code: 'not-found' })
  })

  it('failing twice stands in the quarantine once', async () => {
    await using bench = await openLibraryBench()
    const path = join(bench.desk, 'twice.wav')
    await writeFile(path, '')
    for (let n = 0; n < 2; n++) await expect(bench.library.importFile(path, { who: lan }).item).rejects.toThrow()
    expect((await quarantined(bench)).length).toBe(1)
  })
})

describe('a cancelled import', () => {
  it('leaves nothing behind, not even a quarantine record', async () => {
    await using bench = await openLibraryBench()
    await writeWav(join(bench.desk, 'long.wav'), noise({ dbfs: -20, seconds: 60, channels: 2 }))
    await ffmpegMake('-stream_loop', '6', '-i', join(bench.desk, 'long.wav'), '-c:a', 'libmp3lame', '-b:a', '64k', join(bench.desk, 'long.mp3'))
    const { jobId, item } = bench.library.importFile(join(bench.desk, 'long.mp3'), { who: lan })
    item.catch(() => undefined)
    const stop = bench.ctx.events.on('jobs.changed', (job) => {
      if (job.id !== jobId || (job.progress ?? 0) < 0.12) return
      stop()
      bench.ctx.inside.jobs.cancel(jobId)
    })
    await expect(item).rejects.toMatchObject({ code: 'cancelled' })
    expect(await bench.kept()).toEqual([])
    expect(await quarantined(bench)).toEqual([])
    expect(bench.ctx.inside.jobs.list().find((job) => job.id === jobId)?.state).toBe('cancelled')
  })
})

describe('a full disk', () => {
  it('met by the decoder is reported, and nothing half-written stays', async () => {
    await using bench = await openLibraryBench({ wrap: (media) => ({ ...media, decodeToPcm: () => Promise.reject(new AppError('disk-full')) }) })
    await writeWav(join(bench.desk, 'a.wav'), noise({ dbfs: -20, seconds: 1 }), { rateHz: 44_100 })
    await expectRefused(bench, join(bench.desk, 'a.wav'), 'disk-full')
  })

  // Only root may mount a small file system.
  it.skipIf(process.getuid?.() !== 0 || process.platform !== 'linux')('is reported at every stage on a real small file system', async () => {
    const small = await mkdtemp(join(tmpdir(), 'vangxa-small-'))
    await execute('mount', ['-t', 'tmpfs', '-o', 'size=12m', 'tmpfs', small])
    try {
      await using bench = await openLibraryBench({ folder: small })
      const { desk } = bench
      // Does not fit as a copy.
      await writeWav(join(desk, 'copy.wav'), noise({ dbfs: -20, seconds: 120, channels: 2 }))
      await expectRefused(bench, join(desk, 'copy.wav'), 'disk-full')
      // Fits, but its PCM would not, and its header says so.
      await ffmpegMake('-i', join(desk, 'copy.wav'), '-c:a', 'libmp3lame', '-b:a', '64k', join(desk, 'declared.mp3'))
      await expectRefused(bench, join(desk, 'declared.mp3'), 'disk-full')
      // Fits, and only the decoder finds out: raw AAC declares no length.
      await ffmpegMake('-i', join(desk, 'copy.wav'), '-c:a', 'aac', '-b:a', '64k', '-f', 'adts', join(desk, 'undeclared.aac'))
      await expectRefused(bench, join(desk, 'undeclared.aac'), 'disk-full')
      // And there is room for something small again.
      await writeWav(join(desk, 'small.wav'), noise({ dbfs: -20, seconds: 2 }))
      expect((await bench.library.importFile(join(desk, 'small.wav'), { who: lan }).item).number).toBe(1)
    } finally {
      await execute('umount', [small])
      await rm(small, { recursive: true, force: true })
    }
  })
})
