import type { Anchor } from './log-order.ts'
import type { PlayoutLine } from './types.ts'

/** When a timed line comes, seen from the line on air (P). `cut` = P is ended at `at`; else `at` is a hand-over or an idle bus. */
export interface Arrival {
  readonly at: number
  readonly cut: boolean
  /** The cut came after a grace. */
  readonly graceRan: boolean
  readonly late: boolean
}

/**
 * @param natural where P would hand over to it; Infinity when P has no end
 * @param cutting the mode lets a timed line end P
 * @param floor nothing starts before this
 */
export function arrivalOf(anchor: Anchor, natural: number, options: { readonly cutting: boolean; readonly floor: number; readonly cutFade: number }): Arrival {
  if (natural < anchor.earliest) return { at: Math.max(anchor.earliest, options.floor), cut: false, graceRan: false, late: false }
  if (natural <= anchor.latest) return { at: natural, cut: false, graceRan: false, late: false }
  const handedOver: Arrival = { at: natural, cut: false, graceRan: false, late: true }
  if (!options.cutting) return handedOver
  // When the instant itself has passed (an edit, a stepped clock), what is on air still goes out with a fade.
  const cutAt = (at: number, graceRan: boolean): Arrival => ({ at: at >= options.floor ? at : Math.min(natural, options.floor + options.cutFade), cut: true, graceRan, late: graceRan || at < options.floor })
  switch (anchor.onReach.kind) {
    case 'cut': return cutAt(anchor.latest, false)
    case 'makeNext': return Number.isFinite(natural) ? handedOver : cutAt(anchor.latest, false)
    case 'waitUpTo': {
      const until = anchor.latest + anchor.onReach.graceMs * 48
      return natural <= until ? handedOver : cutAt(until, true)
    }
  }
}

/** What is before it is a prediction only, because a key is awaited: should none come, the bus is idle at its time. */
export function firmArrival(anchor: Anchor, floor: number): Arrival {
  return { at: Math.max(anchor.at, floor), cut: true, graceRan: false, late: false }
}

/**
 * Whether a timed line takes the junction at hand instead of the relative line N.
 * @param start where N would begin
 * @param junction where the timed line would begin if it came next
 * @param afterNext where it would begin after N
 */
export function takesJunction(anchor: Anchor, start: number, junction: number, afterNext: number): boolean {
  const { timing } = anchor.line
  if (timing.kind !== 'soft') return start >= anchor.at
  if (junction < anchor.earliest) return start > anchor.latest
  if (junction > anchor.latest || afterNext > anchor.latest) return true
  switch (timing.prefer) {
    case 'closest': return Math.abs(afterNext - anchor.at) >= Math.abs(junction - anchor.at)
    case 'over': return junction >= anchor.at
    case 'under': return afterNext > anchor.at
  }
}

/** Later after its time (its own, else where the published plan puts it) than the line allows. */
export function isTooLate(line: PlayoutLine, anchor: Anchor | null, start: number): boolean {
  const due = anchor?.at ?? line.plannedStart
  return line.lateMaxMs !== null && due !== null && start - due > line.lateMaxMs * 48
}
