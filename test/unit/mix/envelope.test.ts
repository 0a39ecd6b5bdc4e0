import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createMixer, envelopeGain, linearGain, mixEnvelope, noFade } from '#common/mix/index.ts'
import type { MixPlan, MixRead } from '#common/mix/index.ts'

const ones: MixRead = (_source, _offset, frames, into) => into.forEach((out) => out.fill(1, 0, frames))
const points = fc.uniqueArray(fc.record({ at: fc.nat(3_000), gain: fc.double({ min: 0, max: 4, noNaN: true }) }), { minLength: 1, maxLength: 12, selector: (point) => point.at })
  .map((list) => list.sort((a, b) => a.at - b.at))
const planOf = (list: readonly { at: number; gain: number }[], gain = 1): MixPlan => ({
  sources: [{ channels: 1, length: 3_000 }], length: 3_000, masterGain: 1,
  segments: [{ source: 0, start: 0, offset: 0, length: 3_000, gain, fadeIn: noFade, fadeOut: noFade, envelope: mixEnvelope(list) }],
})
function render(plan: MixPlan, blockFrames: number, steps: readonly number[]): Float32Array {
  const mixer = createMixer(plan, { channels: 1, blockFrames })
  const out = new Float32Array(plan.length)
  for (let at = 0, n = 0; at < plan.length; n++) {
    const frames = Math.min(steps[n % steps.length] ?? 1, plan.length - at)
    mixer.render(at, frames, [out.subarray(at, at + frames)], ones)
    at += frames
  }
  return out
}

describe('a gain envelope', () => {
  test('is a straight line in linear gain between its points and constant outside them', () => {
    fc.assert(fc.property(points, (list) => {
      const out = render(planOf(list), 512, [3_000])
      for (let n = 0; n < 3_000; n += 11) {
        const right = list.findIndex((point) => point.at >= n)
        const a = list[right < 0 ? list.length - 1 : Math.max(0, right - 1)]
        const b = list[right < 0 ? list.length - 1 : right]
        const share = a === undefined || b === undefined || a.at === b.at ? 0 : Math.max(0, (n - a.at) / (b.at - a.at))
        expect(out[n]).toBeCloseTo((a?.gain ?? 0) + ((b?.gain ?? 0) - (a?.gain ?? 0)) * share, 5)
      }
    }), { seed: 2 })
  })

  test('gives the same bits whatever the block sizes', () => {
    fc.assert(fc.property(points, fc.integer({ min: 1, max: 700 }), fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 4 }), (list, blockFrames, steps) => {
      expect(render(planOf(list), blockFrames, steps)).toEqual(render(planOf(list), 4_096, [3_000]))
    }), { seed: 3 })
  })

  test('comes after the gain of the clip and before its fades', () => {
    const plan = planOf([{ at: 0, gain: 1 }, { at: 2_000, gain: 0.25 }], linearGain(6))
    const [segment] = plan.segments
    if (segment === undefined) expect.fail('no segment')
    const out = render({ ...plan, segments: [{ ...segment, fadeOut: { length: 1_000, shape: 'linear' } }] }, 100, [77])
    expect(out[1_000]).toBeCloseTo(linearGain(6) * 0.625, 6)
    expect(out[2_500]).toBeCloseTo(linearGain(6) * 0.25 * 0.4995, 6)
  })

  test('can be asked for one place', () => {
    const envelope = mixEnvelope([{ at: 10, gain: 1 }, { at: 20, gain: 3 }])
    expect([0, 10, 15, 20, 99].map((at) => envelopeGain(envelope, at))).toEqual([1, 1, 2, 3, 3])
  })
})
