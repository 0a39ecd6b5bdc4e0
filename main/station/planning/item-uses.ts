import type { StoredPart } from '#contract/planning.ts'
import type { ItemUses } from '../faces.ts'
import type { PartStore } from './part-store.ts'
import { titleOf } from './part-store.ts'

/** Clocks and campaigns that name an item: found, and changed, from the log's find-and-replace. */
export function createItemUses(deps: { parts: PartStore; tell: (part: StoredPart) => void }): ItemUses {
  const { parts, tell } = deps
  const using = (itemId: string): StoredPart[] => parts.all().filter(({ part }) =>
    (part.kind === 'clock' && part.content.positions.some((position) => position.kind === 'item' && position.itemId === itemId)) || (part.kind === 'campaign' && part.content.itemIds.includes(itemId)))
  return {
    room: 'planning',
    usesOf: (itemId) => using(itemId).map(({ id, part, rev }) => ({ id, title: titleOf(part), rev })),
    replace(itemId, byItemId, ids, who) {
      const changed = using(itemId).filter(({ id }) => ids.length === 0 || ids.includes(id))
      for (const { id, rev, part } of changed) {
        if (part.kind === 'clock') tell(parts.save({ partId: id, rev, part: { kind: 'clock', content: { ...part.content, positions: part.content.positions.map((position) => (position.kind === 'item' && position.itemId === itemId ? { ...position, itemId: byItemId } : position)) } } }, who))
        else if (part.kind === 'campaign') tell(parts.save({ partId: id, rev, part: { kind: 'campaign', content: { ...part.content, itemIds: [...new Set(part.content.itemIds.map((one) => (one === itemId ? byItemId : one)))] } } }, who))
      }
      return changed.map(({ id }) => id)
    },
  }
}
