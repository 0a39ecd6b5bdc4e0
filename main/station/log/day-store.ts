import type Database from 'better-sqlite3'
import { z } from 'zod'
import { addDays, dayStart } from '#common/timing/zone.ts'
import type { Clock, Notices, SettingsStore } from '../context.ts'
import { rowReader } from '../store/rows.ts'
import { offsetOf } from '../foundation/zones.ts'

/** A line as it is written: what it plays is judged by the gate each time. */
export interface StoredLine {
  readonly id: string
  readonly broadcastDate: string
  readonly orderKey: string
  readonly itemId: string
  /** Copies of the moment the line was made; the library's word counts as long as the item is there. */
  readonly title: string
  readonly lengthSamples: number
  readonly hardAt: number | null
  readonly targetUnitIds: readonly string[]
  readonly rev: number
  readonly removed: boolean
}
export interface Day {
  readonly broadcastDate: string
  readonly zone: string
  readonly startsAt: number
  readonly endsAt: number
  readonly rev: number
}

const DayRow = z.object({ broadcast_date: z.string(), zone: z.string(), starts_at: z.number().int(), ends_at: z.number().int(), rev: z.number().int() })
const LineRow = z.object({
  id: z.string(), broadcast_date: z.string(), order_key: z.string(), item_id: z.string(), title: z.string(), length_samples: z.number().int().nonnegative(), hard_at: z.number().int().nullable(),
  target_unit_ids: z.string().transform((text, context): string[] => {
    const read = z.array(z.string()).safeParse(parseOrNull(text))
    if (read.success) return read.data
    context.addIssue({ code: 'custom', message: 'not a list of units' })
    return z.NEVER
  }),
  rev: z.number().int(), removed_at: z.number().int().nullable(),
})

export interface DayStore {
  /** The day as it is kept, else as the zone of the settings makes it. */
  day(broadcastDate: string): Day
  /** Lines in order, without removed ones. */
  lines(broadcastDate: string): StoredLine[]
  /** Order keys in use, those of removed lines too. */
  keys(broadcastDate: string): string[]
  line(lineId: string): StoredLine | null
  /** Days from the given one on that have a line of the item. */
  datesOf(itemId: string, from: string): string[]
  insert(line: StoredLine, by: { at: number; name: string }): void
  /** Writes everything but the copies. Counts both revs up. */
  update(line: StoredLine, at: number): void
}

export function openDayStore(options: { db: Database.Database; clock: Clock; notices: Notices; settings: SettingsStore }): DayStore {
  const { db, settings } = options
  const dayRows = rowReader(options, 'log_days')
  const lineRows = rowReader(options, 'log_lines')
  const getDay = db.prepare('SELECT * FROM log_days WHERE broadcast_date = ?')
  const putDay = db.prepare(`INSERT INTO log_days (broadcast_date, zone, starts_at, ends_at, rev) VALUES (@broadcastDate, @zone, @startsAt, @endsAt, 1)
    ON CONFLICT (broadcast_date) DO UPDATE SET rev = rev + 1`)
  const getLines = db.prepare('SELECT * FROM log_lines WHERE broadcast_date = ? AND removed_at IS NULL ORDER BY order_key')
  const getKeys = db.prepare('SELECT order_key FROM log_lines WHERE broadcast_date = ? ORDER BY order_key').pluck()
  const getLine = db.prepare('SELECT * FROM log_lines WHERE id = ?')
  const getDates = db.prepare('SELECT DISTINCT broadcast_date FROM log_lines WHERE item_id = ? AND removed_at IS NULL AND broadcast_date >= ?').pluck()
  const insertLine = db.prepare(`INSERT INTO log_lines (id, broadcast_date, order_key, item_id, title, length_samples, hard_at, target_unit_ids, rev, created_at, created_by)
    VALUES (@id, @broadcastDate, @orderKey, @itemId, @title, @lengthSamples, @hardAt, @targets, @rev, @at, @name)`)
  const updateLine = db.prepare('UPDATE log_lines SET order_key = @orderKey, hard_at = @hardAt, target_unit_ids = @targets, removed_at = @removedAt, rev = rev + 1 WHERE id = @id')

  const day = (broadcastDate: string): Day => {
    const row = getDay.get(broadcastDate)
    const kept = row === undefined ? null : dayRows.one(DayRow, row, broadcastDate)
    if (kept !== null) return { broadcastDate, zone: kept.zone, startsAt: kept.starts_at, endsAt: kept.ends_at, rev: kept.rev }
    const { zone } = settings.get()
    const offsetAt = offsetOf(zone)
    return { broadcastDate, zone, startsAt: dayStart(broadcastDate, offsetAt), endsAt: dayStart(addDays(broadcastDate, 1), offsetAt), rev: 0 }
  }
  const touch = (broadcastDate: string): void => {
    const { zone, startsAt, endsAt } = day(broadcastDate)
    putDay.run({ broadcastDate, zone, startsAt, endsAt })
  }
  const stored = (row: z.infer<typeof LineRow>): StoredLine => ({
    id: row.id, broadcastDate: row.broadcast_date, orderKey: row.order_key, itemId: row.item_id, title: row.title, lengthSamples: row.length_samples, hardAt: row.hard_at, targetUnitIds: row.target_unit_ids,
    rev: row.rev, removed: row.removed_at !== null,
  })

  return {
    day,
    lines: (broadcastDate) => lineRows.all(LineRow, getLines.all(broadcastDate), idOf).map(stored),
    keys: (broadcastDate) => z.array(z.string()).parse(getKeys.all(broadcastDate)),
    line(lineId) {
      const row = getLine.get(lineId)
      const read = row === undefined ? null : lineRows.one(LineRow, row, lineId)
      return read === null ? null : stored(read)
    },
    datesOf: (itemId, from) => z.array(z.string()).parse(getDates.all(itemId, from)),
    insert(line, { at, name }) {
      touch(line.broadcastDate)
      insertLine.run({
        id: line.id, broadcastDate: line.broadcastDate, orderKey: line.orderKey, itemId: line.itemId, title: line.title, lengthSamples: line.lengthSamples, hardAt: line.hardAt,
        targets: JSON.stringify(line.targetUnitIds), rev: line.rev, at, name,
      })
    },
    update(line, at) {
      touch(line.broadcastDate)
      updateLine.run({ id: line.id, orderKey: line.orderKey, hardAt: line.hardAt, targets: JSON.stringify(line.targetUnitIds), removedAt: line.removed ? at : null })
    },
  }
}

function idOf(row: unknown): string {
  const read = z.object({ id: z.string() }).safeParse(row)
  return read.success ? read.data.id : 'unknown'
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
