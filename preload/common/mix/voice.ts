import { channelMatrix } from './channels.ts'
import { applyEnvelope } from './envelope.ts'
import { fadeGain } from './fades.ts'
import type { MixFade } from './fades.ts'
import type { MixRead, MixSegment } from './plan.ts'

const MAX_SOURCE_CHANNELS = 8

/**
 * The arithmetic of one block: segments are read, weighted and added in float64, and rounded to float32 once. Each output sample depends on
 * its position alone, never on where a block begins. All buffers are made here once; nothing is allocated per block.
 */
export class MixBlock {
  readonly channels: 1 | 2
  readonly frames: number
  private readonly sums: Float64Array[]
  private readonly weights: Float64Array
  private readonly scratch: Float32Array[][]
  private readonly matrices: Float64Array[]

  constructor(channels: 1 | 2, frames: number) {
    this.channels = channels
    this.frames = frames
    this.sums = Array.from({ length: channels }, () => new Float64Array(frames))
    this.weights = new Float64Array(frames)
    const buffers = Array.from({ length: MAX_SOURCE_CHANNELS }, () => new Float32Array(frames))
    this.scratch = Array.from({ length: MAX_SOURCE_CHANNELS + 1 }, (_, count) => buffers.slice(0, count))
    this.matrices = Array.from({ length: MAX_SOURCE_CHANNELS + 1 }, (_, count) => channelMatrix(Math.max(1, count), channels))
  }

  clear(frames: number): void {
    for (let c = 0; c < this.channels; c++) this.sums[c]?.fill(0, 0, frames)
  }

  /** Adds what of `segment` sounds in [position, position + frames). */
  add(segment: MixSegment, sourceChannels: number, position: number, frames: number, read: MixRead): void {
    const from = Math.max(position, segment.start)
    const to = Math.min(position + frames, segment.start + segment.length)
    const count = to - from
    if (count <= 0) return
    const local = from - segment.start
    const into = this.scratch[sourceChannels]
    if (into === undefined) return
    read(segment.source, segment.offset + local, count, into)
    const fadeOutStart = segment.length - segment.fadeOut.length
    const isShaped = local < segment.fadeIn.length || local + count > fadeOutStart || (segment.envelope ?? null) !== null
    if (isShaped) this.weigh(segment, local, count, fadeOutStart)
    else this.weights.fill(segment.gain, 0, count)
    this.mix(into, sourceChannels, from - position, count)
  }

  /** Writes the block at `at` of each output. */
  finish(masterGain: number, frames: number, out: readonly Float32Array[], at: number): void {
    for (let c = 0; c < this.channels; c++) {
      const sums = this.sums[c]
      const target = out[c]
      if (sums === undefined || target === undefined) continue
      for (let i = 0; i < frames; i++) target[at + i] = (sums[i] as number) * masterGain
    }
  }

  /** The block as it is before rounding, for what comes after the sum. */
  finishWide(masterGain: number, frames: number, out: readonly Float64Array[], at: number): void {
    for (let c = 0; c < this.channels; c++) {
      const sums = this.sums[c]
      const target = out[c]
      if (sums === undefined || target === undefined) continue
      for (let i = 0; i < frames; i++) target[at + i] = (sums[i] as number) * masterGain
    }
  }

  private weigh(segment: MixSegment, local: number, count: number, fadeOutStart: number): void {
    const weights = this.weights.fill(segment.gain, 0, count)
    if (segment.envelope !== undefined && segment.envelope !== null) applyEnvelope(segment.envelope, local, count, weights)
    const inEnd = Math.min(count, segment.fadeIn.length - local)
    for (let i = 0; i < inEnd; i++) weights[i] = (weights[i] as number) * curve(segment.fadeIn, local + i)
    for (let i = Math.max(0, fadeOutStart - local); i < count; i++) {
      weights[i] = (weights[i] as number) * curve(segment.fadeOut, segment.length - 1 - local - i)
    }
  }

  private mix(into: readonly Float32Array[], sourceChannels: number, at: number, count: number): void {
    const weights = this.weights
    const matrix = this.matrices[sourceChannels]
    if (matrix === undefined) return
    for (let o = 0; o < this.channels; o++) {
      const sums = this.sums[o]
      if (sums === undefined) continue
      if (sourceChannels === 1) addOne(sums, into[0] as Float32Array, weights, at, count)
      else if (sourceChannels === 2 && this.channels === 2) addOne(sums, into[o] as Float32Array, weights, at, count)
      else addMany(sums, into, matrix, o * sourceChannels, sourceChannels, weights, at, count)
    }
  }
}

function curve(fade: MixFade, index: number): number {
  return fadeGain(fade.shape, index, fade.length)
}

function addOne(sums: Float64Array, input: Float32Array, weights: Float64Array, at: number, count: number): void {
  for (let i = 0; i < count; i++) sums[at + i] = (sums[at + i] as number) + (input[i] as number) * (weights[i] as number)
}

function addMany(sums: Float64Array, inputs: readonly Float32Array[], matrix: Float64Array, row: number, channels: number, weights: Float64Array, at: number, count: number): void {
  for (let i = 0; i < count; i++) {
    let value = 0
    for (let c = 0; c < channels; c++) value += (matrix[row + c] as number) * ((inputs[c] as Float32Array)[i] as number)
    sums[at + i] = (sums[at + i] as number) + value * (weights[i] as number)
  }
}
