import type { ChannelLevel } from '../../audio/capture/index.ts'
import type { Levels } from '../../ui/index.ts'

const FLOOR_DBFS = -120
const FALL_DB_PER_S = 24
const HOLD_MS = 1_500

/** Fast up, slow down, and a line that holds the highest peak for a moment. */
export class MeterBallistics {
  readonly #peak: number[] = []
  readonly #rms: number[] = []
  readonly #hold: number[] = []
  readonly #heldAt: number[] = []
  #at = 0

  step(levels: readonly ChannelLevel[], now: number): Levels {
    const fall = (Math.min(200, now - this.#at) / 1_000) * FALL_DB_PER_S
    this.#at = now
    this.#peak.length = this.#rms.length = this.#hold.length = this.#heldAt.length = levels.length
    levels.forEach((level, channel) => {
      this.#peak[channel] = Math.max(level.peakDbfs, (this.#peak[channel] ?? FLOOR_DBFS) - fall)
      this.#rms[channel] = Math.max(level.rmsDbfs, (this.#rms[channel] ?? FLOOR_DBFS) - fall)
      if (level.peakDbfs >= (this.#hold[channel] ?? FLOOR_DBFS) || now - (this.#heldAt[channel] ?? 0) > HOLD_MS) {
        this.#hold[channel] = level.peakDbfs
        this.#heldAt[channel] = now
      }
    })
    return { peakDbfs: this.#peak, rmsDbfs: this.#rms, holdDbfs: this.#hold }
  }
}
