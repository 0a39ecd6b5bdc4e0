import type Database from 'better-sqlite3'
import { z } from 'zod'
import { AsRunRow, StartSource, StopReason } from '#contract/log.ts'
import type { Audit, Clock, Notices } from '../context.ts'
import { rowReader } from '../store/rows.ts'
import type { AsRunEntry } from './messages.ts'
import { BUS_NAME } from './messages.ts'

const Stored = z.object({
  id: z.string(), line_id: z.string().nullable(), item_id: z.string().nullable(), broadcast_date: z.string(), title: z.string(), sha256: z.string().nullable(), bus: z.string(), planned_at: z.number().int().nullable(),
  actual_at: z.number().int(), start_error_us: z.number().int().nullable(), start_source: StartSource, joined_at_sample: z.number().int(),
  ended_at: z.number().int().nullable(), played_samples: z.number().int().nullable(), stop_reason: StopReason.nullable(), consumed_samples: z.number().int().nullable(),
})
type Stored = z.infer<typeof Stored>

export interface AsRunStore {
  /** Writes an entry once; the same entry again (a journal read at the next start) changes nothing. Gives the row as it stands, null when nothing changed. */
  keep(entry: AsRunEntry): AsRunRow | null
  openRows(): AsRunRow[]
  ofDate(broadcastDate: string): AsRunRow[]
  /** Rows that were on air at some moment of [fromAt, untilAt). */
  between(fromAt: number, untilAt: number): AsRunRow[]
  consumed(fromAt: number, untilAt: number): Map<string, number>
  /** Lines of [fromAt, ∞) that had their turn and must not start again. */
  done(fromAt: number): string[]
}

const COLUMNS = `SELECT a.*, e.ended_at, e.played_samples, e.stop_reason, e.consumed_samples FROM as_run a LEFT JOIN as_run_ends e ON e.row_id = a.id`
/** Rows longer than this ago cannot still be on air. */
const LONGEST_MS = 86_400_000
const system = { personId: null, name: 'air' }

export function openAsRunStore(options: { db: Database.Database; clock: Clock; notices: Notices; audit: Audit; dateAt: (instantMs: number) => string }): AsRunStore {
  const { db, audit } = options
  const reader = rowReader(options, 'as_run')
  const insertStart = db.prepare(`INSERT OR IGNORE INTO as_run (id, line_id, item_id, broadcast_date, title, sha256, bus, planned_at, actual_at, start_error_us, start_source, joined_at_sample)
    VALUES (@id, @lineId, @itemId, @broadcastDate, @title, @sha256, '${BUS_NAME}', @plannedAt, @actualAt, @startErrorUs, @startSource, @joinedAtSample)`)
  const insertEnd = db.prepare(`INSERT OR IGNORE INTO as_run_ends (row_id, ended_at, played_samples, stop_reason, consumed_samples)
    SELECT @id, @endedAt, @playedSamples, @stopReason, @consumedSamples WHERE EXISTS (SELECT 1 FROM as_run WHERE id = @id)`)
  const one = db.prepare(`${COLUMNS} WHERE a.id = ?`)
  const open = db.prepare(`${COLUMNS} WHERE e.row_id IS NULL ORDER BY a.actual_at, a.id`)
  const byDate = db.prepare(`${COLUMNS} WHERE a.broadcast_date = ? ORDER BY a.actual_at, a.id`)
  const byTime = db.prepare(`${COLUMNS} WHERE a.actual_at >= ? AND a.actual_at < ? AND (e.ended_at IS NULL OR e.ended_at > ?) ORDER BY a.actual_at, a.id`)
  const doneLines = db.prepare(`SELECT DISTINCT a.line_id FROM as_run a JOIN as_run_ends e ON e.row_id = a.id
    WHERE a.line_id IS NOT NULL AND a.actual_at >= ? AND e.stop_reason NOT IN ('unclean', 'engineStop', 'preempted')`).pluck()
  const read = (rows: readonly unknown[]): AsRunRow[] => reader.all(Stored, rows, keyOf).map(asRunRow)

  const write = db.transaction((entry: AsRunEntry): boolean => {
    if (entry.entry === 'started') {
      const { row } = entry
      return insertStart.run({ ...row, broadcastDate: row.broadcastDate ?? options.dateAt(row.actualAt) }).changes > 0
    }
    if (insertEnd.run(entry.row).changes === 0) return false
    audit.append(system, 'air.played', entry.row.id, { ...entry.row, ...summary(read([one.get(entry.row.id)])[0]) })
    return true
  })

  return {
    keep(entry) {
      return write.immediate(entry) ? (read([one.get(entry.row.id)])[0] ?? null) : null
    },
    openRows: () => read(open.all()),
    ofDate: (broadcastDate) => read(byDate.all(broadcastDate)),
    between: (fromAt, untilAt) => read(byTime.all(fromAt - LONGEST_MS, untilAt, fromAt)),
    consumed(fromAt, untilAt) {
      const rows = reader.all(Stored, byTime.all(fromAt - LONGEST_MS, untilAt, fromAt - LONGEST_MS), keyOf)
      return new Map(rows.flatMap((row) => (row.line_id === null || row.consumed_samples === null ? [] : [[row.line_id, row.consumed_samples]])))
    },
    done: (fromAt) => z.array(z.string()).parse(doneLines.all(fromAt)),
  }
}

function keyOf(row: unknown): string {
  const read = z.object({ id: z.string() }).safeParse(row)
  return read.success ? read.data.id : 'unknown'
}

function summary(row: AsRunRow | undefined): Record<string, unknown> {
  return row === undefined ? {} : { lineId: row.lineId, itemId: row.itemId, sha256: row.sha256, title: row.title, plannedAt: row.plannedAt, actualAt: row.actualAt }
}

function asRunRow(row: Stored): AsRunRow {
  return AsRunRow.parse({
    id: row.id, lineId: row.line_id, itemId: row.item_id, broadcastDate: row.broadcast_date, title: row.title, sha256: row.sha256, bus: row.bus, plannedAt: row.planned_at, actualAt: row.actual_at,
    startErrorUs: row.start_error_us, endedAt: row.ended_at, playedSamples: row.played_samples ?? 0, startSource: row.start_source, stopReason: row.stop_reason,
  })
}
