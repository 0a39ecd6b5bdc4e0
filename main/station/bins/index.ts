import { z } from 'zod'
import { Bin } from '#contract/bins.ts'
import type { KeptPiece } from '#contract/bins.ts'
import { AppError } from '#contract/errors.ts'
import type { Room, StationContext } from '../context.ts'
import { rowReader } from '../store/rows.ts'

/** Pieces kept for any project of the station: pointers into sound, never sound. */
const MOST = 500
const Row = z.object({ id: z.string(), title: z.string(), piece: z.string(), kept_at: z.number(), kept_by: z.string() }).transform((row, context): Bin => {
  const read = Bin.safeParse({ id: row.id, title: row.title, piece: parsed(row.piece), keptAt: row.kept_at, keptBy: row.kept_by })
  if (read.success) return read.data
  context.addIssue({ code: 'custom', message: read.error.message })
  return z.NEVER
})

/** Bad text is told by the schema like any other bad content. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

export function openBins(ctx: StationContext): Room {
  const { db } = ctx
  const reader = rowReader(ctx, 'clip_bins')
  const list = db.prepare('SELECT * FROM clip_bins ORDER BY kept_at DESC, id DESC')
  const count = db.prepare('SELECT count(*) AS n FROM clip_bins')
  const insert = db.prepare('INSERT INTO clip_bins (id, title, piece, kept_at, kept_by) VALUES (?, ?, ?, ?, ?)')
  const rename = db.prepare('UPDATE clip_bins SET title = ? WHERE id = ?')
  const remove = db.prepare('DELETE FROM clip_bins WHERE id = ?')
  const keyOf = (row: unknown): string => z.object({ id: z.string() }).safeParse(row).data?.id ?? '?'
  const mustTouch = (changes: number, id: string): { ok: true } => {
    if (changes === 0) throw new AppError('not-found')
    ctx.events.emit('bins.changed', { id })
    return { ok: true }
  }
  return {
    handlers: {
      'bins.list': () => ({ bins: reader.all(Row, list.all(), keyOf) }),
      'bins.keep': ({ title, piece }, caller) => {
        check(piece)
        if (z.object({ n: z.number() }).parse(count.get()).n >= MOST) throw new AppError('bins-full', { data: { most: MOST } })
        const id = ctx.newId()
        insert.run(id, title, JSON.stringify(piece), Math.floor(ctx.clock.now()), caller.name)
        ctx.events.emit('bins.changed', { id })
        return { id }
      },
      'bins.rename': ({ id, title }) => mustTouch(rename.run(title, id).changes, id),
      'bins.remove': ({ id }) => mustTouch(remove.run(id).changes, id),
    },
  }
}

/** Every clip lies inside its source and inside the piece: what is kept can be put. */
function check(piece: KeptPiece): void {
  const lengths = new Map(piece.sources.map((source) => [source.id, source.length]))
  const isWhole = piece.lanes.every((lane) => lane.clips.every((clip) => clip.offset + clip.length <= (lengths.get(clip.sourceId) ?? -1) && clip.start + clip.length <= piece.length))
  if (!isWhole) throw new AppError('invalid-input')
}
