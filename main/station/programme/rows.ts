import { z } from 'zod'
import { ProgrammeTemplate } from '#contract/programme.ts'
import { BroadcastDate, Id, Sha256 } from '#contract/shapes.ts'

/** Rows as SQLite holds them → values of the room. A row that does not parse is put aside, the rest of the table goes on. */
export const json = <S extends z.ZodType>(schema: S) => z.string().transform((text, context): z.output<S> => {
  try {
    return schema.parse(JSON.parse(text))
  } catch (error) {
    context.addIssue({ code: 'custom', message: String(error) })
    return z.NEVER
  }
})
const position = z.number().int().nonnegative()

export const BulletinRow = z.object({
  id: Id, title: z.string(), broadcast_date: BroadcastDate.nullable(), slot_starts_sec: z.number().int().nullable(), slot_length: position.nullable(), template: json(ProgrammeTemplate),
  project_id: Id.nullable(), by: z.string(), changed_at: position, rev: position, removed_at: position.nullable(),
}).transform((row) => ({
  id: row.id, title: row.title, broadcastDate: row.broadcast_date, slot: { startsAtSec: row.slot_starts_sec, lengthSamples: row.slot_length }, template: row.template,
  projectId: row.project_id, by: row.by, changedAt: row.changed_at, rev: row.rev, removedAt: row.removed_at,
}))
export type BulletinRecord = z.output<typeof BulletinRow>

export const StoryRow = z.object({
  id: Id, bulletin_id: Id, order_key: z.string(), title: z.string(), script: z.string(), reader: z.string(), item_ids: json(z.array(Id)), image: Sha256.nullable(), rev: position, removed_at: position.nullable(),
}).transform((row) => ({
  id: row.id, bulletinId: row.bulletin_id, orderKey: row.order_key, title: row.title, script: row.script, reader: row.reader, itemIds: row.item_ids, image: row.image, rev: row.rev, removedAt: row.removed_at,
}))
export type StoryRecord = z.output<typeof StoryRow>

export const TemplateRow = z.object({ id: Id, title: z.string(), template: json(ProgrammeTemplate), rev: position })

const At = z.object({ at: position })
export const RenderRow = z.object({
  item_id: Id, project_id: Id, slides: json(z.array(At.extend({ image: Sha256.nullable(), title: z.string() }))), chapters: json(z.array(At.extend({ title: z.string(), script: z.string() }))),
  placed: json(z.array(z.object({ start: position, length: position, offset: position, sha256: z.string() }))), at: position,
}).transform((row) => ({ itemId: row.item_id, projectId: row.project_id, slides: row.slides, chapters: row.chapters, placed: row.placed, at: row.at }))
export type RenderRecord = z.output<typeof RenderRow>

const Anchor = z.object({ sha256: z.string(), offset: position })
export const CommentRow = z.object({
  id: Id, item_id: Id.nullable(), project_id: Id.nullable(), at_samples: position, length_samples: position, anchor: json(Anchor).nullable(), text: z.string(), author: z.string(), author_id: z.string().nullable(),
  created_at: position, resolved_at: position.nullable(), resolved_by: z.string().nullable(), rev: position,
}).transform((row) => ({
  id: row.id, itemId: row.item_id, projectId: row.project_id, at: row.at_samples, lengthSamples: row.length_samples, anchor: row.anchor, text: row.text, author: row.author, authorId: row.author_id,
  createdAt: row.created_at, resolvedAt: row.resolved_at, resolvedBy: row.resolved_by, rev: row.rev,
}))
export type CommentRecord = z.output<typeof CommentRow>

export const keyOf = (row: unknown): string => {
  const key: unknown = typeof row === 'object' && row !== null ? (Reflect.get(row, 'id') ?? Reflect.get(row, 'item_id')) : null
  return typeof key === 'string' ? key : '?'
}
