import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { callRoom } from '../../support/context.ts'
import { lan, openLibraryBench } from '../../support/library-room.ts'
import type { LibraryBench } from '../../support/library-room.ts'
import { babble, counterAt, counterWav, ffmpegMake, writeWav } from '../../support/signals.ts'
import { within } from '../../support/waiting.ts'

const jobEnd = (bench: LibraryBench, jobId: string) => within(new Promise<Record<string, string> | null>((resolve, reject) => {
  const known = bench.ctx.inside.jobs.list().find((job) => job.id === jobId)
  const look = (job: { id: string; state: string; result: Record<string, string> | null; error: unknown }) => {
    if (job.id !== jobId) return
    if (job.state === 'done') resolve(job.result)
    if (job.state === 'failed') reject(new Error(JSON.stringify(job.error)))
  }
  bench.ctx.events.on('jobs.changed', look)
  if (known !== undefined) look(known)
}), 60_000, 'the job')

describe('cues', () => {
  it('are kept with the item in any state, without changing what was approved, and their labels are found', async () => {
    await using bench = await openLibraryBench()
    const { library, desk } = bench
    await writeWav(join(desk, 'a.wav'), babble(4))
    let item = await library.importFile(join(desk, 'a.wav'), { who: lan }).item
    item = library.approve(item.id, lan)
    item = await callRoom(library, 'library.update', { itemId: item.id, rev: item.rev, cues: { in: 4_800, out: 96_000, points: [{ at: 50_000, label: 'Lời chào' }, { at: 9_000, label: 'vào' }] } })
    expect(item).toMatchObject({ state: 'approved', cues: { in: 4_800, out: 96_000, points: [{ at: 9_000, label: 'vào' }, { at: 50_000, label: 'Lời chào' }] } })
    expect(library.get(item.id)?.cues).toEqual(item.cues)
    expect((await callRoom(library, 'library.list', { query: 'loi chao' })).total).toBe(1)
    await expect(callRoom(library, 'library.update', { itemId: item.id, rev: item.rev, cues: { in: 96_000, out: 4_800, points: [] } })).rejects.toMatchObject({ code: 'invalid-input' })
    await expect(callRoom(library, 'library.update', { itemId: item.id, rev: item.rev - 1, cues: { in: null, out: null, points: [] } })).rejects.toMatchObject({ code: 'stale' })
  })
})

describe('marks of a recording', () => {
  it('become cues of its item; marks that cannot be of this sound are left out', async () => {
    await using bench = await openLibraryBench()
    await writeWav(join(bench.desk, 'thu.wav'), babble(2))
    const marked = await bench.library.importFile(join(bench.desk, 'thu.wav'), { who: lan, cues: { in: null, out: null, points: [{ at: 60_000, label: 'Hay' }, { at: 500, label: 'Vấp' }] } }).item
    expect(bench.library.get(marked.id)?.cues?.points).toEqual([{ at: 500, label: 'Vấp' }, { at: 60_000, label: 'Hay' }])
    await writeWav(join(bench.desk, 'thu2.wav'), babble(2, 9))
    const wrong = await bench.library.importFile(join(bench.desk, 'thu2.wav'), { who: lan, cues: { in: null, out: null, points: [{ at: 9_000_000, label: 'ngoài' }] } }).item
    expect(wrong.lengthSamples).toBe(96_000)
    expect(bench.library.get(wrong.id)?.cues).toBeUndefined()
  })
})

describe('the trim to a new item', () => {
  it('keeps every sample between the cues, but for 5 ms at each cut border, and leaves the whole as it was', async () => {
    await using bench = await openLibraryBench()
    const { library, desk } = bench
    const [start, end, first] = [100_000, 400_001, 500_000]
    await writeFile(join(desk, 'counter.wav'), counterWav(480_000, 1, first))
    let item = await library.importFile(join(desk, 'counter.wav'), { who: lan, title: 'Cả bài' }).item
    await expect(callRoom(library, 'library.trim', { itemId: item.id, rev: item.rev })).rejects.toMatchObject({ code: 'invalid-input' })
    item = await callRoom(library, 'library.update', { itemId: item.id, rev: item.rev, tags: ['xã'], cues: { in: start, out: end, points: [{ at: start + 5, label: 'gần đầu' }, { at: 1, label: 'ngoài' }] } })
    const { jobId } = await callRoom(library, 'library.trim', { itemId: item.id, rev: item.rev, title: 'Đoạn cắt' })
    const made = library.get((await jobEnd(bench, jobId))?.['itemId'] ?? '')
    expect(made).toMatchObject({ title: 'Đoạn cắt', state: 'draft', tags: ['xã'], lengthSamples: end - start, cues: { in: null, out: null, points: [{ at: 5, label: 'gần đầu' }] } })
    const pcm = await library.pcmOf(made?.id ?? '')
    expect(pcm).toMatchObject({ format: 'int24', length: end - start })
    const bytes = (await readFile(pcm?.path ?? '')).subarray(pcm?.dataOffsetBytes ?? 0)
    for (let n = 240; n < end - start - 240; n++) if (counterAt(bytes, n) !== first + start + n) throw new Error(`sample ${n} is ${counterAt(bytes, n)}`)
    expect([counterAt(bytes, 0), counterAt(bytes, end - start - 1)]).toEqual([0, 0])
    expect(counterAt(bytes, 120)).toBe(Math.round((first + start + 120) / 2))
    expect(library.get(item.id)).toEqual(item)
    expect(await readFile(join(desk, 'counter.wav'))).toEqual(await readFile((await library.pcmOf(item.id))?.path ?? ''))
  })
})

describe('a lost original', () => {
  /** Two MP3s whose originals are taken away as a hand in the file manager would. */
  async function lose(bench: LibraryBench): Promise<{ ids: string[]; away: string[] }> {
    const ids: string[] = []
    const away: string[] = []
    await mkdir(join(bench.desk, 'ổ khác', 'nhạc'), { recursive: true })
    for (const seed of [1, 2]) {
      await writeWav(join(bench.desk, `s${seed}.wav`), babble(2, seed))
      await ffmpegMake('-i', join(bench.desk, `s${seed}.wav`), '-c:a', 'libmp3lame', join(bench.desk, `s${seed}.mp3`))
      const item = await bench.library.importFile(join(bench.desk, `s${seed}.mp3`), { who: lan }).item
      const moved = join(bench.desk, 'ổ khác', 'nhạc', `đổi tên ${seed}.dat`)
      await rename(join(bench.ctx.folders.media, `${item.sha256}.mp3`), moved)
      await rm(join(bench.desk, `s${seed}.mp3`))
      ids.push(item.id)
      away.push(moved)
    }
    return { ids, away }
  }

  it('is found again by its content under any name, and the 48 kHz copy is made anew, identical', async () => {
    await using bench = await openLibraryBench()
    const { ids } = await lose(bench)
    const sha = bench.library.get(ids[0] ?? '')?.sha256 ?? ''
    const copy = join(bench.ctx.folders.mezzanine, `${sha}.wav`)
    const before = await readFile(copy)
    await rm(copy)
    expect(await bench.library.pcmOf(ids[0] ?? '')).toBeNull()
    expect(bench.library.get(ids[0] ?? '')?.fileMissing).toBe(true)
    const { jobId } = await callRoom(bench.library, 'library.relink', { path: join(bench.desk, 'ổ khác') })
    expect(await jobEnd(bench, jobId)).toEqual({ found: '2', missing: '0' })
    await expect.poll(() => bench.library.get(ids[0] ?? '')?.fileMissing, { timeout: 20_000 }).toBeUndefined()
    expect((await readFile(copy)).equals(before)).toBe(true)
    expect((await bench.kept()).filter((name) => name.endsWith('.part'))).toEqual([])
  })

  it('is not replaced by another sound of the same size', async () => {
    await using bench = await openLibraryBench()
    const { ids, away } = await lose(bench)
    const wrong = await readFile(away[0] ?? '')
    wrong[wrong.length - 1] = (wrong[wrong.length - 1] ?? 0) ^ 0xff
    await writeFile(away[0] ?? '', wrong)
    const { jobId } = await callRoom(bench.library, 'library.relink', { path: join(bench.desk, 'ổ khác'), itemId: ids[0] ?? '' })
    expect(await jobEnd(bench, jobId)).toEqual({ found: '0', missing: '1' })
  })

  it('comes back when the same file is simply brought in again', async () => {
    await using bench = await openLibraryBench()
    const { ids, away } = await lose(bench)
    await expect(bench.library.importFile(away[1] ?? '', { who: lan }).item).rejects.toMatchObject({ code: 'duplicate', data: { itemId: ids[1] } })
    expect((await readFile(join(bench.ctx.folders.media, `${bench.library.get(ids[1] ?? '')?.sha256 ?? ''}.mp3`))).length).toBeGreaterThan(0)
  })

  it('that was only renamed inside the media folder is found at the next start', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'vangxa-data-'))
    const before = await openLibraryBench({ folder })
    const { ids, away } = await lose(before)
    const sha = before.library.get(ids[0] ?? '')?.sha256 ?? ''
    await rename(away[0] ?? '', join(before.ctx.folders.media, 'ai đó đổi tên.mp3'))
    await before[Symbol.asyncDispose]()
    await using bench = await openLibraryBench({ folder })
    await expect.poll(() => readFile(join(bench.ctx.folders.media, `${sha}.mp3`)).then((bytes) => bytes.length, () => 0), { timeout: 20_000 }).toBeGreaterThan(0)
    await rm(folder, { recursive: true })
  })
})
