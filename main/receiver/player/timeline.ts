import { RATE_HZ } from '#common/units/samples.ts'
import type { DeviceClock } from '../clock.ts'

export const BLOCK_SAMPLES = 960
const SAMPLES_PER_MS = RATE_HZ / 1000

/** The one sample clock of the output: sample 0 sounded at `originMs` of the monotonic counter. */
export interface Timeline {
  readonly originMs: number
  /** First sample not yet due at this moment. */
  dueSample(monotonicMs: number): number
  /** Device sample that sounds at an instant (UTC ms). */
  sampleAt(wallMs: number): number
  wallAt(sample: number): number
}

export function openTimeline(clock: DeviceClock, originMs: number): Timeline {
  const originWall = (): number => clock.wallOf(originMs)
  return {
    originMs,
    dueSample: (monotonicMs) => Math.floor((monotonicMs - originMs) * SAMPLES_PER_MS),
    sampleAt: (wallMs) => Math.round((wallMs - originWall()) * SAMPLES_PER_MS),
    wallAt: (sample) => originWall() + sample / SAMPLES_PER_MS,
  }
}

export const samplesOfMs = (ms: number): number => Math.round(ms * SAMPLES_PER_MS)
export const msOfSamples = (samples: number): number => samples / SAMPLES_PER_MS
