import { z } from 'zod'
import { AppError } from '#contract/errors.ts'
import { RelayRecording, RelaySchedule } from '#contract/relay.ts'
import type { RelayScheduleFields } from '#contract/relay.ts'
import { BroadcastDate, InstantMs } from '#contract/shapes.ts'
import type { StationContext } from '../context.ts'
import { rowReader } from '../store/rows.ts'

const MOST = 100
const jsonObject = z.string().transform((text, context): object => {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return value
  } catch {
    // Told below, like any other bad content.
  }
  context.addIssue({ code: 'custom', message: 'no object' })
  return z.NEVER
})
const ScheduleRow = z.object({ id: z.string(), fields: jsonObject, created_at: InstantMs, rev: z.number().int() }).transform(({ id, fields, created_at, rev }) => ({ ...fields, id, rev, createdAt: created_at })).pipe(RelaySchedule)
const RecordingRow = z.object({ schedule_id: z.string(), broadcast_date: BroadcastDate, facts: jsonObject }).transform(({ schedule_id, broadcast_date, facts }) => ({ ...facts, scheduleId: schedule_id, broadcastDate: broadcast_date })).pipe(RelayRecording)

export interface ScheduleStore {
  list(): readonly RelaySchedule[]
  /** @throws AppError invalid-input */
  add(fields: RelayScheduleFields): string
  /** @throws AppError not-found, stale */
  change(id: string, rev: number, fields: RelayScheduleFields): void
  remove(id: string, rev: number): void
  recordings(fromDate: string): readonly RelayRecording[]
  recordingOf(scheduleId: string, broadcastDate: string): RelayRecording | null
  /** One recording a day: the newest word about it. */
  put(recording: RelayRecording): void
}

export function openScheduleStore(ctx: Pick<StationContext, 'db' | 'clock' | 'notices' | 'newId'>): ScheduleStore {
  const { db } = ctx
  const schedules = rowReader(ctx, 'relay_schedules')
  const recordings = rowReader(ctx, 'relay_recordings')
  const all = db.prepare('SELECT * FROM relay_schedules ORDER BY id')
  const insert = db.prepare('INSERT INTO relay_schedules (id, fields, created_at, rev) VALUES (?, ?, ?, 1)')
  const update = db.prepare('UPDATE relay_schedules SET fields = ?, rev = rev + 1 WHERE id = ? AND rev = ?')
  const remove = db.prepare('DELETE FROM relay_schedules WHERE id = ? AND rev = ?')
  const since = db.prepare('SELECT * FROM relay_recordings WHERE broadcast_date >= ? ORDER BY broadcast_date DESC, schedule_id')
  const one = db.prepare('SELECT * FROM relay_recordings WHERE schedule_id = ? AND broadcast_date = ?')
  const put = db.prepare('INSERT INTO relay_recordings (schedule_id, broadcast_date, facts) VALUES (?, ?, ?) ON CONFLICT (schedule_id, broadcast_date) DO UPDATE SET facts = excluded.facts')
  const idOf = (row: unknown): string => z.object({ id: z.string() }).safeParse(row).data?.id ?? '?'
  const dayOf = (row: unknown): string => {
    const read = z.object({ schedule_id: z.string(), broadcast_date: z.string() }).safeParse(row).data
    return read === undefined ? '?' : `${read.schedule_id}/${read.broadcast_date}`
  }
  const list = (): readonly RelaySchedule[] => schedules.all(ScheduleRow, all.all(), idOf)
  const written = (id: string, changes: number): void => {
    if (changes === 0) throw new AppError(list().some((known) => known.id === id) ? 'stale' : 'not-found')
  }

  return {
    list,
    add(fields) {
      if (list().length >= MOST) throw new AppError('invalid-input', { data: { field: 'schedules' } })
      const id = ctx.newId()
      insert.run(id, JSON.stringify(fields), Math.floor(ctx.clock.now()))
      return id
    },
    change: (id, rev, fields) => written(id, update.run(JSON.stringify(fields), id, rev).changes),
    remove: (id, rev) => written(id, remove.run(id, rev).changes),
    recordings: (fromDate) => recordings.all(RecordingRow, since.all(fromDate), dayOf),
    recordingOf(scheduleId, broadcastDate) {
      const row: unknown = one.get(scheduleId, broadcastDate)
      return row === undefined ? null : recordings.one(RecordingRow, row, `${scheduleId}/${broadcastDate}`)
    },
    put({ scheduleId, broadcastDate, ...facts }) {
      put.run(scheduleId, broadcastDate, JSON.stringify(facts))
    },
  }
}
