import { z } from 'zod'
import { AppError } from '#contract/errors.ts'
import type { LogLock } from '#contract/log.ts'
import type { StationContext, Who } from '../context.ts'

/** Who has a day or a part of it in hand. A lock runs out by itself: a person who goes home never stops the log. */
export interface Locks {
  of(broadcastDate: string): LogLock[]
  /** @throws AppError log-locked when someone else holds the day or one of the slots */
  check(broadcastDate: string, slotIds: Iterable<string | null>, who: Who): void
  /** @throws AppError log-locked when someone else holds it, or a part of it, and `takeOver` is not said */
  take(broadcastDate: string, slotId: string | null, options: { minutes: number; takeOver: boolean }, who: Who): void
  /** Letting go what nobody holds is no error. @throws AppError log-locked when it is another's */
  release(broadcastDate: string, slotId: string | null, who: Who): void
}

const LockRow = z.object({ slot_id: z.string(), person_id: z.string().nullable(), name: z.string(), since: z.number().int(), expires_at: z.number().int() })
const MINUTE_MS = 60_000

export function createLocks({ db, clock, audit }: Pick<StationContext, 'db' | 'clock' | 'audit'>): Locks {
  const find = db.prepare('SELECT * FROM log_locks WHERE broadcast_date = ? AND expires_at > ? ORDER BY since')
  const put = db.prepare('INSERT OR REPLACE INTO log_locks (broadcast_date, slot_id, person_id, name, since, expires_at) VALUES (?, ?, ?, ?, ?, ?)')
  const drop = db.prepare('DELETE FROM log_locks WHERE broadcast_date = ? AND (slot_id = ? OR expires_at <= ?)')

  const of = (date: string): LogLock[] => z.array(LockRow).parse(find.all(date, Math.floor(clock.now()))).map((row) => ({ slotId: row.slot_id === '' ? null : row.slot_id, personId: row.person_id, name: row.name, since: row.since, expiresAt: row.expires_at }))
  const isOf = (lock: LogLock, who: Who): boolean => lock.personId === who.personId && (lock.personId !== null || lock.name === who.name)
  const refuse = (lock: LogLock): never => {
    throw new AppError('log-locked', { data: { name: lock.name, since: lock.since, until: lock.expiresAt } })
  }

  return {
    of,
    check(date, slotIds, who) {
      const wanted = new Set(slotIds)
      const held = of(date).find((lock) => !isOf(lock, who) && (lock.slotId === null || wanted.has(lock.slotId)))
      if (held !== undefined) refuse(held)
    },
    take(date, slotId, { minutes, takeOver }, who) {
      const now = Math.floor(clock.now())
      const others = of(date).filter((lock) => !isOf(lock, who) && (slotId === null || lock.slotId === null || lock.slotId === slotId))
      const [first] = others
      if (first !== undefined && !takeOver) refuse(first)
      const own = of(date).find((lock) => isOf(lock, who) && lock.slotId === slotId)
      db.transaction(() => {
        for (const lock of others) drop.run(date, lock.slotId ?? '', now)
        put.run(date, slotId ?? '', who.personId, who.name, own?.since ?? now, now + minutes * MINUTE_MS)
        audit.append(who, first === undefined ? 'log.lock' : 'log.takeOver', date, { slotId, from: first?.name ?? null })
      }).immediate()
    },
    release(date, slotId, who) {
      const held = of(date).find((lock) => lock.slotId === slotId)
      if (held !== undefined && !isOf(held, who)) refuse(held)
      db.transaction(() => {
        drop.run(date, slotId ?? '', Math.floor(clock.now()))
        if (held !== undefined) audit.append(who, 'log.unlock', date, { slotId })
      }).immediate()
    },
  }
}
