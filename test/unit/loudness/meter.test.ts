import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { integratedLufs, joinParts, K_48, kWeighting, loudnessOf, PEAK_BOUND, SETTLE_FRAMES, shortTermCurve, SoundMeasure, TICK_FRAMES } from '#common/loudness/index.ts'
import { integratedOf, measured, toneParts } from '../../support/loudness.ts'
import { babble, joined, noise, silence, sine } from '../../support/signals.ts'
import type { Signal } from '../../support/signals.ts'

/** Every sample four times oversampled by the 48 taps of BS.1770, with no short cut. */
function plainTruePeak(signal: Signal): number {
  const phases = [
    [0.001708984375, 0.010986328125, -0.0196533203125, 0.033203125, -0.0594482421875, 0.1373291015625, 0.97216796875, -0.102294921875, 0.047607421875, -0.026611328125, 0.014892578125, -0.00830078125],
    [-0.0291748046875, 0.029296875, -0.0517578125, 0.089111328125, -0.16650390625, 0.465087890625, 0.77978515625, -0.2003173828125, 0.1015625, -0.0582275390625, 0.0330810546875, -0.0189208984375],
  ]
  const all = [...phases, ...phases.map((taps) => taps.toReversed())]
  let peak = 0
  for (const channel of signal) {
    for (let n = 0; n < channel.length + 11; n++) {
      peak = Math.max(peak, Math.abs(channel[n] ?? 0))
      for (const taps of all) peak = Math.max(peak, Math.abs(taps.reduce((sum, tap, k) => sum + tap * (channel[n - k] ?? 0), 0)))
    }
  }
  return peak
}

describe('the K-weighting', () => {
  it('computed for 48 kHz is the one of the tables', () => {
    const near = kWeighting(48_000.000001)
    for (const [value, wanted] of [[near.shelf.b0, K_48.shelf.b0], [near.shelf.b1, K_48.shelf.b1], [near.shelf.b2, K_48.shelf.b2], [near.shelf.a1, K_48.shelf.a1], [near.shelf.a2, K_48.shelf.a2], [near.pass.a1, K_48.pass.a1], [near.pass.a2, K_48.pass.a2]] as const) expect(value).toBeCloseTo(wanted, 9)
  })
})

describe('the meter', () => {
  it('reads one channel of a mono sound once: 3 LU less than the same in both', () => {
    const tone = sine({ hz: 1_000, dbfs: -23, seconds: 5 })
    expect(integratedOf(tone)).toBeCloseTo(-26.01, 1)
    expect(integratedOf([...tone, ...tone])).toBeCloseTo(-23, 1)
  })
  it('has no value for less than 400 ms, for silence and below the gate', () => {
    expect(integratedOf(toneParts([{ seconds: 0.39, dbfs: -20 }]))).toBeNull()
    expect(integratedOf(toneParts([{ seconds: 0.4, dbfs: -20 }]))).not.toBeNull()
    expect(integratedOf(silence(5, 2))).toBeNull()
    expect(integratedOf(toneParts([{ seconds: 5, dbfs: -75 }]))).toBeNull()
    const quiet = measured(silence(2))
    expect(loudnessOf(quiet.energies, quiet.truePeak)).toEqual({ integratedLufs: null, rangeLu: null, truePeakDbtp: null })
  })
  it('gives the same numbers for blocks of any size', () => {
    const sound = [...babble(4), ...babble(4, 2)]
    const whole = measured(sound, { blockFrames: 48_000 })
    for (const blockFrames of [128, 1_000, 4_801]) {
      const other = measured(sound, { blockFrames })
      expect(other.truePeak).toBe(whole.truePeak)
      other.energies.forEach((energy, n) => expect(energy).toBeCloseTo(whole.energies[n] ?? 0, 15))
    }
  })
  it('finds the same true peak as oversampling everything, wherever it is', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 1_000_000 }), fc.integer({ min: 0, max: 5_999 }), fc.double({ min: 0.05, max: 1, noNaN: true }), (seed, at, size) => {
      const [base = new Float32Array(0)] = noise({ dbfs: -25, seconds: 0.125, seed })
      const sound = Float32Array.from(base)
      sound[at] = size
      if (at > 0) sound[at - 1] = size * 0.9
      expect(measured([sound], { blockFrames: 1_024 }).truePeak).toBeCloseTo(plainTruePeak([sound]), 12)
    }), { numRuns: 40 })
  })
  it('knows how much the filter can add at most', () => {
    const worst = Float32Array.from([-1, 1, -1, 1, -1, 1, 1, -1, 1, -1, 1, -1].toReversed())
    expect(plainTruePeak([worst])).toBeLessThanOrEqual(PEAK_BOUND + 1e-12)
    expect(plainTruePeak([worst])).toBeGreaterThan(PEAK_BOUND - 0.01)
  })
  it('counts places over a ceiling once, however long they last', () => {
    const burst = (seconds: number) => sine({ hz: 1_000, dbfs: -3, seconds })
    const sound = joined(sine({ hz: 1_000, dbfs: -30, seconds: 1 }), burst(0.05), silence(0.5), burst(0.002), silence(0.5), burst(0.3), silence(0.1))
    expect(measured(sound, { limit: 10 ** (-6 / 20) }).overs).toBe(3)
    expect(measured(sound, { limit: 10 ** (-1 / 20) }).overs).toBe(0)
  })
  it('of two parts measured side by side is the meter of the whole', () => {
    const sound = [...babble(12), ...babble(12, 5)]
    const limit = 0.15
    const whole = measured(sound, { limit })
    const cut = 5 * 48_000
    const part = (from: number, to: number) => sound.map((channel) => channel.subarray(from, to))
    const first = measured(part(0, cut), { limit })
    const second = measured(part(cut - SETTLE_FRAMES, sound[0]?.length ?? 0), { limit })
    const shift = (frame: number) => (frame < 0 ? -1 : frame + cut - SETTLE_FRAMES)
    const joinedUp = joinParts([
      { ...first, energies: first.energies },
      { energies: second.energies.slice(SETTLE_FRAMES / TICK_FRAMES), truePeak: second.truePeak, samplePeak: second.samplePeak, overs: second.overs, firstOver: shift(second.firstOver), lastOver: shift(second.lastOver) },
    ])
    expect(joinedUp.energies.length).toBe(whole.energies.length)
    expect(integratedLufs(joinedUp.energies)).toBeCloseTo(integratedLufs(whole.energies) ?? 0, 9)
    expect(joinedUp.truePeak).toBe(whole.truePeak)
  })
  it('draws short-term loudness every 100 ms, silence at the bottom', () => {
    const curve = shortTermCurve(measured(toneParts([{ seconds: 4, dbfs: -23 }, { seconds: 6, dbfs: null }])).energies)
    expect(curve.length).toBe(100)
    expect(curve[39]).toBeCloseTo(-23, 1)
    expect(curve[54]).toBeCloseTo(-26, 0)
    expect(curve[99]).toBe(-120)
  })
  it('takes as long for fading silence as for sound: no slow numbers in the filters', () => {
    const run = (signal: Signal) => {
      const measure = new SoundMeasure({ channels: 1, capacity: 48_000, ticks: 6_000 })
      measure.inputs[0]?.set(signal[0] ?? [])
      measure.add(48_000)
      measure.inputs[0]?.fill(0)
      const from = process.cpuUsage().user
      for (let n = 0; n < 30; n++) {
        if (signal[0]?.[1_000] !== 0 && n > 0) measure.inputs[0]?.set(signal[0] ?? [])
        measure.add(48_000)
      }
      return process.cpuUsage().user - from
    }
    run(noise({ dbfs: -20, seconds: 1 }))
    const impulse = [Float32Array.from({ length: 48_000 }, (_, n) => (n === 0 ? 1 : 0))]
    expect(run(impulse)).toBeLessThan(5 * run(noise({ dbfs: -20, seconds: 1 })))
  })
})
