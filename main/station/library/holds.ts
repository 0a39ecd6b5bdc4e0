export type HoldReason = 'planned' | 'editing' | 'emergency'

/** Rooms say which sounds they will need at once. */
export interface Holds {
  add(why: HoldReason, itemIds: () => Iterable<string>): void
  of(why: HoldReason): Set<string>
}

export function createHolds(): Holds {
  const known: { readonly why: HoldReason; readonly itemIds: () => Iterable<string> }[] = []
  return {
    add: (why, itemIds) => void known.push({ why, itemIds }),
    of: (wanted) => new Set(known.flatMap(({ why, itemIds }) => (why === wanted ? [...itemIds()] : []))),
  }
}
