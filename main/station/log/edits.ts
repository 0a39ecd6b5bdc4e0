import { AppError } from '#contract/errors.ts'
import type { LogStep } from '#contract/log.ts'
import type { StationContext, Who } from '../context.ts'
import type { DayStore } from './day-store.ts'
import type { Guard } from './guard.ts'
import type { Locks } from './locks.ts'
import type { Change, Edit, Elsewhere, Steps } from './steps.ts'
import type { StoredLine, StoredSlot } from './stored.ts'

/**
 * The one place that writes lines and slots. Promises: an edit is written whole or not at all; what it was made on is what is there (else `stale`), the days are open and not in
 * another's hands, nothing on air or about to be moves. Nothing waits between the look and the writing, so two people can never both be right about one line.
 */
export interface Edits {
  /** Whether these hands may change it now, whatever it does to the air. @throws AppError stale, log-closed, log-locked */
  allowed(edit: Edit, who: Who): void
  /** @throws AppError stale, log-closed, log-locked, line-locked, log-past */
  check(edit: Edit, who: Who): void
  /** Checks and writes. `also` runs in the same transaction. `hands`: the air is not asked, because what changes is silent. */
  write(action: string, edit: Edit, who: Who, also?: (stepId: string) => readonly Elsewhere[], asked?: 'air' | 'hands'): LogStep
}

export function createEdits(ctx: Pick<StationContext, 'db' | 'clock' | 'audit' | 'newId'>, deps: { days: DayStore; guard: Guard; locks: Locks; steps: Steps }): Edits {
  const { days, guard, locks, steps } = deps

  const allowed: Edits['allowed'] = (edit, who) => {
    for (const { before, after } of edit.lines) if ((days.line(after.id)?.rev ?? null) !== (before?.rev ?? null)) throw new AppError('stale')
    for (const { before, after } of edit.slots) if ((days.slot(after.id)?.rev ?? null) !== (before?.rev ?? null)) throw new AppError('stale')
    for (const date of datesOf(edit)) {
      if (days.day(date).state === 'closed') throw new AppError('log-closed')
      const [lines, slots] = [edit.lines.filter(({ after }) => after.broadcastDate === date), edit.slots.filter(({ after }) => after.broadcastDate === date)]
      locks.check(date, [...lines.flatMap(({ before, after }) => [before?.slotId ?? null, after.slotId]), ...slots.map(({ after }) => after.id)], who)
    }
  }
  const check: Edits['check'] = (edit, who) => {
    allowed(edit, who)
    for (const date of datesOf(edit)) {
      const lines = edit.lines.filter(({ after }) => after.broadcastDate === date)
      const changed = new Map(lines.map(({ after }) => [after.id, after]))
      guard.check(date, sorted([...days.lines(date).filter((line) => !changed.has(line.id)), ...[...changed.values()].filter((line) => !line.removed)]), new Set(changed.keys()))
    }
  }

  return {
    allowed, check,
    write(action, edit, who, also, asked = 'air') {
      if (asked === 'air') check(edit, who)
      else allowed(edit, who)
      const stepId = ctx.newId()
      const by = { at: Math.round(ctx.clock.now()), name: who.name }
      ctx.db.transaction(() => {
        for (const date of datesOf(edit)) days.putDay({ broadcastDate: date, ...(days.day(date).owner === null ? { owner: { personId: who.personId, name: who.name, since: by.at } } : {}) })
        for (const { after } of edit.slots) days.putSlot(after, by.at)
        for (const { after } of edit.lines) days.putLine(after, by)
        const elsewhere = also?.(stepId) ?? []
        steps.keep(stepId, action, edit, elsewhere, who)
        tellAudit(action, stepId, edit, elsewhere, who)
      }).immediate()
      return { stepId, action, lineIds: edit.lines.map(({ after }) => after.id) }
    },
  }

  function tellAudit(action: string, stepId: string, edit: Edit, elsewhere: readonly Elsewhere[], who: Who): void {
    const [only] = edit.lines
    if (only !== undefined && edit.lines.length === 1 && edit.slots.length === 0 && elsewhere.length === 0) {
      const { id, broadcastDate, itemId, title, timing, orderKey, targetUnitIds } = only.after
      ctx.audit.append(who, action, id, { broadcastDate, itemId, title, timing, orderKey, targetUnitIds })
      return
    }
    ctx.audit.append(who, action, stepId, {
      lines: edit.lines.map(({ after }) => ({ id: after.id, broadcastDate: after.broadcastDate, itemId: after.itemId, title: after.title, removed: after.removed })), slots: edit.slots.map(({ after }) => ({ id: after.id, title: after.title, removed: after.removed })), elsewhere,
    })
  }
}

export function datesOf(edit: Edit): string[] {
  return [...new Set([...edit.lines, ...edit.slots].map(({ after }) => after.broadcastDate))].toSorted()
}

/** The next state of a line: the same line, one rev on. */
export function changed(before: StoredLine, change: Partial<StoredLine>): Change<StoredLine> {
  return { before, after: { ...before, ...change, id: before.id, broadcastDate: before.broadcastDate, rev: before.rev + 1 } }
}
export function changedSlot(before: StoredSlot, change: Partial<StoredSlot>): Change<StoredSlot> {
  return { before, after: { ...before, ...change, id: before.id, broadcastDate: before.broadcastDate, rev: before.rev + 1 } }
}

function sorted(lines: readonly StoredLine[]): StoredLine[] {
  return lines.toSorted((a, b) => (a.orderKey < b.orderKey ? -1 : 1))
}
