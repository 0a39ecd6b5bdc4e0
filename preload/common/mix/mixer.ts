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
}

interface Track {
  readonly segments: readonly MixSegment[]
  readonly ends: Float64Array
  cursor: number
}

/** The one mixer: editor playback, render and the air hear the same samples from it. */
export function createMixer(plan: MixPlan, options: MixerOptions): Mixer {
  const block = new MixBlock(options.channels, options.blockFrames)
  const tracks = layTracks(plan.segments)
  return {
    channels: options.channels,
    length: plan.length,
    render(position, frames, out, read) {
      for (let done = 0; done < frames; done += options.blockFrames) {
        const count = Math.min(options.blockFrames, frames - done)
        block.clear(count)
        for (let t = 0; t < tracks.length; t++) addTrack(tracks[t] as Track, plan, block, position + done, count, read)
        block.finish(plan.masterGain, count, out, done)
      }
    },
  }
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
