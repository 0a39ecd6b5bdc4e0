import { samples } from '../units/samples.ts'
import type { Samples } from '../units/samples.ts'
import { changeClip, findClip } from './clips.ts'
import type { MoveMode } from './commands.ts'
import type { Draft, EditError } from './draft.ts'
import { clearRange, MAX_TIMELINE, refuse, shiftClips, splitAt } from './draft.ts'
import { fitFades, takeOut } from './joints.ts'
import { carryMarkers, openMarkers } from './markers.ts'
import { areJoined, firstEndingAfter, firstStartingAt, withFade } from './slice.ts'
import type { Clip, Fade, Lane } from './types.ts'
import { clipEnd } from './types.ts'

/** Clips that go elsewhere. */
export function moveClip(draft: Draft, clipId: string, laneId: string, to: Samples, mode: MoveMode, newId: () => string): EditError | null {
  const place = findClip(draft, clipId)
  if (place === null) return refuse('no-clip')
  if (draft.lane(laneId) === undefined) return refuse('no-lane')
  const { clip, lane, index } = place
  if (laneId === lane.id && to === clip.start) return refuse('no-change')
  if (to + clip.length > MAX_TIMELINE) return refuse('too-far')
  const { edl, patches } = draft
  const count = patches.length
  const taken = takeOut(draft, lane, index)
  if (taken === null) return refuse('no-clip')
  const wrong = mode === 'ripple' ? ripple(draft, lane, index, taken, laneId, to, newId) : put(draft, laneId, { ...taken, start: to }, mode, clip, newId)
  if (wrong !== null) draft.rewind(edl, count)
  return wrong
}

function put(draft: Draft, laneId: string, clip: Clip, mode: 'refuse' | 'crossfade' | 'overwrite', was: Clip, newId: () => string): EditError | null {
  if (mode === 'overwrite') clearRange(draft, laneId, { start: clip.start, end: samples(clipEnd(clip)) }, newId)
  const clips = draft.lane(laneId)?.clips ?? []
  const from = firstEndingAfter(clips, clip.start)
  const inWay = clips.slice(from, firstStartingAt(clips, clipEnd(clip)))
  if (inWay.length === 0) {
    draft.replaceClips(laneId, from, [], [clip])
    return null
  }
  return mode === 'crossfade' ? putAcross(draft, laneId, from, inWay, clip, was) : refuse('overlap')
}

/** Between two neighbours that it overlaps: each overlap becomes a crossfade. */
function putAcross(draft: Draft, laneId: string, from: number, inWay: readonly Clip[], clip: Clip, was: Clip): EditError | null {
  const clips = draft.lane(laneId)?.clips ?? []
  const first = inWay[0]
  const last = inWay.at(-1)
  const left = first !== undefined && first.start < clip.start && clipEnd(first) < clipEnd(clip) ? first : undefined
  const right = last !== undefined && last.start > clip.start && clipEnd(last) > clipEnd(clip) ? last : undefined
  const sides = (left === undefined ? 0 : 1) + (right === undefined ? 0 : 1)
  if (sides !== inWay.length || (left !== undefined && right !== undefined && clipEnd(left) > right.start)) return refuse('overlap')
  const shaped = (fade: Fade, length: number, old: Fade): Fade => withFade({ ...fade, shape: old.length > 0 ? old.shape : 'equalPower' }, length)
  const overLeft = left === undefined ? 0 : clipEnd(left) - clip.start
  const overRight = right === undefined ? 0 : clipEnd(clip) - right.start
  const middle = fitFades({
    ...clip,
    fadeIn: left === undefined ? clip.fadeIn : shaped(clip.fadeIn, overLeft, was.fadeIn),
    fadeOut: right === undefined ? clip.fadeOut : shaped(clip.fadeOut, overRight, was.fadeOut),
  }, { in: left !== undefined, out: right !== undefined })
  if (middle === null) return refuse('fade-too-long')
  const parts: Clip[] = [middle]
  if (left !== undefined) {
    const fitted = fitFades({ ...left, fadeOut: withFade({ ...left.fadeOut, shape: middle.fadeIn.shape }, overLeft) }, { in: areJoined(clips[from - 1], left), out: true })
    if (fitted === null) return refuse('fade-too-long')
    parts.unshift(fitted)
  }
  if (right !== undefined) {
    const fitted = fitFades({ ...right, fadeIn: withFade({ ...right.fadeIn, shape: middle.fadeOut.shape }, overRight) }, { in: true, out: areJoined(right, clips[from + inWay.length]) })
    if (fitted === null) return refuse('fade-too-long')
    parts.push(fitted)
  }
  draft.replaceClips(laneId, from, inWay, parts)
  return null
}

/** The lane closes up behind the clip and opens where it goes; its markers go along. */
function ripple(draft: Draft, lane: Lane, index: number, clip: Clip, laneId: string, to: Samples, newId: () => string): EditError | null {
  const left = lane.clips[index - 1]
  const right = lane.clips[index + 1]
  const freedFrom = Math.max(clip.start, left === undefined ? 0 : clipEnd(left))
  const gap = right === undefined ? 0 : Math.max(0, Math.min(clipEnd(clip), right.start) - freedFrom)
  shiftClips(draft, lane.id, index, -gap)
  const last = draft.lane(laneId)?.clips.at(-1)
  if (last !== undefined && clipEnd(last) > to) {
    if (clipEnd(last) + clip.length > MAX_TIMELINE) return refuse('too-far')
    splitAt(draft, laneId, to, newId)
    shiftClips(draft, laneId, firstStartingAt(draft.lane(laneId)?.clips ?? [], to), clip.length)
  }
  const clips = draft.lane(laneId)?.clips ?? []
  draft.replaceClips(laneId, firstStartingAt(clips, to), [], [{ ...clip, start: to }])
  if (laneId === lane.id) {
    carryMarkers(draft, (at) => {
      if (at >= clip.start && at < clipEnd(clip)) return to + at - clip.start
      const closed = at >= clipEnd(clip) ? at - gap : at
      return closed >= to ? closed + clip.length : closed
    })
  }
  return null
}

/** The same clip once more, right behind it; what follows makes room where there is none. */
export function duplicate(draft: Draft, clipId: string, newId: () => string): EditError | null {
  const place = findClip(draft, clipId)
  if (place === null) return refuse('no-clip')
  const { clip, lane, index } = place
  const before = lane.clips[index - 1]
  const after = lane.clips[index + 1]
  const end = clipEnd(clip)
  const last = lane.clips.at(-1)
  if (end + clip.length > MAX_TIMELINE || (last !== undefined && clipEnd(last) + clip.length > MAX_TIMELINE)) return refuse('too-far')
  const isJoined = areJoined(clip, after)
  // A crossfade behind the clip goes over to its double.
  const copy: Clip = { ...clip, id: newId(), start: samples(end), fadeIn: areJoined(before, clip) ? withFade(clip.fadeIn, 0) : clip.fadeIn }
  if (after !== undefined && (isJoined || after.start < end + clip.length)) {
    const by = isJoined ? clip.length : end + clip.length - after.start
    shiftClips(draft, lane.id, index + 1, by)
    openMarkers(draft, end, by)
  }
  if (isJoined) changeClip(draft, place, { ...clip, fadeOut: withFade(clip.fadeOut, 0) })
  draft.replaceClips(lane.id, index + 1, [], [copy])
  return null
}
