import type { Span } from './spans.ts'
import { closedTo } from './tighten.ts'

/** Speech may be made this much longer or shorter at its pitch; past the second figure it is heard. */
export const MAX_STRETCH = 0.1
export const WARN_STRETCH = 0.05
/** A pause that was closed still lets a listener breathe. */
const LEAST_PAUSE = 0.25 * 48_000

export interface FitWish {
  /** Samples to the end of what is fitted, and where that end should be. */
  readonly length: number
  readonly target: number
  /** Sound that may be stretched. */
  readonly speech: number
  readonly pauses: readonly Span[]
  readonly tighten: boolean
  readonly stretch: boolean
  /** Music may go on to the target where speech cannot reach it. */
  readonly fill: boolean
}
export interface FitPlan {
  readonly cuts: readonly Span[]
  readonly removed: number
  /** Speech becomes this many times as long; 1 = untouched. */
  readonly factor: number
  readonly speechLength: number
  /** Music goes on for so long; speech is left as it is then. */
  readonly filled: number
  /** What is still missing (more than 0) or too much (less than 0) when all that was allowed is done. */
  readonly rest: number
  readonly isHeard: boolean
}

/** Closes pauses first, then stretches what is left to do, or lets music go on: the end falls on the sample, or the plan says how far it stays away. */
export function fitBy(wish: FitWish): FitPlan {
  const tooMuch = wish.length - wish.target
  const { spans, removed } = wish.tighten ? closedTo(wish.pauses, tooMuch, LEAST_PAUSE) : { spans: [], removed: 0 }
  const speech = Math.max(0, wish.speech - removed)
  const wanted = removed - tooMuch
  const most = Math.floor(speech * MAX_STRETCH)
  const possible = wish.stretch && speech > 0 ? Math.max(-most, Math.min(most, wanted)) : 0
  const isFilled = wish.fill && wanted > possible
  const stretched = isFilled ? 0 : possible
  const filled = isFilled ? wanted : 0
  const factor = speech === 0 ? 1 : (speech + stretched) / speech
  return { cuts: spans, removed, factor, speechLength: speech + stretched, filled, rest: wanted - stretched - filled, isHeard: Math.abs(factor - 1) > WARN_STRETCH }
}

/** New lengths of pieces that together become `total`: each within a sample of its share, and the sum exact. */
export function newLengths(lengths: readonly number[], total: number): number[] {
  const before = lengths.reduce((sum, length) => sum + length, 0)
  let old = 0
  let given = 0
  return lengths.map((length) => {
    old += length
    const end = before === 0 ? 0 : Math.round((old / before) * total)
    const mine = end - given
    given = end
    return mine
  })
}
