import { applyPatches } from './patches.ts'
import type { Patch } from './patches.ts'
import { clipsWithin, firstEndingAfter, firstStartingAt, joinAt, lengthsOf, partJoin, sliceClip } from './slice.ts'
import type { LengthOf } from './slice.ts'
import type { Clip, Edl, Lane, Range } from './types.ts'
import { clipEnd } from './types.ts'

/** Why an edit was not made; the texts are in the locales under `editor.refusals`. */
export type EditRefusal =
  | 'no-lane' | 'no-clip' | 'no-marker' | 'no-item' | 'empty-range' | 'nothing-there' | 'nothing-to-split' | 'no-handle' | 'too-short' | 'overlap' | 'outside-source'
  | 'fade-too-long' | 'too-far' | 'too-many-lanes' | 'last-lane' | 'no-change' | 'no-joint' | 'outside-clip' | 'no-alternative' | 'no-original'

export interface EditError {
  readonly refused: EditRefusal
  /** Which command of a batch it was. */
  readonly index?: number
}

export const refuse = (refused: EditRefusal): EditError => ({ refused })

/** A week of sound: later positions are a mistake, not a programme. */
export const MAX_TIMELINE = 7 * 86_400 * 48_000
export const MAX_LANES = 8

/** Collects the patches of one edit while the list changes under it. */
export class Draft {
  edl: Edl
  readonly patches: Patch[] = []
  readonly lengthOf: LengthOf = (sourceId) => lengthsOf(this.edl)(sourceId)

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

  /** Takes back what was done since the list was `edl` and there were `patches` patches. */
  rewind(edl: Edl, patches: number): void {
    this.edl = edl
    this.patches.length = patches
  }
}

/** What a clipboard holds of one lane: its clips as they sound inside the range. Places and ids are those of the list. */
export function copyRange(edl: Edl, laneId: string, range: Range): Clip[] {
  const clips = edl.lanes.find((lane) => lane.id === laneId)?.clips ?? []
  return clipsWithin(clips, range.start, range.end, lengthsOf(edl))
}

/** Ends the left clip of a crossfade at `at` and begins the right one there, when `at` lies in one. */
function partAt(draft: Draft, laneId: string, at: number): boolean {
  const clips = draft.lane(laneId)?.clips ?? []
  const index = joinAt(clips, at)
  const left = clips[index]
  const right = clips[index + 1]
  if (left === undefined || right === undefined) return false
  draft.replaceClips(laneId, index, [left, right], partJoin(left, right, at, draft.lengthOf))
  return true
}

/** Takes everything of a lane inside the range away; nothing moves. True when something was there. */
export function clearRange(draft: Draft, laneId: string, range: Range, newId: () => string): boolean {
  const lane = draft.lane(laneId)
  if (lane === undefined) return false
  if (firstEndingAfter(lane.clips, range.start) >= firstStartingAt(lane.clips, range.end)) return false
  partAt(draft, laneId, range.start)
  partAt(draft, laneId, range.end)
  const clips = draft.lane(laneId)?.clips ?? []
  const from = firstEndingAfter(clips, range.start)
  const touched = clips.slice(from, firstStartingAt(clips, range.end))
  const kept: Clip[] = []
  for (const clip of touched) {
    const hasHead = clip.start < range.start
    if (hasHead) kept.push(sliceClip(clip, clip.start, range.start, draft.lengthOf))
    if (clipEnd(clip) > range.end) kept.push(sliceClip(clip, range.end, clipEnd(clip), draft.lengthOf, hasHead ? newId() : clip.id))
  }
  draft.replaceClips(laneId, from, touched, kept)
  return true
}

/** Splits the clip that lies across `at`, if there is one; a crossfade there becomes a cut. */
export function splitAt(draft: Draft, laneId: string, at: number, newId: () => string): boolean {
  if (partAt(draft, laneId, at)) return true
  const clips = draft.lane(laneId)?.clips ?? []
  const index = firstEndingAfter(clips, at)
  const clip = clips[index]
  if (clip === undefined || clip.start >= at) return false
  draft.replaceClips(laneId, index, [clip], [sliceClip(clip, clip.start, at, draft.lengthOf), sliceClip(clip, at, clipEnd(clip), draft.lengthOf, newId())])
  return true
}

/** Moves all clips of a lane that start at or after `at`. */
export function shiftFrom(draft: Draft, laneId: string, at: number, by: number): void {
  shiftClips(draft, laneId, firstStartingAt(draft.lane(laneId)?.clips ?? [], at), by)
}

export function shiftClips(draft: Draft, laneId: string, index: number, by: number): void {
  if (by !== 0 && index < (draft.lane(laneId)?.clips.length ?? 0)) draft.push({ kind: 'shift', laneId, index, by })
}
