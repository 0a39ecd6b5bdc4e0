import { playLength, shapeOfFill } from '../shape.ts'
import type { FillItem } from '../types.ts'

/** Most combinations looked at for the end of a hole. */
const SEARCH_BOUND = 400
const SEARCH_ITEMS = 24
/** How often the end of a hole is gone through again with items used before. */
const MOST_PASSES = 8

/**
 * What goes into a hole: by rotation (the least used first, then the order given) while the hole is long, then the combination that leaves the
 * least of it, by a bounded search. Never two of the same in a row where there is a choice. The same input gives the same answer.
 * @param hole samples
 * @param use how often each item has been used already
 * @param last id of the item before the hole, when that was fill
 */
export function chooseFill(items: readonly FillItem[], hole: number, use: ReadonlyMap<string, number>, last: string | null): FillItem[] {
  const usable = items.filter((item) => lengthOf(item) > 0)
  const count = new Map(use)
  const chosen: FillItem[] = []
  let before = last
  let left = hole
  const longest = usable.reduce((most, item) => Math.max(most, lengthOf(item)), 0)
  const rotated = (): FillItem[] => usable.map((item, index) => ({ item, index })).sort((a, b) => (count.get(a.item.id) ?? 0) - (count.get(b.item.id) ?? 0) || a.index - b.index).map(({ item }) => item)
  while (longest > 0 && left > 2 * longest) {
    const order = rotated()
    const item = order.find((other) => other.id !== before) ?? order[0]
    if (item === undefined) break
    chosen.push(item)
    count.set(item.id, (count.get(item.id) ?? 0) + 1)
    before = item.id
    left -= lengthOf(item)
  }
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    const end = longestThatFits(rotated().slice(0, SEARCH_ITEMS), left)
    if (end.length === 0) break
    if (end.length > 1 && end[0]?.id === before) end.push(...end.splice(0, 1))
    for (const item of end) {
      chosen.push(item)
      count.set(item.id, (count.get(item.id) ?? 0) + 1)
      before = item.id
      left -= lengthOf(item)
    }
  }
  return chosen
}

/** Something that is faded out at the point: a bed, or anything where the hole would be too long to leave silent. */
export function fadingFill(items: readonly FillItem[], hole: number, last: string | null, anything: boolean): FillItem | null {
  const usable = items.filter((item) => lengthOf(item) >= hole && (item.fadesAnywhere || anything))
  const fresh = usable.filter((item) => item.id !== last)
  const candidates = fresh.length > 0 ? fresh : usable
  return candidates.find((item) => item.fadesAnywhere) ?? candidates[0] ?? null
}

/** The whole of a hole at once: what fits, and at its end what is faded out there. */
export function fillHole(items: readonly FillItem[], hole: number, by: { readonly fillUse: ReadonlyMap<string, number>; readonly lastFillId: string | null; readonly silenceMax: number }): FillItem[] {
  const chosen = chooseFill(items, hole, by.fillUse, by.lastFillId)
  const left = hole - chosen.reduce((sum, item) => sum + lengthOf(item), 0)
  const end = left > 0 ? fadingFill(items, left, chosen.at(-1)?.id ?? by.lastFillId, left > by.silenceMax) : null
  return end === null ? chosen : [...chosen, end]
}

export function lengthOf(item: FillItem): number {
  return playLength(shapeOfFill(item))
}

/** Different items with the longest sum that is not longer than the room; of equal sums the one found first by rotation. */
function longestThatFits(items: readonly FillItem[], room: number): FillItem[] {
  let best: number[] = []
  let bestSum = 0
  let looked = 0
  const taken: number[] = []
  const search = (from: number, sum: number): void => {
    if (sum > bestSum) {
      bestSum = sum
      best = [...taken]
    }
    for (let index = from; index < items.length && looked < SEARCH_BOUND && bestSum < room; index++) {
      const item = items[index]
      if (item === undefined || sum + lengthOf(item) > room) continue
      looked++
      taken.push(index)
      search(index + 1, sum + lengthOf(item))
      taken.pop()
    }
  }
  search(0, 0)
  return best.flatMap((index) => items[index] ?? [])
}
