import type { MixEnvelope } from './envelope.ts'
import { envelopeGain, mixEnvelope } from './envelope.ts'
import type { MixFade } from './fades.ts'
import { fadeGain, noFade } from './fades.ts'
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
}

/** A level that would step by less than this is left as it is. */
const SAME_LEVEL = 1e-6

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

  /**
   * A segment with a known id takes the place of the old one. `from` is the first sample not yet rendered: where the old one was fading and the
   * new one is not (or the other way round), the level goes from one to the other over 150 ms and never steps.
   */
  add(segment: TimelineSegment, from = Number.NEGATIVE_INFINITY): void {
    const old = this.entries.find((other) => other.id === segment.id)
    const { id, source, channels, start, offset, length, gain, fadeIn = noFade, fadeOut = noFade } = segment
    const plain: Entry = { id, source, channels, start, offset, length, gain, fadeIn, fadeOut }
    if (old !== undefined && isSame(old, plain)) return
    this.remove(id)
    const envelope = old === undefined ? null : bridge(old, plain, from)
    const entry = envelope === null ? plain : { ...plain, envelope }
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
    this.add({ ...entry, length, fadeOut: { length: Math.max(0, end - begin), shape: 'linear' } }, options.from)
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
      this.sum(position + done, count, read)
      this.block.finish(this.masterGain, count, out, done)
    }
  }

  /** The same before rounding, written at `at` of each output: for a bus with something behind the sum. */
  renderWide(position: number, frames: number, out: readonly Float64Array[], at: number, read: MixRead): void {
    for (let done = 0; done < frames; done += this.block.frames) {
      const count = Math.min(this.block.frames, frames - done)
      this.sum(position + done, count, read)
      this.block.finishWide(this.masterGain, count, out, at + done)
    }
  }

  private sum(position: number, count: number, read: MixRead): void {
    this.block.clear(count)
    for (let i = 0; i < this.entries.length; i++) {
      const entry = this.entries[i] as Entry
      if (entry.start >= position + count) break
      this.block.add(entry, entry.channels, position, count, read)
    }
  }
}

/** Gain, fades and envelope together at an output position inside the segment. */
function levelAt(entry: MixSegment, position: number): number {
  const local = position - entry.start
  const envelope = entry.envelope ?? null
  let level = envelope === null ? entry.gain : entry.gain * envelopeGain(envelope, local)
  if (local < entry.fadeIn.length) level *= fadeGain(entry.fadeIn.shape, local, entry.fadeIn.length)
  if (local >= entry.length - entry.fadeOut.length) level *= fadeGain(entry.fadeOut.shape, entry.length - 1 - local, entry.fadeOut.length)
  return level
}

function isSame(a: Entry, b: Entry): boolean {
  return a.source === b.source && a.channels === b.channels && a.start === b.start && a.offset === b.offset && a.length === b.length && a.gain === b.gain
    && a.fadeIn.length === b.fadeIn.length && a.fadeIn.shape === b.fadeIn.shape && a.fadeOut.length === b.fadeOut.length && a.fadeOut.shape === b.fadeOut.shape
}

/** What the new segment is multiplied by so that it goes on from the level of the old one at `from`. */
function bridge(old: MixSegment, next: MixSegment, from: number): MixEnvelope | null {
  const sounds = (entry: MixSegment): boolean => from > entry.start && from < entry.start + entry.length
  if (!sounds(old) || !sounds(next)) return null
  const [was, will] = [levelAt(old, from - 1), levelAt(next, from - 1)]
  if (Math.abs(was - will) < SAME_LEVEL || will < SAME_LEVEL) return null
  return mixEnvelope([{ at: from - next.start, gain: was / will }, { at: from - next.start + CUT_FADE_SAMPLES, gain: 1 }])
}
