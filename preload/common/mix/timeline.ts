import type { MixFade } from './fades.ts'
import { noFade } from './fades.ts'
import type { MixRead, MixSegment } from './plan.ts'
import { MixBlock } from './voice.ts'

/** 150 ms: fade of what a hard start cuts off. */
export const CUT_FADE_SAMPLES = 7200

export interface TimelineSegment {
  readonly id: string
  readonly source: number
  readonly channels: number
  readonly start: number
  readonly offset: number
  readonly length: number
  readonly gain: number
  readonly fadeIn?: MixFade
  readonly fadeOut?: MixFade
}

interface Entry extends MixSegment {
  readonly id: string
  readonly channels: number
  length: number
  fadeOut: MixFade
}

/**
 * A plan that grows and shrinks while it plays: the air appends what is armed, cuts what a hard start ends and forgets what has been played.
 * Samples are made by the same arithmetic as `createMixer`. Adding and cutting may allocate; rendering does not.
 */
export class MixTimeline {
  private readonly block: MixBlock
  private entries: Entry[] = []
  masterGain = 1

  constructor(options: { channels: 1 | 2; blockFrames: number }) {
    this.block = new MixBlock(options.channels, options.blockFrames)
  }

  get segments(): readonly (MixSegment & { readonly id: string })[] {
    return this.entries
  }

  /** A segment with a known id takes the place of the old one. */
  add(segment: TimelineSegment): void {
    this.remove(segment.id)
    const { fadeIn = noFade, fadeOut = noFade } = segment
    const entry: Entry = { ...segment, fadeIn, fadeOut }
    const at = this.entries.findIndex((other) => other.start > entry.start)
    this.entries.splice(at < 0 ? this.entries.length : at, 0, entry)
  }

  /**
   * Ends a segment at `end` with a fade that finishes there. `from` is the first sample not yet rendered: the fade begins no earlier, so that
   * a late cut never jumps in level. Gives false when there is nothing to cut (unknown, or over by then).
   */
  cutAt(id: string, end: number, options: { fade?: number; from?: number } = {}): boolean {
    const entry = this.entries.find((other) => other.id === id)
    if (entry === undefined || entry.start + entry.length <= end) return false
    const length = end - entry.start
    if (length <= 0) {
      this.remove(id)
      return true
    }
    const begin = Math.max(entry.start + Math.min(entry.fadeIn.length, length), end - (options.fade ?? CUT_FADE_SAMPLES), options.from ?? 0)
    entry.length = length
    entry.fadeOut = { length: Math.max(0, end - begin), shape: 'linear' }
    return true
  }

  /** Cuts everything that sounds at `end`; ids of what was cut. */
  cutAllAt(end: number, options: { fade?: number; from?: number } = {}): string[] {
    return this.entries.filter((entry) => entry.start + entry.length > end).map((entry) => entry.id).filter((id) => this.cutAt(id, end, options))
  }

  remove(id: string): boolean {
    const at = this.entries.findIndex((entry) => entry.id === id)
    if (at < 0) return false
    this.entries.splice(at, 1)
    return true
  }

  /** Forgets what ended at or before `position`; ids in order of start. */
  removePlayed(position: number): string[] {
    const played = this.entries.filter((entry) => entry.start + entry.length <= position).map((entry) => entry.id)
    if (played.length > 0) this.entries = this.entries.filter((entry) => entry.start + entry.length > position)
    return played
  }

  /** End of the last segment; 0 when there is none. */
  get end(): number {
    let end = 0
    for (const entry of this.entries) end = Math.max(end, entry.start + entry.length)
    return end
  }

  render(position: number, frames: number, out: readonly Float32Array[], read: MixRead): void {
    for (let done = 0; done < frames; done += this.block.frames) {
      const count = Math.min(this.block.frames, frames - done)
      this.block.clear(count)
      for (let i = 0; i < this.entries.length; i++) {
        const entry = this.entries[i] as Entry
        if (entry.start >= position + done + count) break
        this.block.add(entry, entry.channels, position + done, count, read)
      }
      this.block.finish(this.masterGain, count, out, done)
    }
  }
}
