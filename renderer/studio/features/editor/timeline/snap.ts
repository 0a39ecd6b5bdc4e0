import type { Edl } from '#common/edl/index.ts'
import { clipEnd } from '#common/edl/index.ts'

export const SNAP_PX = 8

/** Places that positions are drawn to: edges of clips, markers, the playhead and the beginning. `exceptClipId` is the clip being dragged. */
export function snapPoints(edl: Edl, playhead: number, exceptClipId: string | null = null): number[] {
  const points = [0, playhead]
  for (const lane of edl.lanes) for (const clip of lane.clips) if (clip.id !== exceptClipId) points.push(clip.start, clipEnd(clip))
  for (const marker of edl.markers) {
    points.push(marker.at)
    if (marker.length > 0) points.push(marker.at + marker.length)
  }
  return points.sort((a, b) => a - b)
}

/** The nearest point within reach, else the position itself. */
export function snapTo(at: number, points: readonly number[], reach: number): number {
  let best = at
  let distance = reach
  for (const point of points) {
    const away = Math.abs(point - at)
    if (away > distance) continue
    best = point
    distance = away
  }
  return best
}

/** Shifts a whole piece so that its beginning or its end lies on a point, whichever is nearer. */
export function snapPiece(start: number, length: number, points: readonly number[], reach: number): number {
  const byStart = snapTo(start, points, reach)
  const byEnd = snapTo(start + length, points, reach) - length
  const moved = Math.abs(byStart - start) <= Math.abs(byEnd - start) || byEnd === start ? byStart : byEnd
  return byStart === start && byEnd !== start ? Math.max(0, byEnd) : Math.max(0, moved)
}

/** The next edge or marker in a direction. */
export function nextEdge(points: readonly number[], from: number, direction: 1 | -1): number | null {
  const found = direction === 1 ? points.find((point) => point > from) : points.findLast((point) => point < from)
  return found ?? null
}
