import type { Edl } from '#common/edl/index.ts'
import { edlLength } from '#common/edl/index.ts'
import type { Selection } from '../../editor-store.ts'
import type { EditorCommand } from '../../session.ts'
import { clampLane } from '../layout.ts'
import type { LaneBox } from '../layout.ts'
import { nearest, SNAP_PX, snapPlaces } from '../snap.ts'
import type { SnapPlace } from '../snap.ts'
import { sampleAt } from '../view.ts'
import { tryEdits, wantedOf } from './edits.ts'
import type { Hit } from './hit.ts'
import type { Keys, Note, Press, Scale } from './kinds.ts'

export type { Keys, Note, Press, Scale }
/** What a pressed pointer means, as plain functions: the same edit that is shown while dragging is sent when the pointer is let go. */

export type Outcome =
  | { readonly kind: 'select'; readonly selection: Selection | null; readonly laneIds: readonly string[]; readonly cursor: number; readonly isAdding: boolean; readonly snapped: SnapPlace | null }
  | { readonly kind: 'edit'; readonly command: EditorCommand; readonly preview: Edl; readonly note: Note | null; readonly snapped: SnapPlace | null; readonly at: number }
  | { readonly kind: 'scrub'; readonly at: number }
  | { readonly kind: 'lane'; readonly laneId: string; readonly height: number }
  /** The edit would be refused here: nothing is shown and nothing will be done. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'none' }

const DRAG_PX = 3
export const noKeys: Keys = { ctrl: false, shift: false }

export function press(hit: Hit, x: number, y: number, scale: Scale, options: { snapping: boolean; playhead: number; keys: Keys; selection: Selection | null }): Press {
  const dragged = 'clip' in hit && hit.part !== 'lane' ? (hit.clip?.id ?? null) : 'marker' in hit ? hit.marker.id : null
  const at = sampleAt(scale.view, x)
  const { selection, keys, playhead } = options
  // The far end stays, the near one follows the pointer.
  const anchor = !keys.shift ? null : selection === null ? playhead : Math.abs(at - selection.start) < Math.abs(at - selection.end) ? selection.end : selection.start
  return { hit, x, y, at, isSnapping: options.snapping, places: options.snapping ? snapPlaces(scale.edl, playhead, dragged) : [], anchor, isAdding: keys.ctrl }
}

export function drag(start: Press, x: number, y: number, scale: Scale, keys: Keys = noKeys): Outcome {
  const { hit } = start
  const isMoved = Math.abs(x - start.x) >= DRAG_PX || Math.abs(y - start.y) >= DRAG_PX
  switch (hit.part) {
    case 'nothing':
    case 'comment':
    case 'badge': return { kind: 'none' }
    case 'playhead': return { kind: 'scrub', at: Math.min(edlLength(scale.edl), nearest(sampleAt(scale.view, x), start.places.filter((place) => place.kind !== 'playhead'), SNAP_PX * scale.view.samplesPerPx)?.at ?? sampleAt(scale.view, x)) }
    case 'laneEdge': return { kind: 'lane', laneId: hit.laneId, height: clampLane(hit.height + y - start.y) }
    case 'ruler':
    case 'lane':
    case 'line': return select(start, x, y, scale, isMoved)
    default: {
      if (!isMoved) return { kind: 'none' }
      const wanted = wantedOf(start, hit, x, y, scale, keys)
      const tried = tryEdits(scale.edl, wanted.commands)
      return tried.kind === 'edit' ? { ...tried, snapped: wanted.snapped, at: wanted.at } : tried
    }
  }
}

function select(start: Press, x: number, y: number, scale: Scale, isMoved: boolean): Outcome {
  const isOnLane = start.hit.part !== 'ruler'
  const laneIds = isOnLane ? lanesBetween(scale.boxes, start.y, isMoved ? y : start.y) : scale.edl.lanes.map((lane) => lane.id)
  const length = Math.max(edlLength(scale.edl), 0)
  const settle = (wanted: number): { at: number; snapped: SnapPlace | null } => {
    const place = nearest(wanted, start.places, SNAP_PX * scale.view.samplesPerPx)
    if (place !== null) return { at: Math.min(length, place.at), snapped: place.at <= length ? place : null }
    const zero = start.isSnapping ? scale.zeroAt(wanted, laneIds) : wanted
    return { at: Math.min(length, zero), snapped: zero === wanted ? null : { at: zero, kind: 'zero' } }
  }
  const from = start.anchor === null ? settle(start.at) : { at: Math.min(length, start.anchor), snapped: null }
  if (!isMoved && start.anchor === null) return { kind: 'select', selection: null, laneIds: isOnLane ? laneIds : [], cursor: Math.min(Math.max(length, start.at), from.at), isAdding: start.isAdding, snapped: null }
  const to = settle(sampleAt(scale.view, x))
  const [low, high] = from.at < to.at ? [from.at, to.at] : [to.at, from.at]
  return { kind: 'select', selection: high > low ? { start: low, end: high } : null, laneIds, cursor: low, isAdding: start.isAdding, snapped: to.snapped }
}

function lanesBetween(boxes: readonly LaneBox[], y1: number, y2: number): string[] {
  const low = Math.min(y1, y2)
  const high = Math.max(y1, y2)
  return boxes.filter((box) => box.top <= high && box.top + box.height >= low).map((box) => box.lane.id)
}

/** Places whose samples decide where the pointer will be let go: they are waited for before the edit is made. */
export function placesOf(start: Press, x: number, scale: Scale): number[] {
  if (!start.isSnapping) return []
  const { part } = start.hit
  if (part !== 'ruler' && part !== 'lane' && part !== 'line' && part !== 'start' && part !== 'end') return []
  return [start.at, sampleAt(scale.view, x)]
}
