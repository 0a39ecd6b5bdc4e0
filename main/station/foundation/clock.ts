import { performance } from 'node:perf_hooks'
import type { Clock } from '../context.ts'

/** Spacing of doubles at today's Unix milliseconds: nothing fits between `wall + 1 - LAST_STEP_MS` and the next millisecond, so the clamp never steps back. */
const LAST_STEP_MS = 2 ** -12

/**
 * The machine's wall clock with fractions of a millisecond. `Date.now()` floors to whole milliseconds, so the true instant lies in
 * [wall, wall + 1): an estimate that runs on the monotonic clock is kept inside that window, which sharpens it at each edge and still
 * follows every step an operator or NTP makes.
 */
export function systemClock(): Clock {
  let offset = Date.now() - performance.now()
  return {
    now() {
      const monotonic = performance.now()
      const wall = Date.now()
      let estimate = offset + monotonic
      if (estimate < wall) estimate = wall
      else if (estimate >= wall + 1) estimate = wall + 1 - LAST_STEP_MS
      offset = estimate - monotonic
      return estimate
    },
    monotonicMs: () => performance.now(),
  }
}
