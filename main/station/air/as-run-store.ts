import type Database from 'better-sqlite3'
import { z } from 'zod'
import { AsRunRow, EditCode, PlaySource, ReasonCode, StartSource, StopReason } from '#contract/air.ts'
import type { Happened } from '#common/playout/index.ts'
import { WALL_SAMPLES_PER_MS } from '#common/playout/index.ts'
import { coversRelay } from '#common/relay/index.ts'
import type { Audit, Clock, Notices } from '../context.ts'
import { rowReader } from '../store/rows.ts'
import type { AsRunEntry } from './messages.ts'
import { StoredFill } from './stored-programme.ts'

const instant = z.number().int()
const Stored = z.object({
  id: z.string(), line_id: z.string().nullable(), item_id: z.string().nullable(), broadcast_date: z.string(), title: z.string(), sha256: z.string().nullable(), bus: z.string(),
  imported_at: instant.nullable(), initial_at: instant.nullable(), planned_at: instant.nullable(), predicted_at: instant.nullable(), actual_at: instant, wall: instant.nullable(), start_error_us: instant.nullable(),
  start_source: StartSource, play_source: PlaySource, edit_code: EditCode, reason: ReasonCode.nullable(), priority: z.number().int(), on_air: z.number().int(), ratio: z.number(), started_by: z.string().nullable(), joined_at_sample: z.number().int(),
  placement_id: z.string().nullable(),
  fill: z.string().nullable().transform((text, context): z.infer<typeof StoredFill> | null => {
    if (text === null) return null
    try {
      return StoredFill.parse(JSON.parse(text))
    } catch (error) {
      context.addIssue({ code: 'custom', message: String(error) })
      return z.NEVER
    }
  }),
  ended_at: instant.nullable(), end_wall: instant.nullable(), played_samples: instant.nullable(), stop_reason: StopReason.nullable(), consumed_samples: instant.nullable(), end_edit_code: EditCode.nullable(), ended_by: z.string().nullable(),
  integrated_lufs: z.number().nullable(), silence_ms: z.number().int().nullable(),
})
type Stored = z.infer<typeof Stored>

export interface AsRunStore {
  /** Writes an entry once; the same entry again (a journal read at the next start) changes nothing. Gives the row as it stands, null when nothing changed. */
  keep(entry: AsRunEntry): AsRunRow | null
  /** Closes rows whose journal is gone: nobody knows how long they sounded. */
  closeLost(): void
  ofDate(broadcastDate: string): AsRunRow[]
  ofLine(lineId: string): AsRunRow[]
  /** Rows that were on air at some moment of [fromAt, untilAt). */
  between(fromAt: number, untilAt: number): AsRunRow[]
  /** Last run of each line of [fromAt, ∞) on a bus. */
  happened(bus: string, fromAt: number): Happened[]
}

const COLUMNS = `SELECT a.*, e.ended_at, e.wall AS end_wall, e.played_samples, e.stop_reason, e.consumed_samples, e.edit_code AS end_edit_code, e.ended_by, e.integrated_lufs, e.silence_ms FROM as_run a LEFT JOIN as_run_ends e ON e.row_id = a.id`
/** Rows longer than this ago cannot still be on air. */
const LONGEST_MS = 86_400_000
const system = { personId: null, name: 'air' }

export function openAsRunStore(options: { db: Database.Database; clock: Clock; notices: Notices; audit: Audit; dateAt: (instantMs: number) => string }): AsRunStore {
  const { db, audit } = options
  const reader = rowReader(options, 'as_run')
  const insertStart = db.prepare(`INSERT OR IGNORE INTO as_run (id, line_id, rev, placement_id, fill, item_id, broadcast_date, title, sha256, bus, imported_at, initial_at, planned_at, predicted_at, actual_at, wall, start_error_us, start_source, play_source,
      edit_code, reason, priority, on_air, ratio, started_by, joined_at_sample)
    VALUES (@id, @lineId, @rev, @placementId, @fill, @itemId, @broadcastDate, @title, @sha256, @bus, @importedAt, @initialAt, @plannedAt, @predictedAt, @actualAt, @wall, @startErrorUs, @startSource, @playSource,
      @editCode, @reason, @priority, @onAir, @ratio, @operator, @joinedAtSample)`)
  const insertEnd = db.prepare(`INSERT OR IGNORE INTO as_run_ends (row_id, ended_at, wall, played_samples, stop_reason, consumed_samples, edit_code, ended_by, integrated_lufs, silence_ms)
    SELECT @id, @endedAt, @wall, @playedSamples, @stopReason, @consumedSamples, @editCode, @operator, @integratedLufs, @silenceMs WHERE EXISTS (SELECT 1 FROM as_run WHERE id = @id)`)
  const one = db.prepare(`${COLUMNS} WHERE a.id = ?`)
  const open = db.prepare(`${COLUMNS} WHERE e.row_id IS NULL ORDER BY a.actual_at, a.id`)
  const byDate = db.prepare(`${COLUMNS} WHERE a.broadcast_date = ? ORDER BY a.actual_at, a.id`)
  const byLine = db.prepare(`${COLUMNS} WHERE a.line_id = ? ORDER BY a.actual_at, a.id`)
  const byTime = db.prepare(`${COLUMNS} WHERE a.actual_at >= ? AND a.actual_at < ? AND (e.ended_at IS NULL OR e.ended_at > ?) ORDER BY a.actual_at, a.id`)
  const since = db.prepare(`${COLUMNS} WHERE a.bus = ? AND a.actual_at >= ? AND e.row_id IS NOT NULL ORDER BY a.actual_at, a.id`)
  const read = (rows: readonly unknown[]): AsRunRow[] => reader.all(Stored, rows, keyOf).map(asRunRow)

  const write = db.transaction((entry: AsRunEntry): boolean => {
    if (entry.entry === 'started') {
      const { row } = entry
      return insertStart.run({ ...row, fill: row.fill === null ? null : JSON.stringify(row.fill), onAir: row.onAir ? 1 : 0, broadcastDate: row.broadcastDate ?? options.dateAt(row.actualAt) }).changes > 0
    }
    if (insertEnd.run(entry.row).changes === 0) return false
    audit.append(system, 'air.played', entry.row.id, { ...entry.row, ...summary(read([one.get(entry.row.id)])[0]) })
    return true
  })

  return {
    keep(entry) {
      return write.immediate(entry) ? (read([one.get(entry.row.id)])[0] ?? null) : null
    },
    closeLost() {
      for (const row of reader.all(Stored, open.all(), keyOf)) {
        write.immediate({
          entry: 'ended', row: {
            id: row.id, endedAt: row.actual_at, wall: wallOf(row), playedSamples: 0, stopReason: 'unclean', editCode: row.edit_code, operator: null, integratedLufs: null, silenceMs: null, consumedSamples: null,
          },
        })
      }
    },
    ofDate: (broadcastDate) => read(byDate.all(broadcastDate)),
    ofLine: (lineId) => read(byLine.all(lineId)),
    between: (fromAt, untilAt) => read(byTime.all(fromAt - LONGEST_MS, untilAt, fromAt)),
    happened(bus, fromAt) {
      const last = new Map<string, Happened>()
      for (const row of reader.all(Stored, since.all(bus, fromAt), keyOf)) {
        const lineId = row.placement_id ?? row.line_id
        if (lineId === null) continue
        last.set(lineId, {
          lineId, start: wallOf(row), from: row.joined_at_sample, end: row.end_wall ?? (row.ended_at ?? row.actual_at) * WALL_SAMPLES_PER_MS, endsAt: null, stopReason: coversRelay({ playSource: row.play_source, stopReason: row.stop_reason }) ? 'unclean' : row.stop_reason, editCode: row.end_edit_code ?? row.edit_code, ratio: row.ratio,
          sounded: row.on_air === 1 && (row.played_samples ?? 0) > 0, fill: row.fill,
        })
      }
      return [...last.values()]
    },
  }
}

/** Rows of before there were wall samples stand on the millisecond. */
function wallOf(row: Stored): number {
  return row.wall ?? row.actual_at * WALL_SAMPLES_PER_MS
}

function keyOf(row: unknown): string {
  const read = z.object({ id: z.string() }).safeParse(row)
  return read.success ? read.data.id : 'unknown'
}

function summary(row: AsRunRow | undefined): Record<string, unknown> {
  return row === undefined ? {} : {
    bus: row.bus, lineId: row.lineId, itemId: row.itemId, sha256: row.sha256, title: row.title, plannedAt: row.plannedAt, actualAt: row.actualAt, startSource: row.startSource, playSource: row.playSource, priority: row.priority, onAir: row.onAir, startedBy: row.startedBy,
  }
}

function asRunRow(row: Stored): AsRunRow {
  return AsRunRow.parse({
    id: row.id, lineId: row.line_id, itemId: row.item_id, broadcastDate: row.broadcast_date, title: row.title, sha256: row.sha256, bus: row.bus,
    importedAt: row.imported_at, initialAt: row.initial_at, plannedAt: row.planned_at, predictedAt: row.predicted_at, actualAt: row.actual_at, startErrorUs: row.start_error_us, endedAt: row.ended_at, playedSamples: row.played_samples ?? 0,
    joinedAtSample: row.joined_at_sample, startSource: row.start_source, playSource: row.play_source, stopReason: row.stop_reason, editCode: row.end_edit_code ?? row.edit_code, reason: row.reason, priority: row.priority, onAir: row.on_air === 1,
    integratedLufs: row.integrated_lufs, silenceMs: row.silence_ms, startedBy: row.started_by, endedBy: row.ended_by,
  })
}
