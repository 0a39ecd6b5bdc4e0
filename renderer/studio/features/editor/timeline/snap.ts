import type { Edl } from '#common/edl/index.ts'
import { clipEnd } from '#common/edl/index.ts'
import type { SnapKind } from './timeline-store.ts'

export const SNAP_PX = 8

export interface SnapPlace {
  readonly at: number
  readonly kind: SnapKind
}

/** Places that positions are drawn to, in order: edges of clips, markers, the playhead, the end of the slot and the beginning. `except` names what is being dragged. */
export function snapPlaces(edl: Edl, playhead: number, except: string | null = null): SnapPlace[] {
  const places: SnapPlace[] = [{ at: 0, kind: 'start' }, { at: playhead, kind: 'playhead' }]
  for (const lane of edl.lanes) for (const clip of lane.clips) if (clip.id !== except) places.push({ at: clip.start, kind: 'edge' }, { at: clipEnd(clip), kind: 'edge' })
  for (const marker of edl.markers) {
    if (marker.id === except) continue
    places.push({ at: marker.at, kind: 'marker' })
    if (marker.length > 0) places.push({ at: marker.at + marker.length, kind: 'marker' })
  }
  if (edl.slot.length !== null) places.push({ at: edl.slot.length, kind: 'slot' })
  return places.sort((a, b) => a.at - b.at)
}
export const snapPoints = (edl: Edl, playhead: number, except: string | null = null): number[] => snapPlaces(edl, playhead, except).map((place) => place.at)

/** The nearest place within reach. */
export function nearest(at: number, places: readonly SnapPlace[], reach: number): SnapPlace | null {
  let best: SnapPlace | null = null
  let distance = reach
  for (const place of places) {
    const away = Math.abs(place.at - at)
    if (away > distance) continue
    best = place
    distance = away
  }
  return best
}

/** A whole piece so that its beginning or its end lies on a place, whichever is nearer; null when neither is within reach. */
export function nearestPiece(start: number, length: number, places: readonly SnapPlace[], reach: number): { start: number; place: SnapPlace } | null {
  const byStart = nearest(start, places, reach)
  const byEnd = nearest(start + length, places, reach)
  const toStart = byStart === null ? null : { start: byStart.at, place: byStart }
  const toEnd = byEnd === null || byEnd.at < length ? null : { start: byEnd.at - length, place: byEnd }
  if (toStart === null || toEnd === null) return toStart ?? toEnd
  return Math.abs(toStart.start - start) <= Math.abs(toEnd.start - start) ? toStart : toEnd
}

/** The next edge or marker in a direction. */
export function nextEdge(points: readonly number[], from: number, direction: 1 | -1): number | null {
  const found = direction === 1 ? points.find((point) => point > from) : points.findLast((point) => point < from)
  return found ?? null
}
