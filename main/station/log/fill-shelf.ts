import type { FillItem } from '#common/playout/index.ts'
import { fold } from '#common/text/index.ts'
import type { Item } from '#contract/library.ts'
import type { StationContext } from '../context.ts'
import type { LibraryRoom, PassedSound } from '../faces.ts'
import type { Gate } from './gate.ts'

/** Sounds a slot may be filled with: approved items that carry the name of its fill group as a tag. */
export interface FillShelf {
  itemIds(groups: ReadonlySet<string>): string[]
  items(groups: ReadonlySet<string>, gate: Gate): { item: FillItem; sound: PassedSound }[]
}

export function createFillShelf(ctx: Pick<StationContext, 'events' | 'scope'>, library: Pick<LibraryRoom, 'list'>): FillShelf {
  let known: Map<string, readonly Item[]> = new Map()
  ctx.scope.add(ctx.events.on('library.changed', () => {
    known = new Map()
  }))
  const inGroup = (group: string): readonly Item[] => {
    const folded = fold(group)
    const found = known.get(folded) ?? library.list().filter((item) => item.state === 'approved' && item.tags.some((tag) => fold(tag) === folded)).toSorted((a, b) => a.number - b.number)
    known.set(folded, found)
    return found
  }
  return {
    itemIds: (groups) => [...groups].flatMap((group) => inGroup(group).map((item) => item.id)),
    items: (groups, gate) => [...groups].flatMap((group) => inGroup(group).flatMap(({ id }) => {
      const { sound } = gate.readyItem(id)
      if (sound === null) return []
      return [{ item: { id, fillGroup: group, lengthSamples: sound.pcm.length, markers: null, content: sound.content, fadesAnywhere: sound.content === 'music' }, sound }]
    })),
  }
}
