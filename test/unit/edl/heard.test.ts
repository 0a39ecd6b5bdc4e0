import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileEdl, emptyEdl } from '#common/edl/index.ts'
import type { Edl } from '#common/edl/index.ts'
import { createMixer } from '#common/mix/index.ts'
import type { MixRead } from '#common/mix/index.ts'
import { samples } from '#common/units/samples.ts'
import { counterContext } from '../../support/edits.ts'
import { crossed, cut, idOf, make } from '../../support/edl-tables.ts'

/** What edits do is heard through the mixer, the same one that plays and renders. */
const s = samples
/** Each sample says where it came from, so that a shift by one is seen; small steps, so that a jump is. */
const read: MixRead = (source, offset, frames, into) => into.forEach((out) => {
  for (let i = 0; i < frames; i++) out[i] = 0.4 + 0.4 * Math.sin((offset + i) / 37 + source)
})
function play(edl: Edl): Float32Array {
  const plan = compileEdl(edl)
  const out = new Float32Array(plan.length)
  createMixer(plan, { channels: 1, blockFrames: 512 }).render(0, plan.length, [out], read)
  return out
}
const difference = (a: Float32Array, b: Float32Array): number => (a.length === b.length ? a.reduce((worst, value, n) => Math.max(worst, Math.abs(value - (b[n] ?? 0))), 0) : Infinity)
/** The envelope comes back from decibels: a millionth is far below what 24 bits hold of it. */
const SAME = 2e-6

function drawn(points: readonly (readonly [number, number])[]): { context: ReturnType<typeof counterContext>; edl: Edl; laneId: string } {
  const context = counterContext()
  const lanes = make(context, emptyEdl, { op: 'addLane', name: 'Lời' })
  const laneId = lanes.lanes[0]?.id ?? ''
  const put = make(context, lanes, { op: 'insertItem', itemId: 'b', laneId, at: s(0), mode: 'insert' })
  const edl = points.length === 0 ? put : make(context, put, { op: 'setEnvelope', clipId: idOf(put, 0), points: points.map(([at, gainDb]) => ({ at: s(at), gainDb })) })
  return { context, edl, laneId }
}

describe('what is heard', () => {
  test('is the same after any cuts through a clip, with or without an envelope', () => {
    const places = fc.uniqueArray(fc.integer({ min: 1, max: 12_344 }), { minLength: 1, maxLength: 6 })
    const envelope = fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 12_345 }), fc.constantFrom(-60, -12, -3, 0.5, 6)), { maxLength: 5, selector: ([at]) => at }).map((points) => points.sort((a, b) => a[0] - b[0]))
    fc.assert(fc.property(envelope, places, (points, cuts) => {
      const { context, edl, laneId } = drawn(points)
      const apart = cuts.reduce((list, at) => make(context, list, { op: 'split', at: s(at), laneIds: [laneId] }), edl)
      expect(difference(play(apart), play(edl))).toBeLessThan(SAME)
    }), { numRuns: 60 })
  })

  test('of a split piece that is moved away and back is the same', () => {
    const { context, edl, laneId } = drawn([[1_000, 0], [9_000, -20]])
    const apart = make(context, edl, { op: 'split', at: s(4_000), laneIds: [laneId] })
    const clipId = idOf(apart, 1)
    const there = make(context, apart, { op: 'move', clipId, laneId, to: s(20_000) })
    expect(difference(play(make(context, there, { op: 'move', clipId, laneId, to: s(4_000) })), play(edl))).toBeLessThan(SAME)
  })

  test('of a crossfade between neighbours in their source, straight, is as if it had never been cut', () => {
    const { context, edl, laneId } = drawn([])
    const apart = make(context, edl, { op: 'split', at: s(6_000), laneIds: [laneId] }, { op: 'crossfade', laneId, at: s(6_000), length: s(960), shape: 'linear' })
    expect(difference(play(apart), play(edl))).toBeLessThan(SAME)
  })

  test('outside a crossfade is what was there before it', () => {
    const { edl: before } = cut()
    const { edl } = crossed(600)
    const [was, is] = [play(before), play(edl)]
    // The cut had a 5 ms ramp on each side; the crossfade reaches 300 samples to each.
    expect(difference(is.subarray(0, 3_700), was.subarray(0, 3_700))).toBe(0)
    expect(difference(is.subarray(4_300), was.subarray(4_300))).toBe(0)
  })

  test('at a punch-in is the new take from the asked sample on, and the old one before it', () => {
    const { context, edl, laneId } = drawn([])
    const [was, is] = [play(edl), play(make(context, edl, { op: 'punch', laneId, at: s(3_000), itemId: 'a', crossfade: s(480) }))]
    expect(difference(is.subarray(0, 3_000), was.subarray(0, 3_000))).toBe(0)
    const take = new Float32Array(5_000)
    read(1, 0, 5_000, [take])
    expect(difference(is.subarray(3_480, 7_520), take.subarray(480, 4_520))).toBeLessThan(1e-7)
    expect(difference(is.subarray(8_000), was.subarray(8_000))).toBe(0)
  })

  test('under a ducked lane is the bed at its gain, and full again after the words', () => {
    const context = { ...counterContext(), speech: () => [{ start: s(2_000), end: s(3_000) }] }
    const lanes = make(context, emptyEdl, { op: 'addLane', name: 'Lời' }, { op: 'addLane', name: 'Nhạc' })
    const [voice = '', bed = ''] = lanes.lanes.map((lane) => lane.id)
    const plain = make(context, lanes, { op: 'insertItem', itemId: 'a', laneId: voice, at: s(0), mode: 'insert' }, { op: 'insertItem', itemId: 'b', laneId: bed, at: s(0), mode: 'insert' }, { op: 'setLane', laneId: voice, gainDb: -60, mute: false, solo: false })
    const ducked = make(context, plain, { op: 'setDuck', laneId: bed, duck: { voiceLaneIds: [voice], reduceDb: 20, attackMs: 10, holdMs: 10, releaseMs: 10, handEdited: false } })
    const [was, is] = [play(plain), play(ducked)]
    expect((is[2_500] ?? 0) / (was[2_500] ?? 1)).toBeCloseTo(0.1, 2)
    expect(difference(is.subarray(0, 1_520), was.subarray(0, 1_520))).toBe(0)
    expect(difference(is.subarray(3_961), was.subarray(3_961))).toBe(0)
  })
})
