import { z } from 'zod'
import { ErrorCode, ErrorData } from '#contract/errors.ts'
import type { ErrorReply } from '#contract/errors.ts'
import { BatchFile as FileShape, ImportBatch } from '#contract/library.ts'
import type { BatchFile } from '#contract/library.ts'
import type { StationContext } from '../context.ts'
import { rowReader } from '../store/rows.ts'
import { json, Wish } from './rows.ts'
import type { FoundFile } from './walk.ts'

export type BatchState = ImportBatch['state']
export type FileState = BatchFile['state']
export interface WaitingFile {
  readonly seq: number
  readonly path: string
  readonly name: string
  readonly tags: readonly string[]
  readonly attempts: number
}
export interface StoredBatch {
  readonly id: string
  readonly roots: readonly string[]
  readonly wish: Wish
  readonly state: BatchState
}

/** Batches on disk: each file has a row and an answer, whatever happens to the station meanwhile. */
export interface BatchStore {
  create(id: string, name: string, roots: readonly string[], wish: Wish, at: number): void
  /** The result of the walk; the batch runs from now on. */
  fill(id: string, files: readonly FoundFile[], leftOut: number): void
  next(id: string): WaitingFile | null
  mark(id: string, seq: number, state: FileState, answer?: { itemId?: string; error?: ErrorReply }): void
  /** Files that were being read when the station stopped wait again, with one more try on their account. */
  again(id: string): void
  end(id: string, state: 'done' | 'cancelled', at: number): void
  unfinished(): StoredBatch[]
  view(id: string): Omit<ImportBatch, 'jobId' | 'current'> | null
  views(): Omit<ImportBatch, 'jobId' | 'current'>[]
  files(id: string, limit: number, offset: number): { files: BatchFile[]; total: number }
  remove(id: string): boolean
}

const Counts = z.object({ state: FileShape.shape.state, n: z.number() })
const Row = z.object({ id: z.string(), name: z.string(), roots: json(z.array(z.string())), wish: json(Wish), state: ImportBatch.shape.state, started_at: z.number(), ended_at: z.number().nullable(), left_out: z.number() })
const FileRow = z.object({ seq: z.number(), path: z.string(), name: z.string(), tags: json(z.array(z.string())), size_bytes: z.number(), state: FileShape.shape.state, attempts: z.number(), item_id: z.string().nullable(), code: ErrorCode.nullable(), data: z.string().nullable() })
const Key = z.object({ id: z.string() })
const Total = z.object({ n: z.number() })
const keyOf = (row: unknown) => Key.safeParse(row).data?.id ?? '?'

export function openBatchStore(ctx: Pick<StationContext, 'db' | 'clock' | 'notices'>): BatchStore {
  const { db } = ctx
  const reader = rowReader(ctx, 'library_batches')
  const insert = db.prepare("INSERT INTO library_batches (id, name, roots, wish, state, started_at, left_out) VALUES (?, ?, ?, ?, 'reading', ?, 0)")
  const insertFile = db.prepare('INSERT INTO library_batch_files (batch_id, seq, path, name, tags, size_bytes, state, attempts) VALUES (?, ?, ?, ?, ?, ?, ?, 0)')
  const run = db.prepare("UPDATE library_batches SET state = 'running', left_out = ? WHERE id = ?")
  const finish = db.prepare('UPDATE library_batches SET state = ?, ended_at = ? WHERE id = ?')
  const waiting = db.prepare("SELECT * FROM library_batch_files WHERE batch_id = ? AND state = 'waiting' ORDER BY seq LIMIT 1")
  const markFile = db.prepare('UPDATE library_batch_files SET state = ?, item_id = ?, code = ?, data = ? WHERE batch_id = ? AND seq = ?')
  const retry = db.prepare("UPDATE library_batch_files SET state = 'waiting', attempts = attempts + 1 WHERE batch_id = ? AND state = 'running'")
  const drop = db.prepare("UPDATE library_batch_files SET state = 'cancelled' WHERE batch_id = ? AND state IN ('waiting', 'running')")
  const one = db.prepare('SELECT * FROM library_batches WHERE id = ?')
  const every = db.prepare('SELECT * FROM library_batches ORDER BY started_at DESC, id DESC LIMIT 50')
  const open = db.prepare("SELECT * FROM library_batches WHERE state IN ('reading', 'running') ORDER BY id")
  const counts = db.prepare('SELECT state, count(*) AS n FROM library_batch_files WHERE batch_id = ? GROUP BY state')
  const list = db.prepare('SELECT * FROM library_batch_files WHERE batch_id = ? ORDER BY seq LIMIT ? OFFSET ?')
  const count = db.prepare('SELECT count(*) AS n FROM library_batch_files WHERE batch_id = ?')
  const forget = db.prepare("DELETE FROM library_batches WHERE id = ? AND state IN ('done', 'cancelled')")

  const shown = (row: z.output<typeof Row>): Omit<ImportBatch, 'jobId' | 'current'> => {
    const by = new Map(z.array(Counts).parse(counts.all(row.id)).map(({ state, n }) => [state, n]))
    const of = (state: FileState) => by.get(state) ?? 0
    return {
      id: row.id, name: row.name, by: row.wish.who.name, startedAt: row.started_at, endedAt: row.ended_at, state: row.state, total: [...by.values()].reduce((sum, n) => sum + n, 0),
      imported: of('imported'), duplicate: of('duplicate'), refused: of('refused'), skipped: of('skipped'), cancelled: of('cancelled'), leftOut: row.left_out,
    }
  }
  const files = (rows: readonly unknown[]) => reader.all(FileRow, rows, keyOf)

  return {
    create: (id, name, roots, wish, at) => void insert.run(id, name, JSON.stringify(roots), JSON.stringify(wish), Math.floor(at)),
    fill: (id, found, leftOut) => db.transaction(() => {
      found.forEach((file, seq) => insertFile.run(id, seq, file.path, file.name, JSON.stringify(file.tags), file.sizeBytes, file.skip ? 'skipped' : 'waiting'))
      run.run(leftOut, id)
    })(),
    next: (id) => reader.one(FileRow.nullable(), waiting.get(id) ?? null, id),
    mark: (id, seq, state, answer = {}) => void markFile.run(state, answer.itemId ?? null, answer.error?.code ?? null, answer.error === undefined ? null : JSON.stringify(answer.error.data ?? {}), id, seq),
    again: (id) => void retry.run(id),
    end: (id, state, at) => db.transaction(() => {
      drop.run(id)
      finish.run(state, Math.floor(at), id)
    })(),
    unfinished: () => reader.all(Row, open.all(), keyOf),
    view: (id) => {
      const row = reader.one(Row.nullable(), one.get(id) ?? null, id)
      return row === null ? null : shown(row)
    },
    views: () => reader.all(Row, every.all(), keyOf).map(shown),
    files: (id, limit, offset) => ({
      files: files(list.all(id, limit, offset)).map((row) => ({ seq: row.seq, name: row.name, sizeBytes: row.size_bytes, state: row.state, itemId: row.item_id, error: row.code === null ? null : { code: row.code, data: dataOf(row.data) } })),
      total: Total.parse(count.get(id)).n,
    }),
    remove: (id) => forget.run(id).changes > 0,
  }
}

function dataOf(text: string | null): ErrorData {
  const read = json(ErrorData).safeParse(text)
  return read.success ? read.data : {}
}
