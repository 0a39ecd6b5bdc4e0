import type { MixFade, MixPlan, MixSegment } from '../mix/index.ts'
import { DECLICK_SAMPLES, linearGain, noFade } from '../mix/index.ts'
import type { Clip, Edl, Lane } from './types.ts'
import { clipEnd, edlLength } from './types.ts'

const declick = (length: number): MixFade => (length <= 0 ? noFade : { length, shape: 'linear' })

/** Are these two clips neighbours on the timeline and in their source? Then the joint plays as if it had never been cut. */
function isContiguous(left: Clip | undefined, right: Clip | undefined): boolean {
  return left !== undefined && right !== undefined && clipEnd(left) === right.start && left.sourceId === right.sourceId && left.offset + left.length === right.offset
    && left.fadeOut.length === 0 && right.fadeIn.length === 0
}

/**
 * What the mixer plays for an edit list. A cut gets 5 ms ramps; a contiguous joint gets none; where a source begins or ends by itself
 * beside silence it stays as it is, so that an untouched recording comes out bit by bit. A step of gain at a contiguous joint becomes a ramp.
 */
export function compileEdl(edl: Edl): MixPlan {
  const indexes = new Map(edl.sources.map((source, index) => [source.id, index]))
  const anySolo = edl.lanes.some((lane) => lane.solo)
  const segments: MixSegment[] = []
  for (const lane of edl.lanes) {
    if (lane.mute || (anySolo && !lane.solo)) continue
    compileLane(lane, edl, indexes, segments)
  }
  return { sources: edl.sources.map(({ channels, length }) => ({ channels, length })), segments, length: edlLength(edl), masterGain: 1 }
}

function compileLane(lane: Lane, edl: Edl, indexes: ReadonlyMap<string, number>, segments: MixSegment[]): void {
  const laneGain = linearGain(lane.gainDb)
  lane.clips.forEach((clip, n) => {
    const source = indexes.get(clip.sourceId)
    if (source === undefined) return
    const before = lane.clips[n - 1]
    const after = lane.clips[n + 1]
    const joinsBefore = isContiguous(before, clip)
    const joinsAfter = isContiguous(clip, after)
    const sourceLength = edl.sources[source]?.length ?? 0
    const touchesBefore = before !== undefined && clipEnd(before) === clip.start
    const touchesAfter = after !== undefined && clipEnd(clip) === after.start
    const cutIn = !joinsBefore && (touchesBefore || clip.offset > 0)
    const cutOut = !joinsAfter && (touchesAfter || clip.offset + clip.length < sourceLength)
    const gainRamp = joinsAfter && after !== undefined && after.gainDb !== clip.gainDb ? Math.min(DECLICK_SAMPLES, after.length >> 1) : 0
    const rampedIn = joinsBefore && before !== undefined && before.gainDb !== clip.gainDb ? Math.min(DECLICK_SAMPLES, clip.length >> 1) : 0

    const half = clip.length >> 1
    const roomIn = clip.fadeOut.length > 0 ? clip.length - clip.fadeOut.length : half
    const roomOut = clip.fadeIn.length > 0 ? clip.length - clip.fadeIn.length : half
    const fadeIn = clip.fadeIn.length > 0 ? clip.fadeIn : cutIn ? declick(Math.min(DECLICK_SAMPLES, roomIn)) : declick(rampedIn)
    const fadeOut = clip.fadeOut.length > 0 ? clip.fadeOut : cutOut ? declick(Math.min(DECLICK_SAMPLES, roomOut)) : declick(gainRamp)
    segments.push({ source, start: clip.start, offset: clip.offset, length: clip.length + gainRamp, gain: linearGain(clip.gainDb) * laneGain, fadeIn, fadeOut })
  })
}

/** Everything in one channel stays in one; playback and render ask the same question here. */
export function channelsOf(edl: Edl): 1 | 2 {
  const used = new Set(edl.lanes.flatMap((lane) => lane.clips.map((clip) => clip.sourceId)))
  return edl.sources.some((source) => used.has(source.id) && source.channels > 1) ? 2 : 1
}
