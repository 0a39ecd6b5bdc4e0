import { Limiter, LIMITER_LOOK_AHEAD } from './limiter.ts'
import type { MixPlan, MixRead, MixSegment } from './plan.ts'
import { segmentEnd } from './plan.ts'
import { MixBlock } from './voice.ts'

export interface MixerOptions {
  readonly channels: 1 | 2
  /** Largest piece read from a source at once; the result does not depend on it. */
  readonly blockFrames: number
}

export interface Mixer {
  readonly channels: 1 | 2
  readonly length: number
  /** Fills `out[channel][0…frames)` with the plan from `position`; silence outside it. Random access: calls need not follow each other. */
  render(position: number, frames: number, out: readonly Float32Array[], read: MixRead): void
  /** Everything that `render` of the same range would read if it were called now, piece by piece. Changes nothing. */
  reads(position: number, frames: number, visit: (source: number, offset: number, frames: number) => void): void
}

interface Track {
  readonly segments: readonly MixSegment[]
  readonly ends: Float64Array
  cursor: number
}

/** The one mixer: editor playback, render and the air hear the same samples from it. */
export function createMixer(plan: MixPlan, options: MixerOptions): Mixer {
  const { channels, blockFrames } = options
  const block = new MixBlock(channels, blockFrames)
  const tracks = layTracks(plan.segments)
  const limit = plan.limiter ?? null
  const limiter = limit === null ? null : new Limiter(channels, blockFrames, limit.ceiling)
  let reader: MixRead = unread
  const sum = (position: number, frames: number): void => {
    block.clear(frames)
    for (let t = 0; t < tracks.length; t++) addTrack(tracks[t] as Track, plan, block, position, frames, reader)
  }
  const renderBus = (position: number, frames: number, into: readonly Float64Array[], at: number): void => {
    sum(position, frames)
    block.finishWide(plan.masterGain, frames, into, at)
  }
  return {
    channels,
    length: plan.length,
    render(position, frames, out, read) {
      reader = read
      if (limiter !== null) return limiter.render(position, frames, out, 0, renderBus)
      for (let done = 0; done < frames; done += blockFrames) {
        const count = Math.min(blockFrames, frames - done)
        sum(position + done, count)
        block.finish(plan.masterGain, count, out, done)
      }
    },
    reads(position, frames, visit) {
      const from = limiter === null ? position : limiter.from(position)
      const to = limiter === null ? position + frames : position + frames + LIMITER_LOOK_AHEAD
      for (const { segments, ends } of tracks) {
        for (let index = firstEndingAfter(ends, from); index < segments.length; index++) {
          const segment = segments[index] as MixSegment
          if (segment.start >= to) break
          const first = Math.max(from, segment.start)
          visit(segment.source, segment.offset + first - segment.start, Math.min(to, segmentEnd(segment)) - first)
        }
      }
    },
  }
}

const unread: MixRead = () => {
  throw new Error('nothing has been given to read from')
}

function addTrack(track: Track, plan: MixPlan, block: MixBlock, position: number, count: number, read: MixRead): void {
  const { segments, ends } = track
  let index = track.cursor
  const behind = index > 0 && (ends[index - 1] as number) > position
  if (behind || (index < ends.length && (ends[index] as number) <= position)) index = firstEndingAfter(ends, position)
  track.cursor = index
  for (; index < segments.length; index++) {
    const segment = segments[index] as MixSegment
    if (segment.start >= position + count) break
    block.add(segment, plan.sources[segment.source]?.channels ?? 0, position, count, read)
  }
}

function firstEndingAfter(ends: Float64Array, position: number): number {
  let low = 0
  let high = ends.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((ends[middle] as number) <= position) low = middle + 1
    else high = middle
  }
  return low
}

/** Puts segments on as few non-overlapping tracks as simple filling gives, so that a block finds its segments by search and not by scanning all. */
function layTracks(segments: readonly MixSegment[]): Track[] {
  const order = segments.map((segment, index) => ({ segment, index })).sort((a, b) => a.segment.start - b.segment.start || a.index - b.index)
  const rows: MixSegment[][] = []
  const rowEnds: number[] = []
  for (const { segment } of order) {
    let row = rowEnds.findIndex((end) => end <= segment.start)
    if (row < 0) {
      row = rows.length
      rows.push([])
    }
    rows[row]?.push(segment)
    rowEnds[row] = segmentEnd(segment)
  }
  return rows.map((row) => ({ segments: row, ends: Float64Array.from(row, segmentEnd), cursor: 0 }))
}
