import { METER, METER_PLACES } from '#common/loudness/index.ts'
import type { Levels } from '../../../ui/index.ts'

const FLOOR_DBFS = -120
const FALL_DB_PER_S = 24
const HOLD_MS = 1_500
const dbOf = (linear: number): number => (linear > 0 ? Math.max(FLOOR_DBFS, 20 * Math.log10(linear)) : FLOOR_DBFS)

/** What a reading is asked from: the player's monitor. */
export interface MeterSource {
  read(into: Float64Array): void
}
export interface MeterFigures {
  readonly momentary: number
  readonly shortTerm: number
  readonly integrated: number
  readonly range: number
  readonly truePeakDbtp: number
  readonly clips: number
  readonly lastClipSeconds: number | null
}

/** Turns readings into what an eye can follow: fast up, slow down, the highest held for a moment. Everything is made once. */
export class MeterView {
  private readonly source: MeterSource
  private readonly reading = new Float64Array(METER_PLACES)
  private readonly peak = [FLOOR_DBFS, FLOOR_DBFS]
  private readonly rms = [FLOOR_DBFS, FLOOR_DBFS]
  private readonly hold = [FLOOR_DBFS, FLOOR_DBFS]
  private readonly heldAt = [0, 0]
  private readonly levels: Levels = { peakDbfs: this.peak, rmsDbfs: this.rms, holdDbfs: this.hold }
  private at = 0

  constructor(source: MeterSource) {
    this.source = source
  }

  /** Once per frame. The same object every time. */
  step(now: number): Levels {
    this.source.read(this.reading)
    const fall = (Math.min(200, now - this.at) / 1_000) * FALL_DB_PER_S
    this.at = now
    for (let channel = 0; channel < 2; channel++) {
      const peak = dbOf(this.reading[METER.peakLeft + channel] ?? 0)
      const rms = dbOf(Math.sqrt(this.reading[METER.meanSquareLeft + channel] ?? 0))
      this.peak[channel] = Math.max(peak, (this.peak[channel] ?? FLOOR_DBFS) - fall)
      this.rms[channel] = Math.max(rms, (this.rms[channel] ?? FLOOR_DBFS) - fall)
      if (peak < (this.hold[channel] ?? FLOOR_DBFS) && now - (this.heldAt[channel] ?? 0) <= HOLD_MS) continue
      this.hold[channel] = peak
      this.heldAt[channel] = now
    }
    return this.levels
  }

  /** Momentary loudness of the last reading; −Infinity in silence, NaN before there was any. */
  get momentary(): number {
    return this.reading[METER.momentary] ?? NaN
  }
  get shortTerm(): number {
    return this.reading[METER.shortTerm] ?? NaN
  }

  /** The numbers, as they stand; a few times a second is enough for eyes. */
  figures(): MeterFigures {
    const value = (place: number): number => this.reading[place] ?? NaN
    const clipAt = value(METER.lastClipAt)
    return {
      momentary: value(METER.momentary), shortTerm: value(METER.shortTerm), integrated: value(METER.integrated), range: value(METER.range), truePeakDbtp: value(METER.truePeak) > 0 ? 20 * Math.log10(value(METER.truePeak)) : NaN,
      clips: value(METER.clips) || 0, lastClipSeconds: clipAt >= 0 ? clipAt / 48_000 : null,
    }
  }
}
