/**
 * Fade curves made of plain arithmetic. The last bit of `Math.sin`, `Math.pow` and `Math.exp` is not fixed by ECMAScript, and the window and the
 * station run on different V8s: with them playback and export could differ. Additions and multiplications of doubles cannot.
 */
export type FadeShape = 'linear' | 'equalPower' | 'sCurve' | 'log'

export interface MixFade {
  readonly length: number
  readonly shape: FadeShape
}

export const noFade: MixFade = { length: 0, shape: 'linear' }

/** sin(x·π/2) for x in 0…1 by its Taylor series to x^15 (error under 1e-11). */
function quarterSine(x: number): number {
  const t = x * 1.5707963267948966
  const q = t * t
  return t * (1 + q * (-1 / 6 + q * (1 / 120 + q * (-1 / 5040 + q * (1 / 362880 + q * (-1 / 39916800 + q * (1 / 6227020800 - q / 1307674368000)))))))
}

const LOG_POINTS = 1024
/** 1000^(1/1024): the table below climbs 60 dB in 1024 equal steps. */
const LOG_STEP = 1.0067686592927223
const logTable = (() => {
  const climb = new Float64Array(LOG_POINTS + 1)
  let value = 1
  for (let i = 0; i <= LOG_POINTS; i++) {
    climb[i] = value
    value *= LOG_STEP
  }
  const top = (climb[LOG_POINTS] ?? 1000) - 1
  for (let i = 0; i <= LOG_POINTS; i++) climb[i] = ((climb[i] ?? 0) - 1) / top
  return climb
})()

function logCurve(x: number): number {
  const at = x * LOG_POINTS
  const index = Math.min(LOG_POINTS - 1, Math.floor(at))
  const low = logTable[index] ?? 0
  return low + ((logTable[index + 1] ?? 1) - low) * (at - index)
}

/** Gain of a fade-in at x in 0…1; a fade-out is the same curve read backwards. */
export function fadeCurve(shape: FadeShape, x: number): number {
  switch (shape) {
    case 'linear': return x
    case 'equalPower': return quarterSine(x)
    case 'sCurve': return x * x * (3 - 2 * x)
    case 'log': return logCurve(x)
  }
}

/**
 * Gain of sample `index` (0…length-1) of a fade-in. Read at the middle of the sample, so that the fade-out of the same length is its exact
 * mirror: `fadeGain(s, length - 1 - index, length)`.
 */
export function fadeGain(shape: FadeShape, index: number, length: number): number {
  return fadeCurve(shape, (index + 0.5) / length)
}
