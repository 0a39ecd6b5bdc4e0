import { STRETCH_SAMPLES, SilenceWatch } from './silence-watch.ts'

export interface MonitorSettings {
  readonly silenceDbfs: number
  /** Loudest and softest RMS that is well, dBFS, and how long it may lie outside. */
  readonly lowDbfs: number
  readonly highDbfs: number
  readonly levelSamples: number
  /** Correlation of left and right below which a mono listener loses the sound, and how long it may last. */
  readonly phaseBelow: number
  readonly phaseSamples: number
}
export const defaultMonitorSettings: MonitorSettings = { silenceDbfs: -40, lowDbfs: -36, highDbfs: -6, levelSamples: 960_000, phaseBelow: -0.5, phaseSamples: 240_000 }

export interface MonitorReading {
  /** Samples since the last sound on the bus. */
  readonly silentFor: number
  readonly level: 'well' | 'low' | 'high'
  /** Tops are cut flat, in this second. */
  readonly clips: boolean
  readonly outOfPhase: boolean
}

/** So many samples of one value, above −6 dBFS, are a top that was cut; so many such tops a second are clipping. */
const FLAT_SAMPLES = 4
const FLAT_ABOVE = 0.5
const FLAT_TOPS = 5
const SECOND = 48_000

/** What is wrong with the sound of a bus as it goes out. Fed block by block; nothing is kept of it, and nothing allocated. */
export class OutputMonitor {
  private readonly settings: MonitorSettings
  private readonly silence: SilenceWatch
  private readonly low: number
  private readonly high: number
  private frames = 0
  private left = 0
  private right = 0
  private cross = 0
  private flatRun = 0
  private before = 0
  private tops = 0
  private topsBefore = 0
  private lowFor = 0
  private highFor = 0
  private reversedFor = 0

  constructor(settings: MonitorSettings = defaultMonitorSettings) {
    this.settings = settings
    this.silence = new SilenceWatch(settings.silenceDbfs)
    this.low = 10 ** (settings.lowDbfs / 10)
    this.high = 10 ** (settings.highDbfs / 10)
  }

  get reading(): MonitorReading {
    const { levelSamples, phaseSamples } = this.settings
    return { silentFor: this.silence.silentFor, level: this.highFor >= levelSamples ? 'high' : this.lowFor >= levelSamples ? 'low' : 'well', clips: this.topsBefore >= FLAT_TOPS, outOfPhase: this.reversedFor >= phaseSamples }
  }

  hear(left: Float32Array, right: Float32Array, frames: number): void {
    for (let done = 0; done < frames;) {
      const count = Math.min(frames - done, STRETCH_SAMPLES)
      this.piece(left, right, done, count)
      done += count
    }
  }

  private piece(left: Float32Array, right: Float32Array, from: number, count: number): void {
    let peak = 0
    for (let i = from; i < from + count; i++) {
      const l = left[i] ?? 0
      const r = right[i] ?? 0
      peak = Math.max(peak, l < 0 ? -l : l, r < 0 ? -r : r)
      this.left += l * l
      this.right += r * r
      this.cross += l * r
      this.flatRun = l === this.before && (l > FLAT_ABOVE || l < -FLAT_ABOVE) ? this.flatRun + 1 : 1
      if (this.flatRun === FLAT_SAMPLES) this.tops++
      this.before = l
    }
    this.silence.feed(count, peak)
    this.frames += count
    if (this.frames >= SECOND) this.judge()
  }

  /** Once a second: level and phase change slowly. Silence is nobody's level. */
  private judge(): void {
    const { left, right, cross, frames } = this
    const square = Math.max(left, right) / frames
    const isSilent = this.silence.silentFor >= frames
    this.lowFor = !isSilent && square < this.low ? this.lowFor + frames : 0
    this.highFor = square > this.high ? this.highFor + frames : 0
    const both = Math.sqrt(left * right)
    this.reversedFor = !isSilent && both > 0 && cross / both < this.settings.phaseBelow ? this.reversedFor + frames : 0
    this.topsBefore = this.tops
    this.tops = 0
    this.left = 0
    this.right = 0
    this.cross = 0
    this.frames = 0
  }
}
