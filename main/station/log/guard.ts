import { addDays } from '#common/timing/zone.ts'
import { AppError } from '#contract/errors.ts'
import { hasStarted, isGuarded } from './rundown.ts'
import type { Rundown } from './rundown.ts'
import type { StoredLine } from './stored.ts'

/** Keeps the air out of reach of the pencil: what has started never moves, what starts next is armed and stays, nothing is planned into the past. */
export interface Guard {
  /** Lines of a day that cannot be changed any more. */
  guarded(broadcastDate: string): ReadonlySet<string>
  /**
   * @param after the day as it would be, in order
   * @param changed ids of lines that are new or different in it, or gone
   * @throws AppError line-locked, log-past
   */
  check(broadcastDate: string, after: readonly StoredLine[], changed: ReadonlySet<string>): void
}

export function createGuard({ rundown }: { rundown: Rundown }): Guard {
  const around = (date: string): string[] => [addDays(date, -1), date, addDays(date, 1)]

  return {
    guarded(date) {
      const past = rundown.past(around(date))
      return new Set(rundown.read(around(date), past).predicted().filter((one) => one.line.broadcastDate === date && isGuarded(one, past)).map(({ line }) => line.id))
    },
    check(date, after, changed) {
      // Both are looked at from one moment: else everything that waits for now would seem to move.
      const past = rundown.past(around(date))
      const was = rundown.read(around(date), past).predicted()
      const willBe = new Map(rundown.read(around(date), past, { date, lines: after }).predicted().map((one) => [one.line.id, one]))
      for (const one of was) {
        if (!isGuarded(one, past)) continue
        const then = willBe.get(one.line.id)
        if (then === undefined || then.times.start !== one.times.start || changed.has(one.line.id)) throw new AppError('line-locked', { data: { title: one.verdict.title } })
      }
      for (const lineId of changed) {
        const own = willBe.get(lineId)
        if (own !== undefined && hasStarted(own, past)) throw new AppError('log-past')
      }
    },
  }
}
