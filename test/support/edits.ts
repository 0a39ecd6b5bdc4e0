import fc from 'fast-check'
import { copyLanes } from '#common/edl/index.ts'
import type { Command, Edl, EditContext, SingleCommand } from '#common/edl/index.ts'
import { samples } from '#common/units/samples.ts'

export const quiet = { length: samples(0), shape: 'linear' } as const

/** Ids in order, so that a failure can be read. */
export function counterContext(items: readonly { itemId: string; channels: number; length: number }[] = shelf): EditContext {
  let n = 0
  return {
    newId: () => `id${++n}`,
    item: (itemId) => {
      const found = items.find((item) => item.itemId === itemId)
      return found === undefined ? null : { itemId, title: `Bài ${itemId}`, sha256: itemId.padEnd(64, '0'), channels: found.channels, length: samples(found.length) }
    },
    speech: (source) => (source.itemId === 'c' ? null : spoken(source.length)),
  }
}

/** A word of 300 samples every 900: enough for a bed to go down and come up between. */
const spoken = (length: number) => Array.from({ length: Math.floor(length / 900) }, (_, n) => ({ start: samples(n * 900 + 100), end: samples(n * 900 + 400) }))

export const shelf = [{ itemId: 'a', channels: 1, length: 5_000 }, { itemId: 'b', channels: 2, length: 12_345 }, { itemId: 'c', channels: 2, length: 700 }] as const

const spot = fc.oneof(fc.integer({ min: 0, max: 30_000 }), fc.constantFrom(0, 700, 5_000, 12_345)).map(samples)
const pick = fc.nat(1_000)
const span = fc.tuple(spot, spot).map(([a, b]) => ({ start: samples(Math.min(a, b)), end: samples(Math.max(a, b)) }))
const shape = fc.constantFrom('linear', 'equalPower', 'sCurve', 'log')
const fade = fc.record({ length: fc.integer({ min: 0, max: 3_000 }).map(samples), shape })
const gain = fc.constantFrom(-60, -6, -1.5, 0, 3, 24)
const put = fc.constantFrom('insert', 'overwrite')
const short = fc.constantFrom(0, 0, 100, 4_000).map(samples)

const singles = [
  { weight: 4, arbitrary: fc.record({ op: fc.constant('insertItem' as const), item: pick, lane: pick, at: spot, mode: put, part: fc.option(span, { nil: undefined, freq: 2 }) }) },
  { weight: 4, arbitrary: fc.record({ op: fc.constant('split' as const), at: spot, lane: pick, all: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ op: fc.constant('deleteRange' as const), range: span, ripple: fc.boolean(), lane: pick, all: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('trimTo' as const), range: span, lane: pick, all: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('silence' as const), range: span, lane: pick, all: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ op: fc.constant('trimEdge' as const), clip: pick, edge: fc.constantFrom('start', 'end'), to: spot, near: fc.boolean(), over: fc.constantFrom('refuse', 'crossfade', undefined) }) },
  { weight: 6, arbitrary: fc.record({ op: fc.constant('move' as const), clip: pick, lane: pick, to: spot, near: fc.boolean(), mode: fc.constantFrom('refuse', 'crossfade', 'overwrite', 'ripple', undefined) }) },
  { weight: 3, arbitrary: fc.record({ op: fc.constant('shift' as const), clip: pick, count: fc.integer({ min: 1, max: 4 }), by: fc.integer({ min: -3_000, max: 3_000 }) }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('duplicate' as const), clip: pick }) },
  { weight: 6, arbitrary: fc.record({ op: fc.constant('crossfade' as const), clip: pick, length: fc.constantFrom(0, 1, 240, 480, 3_000).map(samples), shape }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('paste' as const), clip: pick, count: fc.integer({ min: 1, max: 3 }), lane: pick, at: spot, mode: put }) },
  { weight: 3, arbitrary: fc.record({ op: fc.constant('pasteLanes' as const), range: span, at: spot, mode: put }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('setGain' as const), clip: pick, gainDb: gain }) },
  { weight: 3, arbitrary: fc.record({ op: fc.constant('setFade' as const), clip: pick, edge: fc.constantFrom('in', 'out'), fade }) },
  { weight: 3, arbitrary: fc.record({ op: fc.constant('setEnvelope' as const), clip: pick, points: fc.array(fc.record({ share: fc.nat(100), gainDb: gain }), { maxLength: 6 }) }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('level' as const), clip: pick, gainDb: gain }) },
  { weight: 3, arbitrary: fc.record({ op: fc.constant('punch' as const), lane: pick, at: spot, item: pick, crossfade: fc.constantFrom(0, 240, 480).map(samples) }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('useAlternative' as const), clip: pick, index: fc.nat(2) }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('replaceClip' as const), clip: pick, item: pick, offset: spot, length: spot }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('revertClip' as const), clip: pick }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('setLane' as const), lane: pick, gainDb: gain, mute: fc.boolean(), solo: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('renameLane' as const), lane: pick, name: fc.constantFrom('Lời', 'Nền') }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('setRole' as const), lane: pick, role: fc.constantFrom('voice', 'bed', 'other') }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('setDuck' as const), lane: pick, voice: pick, on: fc.boolean(), hand: fc.boolean(), ms: fc.constantFrom(0, 1, 5, 20) }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('addLane' as const) }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('removeLane' as const), lane: pick }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('addMarker' as const), at: spot, length: short, kind: fc.constantFrom('marker', 'slide', 'chapter', undefined) }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('setMarker' as const), marker: pick, at: spot, length: short }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('removeMarker' as const), marker: pick }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('setMaster' as const), gainDb: gain, limiter: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('setSlot' as const), startsAtSec: fc.constantFrom(null, 18_000), length: short }) },
] as const

const single = fc.oneof(...singles)
/** Commands with choices as numbers; `aim` turns them into ids of the list as it is by then. */
export const wishes = fc.oneof({ weight: 20, arbitrary: single }, { weight: 1, arbitrary: fc.record({ op: fc.constant('batch' as const), wishes: fc.array(single, { minLength: 1, maxLength: 6 }) }) })
type SingleWish = typeof single extends fc.Arbitrary<infer W> ? W : never
export type Wish = typeof wishes extends fc.Arbitrary<infer W> ? W : never

const at = <T>(list: readonly T[], n: number): T | undefined => list[list.length === 0 ? 0 : n % list.length]

export function aim(wish: Wish, edl: Edl, items: readonly { itemId: string }[] = shelf): Command {
  return wish.op === 'batch' ? { op: 'batch', name: 'batch', commands: wish.wishes.map((one) => aimOne(one, edl, items)) } : aimOne(wish, edl, items)
}

function aimOne(wish: SingleWish, edl: Edl, items: readonly { itemId: string }[]): SingleCommand {
  const laneId = 'lane' in wish ? (at(edl.lanes, wish.lane)?.id ?? 'none') : 'none'
  const clips = edl.lanes.flatMap((lane) => lane.clips)
  const clip = 'clip' in wish ? at(clips, wish.clip) : undefined
  const clipId = clip?.id ?? 'none'
  const itemId = 'item' in wish ? (at(items, wish.item)?.itemId ?? 'none') : 'none'
  const laneIds = 'all' in wish && wish.all ? edl.lanes.map((lane) => lane.id) : [laneId]
  const markerId = 'marker' in wish ? (at(edl.markers, wish.marker)?.id ?? 'none') : 'none'
  switch (wish.op) {
    case 'insertItem': return { op: wish.op, itemId, laneId, at: wish.at, mode: wish.mode, range: wish.part }
    case 'split': return { op: wish.op, at: wish.at, laneIds }
    case 'deleteRange': return { op: wish.op, range: wish.range, ripple: wish.ripple, laneIds }
    case 'trimTo': return { op: wish.op, range: wish.range, laneIds }
    case 'silence': return { op: wish.op, range: wish.range, laneIds }
    case 'trimEdge': return { op: wish.op, clipId, edge: wish.edge, to: wish.near && clip !== undefined ? samples(Math.max(0, (wish.edge === 'start' ? clip.start : clip.start + clip.length) + (wish.to % 900) - 450)) : wish.to, over: wish.over }
    // Near: a little to the left of where it lies, so that neighbours overlap.
    case 'move': return { op: wish.op, clipId, laneId: wish.near ? (edl.lanes.find((lane) => lane.clips.some((one) => one.id === clipId))?.id ?? laneId) : laneId, to: wish.near && clip !== undefined ? samples(Math.max(0, clip.start - (wish.to % 500))) : wish.to, mode: wish.mode }
    case 'shift': return { op: wish.op, clipIds: clips.slice(clips.length === 0 ? 0 : wish.clip % clips.length).slice(0, wish.count).map((one) => one.id), by: wish.by }
    case 'duplicate': return { op: wish.op, clipId }
    case 'crossfade': return { op: wish.op, laneId: edl.lanes.find((lane) => lane.clips.some((one) => one.id === clipId))?.id ?? laneId, at: clip?.start ?? samples(0), length: wish.length, shape: wish.shape }
    case 'paste': return { op: wish.op, clips: clips.slice(clips.length === 0 ? 0 : wish.clip % clips.length).slice(0, wish.count), laneId, at: wish.at, mode: wish.mode }
    case 'pasteLanes': return { op: wish.op, ...copyLanes(edl, edl.lanes.map((lane) => lane.id), wish.range), at: wish.at, mode: wish.mode }
    case 'setGain': return { op: wish.op, clipId, gainDb: wish.gainDb }
    case 'setFade': return { op: wish.op, clipId, edge: wish.edge, fade: wish.fade }
    case 'setEnvelope': {
      const places = [...new Map(wish.points.map((point) => [Math.floor(((clip?.length ?? 0) * point.share) / 100), point.gainDb]))].sort((a, b) => a[0] - b[0])
      return { op: wish.op, clipId, points: places.map(([place, gainDb]) => ({ at: samples(place), gainDb })) }
    }
    case 'level': return { op: wish.op, clipId, gainDb: wish.gainDb, loudness: { integratedLufs: -20 - wish.gainDb, rangeLu: 3, truePeakDbtp: -2 } }
    case 'punch': return { op: wish.op, laneId, at: wish.at, itemId, crossfade: wish.crossfade }
    case 'useAlternative': return { op: wish.op, clipId, index: wish.index }
    case 'replaceClip': return { op: wish.op, clipId, itemId, offset: samples(wish.offset % 400), length: samples(wish.length % 6_000) }
    case 'revertClip': return { op: wish.op, clipId }
    case 'setLane': return { op: wish.op, laneId, gainDb: wish.gainDb, mute: wish.mute, solo: wish.solo }
    case 'renameLane': return { op: wish.op, laneId, name: wish.name }
    case 'setRole': return { op: wish.op, laneId, role: wish.role }
    case 'setDuck': return { op: wish.op, laneId, duck: wish.on ? { voiceLaneIds: [at(edl.lanes, wish.voice)?.id ?? 'none'], reduceDb: 12, attackMs: wish.ms, holdMs: wish.ms * 2, releaseMs: wish.ms, handEdited: wish.hand } : null }
    case 'addLane': return { op: wish.op, name: 'Làn' }
    case 'removeLane': return { op: wish.op, laneId }
    case 'addMarker': return { op: wish.op, at: wish.at, length: wish.length, label: 'Đánh dấu', kind: wish.kind, slideId: 'hinh-1' }
    case 'setMarker': return { op: wish.op, markerId, at: wish.at, length: wish.length, label: 'Sửa' }
    case 'removeMarker': return { op: wish.op, markerId }
    case 'setMaster': return { op: wish.op, gainDb: wish.gainDb, limiter: wish.limiter, ceilingDbtp: -1 }
    case 'setSlot': return { op: wish.op, startsAtSec: wish.startsAtSec, length: wish.length }
  }
}
