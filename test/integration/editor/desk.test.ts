import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { applyPatches } from '#common/edl/index.ts'
import { samples } from '#common/units/samples.ts'
import type { ProjectState } from '#contract/editor.ts'
import { AppError } from '#contract/errors.ts'
import type { Item } from '#contract/library.ts'
import type { Caller, Room } from '../../../main/station/context.ts'
import { openEditor } from '../../../main/station/editor/index.ts'
import { callerWith, callRoom } from '../../support/context.ts'
import { lan, openLibraryBench } from '../../support/library-room.ts'
import type { LibraryBench } from '../../support/library-room.ts'
import { babble, joined, noise, writeWav } from '../../support/signals.ts'

let bench: LibraryBench
let editor: Room
let voice: Item
let music: Item
const room = (seconds: number) => noise({ dbfs: -66, seconds, seed: 3 })
beforeAll(async () => {
  bench = await openLibraryBench()
  editor = await openEditor(bench.ctx, bench)
  voice = await bench.library.importFile(await writeWav(join(bench.desk, 'loi.wav'), joined(room(2), babble(3), room(4), babble(2, 5), room(1))), { who: lan }).item
  music = await bench.library.importFile(await writeWav(join(bench.desk, 'nhac.wav'), noise({ dbfs: -20, seconds: 15, channels: 2 })), { who: lan }).item
})
afterAll(() => bench[Symbol.asyncDispose]())

const SECOND = 48_000
const lanOf: Caller = { ...callerWith(), connectionId: 'window-of-lan', name: 'Lan' }
const hoaOf: Caller = { ...callerWith(), connectionId: 'window-of-hoa', name: 'Hoa' }
const failure = (work: Promise<unknown>): Promise<unknown> => work.then(() => 'fine', (error: unknown) => (error instanceof AppError ? { code: error.code, ...error.data } : String(error)))
const laneOf = (project: ProjectState, n = 0): string => project.edl.lanes[n]?.id ?? ''
const create = (title: string, ...itemIds: string[]) => callRoom(editor, 'editor.create', { title, itemIds })
const rename = (project: ProjectState, rev: number, name: string, caller = lanOf) => callRoom(editor, 'editor.apply', { projectId: project.id, rev, command: { op: 'renameLane', laneId: laneOf(project), name } }, caller)

describe('the history of a project', () => {
  test('is told whole, with who and when, and any step of it is one jump away', async () => {
    const project = await create('Nhiều bước', voice.id)
    for (let n = 0; n < 130; n++) await rename(project, n, `Làn ${n}`)
    const { undo, redo, rev } = await callRoom(editor, 'editor.history', { projectId: project.id })
    expect([undo.length, redo, rev]).toEqual([130, [], 130])
    expect(undo[0]).toEqual({ name: 'renameLane', at: Math.floor(undo[0]?.at ?? -1), by: 'Lan' })
    const at = await callRoom(editor, 'editor.open', { projectId: project.id })
    const back = await callRoom(editor, 'editor.goTo', { projectId: project.id, rev: 130, steps: -100 }, lanOf)
    // The window applies what it is told to the list it has and then holds the station's.
    const here = applyPatches(at.edl, back.patches)
    const there = await callRoom(editor, 'editor.open', { projectId: project.id })
    expect(here).toEqual(there.edl)
    expect([back.rev, there.edl.lanes[0]?.name]).toEqual([131, 'Làn 29'])
    expect(await callRoom(editor, 'editor.history', { projectId: project.id })).toMatchObject({ undo: { length: 30 }, redo: { length: 100 } })
    const forth = await callRoom(editor, 'editor.goTo', { projectId: project.id, rev: 131, steps: 100 }, lanOf)
    expect(applyPatches(there.edl, forth.patches)).toEqual(at.edl)
    expect(await failure(callRoom(editor, 'editor.goTo', { projectId: project.id, rev: 132, steps: 1 }, lanOf))).toEqual({ code: 'nothing-to-redo' })
    expect(await failure(callRoom(editor, 'editor.goTo', { projectId: project.id, rev: 132, steps: -131 }, lanOf))).toEqual({ code: 'nothing-to-undo' })
    expect(await failure(callRoom(editor, 'editor.goTo', { projectId: project.id, rev: 5, steps: -1 }, lanOf))).toMatchObject({ code: 'edit-conflict', rev: 132 })
  })
})

describe('two windows on one project', () => {
  test('one edits, the other is told who does, takes it over, and the first is told', async () => {
    const seen: (string | null)[] = []
    const project = await create('Hai người', voice.id)
    const off = bench.ctx.events.on('editor.lease', (lease) => {
      if (lease.projectId === project.id) seen.push(lease.holder)
    })
    expect(await callRoom(editor, 'editor.lease', { projectId: project.id }, hoaOf)).toEqual({ lease: null })
    await rename(project, 0, 'Của Lan')
    expect(await callRoom(editor, 'editor.lease', { projectId: project.id }, hoaOf)).toMatchObject({ lease: { holder: 'Lan', mine: false } })
    expect(await callRoom(editor, 'editor.lease', { projectId: project.id }, lanOf)).toMatchObject({ lease: { holder: 'Lan', mine: true } })
    expect(await failure(rename(project, 1, 'Của Hoa', hoaOf))).toEqual({ code: 'edit-lease', holder: 'Lan' })
    expect(await failure(callRoom(editor, 'editor.undo', { projectId: project.id, rev: 1 }, hoaOf))).toEqual({ code: 'edit-lease', holder: 'Lan' })
    expect(await failure(callRoom(editor, 'editor.remove', { projectId: project.id, rev: 1 }, hoaOf))).toEqual({ code: 'edit-lease', holder: 'Lan' })
    expect(await failure(callRoom(editor, 'editor.hold', { projectId: project.id, takeOver: false }, hoaOf))).toEqual({ code: 'edit-lease', holder: 'Lan' })
    expect(await callRoom(editor, 'editor.hold', { projectId: project.id, takeOver: true }, hoaOf)).toMatchObject({ lease: { holder: 'Hoa', mine: true } })
    expect((await rename(project, 1, 'Của Hoa', hoaOf)).rev).toBe(2)
    expect(await failure(rename(project, 2, 'Lại của Lan'))).toEqual({ code: 'edit-lease', holder: 'Hoa' })
    await callRoom(editor, 'editor.release', { projectId: project.id }, lanOf)
    expect(await failure(rename(project, 2, 'Lại của Lan'))).toEqual({ code: 'edit-lease', holder: 'Hoa' })
    await callRoom(editor, 'editor.release', { projectId: project.id }, hoaOf)
    expect((await rename(project, 2, 'Lại của Lan')).rev).toBe(3)
    off()
    expect(seen).toEqual(['Lan', 'Hoa', null, 'Lan'])
  })

  test('a window that is gone holds nothing, and looking on never needs the lease', async () => {
    const project = await create('Đóng cửa sổ', voice.id)
    await rename(project, 0, 'a')
    expect((await callRoom(editor, 'editor.open', { projectId: project.id }, hoaOf)).rev).toBe(1)
    bench.ctx.inside.connections.gone('window-of-lan')
    expect(await callRoom(editor, 'editor.lease', { projectId: project.id }, hoaOf)).toEqual({ lease: null })
    expect((await rename(project, 1, 'b', hoaOf)).rev).toBe(2)
  })
})

describe('a bed under a voice of the library', () => {
  test('goes down where the stored peaks say that somebody speaks, and follows the voice when it is moved', async () => {
    const project = await create('Hạ nền', voice.id)
    const [lane, bed] = [laneOf(project), laneOf(project, 1)]
    await callRoom(editor, 'editor.apply', { projectId: project.id, rev: 0, command: { op: 'insertItem', itemId: music.id, laneId: bed, at: samples(0), mode: 'insert' } }, lanOf)
    const duck = { voiceLaneIds: [lane], reduceDb: 12, attackMs: 200, holdMs: 300, releaseMs: 500, handEdited: false }
    await callRoom(editor, 'editor.apply', { projectId: project.id, rev: 1, command: { op: 'setDuck', laneId: bed, duck } }, lanOf)
    const envelope = async () => (await callRoom(editor, 'editor.open', { projectId: project.id })).edl.lanes[1]?.clips[0]?.envelope ?? []
    const near = async (...seconds: number[]) => {
      const points = await envelope()
      expect(points.map((point) => point.gainDb)).toEqual([0, -12, -12, 0, 0, -12, -12, 0])
      seconds.forEach((second, n) => expect(Math.abs((points[n * 4 + 1]?.at ?? 0) / SECOND - second)).toBeLessThan(0.15))
    }
    await near(2, 9)
    const clipId = project.edl.lanes[0]?.clips[0]?.id ?? ''
    const moved = await callRoom(editor, 'editor.apply', { projectId: project.id, rev: 2, command: { op: 'move', clipId, laneId: lane, to: samples(SECOND) } }, lanOf)
    expect(moved.undo[0]).toBe('move')
    await near(3, 10)
    await callRoom(editor, 'editor.undo', { projectId: project.id, rev: 3 }, lanOf)
    await near(2, 9)
  })

  test('stays down under a whole clip whose peaks are not there', async () => {
    const other = await bench.library.importFile(await writeWav(join(bench.desk, 'khac.wav'), joined(room(1), babble(2, 8), room(2))), { who: lan }).item
    const peaks = join(bench.ctx.folders.peaks, `${other.sha256}.dat`)
    expect((await readFile(peaks)).length).toBeGreaterThan(24)
    await writeFile(peaks, 'no peaks')
    const project = await create('Không có dạng sóng', other.id)
    const bed = laneOf(project, 1)
    await callRoom(editor, 'editor.apply', { projectId: project.id, rev: 0, command: { op: 'insertItem', itemId: music.id, laneId: bed, at: samples(0), mode: 'insert' } }, lanOf)
    const duck = { voiceLaneIds: [laneOf(project)], reduceDb: 12, attackMs: 0, holdMs: 0, releaseMs: 100, handEdited: false }
    await callRoom(editor, 'editor.apply', { projectId: project.id, rev: 1, command: { op: 'setDuck', laneId: bed, duck } }, lanOf)
    const points = (await callRoom(editor, 'editor.open', { projectId: project.id })).edl.lanes[1]?.clips[0]?.envelope
    expect(points).toEqual([{ at: 0, gainDb: -12 }, { at: other.lengthSamples, gainDb: -12 }, { at: other.lengthSamples + 4_800, gainDb: 0 }])
  })
})

describe('a batch', () => {
  test('is one step for the window, and says which command could not be made', async () => {
    const project = await create('Nhiều việc', voice.id)
    const laneIds = [laneOf(project)]
    const cuts = [9, 5, 1].map((second) => ({ op: 'deleteRange' as const, range: { start: samples(second * SECOND), end: samples(second * SECOND + 9_600) }, ripple: true, laneIds }))
    const answer = await callRoom(editor, 'editor.apply', { projectId: project.id, rev: 0, command: { op: 'batch', name: 'tightenPauses', commands: cuts } }, lanOf)
    expect([answer.rev, answer.undo]).toEqual([1, ['tightenPauses']])
    const back = await callRoom(editor, 'editor.undo', { projectId: project.id, rev: 1 }, lanOf)
    expect([back.undo, back.redo]).toEqual([[], ['tightenPauses']])
    const bad = callRoom(editor, 'editor.apply', { projectId: project.id, rev: 2, command: { op: 'batch', name: 'batch', commands: [...cuts, { op: 'removeMarker', markerId: voice.id }] } }, lanOf)
    expect(await failure(bad)).toEqual({ code: 'edit-refused', reason: 'no-marker', index: 3 })
  })
})
