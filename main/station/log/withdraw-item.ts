import type { UseOutcome } from '#contract/log.ts'
import type { LibraryRoom } from '../faces.ts'
import type { Who } from '../context.ts'
import { rewriteUses } from './replace-item.ts'
import type { BulkDeps, BulkResult } from './replace-item.ts'

/**
 * Takes an item back from everything at once. The withdrawal itself is the library's, and from that turn on nothing of the item passes the gate: the plan is stripped, the air fades
 * it out, devices get manifests without it. Then, when asked, its lines and backups go too, as one step; what another holds stays in the log, silent.
 */
export async function withdrawItem(
  input: { itemId: string; rev: number; from: string; lines: 'keep' | 'remove'; dryRun: boolean }, who: Who, deps: BulkDeps & { readonly library: Pick<LibraryRoom, 'withdraw'> },
): Promise<BulkResult> {
  const { finder, edits } = deps
  await finder.load(input.itemId, input.from)
  const without = (ids: readonly string[]): string[] => ids.filter((id) => id !== input.itemId)
  const before = finder.find(input.itemId, input.from, { past: true })
  if (!input.dryRun) deps.library.withdraw(input.itemId, input.rev, who)
  const found = input.dryRun ? before : finder.find(input.itemId, input.from, { past: true })
  const onAir = new Set(before.flatMap(({ use }) => (use.when === 'onAir' ? [use.id] : [])))
  const rewritten = input.lines === 'keep' ? null : rewriteUses(found.filter(({ kind }) => kind !== 'elsewhere').map((one) => ('guarded' in one ? { ...one, guarded: false } : one)), {
    line: (line) => (line.itemId === input.itemId ? { ...line, removed: true } : { ...line, backupItemIds: without(line.backupItemIds) }),
    slot: (slot) => ({ ...slot, backupItemIds: without(slot.backupItemIds) }),
  }, null, who, deps, 'hands')
  const outcomes = new Map(rewritten?.uses.map((use) => [`${use.where}/${use.id}`, use]))
  const uses = found.map(({ use }): UseOutcome => {
    if (use.when === 'past' && !onAir.has(use.id)) return { ...use, outcome: 'kept', reason: { code: 'played' } }
    if (onAir.has(use.id)) return { ...use, when: 'onAir', outcome: 'changed', reason: { code: 'fadesOut' } }
    if (use.room !== null && deps.users.get(use.room)?.followsPlan === true) return { ...use, outcome: 'changed', reason: null }
    return outcomes.get(`${use.where}/${use.id}`) ?? { ...use, outcome: 'kept', reason: { code: 'itemWithdrawn' } }
  })
  const edit = rewritten?.edit ?? { lines: [], slots: [] }
  if (input.dryRun || edit.lines.length + edit.slots.length === 0) return { uses, step: null }
  return { uses, step: edits.write('log.withdrawItem', edit, who, undefined, 'hands') }
}
