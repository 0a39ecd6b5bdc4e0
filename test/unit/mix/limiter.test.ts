import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createMixer, linearGain, LIMITER_LOOK_AHEAD, LIMITER_WARM_UP, noFade } from '#common/mix/index.ts'
import type { MixPlan, MixRead } from '#common/mix/index.ts'
import { babble, noise, sine } from '../../support/signals.ts'

const LENGTH = 96_000
function square(hz: number): Float32Array {
  return Float32Array.from({ length: LENGTH }, (_, n) => (Math.floor((n * hz * 2) / 48_000) % 2 === 0 ? 0.9 : -0.9))
}
/** Silence, then bursts of full level that begin and end at once: what a limiter likes least. */
function bursts(): Float32Array {
  const loud = noise({ dbfs: 0, seconds: 2 })[0] ?? new Float32Array(0)
  return loud.map((value, n) => (n % 24_000 < 700 ? value : value * 0.05))
}
const signals: Record<string, readonly Float32Array[]> = {
  'a quarter of the sample rate at 45 degrees': [Float32Array.from({ length: LENGTH }, (_, n) => Math.sin((Math.PI / 2) * n + Math.PI / 4))],
  'squares': [square(997), square(61)],
  'speech': babble(2),
  'music': sine({ hz: 220, dbfs: -3, seconds: 2, channels: 2 }).map((one, c) => one.map((value, n) => 0.5 * value + 0.4 * Math.sin(n * (0.11 + c * 0.07)) + 0.3 * Math.sin(n * 0.53))),
  'noise': noise({ dbfs: 0, seconds: 2, channels: 2 }),
  'bursts': [bursts()],
  'bass': sine({ hz: 40, dbfs: 0, seconds: 2 }),
}

function planOf(signal: readonly Float32Array[], gainDb: number, ceilingDbtp: number | null): MixPlan {
  const length = signal[0]?.length ?? 0
  return { sources: [{ channels: signal.length, length }], segments: [{ source: 0, start: 0, offset: 0, length, gain: 1, fadeIn: noFade, fadeOut: noFade }], length, masterGain: linearGain(gainDb), limiter: ceilingDbtp === null ? null : { ceiling: linearGain(ceilingDbtp) } }
}
const readerOf = (signal: readonly Float32Array[]): MixRead => (_source, offset, frames, into) => into.forEach((out, c) => {
  for (let i = 0; i < frames; i++) out[i] = signal[c]?.[offset + i] ?? Number.NaN
})
function whole(signal: readonly Float32Array[], plan: MixPlan): Float32Array[] {
  const channels = signal.length === 1 ? 1 : 2
  const out = Array.from({ length: channels }, () => new Float32Array(plan.length))
  createMixer(plan, { channels, blockFrames: 4_096 }).render(0, plan.length, out, readerOf(signal))
  return out
}

/** An oracle of its own: eight times oversampled by 96 taps of a windowed sinc. */
const PHASES = Array.from({ length: 8 }, (_, phase) => Float64Array.from({ length: 96 }, (__, k) => {
  const x = k - 48 + phase / 8
  const window = 0.42 + 0.5 * Math.cos((Math.PI * x) / 48) + 0.08 * Math.cos((2 * Math.PI * x) / 48)
  return (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x)) * window
}))
function truePeakDb(channels: readonly Float32Array[]): number {
  let most = 0
  for (const x of channels) {
    for (let n = 0; n < x.length - 96; n++) {
      for (const taps of PHASES) {
        let sum = 0
        for (let k = 0; k < 96; k++) sum += (x[n + k] as number) * (taps[k] as number)
        if (sum > most) most = sum
        else if (-sum > most) most = -sum
      }
    }
  }
  return 20 * Math.log10(most)
}

describe('the limiter of the master', () => {
  test.each(Object.entries(signals))('keeps the true peak of %s under the ceiling', (name, signal) => {
    for (const [gainDb, ceiling] of [[6, -1], [14, -3]] as const) {
      const out = whole(signal, planOf(signal, gainDb, ceiling))
      // The oracle sees what lies above 20 kHz, which white noise at full level is full of and sound is not.
      expect(truePeakDb(out)).toBeLessThanOrEqual(ceiling + (name === 'noise' || name === 'bursts' ? 0.75 : 0.03))
      for (const value of out[0] ?? []) if (Math.abs(value) > linearGain(ceiling)) expect.fail('a sample above the ceiling')
    }
  })

  test('changes nothing and delays nothing where nothing is above the ceiling', () => {
    for (const signal of Object.values(signals)) expect(whole(signal, planOf(signal, -14, -1))).toEqual(whole(signal, planOf(signal, -14, null)))
  })

  test('lowers no more than it must: a steady tone comes to the ceiling, speech between peaks is untouched', () => {
    const tone = sine({ hz: 1_000, dbfs: 0, seconds: 2 })
    expect(truePeakDb(whole(tone, planOf(tone, 6, -1)))).toBeGreaterThan(-1.15)
    const signal = [bursts()]
    const limited = whole(signal, planOf(signal, 3, -1))[0] ?? new Float32Array(0)
    const free = whole(signal, planOf(signal, 3, null))[0] ?? new Float32Array(0)
    const untouched = limited.reduce((sum, value, n) => sum + (value === free[n] ? 1 : 0), 0)
    expect(untouched).toBeGreaterThan(20_000)
  })

  test('gives the same samples wherever rendering begins and whatever the blocks', () => {
    const signal = signals['bursts'] ?? []
    const plan = planOf(signal, 9, -1)
    const all = whole(signal, plan)
    fc.assert(fc.property(fc.integer({ min: 1, max: 5_000 }), fc.array(fc.tuple(fc.integer({ min: -300, max: LENGTH }), fc.integer({ min: 1, max: 3_000 }), fc.boolean()), { minLength: 1, maxLength: 12 }), (blockFrames, steps) => {
      const mixer = createMixer(plan, { channels: 1, blockFrames })
      let next = 0
      for (const [anywhere, frames, jump] of steps) {
        const position = jump ? anywhere : next
        const out = new Float32Array(frames)
        mixer.render(position, frames, [out], readerOf(signal))
        for (let n = 0; n < frames; n++) if (out[n] !== (all[0]?.[position + n] ?? 0)) expect.fail(`sample ${position + n} is ${out[n]}, was ${all[0]?.[position + n]}`)
        next = position + frames
      }
    }), { seed: 11, numRuns: 60 })
  })

  test('says beforehand everything that it reads', () => {
    const signal = signals['speech'] ?? []
    const plan = planOf(signal, 12, -1)
    const mixer = createMixer(plan, { channels: 1, blockFrames: 700 })
    for (const [position, frames] of [[40_000, 1_000], [41_000, 1_000], [10, 500], [95_000, 2_000]] as const) {
      const promised: [number, number][] = []
      mixer.reads(position, frames, (_source, offset, count) => promised.push([offset, offset + count]))
      const real: [number, number][] = []
      mixer.render(position, frames, [new Float32Array(frames)], (source, offset, count, into) => {
        real.push([offset, offset + count])
        readerOf(signal)(source, offset, count, into)
      })
      expect([real[0]?.[0], real.at(-1)?.[1]]).toEqual([promised[0]?.[0], promised.at(-1)?.[1]])
    }
    expect(LIMITER_LOOK_AHEAD).toBeLessThan(300)
    expect(LIMITER_WARM_UP).toBeLessThan(25_000)
  })

  test('leaves both sides in balance: one gain for all channels', () => {
    const left = sine({ hz: 500, dbfs: 0, seconds: 1 })[0] ?? new Float32Array(0)
    const out = whole([left, left.map((value) => value / 4)], planOf([left, left.map((value) => value / 4)], 6, -1))
    for (let n = 0; n < 48_000; n += 7) expect(out[1]?.[n]).toBeCloseTo((out[0]?.[n] ?? 0) / 4, 6)
  })
})
