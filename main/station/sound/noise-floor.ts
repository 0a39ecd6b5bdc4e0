import { lufsOf } from '#common/loudness/index.ts'

/** Tenths of a second of speech stand between the words; the quietest tenth of all ticks is the room. */
const QUIET_SHARE = 0.1
/** Digital silence is not a room. */
const NOT_A_ROOM = 1e-10

/** Level of the noise under a recording, in dB of full scale a channel; -80 when there is none to speak of. */
export function noiseFloorDb(energies: Float64Array, channels: number): number {
  const ticks = energies.filter((energy) => energy > NOT_A_ROOM).sort()
  const quiet = ticks[Math.floor(ticks.length * QUIET_SHARE)]
  return quiet === undefined ? -80 : Math.max(-80, lufsOf(quiet / channels))
}
