import { createMixer, floatsOf16, pcmBytes, plainSpans, toFloat32, toInt16, toInt24, widen16 } from '#common/mix/index.ts'
import type { Mixer, PlainSpan } from '#common/mix/index.ts'
import type { MixTask } from './mix-task.ts'
import { PcmReader } from './pcm-reader.ts'

const BLOCK_FRAMES = 1 << 16

/**
 * The output of a plan as bytes, block by block from any position. Where a source passes unchanged, its bytes are copied (or widened from 16
 * to 24 bits or to floats) instead of mixed: the same bytes, as the mixer would have made them.
 */
export class BlockMixer {
  private readonly task: MixTask
  private readonly mixer: Mixer
  private readonly reader: PcmReader
  private readonly spans: readonly PlainSpan[]
  private readonly out: Float32Array[]
  private readonly words: Uint32Array
  private readonly shorts: Int16Array
  private span = 0
  /** The last block made; overwritten by the next. */
  readonly bytes: Uint8Array

  constructor(task: MixTask) {
    const { plan, channels, format } = task
    this.task = task
    this.mixer = createMixer(plan, { channels, blockFrames: BLOCK_FRAMES })
    this.reader = new PcmReader(task.places)
    this.spans = plainSpans(plan, channels).filter((span) => canCopy(task.places[span.source]?.format, format))
    this.out = Array.from({ length: channels }, () => new Float32Array(BLOCK_FRAMES))
    this.words = new Uint32Array(BLOCK_FRAMES * channels + 3)
    this.bytes = new Uint8Array(this.words.buffer)
    this.shorts = new Int16Array(BLOCK_FRAMES * channels + 3)
  }

  /** Fills `bytes` from `position`; gives how many frames, at most to `end`. */
  next(position: number, end: number): number {
    const spans = this.spans
    while (this.span > 0 && (spans[this.span - 1]?.end ?? 0) > position) this.span--
    while (this.span < spans.length && (spans[this.span]?.end ?? 0) <= position) this.span++
    const span = spans[this.span]
    const stop = Math.min(end, position + BLOCK_FRAMES)
    if (span === undefined || span.start >= stop) return this.mix(position, stop - position)
    if (span.start > position) return this.mix(position, span.start - position)
    return this.copy(span, position, Math.min(stop, span.end) - position)
  }

  close(): void {
    this.reader.close()
  }

  private mix(position: number, frames: number): number {
    const { format } = this.task
    this.mixer.render(position, frames, this.out, this.reader.read)
    if (format === 'int24') toInt24(this.out, frames, this.bytes)
    else if (format === 'int16') toInt16(this.out, frames, new Int16Array(this.bytes.buffer), null)
    else toFloat32(this.out, frames, new Float32Array(this.bytes.buffer))
    return frames
  }

  private copy(span: PlainSpan, position: number, frames: number): number {
    const { format, channels, places } = this.task
    const offset = span.offset + position - span.start
    if (places[span.source]?.format === format) this.reader.copy(span.source, offset, frames, this.bytes)
    else {
      this.reader.copy(span.source, offset, frames, new Uint8Array(this.shorts.buffer, 0, frames * channels * pcmBytes.int16))
      if (format === 'float32') floatsOf16(this.shorts, frames * channels, new Float32Array(this.words.buffer))
      else widen16(this.shorts, frames * channels, this.words)
    }
    return frames
  }
}

/** Sources in floats are mixed even alone: adding to nothing makes one zero of two. */
function canCopy(from: string | undefined, to: string): boolean {
  return (from === to && from !== 'float32') || (from === 'int16' && to !== 'int16')
}
