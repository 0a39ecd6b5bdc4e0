import type { ErrorReply } from '#contract/errors.ts'
import type { Item } from '#contract/library.ts'
import { afterStep } from '#common/approval/index.ts'
import { translate } from '../../i18n/index.ts'
import { call } from '../../app/station-client/index.ts'
import { showDone } from '../../app/errors/index.ts'
import { offerUndo } from './undo.ts'

export interface Refused {
  readonly title: string
  readonly error: ErrorReply
}
export const mayTake = (items: readonly Item[], step: 'submit' | 'approve'): Item[] => items.filter((item) => afterStep(item.state, step) !== null && (step === 'submit' || item.fileMissing !== true))

/** One step for those that may take it; gives what the station refused all the same. */
export async function takeStep(items: readonly Item[], step: 'submit' | 'approve'): Promise<Refused[]> {
  const able = mayTake(items, step)
  if (able.length === 0) return []
  const refs = { items: able.map(({ id, rev }) => ({ itemId: id, rev })) }
  const { done, refused } = await (step === 'submit' ? call('library.submitMany', refs) : call('library.approveMany', refs))
  if (done.length > 0) showDone(translate(step === 'submit' ? 'holdings.many.submitted' : 'holdings.many.approved', { count: done.length }))
  return refused.map(({ itemId, error }) => ({ error, title: able.find(({ id }) => id === itemId)?.title ?? '' }))
}

const MOST_TAGS = 40
/** One change for all of them, and one undo. */
export async function changeTags(items: readonly Item[], tag: string, change: 'add' | 'remove'): Promise<void> {
  const wanted = tag.trim().slice(0, 60).normalize('NFC')
  const next = ({ tags }: Item): string[] => (change === 'remove' ? tags.filter((one) => one !== wanted) : tags.includes(wanted) || tags.length >= MOST_TAGS ? tags : [...tags, wanted])
  const changed = items.filter((item) => next(item).length !== item.tags.length)
  if (wanted === '' || changed.length === 0) return
  const before = new Map(changed.map(({ id, tags }) => [id, tags]))
  const { items: after } = await call('library.retag', { changes: changed.map((item) => ({ itemId: item.id, rev: item.rev, tags: next(item) })) })
  offerUndo(translate(change === 'add' ? 'holdings.many.tagged' : 'holdings.many.untagged', { tag: wanted, count: after.length }), async () => {
    await call('library.retag', { changes: after.map(({ id, rev }) => ({ itemId: id, rev, tags: before.get(id) ?? [] })) })
  })
}

/** Levelled copies came in as new items: taken back, they go. */
export function offerCopiesBack(copies: ReadonlyMap<string, string>): void {
  const itemIds = [...copies.values()]
  offerUndo(translate('holdings.many.copies', { count: itemIds.length }), async () => {
    const { items } = await call('library.items', { itemIds })
    for (const { id, rev } of items) await call('library.remove', { itemId: id, rev })
  })
}
