import type { Samples } from '../units/samples.ts'
import type { Draft, EditError } from './draft.ts'
import { refuse } from './draft.ts'
import { areJoined, firstStartingAt, recut, withFade } from './slice.ts'
import type { Clip, Fade, FadeShape, Lane } from './types.ts'
import { clipEnd } from './types.ts'

/** Places where two clips of a lane meet: cuts and crossfades. */

/** Fades of a clip after its edges changed: those that belong to a crossfade stay, plain ones give way. Null when there is no room. */
export function fitFades(clip: Clip, fixed: { in: boolean; out: boolean }): Clip | null {
  const room = clip.length
  const held = (fixed.in ? clip.fadeIn.length : 0) + (fixed.out ? clip.fadeOut.length : 0)
  if (held > room) return null
  const fadeIn = fixed.in ? clip.fadeIn : withFade(clip.fadeIn, Math.min(clip.fadeIn.length, fixed.out ? room - clip.fadeOut.length : room))
  const fadeOut = fixed.out ? clip.fadeOut : withFade(clip.fadeOut, Math.min(clip.fadeOut.length, room - fadeIn.length))
  return { ...clip, fadeIn, fadeOut }
}

/** Why a clip cannot have these edges in its source, or null. */
export function edgesRefused(draft: Draft, clip: Clip, start: number, end: number): EditError | null {
  if (end <= start) return refuse('too-short')
  const offset = clip.offset + start - clip.start
  return start < 0 || offset < 0 || offset + end - start > draft.lengthOf(clip.sourceId) ? refuse('no-handle') : null
}

/** Gives the two clips of a joint new edges there; where they overlap then, both fade over just that long. */
export function rejoin(draft: Draft, lane: Lane, index: number, joint: { leftEnd: number; rightStart: number; outShape: FadeShape; inShape: FadeShape }): EditError | null {
  const left = lane.clips[index]
  const right = lane.clips[index + 1]
  if (left === undefined || right === undefined) return refuse('no-joint')
  const { leftEnd, rightStart } = joint
  const wrong = edgesRefused(draft, left, left.start, leftEnd) ?? edgesRefused(draft, right, rightStart, clipEnd(right))
  if (wrong !== null) return wrong
  const overlap = Math.max(0, leftEnd - rightStart)
  const faded = (fade: Fade, shape: FadeShape): Fade => withFade({ ...fade, shape }, overlap)
  const newLeft = fitFades({ ...recut(left, left.start, leftEnd, draft.lengthOf), fadeOut: faded(left.fadeOut, joint.outShape) }, { in: areJoined(lane.clips[index - 1], left), out: true })
  const newRight = fitFades({ ...recut(right, rightStart, clipEnd(right), draft.lengthOf), fadeIn: faded(right.fadeIn, joint.inShape) }, { in: true, out: areJoined(right, lane.clips[index + 2]) })
  if (newLeft === null || newRight === null) return refuse('fade-too-long')
  draft.replaceClips(lane.id, index, [left, right], [newLeft, newRight])
  return null
}

/**
 * A crossfade of `length` about the cut (or the middle of the crossfade) at `at`: both clips reach into unused sound of their sources, to one
 * side more than to the other where that side has less. Length 0 makes a cut of it.
 */
export function crossfade(draft: Draft, laneId: string, at: Samples, length: Samples, shape: FadeShape): EditError | null {
  const lane = draft.lane(laneId)
  if (lane === undefined) return refuse('no-lane')
  // The right clip of the joint begins last of those that begin at or before the place.
  const index = firstStartingAt(lane.clips, at + 1) - 2
  const left = lane.clips[index]
  const right = lane.clips[index + 1]
  if (left === undefined || right === undefined || clipEnd(left) < right.start || clipEnd(left) < at) return refuse('no-joint')
  const isJoined = areJoined(left, right)
  if (!isJoined && length === 0) return refuse('no-change')
  const middle = Math.floor((right.start + clipEnd(left)) / 2)
  if (length === 0) return rejoin(draft, lane, index, { leftEnd: middle, rightStart: middle, outShape: left.fadeOut.shape, inShape: right.fadeIn.shape })
  if (isJoined && clipEnd(left) - right.start === length && left.fadeOut.shape === shape && right.fadeIn.shape === shape) return refuse('no-change')
  const latest = left.start + draft.lengthOf(left.sourceId) - left.offset
  const earliest = Math.max(0, right.start - right.offset)
  if (latest - earliest < length) return refuse('no-handle')
  const rightStart = Math.max(earliest, Math.min(middle - Math.floor(length / 2), latest - length))
  return rejoin(draft, lane, index, { leftEnd: rightStart + length, rightStart, outShape: shape, inShape: shape })
}

/** Takes a clip out of its lane; crossfades it had become plain edges of its neighbours. Gives the clip without them. */
export function takeOut(draft: Draft, lane: Lane, index: number): Clip | null {
  const clip = lane.clips[index]
  if (clip === undefined) return null
  const before = lane.clips[index - 1]
  const after = lane.clips[index + 1]
  const first = before !== undefined && areJoined(before, clip) ? before : undefined
  const last = after !== undefined && areJoined(clip, after) ? after : undefined
  const remove = [...(first === undefined ? [] : [first]), clip, ...(last === undefined ? [] : [last])]
  const insert = [
    ...(first === undefined ? [] : [{ ...first, fadeOut: withFade(first.fadeOut, 0) }]),
    ...(last === undefined ? [] : [{ ...last, fadeIn: withFade(last.fadeIn, 0) }]),
  ]
  draft.replaceClips(lane.id, first === undefined ? index : index - 1, remove, insert)
  return { ...clip, fadeIn: first === undefined ? clip.fadeIn : withFade(clip.fadeIn, 0), fadeOut: last === undefined ? clip.fadeOut : withFade(clip.fadeOut, 0) }
}
