import { addDays } from '#common/timing/zone.ts'
import { AppError } from '#contract/errors.ts'
import type { Clock } from '../context.ts'
import type { Compiler } from './compiler.ts'
import type { DayStore } from './day-store.ts'
import type { Gate } from './gate.ts'
import { isGuarded, planDays } from './rundown.ts'
import type { PlannedLine } from './rundown.ts'
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

export function createGuard({ clock }: { clock: Clock }, deps: { days: DayStore; gate: Gate; compiler: Compiler }): Guard {
  const { days, gate, compiler } = deps
  const planned = (date: string, lines: readonly StoredLine[]): { lines: PlannedLine[]; isGuarded: (line: PlannedLine) => boolean } => {
    const [before, after] = [addDays(date, -1), addDays(date, 1)]
    const happened = compiler.happened(days.day(before).startsAt, days.day(after).endsAt)
    return { lines: planDays([days.lines(before), lines, days.lines(after)], gate, happened), isGuarded: (line) => isGuarded(line, happened) }
  }

  return {
    guarded(date) {
      const { lines, isGuarded: held } = planned(date, days.lines(date))
      return new Set(lines.filter((line) => line.line.broadcastDate === date && held(line)).map(({ line }) => line.id))
    },
    check(date, after, changed) {
      const was = planned(date, days.lines(date))
      const willBe = new Map(planned(date, after).lines.map((line) => [line.line.id, line]))
      for (const line of was.lines) {
        if (!was.isGuarded(line)) continue
        const then = willBe.get(line.line.id)
        if (then === undefined || then.predicted.start !== line.predicted.start || changed.has(line.line.id)) throw new AppError('line-locked', { data: { title: line.verdict.title } })
      }
      const now = clock.now() * 48
      for (const lineId of changed) {
        const own = willBe.get(lineId)?.predicted
        if (own !== undefined && own.state === 'planned' && own.start !== null && own.start <= now) throw new AppError('log-past')
      }
    },
  }
}
