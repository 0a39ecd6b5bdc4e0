import { z } from 'zod'
import { DeviceId, InstantMs } from '#contract/shapes.ts'
import { Targets } from '#contract/devices.ts'
import type { BoardNotice } from '#contract/screens.ts'
import { AppError } from '#contract/errors.ts'
import type { StationContext } from '../context.ts'
import { rowReader } from '../store/rows.ts'

const json = <S extends z.ZodType>(schema: S) => z.string().transform((text): z.output<S> => schema.parse(JSON.parse(text)))
const Row = z.object({
  id: z.string(), title: z.string(), body: z.string(), image: z.string().nullable(), layer: z.enum(['overlay', 'full']), targets: json(Targets), from_at: InstantMs, to_at: InstantMs,
  state: z.enum(['draft', 'approved', 'shown', 'ended']), rev: z.number().int(), lease_until: InstantMs, shown_on: json(z.array(DeviceId)),
})

/** A notice with what only the room needs to know. */
export interface NoticeRecord extends BoardNotice {
  /** End of the lease of the newest letter, UTC ms. */
  readonly leaseUntil: number
  /** Screens that letter went to. */
  readonly shownOn: readonly string[]
}

export class NoticeRows {
  readonly #ctx: Pick<StationContext, 'db' | 'clock' | 'notices'>

  constructor(ctx: Pick<StationContext, 'db' | 'clock' | 'notices'>) {
    this.#ctx = ctx
  }

  all(): NoticeRecord[] {
    return this.#read(this.#ctx.db.prepare('SELECT * FROM board_notices ORDER BY from_at DESC').all())
  }

  alive(): NoticeRecord[] {
    return this.#read(this.#ctx.db.prepare("SELECT * FROM board_notices WHERE state IN ('approved', 'shown') OR shown_on <> '[]'").all())
  }

  require(id: string): NoticeRecord {
    const [record] = this.#read(this.#ctx.db.prepare('SELECT * FROM board_notices WHERE id = ?').all(id))
    if (record === undefined) throw new AppError('not-found')
    return record
  }

  /** @throws AppError stale when somebody else changed it */
  requireAt(id: string, rev: number): NoticeRecord {
    const record = this.require(id)
    if (record.rev !== rev) throw new AppError('stale')
    return record
  }

  insert(notice: BoardNotice): void {
    this.#ctx.db.prepare('INSERT INTO board_notices (id, title, body, image, layer, targets, from_at, to_at, state, rev, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
      .run(notice.id, notice.title, notice.body, notice.image, notice.layer, JSON.stringify(notice.targets), notice.fromAt, notice.toAt, notice.state, notice.rev, this.#now())
  }

  update(notice: BoardNotice): void {
    this.#ctx.db.prepare('UPDATE board_notices SET title = ?, body = ?, image = ?, layer = ?, targets = ?, from_at = ?, to_at = ?, state = ?, rev = ?, changed_at = ? WHERE id = ?')
      .run(notice.title, notice.body, notice.image, notice.layer, JSON.stringify(notice.targets), notice.fromAt, notice.toAt, notice.state, notice.rev, this.#now(), notice.id)
  }

  /** What was sent: not a change anybody made, so the revision stays. */
  sent(id: string, leaseUntil: number, shownOn: readonly string[]): void {
    this.#ctx.db.prepare('UPDATE board_notices SET lease_until = ?, shown_on = ? WHERE id = ?').run(leaseUntil, JSON.stringify(shownOn), id)
  }

  remove(id: string): void {
    this.#ctx.db.prepare('DELETE FROM board_notices WHERE id = ?').run(id)
  }

  #read(rows: unknown[]): NoticeRecord[] {
    return rowReader(this.#ctx, 'board_notices').all(Row, rows, (row) => (typeof row === 'object' && row !== null && 'id' in row ? String(row.id) : '')).map((row) => ({
      id: row.id, title: row.title, body: row.body, image: row.image, layer: row.layer, targets: row.targets, fromAt: row.from_at, toAt: row.to_at, state: row.state, rev: row.rev, leaseUntil: row.lease_until, shownOn: row.shown_on,
    }))
  }

  #now(): number {
    return Math.floor(this.#ctx.clock.now())
  }
}
