import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { edit, edlLength, emptyEdl } from '#common/edl/index.ts'
import type { Command, Edl } from '#common/edl/index.ts'
import { samples } from '#common/units/samples.ts'
import { tryEdits } from '../../../renderer/studio/features/editor/timeline/gestures/edits.ts'
import { drag, noKeys, press } from '../../../renderer/studio/features/editor/timeline/gestures/gestures.ts'
import type { Keys, Scale } from '../../../renderer/studio/features/editor/timeline/gestures/gestures.ts'
import { hitTest } from '../../../renderer/studio/features/editor/timeline/gestures/hit.ts'
import { fadeInX, gainAtY, gainY, laneBoxes, RULER_PX, TITLE_PX, waveBox } from '../../../renderer/studio/features/editor/timeline/layout.ts'
import { nearest, nearestPiece, nextEdge, snapPoints } from '../../../renderer/studio/features/editor/timeline/snap.ts'
import type { SnapPlace } from '../../../renderer/studio/features/editor/timeline/snap.ts'
import { MIN_SAMPLES_PER_PX, pxOf, reveal, rulerStep, sampleAt, scrollTo, showAll, showRange, viewEnd, zoomAbout } from '../../../renderer/studio/features/editor/timeline/view.ts'
import type { View } from '../../../renderer/studio/features/editor/timeline/view.ts'
import { counterContext } from '../../support/edits.ts'

const THREE_HOURS = 3 * 3600 * 48_000
const start: View = { start: 0, samplesPerPx: 512, width: 1_000 }

describe('the view', () => {
  test('keeps the sample under the cursor where it is while zooming, down to single samples and back', () => {
    fc.assert(fc.property(fc.integer({ min: 100, max: 900 }), fc.integer({ min: 60_000_000, max: 400_000_000 }), fc.array(fc.double({ min: 0.2, max: 0.9, noNaN: true }), { minLength: 1, maxLength: 20 }), (px, at, factors) => {
      let view = scrollTo({ ...start, samplesPerPx: 20_000 }, at - px * 20_000, THREE_HOURS)
      const under = view.start + px * view.samplesPerPx
      for (const factor of factors) {
        view = zoomAbout(view, px, factor, THREE_HOURS)
        expect(Math.abs(view.start + px * view.samplesPerPx - under)).toBeLessThanOrEqual(factors.length)
      }
      expect(view.samplesPerPx).toBeGreaterThanOrEqual(MIN_SAMPLES_PER_PX)
    }))
  })

  test('never leaves the project and always has whole samples as its start', () => {
    fc.assert(fc.property(fc.double({ min: -1e12, max: 1e12, noNaN: true }), fc.double({ min: 0.01, max: 1e7, noNaN: true }), (to, samplesPerPx) => {
      const view = scrollTo({ ...start, samplesPerPx }, to, THREE_HOURS)
      expect(Number.isSafeInteger(view.start) && view.start >= 0).toBe(true)
      expect(viewEnd(view)).toBeLessThanOrEqual(THREE_HOURS * 1.05 + 1)
    }))
  })

  test('shows all, a range, and brings what is not seen into sight', () => {
    const all = showAll(start, THREE_HOURS)
    expect(pxOf(all, THREE_HOURS)).toBeCloseTo(1_000 / 1.05, 0)
    const range = showRange(all, 48_000, 96_000, THREE_HOURS)
    expect([pxOf(range, 48_000) > 10, pxOf(range, 96_000) < 990, pxOf(range, 96_000) - pxOf(range, 48_000) > 900]).toEqual([true, true, true])
    expect(reveal(range, 50_000, THREE_HOURS)).toBe(range)
    expect(pxOf(reveal(range, 10_000_000, THREE_HOURS), 10_000_000)).toBeCloseTo(100, 0)
    expect(sampleAt(range, -1e9)).toBe(0)
  })

  test('labels of the ruler keep their distance at every zoom', () => {
    for (let samplesPerPx = MIN_SAMPLES_PER_PX; samplesPerPx < 1e6; samplesPerPx *= 1.7) {
      expect((rulerStep({ ...start, samplesPerPx }, 70, 48_000) * 48_000) / samplesPerPx).toBeGreaterThanOrEqual(70)
    }
  })
})

describe('snapping', () => {
  const places = (...at: number[]): SnapPlace[] => at.map((one) => ({ at: one, kind: 'edge' }))
  test('takes the nearest place within reach and else none', () => {
    expect([nearest(105, places(0, 100, 108), 5)?.at, nearest(105, places(0, 100, 108), 2)?.at, nearest(104, places(100, 200), 10)?.at]).toEqual([108, undefined, 100])
  })
  test('lays a piece by its beginning or its end, whichever is nearer, and never before the beginning', () => {
    expect([nearestPiece(103, 50, places(100, 150), 10)?.start, nearestPiece(103, 50, places(151), 10)?.start, nearestPiece(103, 50, places(999), 10), nearestPiece(2, 50, places(50), 10)?.start, nearestPiece(2, 50, places(45), 10)]).toEqual([100, 101, null, 0, null])
  })
  test('finds the edges on both sides', () => {
    expect([nextEdge([0, 10, 20], 10, 1), nextEdge([0, 10, 20], 10, -1), nextEdge([0, 10], 10, 1)]).toEqual([20, 0, null])
  })
})

function project(): { edl: Edl; laneId: string; otherId: string; clipId: string } {
  const context = counterContext()
  let edl = emptyEdl
  const apply = (command: Command): void => {
    const made = edit(edl, command, context)
    if ('refused' in made) throw new Error(made.refused)
    edl = made.edl
  }
  apply({ op: 'addLane', name: 'Lời' })
  apply({ op: 'addLane', name: 'Nhạc' })
  const [laneId = '', otherId = ''] = edl.lanes.map((lane) => lane.id)
  apply({ op: 'insertItem', itemId: 'b', laneId, at: samples(0), mode: 'insert' })
  apply({ op: 'trimEdge', clipId: edl.lanes[0]?.clips[0]?.id ?? '', edge: 'end', to: samples(10_000) })
  return { edl, laneId, otherId, clipId: edl.lanes[0]?.clips[0]?.id ?? '' }
}

describe('pointer gestures', () => {
  const { edl, laneId, otherId, clipId } = project()
  const view: View = { start: 0, samplesPerPx: 20, width: 1_000 }
  const boxes = laneBoxes(edl, 400)
  const scale: Scale = { edl, view, boxes, editMode: 'ripple', zeroAt: (at) => at }
  const [first, second] = boxes
  if (first === undefined || second === undefined) throw new Error('no lanes')
  const wave = waveBox(first)
  const middle = wave.top + wave.height * 0.8
  const hit = (x: number, y: number, selected: string | null = null) => hitTest({ edl, boxes, view, clipId: selected, playhead: 1_000_000, comments: [] }, x, y)
  const gesture = (x: number, y: number, toX: number, toY = y, snapping = false, selected: string | null = null, keys: Keys = noKeys) => drag(press(hit(x, y, selected), x, y, scale, { snapping, playhead: 0, keys, selection: null }), toX, toY, scale, keys)

  test('know the parts of a clip', () => {
    const clip = edl.lanes[0]?.clips[0]
    if (clip === undefined) throw new Error('no clip')
    expect(hit(300, 5).part).toBe('ruler')
    expect(hit(300, first.top + TITLE_PX / 2).part).toBe('title')
    expect(hit(1, middle).part).toBe('start')
    expect(hit(499, middle).part).toBe('end')
    expect(hit(fadeInX(clip, view), wave.top + 6).part).toBe('fadeIn')
    expect(hit(300, middle)).toMatchObject({ part: 'lane', laneId, clip: { id: clipId } })
    expect(hit(800, middle)).toMatchObject({ part: 'lane', clip: null })
    expect(hit(250, gainY(wave, 0), clipId).part).toBe('gain')
    expect(hit(250, gainY(wave, 0), null).part).toBe('lane')
    expect(hit(300, 399)).toMatchObject({ part: 'laneEdge', laneId: otherId })
    expect(hit(300, 450).part).toBe('nothing')
    expect(first.top).toBeGreaterThanOrEqual(RULER_PX)
  })

  test('a click puts the cursor, a sweep selects over the lanes it touches', () => {
    expect(gesture(300, middle, 301)).toMatchObject({ kind: 'select', selection: null, laneIds: [laneId], cursor: 6_000, isAdding: false })
    expect(gesture(300, middle, 100)).toMatchObject({ kind: 'select', selection: { start: 2_000, end: 6_000 }, laneIds: [laneId], cursor: 2_000 })
    expect(gesture(300, middle, 100, second.top + 30)).toMatchObject({ laneIds: [laneId, otherId] })
    expect(gesture(300, middle, 900)).toMatchObject({ selection: { start: 6_000, end: 10_000 } })
    expect(gesture(300, 5, 100)).toMatchObject({ laneIds: [laneId, otherId], selection: { start: 2_000, end: 6_000 } })
  })

  test('the edge trims but never past the source, the title moves also to another lane', () => {
    expect(gesture(499, middle, 399)).toMatchObject({ kind: 'edit', command: { op: 'trimEdge', edge: 'end', to: 8_000 } })
    expect(gesture(499, middle, 990)).toMatchObject({ kind: 'edit', command: { op: 'trimEdge', edge: 'end', to: 12_345 } })
    expect(gesture(300, first.top + 4, 400, second.top + 10)).toMatchObject({ kind: 'edit', command: { op: 'move', laneId: otherId, to: 2_000 } })
    expect(gesture(300, first.top + 4, 301)).toEqual({ kind: 'none' })
  })

  test('what is shown while dragging is what the edit makes', () => {
    const outcome = gesture(499, middle, 399)
    if (outcome.kind !== 'edit') throw new Error(outcome.kind)
    expect(edlLength(outcome.preview)).toBe(8_000)
    expect(edl.lanes[0]?.clips[0]?.length).toBe(10_000)
  })

  test('fade and gain handles give whole, fitting values', () => {
    const clip = edl.lanes[0]?.clips[0]
    if (clip === undefined) throw new Error('no clip')
    const x = fadeInX(clip, view)
    expect(gesture(x, wave.top + 6, x + 100)).toMatchObject({ command: { op: 'setFade', edge: 'in', fade: { length: 2_000 } } })
    expect(gesture(x, wave.top + 6, 990)).toMatchObject({ command: { fade: { length: 10_000 } } })
    expect(gesture(250, gainY(wave, 0), 250, gainY(wave, -6), false, clipId)).toMatchObject({ command: { op: 'setGain', gainDb: -6 } })
    expect([gainAtY(wave, wave.top - 50), gainAtY(wave, wave.top + wave.height + 50)]).toEqual([12, -24])
  })

  test('snapping draws to edges of other clips and to markers', () => {
    expect(snapPoints(edl, 777)).toEqual([0, 0, 777, 10_000])
    expect(gesture(300, middle, 497, middle, true)).toMatchObject({ selection: { start: 6_000, end: 10_000 } })
    expect(gesture(300, middle, 490, middle, false)).toMatchObject({ selection: { end: 9_800 } })
  })

  test('an edit that would be refused is refused before it is sent', () => {
    const split = edit(edl, { op: 'split', at: samples(5_000), laneIds: [laneId] }, counterContext())
    if ('refused' in split) throw new Error(split.refused)
    expect(tryEdits(split.edl, [{ command: { op: 'move', clipId, laneId, to: 100, mode: 'refuse' }, note: null }]).kind).toBe('refused')
  })
})
