import { samples } from '../units/samples.ts'
import type { Clip, Edl, Lane, Marker, Master, ProgrammeSlot, Source } from './types.ts'

export type LaneFacts = Pick<Lane, 'name' | 'gainDb' | 'mute' | 'solo' | 'role' | 'duck'>
export const laneFacts = ({ name, gainDb, mute, solo, role, duck }: Lane): LaneFacts => ({ name, gainDb, mute, solo, role, duck })

/** What an edit changed, with enough of the old to turn it round. Shifts keep ripple edits small however many clips follow. */
export type Patch =
  | { readonly kind: 'clips'; readonly laneId: string; readonly index: number; readonly remove: readonly Clip[]; readonly insert: readonly Clip[] }
  | { readonly kind: 'shift'; readonly laneId: string; readonly index: number; readonly by: number }
  | { readonly kind: 'lane'; readonly laneId: string; readonly before: LaneFacts; readonly after: LaneFacts }
  | { readonly kind: 'lanes'; readonly index: number; readonly remove: readonly Lane[]; readonly insert: readonly Lane[] }
  | { readonly kind: 'markers'; readonly index: number; readonly remove: readonly Marker[]; readonly insert: readonly Marker[] }
  | { readonly kind: 'sources'; readonly index: number; readonly remove: readonly Source[]; readonly insert: readonly Source[] }
  | { readonly kind: 'master'; readonly before: Master; readonly after: Master }
  | { readonly kind: 'slot'; readonly before: ProgrammeSlot; readonly after: ProgrammeSlot }

export function invertPatch(patch: Patch): Patch {
  switch (patch.kind) {
    case 'shift': return { ...patch, by: -patch.by }
    case 'lane': return { ...patch, before: patch.after, after: patch.before }
    case 'clips': return { ...patch, remove: patch.insert, insert: patch.remove }
    case 'lanes': return { ...patch, remove: patch.insert, insert: patch.remove }
    case 'markers': return { ...patch, remove: patch.insert, insert: patch.remove }
    case 'sources': return { ...patch, remove: patch.insert, insert: patch.remove }
    case 'master': return { ...patch, before: patch.after, after: patch.before }
    case 'slot': return { ...patch, before: patch.after, after: patch.before }
  }
}

export function invert(patches: readonly Patch[]): Patch[] {
  return patches.map(invertPatch).reverse()
}

/** Null when the patches do not belong to this edit list (another state, a damaged log): nothing is half applied. */
export function applyPatches(edl: Edl, patches: readonly Patch[]): Edl | null {
  let state: Edl | null = edl
  for (const patch of patches) {
    if (state === null) return null
    state = applyOne(state, patch)
  }
  return state
}

function applyOne(edl: Edl, patch: Patch): Edl | null {
  switch (patch.kind) {
    case 'clips': return inLane(edl, patch.laneId, (lane) => {
      const clips = splice(lane.clips, patch)
      return clips === null ? null : { ...lane, clips }
    })
    case 'shift': return inLane(edl, patch.laneId, (lane) => {
      const first = lane.clips[patch.index]
      if (patch.index < 0 || patch.index > lane.clips.length || (first !== undefined && first.start + patch.by < 0)) return null
      return { ...lane, clips: lane.clips.map((clip, index) => (index < patch.index ? clip : { ...clip, start: samples(clip.start + patch.by) })) }
    })
    case 'lane': return inLane(edl, patch.laneId, (lane) => ({ ...lane, ...patch.after }))
    case 'lanes': {
      const lanes = splice(edl.lanes, patch)
      return lanes === null ? null : { ...edl, lanes }
    }
    case 'markers': {
      const markers = splice(edl.markers, patch)
      return markers === null ? null : { ...edl, markers }
    }
    case 'sources': {
      const sources = splice(edl.sources, patch)
      return sources === null ? null : { ...edl, sources }
    }
    case 'master': return same(edl.master, patch.before) ? { ...edl, master: patch.after } : null
    case 'slot': return same(edl.slot, patch.before) ? { ...edl, slot: patch.after } : null
  }
}

function inLane(edl: Edl, laneId: string, change: (lane: Lane) => Lane | null): Edl | null {
  const index = edl.lanes.findIndex((lane) => lane.id === laneId)
  const lane = edl.lanes[index]
  if (lane === undefined) return null
  const changed = change(lane)
  return changed === null ? null : { ...edl, lanes: edl.lanes.with(index, changed) }
}

/** By value: a patch read from disk holds equal, not identical, things, and its keys may stand in another order. */
function same(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((value, n) => same(value, b[n]))
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => same(Reflect.get(a, key), Reflect.get(b, key)))
}

function splice<T extends { readonly id: string }>(list: readonly T[], patch: { readonly index: number; readonly remove: readonly T[]; readonly insert: readonly T[] }): T[] | null {
  if (patch.index < 0 || patch.index + patch.remove.length > list.length) return null
  if (patch.remove.some((gone, n) => !same(list[patch.index + n], gone))) return null
  return [...list.slice(0, patch.index), ...patch.insert, ...list.slice(patch.index + patch.remove.length)]
}
