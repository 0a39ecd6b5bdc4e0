import { z } from 'zod'
import { AfterBreak, Bus, DayState, LineFields, LineKind, LineOrigin, Markers, RelaySource, SlotFields, Timing, Transition } from '#contract/log.ts'
import { BroadcastDate, Id, InstantMs, Rev, SampleCount } from '#contract/shapes.ts'

/** A line as it is written: what it plays is judged by the gate each time. */
export const StoredLine = LineFields.omit({ plannedSamples: true }).extend({
  /** Steps kept by an older station do not say it. */
  relaySources: LineFields.shape.relaySources.default([]),
  id: Id, broadcastDate: BroadcastDate, slotId: Id.nullable(), orderKey: z.string(), kind: LineKind, title: z.string(), text: z.string(),
  /** Copy of the moment the line was made, the library's word counts as long as the item is there; of a line without an item, its planned length. */
  lengthSamples: SampleCount, origin: LineOrigin, originUnitId: Id.nullable(),
  /** Name of the line in the list it was made from: found again when that list is made anew. */
  sourceRef: z.string().nullable(),
  /** `rev` the planning gave it last; another rev = changed by a person since. Null for lines of people. */
  generatedRev: Rev.nullable(), importedAt: InstantMs.nullable(), initialAt: InstantMs.nullable(), rev: Rev, removed: z.boolean(),
})
export type StoredLine = z.infer<typeof StoredLine>
export const StoredSlot = SlotFields.extend({ id: Id, broadcastDate: BroadcastDate, title: z.string(), sourceRef: z.string().nullable(), rev: Rev, removed: z.boolean() })
export type StoredSlot = z.infer<typeof StoredSlot>
export interface Day {
  readonly broadcastDate: string
  readonly zone: string
  readonly startsAt: number
  readonly endsAt: number
  readonly rev: number
  readonly state: z.infer<typeof DayState>
  readonly publishedAt: number | null
  readonly publishedBy: string | null
  readonly owner: { readonly personId: string | null; readonly name: string; readonly since: number } | null
}

/** What a line is when nothing is said about it. */
export const plainLine = {
  text: '', itemId: null, relaySourceId: null, timing: { kind: 'follow' }, transition: 'play', lateMaxMs: null, after: 'join', protected: false, droppable: false, fillPriority: 50,
  dropped: false, skip: false, hitPost: false, newsBlock: null, relayEndsAt: null, relaySources: [], markers: null, backupItemIds: [], targetUnitIds: [], bus: 'main', slotId: null, origin: 'manual', originUnitId: null, sourceRef: null, generatedRev: null, importedAt: null, initialAt: null, rev: 1, removed: false,
} as const satisfies Partial<StoredLine>

const json = <S extends z.ZodType>(schema: S) => z.string().transform((text, context): z.output<S> => {
  const read = schema.safeParse(parseOrNull(text))
  if (read.success) return read.data
  context.addIssue({ code: 'custom', message: read.error.message.slice(0, 200) })
  return z.NEVER
})
const flag = z.number().int().transform((value) => value !== 0)
const Ids = json(z.array(z.string()))

export const LineRow = z.object({
  id: z.string(), broadcast_date: z.string(), slot_id: z.string().nullable(), order_key: z.string(), kind: LineKind, item_id: z.string().nullable(), relay_source_id: z.string().nullable(), title: z.string(), text: z.string(),
  length_samples: z.number().int().nonnegative(), timing: json(Timing), transition: Transition, late_max_ms: z.number().int().nullable(), after_break: AfterBreak, protected: flag, droppable: flag, fill_priority: z.number().int(),
  dropped: flag, skip: flag, hit_post: flag, news_block: z.string().nullable(), relay_ends_at: z.number().int().nullable(), relay_sources: json(z.array(RelaySource)), origin: LineOrigin, origin_unit_id: z.string().nullable(), source_ref: z.string().nullable(), generated_rev: z.number().int().nullable(), markers: json(Markers).nullable(), backup_item_ids: Ids, target_unit_ids: Ids, bus: Bus,
  imported_at: z.number().int().nullable(), initial_at: z.number().int().nullable(), rev: z.number().int(), removed_at: z.number().int().nullable(),
}).transform((row): StoredLine => ({
  id: row.id, broadcastDate: row.broadcast_date, slotId: row.slot_id, orderKey: row.order_key, kind: row.kind, itemId: row.item_id, relaySourceId: row.relay_source_id, title: row.title, text: row.text,
  lengthSamples: row.length_samples, timing: row.timing, transition: row.transition, lateMaxMs: row.late_max_ms, after: row.after_break, protected: row.protected, droppable: row.droppable, fillPriority: row.fill_priority,
  dropped: row.dropped, skip: row.skip, hitPost: row.hit_post, newsBlock: row.news_block, relayEndsAt: row.relay_ends_at, relaySources: row.relay_sources, origin: row.origin, originUnitId: row.origin_unit_id, sourceRef: row.source_ref, generatedRev: row.generated_rev, markers: row.markers, backupItemIds: row.backup_item_ids, targetUnitIds: row.target_unit_ids, bus: row.bus,
  importedAt: row.imported_at, initialAt: row.initial_at, rev: row.rev, removed: row.removed_at !== null,
}))

export function lineValues(line: StoredLine, at: number): Record<string, string | number | null> {
  return {
    id: line.id, broadcastDate: line.broadcastDate, slotId: line.slotId, orderKey: line.orderKey, kind: line.kind, itemId: line.itemId, relaySourceId: line.relaySourceId, title: line.title, text: line.text,
    lengthSamples: line.lengthSamples, timing: JSON.stringify(line.timing), transition: line.transition, lateMaxMs: line.lateMaxMs, after: line.after, protected: Number(line.protected), droppable: Number(line.droppable),
    fillPriority: line.fillPriority, dropped: Number(line.dropped), skip: Number(line.skip), hitPost: Number(line.hitPost), newsBlock: line.newsBlock, relayEndsAt: line.relayEndsAt, relaySources: JSON.stringify(line.relaySources),
    origin: line.origin, originUnitId: line.originUnitId, sourceRef: line.sourceRef, generatedRev: line.generatedRev, markers: line.markers === null ? null : JSON.stringify(line.markers),
    backups: JSON.stringify(line.backupItemIds), targets: JSON.stringify(line.targetUnitIds), bus: line.bus, importedAt: line.importedAt, initialAt: line.initialAt, rev: line.rev, removedAt: line.removed ? at : null,
  }
}

export const SlotRow = z.object({
  id: z.string(), broadcast_date: z.string(), title: z.string(), start_at: z.number().int(), end_at: z.number().int(), on_overrun: SlotFields.shape.onOverrun, max_overrun_ms: z.number().int(), on_underrun: SlotFields.shape.onUnderrun,
  fill_group: z.string().nullable(), rule_profile_id: z.string().nullable(), backup_item_ids: Ids, bus: Bus, source_ref: z.string().nullable(), rev: z.number().int(), removed_at: z.number().int().nullable(),
}).transform((row): StoredSlot => ({
  id: row.id, broadcastDate: row.broadcast_date, title: row.title, startAt: row.start_at, endAt: row.end_at, onOverrun: row.on_overrun, maxOverrunMs: row.max_overrun_ms, onUnderrun: row.on_underrun, fillGroup: row.fill_group,
  ruleProfileId: row.rule_profile_id, backupItemIds: row.backup_item_ids, bus: row.bus, sourceRef: row.source_ref, rev: row.rev, removed: row.removed_at !== null,
}))

export function slotValues(slot: StoredSlot, at: number): Record<string, string | number | null> {
  return {
    id: slot.id, broadcastDate: slot.broadcastDate, title: slot.title, startAt: slot.startAt, endAt: slot.endAt, onOverrun: slot.onOverrun, maxOverrunMs: slot.maxOverrunMs, onUnderrun: slot.onUnderrun, fillGroup: slot.fillGroup,
    ruleProfileId: slot.ruleProfileId, backups: JSON.stringify(slot.backupItemIds), bus: slot.bus, sourceRef: slot.sourceRef, rev: slot.rev, removedAt: slot.removed ? at : null,
  }
}

export const DayRow = z.object({
  broadcast_date: z.string(), zone: z.string(), starts_at: z.number().int(), ends_at: z.number().int(), rev: z.number().int(), state: DayState, published_at: z.number().int().nullable(), published_by: z.string().nullable(),
  owner_id: z.string().nullable(), owner_name: z.string().nullable(), owner_since: z.number().int().nullable(),
}).transform((row): Day => ({
  broadcastDate: row.broadcast_date, zone: row.zone, startsAt: row.starts_at, endsAt: row.ends_at, rev: row.rev, state: row.state, publishedAt: row.published_at, publishedBy: row.published_by,
  owner: row.owner_name === null || row.owner_since === null ? null : { personId: row.owner_id, name: row.owner_name, since: row.owner_since },
}))

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
