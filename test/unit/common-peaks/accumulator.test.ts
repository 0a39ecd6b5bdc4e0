import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createPeakAccumulator, int16OfFloat } from '#common/peaks/index.ts'
import type { PeakFormat } from '#common/peaks/index.ts'

const width: Record<PeakFormat, number> = { int16: 2, int24: 3, float32: 4 }

/** The plain way: decode every sample, then group. */
function naive(bytes: Uint8Array, format: PeakFormat, channels: number, per: number): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const total = bytes.length / width[format] / channels
  const value = (n: number, c: number) => {
    const at = (n * channels + c) * width[format]
    if (format === 'int16') return view.getInt16(at, true)
    if (format === 'int24') return view.getInt16(at + 1, true)
    const float = view.getFloat32(at, true)
    return Number.isNaN(float) ? 0 : int16OfFloat(float)
  }
  const out: number[] = []
  for (let start = 0; start < total; start += per) {
    for (let c = 0; c < channels; c++) {
      const values = Array.from({ length: Math.min(per, total - start) }, (_, k) => value(start + k, c))
      out.push(Math.min(...values), Math.max(...values))
    }
  }
  return out
}

function inPieces(bytes: Uint8Array, format: PeakFormat, channels: number, per: number, cuts: readonly number[]): number[] {
  const accumulator = createPeakAccumulator(format, channels, per)
  const out: number[] = []
  const take = (point: Int16Array) => void out.push(...point)
  const frame = width[format] * channels
  let at = 0
  for (const cut of [...cuts, Infinity]) {
    const end = Math.min(bytes.length, at + cut * frame)
    accumulator.push(bytes.slice(at, end), take)
    at = end
  }
  accumulator.end(take)
  return out
}

/** RMS of each point and channel in 16-bit units, the plain way. */
function naiveRms(values: readonly number[], channels: number, per: number): number[] {
  const out: number[] = []
  for (let start = 0; start < values.length / channels; start += per) {
    for (let c = 0; c < channels; c++) {
      const own = Array.from({ length: Math.min(per, values.length / channels - start) }, (_, k) => values[(start + k) * channels + c] ?? 0)
      out.push(Math.round(Math.sqrt(own.reduce((sum, value) => sum + value * value, 0) / own.length)))
    }
  }
  return out
}

function rmsInPieces(bytes: Uint8Array, format: PeakFormat, channels: number, per: number, cut: number): number[] {
  const accumulator = createPeakAccumulator(format, channels, per)
  const out: number[] = []
  const take = (_: Int16Array, rms: Uint16Array) => void out.push(...rms)
  const frame = width[format] * channels
  accumulator.push(bytes.slice(0, Math.min(bytes.length, cut * frame)), take)
  accumulator.push(bytes.slice(Math.min(bytes.length, cut * frame)), take)
  accumulator.end(take)
  return out
}

describe('the body inside the peaks', () => {
  it('is the root of the mean square of each point and the same for 16 bits, 24 bits and float, however the bytes are cut', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 40 }), fc.array(fc.integer({ min: -32768, max: 32767 }), { maxLength: 300 }), fc.nat(100), (channels, per, raw, cut) => {
      const values = raw.slice(0, raw.length - (raw.length % channels))
      const bytes24 = Uint8Array.from(values.flatMap((value) => [0, value & 255, (value >> 8) & 255]))
      const wanted = naiveRms(values, channels, per)
      expect(rmsInPieces(new Uint8Array(Int16Array.from(values).buffer), 'int16', channels, per, cut)).toEqual(wanted)
      expect(rmsInPieces(bytes24, 'int24', channels, per, cut)).toEqual(wanted)
      expect(rmsInPieces(new Uint8Array(Float32Array.from(values, (value) => value / 32768).buffer), 'float32', channels, per, cut)).toEqual(wanted)
    }))
  })

  it('of the loudest samples there can be is full scale', () => {
    for (const channels of [1, 2, 3]) expect(rmsInPieces(new Uint8Array(new Int16Array(channels * 7).fill(-32768).buffer), 'int16', channels, 5, 4)).toEqual(Array.from({ length: channels * 2 }, () => 32768))
  })

  it('takes NaN for silence and what is beyond full scale for full scale', () => {
    expect(rmsInPieces(new Uint8Array(Float32Array.from([Number.NaN, Number.NaN, 3, -5]).buffer), 'float32', 1, 2, 4)).toEqual([0, 32768])
  })
})

describe('peaks of PCM', () => {
  for (const format of ['int16', 'int24', 'float32'] as const) {
    it(`of ${format} are the smallest and largest sample of each point, however the bytes are cut`, () => {
      fc.assert(fc.property(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 40 }), fc.uint8Array({ minLength: 0, maxLength: 900 }), fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 8 }), (channels, per, raw, cuts) => {
        const frame = width[format] * channels
        const bytes = raw.slice(0, raw.length - (raw.length % frame))
        if (format === 'float32') for (let at = 0; at + 4 <= bytes.length; at += 4) new DataView(bytes.buffer).setFloat32(at, ((bytes[at] ?? 0) - 128) / 100, true)
        expect(inPieces(bytes, format, channels, per, cuts)).toEqual(naive(bytes, format, channels, per))
      }))
    })
  }

  it('of floats clip at full scale and take NaN for silence', () => {
    const bytes = new Uint8Array(Float32Array.from([2, -3, Number.NaN, 0.5]).buffer)
    expect(inPieces(bytes, 'float32', 1, 2, [])).toEqual([-32768, 32767, 16384, 16384])
    expect(inPieces(new Uint8Array(Float32Array.from([Number.NaN, Number.NaN]).buffer), 'float32', 1, 2, [])).toEqual([0, 0])
  })

  it('of 16 bits are the same from any place in a larger buffer', () => {
    const bytes = new Uint8Array(Int16Array.from([9, 1, -2, 3, -4, 5, -6, 7, -8]).buffer, 2)
    const out: number[] = []
    const accumulator = createPeakAccumulator('int16', 2, 3)
    accumulator.push(bytes, (point) => void out.push(...point))
    accumulator.end((point) => void out.push(...point))
    expect(out).toEqual(naive(bytes, 'int16', 2, 3))
  })

  it('know the largest magnitude of the whole file', () => {
    const accumulator = createPeakAccumulator('int16', 1, 2)
    accumulator.push(new Uint8Array(Int16Array.from([5, -300, 7, 200, 1]).buffer), () => undefined)
    accumulator.end(() => undefined)
    expect(accumulator.peak).toBe(300)
  })

  it('refuse half a frame', () => {
    expect(() => createPeakAccumulator('int16', 2).push(new Uint8Array(6), () => undefined)).toThrow(RangeError)
  })
})
