import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileEdl, edit, emptyEdl } from '#common/edl/index.ts'
import type { Command, Edl } from '#common/edl/index.ts'
import { createMixer } from '#common/mix/index.ts'
import type { MixRead } from '#common/mix/index.ts'
import { samples } from '#common/units/samples.ts'
import { counterContext } from '../../support/edits.ts'

const s = samples
const context = counterContext()
function make(edl: Edl, ...commands: Command[]): Edl {
  for (const command of commands) {
    const result = edit(edl, command, context)
    if ('refused' in result) throw new Error(`${command.op}: ${result.refused}`)
    edl = result.edl
  }
  return edl
}
const base = make(emptyEdl, { op: 'addLane', name: 'Lời' })
const laneId = base.lanes[0]?.id ?? ''
const whole = make(base, { op: 'insertItem', itemId: 'b', laneId, at: s(0), mode: 'insert' })

/** Full-scale 1 kHz sine: any cut without a ramp steps by up to 2. */
const sine: MixRead = (source, offset, frames, into) => into.forEach((out) => {
  for (let i = 0; i < frames; i++) out[i] = Math.sin(((offset + i) * 2 * Math.PI) / 48 + source)
})
function play(edl: Edl, read: MixRead = sine): Float32Array {
  const plan = compileEdl(edl)
  const out = new Float32Array(plan.length)
  createMixer(plan, { channels: 1, blockFrames: 512 }).render(0, plan.length, [out], read)
  return out
}
const biggestStep = (out: Float32Array) => out.reduce((worst, value, n) => Math.max(worst, Math.abs(value - (out[n - 1] ?? value))), 0)

describe('what the mixer is given', () => {
  test('an untouched recording is one segment without any ramp', () => {
    const [segment, ...rest] = compileEdl(whole).segments
    expect(rest).toEqual([])
    expect(segment).toMatchObject({ start: 0, offset: 0, length: 12_345, gain: 1, fadeIn: { length: 0 }, fadeOut: { length: 0 } })
  })

  test('a recording split anywhere any number of times sounds bit by bit as uncut', () => {
    const uncut = play(whole)
    fc.assert(fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 12_344 }), { minLength: 1, maxLength: 10 }), (cuts) => {
      expect(play(make(whole, ...cuts.map((at): Command => ({ op: 'split', at: s(at), laneIds: [laneId] }))))).toEqual(uncut)
    }), { numRuns: 50 })
  })

  test('a cut of full-scale sound has no step, wherever it is', () => {
    const slope = biggestStep(play(whole))
    fc.assert(fc.property(fc.integer({ min: 600, max: 6_000 }), fc.integer({ min: 1, max: 5_000 }), fc.boolean(), (at, length, ripple) => {
      expect(biggestStep(play(make(whole, { op: 'deleteRange', range: { start: s(at), end: s(at + length) }, ripple, laneIds: [laneId] })))).toBeLessThan(slope + 0.02)
    }), { numRuns: 60 })
  })

  test('two recordings one after the other are joined through 5 ms ramps', () => {
    const two = make(whole, { op: 'insertItem', itemId: 'a', laneId, at: s(12_345), mode: 'insert' })
    expect(compileEdl(two).segments.map((seg) => [seg.fadeIn.length, seg.fadeOut.length])).toEqual([[0, 240], [240, 0]])
  })

  test('a step of gain at a joint becomes a ramp instead of a click or a hole', () => {
    const split = make(whole, { op: 'split', at: s(6_000), laneIds: [laneId] })
    const louder = make(split, { op: 'setGain', clipId: split.lanes[0]?.clips[1]?.id ?? '', gainDb: -12 })
    const constant: MixRead = (_s, _o, frames, into) => into.forEach((out) => out.fill(1, 0, frames))
    const out = play(louder, constant)
    expect(out[5_999]).toBe(1)
    expect(biggestStep(out)).toBeLessThan(0.005)
    expect(out[6_240]).toBeCloseTo(10 ** (-12 / 20), 6)
    expect(out).toHaveLength(12_345)
  })

  test('ramps of very short clips share the clip and do not meet', () => {
    const tiny = make(whole, { op: 'trimTo', range: { start: s(1_000), end: s(1_003) }, laneIds: [laneId] })
    expect(compileEdl(tiny).segments.map((seg) => [seg.length, seg.fadeIn.length, seg.fadeOut.length])).toEqual([[3, 1, 1]])
  })

  test('mute and solo choose the lanes', () => {
    const two = make(whole, { op: 'addLane', name: 'Nhạc' })
    const other = two.lanes[1]?.id ?? ''
    const both = make(two, { op: 'insertItem', itemId: 'a', laneId: other, at: s(0), mode: 'insert' })
    const heard = (edl: Edl) => compileEdl(edl).segments.map((seg) => seg.source)
    expect(heard(both)).toEqual([0, 1])
    expect(heard(make(both, { op: 'setLane', laneId, gainDb: 0, mute: true, solo: false }))).toEqual([1])
    expect(heard(make(both, { op: 'setLane', laneId: other, gainDb: 0, mute: false, solo: true }))).toEqual([1])
    expect(heard(make(both, { op: 'setLane', laneId: other, gainDb: 0, mute: true, solo: true }))).toEqual([])
  })
})
