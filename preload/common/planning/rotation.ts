import { hasTag } from './parts.ts'
import type { Category, PlanItem, Rotation } from './parts.ts'
import { seeded } from './seed.ts'

/** When items are on air: past, other days, and what this planning has laid so far. */
export interface Airings {
  add(itemId: string, at: number): void
  /** Last airing before an instant; null = never. */
  lastBefore(itemId: string, at: number): number | null
  /** Time to the nearest airing on either side; Infinity = none. */
  distance(itemId: string, at: number): number
  count(itemId: string, from: number, until: number): number
  all(): { readonly itemId: string; readonly at: number }[]
}

export function createAirings(known: readonly { readonly itemId: string; readonly at: number }[]): Airings {
  const byItem = new Map<string, number[]>()
  const add = (itemId: string, at: number): void => {
    const times = byItem.get(itemId)
    if (times === undefined) byItem.set(itemId, [at])
    else times.push(at)
  }
  for (const { itemId, at } of known) add(itemId, at)
  return {
    add,
    lastBefore(itemId, at) {
      let last: number | null = null
      for (const time of byItem.get(itemId) ?? []) if (time < at && (last === null || time > last)) last = time
      return last
    },
    distance: (itemId, at) => (byItem.get(itemId) ?? []).reduce((nearest, time) => Math.min(nearest, Math.abs(time - at)), Number.POSITIVE_INFINITY),
    count: (itemId, from, until) => (byItem.get(itemId) ?? []).filter((time) => time >= from && time < until).length,
    all: () => [...byItem].flatMap(([itemId, times]) => times.map((at) => ({ itemId, at }))),
  }
}

export interface Choice {
  readonly item: PlanItem
  /** Too near to another airing: how near, ms; null when it is far enough. */
  readonly breachMs: number | null
}

/**
 * Candidates in the order in which the rotation would take them. Those far enough from their other airings come first; after them the rest, farthest first:
 * a programme that is heard twice is better than a hole, and is reported.
 */
export function ranked(candidates: readonly PlanItem[], wish: { readonly rotation: Rotation; readonly separationMs: number; readonly weights: Category['weights']; readonly at: number; readonly seed: readonly (string | number)[] }, airings: Airings): Choice[] {
  const { at, separationMs } = wish
  const distance = new Map(candidates.map((item) => [item.id, airings.distance(item.id, at)]))
  const far = candidates.filter((item) => (distance.get(item.id) ?? 0) >= separationMs)
  const near = candidates.filter((item) => (distance.get(item.id) ?? 0) < separationMs).toSorted((a, b) => (distance.get(b.id) ?? 0) - (distance.get(a.id) ?? 0) || a.number - b.number)
  return [...inOrder(far, wish, airings).map((item) => ({ item, breachMs: null })), ...near.map((item) => ({ item, breachMs: distance.get(item.id) ?? 0 }))]
}

function inOrder(items: readonly PlanItem[], wish: Parameters<typeof ranked>[1], airings: Airings): PlanItem[] {
  const byNumber = items.toSorted((a, b) => a.number - b.number)
  if (wish.rotation === 'newest') return byNumber.toSorted((a, b) => b.createdAt - a.createdAt || b.number - a.number)
  if (wish.rotation === 'order') {
    const last = new Map(byNumber.map((item) => [item.id, airings.lastBefore(item.id, wish.at) ?? Number.NEGATIVE_INFINITY]))
    return byNumber.toSorted((a, b) => order(last.get(a.id) ?? 0, last.get(b.id) ?? 0) || a.number - b.number)
  }
  // Efraimidis–Spirakis: each item draws by itself, so its place does not depend on who else is there.
  const drawn = new Map(byNumber.map((item) => {
    const weight = wish.rotation === 'random' ? 1 : Math.max(1, ...wish.weights.filter(({ tag }) => hasTag(item, [tag])).map(({ weight }) => weight))
    return [item.id, Math.log(Math.max(seeded(...wish.seed, item.id)(), 1e-12)) / weight] as const
  }))
  return byNumber.toSorted((a, b) => (drawn.get(b.id) ?? 0) - (drawn.get(a.id) ?? 0))
}
const order = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1)
