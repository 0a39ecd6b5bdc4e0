import { openSessions } from '#common/planning/index.ts'
import { addDays, dateAt, timeOfDayMs } from '#common/timing/zone.ts'
import type { OffsetAt } from '#common/timing/zone.ts'
import { AppError } from '#contract/errors.ts'
import type { LogDay } from '#contract/log.ts'
import type { StationContext } from '../context.ts'
import type { PartStore } from './part-store.ts'

const HOUR_MS = 3_600_000
/** Tomorrow is looked at twice while people may still be reached … */
const ALARMS_MS = [18 * HOUR_MS, 22 * HOUR_MS]
/** … and made from its template while there is more than half an hour left. */
const MAKE_MS = 23 * HOUR_MS + 20 * 60_000

/**
 * A station that plans by its grid never goes into a day without a log (playout reference §5.4): an empty tomorrow is told at 18:00 and 22:00, and made from the
 * template before midnight. Stations that never used the plan are left alone: an alarm that is always on is none.
 */
export function createEveningWatch(
  ctx: Pick<StationContext, 'clock' | 'notices' | 'logger'>,
  deps: { parts: PartStore; day: (date: string) => Promise<LogDay>; make: (date: string) => Promise<void>; offsetAt: () => OffsetAt },
): { look(): Promise<void> } {
  const told = new Set<string>()
  let looking = false
  const isEmpty = async (date: string, offsetAt: OffsetAt): Promise<boolean> => openSessions(date, deps.parts.plan(), offsetAt).sessions.length > 0 && (await deps.day(date)).lines.length === 0
  return {
    async look() {
      if (looking || !deps.parts.isInUse()) return
      const offsetAt = deps.offsetAt()
      const now = ctx.clock.now()
      const time = timeOfDayMs(now, offsetAt)
      const tomorrow = addDays(dateAt(now, offsetAt), 1)
      const due = [...ALARMS_MS, MAKE_MS].findLast((at) => time >= at)
      if (due === undefined || told.has(`${tomorrow} ${due}`)) return
      looking = true
      try {
        if (await isEmpty(tomorrow, offsetAt)) {
          if (due === MAKE_MS) {
            await deps.make(tomorrow)
            ctx.notices.raise('warning', new AppError('plan-made-tomorrow', { data: { date: tomorrow } }), tomorrow)
          } else ctx.notices.raise(due === ALARMS_MS[0] ? 'warning' : 'alarm', new AppError('plan-tomorrow-empty', { data: { date: tomorrow } }), `${tomorrow} ${due}`)
        }
        told.add(`${tomorrow} ${due}`)
      } catch (error) {
        // Tried again in a minute.
        ctx.logger.error('tomorrow could not be looked after', { error })
      } finally {
        looking = false
      }
    },
  }
}
