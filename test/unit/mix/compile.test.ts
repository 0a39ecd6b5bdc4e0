import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileEdl, edit, emptyEdl } from '#common/edl/index.ts'
import type { Command, Edl } from '#common/edl/index.ts'
import { createMixer, linearGain } from '#common/mix/index.ts'
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
const cut = make(whole, { op: 'deleteRange', range: { start: s(4_000), end: s(6_000) }, ripple: true, laneIds: [laneId] })
const clipOf = (edl: Edl, n: number) => edl.lanes[0]?.clips[n] ?? expect.fail('no such clip')

/** Full-scale 1 kHz sine. */
const sine: MixRead = (source, offset, frames, into) => into.forEach((out) => {
  for (let i = 0; i < frames; i++) out[i] = Math.sin(((offset + i) * 2 * Math.PI) / 48 + source)
})
const ones: MixRead = (_source, _offset, frames, into) => into.forEach((out) => out.fill(1, 0, frames))
function play(edl: Edl, read: MixRead): Float32Array {
  const plan = compileEdl(edl)
  const out = new Float32Array(plan.length)
  createMixer(plan, { channels: 1, blockFrames: 512 }).render(0, plan.length, [out], read)
  return out
}
const biggestStep = (out: Float32Array) => out.reduce((worst, value, n) => Math.max(worst, Math.abs(value - (out[n - 1] ?? value))), 0)
const slope = biggestStep(play(whole, sine))

describe('what crossfades and cuts become', () => {
  test('a crossfade is the two fades of its clips and no ramp besides', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 900 }), fc.constantFrom('linear', 'equalPower', 'sCurve', 'log'), (length, shape) => {
      const crossed = make(cut, { op: 'crossfade', laneId, at: s(4_000), length: s(length * 2), shape })
      const [left, right] = compileEdl(crossed).segments
      expect([left?.fadeOut, right?.fadeIn]).toEqual([{ length: length * 2, shape }, { length: length * 2, shape }])
      expect((left?.start ?? 0) + (left?.length ?? 0) - (right?.start ?? 0)).toBe(length * 2)
    }), { seed: 4, numRuns: 40 })
  })

  test('a linear crossfade of a constant keeps it constant: nothing is faded twice', () => {
    const crossed = make(cut, { op: 'crossfade', laneId, at: s(4_000), length: s(1_000), shape: 'linear' })
    const out = play(crossed, ones)
    for (let n = 1_000; n < 8_000; n++) expect(out[n]).toBeCloseTo(1, 6)
  })

  test('a fade of one\'s own that is too short to hide a cut is lengthened, one beside silence is kept', () => {
    const short = make(cut, { op: 'setFade', clipId: clipOf(cut, 1).id, edge: 'in', fade: { length: s(3), shape: 'linear' } }, { op: 'setFade', clipId: clipOf(cut, 0).id, edge: 'in', fade: { length: s(3), shape: 'linear' } })
    const [left, right] = compileEdl(short).segments
    expect([left?.fadeIn.length, left?.fadeOut.length, right?.fadeIn.length]).toEqual([3, 240, 240])
    expect(biggestStep(play(short, sine).subarray(100))).toBeLessThan(slope + 0.02)
  })

  test('a cut of full-scale sound has no step, whatever fades are on it', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 1_000 }), fc.integer({ min: 0, max: 1_000 }), fc.constantFrom('linear', 'equalPower', 'sCurve'), (out, into, shape) => {
      const faded = make(cut, { op: 'setGain', clipId: clipOf(cut, 0).id, gainDb: 0.0001 }, ...(out === 0 ? [] : [{ op: 'setFade', clipId: clipOf(cut, 0).id, edge: 'out', fade: { length: s(out), shape } } as const]), ...(into === 0 ? [] : [{ op: 'setFade', clipId: clipOf(cut, 1).id, edge: 'in', fade: { length: s(into), shape } } as const]))
      expect(biggestStep(play(faded, sine))).toBeLessThan(slope + 0.02)
    }), { seed: 6, numRuns: 60 })
  })
})

describe('what envelopes and the master become', () => {
  test('an envelope split with its clip sounds as before', () => {
    const shaped = make(whole, { op: 'setEnvelope', clipId: clipOf(whole, 0).id, points: [{ at: s(1_000), gainDb: 0 }, { at: s(5_000), gainDb: -18 }, { at: s(9_000), gainDb: -3 }] })
    const split = make(shaped, { op: 'split', at: s(3_333), laneIds: [laneId] }, { op: 'split', at: s(7_001), laneIds: [laneId] })
    const before = play(shaped, sine)
    const after = play(split, sine)
    let worst = 0
    for (const [n, value] of before.entries()) worst = Math.max(worst, Math.abs(value - (after[n] ?? 9)))
    expect(worst).toBeLessThan(1e-6)
  })

  test('a jump between two envelopes at a contiguous joint becomes a ramp', () => {
    const split = make(whole, { op: 'split', at: s(6_000), laneIds: [laneId] })
    const jumped = make(split, { op: 'setEnvelope', clipId: clipOf(split, 1).id, points: [{ at: s(0), gainDb: -20 }, { at: s(3_000), gainDb: 0 }] })
    expect(biggestStep(play(jumped, ones))).toBeLessThan(0.01)
  })

  test('the master is a gain behind the sum, and a limiter only when it is on', () => {
    const quiet = make(whole, { op: 'setMaster', gainDb: -6, limiter: false, ceilingDbtp: -1 })
    expect(compileEdl(quiet)).toMatchObject({ masterGain: linearGain(-6), limiter: null })
    const loud = make(whole, { op: 'setMaster', gainDb: 12, limiter: true, ceilingDbtp: -2 })
    expect(compileEdl(loud)).toMatchObject({ masterGain: linearGain(12), limiter: { ceiling: linearGain(-2) } })
    expect(play(loud, sine).reduce((most, value) => Math.max(most, Math.abs(value)), 0)).toBeLessThanOrEqual(linearGain(-2))
  })
})
