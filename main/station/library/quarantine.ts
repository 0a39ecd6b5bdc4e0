import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { z } from 'zod'
import { oneLine } from '#common/text/index.ts'
import { AppError } from '#contract/errors.ts'
import type { ErrorCode } from '#contract/errors.ts'
import type { Quarantined } from '#contract/library.ts'
import type { StationContext } from '../context.ts'
import { rowReader } from '../store/rows.ts'
import { QuarantineRow } from './rows.ts'
import type { Wish } from './rows.ts'

/** Files that were refused, each with its reason. The files themselves stay where their owner put them. */
export interface Quarantine {
  list(): Quarantined[]
  /** One record per path: a second failure replaces the first. */
  add(path: string, wish: Wish, error: AppError): Promise<void>
  /** @throws AppError not-found */
  get(id: string): { path: string; wish: Wish }
  dismiss(id: string): void
  release(path: string): void
}

/** Not the file's fault, or nothing to keep: no record. */
const passing: ReadonlySet<ErrorCode> = new Set(['cancelled', 'duplicate'])
const KeyOf = z.object({ id: z.string() })
const Count = z.object({ n: z.number() })

export const shownName = (path: string) => oneLine(basename(path), 255)

export function openQuarantine(ctx: Pick<StationContext, 'db' | 'clock' | 'notices' | 'events' | 'newId'>): Quarantine {
  const reader = rowReader(ctx, 'library_quarantine')
  const all = ctx.db.prepare('SELECT * FROM library_quarantine ORDER BY at DESC, id DESC LIMIT 1000')
  const one = ctx.db.prepare('SELECT * FROM library_quarantine WHERE id = ?')
  const put = ctx.db.prepare(`INSERT INTO library_quarantine (id, path, file_name, at, code, data, size_bytes, wish) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (path) DO UPDATE SET at = excluded.at, code = excluded.code, data = excluded.data, size_bytes = excluded.size_bytes, wish = excluded.wish`)
  const drop = ctx.db.prepare('DELETE FROM library_quarantine WHERE id = ?')
  const dropPath = ctx.db.prepare('DELETE FROM library_quarantine WHERE path = ?')
  const count = ctx.db.prepare('SELECT count(*) AS n FROM library_quarantine')
  const tell = () => ctx.events.emit('library.quarantineChanged', { count: Count.parse(count.get()).n })

  return {
    list: () => reader.all(QuarantineRow, all.all(), (row) => KeyOf.safeParse(row).data?.id ?? '?').map((row) => ({ id: row.id, fileName: row.file_name, at: row.at, reason: { code: row.code, data: row.data }, sizeBytes: row.size_bytes })),
    async add(path, wish, error) {
      if (passing.has(error.code)) return
      const sizeBytes = await stat(path).then((facts) => facts.size, () => 0)
      put.run(ctx.newId(), path, shownName(path), Math.floor(ctx.clock.now()), error.code, JSON.stringify(error.data), sizeBytes, JSON.stringify(wish))
      tell()
    },
    get(id) {
      const row = reader.one(QuarantineRow.nullable(), one.get(id) ?? null, id)
      if (row === null) throw new AppError('not-found')
      return row
    },
    dismiss(id) {
      if (drop.run(id).changes === 0) throw new AppError('not-found')
      tell()
    },
    release(path) {
      if (dropPath.run(path).changes > 0) tell()
    },
  }
}
