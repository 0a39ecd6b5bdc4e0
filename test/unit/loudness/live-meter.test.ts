import { describe, expect, it } from 'vitest'
import { LiveMeter, METER, METER_PLACES } from '#common/loudness/index.ts'
import { highestMomentaryOf, highestShortTermOf, integratedOf, rangeOf, toneParts, truePeakDbOf } from '../../support/loudness.ts'
import { babble, joined, noise, silence, sine } from '../../support/signals.ts'
import type { Signal } from '../../support/signals.ts'

const QUANTUM = 128
function played(signal: Signal, meter = new LiveMeter()): Float64Array {
  const [left = new Float32Array(0), right = left] = signal
  meter.setChannels(signal.length === 1 ? 1 : 2)
  for (let at = 0; at < left.length; at += QUANTUM) {
    const frames = Math.min(QUANTUM, left.length - at)
    meter.push(left.subarray(at, at + frames), right.subarray(at, at + frames), frames)
  }
  const reading = new Float64Array(METER_PLACES)
  meter.read(reading)
  return reading
}
const at = (reading: Float64Array, place: keyof typeof METER): number => reading[METER[place]] ?? NaN

describe('the live meter', () => {
  it.each([
    ['a steady tone', () => toneParts([{ seconds: 20, dbfs: -23 }])],
    ['quiet and loud parts', () => toneParts([{ seconds: 10, dbfs: -36 }, { seconds: 60, dbfs: -23 }, { seconds: 10, dbfs: -36 }])],
    ['speech-like sound with pauses', () => joined([...babble(20), ...babble(20, 2)], silence(3, 2), [...babble(10, 7), ...babble(10, 8)])],
    ['a mono voice', () => babble(15)],
  ])('reads of %s what the offline meter reads', (_, make) => {
    const sound = make()
    const reading = played(sound)
    expect(Math.abs(at(reading, 'integrated') - (integratedOf(sound) ?? 0))).toBeLessThanOrEqual(0.03)
    expect(Math.abs(at(reading, 'range') - (rangeOf(sound) ?? 0))).toBeLessThanOrEqual(0.2)
    expect(Math.abs(at(reading, 'highestMomentary') - (highestMomentaryOf(sound) ?? 0))).toBeLessThanOrEqual(0.001)
    expect(Math.abs(at(reading, 'highestShortTerm') - (highestShortTermOf(sound) ?? 0))).toBeLessThanOrEqual(0.1)
    expect(20 * Math.log10(at(reading, 'truePeak'))).toBeCloseTo(truePeakDbOf(sound), 6)
  })
  it('shows momentary loudness of the last 400 ms and short-term of the last 3 s', () => {
    const reading = played(toneParts([{ seconds: 5, dbfs: -30 }, { seconds: 0.4, dbfs: -20 }]))
    expect(at(reading, 'momentary')).toBeCloseTo(-20, 1)
    expect(at(reading, 'shortTerm')).toBeCloseTo(10 * Math.log10((0.4 * 10 ** -2 + 2.6 * 10 ** -3) / 3), 1)
  })
  it('has no loudness before there was anything to measure', () => {
    const reading = played(silence(1, 2))
    expect([at(reading, 'integrated'), at(reading, 'range')]).toEqual([NaN, NaN])
    expect(at(reading, 'momentary')).toBe(-Infinity)
  })
  it('gives the highest sample since the last reading, each once', () => {
    const meter = new LiveMeter()
    const peak = (dbfs: number) => 20 * Math.log10(at(played(sine({ hz: 997, dbfs, seconds: 0.1, channels: 2 }), meter), 'peakLeft'))
    expect(peak(-6)).toBeCloseTo(-6, 2)
    expect(peak(-30)).toBeCloseTo(-30, 2)
  })
  it('counts clips exactly and remembers where the last one began', () => {
    const left = new Float32Array(48_000)
    for (const from of [100, 130, 20_000]) for (let n = 0; n < 10; n++) left[from + n] = n % 2 === 0 ? 1 : -1
    left[47_999] = -32_767 / 32_768
    left[30_000] = 32_766 / 32_768
    const reading = played([left, new Float32Array(48_000)])
    expect(at(reading, 'clips')).toBe(4)
    expect(at(reading, 'lastClipAt')).toBe(47_999)
  })
  it('counts a clip across the border of two calls once', () => {
    const left = new Float32Array(512)
    left.fill(1, 120, 140)
    expect(at(played([left, left]), 'clips')).toBe(2)
  })
  it('begins anew after a reset', () => {
    const meter = new LiveMeter()
    played(noise({ dbfs: -6, seconds: 4, channels: 2 }), meter)
    meter.reset()
    const reading = played(toneParts([{ seconds: 4, dbfs: -30 }]), meter)
    expect(at(reading, 'integrated')).toBeCloseTo(-30, 1)
    expect(20 * Math.log10(at(reading, 'truePeak'))).toBeCloseTo(-30, 0)
  })
  it('allocates nothing while it is fed, and takes a small share of the time it has', () => {
    const meter = new LiveMeter()
    const [left = new Float32Array(0), right = left] = noise({ dbfs: -12, seconds: 1, channels: 2 })
    const blocks = Array.from({ length: 300 }, (_, n) => [left.subarray(n * QUANTUM, (n + 1) * QUANTUM), right.subarray(n * QUANTUM, (n + 1) * QUANTUM)] as const)
    const feed = (calls: number) => {
      for (let n = 0; n < calls; n++) {
        const block = blocks[n % blocks.length]
        if (block !== undefined) meter.push(block[0], block[1], QUANTUM)
      }
    }
    feed(5_000)
    let least = Infinity
    for (let round = 0; round < 5; round++) {
      const before = process.memoryUsage().heapUsed
      feed(5_000)
      least = Math.min(least, Math.abs(process.memoryUsage().heapUsed - before))
    }
    // One boxed number a call would be 80 kB.
    expect(least).toBeLessThan(40_000)
    const cpu = process.cpuUsage()
    feed(37_500)
    // 100 s of sound.
    expect(process.cpuUsage(cpu).user / 100_000_000).toBeLessThan(0.05)
  })
})
