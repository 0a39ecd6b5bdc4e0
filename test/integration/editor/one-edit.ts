import { flushCompileCache } from 'node:module'
import { samples } from '#common/units/samples.ts'
import type { Command, Edl } from '#common/edl/index.ts'
import { OpenProject } from '../../../main/station/editor/project.ts'
import { edits, fingerprint } from './known-edits.ts'

/** Every kind of change once, in an order in which each can be made. The test counts them. */
const s = samples
const context = edits(1_000 + Number(process.argv[3] ?? 0) * 100)
const [a = '', b = '', c = ''] = context.items.map((item) => item.itemId)
const laneId = (edl: Edl, n = 0): string => edl.lanes[n]?.id ?? ''
const clipId = (edl: Edl, n = 0, lane = 0): string => edl.lanes[lane]?.clips[n]?.id ?? ''
const range = (start: number, end: number) => ({ start: s(start), end: s(end) })

const commands: ((edl: Edl) => Command)[] = [
  () => ({ op: 'addLane', name: 'Nhạc', role: 'bed' }),
  (edl) => ({ op: 'insertItem', itemId: b, laneId: laneId(edl), at: s(0), mode: 'insert', range: range(500, 10_000) }),
  (edl) => ({ op: 'insertItem', itemId: a, laneId: laneId(edl, 1), at: s(0), mode: 'overwrite' }),
  (edl) => ({ op: 'setDuck', laneId: laneId(edl, 1), duck: { voiceLaneIds: [laneId(edl)], reduceDb: 10, attackMs: 5, holdMs: 5, releaseMs: 5, handEdited: false } }),
  (edl) => ({ op: 'split', at: s(4_000), laneIds: [laneId(edl)] }),
  (edl) => ({ op: 'crossfade', laneId: laneId(edl), at: s(4_000), length: s(480), shape: 'equalPower' }),
  (edl) => ({ op: 'setEnvelope', clipId: clipId(edl), points: [{ at: s(10), gainDb: -3 }, { at: s(900), gainDb: 0 }] }),
  (edl) => ({ op: 'level', clipId: clipId(edl), gainDb: -2.5, loudness: { integratedLufs: -20.1, rangeLu: 3, truePeakDbtp: -1 } }),
  (edl) => ({ op: 'duplicate', clipId: clipId(edl, 1) }),
  (edl) => ({ op: 'deleteRange', range: range(2_000, 2_500), ripple: true, laneIds: [laneId(edl)] }),
  (edl) => ({ op: 'silence', range: range(300, 400), laneIds: [laneId(edl)] }),
  (edl) => ({ op: 'trimEdge', clipId: clipId(edl), edge: 'end', to: s(250) }),
  (edl) => ({ op: 'move', clipId: clipId(edl), laneId: laneId(edl), to: s(20), mode: 'overwrite' }),
  (edl) => ({ op: 'paste', clips: edl.lanes[0]?.clips.slice(0, 1) ?? [], laneId: laneId(edl), at: s(40_000), mode: 'insert' }),
  (edl) => ({ op: 'pasteLanes', lanes: [{ laneId: laneId(edl), clips: (edl.lanes[0]?.clips.slice(0, 1) ?? []).map((clip) => ({ ...clip, start: s(0) })) }], sources: [], at: s(50_000), length: s(1_000), mode: 'insert' }),
  (edl) => ({ op: 'setGain', clipId: clipId(edl), gainDb: 4 }),
  (edl) => ({ op: 'setFade', clipId: clipId(edl), edge: 'in', fade: { length: s(60), shape: 'sCurve' } }),
  (edl) => ({ op: 'punch', laneId: laneId(edl), at: s(5_000), itemId: c, crossfade: s(100) }),
  (edl) => ({ op: 'useAlternative', clipId: edl.lanes[0]?.clips.find((clip) => clip.alternatives.length > 0)?.id ?? '', index: 0 }),
  (edl) => ({ op: 'replaceClip', clipId: clipId(edl, 0, 1), itemId: b, offset: s(7), length: s(5_100) }),
  (edl) => ({ op: 'revertClip', clipId: clipId(edl, 0, 1) }),
  (edl) => ({ op: 'setLane', laneId: laneId(edl, 1), gainDb: -6, mute: true, solo: false }),
  (edl) => ({ op: 'renameLane', laneId: laneId(edl), name: 'Phát thanh viên' }),
  (edl) => ({ op: 'setRole', laneId: laneId(edl), role: 'voice' }),
  () => ({ op: 'addMarker', at: s(1_000), length: s(0), label: 'Hình 1', kind: 'slide', slideId: 'anh' }),
  (edl) => ({ op: 'setMarker', markerId: edl.markers[0]?.id ?? '', at: s(1_200), length: s(10), label: 'Hình 2' }),
  (edl) => ({ op: 'removeMarker', markerId: edl.markers[0]?.id ?? '' }),
  (edl) => ({ op: 'shift', clipIds: [edl.lanes[0]?.clips.at(-1)?.id ?? ''], by: 700 }),
  () => ({ op: 'setMaster', gainDb: -1, limiter: true, ceilingDbtp: -1.5 }),
  () => ({ op: 'setSlot', startsAtSec: 61_200, length: s(14_400_000) }),
  (edl) => ({ op: 'batch', name: 'levelAll', commands: (edl.lanes[0]?.clips ?? []).map((clip) => ({ op: 'setGain', clipId: clip.id, gainDb: -7 })) }),
  (edl) => ({ op: 'trimTo', range: range(100, 9_000), laneIds: edl.lanes.map((lane) => lane.id) }),
  (edl) => ({ op: 'removeLane', laneId: laneId(edl, 1) }),
]
const changes: ((project: OpenProject) => Promise<unknown>)[] = [
  ...commands.map((make) => (project: OpenProject) => project.apply(project.project.rev, make(project.project.edl), context, 'Lan', 5)),
  (project) => project.undo(project.project.rev, 'Lan', 6),
  (project) => project.redo(project.project.rev, 'Lan', 7),
  (project) => project.goTo(project.project.rev, -20, 'Lan', 8),
  (project) => project.goTo(project.project.rev, 7, 'Lan', 9),
  (project) => project.rename(project.project.rev, 'Tên mới', 'Lan', 10),
]

/** Arguments: folder, number of the change. Prints how many there are, the project as it was opened and as it was answered, and waits to be killed. */
const project = await OpenProject.open(process.argv[2] ?? '', 4)
const opened = fingerprint(project.project)
await changes[Number(process.argv[3])]?.(project)
// Killed, it could not leave to the next what Node made of its sources.
flushCompileCache()
process.stdout.write(`${JSON.stringify({ of: changes.length, opened, answered: fingerprint(project.project), ops: [...new Set(commands.map((make) => make(project.project.edl).op))] })}\n`)
setInterval(() => undefined, 1_000)
