const LOG2_10_BY_20 = 0.16609640474436813
const LN2 = 0.6931471805599453

/** Linear gain of a level in dB by plain arithmetic: the same bits in every engine. 0 dB is exactly 1, -Infinity dB is 0. */
export function linearGain(gainDb: number): number {
  if (gainDb === 0) return 1
  if (gainDb === -Infinity) return 0
  const octaves = gainDb * LOG2_10_BY_20
  const whole = Math.round(octaves)
  const x = (octaves - whole) * LN2
  let value = 1
  for (let n = 16; n >= 1; n--) value = 1 + (value * x) / n
  for (let n = whole; n > 0; n--) value *= 2
  for (let n = whole; n < 0; n++) value *= 0.5
  return value
}
