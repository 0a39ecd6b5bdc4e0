/** What a horn loudspeaker does to sound, in numbers that both ffmpeg and the window's audio graph can be built from. */
export interface HornShape {
  readonly lowHz: number
  readonly highHz: number
  /** The throat and the mouth of the horn ring at a few places. */
  readonly resonances: readonly { readonly hz: number; readonly gainDb: number; readonly q: number }[]
  /** Gain into the soft limit of the driver: a small driver is worked harder for the same village. */
  readonly driveDb: number
}

/** Re-entrant horns on poles: 50 W ones end near 400 Hz below and 4 kHz above; large ones reach further on both sides and distort later. */
export function hornShape(watts: number): HornShape {
  const size = Math.min(150, Math.max(15, watts))
  return {
    lowHz: Math.round(460 - 1.3 * size),
    highHz: Math.round(3_500 + 13 * size),
    resonances: [
      { hz: Math.round(820 - 1.5 * size), gainDb: 5, q: 2.2 },
      { hz: 1_900, gainDb: 6 - size / 50, q: 3 },
      { hz: 3_100, gainDb: -4, q: 2 },
    ],
    driveDb: 10 - size / 15,
  }
}

/** Soft limit of the driver: straight below a third of full level, bent above it, never past one. */
export function hornBend(value: number): number {
  const size = Math.abs(value)
  if (size <= 1 / 3) return value
  const over = size - 1 / 3
  return Math.sign(value) * (1 / 3 + over / (1 + (3 / 2) * over))
}
