/**
 * Station time = monotonic clock + an offset that follows the machine's clock only as far as it can be trusted: small errors are slewed, up to
 * 2 s are taken over, and a larger step is suspect and not followed (playout rules 5).
 */
const SLEW_LIMIT_MS = 100
const SLEW_PPM = 500
const STEP_LIMIT_MS = 2_000
/** Below this it is the noise of reading two clocks. */
const NOISE_MS = 1

export interface ClockReading {
  /** The machine's clock, UTC ms. */
  readonly wallMs: number
  readonly monotonicMs: number
  /** Time since boot including sleep, ms; null where the system does not tell. */
  readonly uptimeMs: number | null
}
export interface ClockVerdict {
  readonly offsetMs: number
  readonly trusted: boolean
  /** How far the machine's clock is from station time. */
  readonly differenceMs: number
  /** The machine slept: time passed that the monotonic clock did not see. */
  readonly slept: boolean
}

export class ClockWatch {
  offsetMs: number
  private last: ClockReading

  constructor(first: ClockReading) {
    this.offsetMs = first.wallMs - first.monotonicMs
    this.last = first
  }

  look(reading: ClockReading): ClockVerdict {
    const elapsedMs = reading.monotonicMs - this.last.monotonicMs
    const sleptMs = reading.uptimeMs === null || this.last.uptimeMs === null ? 0 : reading.uptimeMs - this.last.uptimeMs - elapsedMs
    this.last = reading
    const slept = sleptMs > STEP_LIMIT_MS
    if (slept) this.offsetMs += sleptMs
    const differenceMs = reading.wallMs - (reading.monotonicMs + this.offsetMs)
    const size = Math.abs(differenceMs)
    if (size > STEP_LIMIT_MS) return { offsetMs: this.offsetMs, trusted: false, differenceMs, slept }
    if (size > SLEW_LIMIT_MS || slept) this.offsetMs += differenceMs
    else if (size > NOISE_MS) {
      const most = (Math.max(0, elapsedMs) * SLEW_PPM) / 1e6
      this.offsetMs += Math.sign(differenceMs) * Math.min(size, most)
    }
    return { offsetMs: this.offsetMs, trusted: true, differenceMs, slept }
  }
}
