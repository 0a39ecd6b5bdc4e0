const FRAMES_PER_MS = 48
const QUIET_MS = 1_000
const TELL_AFTER_MS = 2_000
const SETTLE_MS = 300
const TOLERATED_FRAMES = 200 * FRAMES_PER_MS

export interface StallFault {
  readonly kind: 'stalled'
  /** On the capture clock. */
  readonly atFrame: number
  /** 0 while it still lasts. */
  readonly frames: number
}

/**
 * The capture clock counts what the sound system gave; when that stands still (output device gone, computer asleep), no number is missing. Only a second
 * clock can tell. Blocks that merely arrive late, all at once, are no loss.
 */
export class StallWatch {
  #lastMs: number | null = null
  #end = 0
  /** How far the capture clock runs behind the wall clock when all is well; follows the drift of the two. */
  #behind = 0
  #stall: { atFrame: number; told: boolean; settledAtMs: number | null } | null = null

  /** A block ending at `endFrame` came. */
  block(endFrame: number, nowMs: number): StallFault | null {
    const behind = nowMs * FRAMES_PER_MS - endFrame
    if (this.#lastMs === null) this.#behind = behind
    else if (this.#stall === null && nowMs - this.#lastMs > QUIET_MS) this.#stall = { atFrame: this.#end, told: false, settledAtMs: nowMs + SETTLE_MS }
    this.#lastMs = nowMs
    this.#end = endFrame
    const stall = this.#stall
    if (stall === null) {
      this.#behind += (behind - this.#behind) * 0.01
      return null
    }
    stall.settledAtMs ??= nowMs + SETTLE_MS
    if (nowMs < stall.settledAtMs) return null
    this.#stall = null
    const lost = Math.round(behind - this.#behind)
    if (lost <= TOLERATED_FRAMES) return null
    this.#behind = behind
    return { kind: 'stalled', atFrame: stall.atFrame, frames: lost }
  }

  /** Asked a few times a second: tells once that nothing comes. */
  look(nowMs: number): StallFault | null {
    if (this.#lastMs === null || nowMs - this.#lastMs < TELL_AFTER_MS) return null
    this.#stall ??= { atFrame: this.#end, told: false, settledAtMs: null }
    if (this.#stall.told) return null
    this.#stall.told = true
    return { kind: 'stalled', atFrame: this.#end, frames: 0 }
  }
}
