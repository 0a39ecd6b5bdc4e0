import type { MixEnvelope, MixFade, MixPlan, MixSegment } from '../mix/index.ts'
import { DECLICK_SAMPLES, envelopeGain, linearGain, mixEnvelope, noFade } from '../mix/index.ts'
import type { Clip, Edl, Lane } from './types.ts'
import { clipEnd, edlLength } from './types.ts'

const declick = (length: number): MixFade => (length <= 0 ? noFade : { length, shape: 'linear' })

/** Are these two clips neighbours on the timeline and in their source? Then the joint plays as if it had never been cut. */
function isContiguous(left: Clip | undefined, right: Clip | undefined): boolean {
  return left !== undefined && right !== undefined && clipEnd(left) === right.start && left.sourceId === right.sourceId && left.offset + left.length === right.offset
    && left.fadeOut.length === 0 && right.fadeIn.length === 0
}

/** Gains this close are one: an envelope split in two comes back from decibels with another last bit. */
const SAME_GAIN = 1e-6

function envelopeOf(clip: Clip): MixEnvelope | null {
  return clip.envelope.length === 0 ? null : mixEnvelope(clip.envelope.map(({ at, gainDb }) => ({ at, gain: linearGain(gainDb) })))
}

/** Linear gain of a clip at one of its ends, without fades. */
function edgeGain(clip: Clip, at: number): number {
  const envelope = envelopeOf(clip)
  return linearGain(clip.gainDb) * (envelope === null ? 1 : envelopeGain(envelope, at))
}

/** Does the gain jump where two contiguous clips meet? */
function jumps(left: Clip, right: Clip): boolean {
  if (left.gainDb === right.gainDb && left.envelope.length === 0 && right.envelope.length === 0) return false
  const before = edgeGain(left, left.length)
  const after = edgeGain(right, 0)
  return Math.abs(before - after) > SAME_GAIN * Math.max(before, after)
}

/**
 * What the mixer plays for an edit list. A cut gets 5 ms ramps, and a shorter fade of one's own is lengthened to that; a crossfade is the two
 * fades of its clips and nothing else; a contiguous joint gets none; where a source begins or ends by itself beside silence it stays as it is,
 * so that an untouched recording comes out bit by bit. A step of gain at a contiguous joint becomes a ramp.
 */
export function compileEdl(edl: Edl): MixPlan {
  const indexes = new Map(edl.sources.map((source, index) => [source.id, index]))
  const anySolo = edl.lanes.some((lane) => lane.solo)
  const segments: MixSegment[] = []
  for (const lane of edl.lanes) {
    if (lane.mute || (anySolo && !lane.solo)) continue
    compileLane(lane, edl, indexes, segments)
  }
  const { gainDb, limiter, ceilingDbtp } = edl.master
  return {
    sources: edl.sources.map(({ channels, length }) => ({ channels, length })), segments, length: edlLength(edl), masterGain: linearGain(gainDb),
    limiter: limiter ? { ceiling: linearGain(ceilingDbtp) } : null,
  }
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
    const overlapsBefore = before !== undefined && clipEnd(before) > clip.start
    const overlapsAfter = after !== undefined && clipEnd(clip) > after.start
    const touchesBefore = before !== undefined && clipEnd(before) === clip.start
    const touchesAfter = after !== undefined && clipEnd(clip) === after.start
    const cutIn = !joinsBefore && !overlapsBefore && (touchesBefore || clip.offset > 0)
    const cutOut = !joinsAfter && !overlapsAfter && (touchesAfter || clip.offset + clip.length < sourceLength)
    const gainRamp = joinsAfter && after !== undefined && jumps(clip, after) ? Math.min(DECLICK_SAMPLES, after.length >> 1) : 0
    const rampedIn = joinsBefore && before !== undefined && jumps(before, clip) ? Math.min(DECLICK_SAMPLES, clip.length >> 1) : 0

    const half = clip.length >> 1
    const roomIn = clip.fadeOut.length > 0 ? clip.length - clip.fadeOut.length : half
    const roomOut = clip.fadeIn.length > 0 ? clip.length - clip.fadeIn.length : half
    const fadeIn = cutIn ? atLeast(clip.fadeIn, Math.min(DECLICK_SAMPLES, roomIn)) : clip.fadeIn.length > 0 ? clip.fadeIn : declick(rampedIn)
    const fadeOut = cutOut ? atLeast(clip.fadeOut, Math.min(DECLICK_SAMPLES, roomOut)) : clip.fadeOut.length > 0 ? clip.fadeOut : declick(gainRamp)
    const envelope = envelopeOf(clip)
    segments.push({ source, start: clip.start, offset: clip.offset, length: clip.length + gainRamp, gain: linearGain(clip.gainDb) * laneGain, fadeIn, fadeOut, ...(envelope === null ? {} : { envelope }) })
  })
}

/** One's own fade where it is long enough to hide a cut. */
function atLeast(fade: MixFade, length: number): MixFade {
  if (fade.length >= length) return fade
  return fade.length === 0 ? declick(length) : { length, shape: fade.shape }
}

/** Everything in one channel stays in one; playback and render ask the same question here. */
export function channelsOf(edl: Edl): 1 | 2 {
  const used = new Set(edl.lanes.flatMap((lane) => lane.clips.map((clip) => clip.sourceId)))
  return edl.sources.some((source) => used.has(source.id) && source.channels > 1) ? 2 : 1
}
