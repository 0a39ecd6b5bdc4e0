/** Waits between tries to reach a source, ms; the last goes on for as long as the line does. */
const WAITS_MS = [200, 500, 1_000, 2_000, 5_000, 10_000, 30_000] as const
/** So many listeners lose a source at once: a fifth of the wait is left to chance. */
const JITTER = 0.2
const LONGEST_STAY_MS = 30_000

/** @param attempt 0 = the first after the loss @param random 0 to 1 */
export function reconnectAfterMs(attempt: number, random: number): number {
  return Math.round((WAITS_MS[Math.min(attempt, WAITS_MS.length - 1)] ?? LONGEST_STAY_MS) * (1 + JITTER * random))
}

/**
 * Which address of a relay is tried: in order, each for the hold-off; when a whole round has brought nothing, twice as long each, up to 30 s. One that
 * sounds is kept until it is lost.
 */
export class AddressTurn {
  index = 0
  private readonly count: number
  private readonly holdOffMs: number
  private rounds = 0
  private since: number

  constructor(count: number, holdOffMs: number, atMs: number) {
    this.count = count
    this.holdOffMs = holdOffMs
    this.since = atMs
  }

  heard(atMs: number): void {
    this.since = atMs
    this.rounds = 0
  }
  /** The address can give nothing (more): the next has its turn at once. */
  giveUp(atMs: number): boolean {
    return this.count > 1 && this.move(atMs)
  }
  /** True when another address has its turn now. */
  look(atMs: number): boolean {
    const stay = Math.min(LONGEST_STAY_MS, this.holdOffMs * 2 ** this.rounds)
    return this.count > 1 && atMs - this.since >= stay && this.move(atMs)
  }

  private move(atMs: number): true {
    this.index = (this.index + 1) % this.count
    if (this.index === 0) this.rounds++
    this.since = atMs
    return true
  }
}
