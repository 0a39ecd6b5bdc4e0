import { samples } from '../units/samples.ts'
import type { Samples } from '../units/samples.ts'
import type { EditContext } from './commands.ts'
import type { Draft, EditError } from './draft.ts'
import { clearRange, MAX_TIMELINE, refuse } from './draft.ts'
import { rejoin } from './joints.ts'
import { freshClip, sourceOf } from './put.ts'
import { areJoined, firstEndingAfter, firstStartingAt } from './slice.ts'
import type { Alternative, Clip } from './types.ts'
import { clipEnd } from './types.ts'

const MAX_ALTERNATIVES = 50

/**
 * A new take over the old one from exactly `at`. The old sound goes under it and stays with it as an alternative: where it was cut into several
 * clips, so is the new one (joints that play as if uncut), because an alternative has the length of its clip. At both ends the two takes
 * cross over `crossfade` samples, or as much as there is.
 */
export function punch(draft: Draft, laneId: string, at: Samples, itemId: string, crossfade: Samples, context: EditContext): EditError | null {
  const lane = draft.lane(laneId)
  if (lane === undefined) return refuse('no-lane')
  const facts = context.item(itemId)
  if (facts === null) return refuse('no-item')
  if (facts.length <= 0) return refuse('nothing-there')
  const end = samples(at + facts.length)
  if (end > MAX_TIMELINE) return refuse('too-far')
  const source = sourceOf(draft, facts, context)
  const old = lane.clips.slice(firstEndingAfter(lane.clips, at), firstStartingAt(lane.clips, end))
  const pieces = piecesOver(draft, old, at, end).map((piece): Clip => ({
    ...freshClip(source.id, piece.start - at, piece.end - piece.start), id: context.newId(), start: samples(piece.start), alternatives: piece.alternatives,
  }))
  clearRange(draft, laneId, { start: at, end }, context.newId)
  const index = firstStartingAt(draft.lane(laneId)?.clips ?? [], at)
  draft.replaceClips(laneId, index, [], pieces)
  cross(draft, laneId, index + pieces.length - 1, end, crossfade, 'out')
  cross(draft, laneId, index - 1, at, crossfade, 'in')
  return null
}

interface Piece {
  readonly start: number
  readonly end: number
  readonly alternatives: readonly Alternative[]
}

function piecesOver(draft: Draft, old: readonly Clip[], at: number, end: number): Piece[] {
  const pieces: Piece[] = []
  let done = at
  old.forEach((clip, n) => {
    const from = Math.max(done, clip.start)
    const left = draft.lengthOf(clip.sourceId) - clip.offset - clip.length
    // The last old clip reaches to the end of the new take where its source goes on that far.
    const to = n === old.length - 1 && clipEnd(clip) + left >= end ? end : Math.min(end, clipEnd(clip))
    if (to <= from) return
    if (from > done) pieces.push({ start: done, end: from, alternatives: [] })
    pieces.push({ start: from, end: to, alternatives: alternativesOf(draft, clip, from, to) })
    done = to
  })
  if (done < end) pieces.push({ start: done, end, alternatives: [] })
  return pieces
}

function alternativesOf(draft: Draft, clip: Clip, from: number, to: number): Alternative[] {
  const shift = from - clip.start
  const title = draft.edl.sources.find((source) => source.id === clip.sourceId)?.title ?? ''
  const own = { sourceId: clip.sourceId, offset: clip.offset, title: title.slice(0, 200) }
  return [own, ...clip.alternatives].map((other) => ({ ...other, offset: samples(other.offset + shift) }))
    .filter((other) => other.offset + to - from <= draft.lengthOf(other.sourceId)).slice(0, MAX_ALTERNATIVES)
}

/** A crossfade of at most `wanted` at a cut: at the punch-in the old take goes on under the new one, at the punch-out it is back early. */
function cross(draft: Draft, laneId: string, index: number, at: number, wanted: number, punch: 'in' | 'out'): void {
  const lane = draft.lane(laneId)
  const left = lane?.clips[index]
  const right = lane?.clips[index + 1]
  if (lane === undefined || left === undefined || right === undefined || clipEnd(left) !== at || right.start !== at) return
  const isIn = punch === 'in'
  const held = { left: areJoined(lane.clips[index - 1], left) ? left.fadeIn.length : 0, right: areJoined(right, lane.clips[index + 2]) ? right.fadeOut.length : 0 }
  const handle = isIn ? draft.lengthOf(left.sourceId) - left.offset - left.length : right.offset
  const room = isIn ? right.length - held.right : left.length - held.left
  const length = Math.min(wanted, handle, Math.floor(room / 2))
  if (length <= 0) return
  const joint = isIn ? { leftEnd: at + length, rightStart: at } : { leftEnd: at, rightStart: at - length }
  rejoin(draft, lane, index, { ...joint, outShape: 'equalPower', inShape: 'equalPower' })
}
