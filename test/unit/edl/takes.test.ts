import { describe, expect, test } from 'vitest'
import { edit, emptyEdl } from '#common/edl/index.ts'
import type { Command } from '#common/edl/index.ts'
import { samples } from '#common/units/samples.ts'
import { counterContext } from '../../support/edits.ts'
import { clipsOf, crossed, cut, idOf, make, refusal, shapeOf, span } from '../../support/edl-tables.ts'

const s = samples
const loud = { integratedLufs: -19.5, rangeLu: 4, truePeakDbtp: -3 }

describe('a punch-in', () => {
  test('joins at the asked sample, crosses over both ends and keeps the old take under the new one', () => {
    const context = counterContext()
    const lanes = make(context, emptyEdl, { op: 'addLane', name: 'Lời' })
    const laneId = lanes.lanes[0]?.id ?? ''
    const old = make(context, lanes, { op: 'insertItem', itemId: 'b', laneId, at: s(0), mode: 'insert' })
    const edl = make(context, old, { op: 'punch', laneId, at: s(2_000), itemId: 'a', crossfade: s(480) })
    expect(shapeOf(edl)).toEqual([[0, 2_480, 0, 0, 480], [2_000, 7_000, 0, 480, 480], [6_520, 12_345, 6_520, 480, 0]])
    expect(clipsOf(edl)[1]?.alternatives).toEqual([{ sourceId: old.sources[0]?.id, offset: 2_000, title: 'Bài b' }])
    const back = make(context, edl, { op: 'useAlternative', clipId: idOf(edl, 1), index: 0 })
    expect(clipsOf(back)[1]).toMatchObject({ sourceId: old.sources[0]?.id, offset: 2_000, length: 5_000, alternatives: [{ sourceId: edl.sources[1]?.id, offset: 0, title: 'Bài a' }] })
    expect(refusal(edl, { op: 'useAlternative', clipId: idOf(edl, 0), index: 0 }, context)).toBe('no-alternative')
  })

  test('past the end of the old take goes on, with what there was as far as its source reaches', () => {
    const { context, edl, laneId } = cut()
    const punched = make(context, edl, { op: 'punch', laneId, at: s(7_000), itemId: 'a', crossfade: s(480) })
    // The last old clip ends at 8 000, its source has 2 345 more: not enough for 5 000, so the new take is two pieces that play as one.
    expect(shapeOf(punched).slice(1)).toEqual([[4_000, 7_480, 6_000, 0, 480], [7_000, 8_000, 0, 480, 0], [8_000, 12_000, 1_000, 0, 0]])
    expect(clipsOf(punched).map((clip) => clip.alternatives.length)).toEqual([0, 0, 1, 0])
  })

  test('over several clips keeps each of them', () => {
    const { context, edl, laneId } = crossed()
    const punched = make(context, edl, { op: 'punch', laneId, at: s(3_000), itemId: 'a', crossfade: s(0) })
    expect(shapeOf(punched)).toEqual([[0, 3_000, 1_000, 0, 0], [3_000, 4_300, 0, 0, 0], [4_300, 8_000, 1_300, 0, 0]])
    expect(clipsOf(punched).map((clip) => clip.alternatives.map((other) => other.offset))).toEqual([[], [4_000], [6_300]])
    const twice = make(context, punched, { op: 'punch', laneId, at: s(3_500), itemId: 'c', crossfade: s(100) })
    expect(clipsOf(twice)[2]?.alternatives.map((other) => other.offset)).toEqual([500, 4_500])
  })

  test('on an empty lane is simply there', () => {
    const context = counterContext()
    const lanes = make(context, emptyEdl, { op: 'addLane', name: 'Lời' })
    const laneId = lanes.lanes[0]?.id ?? ''
    expect(shapeOf(make(context, lanes, { op: 'punch', laneId, at: s(100), itemId: 'c', crossfade: s(480) }))).toEqual([[100, 800, 0, 0, 0]])
    expect(refusal(lanes, { op: 'punch', laneId, at: s(100), itemId: '?', crossfade: s(0) }, context)).toBe('no-item')
  })
})

describe('sound made of a clip', () => {
  test('takes its place, remembers where it came from through cuts, and goes back', () => {
    const { context, edl, laneId } = crossed()
    const cleaned = make(context, edl, { op: 'replaceClip', clipId: idOf(edl, 0), itemId: 'a', offset: s(100), length: s(4_300) })
    expect(shapeOf(cleaned)).toEqual([[0, 4_300, 100, 0, 600], [3_700, 8_000, 5_700, 600, 0]])
    expect(clipsOf(cleaned)[0]?.original).toEqual({ sourceId: edl.sources[0]?.id, offset: 1_000, length: 4_300 })
    const parts = make(context, cleaned, { op: 'split', at: s(2_000), laneIds: [laneId] }, { op: 'revertClip', clipId: idOf(cleaned, 0) })
    expect(clipsOf(parts).map((clip) => [clip.offset, clip.length, clip.original?.offset ?? null])).toEqual([[1_000, 2_000, null], [2_100, 2_300, 3_000], [5_700, 4_300, null]])
    expect(refusal(parts, { op: 'revertClip', clipId: idOf(parts, 0) }, context)).toBe('no-original')
  })

  test('of another length moves what follows, its markers and its envelope, and back', () => {
    const { context, edl, laneId } = crossed()
    const points = [{ at: s(1_000), gainDb: -3 }, { at: s(4_300), gainDb: 0 }]
    const drawn = make(context, edl, { op: 'setEnvelope', clipId: idOf(edl, 0), points }, { op: 'addMarker', at: s(2_150), length: s(0), label: 'giữa' }, { op: 'addMarker', at: s(6_000), length: s(0), label: 'sau' })
    const stretched = make(context, drawn, { op: 'replaceClip', clipId: idOf(edl, 0), itemId: 'a', offset: s(0), length: s(4_600) })
    expect(shapeOf(stretched)).toEqual([[0, 4_600, 0, 0, 600], [4_000, 8_300, 5_700, 600, 0]])
    expect(stretched.markers.map((marker) => marker.at)).toEqual([2_300, 6_300])
    expect(clipsOf(stretched)[0]?.envelope).toEqual([{ at: 1_070, gainDb: -3 }, { at: 4_600, gainDb: 0 }])
    const half = make(context, stretched, { op: 'split', at: s(2_300), laneIds: [laneId] })
    expect(clipsOf(half).slice(0, 2).map((clip) => clip.original)).toEqual([{ sourceId: edl.sources[0]?.id, offset: 1_000, length: 2_150 }, { sourceId: edl.sources[0]?.id, offset: 3_150, length: 2_150 }])
    expect(shapeOf(make(context, stretched, { op: 'revertClip', clipId: idOf(edl, 0) }))).toEqual(shapeOf(edl))
    expect(refusal(edl, { op: 'replaceClip', clipId: idOf(edl, 0), itemId: 'a', offset: s(1_000), length: s(4_300) }, context)).toBe('outside-source')
    expect(refusal(edl, { op: 'replaceClip', clipId: idOf(edl, 0), itemId: 'c', offset: s(0), length: s(500) }, context)).toBe('fade-too-long')
  })
})

describe('a measured loudness', () => {
  test('stays with gain, fades and moves, and goes when other sound is played', () => {
    const { context, edl, laneId } = cut()
    const clipId = idOf(edl, 0)
    const levelled = make(context, edl, { op: 'level', clipId, gainDb: -3.5, loudness: loud })
    expect(clipsOf(levelled)[0]).toMatchObject({ gainDb: -3.5, loudness: loud })
    expect(refusal(levelled, { op: 'level', clipId, gainDb: -3.5, loudness: { ...loud } }, context)).toBe('no-change')
    const kept: Command[] = [{ op: 'setGain', clipId, gainDb: 0 }, { op: 'setFade', clipId, edge: 'in', fade: { length: s(100), shape: 'log' } }, { op: 'move', clipId, laneId, to: s(9_000) }, { op: 'split', at: s(5_000), laneIds: [laneId] }]
    const lost: Command[] = [{ op: 'split', at: s(1_000), laneIds: [laneId] }, { op: 'trimEdge', clipId, edge: 'start', to: s(10) }, { op: 'crossfade', laneId, at: s(4_000), length: s(100), shape: 'linear' }, { op: 'replaceClip', clipId, itemId: 'b', offset: s(0), length: s(4_000) }]
    const after = (command: Command) => make(context, levelled, command).lanes[0]?.clips.find((clip) => clip.id === clipId)?.loudness ?? null
    expect(kept.map(after)).toEqual([loud, loud, loud, loud])
    expect(lost.map(after)).toEqual([null, null, null, null])
  })
})

describe('lanes, markers, master and slot', () => {
  test('are set and refused like clips', () => {
    const { context, edl, laneId } = cut()
    const set = make(
      context, edl, { op: 'renameLane', laneId, name: 'Phát thanh viên' }, { op: 'setRole', laneId, role: 'voice' }, { op: 'setMaster', gainDb: -2, limiter: true, ceilingDbtp: -1.5 }, { op: 'setSlot', startsAtSec: 61_200, length: s(14_400_000) },
      { op: 'addMarker', at: s(5_000), length: s(0), label: 'Hình', kind: 'slide', slideId: 'anh-1' }, { op: 'addMarker', at: s(6_000), length: s(10), label: 'Vùng' },
    )
    expect(set.lanes[0]).toMatchObject({ name: 'Phát thanh viên', role: 'voice' })
    expect(set).toMatchObject({ master: { gainDb: -2, limiter: true, ceilingDbtp: -1.5 }, slot: { startsAtSec: 61_200, length: 14_400_000 } })
    const markerId = set.markers[0]?.id ?? ''
    const moved = make(context, set, { op: 'setMarker', markerId, at: s(7_000), length: s(5), label: 'Hình chợ', slideId: 'anh-2' })
    expect(moved.markers.map((marker) => [marker.at, marker.length, marker.label, marker.kind, marker.slideId])).toEqual([[6_000, 10, 'Vùng', 'marker', null], [7_000, 5, 'Hình chợ', 'slide', 'anh-2']])
    for (const command of [
      { op: 'renameLane', laneId, name: 'Phát thanh viên' }, { op: 'setRole', laneId, role: 'voice' }, { op: 'setMaster', gainDb: -2, limiter: true, ceilingDbtp: -1.5 }, { op: 'setSlot', startsAtSec: 61_200, length: s(14_400_000) },
      { op: 'setMarker', markerId, at: s(5_000), length: s(0), label: 'Hình' },
    ] satisfies Command[]) expect([command.op, refusal(set, command, context)]).toEqual([command.op, 'no-change'])
    expect(refusal(set, { op: 'setMarker', markerId: '?', at: s(0), length: s(0), label: '' }, context)).toBe('no-marker')
  })
})

describe('a batch', () => {
  test('is one step, passes over what changes nothing, and is refused as a whole with the place of what could not be done', () => {
    const { context, edl, laneId } = cut()
    const result = edit(edl, { op: 'batch', name: 'tightenPauses', commands: [
      { op: 'deleteRange', range: span(9_000, 9_500), ripple: true, laneIds: [laneId] },
      { op: 'deleteRange', range: span(6_000, 6_500), ripple: true, laneIds: [laneId] },
      { op: 'deleteRange', range: span(1_000, 1_500), ripple: true, laneIds: [laneId] },
      { op: 'setGain', clipId: idOf(edl, 0), gainDb: 0 },
    ] }, context)
    if ('refused' in result) throw new Error(result.refused)
    expect(result.name).toBe('tightenPauses')
    expect(shapeOf(result.edl).map(([from, to, offset]) => [from, to, offset])).toEqual([[0, 1_000, 1_000], [1_000, 3_500, 2_500], [3_500, 5_500, 6_000], [5_500, 7_000, 8_500]])
    const bad = edit(edl, { op: 'batch', name: 'batch', commands: [{ op: 'addLane', name: 'x' }, { op: 'setGain', clipId: '?', gainDb: 1 }] }, context)
    expect(bad).toEqual({ refused: 'no-clip', index: 1 })
    expect(refusal(edl, { op: 'batch', name: 'batch', commands: [{ op: 'setGain', clipId: idOf(edl, 0), gainDb: 0 }] }, context)).toBe('no-change')
  })

  test('writes its markers down once, however many ripples move them', () => {
    const { context, edl, laneId } = cut()
    const marked = make(context, edl, ...Array.from({ length: 100 }, (_, n): Command => ({ op: 'addMarker', at: s(6_000 + n), length: s(0), label: `m${n}` })))
    const result = edit(marked, { op: 'batch', name: 'tightenPauses', commands: Array.from({ length: 50 }, (_, n): Command & { op: 'deleteRange' } => ({ op: 'deleteRange', range: span(5_900 - n * 100, 5_910 - n * 100), ripple: true, laneIds: [laneId] })) }, context)
    if ('refused' in result) throw new Error(result.refused)
    expect(result.patches.filter((patch) => patch.kind === 'markers')).toHaveLength(1)
    expect(result.edl.markers.map((marker) => marker.at)).toEqual(Array.from({ length: 100 }, (_, n) => 5_500 + n))
  })
})
