import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { applyPatches } from '#common/edl/index.ts'
import type { EditCommand, ProjectState } from '#contract/editor.ts'
import type { Item } from '#contract/library.ts'
import type { z } from 'zod'
import { callRoom } from '../../support/context.ts'
import { babble, joined, noise, silence, sine } from '../../support/signals.ts'
import type { Signal } from '../../support/signals.ts'
import { openSoundBench, partOf } from '../../support/sound-room.ts'
import type { SoundBench } from '../../support/sound-room.ts'

let room: SoundBench
let stretches = 0
const station = { targetLufs: -16, ceilingDbtp: -1 }
const r128 = { targetLufs: -23, ceilingDbtp: -1 }
/** Soft speech-like sound with single claps far above it: no static gain brings it to −16 under −1 dBTP. */
const peaky = (seed: number): Signal => {
  const [base = new Float32Array(0)] = babble(12, seed)
  const out = base.map((value) => value * 0.2)
  for (let clap = 0; clap < 6; clap++) for (let n = 0; n < 200; n++) out[48_000 * (2 * clap + 1) + n] = 0.55 * Math.sin((2 * Math.PI * n) / 40) * Math.exp(-n / 60)
  return [out]
}
let quiet: Item
let claps: Item
let nothing: Item
let short: Item
beforeAll(async () => {
  room = await openSoundBench({
    wrap: (media) => ({ ...media, measureSounds: (list, options) => {
      stretches += list.length
      return media.measureSounds(list, options)
    } }),
  })
  quiet = await room.item('nhỏ', joined(sine({ hz: 1_000, dbfs: -30, seconds: 4, channels: 2 }), sine({ hz: 1_000, dbfs: -20, seconds: 4, channels: 2 })))
  claps = await room.item('vỗ tay', peaky(1))
  nothing = await room.item('gần như lặng', joined(noise({ dbfs: -85, seconds: 3 }), sine({ hz: 1_000, dbfs: -20, seconds: 1 })))
  short = await room.item('rất ngắn', sine({ hz: 1_000, dbfs: -20, seconds: 0.3 }))
})
beforeEach(() => {
  stretches = 0
})
afterAll(() => room[Symbol.asyncDispose]())

const measureClips = (parts: ReturnType<typeof partOf>[], standard: typeof station | null = null) => room.report(callRoom(room.sound, 'sound.measureClips', { title: 'Chuẩn hóa', parts, standard }), 'clips')

describe('levelling clips', () => {
  it('proposes for each clip the gain of its own stretch, exactly', async () => {
    const { rows, standard } = await measureClips([partOf(quiet, 0, 192_000, 'a'), partOf(quiet, 192_000, 192_000, 'b')], r128)
    expect(standard).toEqual(r128)
    expect(rows.map(({ key, outcome, peaks }) => ({ key, outcome, peaks }))).toEqual([{ key: 'a', outcome: 'static', peaks: 0 }, { key: 'b', outcome: 'static', peaks: 0 }])
    expect(rows[0]?.gainDb).toBeCloseTo(7, 1)
    expect(rows[1]?.gainDb).toBeCloseTo(-3, 1)
    for (const row of rows) expect(row.after.integratedLufs).toBeCloseTo(-23, 1)
  })
  it('does not measure again what it has measured, nor whole items, which were measured when they came', async () => {
    await measureClips([partOf(quiet, 0, 192_000, 'c')], station)
    expect(stretches).toBe(0)
    await measureClips([partOf(quiet)])
    expect(stretches).toBe(0)
  })
  it('says where a limiter would have to work, and counts the places', async () => {
    const { rows: [row], standard } = await measureClips([partOf(claps)])
    expect(standard).toEqual(station)
    expect(row?.outcome).toBe('limited')
    expect(row?.peaks).toBe(6)
    expect(row?.after).toMatchObject({ integratedLufs: expect.closeTo(-16, 1), truePeakDbtp: -1 })
  })
  it('never guesses: below the gate or under 400 ms there is no gain, and alone it is an error', async () => {
    const { rows } = await measureClips([partOf(quiet, 0, 192_000, 'a'), partOf(nothing, 0, 96_000, 'still'), partOf(quiet, 0, 19_199, 'short')])
    expect(rows.map(({ outcome, gainDb }) => ({ outcome, gainDb }))).toMatchObject([{ outcome: 'static' }, { outcome: 'undefined', gainDb: 0 }, { outcome: 'undefined', gainDb: 0 }])
    const job = await room.jobEnd((await callRoom(room.sound, 'sound.measureClips', { title: 'x', parts: [partOf(nothing, 0, 140_000)], standard: null })).jobId)
    expect(job).toMatchObject({ state: 'failed', error: { code: 'loudness-undefined' } })
  })
})

describe('levelling a project', () => {
  async function projectOf(items: readonly Item[]): Promise<ProjectState> {
    return callRoom(room.editor, 'editor.create', { title: 'Bản tin', itemIds: items.map(({ id }) => id) })
  }
  async function applied(project: ProjectState, command: z.input<typeof EditCommand>): Promise<ProjectState> {
    const answer = await callRoom(room.editor, 'editor.apply', { projectId: project.id, rev: project.rev, command })
    const edl = applyPatches(project.edl, answer.patches)
    if (edl === null) throw new Error('the patches do not fit')
    return { ...project, ...answer, edl }
  }
  const measured = (project: ProjectState, standard: typeof station | null = null) => room.report(callRoom(room.sound, 'sound.measureProject', { projectId: project.id, rev: project.rev, title: 'Bản tin', standard }), 'project')
  async function rendered(project: ProjectState) {
    const { edl } = await room.editor.edlOf(project.id)
    const path = `${room.bench.desk}/${project.id}-${project.rev}.wav`
    await room.editor.mixdown(edl, path, { signal: new AbortController().signal })
    return room.bench.media.measureLoudness(path, new AbortController().signal)
  }

  it('by a static gain lands on the standard, in the rendered file', async () => {
    const project = await projectOf([quiet])
    const { row, master } = await measured(project, r128)
    expect(row.outcome).toBe('static')
    expect(master.limiter).toBe(false)
    const after = await rendered(await applied(project, { op: 'setMaster', ...master }))
    expect(Math.abs((after.integratedLufs ?? 0) + 23)).toBeLessThanOrEqual(0.1)
    expect(after).toEqual({ integratedLufs: expect.closeTo(row.after.integratedLufs ?? 0, 1), rangeLu: expect.closeTo(row.after.rangeLu ?? 0, 0), truePeakDbtp: expect.closeTo(row.after.truePeakDbtp ?? 0, 1) })
  })
  it('with the limiter stays under the ceiling and lands within a tenth all the same', async () => {
    const project = await projectOf([claps])
    const { row, master } = await measured(project)
    expect(row.outcome).toBe('limited')
    expect(master).toMatchObject({ limiter: true, ceilingDbtp: -1 })
    expect(row.peaks).toBeGreaterThanOrEqual(6)
    const after = await rendered(await applied(project, { op: 'setMaster', ...master }))
    expect(Math.abs((after.integratedLufs ?? 0) + 16)).toBeLessThanOrEqual(0.1)
    expect(after.truePeakDbtp ?? 0).toBeLessThanOrEqual(-1 + 0.05)
    expect(row.after.integratedLufs).toBeCloseTo(after.integratedLufs ?? 0, 1)
  })
  it('lands within a tenth where the limiter eats half of every decibel', async () => {
    const dense = await room.item('dày', noise({ dbfs: -30, seconds: 8, channels: 2 }).map((channel) => channel.map((value, n) => value * (n % 24_000 < 2_400 ? 6 : 1))))
    const project = await projectOf([dense])
    const { row, master } = await measured(project, { targetLufs: -12, ceilingDbtp: -1 })
    expect(row.outcome).toBe('limited')
    const after = await rendered(await applied(project, { op: 'setMaster', ...master }))
    expect(Math.abs((after.integratedLufs ?? 0) + 12)).toBeLessThanOrEqual(0.1)
    expect(after.truePeakDbtp ?? 0).toBeLessThanOrEqual(-1 + 0.05)
  })
  it('is refused when the project has changed meanwhile, and when there is nothing in it', async () => {
    const project = await projectOf([quiet])
    await applied(project, { op: 'setMaster', gainDb: 1, limiter: false, ceilingDbtp: -1 })
    await expect(callRoom(room.sound, 'sound.measureProject', { projectId: project.id, rev: project.rev, title: 'x', standard: null })).rejects.toMatchObject({ code: 'edit-conflict' })
    const empty = await projectOf([])
    const job = await room.jobEnd((await callRoom(room.sound, 'sound.measureProject', { projectId: empty.id, rev: empty.rev, title: 'x', standard: null })).jobId)
    expect(job).toMatchObject({ state: 'failed', error: { code: 'render-empty' } })
  })
})

describe('levelling a bulletin', () => {
  it('leaves what a static gain can do to the play gain, and makes limited copies of the rest', async () => {
    const { rows } = await room.report(callRoom(room.sound, 'sound.levelItems', { title: 'Bản tin', itemIds: [quiet.id, claps.id, short.id], standard: null, copies: true }), 'items')
    expect(rows.map(({ outcome, newItemId }) => ({ outcome, isNew: newItemId !== null }))).toEqual([{ outcome: 'static', isNew: false }, { outcome: 'limited', isNew: true }, { outcome: 'undefined', isNew: false }])
    const copy = room.bench.library.get(rows[1]?.newItemId ?? '')
    expect(copy).toMatchObject({ title: 'vỗ tay (chuẩn hóa)', lengthSamples: claps.lengthSamples, state: 'draft' })
    expect(Math.abs((copy?.loudness?.integratedLufs ?? 0) + 16)).toBeLessThanOrEqual(0.1)
    expect(copy?.loudness?.truePeakDbtp ?? 0).toBeLessThanOrEqual(-1 + 0.05)
    expect(await callRoom(room.sound, 'sound.originOf', { itemId: copy?.id ?? '' })).toMatchObject({ origin: { fromItemId: claps.id, treatment: 'level' } })
  })
  it('holds play gains under the ceiling of the station, also when that is moved', () => {
    const gain = () => room.bench.library.get(claps.id)?.playGainDb ?? NaN
    const before = gain()
    expect(before).toBeCloseTo(-1 - (claps.loudness?.truePeakDbtp ?? 0), 1)
    room.bench.ctx.settings.update({ ceilingDbtp: -3 })
    expect(gain()).toBeCloseTo(before - 2, 2)
    room.bench.ctx.settings.update({ ceilingDbtp: -1 })
    expect(gain()).toBe(before)
  })
  it('can be stopped', async () => {
    const long = await room.item('dài', joined(...Array.from({ length: 20 }, (_, n) => joined(peaky(n + 5), silence(0.1)))))
    const { jobId } = await callRoom(room.sound, 'sound.levelItems', { title: 'Bản tin', itemIds: [long.id], standard: { targetLufs: -14, ceilingDbtp: -1 }, copies: true })
    await new Promise<void>((resolve) => {
      const off = room.bench.ctx.events.on('jobs.changed', (job) => {
        if (job.id === jobId && job.state === 'running') {
          off()
          resolve()
        }
      })
    })
    room.bench.ctx.inside.jobs.cancel(jobId)
    expect((await room.jobEnd(jobId)).state).toBe('cancelled')
    expect(room.bench.library.list().some(({ title }) => title === 'dài (chuẩn hóa)')).toBe(false)
  })
})
