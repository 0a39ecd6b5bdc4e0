import { AppError } from '#contract/errors.ts'
import type { PlanDraft } from '#contract/planning.ts'
import type { Caller, StationContext } from '../context.ts'
import type { LogRoom } from '../faces.ts'
import type { DraftStore, StoredDraft } from './drafts.ts'

/** Puts drafts into the log and takes them out again, always all their days or none. */
export function createApplying(ctx: Pick<StationContext, 'audit' | 'events' | 'logger'>, deps: { drafts: DraftStore; log: Pick<LogRoom, 'day' | 'replaceGenerated' | 'handlers'> }) {
  const { drafts, log } = deps

  const undoSteps = async (steps: StoredDraft['steps'], caller: Caller): Promise<void> => {
    const undo = log.handlers['log.undo']
    if (undo === undefined) throw new AppError('unknown-procedure')
    for (const { stepId } of steps.toReversed()) await undo({ stepId }, caller)
  }
  const finish = (stored: StoredDraft, action: string, caller: Caller): PlanDraft => {
    drafts.put(stored)
    const { id, state, days } = stored.draft
    ctx.audit.append(caller, `planning.${action}`, id, { dates: days.map(({ date }) => date).join(','), lines: days.reduce((sum, { lines }) => sum + lines.length, 0) })
    ctx.events.emit('planning.drafted', { draftId: id, state })
    return stored.draft
  }

  return {
    async apply(draftId: string, caller: Caller): Promise<PlanDraft> {
      const { draft, plan } = drafts.get(draftId)
      if (draft.state === 'applied') throw new AppError('stale')
      for (const { date, rev } of plan) if ((await log.day(date)).rev !== rev) throw new AppError('stale')
      const steps: { date: string; stepId: string }[] = []
      const days: PlanDraft['days'] = []
      try {
        for (const [index, { date, slots, lines }] of plan.entries()) {
          const done = await log.replaceGenerated(date, { origin: 'template', slots, lines: lines.map(({ lengthSamples, ...line }) => (lengthSamples === null ? line : { ...line, lengthSamples })) }, caller)
          if (done.stepId !== null) steps.push({ date, stepId: done.stepId })
          const before = draft.days[index]
          if (before === undefined) continue
          const titles = new Map(lines.map((line) => [line.sourceRef, line.title]))
          days.push({ ...before, outcome: { added: done.added.length, changed: done.changed.length, removed: done.removed.length, kept: done.kept.length, refused: done.refused.map(({ sourceRef, error }) => ({ title: titles.get(sourceRef) ?? '', code: error.code })) } })
        }
      } catch (error) {
        // A day somebody holds, a day that is closed: then none of the days.
        await undoSteps(steps, caller).catch((failure: unknown) => ctx.logger.error('a half applied plan could not be taken back', { error: failure }))
        throw error
      }
      return finish({ draft: { ...draft, state: 'applied', days }, plan, steps }, 'apply', caller)
    },
    async undo(draftId: string, caller: Caller): Promise<PlanDraft> {
      const { draft, plan, steps } = drafts.get(draftId)
      if (draft.state !== 'applied') throw new AppError('nothing-to-undo')
      await undoSteps(steps, caller)
      return finish({ draft: { ...draft, state: 'undone', days: draft.days.map((day) => ({ ...day, outcome: null })) }, plan, steps: [] }, 'undo', caller)
    },
  }
}
export type Applying = ReturnType<typeof createApplying>
