import { AppError } from '#contract/errors.ts'
import { addDays } from '#common/timing/zone.ts'
import type { StationContext, Who } from '../context.ts'
import { itemsOf } from './compiler.ts'
import type { DayStore } from './day-store.ts'
import type { Gate } from './gate.ts'
import type { Locks } from './locks.ts'
import { msOf } from './rundown.ts'
import type { Rundown } from './rundown.ts'

/**
 * draft → published → closed. Publishing freezes where every line stands as its *initial* time; lines that come later have none. A day nobody published is published by the
 * station when it begins, so that what was planned can be held against what was heard.
 */
export interface Publication {
  /** @throws AppError stale, log-closed, log-locked */
  publish(broadcastDate: string, rev: number | null, who: Who): Promise<void>
  /** @throws AppError stale, log-closed, log-not-over while lines are still to come */
  close(broadcastDate: string, rev: number, who: Who): void
  own(broadcastDate: string, who: Who): void
}

export function createPublication(ctx: Pick<StationContext, 'db' | 'clock' | 'audit'>, deps: { days: DayStore; gate: Gate; rundown: Rundown; locks: Locks }): Publication {
  const { days, gate, rundown, locks } = deps
  const open = (date: string, rev: number | null, who: Who): void => {
    const day = days.day(date)
    if (day.state === 'closed') throw new AppError('log-closed')
    if (rev !== null && day.rev !== rev) throw new AppError('stale')
    locks.check(date, [], who)
  }

  return {
    async publish(date, rev, who) {
      const near = [addDays(date, -1), date, addDays(date, 1)]
      await gate.load(near.flatMap((day) => itemsOf(days, day)))
      open(date, rev, who)
      const planned = rundown.read(near, rundown.past(near)).planned().filter(({ line }) => line.broadcastDate === date)
      const at = Math.round(ctx.clock.now())
      ctx.db.transaction(() => {
        days.putDay({ broadcastDate: date, state: 'published', publishedAt: at, publishedBy: who.name })
        for (const { line, times } of planned) {
          const initialAt = msOf(times.start)
          // Published again: a line keeps the time it was first promised.
          if (line.initialAt === null && initialAt !== null) days.putLine({ ...line, initialAt }, { at, name: who.name })
        }
        ctx.audit.append(who, 'log.publish', date, { lines: planned.length })
      }).immediate()
    },
    close(date, rev, who) {
      open(date, rev, who)
      if (days.day(date).endsAt > ctx.clock.now()) throw new AppError('log-not-over')
      ctx.db.transaction(() => {
        days.putDay({ broadcastDate: date, state: 'closed' })
        ctx.audit.append(who, 'log.close', date)
      }).immediate()
    },
    own(date, who) {
      open(date, null, who)
      ctx.db.transaction(() => {
        days.putDay({ broadcastDate: date, owner: { personId: who.personId, name: who.name, since: Math.round(ctx.clock.now()) } })
        ctx.audit.append(who, 'log.own', date)
      }).immediate()
    },
  }
}
