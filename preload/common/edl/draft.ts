import { samples } from '../units/samples.ts'
import type { Samples } from '../units/samples.ts'
import { envelopeDbAt } from './envelope.ts'
import { applyPatches } from './patches.ts'
import type { Patch } from './patches.ts'
import type { Clip, Edl, Fade, Lane, Range } from './types.ts'
import { clipEnd } from './types.ts'

/** Why an edit was not made; the texts are in the locales under `editor.refusals`. */
export type EditRefusal =
  | 'no-lane' | 'no-clip' | 'no-marker' | 'no-item' | 'empty-range' | 'nothing-there' | 'nothing-to-split' | 'no-handle' | 'too-short' | 'overlap' | 'outside-source'
  | 'fade-too-long' | 'too-far' | 'too-many-lanes' | 'last-lane' | 'no-change'

export interface EditError {
  readonly refused: EditRefusal
}

export const refuse = (refused: EditRefusal): EditError => ({ refused })

/** A week of sound: later positions are a mistake, not a programme. */
export const MAX_TIMELINE = 7 * 86_400 * 48_000
export const MAX_LANES = 8

/** Collects the patches of one edit while the list changes under it. */
export class Draft {
  edl: Edl
  readonly patches: Patch[] = []

  constructor(edl: Edl) {
    this.edl = edl
  }

  push(patch: Patch): void {
    const next = applyPatches(this.edl, [patch])
    if (next === null) throw new Error(`a patch does not fit the state it was made from: ${patch.kind}`)
    this.edl = next
    this.patches.push(patch)
  }

  lane(laneId: string): Lane | undefined {
    return this.edl.lanes.find((lane) => lane.id === laneId)
  }

  replaceClips(laneId: string, index: number, remove: readonly Clip[], insert: readonly Clip[]): void {
    if (remove.length > 0 || insert.length > 0) this.push({ kind: 'clips', laneId, index, remove, insert })
  }
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
  const index = firstEndingAfter(clips, at)
  const clip = clips[index]
  return clip !== undefined && clip.start < at ? index + 1 : index
}

/** The part of a clip inside `[start, end)` of the timeline, at its old place; fades stay at edges that stay and are shortened to fit. */
export function sliceClip(clip: Clip, start: number, end: number, id: string): Clip {
  const from = Math.max(clip.start, start)
  const to = Math.min(clipEnd(clip), end)
  const length = to - from
  const fadeIn = from === clip.start ? fitFade(clip.fadeIn, length) : withoutLength(clip.fadeIn)
  const fadeOut = to === clipEnd(clip) ? fitFade(clip.fadeOut, length - fadeIn.length) : withoutLength(clip.fadeOut)
  const cut = from - clip.start
  return {
    ...clip, id, start: samples(from), offset: samples(clip.offset + cut), length: samples(length), fadeIn, fadeOut,
    envelope: sliceEnvelope(clip.envelope, cut, cut + length),
    loudness: length === clip.length ? clip.loudness : null,
    alternatives: clip.alternatives.map((other) => ({ ...other, offset: samples(other.offset + cut) })),
    original: length === clip.length ? clip.original : null,
  }
}

/** The points inside, and at the ends the gain that stood there, so that the sound is the same as before. */
function sliceEnvelope(points: Clip['envelope'], from: number, to: number): Clip['envelope'] {
  if (points.length === 0) return points
  const inside = points.filter((point) => point.at >= from && point.at <= to)
  const edges = [from, to].filter((at) => !inside.some((point) => point.at === at))
  return [...inside, ...edges.map((at) => ({ at: samples(at), gainDb: envelopeDbAt(points, at) }))]
    .sort((a, b) => a.at - b.at).map((point) => ({ ...point, at: samples(point.at - from) }))
}

function fitFade(fade: Fade, room: number): Fade {
  return fade.length <= room ? fade : { ...fade, length: samples(room) }
}

function withoutLength(fade: Fade): Fade {
  return fade.length === 0 ? fade : { ...fade, length: samples(0) }
}

/** The clips of a lane as they sound inside the range: what a clipboard holds. Places and ids are those of the list. */
export function copyRange(edl: Edl, laneId: string, range: Range): Clip[] {
  const clips = edl.lanes.find((lane) => lane.id === laneId)?.clips ?? []
  return clips.slice(firstEndingAfter(clips, range.start), firstStartingAt(clips, range.end)).map((clip) => sliceClip(clip, range.start, range.end, clip.id))
}

/** Takes everything of a lane inside the range away; nothing moves. True when something was there. */
export function clearRange(draft: Draft, laneId: string, range: Range, newId: () => string): boolean {
  const lane = draft.lane(laneId)
  if (lane === undefined) return false
  const from = firstEndingAfter(lane.clips, range.start)
  const to = firstStartingAt(lane.clips, range.end)
  const touched = lane.clips.slice(from, to)
  const kept: Clip[] = []
  for (const clip of touched) {
    const hasHead = clip.start < range.start
    if (hasHead) kept.push(sliceClip(clip, clip.start, range.start, clip.id))
    if (clipEnd(clip) > range.end) kept.push(sliceClip(clip, range.end, clipEnd(clip), hasHead ? newId() : clip.id))
  }
  draft.replaceClips(laneId, from, touched, kept)
  return touched.length > 0
}

/** Splits the clip that lies across `at`, if there is one. */
export function splitAt(draft: Draft, laneId: string, at: number, newId: () => string): boolean {
  const lane = draft.lane(laneId)
  if (lane === undefined) return false
  const index = firstEndingAfter(lane.clips, at)
  const clip = lane.clips[index]
  if (clip === undefined || clip.start >= at) return false
  draft.replaceClips(laneId, index, [clip], [sliceClip(clip, clip.start, at, clip.id), sliceClip(clip, at, clipEnd(clip), newId())])
  return true
}

/** Moves all clips of a lane that start at or after `at`. */
export function shiftFrom(draft: Draft, laneId: string, at: number, by: number): void {
  const lane = draft.lane(laneId)
  if (lane === undefined || by === 0) return
  const index = firstStartingAt(lane.clips, at)
  if (index < lane.clips.length) draft.push({ kind: 'shift', laneId, index, by })
}

/** Markers follow material that moves; those inside removed material go with it, regions that reach over its edge shrink. */
export function removeFromMarkers(draft: Draft, range: Range): void {
  const length = range.end - range.start
  const next = draft.edl.markers.flatMap((marker) => {
    const end = marker.at + marker.length
    if (end < range.start || (end === range.start && marker.length > 0) || marker.at === end && marker.at === range.start) return [marker]
    if (marker.at >= range.end) return [{ ...marker, at: samples(marker.at - length) }]
    if (marker.at >= range.start && end <= range.end) return []
    const from = marker.at < range.start ? marker.at : range.start
    const to = end > range.end ? end - length : range.start
    return [{ ...marker, at: samples(from), length: samples(to - from) }]
  })
  setMarkers(draft, next)
}

export function openMarkers(draft: Draft, at: number, length: number): void {
  setMarkers(draft, draft.edl.markers.map((marker) => {
    if (marker.at >= at) return { ...marker, at: samples(marker.at + length) }
    return marker.at + marker.length > at ? { ...marker, length: samples(marker.length + length) } : marker
  }))
}

function setMarkers(draft: Draft, next: Edl['markers']): void {
  const before = draft.edl.markers
  if (next.length === before.length && next.every((marker, index) => marker === before[index])) return
  draft.push({ kind: 'markers', index: 0, remove: before, insert: next })
}

export function endOf(clips: readonly Clip[]): Samples {
  const last = clips.at(-1)
  return samples(last === undefined ? 0 : clipEnd(last))
}
