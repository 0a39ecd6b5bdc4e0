import { TickEnergy } from './energy.ts'
import { GateHistogram } from './gate-histogram.ts'
import { LUFS_OFFSET_DB, MOMENTARY_TICKS, SHORT_TERM_TICKS, STEP_TICKS } from './gating.ts'
import { PEAK_HISTORY, truePeakInto } from './true-peak.ts'

/** Places in a reading. Levels of samples are linear, loudness is in LUFS; NaN where there is no value yet. */
export const METER = {
  peakLeft: 0, peakRight: 1, meanSquareLeft: 2, meanSquareRight: 3, momentary: 4, shortTerm: 5, integrated: 6, range: 7, truePeak: 8, clips: 9,
  /** Frames taken in since the reset, and the one at which the last clip began; -1 = none. */
  frames: 10, lastClipAt: 11, channels: 12, highestMomentary: 13, highestShortTerm: 14,
} as const
export const METER_PLACES = 15

const MOST_FRAMES = 1_024
/** The last value of a 16-bit converter counts as full scale. */
const FULL_SCALE = 1 - 1 / 32_768

/**
 * Peaks, loudness and clips of what is being heard. `push` is called from the audio thread: it allocates nothing, whatever it is given.
 * `read` empties what is counted from one reading to the next (peaks, means) and keeps the rest.
 */
export class LiveMeter {
  private channels: 1 | 2 = 2
  private readonly energy = { 1: new TickEnergy(1), 2: new TickEnergy(2) } as const
  private readonly planes = [new Float32Array(PEAK_HISTORY + MOST_FRAMES), new Float32Array(PEAK_HISTORY + MOST_FRAMES)] as const
  private readonly ticks = new Float64Array(SHORT_TERM_TICKS)
  private readonly blocks = new GateHistogram()
  private readonly shorts = new GateHistogram()
  private readonly values = new Float64Array(METER_PLACES)
  private readonly squares = new Float64Array(2)
  private readonly inClip = new Uint8Array(2)
  /** Numbers travel in places: one that is returned or handed over may be put on the heap. */
  private readonly mean = new Float64Array(1)
  private squareFrames = 0
  private tickCount = 0

  constructor() {
    this.reset()
  }

  /** A mono programme is heard on both sides and measured once. */
  setChannels(channels: 1 | 2): void {
    if (channels === this.channels) return
    this.channels = channels
    this.reset()
  }

  reset(): void {
    this.energy[1].reset()
    this.energy[2].reset()
    for (const plane of this.planes) plane.fill(0)
    this.ticks.fill(0)
    this.blocks.reset()
    this.shorts.reset()
    this.values.fill(NaN)
    for (const place of [METER.peakLeft, METER.peakRight, METER.truePeak, METER.clips, METER.frames]) this.values[place] = 0
    this.values[METER.lastClipAt] = -1
    this.values[METER.channels] = this.channels
    this.squares.fill(0)
    this.inClip.fill(0)
    this.squareFrames = 0
    this.tickCount = 0
  }

  push(left: Float32Array, right: Float32Array, frames: number): void {
    for (let done = 0; done < frames; done += MOST_FRAMES) this.take(left, right, done, Math.min(MOST_FRAMES, frames - done))
  }

  /** Copies the reading and begins the next one. */
  read(into: Float64Array): void {
    const mean = this.squareFrames === 0 ? 0 : 1 / this.squareFrames
    this.values[METER.meanSquareLeft] = (this.squares[0] as number) * mean
    this.values[METER.meanSquareRight] = (this.squares[1] as number) * mean
    into.set(this.values)
    this.values[METER.peakLeft] = 0
    this.values[METER.peakRight] = 0
    this.squares.fill(0)
    this.squareFrames = 0
  }

  private take(left: Float32Array, right: Float32Array, from: number, frames: number): void {
    this.takeChannel(0, left, from, frames)
    if (this.channels === 2) this.takeChannel(1, right, from, frames)
    else {
      this.values[METER.peakRight] = this.values[METER.peakLeft] as number
      this.squares[1] = this.squares[0] as number
    }
    this.squareFrames += frames
    const energy = this.channels === 2 ? this.energy[2] : this.energy[1]
    for (let done = 0; done < frames;) {
      const count = Math.min(frames - done, energy.missing)
      if (energy.push(left, right, from + done, count)) {
        energy.takeInto(this.ticks, this.tickCount % SHORT_TERM_TICKS)
        this.tickCount += 1
        this.takeTick()
      }
      done += count
    }
    this.values[METER.frames] = (this.values[METER.frames] as number) + frames
  }

  private takeChannel(channel: 0 | 1, input: Float32Array, from: number, frames: number): void {
    const plane = this.planes[channel]
    let square = 0
    let largest = 0
    for (let i = 0; i < frames; i++) {
      const value = input[from + i] as number
      plane[PEAK_HISTORY + i] = value
      square += value * value
      const size = Math.abs(value)
      if (size > largest) largest = size
    }
    this.squares[channel] = (this.squares[channel] as number) + square
    const place = channel === 0 ? METER.peakLeft : METER.peakRight
    if (largest > (this.values[place] as number)) this.values[place] = largest
    if (largest > (this.values[METER.truePeak] as number)) this.values[METER.truePeak] = largest
    truePeakInto(plane, PEAK_HISTORY, frames, this.values, METER.truePeak)
    if (largest >= FULL_SCALE || this.inClip[channel] === 1) this.countClips(channel, plane, frames)
    plane.copyWithin(0, frames, frames + PEAK_HISTORY)
  }

  private countClips(channel: 0 | 1, plane: Float32Array, frames: number): void {
    for (let i = 0; i < frames; i++) {
      const isFull = Math.abs(plane[PEAK_HISTORY + i] as number) >= FULL_SCALE
      if (isFull && this.inClip[channel] === 0) {
        this.values[METER.clips] = (this.values[METER.clips] as number) + 1
        this.values[METER.lastClipAt] = (this.values[METER.frames] as number) + i
      }
      this.inClip[channel] = isFull ? 1 : 0
    }
  }

  private takeTick(): void {
    this.window(MOMENTARY_TICKS, METER.momentary, METER.highestMomentary)
    if (this.tickCount % STEP_TICKS !== 0) return
    if (this.tickCount >= MOMENTARY_TICKS) this.blocks.add(this.mean, 0)
    this.window(SHORT_TERM_TICKS, METER.shortTerm, METER.highestShortTerm)
    if (this.tickCount >= SHORT_TERM_TICKS) this.shorts.add(this.mean, 0)
    this.blocks.integratedInto(-10, this.values, METER.integrated)
    this.shorts.rangeInto(-20, 0.1, 0.95, this.values, METER.range)
  }

  /** Mean of the last ticks into `mean`, its loudness into `place`. What lies before the reset is silence. */
  private window(count: number, place: number, highest: number): void {
    let sum = 0
    for (let n = Math.min(count, this.tickCount), at = this.tickCount - n; n > 0; n--, at++) sum += this.ticks[at % SHORT_TERM_TICKS] as number
    this.mean[0] = sum / count
    const lufs = sum <= 0 ? -Infinity : LUFS_OFFSET_DB + 10 * Math.log10(sum / count)
    this.values[place] = lufs
    if (this.tickCount >= count && !(lufs <= (this.values[highest] as number))) this.values[highest] = lufs
  }
}
