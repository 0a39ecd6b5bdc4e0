/** Gain over a segment: straight in linear gain between points, constant outside them. Positions count from the segment's first sample. */
export interface MixEnvelope {
  readonly at: Float64Array
  readonly gain: Float64Array
  /** Per sample, from a point to the next. */
  readonly slope: Float64Array
}

/** `points` in strictly increasing order, gains linear; at least one. */
export function mixEnvelope(points: readonly { readonly at: number; readonly gain: number }[]): MixEnvelope {
  const at = Float64Array.from(points, (point) => point.at)
  const gain = Float64Array.from(points, (point) => point.gain)
  const slope = Float64Array.from(points, (point, n) => {
    const next = points[n + 1]
    return next === undefined ? 0 : (next.gain - point.gain) / (next.at - point.at)
  })
  return { at, gain, slope }
}

/** Index of the last point at or before `local`, -1 before the first. */
function pointBefore({ at }: MixEnvelope, local: number): number {
  let low = 0
  let high = at.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((at[middle] as number) <= local) low = middle + 1
    else high = middle
  }
  return low - 1
}

export function envelopeGain(envelope: MixEnvelope, local: number): number {
  const n = pointBefore(envelope, local)
  return n < 0 ? (envelope.gain[0] as number) : (envelope.gain[n] as number) + (local - (envelope.at[n] as number)) * (envelope.slope[n] as number)
}

/** Multiplies `weights[0…count)` by the gain from `local` on. Each value depends on its own place alone. */
export function applyEnvelope(envelope: MixEnvelope, local: number, count: number, weights: Float64Array): void {
  const { at, gain, slope } = envelope
  let n = pointBefore(envelope, local)
  for (let i = 0; i < count;) {
    const next = n + 1 < at.length ? (at[n + 1] as number) : Infinity
    const end = Math.min(count, next - local)
    if (n < 0) for (; i < end; i++) weights[i] = (weights[i] as number) * (gain[0] as number)
    else {
      const from = at[n] as number
      const level = gain[n] as number
      const rise = slope[n] as number
      for (; i < end; i++) weights[i] = (weights[i] as number) * (level + (local + i - from) * rise)
    }
    n++
  }
}
