import { samples } from '../units/samples.ts'
import { findClip, moveClip, putClips, setFade, setGain, trimEdge } from './clips.ts'
import type { Command, EditContext, PutMode } from './commands.ts'
import type { EditError } from './draft.ts'
import { Draft, MAX_LANES, MAX_TIMELINE, refuse } from './draft.ts'
import { invert, laneFacts } from './patches.ts'
import type { Patch } from './patches.ts'
import { deleteRange, silence, splitLanes, trimTo } from './ranges.ts'
import type { Edl, LaneRole, Marker, Source } from './types.ts'
import { plainClip } from './types.ts'

/** Names of steps in the history; the words are in the locales under `editor.edits`. */
export const editNames = [
  'insertItem', 'split', 'deleteRipple', 'deleteGap', 'trimTo', 'trimEdge', 'silence', 'move', 'paste', 'setGain', 'fadeIn', 'fadeOut', 'setLane', 'addLane', 'removeLane', 'addMarker', 'removeMarker',
] as const
export type EditName = (typeof editNames)[number]

export interface Edit {
  readonly name: EditName
  readonly patches: readonly Patch[]
  readonly inverse: readonly Patch[]
  /** The list after the edit, which `applyPatches` gives as well. */
  readonly edl: Edl
}

/** Makes one edit, or says why not. Total and pure but for the ids the context gives; the list given in is never changed. */
export function edit(edl: Edl, command: Command, context: EditContext): Edit | EditError {
  const draft = new Draft(edl)
  const wrong = run(draft, command, context)
  if (wrong !== null) return wrong
  return { name: nameOf(command), patches: draft.patches, inverse: invert(draft.patches), edl: draft.edl }
}

function nameOf(command: Command): EditName {
  if (command.op === 'deleteRange') return command.ripple ? 'deleteRipple' : 'deleteGap'
  if (command.op === 'setFade') return command.edge === 'in' ? 'fadeIn' : 'fadeOut'
  return command.op
}

function run(draft: Draft, command: Command, context: EditContext): EditError | null {
  switch (command.op) {
    case 'insertItem': return insertItem(draft, command, context)
    case 'split': return splitLanes(draft, command.at, command.laneIds, context)
    case 'deleteRange': return deleteRange(draft, command.range, command.ripple, command.laneIds, context)
    case 'trimTo': return trimTo(draft, command.range, command.laneIds, context)
    case 'trimEdge': return trimEdge(draft, command.clipId, command.edge, command.to)
    case 'silence': return silence(draft, command.range, command.laneIds, context)
    case 'move': return moveClip(draft, command.clipId, command.laneId, command.to)
    case 'paste': return putClips(draft, command.clips, command.laneId, command.at, command.mode, context)
    case 'setGain': return setGain(draft, command.clipId, command.gainDb)
    case 'setFade': return setFade(draft, command.clipId, command.edge, command.fade)
    case 'setLane': return setLane(draft, command)
    case 'addLane': return addLane(draft, command.name, command.role ?? 'other', context)
    case 'removeLane': return removeLane(draft, command.laneId)
    case 'addMarker': return addMarker(draft, command, context)
    case 'removeMarker': return removeMarker(draft, command.markerId)
  }
}

function insertItem(draft: Draft, command: { itemId: string; laneId: string; at: number; mode: PutMode }, context: EditContext): EditError | null {
  const facts = context.item(command.itemId)
  if (facts === null) return refuse('no-item')
  if (facts.length <= 0) return refuse('nothing-there')
  if (draft.lane(command.laneId) === undefined) return refuse('no-lane')
  if (command.at + facts.length > MAX_TIMELINE) return refuse('too-far')
  let source = draft.edl.sources.find((one) => one.itemId === facts.itemId && one.sha256 === facts.sha256)
  if (source === undefined) {
    const made: Source = { id: context.newId(), itemId: facts.itemId, title: facts.title, sha256: facts.sha256, channels: facts.channels, length: facts.length }
    draft.push({ kind: 'sources', index: draft.edl.sources.length, remove: [], insert: [made] })
    source = made
  }
  const none = { length: samples(0), shape: 'linear' } as const
  const { gainDb, ...plain } = plainClip
  const clip = { id: '', sourceId: source.id, start: samples(0), offset: samples(0), length: source.length, gainDb, fadeIn: none, fadeOut: none, ...plain }
  return putClips(draft, [clip], command.laneId, samples(command.at), command.mode, context)
}

function setLane(draft: Draft, command: { laneId: string; gainDb: number; mute: boolean; solo: boolean }): EditError | null {
  const lane = draft.lane(command.laneId)
  if (lane === undefined) return refuse('no-lane')
  const { gainDb, mute, solo } = lane
  if (gainDb === command.gainDb && mute === command.mute && solo === command.solo) return refuse('no-change')
  draft.push({ kind: 'lane', laneId: lane.id, before: laneFacts(lane), after: { ...laneFacts(lane), gainDb: command.gainDb, mute: command.mute, solo: command.solo } })
  return null
}

function addLane(draft: Draft, name: string, role: LaneRole, context: EditContext): EditError | null {
  if (draft.edl.lanes.length >= MAX_LANES) return refuse('too-many-lanes')
  draft.push({ kind: 'lanes', index: draft.edl.lanes.length, remove: [], insert: [{ id: context.newId(), name, clips: [], gainDb: 0, mute: false, solo: false, role, duck: null }] })
  return null
}

function removeLane(draft: Draft, laneId: string): EditError | null {
  const index = draft.edl.lanes.findIndex((lane) => lane.id === laneId)
  const lane = draft.edl.lanes[index]
  if (lane === undefined) return refuse('no-lane')
  if (draft.edl.lanes.length === 1) return refuse('last-lane')
  draft.push({ kind: 'lanes', index, remove: [lane], insert: [] })
  return null
}

function addMarker(draft: Draft, command: { at: number; length: number; label: string }, context: EditContext): EditError | null {
  if (command.at + command.length > MAX_TIMELINE) return refuse('too-far')
  const marker: Marker = { id: context.newId(), at: samples(command.at), length: samples(command.length), label: command.label, kind: 'marker', slideId: null }
  const found = draft.edl.markers.findIndex((other) => other.at > marker.at)
  draft.push({ kind: 'markers', index: found < 0 ? draft.edl.markers.length : found, remove: [], insert: [marker] })
  return null
}

function removeMarker(draft: Draft, markerId: string): EditError | null {
  const index = draft.edl.markers.findIndex((marker) => marker.id === markerId)
  const marker = draft.edl.markers[index]
  if (marker === undefined) return refuse('no-marker')
  draft.push({ kind: 'markers', index, remove: [marker], insert: [] })
  return null
}

/** The lane and clip of an id, for views. */
export function clipById(edl: Edl, clipId: string): { readonly laneId: string; readonly clip: Edl['lanes'][number]['clips'][number] } | null {
  const place = findClip(new Draft(edl), clipId)
  return place === null ? null : { laneId: place.lane.id, clip: place.clip }
}
