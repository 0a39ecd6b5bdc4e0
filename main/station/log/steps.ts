import { z } from 'zod'
import type { StationContext, Who } from '../context.ts'
import { StoredLine, StoredSlot } from './stored.ts'

/** Something written of a day: what it was (null = it was not there) and what it became. */
export interface Change<T> {
  readonly before: T | null
  readonly after: T
}
export interface Edit {
  readonly lines: readonly Change<StoredLine>[]
  readonly slots: readonly Change<StoredSlot>[]
}
export const noEdit: Edit = { lines: [], slots: [] }

const Kept = z.object({
  lines: z.array(z.object({ id: z.string(), rev: z.number().int(), before: StoredLine.nullable() })),
  slots: z.array(z.object({ id: z.string(), rev: z.number().int(), before: StoredSlot.nullable() })),
  /** What other rooms changed with it: to be taken back by the opposite replacement. */
  elsewhere: z.array(z.object({ room: z.string(), itemId: z.string(), byItemId: z.string(), ids: z.array(z.string()) })),
})
export type KeptStep = z.infer<typeof Kept>
export type Elsewhere = KeptStep['elsewhere'][number]

/** What can be undone. Old steps are forgotten: what happened is in the audit chain. */
export interface Steps {
  keep(stepId: string, action: string, edit: Edit, elsewhere: readonly Elsewhere[], who: Who): void
  /** Null when it is not known (any more) or already undone. */
  find(stepId: string): { readonly action: string; readonly kept: KeptStep } | null
  markUndone(stepId: string, by: string): void
}

const KEEP_MS = 14 * 86_400_000
const StepRow = z.object({ action: z.string(), changes: z.string(), undone_by: z.string().nullable() })

export function openSteps({ db, clock, logger }: Pick<StationContext, 'db' | 'clock' | 'logger'>): Steps {
  const put = db.prepare('INSERT INTO log_steps (id, at, person_id, name, action, changes) VALUES (?, ?, ?, ?, ?, ?)')
  const get = db.prepare('SELECT action, changes, undone_by FROM log_steps WHERE id = ?')
  const mark = db.prepare('UPDATE log_steps SET undone_by = ? WHERE id = ?')
  db.prepare('DELETE FROM log_steps WHERE at < ?').run(Math.floor(clock.now()) - KEEP_MS)

  return {
    keep(stepId, action, edit, elsewhere, who) {
      const kept: KeptStep = {
        lines: edit.lines.map(({ before, after }) => ({ id: after.id, rev: after.rev, before })), slots: edit.slots.map(({ before, after }) => ({ id: after.id, rev: after.rev, before })), elsewhere: [...elsewhere],
      }
      put.run(stepId, Math.floor(clock.now()), who.personId, who.name, action, JSON.stringify(kept))
    },
    find(stepId) {
      const row = StepRow.safeParse(get.get(stepId))
      if (!row.success || row.data.undone_by !== null) return null
      const kept = Kept.safeParse(JSON.parse(row.data.changes))
      if (kept.success) return { action: row.data.action, kept: kept.data }
      logger.warn('a step of the log cannot be read', { stepId, error: kept.error })
      return null
    },
    markUndone: (stepId, by) => void mark.run(by, stepId),
  }
}
