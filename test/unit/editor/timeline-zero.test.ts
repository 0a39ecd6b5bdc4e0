import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ZERO_REACH, zeroShift } from '../../../renderer/studio/features/editor/timeline/gestures/zero.ts'

const wave = (length: number, at: (n: number) => number): Float32Array => Float32Array.from({ length }, (_, n) => at(n))
const centre = 1_000

describe('the zero crossing near a place', () => {
  test('of a sine is where its sign changes, and the sample beside the cut is small', () => {
    fc.assert(fc.property(fc.double({ min: 60, max: 8_000, noNaN: true }), fc.double({ min: 0, max: 6.28, noNaN: true }), fc.double({ min: 0.01, max: 0.9, noNaN: true }), (hz, phase, size) => {
      // Half a period is longer than the reach below 100 Hz: then there may be none.
      const data = wave(2_000, (n) => size * Math.sin((2 * Math.PI * hz * n) / 48_000 + phase))
      const shift = zeroShift([{ data, at: centre }])
      if (shift === null) {
        expect(hz < 110 || (hz > 700 && size > 0.05)).toBe(true)
        return
      }
      expect(Math.abs(shift)).toBeLessThanOrEqual(ZERO_REACH)
      const [left = 1, right = 1] = [data[centre + shift - 1], data[centre + shift]]
      expect(left * right).toBeLessThanOrEqual(1e-8)
    }))
  })

  test('of a 440 Hz sine is found wherever one starts, within a period', () => {
    for (let phase = 0; phase < 6.28; phase += 0.1) {
      const data = wave(2_000, (n) => 0.5 * Math.sin((2 * Math.PI * 440 * n) / 48_000 + phase))
      const shift = zeroShift([{ data, at: centre }])
      expect(shift).not.toBeNull()
      expect(Math.abs(shift ?? 1e9)).toBeLessThanOrEqual(110)
    }
  })

  test('of a constant does not exist, and silence stays where it is', () => {
    expect(zeroShift([{ data: wave(2_000, () => 0.3), at: centre }])).toBeNull()
    expect(zeroShift([{ data: wave(2_000, () => 0), at: centre }])).toBe(0)
    expect(zeroShift([])).toBeNull()
  })

  test('has to be one for all channels', () => {
    const sine = wave(2_000, (n) => 0.4 * Math.sin((2 * Math.PI * 300 * n) / 48_000 + 1))
    expect(zeroShift([{ data: sine, at: centre }])).not.toBeNull()
    expect(zeroShift([{ data: sine, at: centre }, { data: wave(2_000, () => 0.2), at: centre }])).toBeNull()
    const other = wave(2_000, (n) => -0.2 * Math.sin((2 * Math.PI * 300 * n) / 48_000 + 1))
    expect(zeroShift([{ data: sine, at: centre }, { data: other, at: centre }])).toBe(zeroShift([{ data: sine, at: centre }]))
  })

  test('is given up beyond ten milliseconds', () => {
    const data = wave(2_000, (n) => (n < centre + ZERO_REACH + 2 ? 0.5 : -0.5))
    expect(zeroShift([{ data, at: centre }])).toBeNull()
  })

  test('is not taken where the step would still be heard', () => {
    const data = wave(2_000, (n) => (n % 2 === 0 ? 0.9 : -0.9))
    expect(zeroShift([{ data, at: centre }])).toBeNull()
  })
})
