import { describe, expect, test } from 'vitest'
import { edit, emptyEdl } from '#common/edl/index.ts'
import type { Command, Edl } from '#common/edl/index.ts'
import { samples } from '#common/units/samples.ts'
import { addedPoint, movedPoint, withoutPoint } from '../../../renderer/studio/features/editor/timeline/gestures/edits.ts'
import { drag, noKeys, press } from '../../../renderer/studio/features/editor/timeline/gestures/gestures.ts'
import type { Keys, Outcome, Scale } from '../../../renderer/studio/features/editor/timeline/gestures/gestures.ts'
import { hitTest } from '../../../renderer/studio/features/editor/timeline/gestures/hit.ts'
import { contentHeight, envelopeAtY, envelopeGainAt, envelopeY, fadeInX, laneBoxes, MIN_LANE_PX, RULER_PX, seenClips, TIMES_PX, waveBox } from '../../../renderer/studio/features/editor/timeline/layout.ts'
import type { View } from '../../../renderer/studio/features/editor/timeline/view.ts'
import { counterContext } from '../../support/edits.ts'

const view: View = { start: 0, samplesPerPx: 20, width: 1_000 }

/** Two clips of 5 000 side by side, a marker at 7 000, a region at 8 000. */
function project(): Edl {
  const context = counterContext()
  let edl = emptyEdl
  const apply = (command: Command): void => {
    const made = edit(edl, command, context)
    if ('refused' in made) throw new Error(`${command.op} ${made.refused}`)
    edl = made.edl
  }
  apply({ op: 'addLane', name: 'Lời' })
  apply({ op: 'addLane', name: 'Nhạc' })
  const laneId = edl.lanes[0]?.id ?? ''
  apply({ op: 'insertItem', itemId: 'b', laneId, at: samples(0), mode: 'insert' })
  apply({ op: 'trimEdge', clipId: edl.lanes[0]?.clips[0]?.id ?? '', edge: 'end', to: samples(10_000) })
  apply({ op: 'split', at: samples(5_000), laneIds: [laneId] })
  apply({ op: 'addMarker', at: samples(7_000), length: samples(0), label: 'Tin' })
  apply({ op: 'addMarker', at: samples(8_000), length: samples(1_000), label: '' })
  return edl
}
const edl = project()
const boxes = laneBoxes(edl, 400)
const [lane, below] = boxes
const [left, right] = edl.lanes[0]?.clips ?? []
if (lane === undefined || below === undefined || left === undefined || right === undefined) throw new Error('no lanes')
const wave = waveBox(lane)
const scale: Scale = { edl, view, boxes, editMode: 'ripple', zeroAt: (at) => at }
const hit = (x: number, y: number, clipId: string | null = null, playhead = 1e9) => hitTest({ edl, boxes, view, clipId, playhead, comments: [{ id: 'c', at: 18_000, length: 0, text: 'x', isResolved: false }] }, x, y)
const gesture = (x: number, y: number, toX: number, toY = y, options: { keys?: Keys; snapping?: boolean; clipId?: string | null; playhead?: number; selection?: { start: number; end: number } | null; mode?: Scale['editMode']; zeroAt?: Scale['zeroAt'] } = {}): Outcome => {
  const keys = options.keys ?? noKeys
  const at = { ...scale, editMode: options.mode ?? 'ripple', zeroAt: options.zeroAt ?? scale.zeroAt }
  return drag(press(hit(x, y, options.clipId ?? null, options.playhead), x, y, at, { snapping: options.snapping ?? false, playhead: options.playhead ?? 0, keys, selection: options.selection ?? null }), toX, toY, at, keys)
}
const titleY = lane.top + 6

describe('moving a clip', () => {
  test('over its neighbour becomes a crossfade as long as the overlap', () => {
    const outcome = gesture(350, titleY, 330)
    expect(outcome).toMatchObject({ kind: 'edit', command: { op: 'move', to: 4_600, mode: 'crossfade' }, note: { kind: 'mode', mode: 'crossfade' } })
    if (outcome.kind !== 'edit') return
    const [first, second] = outcome.preview.lanes[0]?.clips ?? []
    expect([first?.fadeOut.length, second?.fadeIn.length]).toEqual([400, 400])
  })
  test('to a free place is a plain move and says nothing', () => {
    expect(gesture(350, titleY, 450)).toMatchObject({ kind: 'edit', command: { op: 'move', to: 7_000, mode: 'refuse' }, note: null })
  })
  test('takes the mode of the keys that are held: Ctrl lies over, Shift makes room', () => {
    expect(gesture(350, titleY, 300, titleY, { keys: { ctrl: true, shift: false } })).toMatchObject({ command: { mode: 'overwrite' }, note: { mode: 'overwrite' } })
    expect(gesture(350, titleY, 300, titleY, { keys: { ctrl: false, shift: true } })).toMatchObject({ command: { mode: 'ripple' } })
  })
  test('to the other lane keeps its time', () => {
    expect(gesture(350, titleY, 350, below.top + 20)).toMatchObject({ command: { laneId: edl.lanes[1]?.id, to: 5_000 } })
  })
})

describe('the fade handle', () => {
  test('going up makes the fade rise sooner, going down later, shape by shape', () => {
    const x = fadeInX(left, view)
    const y = wave.top + 8
    const shape = (dy: number): unknown => {
      const outcome = gesture(x, y, x + 50, y + dy)
      return outcome.kind === 'edit' && outcome.command.op === 'setFade' ? outcome.command.fade.shape : outcome.kind
    }
    expect([shape(60), shape(30), shape(0), shape(-28), shape(-200)]).toEqual(['log', 'log', 'linear', 'sCurve', 'equalPower'])
  })
})

describe('the envelope', () => {
  const at = (n: number, gainDb: number) => ({ at: samples(n), gainDb })
  const clip = { ...left, envelope: [at(1_000, 0), at(2_000, -12), at(3_000, 0)] }
  test('is straight in linear gain between its points and even outside', () => {
    expect([envelopeGainAt(clip, 0), envelopeGainAt(clip, 1_500), envelopeGainAt(clip, 9_999)].map((gain) => Math.round(gain * 1000) / 1000)).toEqual([1, 0.626, 1])
    expect(envelopeGainAt(left, 77)).toBe(1)
  })
  test('points stay between their neighbours and inside the clip', () => {
    expect(movedPoint(clip, 1, 500, -3).map((point) => point.at)).toEqual([1_000, 1_001, 3_000])
    expect(movedPoint(clip, 1, 99_999, -3).map((point) => point.at)).toEqual([1_000, 2_999, 3_000])
    expect(movedPoint(clip, 2, 99_999, -3).at(-1)).toEqual({ at: clip.length, gainDb: -3 })
    expect(addedPoint(clip, 2_000, 0)).toBeNull()
    expect(addedPoint(clip, 1_500, -6)?.map((point) => point.at)).toEqual([1_000, 1_500, 2_000, 3_000])
    expect(withoutPoint(clip, 1)).toEqual([at(1_000, 0), at(3_000, 0)])
  })
  test('its axis gives back what was pointed at, to a tenth of a decibel', () => {
    for (const gainDb of [-20, -12, -6, 0, 3, 6]) expect(Math.abs(envelopeAtY(wave, envelopeY(wave, gainDb)) - gainDb)).toBeLessThanOrEqual(0.1)
    expect(envelopeAtY(wave, wave.top + wave.height + 50)).toBe(-60)
  })
  test('the line answers only for the chosen clip, the sweep over it selects', () => {
    const y = envelopeY(wave, 0)
    expect(hit(60, y, left.id).part).toBe('line')
    expect(hit(60, y).part).toBe('lane')
    expect(gesture(60, y, 90, y, { clipId: left.id })).toMatchObject({ kind: 'select', selection: { start: 1_200, end: 1_800 } })
  })
})

describe('ranges', () => {
  test('Ctrl adds, Shift moves the nearer end of what is selected', () => {
    const y = wave.top + wave.height - 10
    expect(gesture(100, y, 150, y, { keys: { ctrl: true, shift: false } })).toMatchObject({ isAdding: true, selection: { start: 2_000, end: 3_000 } })
    expect(gesture(200, y, 200, y, { keys: { ctrl: false, shift: true }, selection: { start: 1_000, end: 3_000 } })).toMatchObject({ selection: { start: 1_000, end: 4_000 } })
    expect(gesture(10, y, 10, y, { keys: { ctrl: false, shift: true }, selection: { start: 1_000, end: 3_000 } })).toMatchObject({ selection: { start: 200, end: 3_000 } })
  })
  test('snap to a zero crossing where nothing else is near, and say so', () => {
    const y = wave.top + wave.height - 10
    const outcome = gesture(100, y, 160, y, { snapping: true, zeroAt: (at) => at + 7 })
    expect(outcome).toMatchObject({ selection: { start: 2_007, end: 3_207 }, snapped: { at: 3_207, kind: 'zero' } })
    expect(gesture(100, y, 248, y, { snapping: true, zeroAt: (at) => at + 7 })).toMatchObject({ selection: { end: 5_000 }, snapped: { kind: 'edge' } })
    expect(gesture(100, y, 160, y, { snapping: false, zeroAt: (at) => at + 7 })).toMatchObject({ selection: { start: 2_000, end: 3_200 }, snapped: null })
  })
})

describe('the strip under the times', () => {
  const y = TIMES_PX + 8
  test('moves markers and the ends of regions', () => {
    expect(hit(352, y)).toMatchObject({ part: 'marker', marker: { at: 7_000 } })
    expect(gesture(352, y, 302)).toMatchObject({ kind: 'edit', command: { op: 'setMarker', at: 6_000, length: 0, label: 'Tin' } })
    expect(hit(450, y)).toMatchObject({ part: 'markerEnd' })
    expect(gesture(450, y, 475)).toMatchObject({ command: { op: 'setMarker', at: 8_000, length: 1_500 } })
    expect(gesture(450, y, 200)).toMatchObject({ command: { at: 8_000, length: 1 } })
  })
  test('knows comments', () => {
    expect(hit(900, y)).toMatchObject({ part: 'comment', comment: { id: 'c' } })
  })
  test('the playhead in the times is taken hold of and scrubs, never behind the end', () => {
    expect(gesture(100, 5, 200, 5, { playhead: 2_000 })).toEqual({ kind: 'scrub', at: 4_000 })
    expect(gesture(100, 5, 990, 5, { playhead: 2_000 })).toEqual({ kind: 'scrub', at: 10_000 })
  })
})

describe('lanes', () => {
  test('keep a height given by hand, the others share what is left, and all scroll together', () => {
    const laneId = edl.lanes[0]?.id ?? ''
    const [first, second] = laneBoxes(edl, 400, { heights: { [laneId]: 100 }, scrollTop: 30 })
    expect([first?.top, first?.height, second?.top]).toEqual([RULER_PX + 4 - 30, 100, RULER_PX + 4 - 30 + 104])
    expect((second?.top ?? 0) + (second?.height ?? 0) + 30).toBeLessThanOrEqual(400)
    expect(contentHeight(edl, 400, { [laneId]: 390 })).toBeGreaterThan(400)
    expect(laneBoxes(edl, 400, { heights: { [laneId]: 3 }, scrollTop: 0 })[0]?.height).toBe(MIN_LANE_PX)
    expect(gesture(500, lane.top + lane.height + 1, 500, lane.top + lane.height - 19)).toMatchObject({ kind: 'lane', height: lane.height - 20 })
  })
  test('only clips that are seen are looked at, also one of five thousand', () => {
    const clips = Array.from({ length: 5_000 }, (_, n) => ({ ...left, id: String(n), start: samples(n * 1_000), length: samples(1_000) }))
    expect(seenClips(clips, 2_500_500, 2_502_500)).toEqual({ first: 2_500, last: 2_503 })
    expect(seenClips(clips, 9e9, 9.1e9)).toEqual({ first: 5_000, last: 5_000 })
  })
})
