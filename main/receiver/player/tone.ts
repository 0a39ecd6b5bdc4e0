import { RATE_HZ } from '#common/units/samples.ts'
import type { Voice } from './voice.ts'

const STEP_SAMPLES = RATE_HZ / 4
const EDGE_SAMPLES = RATE_HZ / 100

/** Test tone or the two-note call of `identify`: notes of a quarter second in turn, soft edges. */
export function openTone(options: { pattern: readonly number[]; seconds: number; from: number }): Voice & { end(): number } {
  const length = Math.round(options.seconds * RATE_HZ)
  let origin = options.from
  let begun = false
  return {
    end: () => (begun ? origin + length : Infinity),
    due: (at) => !begun || (at >= origin && at < origin + length),
    nextChange: (at) => (begun && origin + length > at ? origin + length : Infinity),
    begin(at, first) {
      if (first) origin = at
      begun = true
      return 'start'
    },
    fill(at, into, count) {
      for (let i = 0; i < count; i++) {
        const position = at + i - origin
        if (position < 0 || position >= length) continue
        const hz = options.pattern[Math.floor(position / STEP_SAMPLES) % options.pattern.length] ?? 1000
        const edge = Math.min(1, position / EDGE_SAMPLES, (length - position) / EDGE_SAMPLES)
        into[i] = Math.sin((2 * Math.PI * hz * position) / RATE_HZ) * edge
      }
      return 0
    },
    service: () => undefined,
    retime: () => undefined,
    close: () => undefined,
  }
}
