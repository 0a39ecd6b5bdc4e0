import { AppError } from '#contract/errors.ts'
import type { LogStep } from '#contract/log.ts'
import { addDays } from '#common/timing/zone.ts'
import type { Who } from '../context.ts'
import { itemsOf } from './compiler.ts'
import type { DayStore } from './day-store.ts'
import { changed, changedSlot } from './edits.ts'
import type { Edits } from './edits.ts'
import type { Gate } from './gate.ts'
import type { LineRules } from './line-rules.ts'
import { freeKeys } from './place.ts'
import type { Change, Elsewhere, Steps } from './steps.ts'
import type { StoredLine, StoredSlot } from './stored.ts'

/**
 * Takes a step back as a whole. What comes back must be allowed to stand now: approved, its time not over, its place on air not taken.
 * @param elsewhere takes back what other rooms changed with it; runs in the transaction
 * @throws AppError nothing-to-undo, stale (something of it was changed since), and what a change may throw
 */
export async function undoStep(
  stepId: string, who: Who, deps: { days: DayStore; gate: Gate; edits: Edits; rules: LineRules; steps: Steps; elsewhere: (done: readonly Elsewhere[], who: Who) => readonly Elsewhere[] },
): Promise<{ step: LogStep; dates: string[] }> {
  const { days, gate, edits, rules, steps } = deps
  const known = steps.find(stepId)
  if (known === null) throw new AppError('nothing-to-undo')
  const dates = [...new Set([...known.kept.lines, ...known.kept.slots].flatMap(({ before, id }) => before?.broadcastDate ?? days.line(id)?.broadcastDate ?? days.slot(id)?.broadcastDate ?? []))].toSorted()
  await gate.load([...dates.flatMap((date) => [addDays(date, -1), date, addDays(date, 1)].flatMap((near) => itemsOf(days, near))), ...known.kept.lines.flatMap(({ before }) => before?.itemId ?? [])])
  const found = steps.find(stepId)
  if (found === null) throw new AppError('nothing-to-undo')
  const { kept, action } = found
  const slots = kept.slots.map(({ id, rev, before }): Change<StoredSlot> => {
    const now = days.slot(id)
    if (now === null || now.rev !== rev) throw new AppError('stale')
    return changedSlot(now, before === null ? { removed: true } : { ...before })
  })
  const keyFor = freeKeys(days)
  const lines = kept.lines.map(({ id, rev, before }): Change<StoredLine> => {
    const now = days.line(id)
    if (now === null || now.rev !== rev) throw new AppError('stale')
    if (before === null) return changed(now, { removed: true })
    // Times promised meanwhile stay promised; a line of the planning that is again as it was made is the planning's again.
    const back = {
      ...before, orderKey: keyFor(before.broadcastDate, id, before.orderKey), initialAt: now.initialAt ?? before.initialAt, generatedRev: before.generatedRev === before.rev ? now.rev + 1 : before.generatedRev,
    }
    return changed(now, { ...back, ...(back.removed ? {} : asItMayStand(back, now)) })
  })
  const step = edits.write(action, { lines, slots }, who, (made) => {
    const taken = deps.elsewhere(kept.elsewhere, who)
    steps.markUndone(stepId, made)
    return taken
  })
  return { step, dates }

  function asItMayStand(back: StoredLine, now: StoredLine): StoredLine {
    const { timing, itemId } = back
    const sameTime = !now.removed && JSON.stringify(now.timing) === JSON.stringify(timing)
    // A line that was there all along without an approved item may keep it; one that comes back may not bring it in.
    return rules.apply(back, { markers: back.markers, ...(sameTime ? {} : { timing }) }, { was: !now.removed && now.itemId === itemId ? back : { ...back, itemId: null }, strict: now.removed || now.itemId !== itemId })
  }
}
