import { AppError } from '#contract/errors.ts'
import type { LineReason, LogStep, UseOutcome } from '#contract/log.ts'
import type { Who } from '../context.ts'
import type { ItemUses } from '../faces.ts'
import type { DayStore } from './day-store.ts'
import { changed, changedSlot, datesOf } from './edits.ts'
import type { Edits } from './edits.ts'
import type { Gate } from './gate.ts'
import type { FoundUse, UseFinder } from './item-uses.ts'
import type { LineRules } from './line-rules.ts'
import type { Change, Edit, Elsewhere } from './steps.ts'
import type { StoredLine, StoredSlot } from './stored.ts'

export interface BulkDeps {
  readonly days: DayStore
  readonly gate: Gate
  readonly edits: Edits
  readonly rules: LineRules
  readonly finder: UseFinder
  readonly users: ReadonlyMap<string, ItemUses>
}
export interface BulkResult {
  readonly uses: UseOutcome[]
  readonly step: LogStep | null
}
/** What a bulk change makes of one line or slot. */
interface Rewrite {
  line(line: StoredLine): StoredLine
  slot(slot: StoredSlot): StoredSlot
}

/** Another item in the place of one, everywhere. @throws AppError not-found, not-approved, file-missing when the other item may not sound */
export async function replaceItem(
  input: { itemId: string; byItemId: string; from: string; dryRun: boolean; expected: readonly { id: string; rev: number }[] | null }, who: Who, deps: BulkDeps,
): Promise<BulkResult> {
  const { gate, rules, finder, users } = deps
  const { itemId, byItemId } = input
  if (itemId === byItemId) throw new AppError('invalid-input', { data: { field: 'byItemId' } })
  await finder.load(itemId, input.from)
  await gate.load([byItemId])
  const { state, item } = gate.judgeItem(byItemId)
  if (item === null) throw new AppError('not-found')
  if (state !== 'ok') throw state === 'notApproved' ? new AppError('not-approved', { data: { title: item.title } }) : new AppError('file-missing', { data: { fileName: item.title } })
  const swap = (ids: readonly string[]): string[] => [...new Set(ids.map((id) => (id === itemId ? byItemId : id)))]
  const rewrite: Rewrite = {
    line: (line) => ({ ...(line.itemId === itemId ? rules.apply(line, { itemId: byItemId }, { was: line, strict: true }) : line), backupItemIds: swap(line.backupItemIds) }),
    slot: (slot) => ({ ...slot, backupItemIds: swap(slot.backupItemIds) }),
  }
  const { uses, edit } = rewriteUses(finder.find(itemId, input.from, { past: false }), rewrite, input.expected, who, deps)
  const elsewhere = uses.flatMap((use) => (use.where === 'elsewhere' && use.outcome === 'changed' && use.room !== null ? [{ room: use.room, id: use.id }] : []))
  if (input.dryRun || uses.every((use) => use.outcome !== 'changed')) return { uses, step: null }
  const step = deps.edits.write('log.replaceItem', edit, who, () => [...users.values()].flatMap((user): Elsewhere[] => {
    const ids = elsewhere.flatMap((use) => (use.room === user.room ? [use.id] : []))
    const took = ids.length === 0 ? [] : user.replace(itemId, byItemId, ids, who)
    return took.length === 0 ? [] : [{ room: user.room, itemId, byItemId, ids: [...took] }]
  }))
  return { uses, step }
}

/**
 * Tries a rewriting on every use, day by day: what may not be touched is refused with its reason and the rest of the day goes on; a day that cannot stand afterwards is refused
 * whole. `hands`: the air is not asked, because what changes is silent by then. What the dry run told is what the change does, as long as nobody changes anything in between.
 */
export function rewriteUses(found: readonly FoundUse[], rewrite: Rewrite, expected: readonly { id: string; rev: number }[] | null, who: Who, deps: BulkDeps, check: 'air' | 'hands' = 'air'): { uses: UseOutcome[]; edit: Edit } {
  const known = expected === null ? null : new Map(expected.map(({ id, rev }) => [id, rev]))
  const outcomes = new Map<FoundUse, { outcome: UseOutcome['outcome']; reason: LineReason | null }>()
  const lines = new Map<string, Change<StoredLine>>()
  const slots = new Map<string, Change<StoredSlot>>()
  for (const one of found) {
    const { use } = one
    const refuse = (code: LineReason['code'], data?: LineReason['data']): void => void outcomes.set(one, { outcome: 'refused', reason: { code, ...(data === undefined ? {} : { data }) } })
    if (use.when === 'past') outcomes.set(one, { outcome: 'kept', reason: { code: 'played' } })
    else if (known !== null && known.get(use.id) !== use.rev) refuse('changedSince')
    else if (one.kind === 'elsewhere') outcomes.set(one, { outcome: 'changed', reason: null })
    else if (use.when === 'onAir') refuse('onAir')
    else if ('guarded' in one && one.guarded) refuse('guarded')
    else {
      try {
        if (one.kind === 'slotBackup') {
          const next = changedSlot(one.slot, rewrite.slot(one.slot))
          deps.edits.allowed({ lines: [], slots: [next] }, who)
          slots.set(one.slot.id, next)
        } else {
          const next = changed(one.line, rewrite.line(one.line))
          deps.edits.allowed({ lines: [next], slots: [] }, who)
          lines.set(one.line.id, next)
        }
        outcomes.set(one, { outcome: 'changed', reason: null })
      } catch (error) {
        if (!(error instanceof AppError)) throw error
        refuse(...reasonOf(error))
      }
    }
  }
  const whole: Edit = { lines: [...lines.values()], slots: [...slots.values()] }
  for (const date of check === 'hands' ? [] : datesOf(whole)) {
    const ofDate = { lines: whole.lines.filter(({ after }) => after.broadcastDate === date), slots: whole.slots.filter(({ after }) => after.broadcastDate === date) }
    try {
      deps.edits.check(ofDate, who)
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      const [code, data] = reasonOf(error)
      for (const [one, { outcome }] of outcomes) if (outcome === 'changed' && one.use.broadcastDate === date) outcomes.set(one, { outcome: 'refused', reason: { code, ...(data === undefined ? {} : { data }) } })
      for (const { after } of ofDate.lines) lines.delete(after.id)
      for (const { after } of ofDate.slots) slots.delete(after.id)
    }
  }
  return {
    uses: found.map((one) => ({ ...one.use, ...(outcomes.get(one) ?? { outcome: 'kept', reason: null }) })),
    edit: { lines: [...lines.values()], slots: [...slots.values()] },
  }
}

function reasonOf(error: AppError): [LineReason['code'], LineReason['data']?] {
  if (error.code === 'log-locked') return ['heldByOther', { name: String(error.data['name'] ?? '') }]
  if (error.code === 'log-closed') return ['dayClosed']
  if (error.code === 'stale') return ['changedSince']
  return error.code === 'marker-refused' ? ['markersUnfit'] : ['wouldMoveAir']
}
