import { TickEnergy } from './energy.ts'
import { PEAK_BOUND, PEAK_HISTORY, samplePeakOf, truePeakOf } from './true-peak.ts'

/** Pieces judged one by one: is there anything in them that could be a new peak? */
const PIECE_FRAMES = 64
/** Two places over the ceiling that are nearer than this are one peak for a limiter, and for an ear. */
const SAME_PEAK_FRAMES = 480

export interface SoundMeasureOptions {
  readonly channels: 1 | 2
  /** Frames taken in at once. */
  readonly capacity: number
  /** Ticks of 10 ms that will come at most. */
  readonly ticks: number
  /** Linear. Counts the places where the true peak passes it; null counts nothing. */
  readonly limit?: number | null
}

/**
 * Loudness and true peak of a sound that comes in blocks. The caller writes each block into `inputs` and calls `add`. Energies of whole
 * ticks of 10 ms gather in `energies`; the true peak is exact although most of the sound is never oversampled.
 */
export class SoundMeasure {
  /** Where a block is written: one array a channel, `capacity` frames each. */
  readonly inputs: readonly Float32Array[]
  readonly energies: Float64Array
  ticks = 0
  frames = 0
  /** Linear, at least the largest sample. */
  truePeak = 0
  samplePeak = 0
  overs = 0
  firstOver = -1
  lastOver = -1
  private readonly planes: readonly Float32Array[]
  private readonly energy: TickEnergy
  private readonly limit: number
  private readonly before: Float64Array

  constructor(options: SoundMeasureOptions) {
    this.planes = Array.from({ length: options.channels }, () => new Float32Array(PEAK_HISTORY + options.capacity))
    this.inputs = this.planes.map((plane) => plane.subarray(PEAK_HISTORY))
    this.energies = new Float64Array(options.ticks)
    this.energy = new TickEnergy(options.channels)
    this.limit = options.limit ?? Infinity
    this.before = new Float64Array(options.channels)
  }

  /** Takes the first `frames` of `inputs`. */
  add(frames: number): void {
    this.weigh(frames)
    this.findPeaks(frames)
    for (const plane of this.planes) plane.copyWithin(0, frames, frames + PEAK_HISTORY)
    this.frames += frames
  }

  /** Nothing follows: the last samples still ring in the filter. */
  end(): void {
    for (const input of this.inputs) input.fill(0, 0, PEAK_HISTORY)
    this.findPeaks(PEAK_HISTORY)
  }

  private weigh(frames: number): void {
    const left = this.planes[0] as Float32Array
    const right = this.planes[1] ?? left
    for (let done = 0; done < frames;) {
      const count = Math.min(frames - done, this.energy.missing)
      if (this.energy.push(left, right, PEAK_HISTORY + done, count)) {
        // A place past the end is no place: nothing is kept of it.
        this.energy.takeInto(this.energies, this.ticks)
        this.ticks += 1
      }
      done += count
    }
  }

  private findPeaks(frames: number): void {
    for (let at = 0; at < frames; at += PIECE_FRAMES) {
      const count = Math.min(PIECE_FRAMES, frames - at)
      let over = false
      for (let c = 0; c < this.planes.length; c++) {
        const plane = this.planes[c] as Float32Array
        const largest = samplePeakOf(plane, PEAK_HISTORY + at, count)
        if (largest > this.samplePeak) this.samplePeak = largest
        // The window of the filter reaches into the piece before.
        const reach = largest > (this.before[c] as number) ? largest : (this.before[c] as number)
        this.before[c] = largest
        if (reach * PEAK_BOUND <= this.truePeak && reach * PEAK_BOUND <= this.limit) continue
        if (largest > this.truePeak) this.truePeak = largest
        if (this.limit === Infinity) this.truePeak = truePeakOf(plane, PEAK_HISTORY + at, count, this.truePeak)
        else {
          const peak = truePeakOf(plane, PEAK_HISTORY + at, count, largest)
          if (peak > this.truePeak) this.truePeak = peak
          if (peak > this.limit) over = true
        }
      }
      if (over) this.noteOver(this.frames + at)
    }
  }

  private noteOver(frame: number): void {
    if (this.firstOver < 0) this.firstOver = frame
    if (this.lastOver < 0 || frame - this.lastOver > SAME_PEAK_FRAMES) this.overs += 1
    this.lastOver = frame
  }
}

/** What one part of a sound gave; positions are frames of the whole. */
export interface MeasuredPart {
  readonly energies: Float64Array
  readonly truePeak: number
  readonly samplePeak: number
  readonly overs: number
  readonly firstOver: number
  readonly lastOver: number
}

/** Parts that were measured side by side, in their order, as if they had been measured in one go. */
export function joinParts(parts: readonly MeasuredPart[]): MeasuredPart {
  const energies = new Float64Array(parts.reduce((sum, part) => sum + part.energies.length, 0))
  const whole = { truePeak: 0, samplePeak: 0, overs: 0, firstOver: -1, lastOver: -1 }
  let at = 0
  for (const part of parts) {
    energies.set(part.energies, at)
    at += part.energies.length
    whole.truePeak = Math.max(whole.truePeak, part.truePeak)
    whole.samplePeak = Math.max(whole.samplePeak, part.samplePeak)
    if (part.overs === 0) continue
    const isSame = whole.lastOver >= 0 && part.firstOver - whole.lastOver <= SAME_PEAK_FRAMES
    whole.overs += part.overs - (isSame ? 1 : 0)
    if (whole.firstOver < 0) whole.firstOver = part.firstOver
    whole.lastOver = part.lastOver
  }
  return { energies, ...whole }
}
