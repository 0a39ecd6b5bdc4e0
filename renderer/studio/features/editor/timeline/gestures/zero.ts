import { RATE_HZ } from '#common/units/samples.ts'

/** Within 10 ms around the wanted place. */
export const ZERO_REACH = (RATE_HZ * 10) / 1000 / 2

/** One channel, and where in it the wanted place is. */
export interface Track {
  readonly data: Float32Array
  readonly at: number
}

/** A place counts as silent below this; a crossing there is as good as any. */
const SILENT = 1e-4
/** A crossing between louder neighbours than this would still click. */
const TOO_STEEP = 0.12
/** How much nearer is worth, over the whole reach. */
const DISTANCE_COST = 0.02

/**
 * How far to go from the wanted place so that all channels cross zero there (a cut lies before sample `at`): the sign changes between the two
 * sides of it, both are small, and nearer is better. Null when no place within reach is good enough; 0 when it is silent where it is.
 */
export function zeroShift(tracks: readonly Track[], reach = ZERO_REACH): number | null {
  if (tracks.length === 0) return null
  let best: number | null = null
  let least = TOO_STEEP
  for (let away = 0; away <= reach; away++) {
    for (const shift of away === 0 ? [0] : [-away, away]) {
      const cost = costAt(tracks, shift)
      if (cost === null) continue
      const total = cost + (away / reach) * DISTANCE_COST
      if (total < least) {
        least = total
        best = shift
      }
    }
    // What is further away cannot win any more.
    if (best !== null && least <= (away / reach) * DISTANCE_COST) return best
  }
  return best
}

/** The loudest step into and out of the place over all channels; null where one of them does not cross. */
function costAt(tracks: readonly Track[], shift: number): number | null {
  let worst = 0
  for (const { data, at } of tracks) {
    const left = data[at + shift - 1]
    const right = data[at + shift]
    if (left === undefined || right === undefined) return null
    const size = Math.max(Math.abs(left), Math.abs(right))
    if (size > SILENT && left * right > 0) return null
    // Of the two sides the nearer one to zero is where the wave is cut.
    worst = Math.max(worst, size <= SILENT ? 0 : Math.min(Math.abs(left), Math.abs(right)) + size * 0.25)
  }
  return worst
}
