/** A whole millisecond is a whole sample, so hard times lose nothing. */
export const WALL_SAMPLES_PER_MS = 48

/** Wall sample of a UTC instant. */
export function wallSamples(instantMs: number): number {
  return Math.round(instantMs * WALL_SAMPLES_PER_MS)
}
/** UTC instant of a wall sample; fractional milliseconds. */
export function instantOf(wall: number): number {
  return wall / WALL_SAMPLES_PER_MS
}
