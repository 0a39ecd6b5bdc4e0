/**
 * Values between samples, four per sample, for the limiter's detector. Windowed sinc (Kaiser, β = 5) of 32 taps in steps of 2^-20, as a table: sines
 * computed at run time could differ in their last bit between engines. Flat to ±0.02 dB up to 20 kHz, where the twelve taps of the BS.1770 meter
 * already look away: what a limiter must hold down is what converters and encoders will make of the samples.
 */
export const TAPS = 32
const STEP = 1 / 1_048_576
/** A quarter of the way from one sample to the next; read backwards it is three quarters. */
const QUARTER = Float64Array.of(
  -943, 1688, -2726, 4122, -5956, 8324, -11348, 15199, -20130, 26545, -35155, 47341, -66204, 100393, -186343, 944006,
  313298, -131365, 80349, -55614, 40669, -30512, 23117, -17509, 13157, -9744, 7067, -4979, 3375, -2166, 1283, -662,
).map((steps) => steps * STEP)
/** Half-way; symmetric, so half of it. */
const HALF = Float64Array.of(
  -1126, 2089, -3445, 5284, -7712, 10857, -14883, 20011, -26561, 35038, -46309, 62008, -85660, 126475, -218333, 666554,
).map((steps) => steps * STEP)

/** Most that the interpolator can make of samples no larger than 1. */
export const TAPS_BOUND = 2 * HALF.reduce((sum, tap) => sum + Math.abs(tap), 0)

/**
 * Largest magnitude between the samples `end - 16` and `end - 15`, both included, seen from the window of 32 samples that ends at `end`.
 * Plain sums in a fixed order: the same bits everywhere.
 */
export function peakBetween(x: Float64Array, end: number): number {
  const from = end - TAPS + 1
  let quarter = 0
  let threeQuarters = 0
  let half = 0
  for (let k = 0; k < TAPS; k++) {
    const tap = QUARTER[k] as number
    quarter += (x[from + k] as number) * tap
    threeQuarters += (x[end - k] as number) * tap
  }
  for (let k = 0; k < TAPS / 2; k++) half += ((x[from + k] as number) + (x[end - k] as number)) * (HALF[k] as number)
  return Math.max(Math.abs(x[end - 16] as number), Math.abs(x[end - 15] as number), Math.abs(quarter), Math.abs(half), Math.abs(threeQuarters))
}
