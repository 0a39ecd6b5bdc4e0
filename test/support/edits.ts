import fc from 'fast-check'
import type { Command, Edl, EditContext } from '#common/edl/index.ts'
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
  }
}

export const shelf = [{ itemId: 'a', channels: 1, length: 5_000 }, { itemId: 'b', channels: 2, length: 12_345 }, { itemId: 'c', channels: 2, length: 700 }] as const

const spot = fc.oneof(fc.integer({ min: 0, max: 30_000 }), fc.constantFrom(0, 700, 5_000, 12_345)).map(samples)
const pick = fc.nat(1_000)
const span = fc.tuple(spot, spot).map(([a, b]) => ({ start: samples(Math.min(a, b)), end: samples(Math.max(a, b)) }))
const fade = fc.record({ length: fc.integer({ min: 0, max: 3_000 }).map(samples), shape: fc.constantFrom('linear', 'equalPower', 'sCurve', 'log') })
const gain = fc.constantFrom(-60, -6, -1.5, 0, 3, 24)

/** Commands with choices as numbers; `aim` turns them into ids of the list as it is by then. */
export const wishes = fc.oneof(
  { weight: 4, arbitrary: fc.record({ op: fc.constant('insertItem' as const), item: pick, lane: pick, at: spot, mode: fc.constantFrom('insert', 'overwrite') }) },
  { weight: 4, arbitrary: fc.record({ op: fc.constant('split' as const), at: spot, lane: pick, all: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ op: fc.constant('deleteRange' as const), range: span, ripple: fc.boolean(), lane: pick, all: fc.boolean() }) },
  fc.record({ op: fc.constant('trimTo' as const), range: span, lane: pick, all: fc.boolean() }),
  fc.record({ op: fc.constant('silence' as const), range: span, lane: pick, all: fc.boolean() }),
  { weight: 3, arbitrary: fc.record({ op: fc.constant('trimEdge' as const), clip: pick, edge: fc.constantFrom('start', 'end'), to: spot }) },
  { weight: 3, arbitrary: fc.record({ op: fc.constant('move' as const), clip: pick, lane: pick, to: spot }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('paste' as const), clip: pick, count: fc.integer({ min: 1, max: 3 }), lane: pick, at: spot, mode: fc.constantFrom('insert', 'overwrite') }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('setGain' as const), clip: pick, gainDb: gain }) },
  { weight: 3, arbitrary: fc.record({ op: fc.constant('setFade' as const), clip: pick, edge: fc.constantFrom('in', 'out'), fade }) },
  fc.record({ op: fc.constant('setLane' as const), lane: pick, gainDb: gain, mute: fc.boolean(), solo: fc.boolean() }),
  fc.record({ op: fc.constant('addLane' as const) }),
  fc.record({ op: fc.constant('removeLane' as const), lane: pick }),
  { weight: 2, arbitrary: fc.record({ op: fc.constant('addMarker' as const), at: spot, length: fc.constantFrom(0, 0, 100, 4_000) }) },
  fc.record({ op: fc.constant('removeMarker' as const), marker: pick }),
)
export type Wish = typeof wishes extends fc.Arbitrary<infer W> ? W : never

export function aim(wish: Wish, edl: Edl, items: readonly { itemId: string }[] = shelf): Command {
  const at = <T>(list: readonly T[], n: number): T | undefined => list[list.length === 0 ? 0 : n % list.length]
  const laneId = 'lane' in wish ? (at(edl.lanes, wish.lane)?.id ?? 'none') : 'none'
  const clips = edl.lanes.flatMap((lane) => lane.clips)
  const clipId = 'clip' in wish ? (at(clips, wish.clip)?.id ?? 'none') : 'none'
  const laneIds = 'all' in wish && wish.all ? edl.lanes.map((lane) => lane.id) : [laneId]
  switch (wish.op) {
    case 'insertItem': return { op: wish.op, itemId: at(items, wish.item)?.itemId ?? 'none', laneId, at: wish.at, mode: wish.mode }
    case 'split': return { op: wish.op, at: wish.at, laneIds }
    case 'deleteRange': return { op: wish.op, range: wish.range, ripple: wish.ripple, laneIds }
    case 'trimTo': return { op: wish.op, range: wish.range, laneIds }
    case 'silence': return { op: wish.op, range: wish.range, laneIds }
    case 'trimEdge': return { op: wish.op, clipId, edge: wish.edge, to: wish.to }
    case 'move': return { op: wish.op, clipId, laneId, to: wish.to }
    case 'paste': return { op: wish.op, clips: clips.slice(clips.length === 0 ? 0 : wish.clip % clips.length).slice(0, wish.count), laneId, at: wish.at, mode: wish.mode }
    case 'setGain': return { op: wish.op, clipId, gainDb: wish.gainDb }
    case 'setFade': return { op: wish.op, clipId, edge: wish.edge, fade: wish.fade }
    case 'setLane': return { op: wish.op, laneId, gainDb: wish.gainDb, mute: wish.mute, solo: wish.solo }
    case 'addLane': return { op: wish.op, name: 'Làn' }
    case 'removeLane': return { op: wish.op, laneId }
    case 'addMarker': return { op: wish.op, at: wish.at, length: samples(wish.length), label: 'Đánh dấu' }
    case 'removeMarker': return { op: wish.op, markerId: at(edl.markers, wish.marker)?.id ?? 'none' }
  }
}
