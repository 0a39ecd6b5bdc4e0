import type { Clip, Edl, Marker } from '#common/edl/index.ts'
import { clipEnd } from '#common/edl/index.ts'
import { BADGE_PX } from '../draw/clip-marks.ts'
import { markPx } from '../draw/ruler.ts'
import { envelopeGainAt, envelopeGainY, envelopeY, fadeInX, fadeOutX, gainY, GAP_PX, HANDLE_PX, RULER_PX, seenClips, TIMES_PX, TITLE_PX, waveBox } from '../layout.ts'
import type { LaneBox } from '../layout.ts'
import type { TimelineComment } from '../timeline-store.ts'
import { pxOf } from '../view.ts'
import type { View } from '../view.ts'

const EDGE_PX = 5
const LINE_PX = 5

export type ClipPart = 'title' | 'start' | 'end' | 'fadeIn' | 'fadeOut' | 'gain'
export type Hit =
  | { readonly part: 'ruler' }
  | { readonly part: 'playhead' }
  | { readonly part: 'nothing' }
  | { readonly part: 'marker' | 'markerEnd'; readonly marker: Marker }
  | { readonly part: 'comment'; readonly comment: TimelineComment }
  | { readonly part: 'laneEdge'; readonly laneId: string; readonly height: number }
  | { readonly part: 'lane'; readonly laneId: string; readonly clip: Clip | null }
  | { readonly part: 'point'; readonly laneId: string; readonly clip: Clip; readonly index: number }
  | { readonly part: 'line' | 'badge'; readonly laneId: string; readonly clip: Clip }
  | { readonly part: ClipPart; readonly laneId: string; readonly clip: Clip }

export interface Ground {
  readonly edl: Edl
  readonly boxes: readonly LaneBox[]
  readonly view: View
  readonly clipId: string | null
  readonly playhead: number
  readonly comments: readonly TimelineComment[]
}

/** What lies under the pointer. Handles of the selected clip win over its neighbours. */
export function hitTest({ edl, boxes, view, clipId, playhead, comments }: Ground, x: number, y: number): Hit {
  if (y < TIMES_PX) return Math.abs(pxOf(view, playhead) - x) <= HANDLE_PX ? { part: 'playhead' } : { part: 'ruler' }
  if (y < RULER_PX) return onStrip(edl, view, comments, x)
  const box = boxes.find((one) => y >= one.top && y < one.top + one.height)
  if (box === undefined) {
    const above = boxes.find((one) => y >= one.top + one.height && y < one.top + one.height + GAP_PX)
    return above === undefined ? { part: 'nothing' } : { part: 'laneEdge', laneId: above.lane.id, height: above.height }
  }
  const reach = HANDLE_PX * view.samplesPerPx
  const at = view.start + x * view.samplesPerPx
  const { first, last } = seenClips(box.lane.clips, at - reach, at + reach)
  const clips = box.lane.clips.slice(first, last).sort((a, b) => Number(b.id === clipId) - Number(a.id === clipId))
  for (const clip of clips) {
    const hit = partOf(clip, box, view, x, y, clip.id === clipId)
    if (hit !== null) return hit
  }
  return { part: 'lane', laneId: box.lane.id, clip: clips.find((clip) => pxOf(view, clip.start) <= x && pxOf(view, clipEnd(clip)) > x) ?? null }
}

function onStrip(edl: Edl, view: View, comments: readonly TimelineComment[], x: number): Hit {
  const comment = comments.find((one) => Math.abs(pxOf(view, one.at) - x) <= HANDLE_PX)
  if (comment !== undefined) return { part: 'comment', comment }
  const end = edl.markers.find((marker) => marker.length > 0 && Math.abs(pxOf(view, marker.at + marker.length) - x) <= EDGE_PX)
  if (end !== undefined) return { part: 'markerEnd', marker: end }
  // The last one that begins before the pointer lies on top.
  const flag = edl.markers.filter((marker) => {
    const left = pxOf(view, marker.at)
    return x >= left - EDGE_PX && x <= left + markPx(marker)
  }).toSorted((a, b) => a.at - b.at).at(-1)
  return flag === undefined ? { part: 'ruler' } : { part: 'marker', marker: flag }
}

function partOf(clip: Clip, box: LaneBox, view: View, x: number, y: number, isChosen: boolean): Hit | null {
  const left = pxOf(view, clip.start)
  const right = pxOf(view, clipEnd(clip))
  const wave = waveBox(box)
  const laneId = box.lane.id
  const isInside = x >= left && x < right
  // Too narrow to have parts.
  if (right - left < 4 * EDGE_PX) return y < wave.top && isInside ? { part: 'title', laneId, clip } : null
  if (isChosen || clip.envelope.length > 0) {
    const index = clip.envelope.findIndex((point) => Math.abs(pxOf(view, clip.start + point.at) - x) <= HANDLE_PX && Math.abs(envelopeY(wave, point.gainDb) - y) <= HANDLE_PX)
    if (index >= 0) return { part: 'point', laneId, clip, index }
  }
  if (y >= wave.top && y < wave.top + 2 * HANDLE_PX) {
    if (Math.abs(x - fadeInX(clip, view)) <= HANDLE_PX) return { part: 'fadeIn', laneId, clip }
    if (Math.abs(x - fadeOutX(clip, view)) <= HANDLE_PX) return { part: 'fadeOut', laneId, clip }
  }
  if (isChosen && Math.abs(x - (left + right) / 2) <= HANDLE_PX && Math.abs(y - gainY(wave, clip.gainDb)) <= HANDLE_PX) return { part: 'gain', laneId, clip }
  if (Math.abs(x - left) <= EDGE_PX) return { part: 'start', laneId, clip }
  if (Math.abs(x - right) <= EDGE_PX) return { part: 'end', laneId, clip }
  if (y < box.top + TITLE_PX && isInside) return clip.alternatives.length > 0 && x >= Math.min(view.width, right) - BADGE_PX ? { part: 'badge', laneId, clip } : { part: 'title', laneId, clip }
  const isOnLine = isInside && Math.abs(envelopeGainY(wave, envelopeGainAt(clip, view.start + x * view.samplesPerPx - clip.start)) - y) <= LINE_PX
  return isOnLine && (isChosen || clip.envelope.length > 0) ? { part: 'line', laneId, clip } : null
}

export const cursorFor: Readonly<Record<Hit['part'], string>> = {
  ruler: 'text', playhead: 'ew-resize', nothing: 'default', marker: 'grab', markerEnd: 'ew-resize', comment: 'pointer', laneEdge: 'row-resize', lane: 'text', title: 'grab', start: 'ew-resize', end: 'ew-resize',
  fadeIn: 'move', fadeOut: 'move', gain: 'ns-resize', line: 'copy', badge: 'pointer', point: 'move',
}
