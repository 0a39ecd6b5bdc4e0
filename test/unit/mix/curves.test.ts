import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createDither, decodePcm, fadeCurve, fadeGain, linearGain, parseWavHeader, toInt16, toInt24, wavHeader } from '#common/mix/index.ts'
import type { FadeShape } from '#common/mix/index.ts'

const formulas: Record<FadeShape, (x: number) => number> = {
  linear: (x) => x,
  equalPower: (x) => Math.sin((x * Math.PI) / 2),
  sCurve: (x) => 3 * x ** 2 - 2 * x ** 3,
  log: (x) => (1000 ** x - 1) / 999,
}
const shapes: readonly FadeShape[] = ['linear', 'equalPower', 'sCurve', 'log']

describe('fades', () => {
  test.each(shapes)('%s follows its formula, starts at 0, ends at 1 and never falls', (shape) => {
    let before = 0
    for (let i = 0; i <= 10_000; i++) {
      const value = fadeCurve(shape, i / 10_000)
      expect(Math.abs(value - formulas[shape](i / 10_000))).toBeLessThan(2e-5)
      expect(value).toBeGreaterThanOrEqual(before)
      before = value
    }
    expect(fadeCurve(shape, 0)).toBe(0)
    expect(fadeCurve(shape, 1)).toBeCloseTo(1, 9)
  })

  test('equal power keeps the power of two crossing fades', () => {
    for (let i = 0; i < 480; i++) expect(fadeGain('equalPower', i, 480) ** 2 + fadeGain('equalPower', 479 - i, 480) ** 2).toBeCloseTo(1, 9)
  })
})

describe('gains', () => {
  test('agree with the formula to the last few bits and are exact at 0 dB', () => {
    for (let db = -60; db <= 24; db += 0.25) expect(Math.abs(linearGain(db) / 10 ** (db / 20) - 1)).toBeLessThan(1e-14)
    expect(linearGain(0)).toBe(1)
    expect(linearGain(-Infinity)).toBe(0)
  })
})

describe('whole numbers', () => {
  test('give 16-bit samples back unchanged', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: -32768, max: 32767 }), { minLength: 2, maxLength: 200 }), (values) => {
      const frames = values.length >> 1
      const source = Int16Array.from(values.slice(0, frames * 2))
      const into = [new Float32Array(frames), new Float32Array(frames)]
      decodePcm(new DataView(source.buffer), 0, 'int16', 2, frames, into)
      const back = new Int16Array(frames * 2)
      toInt16(into, frames, back, null)
      expect(back).toEqual(source)
    }))
  })

  test('give 24-bit samples back unchanged', () => {
    fc.assert(fc.property(fc.uint8Array({ minLength: 3, maxLength: 300 }), (bytes) => {
      const frames = Math.floor(bytes.length / 3)
      const source = bytes.slice(0, frames * 3)
      const into = [new Float32Array(frames)]
      decodePcm(new DataView(source.buffer), 0, 'int24', 1, frames, into)
      const back = new Uint8Array(frames * 3)
      toInt24(into, frames, back)
      expect(back).toEqual(source)
    }))
  })

  test('stop at full scale instead of turning over', () => {
    const out = new Int16Array(4)
    toInt16([Float32Array.from([1, 2, -1, -3])], 4, out, null)
    expect([...out]).toEqual([32767, 32767, -32768, -32768])
    const packed = new Uint8Array(6)
    toInt24([Float32Array.from([1, -3])], 2, packed)
    expect([...packed]).toEqual([255, 255, 127, 0, 0, 128])
  })

  test('dither the same way from the same seed, within one step and a half, without shifting the mean', () => {
    const input = [new Float32Array(48_000).fill(0.25 / 32768)]
    const first = new Int16Array(48_000)
    const second = new Int16Array(48_000)
    toInt16(input, 48_000, first, createDither(7))
    toInt16(input, 48_000, second, createDither(7))
    expect(first).toEqual(second)
    let sum = 0
    for (const value of first) {
      expect(Math.abs(value)).toBeLessThanOrEqual(2)
      sum += value
    }
    expect(sum / 48_000).toBeCloseTo(0.25, 1)
  })
})

describe('WAV headers', () => {
  test('are read back as written, short and past 4 GiB', () => {
    for (const length of [0, 1, 48_000, 3_000_000_000]) {
      for (const format of ['int16', 'int24'] as const) {
        const header = wavHeader(format, 2, length)
        expect(parseWavHeader(header)).toEqual({ format, channels: 2, rateHz: 48_000, dataOffsetBytes: header.length, length })
      }
    }
  })

  test('ask for more instead of guessing when the beginning is too short, and never throw', () => {
    const header = wavHeader('int16', 1, 10)
    for (let n = 0; n < 44; n++) expect(parseWavHeader(header.subarray(0, n))).toEqual({ refused: 'more' })
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const answer = parseWavHeader(bytes)
      expect('refused' in answer || answer.channels > 0).toBe(true)
    }))
  })
})
