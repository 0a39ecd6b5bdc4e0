/** No true peak above this after the gain (dBTP), unless the station sets another ceiling. */
export const PLAY_CEILING_DBTP = -1
/** A whisper raised further would mostly be room noise. */
export const MAX_PLAY_GAIN_DB = 24

/**
 * Static gain that brings a measured item to the station's loudness, held back where its true peak would pass the ceiling: never dynamics.
 * Without a measured loudness (too short, below the gate) the item plays as it is, still under the ceiling.
 * Rounded down to 0.01 dB, so that rounding cannot cross the ceiling.
 */
export function playGainDb(measured: { readonly integratedLufs: number | null; readonly truePeakDbtp: number | null }, targetLufs: number, ceilingDbtp: number = PLAY_CEILING_DBTP): number {
  const wanted = measured.integratedLufs === null ? 0 : targetLufs - measured.integratedLufs
  const allowed = measured.truePeakDbtp === null ? MAX_PLAY_GAIN_DB : ceilingDbtp - measured.truePeakDbtp
  const gain = Math.floor(Math.min(wanted, allowed, MAX_PLAY_GAIN_DB) * 100 + 1e-6) / 100
  return gain === 0 ? 0 : gain
}
