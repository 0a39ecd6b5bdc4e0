/** Linear gain of a level in dB. -Infinity dB is 0. */
export function gainFromDb(gainDb: number): number {
  return gainDb === -Infinity ? 0 : 10 ** (gainDb / 20)
}

/** Level in dB of a linear amplitude; 0 gives -Infinity. */
export function dbFromGain(gain: number): number {
  return gain <= 0 ? -Infinity : 20 * Math.log10(gain)
}
