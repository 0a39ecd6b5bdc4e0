/**
 * Something that lies over the log on a bus and can take it: a live session, an alert, a relay ordered from above, the fallback. The engine
 * mixes layers from the lowest priority to the highest; each lets through what is below as far as it is not up.
 */
export interface BusLayer {
  /** BS1 priority, 0–9. At 5 and above the log is held while it is audible. */
  readonly priority: number
  /** The bus belongs to it: from the first sample of its fade-in to the first of its fade-out. */
  readonly audible: boolean
  /** It will never be heard again and can be taken off. */
  readonly over: boolean
  /** @param out what lies below, mixed in place from `at` on @param position bus sample of the first one */
  mix(frames: number, out: readonly Float64Array[], at: number, position: number): void
}

/** From here on a layer outranks everything the log may play (playout rule G5). */
export const HOLDS_LOG = 5
