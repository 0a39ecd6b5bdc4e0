import type { ClockTrust } from '#contract/air.ts'
import type { TimeSource } from './time-servers.ts'

/**
 * Station time = monotonic clock + an offset. The offset follows the time servers, or the machine's clock where none is asked or answers: small
 * errors are slewed, up to 2 s are taken over, and a larger step is suspect and only followed when two sources say the same for a minute, or a
 * person confirms it (playout rules 5).
 */
const SLEW_LIMIT_MS = 100
const SLEW_PPM = 500
const STEP_LIMIT_MS = 2_000
/** Below this it is the noise of reading two clocks. */
const NOISE_MS = 1
/** As good as the servers themselves. */
const NTP_MS = 50
/** Two sources within this of each other say the same. */
const AGREE_MS = 500
const AGREE_FOR_MS = 60_000

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
  readonly state: ClockTrust
  /** How far the source that counts is from station time. */
  readonly differenceMs: number
  /** The machine slept: time passed that the monotonic clock did not see. */
  readonly slept: boolean
  /** The step that waits to be confirmed; null = none. */
  readonly pendingStepMs: number | null
  /** A step of more than 2 s was taken over with this look. */
  readonly stepped: boolean
}

export class ClockWatch {
  offsetMs: number
  private last: ClockReading
  /** The clock cannot be right: it shows a time before `floorMs`. */
  private isLost: boolean
  private readonly floorMs: number
  private agreeing: { readonly offsetMs: number; readonly sinceMs: number } | null = null
  private confirmed = false

  /**
   * @param floorMs instant before which no clock can be right: the build, the last thing that was on air
   * @param resumeAtMs station time to go on from while the machine's clock cannot be right
   */
  constructor(first: ClockReading, options: { readonly floorMs?: number; readonly resumeAtMs?: number | null } = {}) {
    this.floorMs = options.floorMs ?? 0
    this.isLost = first.wallMs < this.floorMs
    this.offsetMs = (this.isLost ? (options.resumeAtMs ?? this.floorMs) : first.wallMs) - first.monotonicMs
    this.last = first
  }

  /** A person has said that what the machine shows is right: the next look takes it over. */
  confirm(): void {
    this.confirmed = true
  }

  look(reading: ClockReading, servers: readonly TimeSource[] = []): ClockVerdict {
    const elapsedMs = reading.monotonicMs - this.last.monotonicMs
    const sleptMs = reading.uptimeMs === null || this.last.uptimeMs === null ? 0 : reading.uptimeMs - this.last.uptimeMs - elapsedMs
    this.last = reading
    const slept = sleptMs > STEP_LIMIT_MS
    if (slept) this.offsetMs += sleptMs
    const machineMs = reading.wallMs - reading.monotonicMs
    const offsets = [machineMs, ...servers.map(({ offsetMs }) => offsetMs)]
    const wanted = mostSaid(servers, offsets) ?? machineMs
    const differenceMs = wanted - this.offsetMs
    const size = Math.abs(differenceMs)
    const verdict = (state: ClockTrust, stepped: boolean, pendingStepMs: number | null = null): ClockVerdict => ({
      offsetMs: this.offsetMs, trusted: state !== 'suspect' && state !== 'none', state, differenceMs, slept, pendingStepMs, stepped,
    })
    if (this.isLost || size > STEP_LIMIT_MS) {
      if (!this.mayStep(wanted, offsets, reading.monotonicMs)) return verdict(this.isLost ? 'none' : 'suspect', false, differenceMs)
      this.offsetMs = wanted
      this.isLost = false
      this.agreeing = null
      return verdict(servers.length > 0 ? 'ntp' : 'holdover', true)
    }
    this.agreeing = null
    this.confirmed = false
    if (size > SLEW_LIMIT_MS || slept) this.offsetMs += differenceMs
    else if (size > NOISE_MS) {
      const most = (Math.max(0, elapsedMs) * SLEW_PPM) / 1e6
      this.offsetMs += Math.sign(differenceMs) * Math.min(size, most)
    }
    return verdict(servers.length === 0 ? 'holdover' : size <= NTP_MS ? 'ntp' : 'slewing', false)
  }

  /** A machine that shows a time no clock can have, and then a possible one by itself, has been told by somebody: that counts as the second source. */
  private mayStep(wanted: number, offsets: readonly number[], monotonicMs: number): boolean {
    if (wanted + monotonicMs < this.floorMs) return false
    if (this.confirmed) {
      this.confirmed = false
      return true
    }
    const saying = offsets.filter((offsetMs) => Math.abs(offsetMs - wanted) <= AGREE_MS).length
    if (saying < 2 && !this.isLost) this.agreeing = null
    else if (this.agreeing === null || Math.abs(this.agreeing.offsetMs - wanted) > AGREE_MS) this.agreeing = { offsetMs: wanted, sinceMs: monotonicMs }
    return this.agreeing !== null && monotonicMs - this.agreeing.sinceMs >= AGREE_FOR_MS
  }
}

/** The server most others agree with; of equals the one with the shortest way. A single one that lies is outvoted. */
function mostSaid(servers: readonly TimeSource[], offsets: readonly number[]): number | null {
  let best: { readonly offsetMs: number; readonly votes: number } | null = null
  for (const { offsetMs } of servers) {
    const votes = offsets.filter((other) => Math.abs(other - offsetMs) <= AGREE_MS).length
    if (best === null || votes > best.votes) best = { offsetMs, votes }
  }
  return best?.offsetMs ?? null
}
