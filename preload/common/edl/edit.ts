import { findClip, level, setEnvelope, setFade, setGain, trimEdge, useAlternative } from './clips.ts'
import type { Batch, Command, EditContext, SingleCommand } from './commands.ts'
import type { EditError, EditRefusal } from './draft.ts'
import { Draft, refuse } from './draft.ts'
import { followVoice } from './duck.ts'
import { addLane, addMarker, removeLane, removeMarker, renameLane, setDuck, setLane, setMarker, setMaster, setRole, setSlot } from './facts.ts'
import { crossfade } from './joints.ts'
import { withMarkersOnce } from './markers.ts'
import { duplicate, moveClip } from './moves.ts'
import { invert } from './patches.ts'
import type { Patch } from './patches.ts'
import { punch } from './punch.ts'
import { insertItem, pasteLanes, putClips } from './put.ts'
import { deleteRange, silence, splitLanes, trimTo } from './ranges.ts'
import { replaceClip, revertClip } from './replace.ts'
import { shiftTogether } from './shift.ts'
import type { Edl } from './types.ts'

/**
 * Names of steps in the history; the words are in the locales under `editor.edits`. A batch brings its own: the last line has those of the
 * windows and rooms.
 */
export const editNames = [
  'insertItem', 'split', 'deleteRipple', 'deleteGap', 'trimTo', 'trimEdge', 'silence', 'move', 'shift', 'duplicate', 'crossfade', 'removeCrossfade', 'paste', 'setGain', 'fadeIn', 'fadeOut', 'setEnvelope',
  'level', 'punch', 'useAlternative', 'replaceClip', 'revertClip', 'setLane', 'renameLane', 'setRole', 'setDuck', 'addLane', 'removeLane', 'addMarker', 'setMarker', 'removeMarker', 'setMaster', 'setSlot',
  'assemble', 'tightenPauses', 'trimEnds', 'levelAll', 'cleanUp', 'stretch', 'fit', 'batch',
] as const
export type EditName = (typeof editNames)[number]

export interface Edit {
  /** One of `editNames`, or whatever a batch was called. */
  readonly name: string
  readonly patches: readonly Patch[]
  readonly inverse: readonly Patch[]
  /** The list after the edit, which `applyPatches` gives as well. */
  readonly edl: Edl
}

/** Makes one edit, or says why not. Total and pure but for the ids the context gives; the list given in is never changed. */
export function edit(edl: Edl, command: Command, context: EditContext): Edit | EditError {
  const draft = new Draft(edl)
  const wrong = command.op === 'batch' ? runAll(draft, command, context) : run(draft, command, context)
  if (wrong !== null) return wrong
  followVoice(draft, edl, context)
  const patches = withMarkersOnce(draft.patches, edl, draft.edl)
  return { name: nameOf(command), patches, inverse: invert(patches), edl: draft.edl }
}

function nameOf(command: Command): string {
  switch (command.op) {
    case 'deleteRange': return command.ripple ? 'deleteRipple' : 'deleteGap'
    case 'setFade': return command.edge === 'in' ? 'fadeIn' : 'fadeOut'
    case 'crossfade': return command.length === 0 ? 'removeCrossfade' : 'crossfade'
    case 'pasteLanes': return 'paste'
    case 'batch': return command.name
    default: return command.op
  }
}

/** What a batch passes over: there was nothing to do for this one. */
const idle: ReadonlySet<EditRefusal> = new Set(['no-change', 'nothing-there', 'nothing-to-split'])

function runAll(draft: Draft, { commands }: Batch, context: EditContext): EditError | null {
  let first: EditError | null = null
  for (const [index, command] of commands.entries()) {
    const { edl, patches } = draft
    const count = patches.length
    const wrong = run(draft, command, context)
    if (wrong === null) continue
    draft.rewind(edl, count)
    if (!idle.has(wrong.refused)) return { ...wrong, index }
    first ??= wrong
  }
  return draft.patches.length > 0 ? null : (first ?? refuse('no-change'))
}

function run(draft: Draft, command: SingleCommand, context: EditContext): EditError | null {
  switch (command.op) {
    case 'insertItem': return insertItem(draft, command, context)
    case 'split': return splitLanes(draft, command.at, command.laneIds, context)
    case 'deleteRange': return deleteRange(draft, command.range, command.ripple, command.laneIds, context)
    case 'trimTo': return trimTo(draft, command.range, command.laneIds, context)
    case 'trimEdge': return trimEdge(draft, command.clipId, command.edge, command.to, command.over ?? 'refuse')
    case 'silence': return silence(draft, command.range, command.laneIds, context)
    case 'move': return moveClip(draft, command.clipId, command.laneId, command.to, command.mode ?? 'refuse', context.newId)
    case 'shift': return shiftTogether(draft, command.clipIds, command.by)
    case 'duplicate': return duplicate(draft, command.clipId, context.newId)
    case 'crossfade': return crossfade(draft, command.laneId, command.at, command.length, command.shape)
    case 'paste': return putClips(draft, command.clips, command.laneId, command.at, command.mode, context)
    case 'pasteLanes': return pasteLanes(draft, command.lanes, command.sources, command.at, command.length, command.mode, context)
    case 'setGain': return setGain(draft, command.clipId, command.gainDb)
    case 'setFade': return setFade(draft, command.clipId, command.edge, command.fade)
    case 'setEnvelope': return setEnvelope(draft, command.clipId, command.points)
    case 'level': return level(draft, command.clipId, command.gainDb, command.loudness)
    case 'punch': return punch(draft, command.laneId, command.at, command.itemId, command.crossfade, context)
    case 'useAlternative': return useAlternative(draft, command.clipId, command.index)
    case 'replaceClip': return replaceClip(draft, command.clipId, command.itemId, command.offset, command.length, context)
    case 'revertClip': return revertClip(draft, command.clipId)
    case 'setLane': return setLane(draft, command)
    case 'renameLane': return renameLane(draft, command.laneId, command.name)
    case 'setRole': return setRole(draft, command.laneId, command.role)
    case 'setDuck': return setDuck(draft, command.laneId, command.duck)
    case 'addLane': return addLane(draft, command.name, command.role ?? 'other', context)
    case 'removeLane': return removeLane(draft, command.laneId)
    case 'addMarker': return addMarker(draft, command, context)
    case 'setMarker': return setMarker(draft, command)
    case 'removeMarker': return removeMarker(draft, command.markerId)
    case 'setMaster': return setMaster(draft, command)
    case 'setSlot': return setSlot(draft, command)
  }
}

/** The lane and clip of an id, for views. */
export function clipById(edl: Edl, clipId: string): { readonly laneId: string; readonly clip: Edl['lanes'][number]['clips'][number] } | null {
  const place = findClip(new Draft(edl), clipId)
  return place === null ? null : { laneId: place.lane.id, clip: place.clip }
}
