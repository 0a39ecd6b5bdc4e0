import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { toExchange } from '#common/exchange/index.ts'
import { AppError } from '#contract/errors.ts'
import type { ExportSettings } from '#contract/exchange.ts'
import type { Item } from '#contract/library.ts'
import { formatOtio } from '#contract/otio.ts'
import type { Job } from '#contract/station.ts'
import type { Room } from '../../../main/station/context.ts'
import { openEditor } from '../../../main/station/editor/index.ts'
import { openExchange } from '../../../main/station/exchange/index.ts'
import { readBroadcastChunks } from '../../../main/station/exchange/broadcast-wave.ts'
import type { EditorRoom } from '../../../main/station/faces.ts'
import { callRoom } from '../../support/context.ts'
import { lan, openLibraryBench } from '../../support/library-room.ts'
import type { LibraryBench } from '../../support/library-room.ts'
import { babble, noise, writeWav } from '../../support/signals.ts'

const execute = promisify(execFile)
let bench: LibraryBench
let editor: EditorRoom
let room: Room
let speech: Item
let music: Item
let folder = ''
let project = { id: '', rev: 0 }
beforeAll(async () => {
  bench = await openLibraryBench()
  editor = await openEditor(bench.ctx, bench)
  room = openExchange(bench.ctx, { ...bench, editor })
  speech = await bench.library.importFile(await writeWav(join(bench.desk, 'loi.wav'), babble(5)), { who: lan }).item
  music = await bench.library.importFile(await writeWav(join(bench.desk, 'nhac.wav'), noise({ dbfs: -20, seconds: 3, channels: 2 }), { format: 'int24' }), { who: lan }).item
  const made = await callRoom(editor, 'editor.create', { title: 'Bản tin sáng', itemIds: [speech.id, music.id] })
  let { rev } = made
  for (const [at, label] of [[0, 'Mở đầu'], [48_000, 'Tin = bão; số 9']] as const) rev = (await callRoom(editor, 'editor.apply', { projectId: made.id, rev, command: { op: 'addMarker', at, length: 0, label } })).rev
  project = { id: made.id, rev }
})
afterAll(() => bench[Symbol.asyncDispose]())
beforeEach(async () => {
  folder = await mkdtemp(join(bench.desk, 'xuat-'))
  return () => rm(folder, { recursive: true, force: true })
})

const plain: ExportSettings = {
  format: 'wav', bits: 24, kbps: 128, channels: 'own', tags: { title: 'Bản tin sáng', artist: 'Đài xã', album: '', date: '2026-11-21', comment: '' }, broadcast: null, cart: null, chapters: false, range: null,
}
const codeOf = (work: Promise<unknown>): Promise<string> => work.then(() => 'fine', (error: unknown) => (error instanceof AppError ? error.code : String(error)))
const jobEnd = (jobId: string): Promise<Job> => new Promise((resolve) => {
  const look = (job: Job): void => {
    if (job.id === jobId && job.endedAt !== null) {
      off()
      resolve(job)
    }
  }
  const off = bench.ctx.events.on('jobs.changed', look)
  for (const job of bench.ctx.inside.jobs.list()) look(job)
})
const ask = (settings: Partial<ExportSettings>, more: { name?: string; replace?: boolean; folder?: string; rev?: number } = {}) => callRoom(room, 'exchange.export', {
  projectId: project.id, rev: more.rev ?? project.rev, folder: more.folder ?? folder, name: more.name ?? 'ban-tin', replace: more.replace ?? false, settings: { ...plain, ...settings },
})
async function exported(settings: Partial<ExportSettings>): Promise<string> {
  const job = await jobEnd((await ask(settings)).jobId)
  expect(job).toMatchObject({ error: null, state: 'done' })
  return job.result?.['path'] ?? ''
}
const whole = () => speech.lengthSamples + music.lengthSamples
const probe = async (path: string): Promise<{ format: { tags?: Record<string, string> }; chapters: { start_time: string; end_time: string; tags?: { title?: string } }[]; streams: { codec_name: string; channels: number; bits_per_raw_sample?: string }[] }> =>
  JSON.parse((await execute('ffprobe', ['-v', 'error', '-show_format', '-show_streams', '-show_chapters', '-of', 'json', path])).stdout)

describe('a file for another desk', () => {
  test('is a WAV of 24 bits, with who made it, how loud it is and what playout asks, before its sound', async () => {
    const path = await exported({
      broadcast: { description: 'Bản tin', originator: 'Đài xã', originatorReference: 'X1' }, chapters: true,
      cart: { cutId: 'BT-01', category: 'NEWS', classification: '', outCue: 'xin chào', startDate: '2026-11-21', endDate: '2026-11-22' },
    })
    const { bext, cart } = await readBroadcastChunks(path)
    expect(bext).toMatchObject({ description: 'Ban tin', originator: 'Dai xa', originatorReference: 'X1', codingHistory: 'A=PCM,F=48000,W=24,M=stereo,T=VangXa Studio' })
    expect(cart).toMatchObject({ title: 'Ban tin sang', artist: 'Dai xa', cutId: 'BT-01', outCue: 'xin chao', startDate: '2026-11-21', timers: [{ usage: 'AUDs', at: 0 }, { usage: 'AUDe', at: whole() }] })
    const { stderr } = await execute('ffmpeg', ['-hide_banner', '-nostdin', '-i', path, '-af', 'ebur128', '-f', 'null', '-'])
    const integrated = Number(/I:\s+(-[\d.]+) LUFS/.exec(stderr.slice(stderr.lastIndexOf('Summary:')))?.[1])
    expect(Math.abs((bext?.loudness?.integratedLufs ?? 0) - integrated)).toBeLessThanOrEqual(0.1)
    const pcm = await bench.media.openPcm(path)
    expect([pcm.format, pcm.channels, pcm.length]).toEqual(['int24', 2, whole()])
    // The mix itself, byte by byte.
    const mix = await editor.mixdown((await editor.edlOf(project.id)).edl, join(folder, 'mix.wav'), { signal: new AbortController().signal })
    const [ours, theirs] = await Promise.all([readFile(path), readFile(mix.path)])
    expect(ours.subarray(pcm.dataOffsetBytes, pcm.dataOffsetBytes + whole() * 6).equals(theirs.subarray(mix.dataOffsetBytes, mix.dataOffsetBytes + whole() * 6))).toBe(true)
  })

  test.each([
    ['wav', 16, 0], ['flac', 24, 0], ['flac', 16, 0], ['mp3', 24, 1_152], ['aac', 24, 1_024], ['opus', 24, 960],
  ] as const)('is %s of %d bits as long as what was heard', async (format, bits, slack) => {
    const path = await exported({ format, bits, kbps: 96, chapters: true })
    const decoded = await bench.media.decodedLength(path, new AbortController().signal)
    expect(Math.abs(decoded - whole())).toBeLessThanOrEqual(slack)
    const facts = await probe(path)
    const tags = Object.fromEntries(Object.entries({ ...facts.format.tags, ...Reflect.get(facts.streams[0] ?? {}, 'tags') }).map(([name, text]) => [name.toLowerCase(), text]))
    expect([tags['title'], tags['artist']]).toEqual(['Bản tin sáng', 'Đài xã'])
    if (format === 'mp3' || format === 'aac') expect(facts.chapters.map((chapter) => [Number(chapter.start_time), chapter.tags?.title])).toEqual([[0, 'Mở đầu'], [1, 'Tin = bão; số 9']])
    expect(await readdir(folder)).toEqual([`ban-tin.${format === 'aac' ? 'm4a' : format}`])
  })

  test('can hold the chosen range alone, in one channel', async () => {
    const path = await exported({ channels: 'mono', range: { start: 24_000, end: 96_001 } })
    expect(await bench.media.openPcm(path)).toMatchObject({ channels: 1, length: 72_001 })
  })

  test('never takes the place of another file unless it was asked to, and names are names', async () => {
    await writeFile(join(folder, 'ban-tin.wav'), 'của tôi')
    expect(await codeOf(ask({}))).toBe('file-exists')
    expect(await codeOf(ask({}, { folder: join(folder, 'không có') }))).toBe('folder-missing')
    expect(await codeOf(ask({}, { name: '../ra-ngoai' }))).toBe('invalid-input')
    expect(await codeOf(ask({}, { rev: 99 }))).toBe('edit-conflict')
    expect(await readFile(join(folder, 'ban-tin.wav'), 'utf8')).toBe('của tôi')
    expect((await jobEnd((await ask({}, { replace: true })).jobId)).state).toBe('done')
    expect(await bench.media.openPcm(join(folder, 'ban-tin.wav'))).toMatchObject({ length: whole() })
  })

  test('leaves nothing behind when it is cancelled, and the file that was there before', async () => {
    await writeFile(join(folder, 'ban-tin.mp3'), 'cũ')
    const { jobId } = await ask({ format: 'mp3' }, { replace: true })
    bench.ctx.inside.jobs.cancel(jobId)
    expect((await jobEnd(jobId)).state).toBe('cancelled')
    expect(await readdir(folder)).toEqual(['ban-tin.mp3'])
    expect(await readFile(join(folder, 'ban-tin.mp3'), 'utf8')).toBe('cũ')
    expect((await readdir(bench.ctx.folders.temp)).filter((name) => name.startsWith('export-'))).toEqual([])
  })
})

describe('an arrangement of another desk', () => {
  test('becomes a project with the same sounds at the same samples', async () => {
    const { edl } = await editor.edlOf(project.id)
    const { projectId } = await callRoom(room, 'exchange.importTimeline', { title: 'Từ bàn khác', format: 'otio', text: formatOtio(toExchange('x', edl)) })
    const again = (await editor.edlOf(projectId)).edl
    expect(again.lanes.map((lane) => lane.clips.map(({ start, offset, length }) => [start, offset, length]))).toEqual(edl.lanes.map((lane) => lane.clips.map(({ start, offset, length }) => [start, offset, length])))
    expect(again.markers.map((marker) => marker.label)).toEqual(['Mở đầu', 'Tin = bão; số 9'])
  })
  test('finds sounds by their names without ending, case and diacritics, and says which are missing', async () => {
    const list = (name: string): string => `TITLE: x\n001  AX  A  C  00:00:00:00 00:00:01:00 00:00:00:00 00:00:01:00\n* FROM CLIP NAME: ${name}\n`
    const { projectId } = await callRoom(room, 'exchange.importTimeline', { title: 'EDL', format: 'cmx3600', text: list(`${speech.title.toUpperCase()}.WAV`) })
    expect((await editor.edlOf(projectId)).edl.sources.map((source) => source.itemId)).toEqual([speech.id])
    const refused = await callRoom(room, 'exchange.importTimeline', { title: 'EDL', format: 'cmx3600', text: list('lạ.wav') }).catch((error: unknown) => error)
    expect(refused).toMatchObject({ code: 'exchange-refused', data: { reason: 'unknown-sound', names: 'lạ.wav' } })
  })
})

test('what a broadcast file says about itself is read back from the library', async () => {
  const path = await exported({ broadcast: { description: 'Có thẻ', originator: 'Đài', originatorReference: '' }, bits: 16 })
  const item = await bench.library.importFile(path, { who: lan }).item
  expect(await callRoom(room, 'exchange.broadcastInfo', { itemId: item.id })).toMatchObject({ bext: { description: 'Co the' }, cart: null })
  expect(await callRoom(room, 'exchange.broadcastInfo', { itemId: speech.id })).toEqual({ bext: null, cart: null })
  expect((await callRoom(room, 'exchange.lastCommands', {})).commands.at(-1)).toContain('ffmpeg')
})
