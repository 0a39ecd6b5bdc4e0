/** Integer audio position or length at 48 kHz. The only unit of audio time inside; seconds exist at the display border. */
export type Samples = number & { readonly __unit: 'samples48k' }

export const RATE_HZ = 48_000

/** @throws RangeError when the value is not a safe integer >= 0 */
export function samples(value: number): Samples {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`not a sample position: ${value}`)
  return value as Samples
}

/** Nearest sample to a duration in seconds (display border, user input). */
export function samplesFromSeconds(seconds: number): Samples {
  return samples(Math.round(seconds * RATE_HZ))
}

export function samplesFromMs(ms: number): Samples {
  return samples(Math.round(ms * (RATE_HZ / 1000)))
}

export function secondsOf(value: Samples | number): number {
  return value / RATE_HZ
}

export function msOf(value: Samples | number): number {
  return (value * 1000) / RATE_HZ
}
