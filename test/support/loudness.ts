import { highestLufs, loudnessRange, integratedLufs, MOMENTARY_TICKS, SHORT_TERM_TICKS, SoundMeasure, TICK_FRAMES } from '#common/loudness/index.ts'
import { TEST_RATE_HZ } from './signals.ts'
import type { Signal } from './signals.ts'

export interface TonePart {
  readonly seconds: number
  /** Peak of the sine in each channel; null is silence. */
  readonly dbfs: number | null
}

/** A 1 kHz sine whose level changes at given times, its phase running on: the form of most EBU test signals. */
export function toneParts(parts: readonly TonePart[], channels = 2, hz = 1_000): Signal {
  const length = parts.reduce((sum, part) => sum + Math.round(part.seconds * TEST_RATE_HZ), 0)
  const out = new Float32Array(length)
  let at = 0
  for (const part of parts) {
    const gain = part.dbfs === null ? 0 : 10 ** (part.dbfs / 20)
    for (const end = at + Math.round(part.seconds * TEST_RATE_HZ); at < end; at++) out[at] = gain * Math.sin((2 * Math.PI * hz * at) / TEST_RATE_HZ)
  }
  return Array.from({ length: channels }, () => out)
}

export function measured(signal: Signal, options: { limit?: number; blockFrames?: number } = {}): SoundMeasure {
  const length = signal[0]?.length ?? 0
  const capacity = options.blockFrames ?? 4_096
  const measure = new SoundMeasure({ channels: signal.length === 2 ? 2 : 1, capacity, ticks: Math.floor(length / TICK_FRAMES), limit: options.limit ?? null })
  for (let at = 0; at < length; at += capacity) {
    const frames = Math.min(capacity, length - at)
    signal.forEach((channel, c) => measure.inputs[c]?.set(channel.subarray(at, at + frames)))
    measure.add(frames)
  }
  measure.end()
  return measure
}

export const integratedOf = (signal: Signal) => integratedLufs(measured(signal).energies)
export const rangeOf = (signal: Signal) => loudnessRange(measured(signal).energies)
export const highestMomentaryOf = (signal: Signal) => highestLufs(measured(signal).energies, MOMENTARY_TICKS)
export const highestShortTermOf = (signal: Signal) => highestLufs(measured(signal).energies, SHORT_TERM_TICKS)
export const truePeakDbOf = (signal: Signal) => 20 * Math.log10(measured(signal).truePeak)

/** A sine by its frequency as a share of the rate, its phase in degrees and its amplitude, as the true-peak signals of Tech 3341 are given. */
export function rateTone(share: number, phaseDegrees: number, amplitude: number, seconds = 1): Signal {
  return [Float32Array.from({ length: Math.round(seconds * TEST_RATE_HZ) }, (_, n) => {
    // Faded in and out over 10 ms: a sine that begins at full level has a higher peak than its amplitude.
    const edge = Math.min(1, n / 480, (seconds * TEST_RATE_HZ - 1 - n) / 480)
    return amplitude * edge * Math.sin(2 * Math.PI * share * n + (phaseDegrees * Math.PI) / 180)
  })]
}

/** A tone at a sixth of the rate at -6 dBFS with one whole cycle at 0 dBFS, made at four times the rate, band-limited, and taken down from `offset`. */
export function loudCycle(offset: 0 | 1 | 2 | 3): Signal {
  const length = 4 * 9_600
  const cycle = 24
  const from = cycle * 800
  const fine = Float64Array.from({ length }, (_, n) => {
    const edge = Math.min(1, n / 1_920, (length - 1 - n) / 1_920)
    return (n >= from && n < from + cycle ? 1 : 0.5) * edge * Math.sin((2 * Math.PI * n) / cycle)
  })
  const half = 256
  const filter = Float64Array.from({ length: 2 * half + 1 }, (_, n) => {
    const x = (n - half) / 4
    const sinc = x === 0 ? 1 : Math.sin(Math.PI * x * 0.98) / (Math.PI * x * 0.98)
    const window = 0.42 + 0.5 * Math.cos((Math.PI * (n - half)) / half) + 0.08 * Math.cos((2 * Math.PI * (n - half)) / half)
    return (sinc * window * 0.98) / 4
  })
  return [Float32Array.from({ length: length / 4 - 1 }, (_, n) => {
    let sum = 0
    for (let k = -half; k <= half; k++) sum += (fine[4 * n + offset + k] ?? 0) * (filter[k + half] ?? 0)
    return sum
  })]
}
