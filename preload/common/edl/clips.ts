import type { Samples } from '../units/samples.ts'
import { samples } from '../units/samples.ts'
import type { EditContext, PutMode } from './commands.ts'
import type { Draft, EditError } from './draft.ts'
import { clearRange, firstEndingAfter, firstStartingAt, MAX_TIMELINE, refuse } from './draft.ts'
import { openRoom } from './ranges.ts'
import type { Clip, Fade, Lane } from './types.ts'
import { clipEnd } from './types.ts'

/** Edits of single clips, and putting clips on a lane. */
interface Place {
  readonly lane: Lane
  readonly index: number
  readonly clip: Clip
}

export function findClip(draft: Draft, clipId: string): Place | null {
  for (const lane of draft.edl.lanes) {
    const index = lane.clips.findIndex((clip) => clip.id === clipId)
    const clip = lane.clips[index]
    if (clip !== undefined) return { lane, index, clip }
  }
  return null
}

function change(draft: Draft, place: Place, next: Clip): null {
  draft.replaceClips(place.lane.id, place.index, [place.clip], [next])
  return null
}

export function trimEdge(draft: Draft, clipId: string, edge: 'start' | 'end', to: Samples): EditError | null {
  const place = findClip(draft, clipId)
  if (place === null) return refuse('no-clip')
  const { clip, lane, index } = place
  const start = edge === 'start' ? to : clip.start
  const end = edge === 'end' ? to : clipEnd(clip)
  if (start === clip.start && end === clipEnd(clip)) return refuse('no-change')
  if (end <= start) return refuse('too-short')
  const offset = clip.offset + start - clip.start
  const source = draft.edl.sources.find((one) => one.id === clip.sourceId)
  if (offset < 0 || source === undefined || offset + end - start > source.length) return refuse('no-handle')
  const before = lane.clips[index - 1]
  const after = lane.clips[index + 1]
  if ((before !== undefined && clipEnd(before) > start) || (after !== undefined && after.start < end)) return refuse('overlap')
  const length = samples(end - start)
  const fadeIn = shorten(clip.fadeIn, edge === 'start' ? length - clip.fadeOut.length : length)
  const fadeOut = shorten(clip.fadeOut, length - fadeIn.length)
  return change(draft, place, { ...clip, start: samples(start), offset: samples(offset), length, fadeIn, fadeOut })
}

function shorten(fade: Fade, room: number): Fade {
  return fade.length <= room ? fade : { ...fade, length: samples(Math.max(0, room)) }
}

export function moveClip(draft: Draft, clipId: string, laneId: string, to: Samples): EditError | null {
  const place = findClip(draft, clipId)
  if (place === null) return refuse('no-clip')
  const target = draft.lane(laneId)
  if (target === undefined) return refuse('no-lane')
  const { clip } = place
  if (target.id === place.lane.id && to === clip.start) return refuse('no-change')
  if (to + clip.length > MAX_TIMELINE) return refuse('too-far')
  const others = target.clips.filter((other) => other.id !== clipId)
  const index = firstEndingAfter(others, to)
  const next = others[index]
  if (next !== undefined && next.start < to + clip.length) return refuse('overlap')
  draft.replaceClips(place.lane.id, place.index, [clip], [])
  draft.replaceClips(laneId, index, [], [{ ...clip, start: to }])
  return null
}

export function setGain(draft: Draft, clipId: string, gainDb: number): EditError | null {
  const place = findClip(draft, clipId)
  if (place === null) return refuse('no-clip')
  return place.clip.gainDb === gainDb ? refuse('no-change') : change(draft, place, { ...place.clip, gainDb })
}

export function setFade(draft: Draft, clipId: string, edge: 'in' | 'out', fade: Fade): EditError | null {
  const place = findClip(draft, clipId)
  if (place === null) return refuse('no-clip')
  const { clip } = place
  const old = edge === 'in' ? clip.fadeIn : clip.fadeOut
  const other = edge === 'in' ? clip.fadeOut : clip.fadeIn
  if (fade.length === old.length && fade.shape === old.shape) return refuse('no-change')
  if (fade.length + other.length > clip.length) return refuse('fade-too-long')
  return change(draft, place, edge === 'in' ? { ...clip, fadeIn: fade } : { ...clip, fadeOut: fade })
}

/** Puts clips on a lane so that the first begins at `at`. They keep their distances and get new ids. */
export function putClips(draft: Draft, clips: readonly Clip[], laneId: string, at: Samples, mode: PutMode, context: EditContext): EditError | null {
  if (draft.lane(laneId) === undefined) return refuse('no-lane')
  const ordered = [...clips].sort((a, b) => a.start - b.start)
  const first = ordered[0]
  if (first === undefined) return refuse('nothing-there')
  let end = first.start
  for (const clip of ordered) {
    const source = draft.edl.sources.find((one) => one.id === clip.sourceId)
    if (source === undefined || clip.length <= 0 || clip.offset + clip.length > source.length) return refuse('outside-source')
    if (clip.fadeIn.length + clip.fadeOut.length > clip.length) return refuse('fade-too-long')
    if (clip.start < end) return refuse('overlap')
    end = samples(clip.start + clip.length)
  }
  const span = end - first.start
  if (at + span > MAX_TIMELINE) return refuse('too-far')
  if (mode === 'insert') {
    if (draft.edl.lanes.some((lane) => (lane.clips.at(-1)?.start ?? 0) + span > MAX_TIMELINE)) return refuse('too-far')
    openRoom(draft, laneId, at, span, context)
  } else clearRange(draft, laneId, { start: at, end: samples(at + span) }, context.newId)
  const index = firstStartingAt(draft.lane(laneId)?.clips ?? [], at)
  draft.replaceClips(laneId, index, [], ordered.map((clip) => ({ ...clip, id: context.newId(), start: samples(at + clip.start - first.start) })))
  return null
}
