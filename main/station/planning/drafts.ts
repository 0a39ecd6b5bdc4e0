import { z } from 'zod'
import { PlanDraft } from '#contract/planning.ts'
import { LineFields, LineKind, SlotFields } from '#contract/log.ts'
import { BroadcastDate, Id, SampleCount } from '#contract/shapes.ts'
import { AppError } from '#contract/errors.ts'
import type { StationContext } from '../context.ts'
import { rowReader } from '../store/rows.ts'

/** A day as the log takes it, with the revision it was made on. */
export const PlannedDay = z.object({
  date: BroadcastDate, rev: z.number().int(),
  slots: z.array(SlotFields.extend({ sourceRef: z.string() })),
  lines: z.array(LineFields.omit({ plannedSamples: true }).extend({
    kind: LineKind, sourceRef: z.string(), slotRef: z.string().nullable(),
    /** Of lines without an item. */
    lengthSamples: SampleCount.nullable(),
  })),
})
export type PlannedDay = z.infer<typeof PlannedDay>
const Step = z.object({ date: BroadcastDate, stepId: Id })
export interface StoredDraft {
  readonly draft: PlanDraft
  readonly plan: readonly PlannedDay[]
  /** What applying wrote, in its order. */
  readonly steps: readonly z.infer<typeof Step>[]
}
export interface DraftStore {
  /** @throws AppError not-found */
  get(id: string): StoredDraft
  put(stored: StoredDraft): void
}

const KEPT = 60
const json = <S extends z.ZodType>(schema: S) => z.string().transform((text, context): z.output<S> => {
  try {
    return schema.parse(JSON.parse(text))
  } catch (error) {
    context.addIssue({ code: 'custom', message: String(error).slice(0, 500) })
    return z.NEVER
  }
})
const Row = z.object({ id: z.string(), draft: json(PlanDraft), plan: json(z.array(PlannedDay)), steps: json(z.array(Step)) })

export function openDrafts(ctx: Pick<StationContext, 'db' | 'clock' | 'notices'>): DraftStore {
  const { db } = ctx
  const reader = rowReader(ctx, 'planning_drafts')
  const one = db.prepare('SELECT * FROM planning_drafts WHERE id = ?')
  const keep = db.prepare('INSERT INTO planning_drafts (id, draft, plan, steps, created_at) VALUES (@id, @draft, @plan, @steps, @at) ON CONFLICT (id) DO UPDATE SET draft = excluded.draft, steps = excluded.steps')
  const prune = db.prepare(`DELETE FROM planning_drafts WHERE id NOT IN (SELECT id FROM planning_drafts ORDER BY created_at DESC, id DESC LIMIT ${KEPT})`)
  return {
    get(id) {
      const row = one.get(id)
      const found = row === undefined ? null : reader.one(Row, row, id)
      if (found === null) throw new AppError('not-found')
      return found
    },
    put({ draft, plan, steps }) {
      db.transaction(() => {
        keep.run({ id: draft.id, draft: JSON.stringify(draft), plan: JSON.stringify(plan), steps: JSON.stringify(steps), at: draft.createdAt })
        prune.run()
      })()
    },
  }
}
