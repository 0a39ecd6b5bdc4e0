import type Database from 'better-sqlite3'
import { z } from 'zod'
import { addDays, dayStart } from '#common/timing/zone.ts'
import type { Clock, Notices, SettingsStore } from '../context.ts'
import { rowReader } from '../store/rows.ts'
import { offsetOf } from '../foundation/zones.ts'
import { DayRow, LineRow, SlotRow, lineValues, slotValues } from './stored.ts'
import type { Day, StoredLine, StoredSlot } from './stored.ts'

/** Days that are kept read: yesterday to three days ahead, and what people look at. */
const KEPT_DAYS = 12

export interface DayStore {
  /** The day as it is kept, else as the zone of the settings makes it. */
  day(broadcastDate: string): Day
  /** Lines in order, without removed ones. The list is shared: never change it. */
  lines(broadcastDate: string): readonly StoredLine[]
  /** Slots by their start, without removed ones. */
  slots(broadcastDate: string): readonly StoredSlot[]
  /** Order keys in use by line, those of removed lines too, in order. */
  keys(broadcastDate: string): readonly { readonly id: string; readonly key: string }[]
  line(lineId: string): StoredLine | null
  slot(slotId: string): StoredSlot | null
  /** Days from the given one on that have a line of the item, or keep it as a backup. */
  datesOf(itemId: string, from: string): string[]
  /** Lines of the item before a day, newest first. */
  linesBefore(itemId: string, date: string, limit: number): StoredLine[]
  /** Writes a line as it is given, new or known; its day counts up. */
  putLine(line: StoredLine, by: { at: number; name: string }): void
  putSlot(slot: StoredSlot, at: number): void
  /** State, owner and counting up; the rest of a day never changes. */
  putDay(day: Pick<Day, 'broadcastDate'> & Partial<Pick<Day, 'state' | 'publishedAt' | 'publishedBy' | 'owner'>>): void
}

export function openDayStore(options: { db: Database.Database; clock: Clock; notices: Notices; settings: SettingsStore }): DayStore {
  const { db, settings } = options
  const dayRows = rowReader(options, 'log_days')
  const lineRows = rowReader(options, 'log_lines')
  const slotRows = rowReader(options, 'log_slots')
  const getDay = db.prepare('SELECT * FROM log_days WHERE broadcast_date = ?')
  const putDay = db.prepare(`INSERT INTO log_days (broadcast_date, zone, starts_at, ends_at, rev, state, published_at, published_by, owner_id, owner_name, owner_since)
    VALUES (@broadcastDate, @zone, @startsAt, @endsAt, 1, @state, @publishedAt, @publishedBy, @ownerId, @ownerName, @ownerSince)
    ON CONFLICT (broadcast_date) DO UPDATE SET rev = rev + 1, state = @state, published_at = @publishedAt, published_by = @publishedBy, owner_id = @ownerId, owner_name = @ownerName, owner_since = @ownerSince`)
  const getLines = db.prepare('SELECT * FROM log_lines WHERE broadcast_date = ? AND removed_at IS NULL ORDER BY order_key')
  const getKeys = db.prepare('SELECT id, order_key AS key FROM log_lines WHERE broadcast_date = ? ORDER BY order_key')
  const getLine = db.prepare('SELECT * FROM log_lines WHERE id = ?')
  const getBefore = db.prepare('SELECT * FROM log_lines WHERE item_id = ? AND removed_at IS NULL AND broadcast_date < ? ORDER BY broadcast_date DESC, order_key DESC LIMIT ?')
  const getSlots = db.prepare('SELECT * FROM log_slots WHERE broadcast_date = ? AND removed_at IS NULL ORDER BY start_at, id')
  const getSlot = db.prepare('SELECT * FROM log_slots WHERE id = ?')
  const getDates = db.prepare(`SELECT broadcast_date FROM log_lines WHERE item_id = @itemId AND removed_at IS NULL AND broadcast_date >= @from
    UNION SELECT broadcast_date FROM log_lines WHERE removed_at IS NULL AND broadcast_date >= @from AND backup_item_ids <> '[]' AND EXISTS (SELECT 1 FROM json_each(backup_item_ids) WHERE value = @itemId)
    UNION SELECT broadcast_date FROM log_slots WHERE removed_at IS NULL AND broadcast_date >= @from AND backup_item_ids <> '[]' AND EXISTS (SELECT 1 FROM json_each(backup_item_ids) WHERE value = @itemId)
    ORDER BY broadcast_date`).pluck()
  const putLine = db.prepare(`INSERT INTO log_lines (id, broadcast_date, slot_id, order_key, kind, item_id, relay_source_id, title, text, length_samples, timing, transition, late_max_ms, after_break, protected, droppable,
      fill_priority, dropped, skip, hit_post, news_block, relay_ends_at, relay_sources, origin, origin_unit_id, source_ref, generated_rev, markers, backup_item_ids, target_unit_ids, bus, imported_at, initial_at, rev, created_at, created_by, removed_at)
    VALUES (@id, @broadcastDate, @slotId, @orderKey, @kind, @itemId, @relaySourceId, @title, @text, @lengthSamples, @timing, @transition, @lateMaxMs, @after, @protected, @droppable,
      @fillPriority, @dropped, @skip, @hitPost, @newsBlock, @relayEndsAt, @relaySources, @origin, @originUnitId, @sourceRef, @generatedRev, @markers, @backups, @targets, @bus, @importedAt, @initialAt, @rev, @at, @name, @removedAt)
    ON CONFLICT (id) DO UPDATE SET slot_id = @slotId, order_key = @orderKey, item_id = @itemId, relay_source_id = @relaySourceId, title = @title, text = @text, length_samples = @lengthSamples, timing = @timing,
      transition = @transition, late_max_ms = @lateMaxMs, after_break = @after, protected = @protected, droppable = @droppable, fill_priority = @fillPriority, dropped = @dropped, skip = @skip, hit_post = @hitPost, news_block = @newsBlock, relay_ends_at = @relayEndsAt, relay_sources = @relaySources, origin = @origin, source_ref = @sourceRef,
      generated_rev = @generatedRev, markers = @markers, backup_item_ids = @backups, target_unit_ids = @targets, bus = @bus, imported_at = @importedAt, initial_at = @initialAt, rev = @rev, removed_at = @removedAt`)
  const putSlot = db.prepare(`INSERT INTO log_slots (id, broadcast_date, title, start_at, end_at, on_overrun, max_overrun_ms, on_underrun, fill_group, rule_profile_id, backup_item_ids, bus, source_ref, rev, removed_at)
    VALUES (@id, @broadcastDate, @title, @startAt, @endAt, @onOverrun, @maxOverrunMs, @onUnderrun, @fillGroup, @ruleProfileId, @backups, @bus, @sourceRef, @rev, @removedAt)
    ON CONFLICT (id) DO UPDATE SET title = @title, start_at = @startAt, end_at = @endAt, on_overrun = @onOverrun, max_overrun_ms = @maxOverrunMs, on_underrun = @onUnderrun, fill_group = @fillGroup,
      rule_profile_id = @ruleProfileId, backup_item_ids = @backups, bus = @bus, source_ref = @sourceRef, rev = @rev, removed_at = @removedAt`)

  // The station is the only writer of its database: what was read stays true until it is written here. Ten thousand lines take long to read.
  const lineCache = new Map<string, readonly StoredLine[]>()
  const slotCache = new Map<string, readonly StoredSlot[]>()
  const cached = <T>(cache: Map<string, readonly T[]>, date: string, read: () => readonly T[]): readonly T[] => {
    const known = cache.get(date)
    const list = known ?? read()
    cache.delete(date)
    cache.set(date, list)
    for (const oldest of cache.keys()) {
      if (cache.size <= KEPT_DAYS) break
      cache.delete(oldest)
    }
    return list
  }
  const day = (broadcastDate: string): Day => {
    const row = getDay.get(broadcastDate)
    const kept = row === undefined ? null : dayRows.one(DayRow, row, broadcastDate)
    if (kept !== null) return kept
    const { zone } = settings.get()
    const offsetAt = offsetOf(zone)
    return { broadcastDate, zone, startsAt: dayStart(broadcastDate, offsetAt), endsAt: dayStart(addDays(broadcastDate, 1), offsetAt), rev: 0, state: 'draft', publishedAt: null, publishedBy: null, owner: null }
  }
  const writeDay: DayStore['putDay'] = (change) => {
    const { owner, ...kept } = { ...day(change.broadcastDate), ...change }
    putDay.run({ ...kept, ownerId: owner?.personId ?? null, ownerName: owner?.name ?? null, ownerSince: owner?.since ?? null })
  }

  return {
    day,
    lines: (date) => cached(lineCache, date, () => lineRows.all(LineRow, getLines.all(date), idOf)),
    slots: (date) => cached(slotCache, date, () => slotRows.all(SlotRow, getSlots.all(date), idOf)),
    keys: (date) => z.array(z.object({ id: z.string(), key: z.string() })).parse(getKeys.all(date)),
    line(lineId) {
      const row = getLine.get(lineId)
      return row === undefined ? null : lineRows.one(LineRow, row, lineId)
    },
    slot(slotId) {
      const row = getSlot.get(slotId)
      return row === undefined ? null : slotRows.one(SlotRow, row, slotId)
    },
    datesOf: (itemId, from) => z.array(z.string()).parse(getDates.all({ itemId, from })),
    linesBefore: (itemId, date, limit) => lineRows.all(LineRow, getBefore.all(itemId, date, limit), idOf),
    putLine(line, { at, name }) {
      lineCache.delete(line.broadcastDate)
      putLine.run({ ...lineValues(line, at), at, name })
    },
    putSlot(slot, at) {
      slotCache.delete(slot.broadcastDate)
      putSlot.run(slotValues(slot, at))
    },
    putDay: writeDay,
  }
}

function idOf(row: unknown): string {
  const read = z.object({ id: z.string() }).safeParse(row)
  return read.success ? read.data.id : 'unknown'
}
