import { z } from 'zod'
import { isPartOf, PlanPart } from '#contract/planning.ts'
import type { PlanContents, PlanPartKind, StoredPart } from '#contract/planning.ts'
import { AppError } from '#contract/errors.ts'
import { isCalendarDate } from '#common/timing/zone.ts'
import type { Named, PlanParts } from '#common/planning/index.ts'
import type { StationContext, Who } from '../context.ts'
import { rowReader } from '../store/rows.ts'

export interface PartStore {
  all(): readonly StoredPart[]
  /** @throws AppError not-found */
  get(id: string): StoredPart
  /** Of a removed one too. @throws AppError not-found */
  kindOf(id: string): PlanPartKind
  of<K extends PlanPartKind>(kind: K): Named<PlanContents[K]>[]
  /** The same parts as the generator takes them. */
  plan(): PlanParts
  /** @throws AppError not-found, stale, invalid-input */
  save(change: { partId: string | null; rev: number; part: PlanPart }, who: Who): StoredPart
  /** @throws AppError not-found, stale, plan-part-used */
  remove(id: string, rev: number, who: Who): StoredPart
  /** @throws AppError not-found */
  restore(id: string, who: Who): StoredPart
  /** Has a person ever changed the plan or made a day of it? */
  isInUse(): boolean
  /** Parts with ids of their own, written once into an empty store. */
  seed(parts: readonly { readonly id: string; readonly part: PlanPart }[]): void
}

const Row = z.object({
  id: z.string(), kind: z.string(), rev: z.number().int(), changed_at: z.number().int(), changed_by: z.string(), removed_at: z.number().int().nullable(),
  content: z.string().transform((text, context): unknown => {
    try {
      return JSON.parse(text)
    } catch (error) {
      context.addIssue({ code: 'custom', message: String(error) })
      return z.NEVER
    }
  }),
}).transform((row, context): StoredPart & { readonly removed: boolean } => {
  const part = PlanPart.safeParse({ kind: row.kind, content: row.content })
  if (part.success) return { id: row.id, rev: row.rev, changedAt: row.changed_at, changedBy: row.changed_by, part: part.data, removed: row.removed_at !== null }
  context.addIssue({ code: 'custom', message: part.error.message.slice(0, 500) })
  return z.NEVER
})

export function openPartStore(ctx: Pick<StationContext, 'db' | 'clock' | 'notices' | 'newId' | 'audit'>): PartStore {
  const { db } = ctx
  const reader = rowReader(ctx, 'planning_parts')
  const live = db.prepare('SELECT * FROM planning_parts WHERE removed_at IS NULL ORDER BY id')
  const one = db.prepare('SELECT * FROM planning_parts WHERE id = ?')
  const any = db.prepare('SELECT 1 FROM planning_parts LIMIT 1')
  const used = db.prepare("SELECT 1 WHERE EXISTS (SELECT 1 FROM planning_parts WHERE changed_by <> '') OR EXISTS (SELECT 1 FROM planning_drafts WHERE steps <> '[]')")
  const insert = db.prepare('INSERT INTO planning_parts (id, kind, content, rev, changed_at, changed_by) VALUES (@id, @kind, @content, 1, @at, @by)')
  const update = db.prepare('UPDATE planning_parts SET content = @content, rev = rev + 1, changed_at = @at, changed_by = @by, removed_at = @removedAt WHERE id = @id')
  const now = (): number => Math.floor(ctx.clock.now())
  let known: readonly StoredPart[] | null = null

  const all = (): readonly StoredPart[] => {
    known ??= reader.all(Row, live.all(), (row) => z.object({ id: z.string() }).safeParse(row).data?.id ?? '?').map(({ removed: _removed, ...part }) => part)
    return known
  }
  const read = (id: string): (StoredPart & { readonly removed: boolean }) | null => {
    const row = one.get(id)
    return row === undefined ? null : reader.one(Row, row, id)
  }
  const get = (id: string): StoredPart => {
    const found = all().find((part) => part.id === id)
    if (found === undefined) throw new AppError('not-found')
    return found
  }
  const of = <K extends PlanPartKind>(kind: K): Named<PlanContents[K]>[] => all().flatMap(({ id, part }) => (isPartOf(part, kind) ? [{ ...part.content, id }] : []))
  const at = (id: string, rev: number): StoredPart => {
    const found = get(id)
    if (found.rev !== rev) throw new AppError('stale')
    return found
  }
  const write = (run: () => string, who: Who, action: string, part: PlanPart): StoredPart => {
    const id = db.transaction(() => {
      const written = run()
      ctx.audit.append(who, `planning.${action}`, written, { kind: part.kind, title: titleOf(part) })
      return written
    }).immediate()
    known = null
    return get(id)
  }

  return {
    all, get, of,
    kindOf(id) {
      const found = read(id)
      if (found === null) throw new AppError('not-found')
      return found.part.kind
    },
    plan: () => ({
      categories: of('category'), clocks: of('clock'), templates: of('template'), grids: of('grid'), exceptions: of('exception'), columns: of('column'), campaigns: of('campaign'), profiles: of('profile'),
    }),
    save({ partId, rev, part }, who) {
      check(part, all().filter(({ id }) => id !== partId))
      const content = JSON.stringify(part.content)
      if (partId === null) {
        const id = ctx.newId()
        return write(() => {
          insert.run({ id, kind: part.kind, content, at: now(), by: who.name })
          return id
        }, who, 'save', part)
      }
      if (at(partId, rev).part.kind !== part.kind) throw new AppError('invalid-input', { data: { field: 'kind' } })
      return write(() => {
        update.run({ id: partId, content, at: now(), by: who.name, removedAt: null })
        return partId
      }, who, 'save', part)
    },
    remove(id, rev, who) {
      const found = at(id, rev)
      // Ids are unique over the whole station: whoever has it in its content, names it.
      const user = all().find((other) => other.id !== id && JSON.stringify(other.part.content).includes(id))
      if (user !== undefined) throw new AppError('plan-part-used', { data: { title: titleOf(user.part) } })
      db.transaction(() => {
        update.run({ id, content: JSON.stringify(found.part.content), at: now(), by: who.name, removedAt: now() })
        ctx.audit.append(who, 'planning.remove', id, { kind: found.part.kind, title: titleOf(found.part) })
      }).immediate()
      known = null
      return found
    },
    restore(id, who) {
      const found = read(id)
      if (found === null) throw new AppError('not-found')
      if (!found.removed) return get(id)
      check(found.part, all())
      return write(() => {
        update.run({ id, content: JSON.stringify(found.part.content), at: now(), by: who.name, removedAt: null })
        return id
      }, who, 'restore', found.part)
    },
    isInUse: () => used.get() !== undefined,
    seed(parts) {
      if (any.get() !== undefined) return
      db.transaction(() => {
        for (const { id, part } of parts) insert.run({ id, kind: part.kind, content: JSON.stringify(part.content), at: now(), by: '' })
      }).immediate()
      known = null
    },
  }
}

export function titleOf(part: PlanPart): string {
  return part.kind === 'grid' ? '' : part.content.title
}

/** What the shape alone does not say. */
function check(part: PlanPart, others: readonly StoredPart[]): void {
  const refuse = (field: string): never => {
    throw new AppError('invalid-input', { data: { field } })
  }
  const unique = (ids: readonly string[]): boolean => new Set(ids).size === ids.length
  switch (part.kind) {
    case 'clock':
      if (!unique(part.content.positions.map(({ id }) => id))) refuse('positions')
      return
    case 'template':
      if (!unique(part.content.sessions.map(({ id }) => id))) refuse('sessions')
      return
    case 'grid': {
      const { unitId, cells } = part.content
      if (!unique(cells.map(({ weekday, hour }) => `${weekday} ${hour}`))) refuse('cells')
      if (others.some((other) => other.part.kind === 'grid' && other.part.content.unitId === unitId)) refuse('unitId')
      return
    }
    case 'exception':
    case 'campaign': {
      const { fromDate, toDate } = part.content
      if (!isCalendarDate(fromDate) || !isCalendarDate(toDate) || toDate < fromDate) refuse('toDate')
      return
    }
    case 'quota': {
      const { year, unitId } = part.content
      if (others.some((other) => other.part.kind === 'quota' && other.part.content.year === year && other.part.content.unitId === unitId)) refuse('year')
      return
    }
    case 'category':
    case 'column':
    case 'profile':
  }
}
