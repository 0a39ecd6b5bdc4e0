/**
 * What takes the place of a log that does not sound. An earlier edition of the line due is the log's; here is what lies over it: the line's own
 * backups, the list of the slot, the list of the station, the reel that is part of the program, and what each destination has for the end.
 */
export const rungs = ['lineBackup', 'slotBackup', 'stationBackup', 'reel', 'lastResort'] as const
export type Rung = (typeof rungs)[number]
export const fallbackCauses = ['silence', 'sourceLost', 'sourceHung', 'nothingToPlay'] as const
export type FallbackCause = (typeof fallbackCauses)[number]

export interface LadderSettings {
  /** Samples: good sound of the log before it has the bus back, the least a backup stays, and the time in which so many failures make it stay. */
  readonly recoverySamples: number
  readonly minStaySamples: number
  readonly flipSamples: number
  readonly flips: number
}
/** 4 s, 10 s, three times in 5 min. */
export const defaultLadderSettings: LadderSettings = { recoverySamples: 192_000, minStaySamples: 480_000, flipSamples: 14_400_000, flips: 3 }

export interface LadderInput {
  /** Bus sample. */
  readonly at: number
  /** A slot is open, and mode and rules let the fallback act. */
  readonly permitted: boolean
  /** What is wrong with the log now; null = nothing. */
  readonly fault: FallbackCause | null
  /** Samples of good sound the log has had, heard or not. */
  readonly goodFor: number
  /** Good sound before the log has the bus back, when its source wants it otherwise. */
  readonly recoverySamples?: number | undefined
  /** A line of the log begins: the place to give the bus back to a file. */
  readonly junction: boolean
  /** The rung that is up has nothing (more) to play. */
  readonly failed: boolean
  /** Rungs there is something on. */
  readonly has: (rung: Rung) => boolean
}

/** Rung and cause belong together: what is up, why, and since which bus sample. */
export interface FallbackUp {
  readonly rung: Rung
  readonly cause: FallbackCause
  readonly since: number
  /** It failed so often that a person has to say when the log may come back. */
  readonly needsPerson: boolean
}
export type LadderStep = { readonly kind: 'up'; readonly up: FallbackUp } | { readonly kind: 'climbed'; readonly up: FallbackUp } | { readonly kind: 'down' }

/** Decides when a backup takes the bus, which, and when the log has it back. Knows of no sound: it is told. */
export class FallbackLadder {
  private readonly settings: LadderSettings
  private current: FallbackUp | null = null
  private ups: number[] = []

  constructor(settings: LadderSettings = defaultLadderSettings) {
    this.settings = settings
  }

  get up(): FallbackUp | null {
    return this.current
  }

  /** A person has looked: the log may have the bus back as soon as it sounds. */
  confirm(): void {
    this.ups = []
    if (this.current !== null) this.current = { ...this.current, needsPerson: false }
  }

  /** Null = nothing changes. */
  step(input: LadderInput): LadderStep | null {
    const { current } = this
    if (current === null) return input.permitted && input.fault !== null ? this.goUp(input, input.fault) : null
    if (!input.permitted || this.mayReturn(current, input)) return this.goDown()
    return input.failed ? this.climb(current, input) : null
  }

  private goUp({ at, has }: LadderInput, cause: FallbackCause): LadderStep | null {
    const rung = rungs.find((one) => has(one))
    if (rung === undefined) return null
    this.ups = [...this.ups.filter((before) => at - before < this.settings.flipSamples), at]
    this.current = { rung, cause, since: at, needsPerson: this.ups.length >= this.settings.flips }
    return { kind: 'up', up: this.current }
  }

  /** The next rung that has something; the last stays, whatever it gives. */
  private climb(current: FallbackUp, { has }: LadderInput): LadderStep | null {
    const rung = rungs.slice(rungs.indexOf(current.rung) + 1).find((one) => has(one))
    if (rung === undefined) return null
    this.current = { ...current, rung }
    return { kind: 'climbed', up: this.current }
  }

  private goDown(): LadderStep {
    this.current = null
    return { kind: 'down' }
  }

  private mayReturn({ since, needsPerson }: FallbackUp, { at, goodFor, junction, fault, recoverySamples = this.settings.recoverySamples }: LadderInput): boolean {
    if (needsPerson || at - since < this.settings.minStaySamples) return false
    return goodFor >= recoverySamples || (junction && fault === null)
  }
}
