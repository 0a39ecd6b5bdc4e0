import { AppError } from '#contract/errors.ts'
import type { Clock } from '../context.ts'

const FREE_TRIES = 5
const FIRST_WAIT_MS = 15_000
const LONGEST_WAIT_MS = 900_000
const FORGET_MS = 3_600_000
const MAX_NAMES = 1000

/** Wrong passwords per name: five are free, then each one doubles the wait. Time runs on the monotonic clock: setting the wall clock does not help. */
export function createThrottle(clock: Clock): { check(name: string): void; failed(name: string): void; succeeded(name: string): void } {
  const tries = new Map<string, { count: number; lastMs: number; openMs: number }>()
  const living = (name: string) => {
    const entry = tries.get(name)
    return entry !== undefined && clock.monotonicMs() - entry.lastMs < FORGET_MS ? entry : null
  }
  return {
    /** @throws AppError too-many-tries with `waitSec` */
    check(name) {
      const waitMs = (living(name)?.openMs ?? 0) - clock.monotonicMs()
      if (waitMs > 0) throw new AppError('too-many-tries', { data: { waitSec: Math.ceil(waitMs / 1000) } })
    },
    failed(name) {
      const now = clock.monotonicMs()
      const count = (living(name)?.count ?? 0) + 1
      const waitMs = count < FREE_TRIES ? 0 : Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (count - FREE_TRIES))
      tries.delete(name)
      tries.set(name, { count, lastMs: now, openMs: now + waitMs })
      const oldest = tries.size > MAX_NAMES ? tries.keys().next().value : undefined
      if (oldest !== undefined) tries.delete(oldest)
    },
    succeeded(name) {
      tries.delete(name)
    },
  }
}
