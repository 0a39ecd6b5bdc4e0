import { z } from 'zod'
import { AppError } from '#contract/errors.ts'
import { RelayFields, RelayStation } from '#contract/relay.ts'
import { InstantMs } from '#contract/shapes.ts'
import type { StationContext, Who } from '../context.ts'
import { rowReader } from '../store/rows.ts'

const MOST = 100
const Row = z.object({ id: z.string(), fields: z.string(), approved_by: z.string().nullable(), approved_at: InstantMs.nullable(), rev: z.number().int() }).transform((row, context): RelayStation => {
  const read = RelayStation.safeParse({ ...parsed(row.fields), id: row.id, rev: row.rev, approval: row.approved_by === null || row.approved_at === null ? null : { by: row.approved_by, at: row.approved_at } })
  if (read.success) return read.data
  context.addIssue({ code: 'custom', message: read.error.message })
  return z.NEVER
})

/** Bad text is told by the schema like any other bad content. */
function parsed(text: string): object {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}

export interface RelayStore {
  list(): readonly RelayStation[]
  get(id: string): RelayStation | null
  /** @throws AppError invalid-input */
  add(fields: RelayFields): string
  /** Another address takes the approval away. @throws AppError not-found, stale */
  change(id: string, rev: number, fields: RelayFields): void
  remove(id: string, rev: number): void
  approve(id: string, rev: number, who: Who | null): void
}

/** Sources as they stand in the database; read once, kept while the station runs. */
export function openRelayStore(ctx: Pick<StationContext, 'db' | 'clock' | 'notices' | 'newId'>): RelayStore {
  const { db } = ctx
  const reader = rowReader(ctx, 'relay_sources')
  const all = db.prepare('SELECT * FROM relay_sources ORDER BY id')
  const insert = db.prepare('INSERT INTO relay_sources (id, fields, approved_by, approved_at, rev) VALUES (?, ?, NULL, NULL, 1)')
  const update = db.prepare('UPDATE relay_sources SET fields = @fields, approved_by = @by, approved_at = @at, rev = rev + 1 WHERE id = @id AND rev = @rev')
  const remove = db.prepare('DELETE FROM relay_sources WHERE id = ? AND rev = ?')
  const read = (): Map<string, RelayStation> => new Map(reader.all(Row, all.all(), (row) => z.object({ id: z.string() }).safeParse(row).data?.id ?? '?').map((one) => [one.id, one]))
  let known = read()

  const must = (id: string): RelayStation => {
    const one = known.get(id)
    if (one === undefined) throw new AppError('not-found')
    return one
  }
  const written = (changes: number): void => {
    if (changes === 0) throw new AppError('stale')
    known = read()
  }
  const write = ({ id }: RelayStation, rev: number, fields: RelayFields, approval: RelayStation['approval']): void => written(update.run({ id, rev, fields: JSON.stringify(fields), by: approval?.by ?? null, at: approval?.at ?? null }).changes)

  return {
    list: () => [...known.values()],
    get: (id) => known.get(id) ?? null,
    add(fields) {
      if (known.size >= MOST) throw new AppError('invalid-input', { data: { field: 'sources' } })
      const id = ctx.newId()
      written(insert.run(id, JSON.stringify(fields)).changes)
      return id
    },
    change(id, rev, fields) {
      const one = must(id)
      write(one, rev, fields, JSON.stringify(fields.addresses) === JSON.stringify(one.addresses) ? one.approval : null)
    },
    remove(id, rev) {
      must(id)
      written(remove.run(id, rev).changes)
    },
    approve(id, rev, who) {
      const one = must(id)
      write(one, rev, RelayFields.parse(one), who === null ? null : { by: who.name, at: Math.floor(ctx.clock.now()) })
    },
  }
}
