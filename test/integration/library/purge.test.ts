import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Item } from '#contract/library.ts'
import type { Job } from '#contract/station.ts'
import { openAir } from '../../../main/station/air/index.ts'
import { openEditor } from '../../../main/station/editor/index.ts'
import { openLog } from '../../../main/station/log/index.ts'
import { callRoom, callerWith } from '../../support/context.ts'
import { lan, openLibraryBench } from '../../support/library-room.ts'
import type { LibraryBench } from '../../support/library-room.ts'
import { babble, ffmpegMake, writeWav } from '../../support/signals.ts'
import { within } from '../../support/waiting.ts'

const jobEnd = (bench: LibraryBench, jobId: string): Promise<Job> => within(new Promise<Job>((resolve) => {
  const look = (job: Job): void => {
    if (job.id === jobId && job.endedAt !== null) resolve(job)
  }
  bench.ctx.events.on('jobs.changed', look)
  bench.ctx.inside.jobs.list().forEach(look)
}), 60_000, 'the end of the job')
const purge = async (bench: LibraryBench): Promise<Job['result']> => (await jobEnd(bench, (await callRoom(bench.library, 'library.purgeCaches', {}, callerWith('editor'))).jobId)).result
async function mp3({ desk, library }: LibraryBench, seed: number, options: { kind?: Item['kind']; keep?: 'inPlace'; times?: number } = {}): Promise<Item> {
  const wav = await writeWav(join(desk, `${seed}.wav`), babble(3, seed))
  const path = join(desk, `${seed}.mp3`)
  await ffmpegMake('-stream_loop', String((options.times ?? 1) - 1), '-i', wav, '-c:a', 'libmp3lame', '-b:a', '64k', path)
  await rm(wav)
  return library.importFile(path, { who: lan, ...(options.kind === undefined ? {} : { kind: options.kind }), ...(options.keep === undefined ? {} : { keep: options.keep }) }).item
}
const copyOf = ({ ctx }: LibraryBench, { sha256 }: Item): string => join(ctx.folders.mezzanine, `${sha256}.wav`)
const caches = async ({ ctx }: LibraryBench): Promise<Map<string, Buffer>> => {
  const found = new Map<string, Buffer>()
  for (const folder of [ctx.folders.mezzanine, ctx.folders.peaks]) for (const name of await readdir(folder)) found.set(name, await readFile(join(folder, name)))
  return found
}

describe('clearing what can be made again', () => {
  it('says how much there is to win, takes it, leaves every original, and all comes back bit by bit when it is asked for', async () => {
    await using bench = await openLibraryBench()
    const { ctx, library, desk } = bench
    const items = [await mp3(bench, 1), await mp3(bench, 2, { keep: 'inPlace' }), await mp3(bench, 3, { times: 260 })]
    const plain = await library.importFile(await writeWav(join(desk, 'plain.wav'), babble(2, 4)), { who: lan }).item
    const before = await caches(bench)
    const facts = await callRoom(library, 'library.caches', {}, callerWith('editor'))
    const sum = (ending: (name: string) => boolean): number => [...before].filter(([name]) => ending(name)).reduce((all, [, bytes]) => all + bytes.length, 0)
    expect(facts).toEqual({ mezzanine: { files: 3, bytes: sum((name) => name.endsWith('.wav')) }, peaks: { files: 8, bytes: sum((name) => !name.endsWith('.wav')) }, kept: [] })

    expect(await purge(bench)).toEqual({ files: '11', freedBytes: String(facts.mezzanine.bytes + facts.peaks.bytes) })
    expect([...(await caches(bench)).keys()]).toEqual([])
    expect((await readdir(ctx.folders.media)).length).toBe(3)
    expect((await stat(join(desk, '2.mp3'))).size).toBeGreaterThan(0)
    expect(library.list().every(({ fileMissing }) => fileMissing !== true)).toBe(true)

    await library.prepare(items.map(({ id }) => id))
    for (const item of items) {
      expect((await library.pcmOf(item.id))?.length).toBe(item.lengthSamples)
      expect((await readFile(copyOf(bench, item))).equals(before.get(`${item.sha256}.wav`) ?? Buffer.alloc(0)), item.title).toBe(true)
    }
    expect(await library.pcmOf(plain.id)).not.toBeNull()
    expect(ctx.inside.notices.list()).toEqual([])
    expect(ctx.db.prepare("SELECT count(*) FROM audit WHERE action = 'library.purgeCaches'").pluck().get()).toBe(1)
  })

  it('never takes what is planned, open in the editor, for emergencies, just heard, or not to be made again', async () => {
    await using bench = await openLibraryBench()
    const { ctx, library, desk } = bench
    const air = openAir(ctx)
    const log = await openLog(ctx, { library, air })
    const editor = await openEditor(ctx, { library, media: bench.media })
    const [planned, edited, message, heard, orphan, free] = [await mp3(bench, 11), await mp3(bench, 12), await mp3(bench, 13, { kind: 'message' }), await mp3(bench, 14), await mp3(bench, 15, { keep: 'inPlace' }), await mp3(bench, 16)]
    const at = Math.ceil((ctx.clock.now() + 40 * 3_600_000) / 1000) * 1000
    library.approve(planned.id, lan)
    await callRoom(log, 'log.addLine', { broadcastDate: new Date(at + 7 * 3_600_000).toISOString().slice(0, 10), itemId: planned.id, timing: { kind: 'hard', at }, afterLineId: null })
    const project = await callRoom(editor, 'editor.create', { title: 'Bản tin', itemIds: [edited.id] })
    await callRoom(editor, 'editor.open', { projectId: project.id })
    await library.pcmOf(heard.id)
    await rm(join(desk, '15.mp3'))
    await expect.poll(async () => (await callRoom(library, 'library.caches', {})).kept.map(({ why }) => why).sort(), { timeout: 20_000 }).toEqual(['editing', 'emergency', 'inUse', 'noOriginal', 'planned'])
    await purge(bench)
    const left = new Set((await caches(bench)).keys())
    for (const item of [planned, edited, message, heard, orphan]) expect(left.has(`${item.sha256}.wav`), item.title).toBe(true)
    expect(left.has(`${free.sha256}.wav`)).toBe(false)
  })

  it('warns when what came back is not what was there before', async () => {
    await using bench = await openLibraryBench()
    const item = await mp3(bench, 21)
    const bytes = await readFile(copyOf(bench, item))
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1
    await writeFile(copyOf(bench, item), bytes)
    await purge(bench)
    await bench.library.prepare([item.id])
    expect(await bench.library.pcmOf(item.id)).not.toBeNull()
    expect(bench.ctx.inside.notices.list().map(({ error }) => error.code)).toEqual(['rebuilt-unlike'])
  })

  it('can be stopped half-way, and what is rendered from a cleared project waits for its sounds', async () => {
    await using bench = await openLibraryBench()
    const { ctx, library } = bench
    const editor = await openEditor(ctx, { library, media: bench.media })
    const [one, two] = [await mp3(bench, 31), await mp3(bench, 32)]
    const { jobId } = await callRoom(library, 'library.purgeCaches', {})
    ctx.inside.jobs.cancel(jobId)
    expect((await jobEnd(bench, jobId)).state).toBe('cancelled')
    expect((await caches(bench)).has(`${two.sha256}.wav`)).toBe(true)
    const project = await callRoom(editor, 'editor.create', { title: 'Bản tin', itemIds: [one.id, two.id] })
    await purge(bench)
    expect((await caches(bench)).size).toBe(0)
    const render = await callRoom(editor, 'editor.render', { projectId: project.id, rev: project.rev, title: 'Bản tin', format: 'wav' })
    expect(await jobEnd(bench, render.jobId)).toMatchObject({ state: 'done', error: null })
    expect((await caches(bench)).has(`${one.sha256}.wav`)).toBe(true)
  })
})
