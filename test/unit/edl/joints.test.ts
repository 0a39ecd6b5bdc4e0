import { describe, expect, test } from 'vitest'
import { areJoined, copyLanes, copyRange, emptyEdl, envelopeDbAt } from '#common/edl/index.ts'
import { samples } from '#common/units/samples.ts'
import { counterContext } from '../../support/edits.ts'
import { clipsOf, crossed, cut, idOf, make, refusal, shapeOf, span } from '../../support/edl-tables.ts'

const s = samples

describe('a crossfade', () => {
  test('reaches into unused sound on both sides of the cut and nothing moves', () => {
    const { edl } = crossed()
    expect(shapeOf(edl)).toEqual([[0, 4_300, 1_000, 0, 600], [3_700, 8_000, 5_700, 600, 0]])
    expect(clipsOf(edl).map((clip) => [clip.fadeIn.shape, clip.fadeOut.shape])).toEqual([['linear', 'equalPower'], ['equalPower', 'linear']])
  })

  test('takes more from the side that has more', () => {
    const context = counterContext()
    const lanes = make(context, emptyEdl, { op: 'addLane', name: 'Lời' })
    const laneId = lanes.lanes[0]?.id ?? ''
    const edl = make(context, lanes, { op: 'insertItem', itemId: 'c', laneId, at: s(0), mode: 'insert' }, { op: 'insertItem', itemId: 'b', laneId, at: s(700), mode: 'insert', range: span(500, 4_000) })
    expect(shapeOf(make(context, edl, { op: 'crossfade', laneId, at: s(700), length: s(300), shape: 'linear' }))).toEqual([[0, 700, 0, 0, 300], [400, 4_200, 200, 300, 0]])
    expect(refusal(edl, { op: 'crossfade', laneId, at: s(700), length: s(501), shape: 'linear' }, context)).toBe('no-handle')
  })

  test('is made longer, shorter and none again about its middle', () => {
    const { context, edl, laneId } = crossed()
    const at = s(3_900)
    expect(shapeOf(make(context, edl, { op: 'crossfade', laneId, at, length: s(1_000), shape: 'equalPower' }))).toEqual([[0, 4_500, 1_000, 0, 1_000], [3_500, 8_000, 5_500, 1_000, 0]])
    expect(shapeOf(make(context, edl, { op: 'crossfade', laneId, at, length: s(0), shape: 'equalPower' }))).toEqual([[0, 4_000, 1_000, 0, 0], [4_000, 8_000, 6_000, 0, 0]])
    expect(refusal(edl, { op: 'crossfade', laneId, at, length: s(600), shape: 'equalPower' }, context)).toBe('no-change')
    expect(refusal(edl, { op: 'crossfade', laneId, at: s(100), length: s(600), shape: 'equalPower' }, context)).toBe('no-joint')
    expect(refusal(cut().edl, { op: 'crossfade', laneId, at: s(4_000), length: s(0), shape: 'linear' }, context)).toBe('no-change')
  })

  test('follows the handles of its fades and its edges', () => {
    const { context, edl } = crossed()
    const [left, right] = [idOf(edl, 0), idOf(edl, 1)]
    expect(shapeOf(make(context, edl, { op: 'setFade', clipId: left, edge: 'out', fade: { length: s(200), shape: 'linear' } }))).toEqual([[0, 4_300, 1_000, 0, 200], [4_100, 8_000, 6_100, 200, 0]])
    expect(shapeOf(make(context, edl, { op: 'setFade', clipId: right, edge: 'in', fade: { length: s(900), shape: 'linear' } }))).toEqual([[0, 4_600, 1_000, 0, 900], [3_700, 8_000, 5_700, 900, 0]])
    expect(shapeOf(make(context, edl, { op: 'trimEdge', clipId: left, edge: 'end', to: s(3_800) }))).toEqual([[0, 3_800, 1_000, 0, 100], [3_700, 8_000, 5_700, 100, 0]])
    expect(shapeOf(make(context, edl, { op: 'trimEdge', clipId: left, edge: 'end', to: s(3_000) }))).toEqual([[0, 3_000, 1_000, 0, 0], [3_700, 8_000, 5_700, 0, 0]])
    expect(shapeOf(make(context, edl, { op: 'trimEdge', clipId: right, edge: 'start', to: s(3_000) }))).toEqual([[0, 4_300, 1_000, 0, 1_300], [3_000, 8_000, 5_000, 1_300, 0]])
    expect(refusal(edl, { op: 'trimEdge', clipId: left, edge: 'start', to: s(3_800) }, context)).toBe('too-short')
  })

  test('comes of an edge that is drawn over its neighbour, when that is asked for', () => {
    const { context, edl } = cut()
    expect(shapeOf(make(context, edl, { op: 'trimEdge', clipId: idOf(edl, 0), edge: 'end', to: s(4_250), over: 'crossfade' }))).toEqual([[0, 4_250, 1_000, 0, 250], [4_000, 8_000, 6_000, 250, 0]])
    expect(shapeOf(make(context, edl, { op: 'trimEdge', clipId: idOf(edl, 1), edge: 'start', to: s(3_900), over: 'crossfade' }))).toEqual([[0, 4_000, 1_000, 0, 100], [3_900, 8_000, 5_900, 100, 0]])
    expect(refusal(edl, { op: 'trimEdge', clipId: idOf(edl, 0), edge: 'end', to: s(8_100), over: 'crossfade' }, context)).toBe('fade-too-long')
    expect(refusal(edl, { op: 'trimEdge', clipId: idOf(edl, 0), edge: 'end', to: s(4_250) }, context)).toBe('overlap')
  })

  test('becomes a cut where it is split, and nothing half is left by deleting into it', () => {
    const { context, edl, laneId } = crossed()
    expect(shapeOf(make(context, edl, { op: 'split', at: s(4_100), laneIds: [laneId] }))).toEqual([[0, 4_100, 1_000, 0, 0], [4_100, 8_000, 6_100, 0, 0]])
    expect(shapeOf(make(context, edl, { op: 'deleteRange', range: span(4_000, 5_000), ripple: true, laneIds: [laneId] }))).toEqual([[0, 4_000, 1_000, 0, 0], [4_000, 7_000, 7_000, 0, 0]])
    expect(shapeOf(make(context, edl, { op: 'deleteRange', range: span(3_000, 4_000), ripple: true, laneIds: [laneId] }))).toEqual([[0, 3_000, 1_000, 0, 0], [3_000, 7_000, 6_000, 0, 0]])
    expect(shapeOf(make(context, edl, { op: 'deleteRange', range: span(3_900, 4_000), ripple: true, laneIds: [laneId] }))).toEqual([[0, 3_900, 1_000, 0, 0], [3_900, 7_900, 6_000, 0, 0]])
    expect(shapeOf(make(context, edl, { op: 'deleteRange', range: span(1_000, 2_000), ripple: true, laneIds: [laneId] }))).toEqual([[0, 1_000, 1_000, 0, 0], [1_000, 3_300, 3_000, 0, 600], [2_700, 7_000, 5_700, 600, 0]])
    expect(shapeOf(make(context, edl, { op: 'insertItem', itemId: 'c', laneId, at: s(4_000), mode: 'insert' }))).toEqual([[0, 4_000, 1_000, 0, 0], [4_000, 4_700, 0, 0, 0], [4_700, 8_700, 6_000, 0, 0]])
  })

  test('goes into the clipboard whole, or not at all', () => {
    const { context, edl, laneId } = crossed()
    const whole = copyRange(edl, laneId, span(3_000, 5_000))
    expect(shapeOf(make(context, edl, { op: 'paste', clips: whole, laneId, at: s(9_000), mode: 'insert' })).slice(2)).toEqual([[9_000, 10_300, 4_000, 0, 600], [9_700, 11_000, 5_700, 600, 0]])
    expect(copyRange(edl, laneId, span(4_000, 5_000)).map((clip) => [clip.start, clip.length, clip.fadeIn.length])).toEqual([[4_000, 1_000, 0]])
    expect(copyRange(edl, laneId, span(3_000, 4_000)).map((clip) => [clip.start, clip.length, clip.fadeOut.length])).toEqual([[3_000, 1_000, 0]])
    expect(refusal(edl, { op: 'paste', clips: whole.map((clip) => ({ ...clip, fadeIn: { length: s(1), shape: 'linear' as const } })), laneId, at: s(9_000), mode: 'insert' }, context)).toBe('overlap')
  })
})

describe('moving', () => {
  test('onto a neighbour with `crossfade` makes one of the overlap, and away from it takes it back', () => {
    const { context, edl, laneId } = cut()
    const right = idOf(edl, 1)
    const over = make(context, edl, { op: 'move', clipId: right, laneId, to: s(3_500), mode: 'crossfade' })
    expect(shapeOf(over)).toEqual([[0, 4_000, 1_000, 0, 500], [3_500, 7_500, 6_000, 500, 0]])
    expect(clipsOf(over)[0]?.fadeOut.shape).toBe('equalPower')
    const nearer = make(context, over, { op: 'move', clipId: right, laneId, to: s(3_200), mode: 'crossfade' })
    expect(shapeOf(nearer)).toEqual([[0, 4_000, 1_000, 0, 800], [3_200, 7_200, 6_000, 800, 0]])
    expect(shapeOf(make(context, nearer, { op: 'move', clipId: right, laneId, to: s(5_000), mode: 'crossfade' }))).toEqual([[0, 4_000, 1_000, 0, 0], [5_000, 9_000, 6_000, 0, 0]])
    expect(refusal(edl, { op: 'move', clipId: right, laneId, to: s(0), mode: 'crossfade' }, context)).toBe('overlap')
  })

  test('between two clips crosses into both, and never three at once', () => {
    const { context, edl, laneId } = cut()
    const apart = make(context, edl, { op: 'move', clipId: idOf(edl, 1), laneId, to: s(6_000) }, { op: 'insertItem', itemId: 'a', laneId, at: s(12_000), mode: 'insert', range: span(0, 2_600) })
    const between = make(context, apart, { op: 'move', clipId: idOf(apart, 2), laneId, to: s(3_700), mode: 'crossfade' })
    expect(shapeOf(between)).toEqual([[0, 4_000, 1_000, 0, 300], [3_700, 6_300, 0, 300, 300], [6_000, 10_000, 6_000, 300, 0]])
    const joined = crossed()
    const third = make(joined.context, joined.edl, { op: 'insertItem', itemId: 'c', laneId: joined.laneId, at: s(20_000), mode: 'insert' })
    expect(refusal(third, { op: 'move', clipId: idOf(third, 2), laneId: joined.laneId, to: s(3_800), mode: 'crossfade' }, joined.context)).toBe('overlap')
  })

  test('with `overwrite` cuts away what is there', () => {
    const { context, edl, laneId } = crossed()
    const third = make(context, edl, { op: 'insertItem', itemId: 'c', laneId, at: s(20_000), mode: 'insert' })
    expect(shapeOf(make(context, third, { op: 'move', clipId: idOf(third, 2), laneId, to: s(3_800), mode: 'overwrite' }))).toEqual([[0, 3_800, 1_000, 0, 0], [3_800, 4_500, 0, 0, 0], [4_500, 8_000, 6_500, 0, 0]])
  })

  test('with `ripple` closes up where it was, opens where it goes, and takes its markers along', () => {
    const { context, edl, laneId } = cut()
    const three = make(context, edl, { op: 'insertItem', itemId: 'c', laneId, at: s(8_000), mode: 'insert' }, { op: 'addMarker', at: s(8_100), length: s(0), label: 'c' }, { op: 'addMarker', at: s(5_000), length: s(0), label: 'b' })
    const moved = make(context, three, { op: 'move', clipId: idOf(three, 2), laneId, to: s(0), mode: 'ripple' })
    expect(shapeOf(moved)).toEqual([[0, 700, 0, 0, 0], [700, 4_700, 1_000, 0, 0], [4_700, 8_700, 6_000, 0, 0]])
    expect(moved.markers.map((marker) => [marker.label, marker.at])).toEqual([['c', 100], ['b', 5_700]])
    expect(shapeOf(make(context, three, { op: 'move', clipId: idOf(three, 0), laneId, to: s(4_000), mode: 'ripple' }))).toEqual([[0, 4_000, 6_000, 0, 0], [4_000, 8_000, 1_000, 0, 0], [8_000, 8_700, 0, 0, 0]])
  })

  test('is taken back whole when it cannot be done', () => {
    const { context, edl, laneId } = crossed()
    const before = JSON.stringify(edl)
    expect(refusal(edl, { op: 'move', clipId: idOf(edl, 1), laneId, to: s(1), mode: 'refuse' }, context)).toBe('overlap')
    expect(refusal(edl, { op: 'batch', name: 'batch', commands: [{ op: 'setGain', clipId: idOf(edl, 0), gainDb: 3 }, { op: 'move', clipId: idOf(edl, 1), laneId, to: s(1) }] }, context)).toBe('overlap')
    expect(JSON.stringify(edl)).toBe(before)
  })
})

describe('a double', () => {
  test('stands behind its clip, makes room, and takes over the crossfade that followed', () => {
    const { context, edl } = crossed()
    expect(shapeOf(make(context, edl, { op: 'duplicate', clipId: idOf(edl, 0) }))).toEqual([[0, 4_300, 1_000, 0, 0], [4_300, 8_600, 1_000, 0, 600], [8_000, 12_300, 5_700, 600, 0]])
    expect(shapeOf(make(context, edl, { op: 'duplicate', clipId: idOf(edl, 1) }))).toEqual([[0, 4_300, 1_000, 0, 600], [3_700, 8_000, 5_700, 600, 0], [8_000, 12_300, 5_700, 0, 0]])
  })
})

describe('several lanes', () => {
  test('are copied and put back together, with the silence between, also into another project', () => {
    const { context, edl, laneId } = crossed()
    const two = make(context, edl, { op: 'addLane', name: 'Nhạc' })
    const music = two.lanes[1]?.id ?? ''
    const both = make(context, two, { op: 'insertItem', itemId: 'a', laneId: music, at: s(3_000), mode: 'insert' })
    const piece = copyLanes(both, [laneId, music], span(2_000, 6_000))
    expect(piece).toMatchObject({ length: 4_000, lanes: [{ clips: [{ start: 0, length: 2_300 }, { start: 1_700, length: 2_300 }] }, { clips: [{ start: 1_000, length: 3_000 }] }] })
    const put = make(context, both, { op: 'pasteLanes', ...piece, at: s(10_000), mode: 'insert' })
    expect(shapeOf(put).slice(2)).toEqual([[10_000, 12_300, 3_000, 0, 600], [11_700, 14_000, 5_700, 600, 0]])
    expect(shapeOf(put, 1).slice(1)).toEqual([[11_000, 14_000, 0, 0, 0]])

    const other = counterContext()
    const empty = make({ ...other, newId: () => `neu${other.newId()}` }, emptyEdl, { op: 'addLane', name: 'Lời' }, { op: 'addLane', name: 'Nhạc' })
    const lanes = piece.lanes.map((lane, n) => ({ ...lane, laneId: empty.lanes[n]?.id ?? '' }))
    const elsewhere = make({ ...other, newId: () => `neu${other.newId()}` }, empty, { op: 'pasteLanes', ...piece, lanes, at: s(0), mode: 'overwrite' })
    expect(elsewhere.sources.map((source) => source.itemId)).toEqual(['b', 'a'])
    expect(shapeOf(elsewhere)).toEqual([[0, 2_300, 3_000, 0, 600], [1_700, 4_000, 5_700, 600, 0]])
    expect(refusal(empty, { op: 'pasteLanes', ...piece, lanes, sources: piece.sources.map((source) => ({ ...source, itemId: '?' })), at: s(0), mode: 'overwrite' }, other)).toBe('no-item')
    expect(refusal(empty, { op: 'pasteLanes', ...piece, lanes, sources: [], at: s(0), mode: 'overwrite' }, other)).toBe('outside-source')
  })
})

describe('an envelope', () => {
  const points = [{ at: s(500), gainDb: 0 }, { at: s(1_500), gainDb: -20 }, { at: s(3_000), gainDb: 6 }]

  test('sounds at every place as before when its clip is split, trimmed or crossed', () => {
    const { context, edl, laneId } = cut()
    const drawn = make(context, edl, { op: 'setEnvelope', clipId: idOf(edl, 0), points })
    const changed = [
      make(context, drawn, { op: 'split', at: s(1_000), laneIds: [laneId] }),
      make(context, drawn, { op: 'split', at: s(200), laneIds: [laneId] }, { op: 'split', at: s(3_500), laneIds: [laneId] }),
      make(context, drawn, { op: 'trimEdge', clipId: idOf(drawn, 0), edge: 'start', to: s(777) }),
      make(context, drawn, { op: 'crossfade', laneId, at: s(4_000), length: s(600), shape: 'linear' }),
    ]
    for (const list of changed) {
      for (const clip of clipsOf(list)) {
        if (clip.offset >= 5_500) continue
        for (let at: number = clip.start; at <= Math.min(4_000, clip.start + clip.length); at += 37) expect(envelopeDbAt(clip.envelope, at - clip.start)).toBeCloseTo(envelopeDbAt(points, at), 9)
      }
    }
  })

  test('is refused outside its clip or out of order, and is none where it says nothing', () => {
    const { context, edl, laneId } = cut()
    const clipId = idOf(edl, 0)
    expect(refusal(edl, { op: 'setEnvelope', clipId, points: [{ at: s(4_001), gainDb: 0 }] }, context)).toBe('outside-clip')
    expect(refusal(edl, { op: 'setEnvelope', clipId, points: [{ at: s(5), gainDb: 0 }, { at: s(5), gainDb: 1 }] }, context)).toBe('outside-clip')
    expect(refusal(edl, { op: 'setEnvelope', clipId, points: [] }, context)).toBe('no-change')
    const drawn = make(context, edl, { op: 'setEnvelope', clipId, points: [{ at: s(3_000), gainDb: 0 }, { at: s(3_500), gainDb: -6 }] }, { op: 'split', at: s(2_000), laneIds: [laneId] })
    expect(clipsOf(drawn).slice(0, 2).map((clip) => clip.envelope)).toEqual([[], [{ at: 1_000, gainDb: 0 }, { at: 1_500, gainDb: -6 }]])
    expect(clipsOf(drawn)[2] !== undefined && areJoined(clipsOf(drawn)[1], clipsOf(drawn)[2])).toBe(false)
  })
})
