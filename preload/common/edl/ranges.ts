import type { Samples } from '../units/samples.ts'
import { samples } from '../units/samples.ts'
import type { EditContext } from './commands.ts'
import type { Draft, EditError } from './draft.ts'
import { clearRange, refuse, shiftFrom, splitAt } from './draft.ts'
import { removeFromMarkers } from './markers.ts'
import type { Range } from './types.ts'
import { edlLength } from './types.ts'

/** Edits of a range over chosen lanes. Each gives an error or null, and has changed the draft only when it gives null. */
export function checkRange(draft: Draft, range: Range, laneIds: readonly string[]): EditError | null {
  if (range.end <= range.start) return refuse('empty-range')
  return laneIds.every((id) => draft.lane(id) !== undefined) ? null : refuse('no-lane')
}

export function splitLanes(draft: Draft, at: Samples, laneIds: readonly string[], context: EditContext): EditError | null {
  if (!laneIds.every((id) => draft.lane(id) !== undefined)) return refuse('no-lane')
  let done = false
  for (const laneId of new Set(laneIds)) done = splitAt(draft, laneId, at, context.newId) || done
  return done ? null : refuse('nothing-to-split')
}

export function deleteRange(draft: Draft, range: Range, ripple: boolean, laneIds: readonly string[], context: EditContext): EditError | null {
  const wrong = checkRange(draft, range, laneIds)
  if (wrong !== null) return wrong
  const count = draft.patches.length
  for (const laneId of new Set(laneIds)) {
    clearRange(draft, laneId, range, context.newId)
    if (ripple) shiftFrom(draft, laneId, range.end, range.start - range.end)
  }
  if (draft.patches.length === count) return refuse('nothing-there')
  if (ripple) removeFromMarkers(draft, range)
  return null
}

/** Keeps the range alone: what lies before it goes and the rest moves to the beginning, so that a trimmed recording starts at once. */
export function trimTo(draft: Draft, range: Range, laneIds: readonly string[], context: EditContext): EditError | null {
  const wrong = checkRange(draft, range, laneIds)
  if (wrong !== null) return wrong
  const chosen = new Set(laneIds)
  const isEmpty = [...chosen].every((id) => {
    const clips = draft.lane(id)?.clips ?? []
    return !clips.some((clip) => clip.start < range.end && clip.start + clip.length > range.start)
  })
  if (isEmpty) return refuse('nothing-there')
  const end = edlLength(draft.edl)
  const count = draft.patches.length
  for (const laneId of chosen) {
    if (range.end < end) clearRange(draft, laneId, { start: range.end, end: samples(end) }, context.newId)
    if (range.start === 0) continue
    clearRange(draft, laneId, { start: samples(0), end: range.start }, context.newId)
    shiftFrom(draft, laneId, range.start, -range.start)
  }
  if (draft.patches.length === count) return refuse('no-change')
  const markersEnd = draft.edl.markers.reduce((last, marker) => Math.max(last, marker.at + marker.length), end) + 1
  removeFromMarkers(draft, { start: samples(range.end + 1), end: samples(Math.max(range.end + 1, markersEnd)) })
  if (range.start > 0) removeFromMarkers(draft, { start: samples(0), end: range.start })
  return null
}

export function silence(draft: Draft, range: Range, laneIds: readonly string[], context: EditContext): EditError | null {
  return deleteRange(draft, range, false, laneIds, context)
}
