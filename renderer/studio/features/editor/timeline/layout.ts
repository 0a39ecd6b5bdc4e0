import type { Clip, Edl, Lane } from '#common/edl/index.ts'
import { clipEnd } from '#common/edl/index.ts'
import { pxOf } from './view.ts'
import type { View } from './view.ts'

export const RULER_PX = 24
export const OVERVIEW_PX = 34
export const TITLE_PX = 16
const EDGE_PX = 5
const HANDLE_PX = 7
const MIN_LANE_PX = 48
const GAP_PX = 4

/** Gain handle: from +12 dB at the top to -24 dB at the bottom of the wave. */
const GAIN_TOP = 12
const GAIN_BOTTOM = -24

export interface LaneBox {
  readonly lane: Lane
  readonly top: number
  readonly height: number
}

/** Lanes share the height below the ruler. */
export function laneBoxes(edl: Edl, height: number): LaneBox[] {
  const count = Math.max(1, edl.lanes.length)
  const each = Math.max(MIN_LANE_PX, Math.floor((height - RULER_PX - GAP_PX) / count) - GAP_PX)
  return edl.lanes.map((lane, n) => ({ lane, top: RULER_PX + GAP_PX + n * (each + GAP_PX), height: each }))
}
export const contentHeight = (edl: Edl): number => RULER_PX + GAP_PX + edl.lanes.length * (MIN_LANE_PX + GAP_PX)

export interface WaveBox {
  readonly top: number
  readonly height: number
}
export const waveBox = (box: LaneBox): WaveBox => ({ top: box.top + TITLE_PX, height: box.height - TITLE_PX })

export const gainY = (wave: WaveBox, gainDb: number): number => wave.top + ((GAIN_TOP - Math.max(GAIN_BOTTOM, Math.min(GAIN_TOP, gainDb))) / (GAIN_TOP - GAIN_BOTTOM)) * wave.height
export function gainAtY(wave: WaveBox, y: number): number {
  const gain = GAIN_TOP - ((y - wave.top) / wave.height) * (GAIN_TOP - GAIN_BOTTOM)
  return Math.round(Math.max(GAIN_BOTTOM, Math.min(GAIN_TOP, gain)) * 2) / 2
}

export type Hit =
  | { readonly part: 'ruler' }
  | { readonly part: 'nothing' }
  | { readonly part: 'lane'; readonly laneId: string; readonly clip: Clip | null }
  | { readonly part: 'title' | 'start' | 'end' | 'fadeIn' | 'fadeOut' | 'gain'; readonly laneId: string; readonly clip: Clip }

/** What lies under the pointer. Handles of the selected clip win over its neighbours. */
export function hitTest(boxes: readonly LaneBox[], view: View, x: number, y: number, selectedClipId: string | null): Hit {
  if (y < RULER_PX) return { part: 'ruler' }
  const box = boxes.find((one) => y >= one.top && y < one.top + one.height)
  if (box === undefined) return { part: 'nothing' }
  const near = box.lane.clips.filter((clip) => pxOf(view, clip.start) - HANDLE_PX <= x && pxOf(view, clipEnd(clip)) + HANDLE_PX >= x)
  const clips = near.sort((a, b) => Number(b.id === selectedClipId) - Number(a.id === selectedClipId))
  for (const clip of clips) {
    const part = partOf(clip, box, view, x, y, clip.id === selectedClipId)
    if (part !== null) return { part, laneId: box.lane.id, clip }
  }
  return { part: 'lane', laneId: box.lane.id, clip: clips.find((clip) => pxOf(view, clip.start) <= x && pxOf(view, clipEnd(clip)) > x) ?? null }
}

function partOf(clip: Clip, box: LaneBox, view: View, x: number, y: number, isSelected: boolean): 'title' | 'start' | 'end' | 'fadeIn' | 'fadeOut' | 'gain' | null {
  const left = pxOf(view, clip.start)
  const right = pxOf(view, clipEnd(clip))
  const wave = waveBox(box)
  // Too narrow to have parts.
  if (right - left < 4 * EDGE_PX) return y < wave.top && x >= left && x < right ? 'title' : null
  if (y >= wave.top && y < wave.top + 2 * HANDLE_PX) {
    if (Math.abs(x - fadeInX(clip, view)) <= HANDLE_PX) return 'fadeIn'
    if (Math.abs(x - fadeOutX(clip, view)) <= HANDLE_PX) return 'fadeOut'
  }
  if (isSelected && Math.abs(x - (left + right) / 2) <= HANDLE_PX && Math.abs(y - gainY(wave, clip.gainDb)) <= HANDLE_PX) return 'gain'
  if (Math.abs(x - left) <= EDGE_PX) return 'start'
  if (Math.abs(x - right) <= EDGE_PX) return 'end'
  return y < wave.top && x >= left && x < right ? 'title' : null
}

/** Handles of fades of no length stand a little inside, so that they can be told from the edge. */
export const fadeInX = (clip: Clip, view: View): number => Math.max(pxOf(view, clip.start + clip.fadeIn.length), pxOf(view, clip.start) + HANDLE_PX + 4)
export const fadeOutX = (clip: Clip, view: View): number => Math.min(pxOf(view, clipEnd(clip) - clip.fadeOut.length), pxOf(view, clipEnd(clip)) - HANDLE_PX - 4)
