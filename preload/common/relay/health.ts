import { SilenceWatch } from '../fallback/index.ts'

/**
 * What a relay sounds like, seen from the bus: nothing has come yet; good; sound comes and is silence; nothing comes; good again, and not yet for long
 * enough to be trusted.
 */
export const relayStates = ['connecting', 'ready', 'silent', 'lost', 'returning'] as const
export type RelayState = (typeof relayStates)[number]

/** Samples at 48 kHz. */
export interface RelayHealthSettings {
  readonly silenceDbfs: number
  readonly silenceSamples: number
  /** So long without a sample from the source: it is lost. */
  readonly holdOffSamples: number
  /** So much good sound after a loss or a silence: it is trusted again. */
  readonly returnSamples: number
}

/** One stretch of bus time. */
export interface RelayStretch {
  readonly frames: number
  /** Of these, how many the source filled. */
  readonly heard: number
  /** Highest amplitude of those. */
  readonly peak: number
  /** Bus samples since the last sample came from the source, heard or still waiting. */
  readonly sinceArrival: number
}

/** Judges a relay by its level and the flow of its samples, not by its connection. */
export class RelayHealth {
  state: RelayState = 'connecting'
  private readonly settings: RelayHealthSettings
  private readonly watch: SilenceWatch
  private hasSounded = false

  constructor(settings: RelayHealthSettings) {
    this.settings = settings
    this.watch = new SilenceWatch(settings.silenceDbfs)
  }

  /** Samples of good sound since the last silence. */
  get goodFor(): number {
    return this.watch.goodFor
  }
  /** What is wrong enough for a backup; null = nothing, or not yet. */
  get fault(): 'sourceLost' | 'silence' | null {
    return this.state === 'lost' ? 'sourceLost' : this.state === 'silent' ? 'silence' : null
  }

  pass({ frames, heard, peak, sinceArrival }: RelayStretch): void {
    this.watch.feed(frames, heard > 0 ? peak : 0)
    if (heard > 0) this.hasSounded = true
    this.state = this.next(sinceArrival)
  }

  private next(sinceArrival: number): RelayState {
    const { holdOffSamples, silenceSamples, returnSamples } = this.settings
    if (sinceArrival >= holdOffSamples) return 'lost'
    if (!this.hasSounded) return this.state === 'lost' ? 'lost' : 'connecting'
    if (this.watch.silentFor >= silenceSamples) return 'silent'
    if (this.state === 'lost' || this.state === 'silent' || this.state === 'returning') return this.watch.goodFor >= returnSamples ? 'ready' : this.watch.silentFor === 0 || this.state === 'returning' ? 'returning' : this.state
    return 'ready'
  }
}
