/** Where a plan stands at an instant. Plays are in order and do not overlap; positions are wall samples. */
export interface PlayedSpan {
  readonly start: number
  readonly lengthSamples: number
}
export type CatchUp =
  /** Play number `index` should be sounding its sample `position` now. */
  | { readonly kind: 'inside'; readonly index: number; readonly position: number }
  /** Nothing is due; `index` is the next play to come. */
  | { readonly kind: 'before'; readonly index: number; readonly inSamples: number }
  | { readonly kind: 'over' }

export function catchUp(plays: readonly PlayedSpan[], nowSamples: number): CatchUp {
  let low = 0
  let high = plays.length
  while (low < high) {
    const middle = (low + high) >> 1
    const play = plays[middle]
    if (play !== undefined && play.start + play.lengthSamples <= nowSamples) low = middle + 1
    else high = middle
  }
  const play = plays[low]
  if (play === undefined) return { kind: 'over' }
  if (play.start > nowSamples) return { kind: 'before', index: low, inSamples: play.start - nowSamples }
  return { kind: 'inside', index: low, position: nowSamples - play.start }
}
