import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createMixer, decodePcm, floatsOf16, mixEnvelope, noFade, plainSpans, toInt24, widen16 } from '#common/mix/index.ts'
import type { MixPlan, MixRead, MixSegment } from '#common/mix/index.ts'

const counter: MixRead = (source, offset, frames, into) => into.forEach((out, c) => {
  for (let i = 0; i < frames; i++) out[i] = ((offset + i) * 4 + source * 2 + c + 1) / 65_536
})
const segment = fc.record({
  source: fc.nat(2), start: fc.nat(900), offset: fc.nat(300), length: fc.integer({ min: 1, max: 400 }), gain: fc.constantFrom(1, 1, 1, 0.5),
  into: fc.constantFrom(0, 0, 20), out: fc.constantFrom(0, 0, 30), shaped: fc.boolean(),
}).map(({ into, out, shaped, ...rest }): MixSegment => ({
  ...rest, fadeIn: { length: Math.min(into, rest.length >> 1), shape: 'linear' }, fadeOut: { length: Math.min(out, rest.length >> 1), shape: 'linear' },
  envelope: shaped && rest.start % 3 === 0 ? mixEnvelope([{ at: 0, gain: 0.25 }]) : null,
}))
const plans = fc.record({ segments: fc.array(segment, { maxLength: 8 }), limiter: fc.constantFrom(null, null, null, { ceiling: 0.9 }), masterGain: fc.constantFrom(1, 1, 1, 2) })
  .map((plan): MixPlan => ({ ...plan, sources: [{ channels: 1, length: 1_000 }, { channels: 2, length: 1_000 }, { channels: 2, length: 1_000 }], length: 1_300 }))

describe('what may be copied instead of mixed', () => {
  test('is, wherever it is said, exactly what the mixer makes of one source', () => {
    fc.assert(fc.property(plans, fc.constantFrom<1 | 2>(1, 2), (plan, channels) => {
      const mixed = Array.from({ length: channels }, () => new Float32Array(plan.length))
      createMixer(plan, { channels, blockFrames: 256 }).render(0, plan.length, mixed, counter)
      let before = 0
      for (const span of plainSpans(plan, channels)) {
        expect(span.start).toBeGreaterThanOrEqual(before)
        expect(span.end).toBeGreaterThan(span.start)
        before = span.end
        const copied = Array.from({ length: channels }, () => new Float32Array(span.end - span.start))
        counter(span.source, span.offset, span.end - span.start, copied)
        expect(mixed.map((channel) => channel.slice(span.start, span.end))).toEqual(copied)
      }
    }), { seed: 8, numRuns: 300 })
  })

  test('is found: an untouched recording is one span, a cut leaves all but its ramps', () => {
    const plain = (start: number, offset: number, length: number, ramp: number): MixSegment => ({ source: 1, start, offset, length, gain: 1, fadeIn: { length: start === 0 ? 0 : ramp, shape: 'linear' }, fadeOut: { length: start === 0 ? ramp : 0, shape: 'linear' } })
    const base = { sources: [{ channels: 1, length: 9_000 }, { channels: 2, length: 9_000 }], masterGain: 1 }
    expect(plainSpans({ ...base, segments: [{ ...plain(0, 0, 9_000, 0), fadeIn: noFade }], length: 9_000 }, 2)).toEqual([{ start: 0, end: 9_000, source: 1, offset: 0 }])
    expect(plainSpans({ ...base, segments: [plain(0, 0, 3_000, 240), plain(3_000, 5_000, 3_000, 240)], length: 6_000 }, 2)).toEqual([{ start: 0, end: 2_760, source: 1, offset: 0 }, { start: 3_240, end: 6_000, source: 1, offset: 5_240 }])
  })
})

describe('samples of 16 bits as floats', () => {
  test('are those that a mix of one source gives, each bit of them', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: -32768, max: 32767 }), { minLength: 1, maxLength: 70 }), (values) => {
      const input = Int16Array.from(values)
      const { length } = values
      const plan: MixPlan = { sources: [{ channels: 1, length }], segments: [{ source: 0, start: 0, offset: 0, length, gain: 1, fadeIn: noFade, fadeOut: noFade }], masterGain: 1, length }
      const mixed = [new Float32Array(length)]
      createMixer(plan, { channels: 1, blockFrames: 16 }).render(0, length, mixed, (_, offset, frames, into) => decodePcm(new DataView(input.buffer, offset * 2), 0, 'int16', 1, frames, into))
      const floats = new Float32Array(length)
      floatsOf16(input, length, floats)
      expect(new Uint8Array(floats.buffer)).toEqual(new Uint8Array(mixed[0]?.buffer ?? new ArrayBuffer(0)))
    }), { examples: [[[0, -0, -32768, 32767]]] })
  })
})

describe('samples widened from 16 to 24 bits', () => {
  test('are those that decoding and rounding gives', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: -32768, max: 32767 }), { minLength: 1, maxLength: 70 }), (values) => {
      const input = new Int16Array(values.length + 3)
      input.set(values)
      const words = new Uint32Array(values.length + 3)
      widen16(input, values.length, words)
      const floats = [new Float32Array(values.length)]
      decodePcm(new DataView(input.buffer), 0, 'int16', 1, values.length, floats)
      const wanted = new Uint8Array(values.length * 3)
      toInt24(floats, values.length, wanted)
      expect(new Uint8Array(words.buffer, 0, values.length * 3)).toEqual(wanted)
    }))
  })

  test('rounding to 24 bits goes to the nearest step, halves upwards, and stops at full scale', () => {
    fc.assert(fc.property(fc.float({ min: -2, max: 2, noNaN: true }), (value) => {
      const out = new Uint8Array(3)
      toInt24([Float32Array.of(value)], 1, out)
      const wanted = Math.max(-8388608, Math.min(8388607, Math.floor(value * 8388608 + 0.5)))
      expect(((out[0] ?? 0) | ((out[1] ?? 0) << 8) | ((out[2] ?? 0) << 16)) << 8 >> 8).toBe(wanted)
    }), { numRuns: 1_000 })
  })
})
