import { samples } from '../units/samples.ts'
import type { Draft, EditError } from './draft.ts'
import { MAX_TIMELINE, refuse } from './draft.ts'
import { areJoined, withFade } from './slice.ts'
import type { Clip, Lane } from './types.ts'
import { clipEnd } from './types.ts'

/**
 * Several clips by so many samples at once, each on its lane: what stands together goes together, crossfades among them included. A crossfade with a
 * clip that stays becomes two plain edges. Refused where one would lie over a clip that stays. Markers stay.
 */
export function shiftTogether(draft: Draft, clipIds: readonly string[], by: number): EditError | null {
  const chosen = new Set(clipIds)
  const lanes = draft.edl.lanes.filter((lane) => lane.clips.some((clip) => chosen.has(clip.id)))
  if (lanes.reduce((sum, lane) => sum + lane.clips.filter((clip) => chosen.has(clip.id)).length, 0) < chosen.size) return refuse('no-clip')
  if (by === 0 || lanes.length === 0) return refuse('no-change')
  const { edl, patches } = draft
  const count = patches.length
  for (const lane of lanes) {
    const wrong = shiftOnLane(draft, lane, chosen, by)
    if (wrong === null) continue
    draft.rewind(edl, count)
    return wrong
  }
  return null
}

function shiftOnLane(draft: Draft, lane: Lane, chosen: ReadonlySet<string>, by: number): EditError | null {
  const isApart = (left: Clip | undefined, right: Clip | undefined): boolean => areJoined(left, right) && chosen.has(left?.id ?? '') !== chosen.has(right?.id ?? '')
  if (lane.clips.some((clip) => chosen.has(clip.id) && (clip.start + by < 0 || clipEnd(clip) + by > MAX_TIMELINE))) return refuse('too-far')
  const placed = lane.clips.map((clip, n): Clip => {
    const fadeIn = isApart(lane.clips[n - 1], clip) ? withFade(clip.fadeIn, 0) : clip.fadeIn
    const fadeOut = isApart(clip, lane.clips[n + 1]) ? withFade(clip.fadeOut, 0) : clip.fadeOut
    const start = chosen.has(clip.id) ? samples(clip.start + by) : clip.start
    return start === clip.start && fadeIn === clip.fadeIn && fadeOut === clip.fadeOut ? clip : { ...clip, start, fadeIn, fadeOut }
  })
  const rank = new Map(lane.clips.map((clip, n) => [clip.id, n]))
  const next = placed.toSorted((a, b) => a.start - b.start)
  const isLying = next.some((clip, n) => {
    const before = next[n - 1]
    if (before === undefined || clipEnd(before) <= clip.start) return false
    // Only crossfades that were there, both sides of which went or stayed together.
    return chosen.has(before.id) !== chosen.has(clip.id) || (rank.get(clip.id) ?? 0) - (rank.get(before.id) ?? 0) !== 1
  })
  if (isLying) return refuse('overlap')
  const first = next.findIndex((clip, n) => clip !== lane.clips[n])
  const last = next.findLastIndex((clip, n) => clip !== lane.clips[n]) + 1
  draft.replaceClips(lane.id, first, lane.clips.slice(first, last), next.slice(first, last))
  return null
}
