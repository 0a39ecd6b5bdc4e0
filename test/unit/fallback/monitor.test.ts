import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { OutputMonitor, REEL_SAMPLES, SilenceWatch, makeReel } from '#common/fallback/index.ts'

const S = 48_000
const tone = (seconds: number, amplitude: number, hertz = 440): Float32Array => Float32Array.from({ length: seconds * S }, (_, n) => amplitude * Math.sin((2 * Math.PI * hertz * n) / S))
const hear = (monitor: OutputMonitor, left: Float32Array, right = left): OutputMonitor => {
  for (let at = 0; at < left.length; at += 480) monitor.hear(left.subarray(at, at + 480), right.subarray(at, at + 480), Math.min(480, left.length - at))
  return monitor
}

describe('the watch of silence', () => {
  it('counts silence from its first sample to within 10 ms, whatever the pieces', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 480 }), { minLength: 10, maxLength: 200 }), (pieces) => {
      const watch = new SilenceWatch(-40)
      watch.feed(480, 0.5)
      let silent = 0
      for (const piece of pieces) {
        watch.feed(piece, 0.009)
        silent += piece
      }
      expect(Math.abs(watch.silentFor - silent)).toBeLessThan(960)
    }))
  })
  it('good sound goes on over a pause of speech, and begins anew after a silence', () => {
    const watch = new SilenceWatch(-40)
    const feed = (seconds: number, peak: number): void => {
      for (let n = 0; n < seconds * 100; n++) watch.feed(480, peak)
    }
    feed(2, 0.3)
    feed(0.8, 0)
    feed(1, 0.3)
    expect(watch.goodFor).toBe(3.8 * S)
    feed(1.2, 0)
    expect([watch.goodFor, watch.silentFor]).toEqual([0, 1.2 * S])
    feed(0.5, 0.3)
    expect(watch.goodFor).toBe(0.5 * S)
  })
})

describe('the monitor of a bus', () => {
  it('hears silence at −40 dBFS and below, and nothing else as silence', () => {
    expect(hear(new OutputMonitor(), tone(3, 0.0099)).reading.silentFor).toBe(3 * S)
    expect(hear(new OutputMonitor(), tone(3, 0.02)).reading.silentFor).toBe(0)
  })
  it('a level outside its limits for 20 s is told, a shorter one is not, and silence is not a low level', () => {
    expect(hear(new OutputMonitor(), tone(19, 0.02)).reading.level).toBe('well')
    expect(hear(new OutputMonitor(), tone(22, 0.02)).reading.level).toBe('low')
    expect(hear(new OutputMonitor(), tone(22, 0.85)).reading.level).toBe('high')
    expect(hear(new OutputMonitor(), tone(22, 0.2)).reading.level).toBe('well')
    expect(hear(new OutputMonitor(), tone(22, 0)).reading.level).toBe('well')
  })
  it('tops that are cut flat are clipping; a loud whole sine is not', () => {
    expect(hear(new OutputMonitor(), tone(2, 2).map((value) => Math.max(-0.8, Math.min(0.8, value)))).reading.clips).toBe(true)
    expect(hear(new OutputMonitor(), tone(2, 0.8)).reading.clips).toBe(false)
  })
  it('left against right for 5 s is told; stereo and mono are not', () => {
    const left = tone(7, 0.2)
    expect(hear(new OutputMonitor(), left, left.map((value) => -value)).reading.outOfPhase).toBe(true)
    expect(hear(new OutputMonitor(), left, tone(7, 0.2, 555)).reading.outOfPhase).toBe(false)
    expect(hear(new OutputMonitor(), left).reading.outOfPhase).toBe(false)
    expect(hear(new OutputMonitor(), left.subarray(0, 4 * S), left.subarray(0, 4 * S).map((value) => -value)).reading.outOfPhase).toBe(false)
  })
})

describe('the reel', () => {
  const reel = (() => {
    const made = makeReel()
    for (;;) {
      const { done, value } = made.next()
      if (done === true) return value
    }
  })()
  it('is never silent, never too loud, and the same each time', () => {
    expect(reel).toHaveLength(REEL_SAMPLES)
    const monitor = new OutputMonitor()
    for (let at = 0; at < reel.length; at += 480) {
      const piece = reel.subarray(at, at + 480)
      monitor.hear(piece, piece, 480)
      expect(monitor.reading.silentFor).toBeLessThan(0.5 * S)
    }
    expect(reel.reduce((most, value) => Math.max(most, Math.abs(value)), 0)).toBeLessThan(0.5)
  })
  it('begins and ends without a click', () => {
    expect(Math.abs(reel[0] ?? 1)).toBeLessThan(0.01)
    expect(Math.abs((reel[0] ?? 0) - (reel.at(-1) ?? 1))).toBeLessThan(0.02)
  })
})
