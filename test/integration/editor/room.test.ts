import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { applyPatches } from '#common/edl/index.ts'
import type { EditCommand, ProjectState } from '#contract/editor.ts'
import type { z } from 'zod'
import { AppError } from '#contract/errors.ts'
import type { Item } from '#contract/library.ts'
import type { Job } from '#contract/station.ts'
import type { Room } from '../../../main/station/context.ts'
import { openEditor } from '../../../main/station/editor/index.ts'
import { callerWith, callRoom } from '../../support/context.ts'
import { lan, openLibraryBench } from '../../support/library-room.ts'
import type { LibraryBench } from '../../support/library-room.ts'
import { noise, sine, speakToWav, writeWav } from '../../support/signals.ts'

let bench: LibraryBench
let editor: Room
let speech: Item
let music: Item
beforeAll(async () => {
  bench = await openLibraryBench()
  editor = await openEditor(bench.ctx, bench)
  const spoken = join(bench.desk, 'loi.wav')
  await speakToWav(spoken, 'Kính chào bà con. Đây là bản tin phát thanh sáng của xã. Hôm nay trời nhiều mây, chiều có mưa rào.')
  speech = await bench.library.importFile(spoken, { who: lan }).item
  music = await bench.library.importFile(await writeWav(join(bench.desk, 'nhac.wav'), noise({ dbfs: -20, seconds: 5, channels: 2 }), { format: 'int24' }), { who: lan }).item
})
afterAll(() => bench[Symbol.asyncDispose]())

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
const render = async (project: ProjectState, format: 'wav' | 'mp3' | 'opus', title = 'Bản xuất') => callRoom(editor, 'editor.render', { projectId: project.id, rev: project.rev, title, format })
const rendered = async (project: ProjectState, format: 'wav' | 'mp3' | 'opus', title?: string): Promise<Item> => {
  const job = await jobEnd((await render(project, format, title)).jobId)
  expect(job).toMatchObject({ state: 'done', error: null })
  return bench.library.get(job.result?.['itemId'] ?? '') ?? expect.fail('no item')
}
async function pcmOf(item: Item): Promise<{ bytes: Buffer; channels: number; bits: number; length: number }> {
  const pcm = await bench.library.pcmOf(item.id)
  if (pcm === null) throw new Error('no pcm')
  const bits = pcm.format === 'int16' ? 16 : 24
  const all = await readFile(pcm.path)
  return { bytes: all.subarray(pcm.dataOffsetBytes, pcm.dataOffsetBytes + pcm.length * pcm.channels * (bits / 8)), channels: pcm.channels, bits, length: pcm.length }
}
/** The project as a window has it after an edit: the patches of the answer on the list it had. */
async function applied(project: ProjectState, command: z.input<typeof EditCommand>): Promise<ProjectState> {
  const answer = await callRoom(editor, 'editor.apply', { projectId: project.id, rev: project.rev, command })
  const edl = applyPatches(project.edl, answer.patches)
  if (edl === null) throw new Error('the patches do not fit the list of the window')
  return { ...project, ...answer, edl }
}
const laneOf = (project: ProjectState, n = 0): string => project.edl.lanes[n]?.id ?? ''

describe('the editor of the station', () => {
  test('makes a project over items one after the other, and undo cannot take the material away', async () => {
    const project = await callRoom(editor, 'editor.create', { title: 'Bản tin sáng', itemIds: [speech.id, music.id] })
    expect(project.edl.lanes[0]?.clips.map((clip) => [clip.start, clip.length])).toEqual([[0, speech.lengthSamples], [speech.lengthSamples, music.lengthSamples]])
    expect(project).toMatchObject({ rev: 0, undo: [], redo: [], warning: 'none', missingItemIds: [] })
    expect(await codeOf(callRoom(editor, 'editor.undo', { projectId: project.id, rev: 0 }))).toBe('nothing-to-undo')
    expect((await callRoom(editor, 'editor.list', {})).projects.find((one) => one.id === project.id)).toMatchObject({ title: 'Bản tin sáng', lengthSamples: speech.lengthSamples + music.lengthSamples })
  })

  test('names the steps for undo and redo, tells the windows, and survives being opened by another station', async () => {
    const seen: number[] = []
    const project = await callRoom(editor, 'editor.create', { title: 'Nhớ', itemIds: [speech.id] })
    const off = bench.ctx.events.on('editor.changed', (change) => {
      if (change.projectId === project.id) seen.push(change.rev)
    })
    let state = await callRoom(editor, 'editor.apply', { projectId: project.id, rev: 0, command: { op: 'split', at: 48_000, laneIds: [laneOf(project)] } })
    state = await callRoom(editor, 'editor.apply', { projectId: project.id, rev: 1, command: { op: 'deleteRange', range: { start: 48_000, end: 60_000 }, ripple: true, laneIds: [laneOf(project)] } })
    expect(state.undo).toEqual(['deleteRipple', 'split'])
    state = await callRoom(editor, 'editor.undo', { projectId: project.id, rev: 2 })
    expect([state.undo, state.redo]).toEqual([['split'], ['deleteRipple']])
    state = await callRoom(editor, 'editor.rename', { projectId: project.id, rev: 3, title: 'Nhớ lâu' })
    off()
    expect(seen).toEqual([1, 2, 3, 4])
    const other = await openEditor(bench.ctx, bench)
    expect(await callRoom(other, 'editor.open', { projectId: project.id })).toMatchObject({ rev: state.rev, title: 'Nhớ lâu', undo: state.undo, redo: state.redo })
    expect(await codeOf(callRoom(editor, 'editor.apply', { projectId: project.id, rev: 1, command: { op: 'addLane', name: 'x' } }))).toBe('edit-conflict')
    expect(await codeOf(callRoom(editor, 'editor.apply', { projectId: project.id, rev: 4, command: { op: 'addLane', name: 'x' } }, callerWith('recorder')))).toBe('forbidden')
  })

  test('takes a removed project off the list and keeps its folder', async () => {
    const project = await callRoom(editor, 'editor.create', { title: 'Bỏ', itemIds: [] })
    expect(await codeOf(callRoom(editor, 'editor.remove', { projectId: project.id, rev: 7 }))).toBe('edit-conflict')
    await callRoom(editor, 'editor.remove', { projectId: project.id, rev: 0 })
    expect((await callRoom(editor, 'editor.list', {})).projects.map((one) => one.id)).not.toContain(project.id)
    expect(await codeOf(callRoom(editor, 'editor.open', { projectId: project.id }))).toBe('not-found')
    expect(await readdir(join(bench.ctx.folders.projects, '.removed'))).toContain(project.id)
    const again = await openEditor(bench.ctx, bench)
    expect(await codeOf(callRoom(again, 'editor.open', { projectId: project.id }))).toBe('not-found')
  })

  test('says which refusal it was, and that an item does not exist', async () => {
    const project = await callRoom(editor, 'editor.create', { title: 'Từ chối', itemIds: [speech.id] })
    const apply = callRoom(editor, 'editor.apply', { projectId: project.id, rev: 0, command: { op: 'split', at: 0, laneIds: [laneOf(project)] } })
    await expect(apply).rejects.toMatchObject({ code: 'edit-refused', data: { reason: 'nothing-to-split' } })
    expect(await codeOf(callRoom(editor, 'editor.create', { title: 'x', itemIds: ['01ARZ3NDEKTSV4RRFFQ69G5FAX'] }))).toBe('not-found')
  })
})

describe('rendering', () => {
  test('gives an untouched item back sample by sample', async () => {
    const project = await callRoom(editor, 'editor.create', { title: 'Nguyên', itemIds: [music.id] })
    const out = await pcmOf(await rendered(project, 'wav', 'Nguyên vẹn'))
    const source = await pcmOf(music)
    expect([out.channels, out.bits, out.length]).toEqual([2, 24, source.length])
    expect(out.bytes.equals(source.bytes)).toBe(true)
  })

  test('twice gives the same item, because the same edit gives the same bytes', async () => {
    const project = await callRoom(editor, 'editor.create', { title: 'Hai lần', itemIds: [speech.id] })
    const state = await applied(project, { op: 'trimTo', range: { start: 4_800, end: 100_000 }, laneIds: [laneOf(project)] })
    expect((await callRoom(editor, 'editor.open', { projectId: project.id })).edl).toEqual(state.edl)
    const first = await rendered(state, 'wav', 'Cắt')
    expect(first).toMatchObject({ kind: 'programme', state: 'draft', title: 'Cắt', lengthSamples: 95_200, channels: 1 })
    expect((await rendered(state, 'wav', 'Cắt lần nữa')).id).toBe(first.id)
  })

  test('makes MP3 and Opus of the length that was heard', async () => {
    const project = await callRoom(editor, 'editor.create', { title: 'Nén', itemIds: [speech.id, music.id] })
    const length = speech.lengthSamples + music.lengthSamples
    for (const [format, codec, slack] of [['mp3', 'mp3', 1_152 * 2], ['opus', 'opus', 960]] as const) {
      const item = await rendered(project, format, `Nén ${format}`)
      expect(item.codec).toBe(codec)
      expect(Math.abs(item.lengthSamples - length)).toBeLessThanOrEqual(slack)
    }
  })

  test('more renders than the queue has places all end', async () => {
    const projects = await Promise.all([1, 2, 3].map(async (n) => {
      const project = await callRoom(editor, 'editor.create', { title: `Cùng lúc ${n}`, itemIds: [speech.id] })
      return applied(project, { op: 'trimTo', range: { start: n * 1_000, end: 90_000 }, laneIds: [laneOf(project)] })
    }))
    const items = await Promise.all(projects.map((project, n) => rendered(project, 'wav', `Cùng lúc ${n}`)))
    expect(new Set(items.map((item) => item.id)).size).toBe(3)
  })

  test('refuses an empty project and an old revision, and leaves no file when cancelled or when a source is gone', async () => {
    const empty = await callRoom(editor, 'editor.create', { title: 'Trống', itemIds: [] })
    expect(await codeOf(render(empty, 'wav'))).toBe('render-empty')
    const long = await bench.library.importFile(await writeWav(join(bench.desk, 'dai.wav'), sine({ hz: 300, dbfs: -20, seconds: 120, channels: 2 })), { who: lan }).item
    let project = await callRoom(editor, 'editor.create', { title: 'Dài', itemIds: Array.from({ length: 40 }, () => long.id) })
    expect(await codeOf(render({ ...project, rev: 9 }, 'wav'))).toBe('edit-conflict')
    project = await applied(project, { op: 'setLane', laneId: laneOf(project), gainDb: -3, mute: false, solo: false })
    const before = bench.library.list().length
    const { jobId } = await render(project, 'wav')
    await new Promise<void>((resolve) => {
      const off = bench.ctx.events.on('jobs.changed', (job) => {
        if (job.id !== jobId || (job.progress ?? 0) <= 0) return
        off()
        resolve()
      })
    })
    bench.ctx.inside.jobs.cancel(jobId)
    expect((await jobEnd(jobId)).state).toBe('cancelled')
    expect(await readdir(bench.ctx.folders.temp)).toEqual([])
    const pcm = await bench.library.pcmOf(long.id)
    await rm(pcm?.path ?? '')
    const job = await jobEnd((await render(project, 'wav')).jobId)
    expect(job).toMatchObject({ state: 'failed', error: { code: 'file-missing' } })
    expect(bench.library.list()).toHaveLength(before)
    expect(await readdir(bench.ctx.folders.temp)).toEqual([])
    expect((await callRoom(editor, 'editor.open', { projectId: project.id })).missingItemIds).toEqual([long.id])
  })
})
