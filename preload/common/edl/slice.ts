import { samples } from '../units/samples.ts'
import { cutEnvelope } from './envelope.ts'
import type { Alternative, Clip, ClipOrigin, Edl, Fade } from './types.ts'
import { clipEnd } from './types.ts'

export type LengthOf = (sourceId: string) => number
export const lengthsOf = (edl: Edl): LengthOf => (sourceId) => edl.sources.find((one) => one.id === sourceId)?.length ?? 0

export const withFade = (fade: Fade, length: number): Fade => (fade.length === length ? fade : { ...fade, length: samples(length) })

/**
 * The clip with other edges, sounding at each place as it did: envelope, other takes and origin go along, a measured loudness does not.
 * Fades stay as they are; the caller knows what edge they belong to. Places outside the source are the caller's to refuse.
 */
export function recut(clip: Clip, start: number, end: number, lengthOf: LengthOf): Clip {
  if (start === clip.start && end === clipEnd(clip)) return clip
  const from = start - clip.start
  const to = end - clip.start
  const length = samples(to - from)
  return {
    ...clip, start: samples(start), offset: samples(clip.offset + from), length,
    envelope: cutEnvelope(clip.envelope, from, to),
    loudness: null,
    alternatives: clip.alternatives.flatMap((other): Alternative[] => {
      const offset = other.offset + from
      return offset < 0 || offset + length > lengthOf(other.sourceId) ? [] : [{ ...other, offset: samples(offset) }]
    }),
    original: clip.original === null ? null : recutOrigin(clip.original, clip.length, from, to, lengthOf),
  }
}

/** The part of what a clip was made from that belongs to a part of the clip: a stretched clip maps by its factor. */
function recutOrigin(origin: ClipOrigin, length: number, from: number, to: number, lengthOf: LengthOf): ClipOrigin {
  const place = (at: number): number => (origin.length === length ? at : Math.round((at * origin.length) / length))
  const whole = lengthOf(origin.sourceId)
  const begin = Math.min(Math.max(0, origin.offset + place(from)), whole - 1)
  const end = Math.min(Math.max(begin + 1, origin.offset + place(to)), whole)
  return { ...origin, offset: samples(begin), length: samples(end - begin) }
}

/** The part of a clip inside `[start, end)` of the timeline, at its old place; fades stay at edges that stay and are shortened to fit. */
export function sliceClip(clip: Clip, start: number, end: number, lengthOf: LengthOf, id: string = clip.id): Clip {
  const from = Math.max(clip.start, start)
  const to = Math.min(clipEnd(clip), end)
  const fadeIn = withFade(clip.fadeIn, from === clip.start ? Math.min(clip.fadeIn.length, to - from) : 0)
  const fadeOut = withFade(clip.fadeOut, to === clipEnd(clip) ? Math.min(clip.fadeOut.length, to - from - fadeIn.length) : 0)
  return { ...recut(clip, from, to, lengthOf), id, fadeIn, fadeOut }
}

/** First clip that ends after `at`. */
export function firstEndingAfter(clips: readonly Clip[], at: number): number {
  let low = 0
  let high = clips.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const clip = clips[middle]
    if (clip !== undefined && clipEnd(clip) <= at) low = middle + 1
    else high = middle
  }
  return low
}

/** First clip that starts at or after `at`. */
export function firstStartingAt(clips: readonly Clip[], at: number): number {
  let low = 0
  let high = clips.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const clip = clips[middle]
    if (clip !== undefined && clip.start < at) low = middle + 1
    else high = middle
  }
  return low
}

export const areJoined = (left: Clip | undefined, right: Clip | undefined): boolean => left !== undefined && right !== undefined && clipEnd(left) > right.start

/** Index of the left clip of the crossfade that sounds at a place, or -1. */
export function joinAt(clips: readonly Clip[], at: number): number {
  const index = firstEndingAfter(clips, at)
  const right = clips[index + 1]
  return right !== undefined && right.start <= at ? index : -1
}

/** A cut inside a crossfade ends the left clip and begins the right one there: at most two clips, or one when the left one had not begun. */
export function partJoin(left: Clip, right: Clip, at: number, lengthOf: LengthOf): Clip[] {
  const before = at > left.start ? [sliceClip(left, left.start, at, lengthOf)] : []
  const after = { ...recut(right, at, clipEnd(right), lengthOf), fadeIn: withFade(right.fadeIn, 0) }
  return [...before, after]
}

/** The same clips with no crossfade across a place. */
export function partedAt(clips: readonly Clip[], at: number, lengthOf: LengthOf): readonly Clip[] {
  const index = joinAt(clips, at)
  const left = clips[index]
  const right = clips[index + 1]
  return left === undefined || right === undefined ? clips : [...clips.slice(0, index), ...partJoin(left, right, at, lengthOf), ...clips.slice(index + 2)]
}

/** What sounds of a lane inside a range, at its places; whatever is cut becomes a plain edge. */
export function clipsWithin(clips: readonly Clip[], start: number, end: number, lengthOf: LengthOf): Clip[] {
  const near = clips.slice(firstEndingAfter(clips, start), firstStartingAt(clips, end))
  const whole = partedAt(partedAt(near, start, lengthOf), end, lengthOf)
  return whole.filter((clip) => clip.start < end && clipEnd(clip) > start).map((clip) => sliceClip(clip, start, end, lengthOf))
}
