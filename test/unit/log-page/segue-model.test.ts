import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { markerBounds, markerNames, wrongMarker } from '#common/playout/index.ts'
import type { Markers } from '#common/playout/index.ts'
import { firstPlace, isEmpty, joinOf, movedMarker, noMarkers } from '../../../renderer/studio/features/log/segue/segue-model.ts'
import type { SegueSide } from '../../../renderer/studio/features/log/segue/segue-model.ts'

const S = 48_000
const side = (seconds: number, set: Partial<Markers> = {}, more: Partial<SegueSide> = {}): SegueSide => ({ itemId: `item ${seconds}`, lengthSamples: seconds * S, markers: { ...noMarkers, ...set }, content: 'programme', hitPost: false, ...more })

describe('how two lines meet in the segue editor', () => {
  it('a butt join begins at the cue-out, whatever segue is marked', () => {
    expect(joinOf(side(60, { segueStart: 50 * S, cueOut: 58 * S }), side(30), 'play')).toMatchObject({ nextAt: 58 * S, prevEnd: 58 * S, overlapSamples: 0 })
  })

  it('a segue begins at the marker and the line before goes out until its end', () => {
    const join = joinOf(side(60, { segueStart: 50 * S, segueEnd: 56 * S }), side(30), 'segue')
    expect(join).toMatchObject({ nextAt: 50 * S, prevEnd: 56 * S, overlapSamples: 6 * S, prev: { from: 0, fadeOut: { length: 6 * S, shape: 'equalPower' } } })
  })

  it('places are counted from what sounds: a cue-in of the line before does not move the join in its own sound', () => {
    expect(joinOf(side(60, { cueIn: 10 * S, segueStart: 50 * S }), side(30, { cueIn: 2 * S }), 'segue')).toMatchObject({ nextAt: 40 * S, prevEnd: 50 * S, prev: { from: 10 * S }, next: { from: 2 * S } })
  })

  it('no more than half of the shorter one sounds over the other', () => {
    expect(joinOf(side(60, { segueStart: 40 * S }), side(10), 'segue')?.overlapSamples).toBe(5 * S)
  })

  it('speech over the intro of music ends before the singing', () => {
    expect(joinOf(side(20, { segueStart: 5 * S }, { content: 'voice' }), side(60, { introEnd: 4 * S }, { content: 'music' }), 'segue')?.overlapSamples).toBe(4 * S)
  })

  it('says nothing of a line without a sound', () => {
    expect(joinOf(side(0), side(10), 'segue')).toBeNull()
  })
})

const markersIn = (length: number): fc.Arbitrary<Markers> => fc.record(Object.fromEntries(markerNames.map((name) => [name, fc.option(fc.nat(length), { nil: null })])) as Record<keyof Markers, fc.Arbitrary<number | null>>).filter((markers) => wrongMarker(markers, length) === null)

describe('a marker that is moved', () => {
  it('never breaks the order of markers, wherever it is dragged', () => {
    fc.assert(fc.property(markersIn(1000), fc.constantFrom(...markerNames), fc.integer({ min: -500, max: 1500 }), (markers, name, at) => {
      expect(wrongMarker(movedMarker(markers, name, at, 1000), 1000)).toBeNull()
    }))
  })

  it('reaches both ends of where it may stand', () => {
    fc.assert(fc.property(markersIn(1000), fc.constantFrom(...markerNames), (markers, name) => {
      const [low, high] = markerBounds(name, markers, 1000)
      for (const at of [low, high]) if (low <= high) expect(wrongMarker({ ...markers, [name]: at }, 1000)).toBeNull()
    }))
  })

  it('is set at a place that may stand, and taken away again leaves nothing of its own', () => {
    for (const name of markerNames) {
      const set = firstPlace(noMarkers, name, 60 * S)
      expect([wrongMarker(set, 60 * S), set[name] !== null]).toEqual([null, true])
      expect(isEmpty({ ...set, [name]: null })).toBe(true)
    }
  })
})
