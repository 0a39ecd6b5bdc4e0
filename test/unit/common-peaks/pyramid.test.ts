import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildPyramid, channelPeaks, decodePeaks, decodeRms, encodePeaksHeader, encodeRmsHeader, levelFor, levelWithin, rangeOf, rmsOf, withRms } from '#common/peaks/index.ts'
import type { Peaks } from '#common/peaks/index.ts'

const level = (channels: number, values: readonly number[]): Peaks => ({ rateHz: 48_000, samplesPerPoint: 256, channels, length: values.length / channels / 2, data: Int16Array.from(values) })
const arbitraryPeaks = fc.tuple(fc.integer({ min: 1, max: 2 }), fc.array(fc.tuple(fc.integer({ min: -32768, max: 32767 }), fc.integer({ min: -32768, max: 32767 })), { minLength: 2, maxLength: 400 }))
  .map(([channels, pairs]) => level(channels, pairs.slice(0, pairs.length - (pairs.length % channels)).flatMap(([a, b]) => [Math.min(a, b), Math.max(a, b)])))

describe('the peaks file', () => {
  it('has the 24-byte little-endian header of audiowaveform version 2', () => {
    expect([...encodePeaksHeader({ rateHz: 48_000, samplesPerPoint: 256, length: 3, channels: 2 })]).toEqual([2, 0, 0, 0, 0, 0, 0, 0, 0x80, 0xbb, 0, 0, 0, 1, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0])
  })

  it('is read back as it was written, from any place in a larger buffer', () => {
    fc.assert(fc.property(arbitraryPeaks, fc.integer({ min: 0, max: 3 }), (peaks, shift) => {
      const bytes = new Uint8Array(shift + 24 + peaks.data.byteLength)
      bytes.set(encodePeaksHeader(peaks), shift)
      bytes.set(new Uint8Array(peaks.data.buffer), shift + 24)
      expect(decodePeaks(bytes.subarray(shift))).toEqual(peaks)
    }))
  })

  it('is refused when it is cut, foreign, 8-bit or longer than it says', () => {
    const whole = new Uint8Array([...encodePeaksHeader({ rateHz: 48_000, samplesPerPoint: 256, length: 1, channels: 1 }), 1, 0, 2, 0])
    expect(decodePeaks(whole)?.data).toEqual(Int16Array.from([1, 2]))
    for (const bad of [whole.subarray(0, 27), whole.subarray(0, 10), new Uint8Array([...whole, 0]), Uint8Array.from(whole, (byte, at) => (at === 0 ? 1 : byte)), Uint8Array.from(whole, (byte, at) => (at === 4 ? 1 : byte))]) expect(decodePeaks(bad)).toBeNull()
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      decodePeaks(bytes)
    }))
  })
})

describe('the RMS plane beside the peaks', () => {
  const header = { rateHz: 48_000, samplesPerPoint: 256, length: 3, channels: 2 }
  const values = Uint16Array.from([1, 2, 3, 4, 5, 32_768])
  const file = new Uint8Array([...encodeRmsHeader(header), ...new Uint8Array(values.buffer)])

  it('is read back as it was written, and refused when it is cut, foreign or longer than it says', () => {
    expect(decodeRms(file)).toEqual({ ...header, data: values })
    for (const bad of [file.subarray(0, file.length - 1), file.subarray(0, 20), new Uint8Array([...file, 0]), Uint8Array.from(file, (byte, at) => (at === 0 ? 2 : byte))]) expect(decodeRms(bad)).toBeNull()
    fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      decodeRms(bytes)
    }))
  })

  it('joins the peaks it belongs to and no others', () => {
    const peaks = level(2, [0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1])
    expect(withRms(peaks, decodeRms(file)).rms).toEqual(values)
    expect(withRms(level(1, [0, 1]), decodeRms(file)).rms).toBeUndefined()
    expect(withRms(peaks, null)).toBe(peaks)
  })

  it('is at every level the RMS of the samples below it', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 32_768 }), { minLength: 1, maxLength: 200 }), (body) => {
      const base = { ...level(1, body.flatMap(() => [0, 0])), rms: Uint16Array.from(body) }
      for (const [depth, coarse] of buildPyramid(base, 5).entries()) {
        for (let point = 0; (point + 1) * 2 ** depth <= base.length; point++) expect(Math.abs(rmsOf(coarse, 0, point, point + 1) - rmsOf(base, 0, point * 2 ** depth, (point + 1) * 2 ** depth))).toBeLessThanOrEqual(depth)
      }
    }))
    expect(rmsOf(level(1, [0, 0]), 0, 0, 1)).toBe(0)
  })
})

describe('the peaks pyramid', () => {
  it('keeps at every level the same extremes over the same samples', () => {
    fc.assert(fc.property(arbitraryPeaks, (base) => {
      const pyramid = buildPyramid(base)
      for (const [depth, coarse] of pyramid.entries()) {
        const span = 2 ** depth
        expect(coarse.samplesPerPoint).toBe(256 * span)
        expect(coarse.length).toBe(Math.ceil(base.length / span))
        for (let point = 0; point < coarse.length; point++) for (let c = 0; c < base.channels; c++) expect(rangeOf(coarse, c, point, point + 1)).toEqual(rangeOf(base, c, point * span, (point + 1) * span))
      }
    }))
  })

  it('gives the level next finer than the zoom', () => {
    const pyramid = buildPyramid(level(1, Array.from({ length: 2_000 }, () => 0)))
    expect(levelFor(pyramid, 100).samplesPerPoint).toBe(256)
    expect(levelFor(pyramid, 256).samplesPerPoint).toBe(256)
    expect(levelFor(pyramid, 1_023).samplesPerPoint).toBe(512)
    expect(levelFor(pyramid, 1_024).samplesPerPoint).toBe(1_024)
    expect(levelFor(pyramid, 1e9)).toBe(pyramid.at(-1))
  })

  it('gives for a fixed number of points the finest level that fits', () => {
    const pyramid = buildPyramid(level(1, Array.from({ length: 2_000 }, () => 0)))
    expect(levelWithin(pyramid, 600).length).toBe(500)
    expect(levelWithin(pyramid, 5_000).length).toBe(1_000)
  })

  it('is silent outside the file', () => {
    expect(rangeOf(level(1, [-5, 6]), 0, 4, 9)).toEqual({ min: 0, max: 0 })
  })

  it('hands one channel to a player as numbers between -1 and 1', () => {
    expect([...channelPeaks(level(2, [-32768, 16384, 1, 2, -16384, 0, 3, 4]), 0)]).toEqual([-1, 0.5, -0.5, 0])
  })
})
