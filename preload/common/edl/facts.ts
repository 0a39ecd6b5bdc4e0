import { samples } from '../units/samples.ts'
import type { Samples } from '../units/samples.ts'
import type { EditContext } from './commands.ts'
import type { Draft, EditError } from './draft.ts'
import { MAX_LANES, MAX_TIMELINE, refuse } from './draft.ts'
import { setMarkers } from './markers.ts'
import { laneFacts } from './patches.ts'
import type { LaneFacts } from './patches.ts'
import type { Duck, LaneRole, Marker, MarkerKind } from './types.ts'

/** Edits of lanes, markers, the master and the slot: what stands beside the clips. */
function setFacts(draft: Draft, laneId: string, change: (facts: LaneFacts) => LaneFacts | null): EditError | null {
  const lane = draft.lane(laneId)
  if (lane === undefined) return refuse('no-lane')
  const before = laneFacts(lane)
  const after = change(before)
  if (after === null) return refuse('no-change')
  draft.push({ kind: 'lane', laneId, before, after })
  return null
}

export function setLane(draft: Draft, { laneId, gainDb, mute, solo }: { laneId: string; gainDb: number; mute: boolean; solo: boolean }): EditError | null {
  return setFacts(draft, laneId, (facts) => (facts.gainDb === gainDb && facts.mute === mute && facts.solo === solo ? null : { ...facts, gainDb, mute, solo }))
}
export function renameLane(draft: Draft, laneId: string, name: string): EditError | null {
  return setFacts(draft, laneId, (facts) => (facts.name === name ? null : { ...facts, name }))
}
export function setRole(draft: Draft, laneId: string, role: LaneRole): EditError | null {
  return setFacts(draft, laneId, (facts) => (facts.role === role ? null : { ...facts, role }))
}

/** Without a duck the envelopes it wrote go; those that a hand has changed stay. */
export function setDuck(draft: Draft, laneId: string, duck: Duck | null): EditError | null {
  const lane = draft.lane(laneId)
  if (lane === undefined) return refuse('no-lane')
  if (duck === null ? lane.duck === null : lane.duck !== null && sameDuck(duck, lane.duck)) return refuse('no-change')
  if (duck !== null && duck.voiceLaneIds.some((id) => id === laneId || draft.lane(id) === undefined)) return refuse('no-lane')
  const wrong = setFacts(draft, laneId, (facts) => ({ ...facts, duck }))
  if (wrong !== null || duck !== null || lane.duck?.handEdited === true) return wrong
  if (lane.clips.some((clip) => clip.envelope.length > 0)) draft.replaceClips(laneId, 0, lane.clips, lane.clips.map((clip) => (clip.envelope.length === 0 ? clip : { ...clip, envelope: [] })))
  return null
}

const sameDuck = (a: Duck, b: Duck): boolean => a.voiceLaneIds.join() === b.voiceLaneIds.join() && a.reduceDb === b.reduceDb && a.attackMs === b.attackMs
  && a.holdMs === b.holdMs && a.releaseMs === b.releaseMs && a.handEdited === b.handEdited

export function addLane(draft: Draft, name: string, role: LaneRole, context: EditContext): EditError | null {
  if (draft.edl.lanes.length >= MAX_LANES) return refuse('too-many-lanes')
  draft.push({ kind: 'lanes', index: draft.edl.lanes.length, remove: [], insert: [{ id: context.newId(), name, clips: [], gainDb: 0, mute: false, solo: false, role, duck: null }] })
  return null
}

export function removeLane(draft: Draft, laneId: string): EditError | null {
  const index = draft.edl.lanes.findIndex((lane) => lane.id === laneId)
  const lane = draft.edl.lanes[index]
  if (lane === undefined) return refuse('no-lane')
  if (draft.edl.lanes.length === 1) return refuse('last-lane')
  for (const { id, duck } of draft.edl.lanes) {
    if (duck?.voiceLaneIds.includes(laneId) === true) setFacts(draft, id, (facts) => ({ ...facts, duck: { ...duck, voiceLaneIds: duck.voiceLaneIds.filter((voice) => voice !== laneId) } }))
  }
  const now = draft.edl.lanes[index] ?? lane
  draft.push({ kind: 'lanes', index, remove: [now], insert: [] })
  return null
}

export function addMarker(draft: Draft, wish: { at: number; length: number; label: string; kind?: MarkerKind | undefined; slideId?: string | null | undefined }, context: EditContext): EditError | null {
  if (wish.at + wish.length > MAX_TIMELINE) return refuse('too-far')
  const kind = wish.kind ?? 'marker'
  const marker: Marker = { id: context.newId(), at: samples(wish.at), length: samples(wish.length), label: wish.label, kind, slideId: kind === 'slide' ? (wish.slideId ?? null) : null }
  const found = draft.edl.markers.findIndex((other) => other.at > marker.at)
  draft.push({ kind: 'markers', index: found < 0 ? draft.edl.markers.length : found, remove: [], insert: [marker] })
  return null
}

export function setMarker(draft: Draft, wish: { markerId: string; at: Samples; length: Samples; label: string; slideId?: string | null | undefined }): EditError | null {
  const marker = draft.edl.markers.find((one) => one.id === wish.markerId)
  if (marker === undefined) return refuse('no-marker')
  if (wish.at + wish.length > MAX_TIMELINE) return refuse('too-far')
  const slideId = wish.slideId === undefined || marker.kind !== 'slide' ? marker.slideId : wish.slideId
  if (marker.at === wish.at && marker.length === wish.length && marker.label === wish.label && marker.slideId === slideId) return refuse('no-change')
  const next: Marker = { ...marker, at: wish.at, length: wish.length, label: wish.label, slideId }
  setMarkers(draft, draft.edl.markers.map((one) => (one === marker ? next : one)).sort((a, b) => a.at - b.at))
  return null
}

export function removeMarker(draft: Draft, markerId: string): EditError | null {
  const index = draft.edl.markers.findIndex((marker) => marker.id === markerId)
  const marker = draft.edl.markers[index]
  if (marker === undefined) return refuse('no-marker')
  draft.push({ kind: 'markers', index, remove: [marker], insert: [] })
  return null
}

export function setMaster(draft: Draft, after: { gainDb: number; limiter: boolean; ceilingDbtp: number }): EditError | null {
  const { master: before } = draft.edl
  const { gainDb, limiter, ceilingDbtp } = after
  if (before.gainDb === gainDb && before.limiter === limiter && before.ceilingDbtp === ceilingDbtp) return refuse('no-change')
  draft.push({ kind: 'master', before, after: { gainDb, limiter, ceilingDbtp } })
  return null
}

export function setSlot(draft: Draft, { startsAtSec, length }: { startsAtSec: number | null; length: Samples | null }): EditError | null {
  const { slot: before } = draft.edl
  if (before.startsAtSec === startsAtSec && before.length === length) return refuse('no-change')
  draft.push({ kind: 'slot', before, after: { startsAtSec, length } })
  return null
}
