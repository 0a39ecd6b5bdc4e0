import type { Clip, Edl, Lane } from '#common/edl/index.ts'
import { clipEnd } from '#common/edl/index.ts'
import { linearGain } from '#common/mix/index.ts'
import { pxOf } from './view.ts'
import type { View } from './view.ts'

/** The head of the picture: times, and under them the strip of markers, slides and comments. */
export const TIMES_PX = 22
export const RULER_PX = 42
export const OVERVIEW_PX = 34
export const TITLE_PX = 16
export const MIN_LANE_PX = 48
export const MAX_LANE_PX = 400
export const GAP_PX = 4

/** Gain handle: from +12 dB at the top to -24 dB at the bottom of the wave. */
const GAIN_TOP = 12
const GAIN_BOTTOM = -24
/** The envelope has an axis of its own, even in linear gain as the sound is: silence below, +6 dB above, 0 dB in the middle. */
const ENVELOPE_TOP = 2

export interface LaneBox {
  readonly lane: Lane
  readonly top: number
  readonly height: number
}
export interface LaneRoom {
  /** Heights given by hand; the other lanes share what is left. */
  readonly heights: Readonly<Record<string, number>>
  readonly scrollTop: number
}
export const plainRoom: LaneRoom = { heights: {}, scrollTop: 0 }

export const clampLane = (height: number): number => Math.round(Math.max(MIN_LANE_PX, Math.min(MAX_LANE_PX, height)))

export function laneHeights(lanes: readonly Lane[], height: number, heights: LaneRoom['heights']): number[] {
  const given = lanes.map((lane) => heights[lane.id])
  const taken = given.reduce<number>((sum, one) => sum + (one === undefined ? 0 : clampLane(one) + GAP_PX), 0)
  const others = given.filter((one) => one === undefined).length
  const each = Math.max(MIN_LANE_PX, Math.floor((height - RULER_PX - GAP_PX - taken) / Math.max(1, others)) - GAP_PX)
  return given.map((one) => (one === undefined ? each : clampLane(one)))
}

/** Lanes share the height below the ruler, or keep the height they were given and scroll. */
export function laneBoxes(edl: Edl, height: number, room: LaneRoom = plainRoom): LaneBox[] {
  const all = laneHeights(edl.lanes, height, room.heights)
  let top = RULER_PX + GAP_PX - room.scrollTop
  return edl.lanes.map((lane, n) => {
    const box = { lane, top, height: all[n] ?? MIN_LANE_PX }
    top += box.height + GAP_PX
    return box
  })
}
export const contentHeight = (edl: Edl, height = 0, heights: LaneRoom['heights'] = {}): number => laneHeights(edl.lanes, height, heights).reduce((sum, one) => sum + one + GAP_PX, RULER_PX + GAP_PX)

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

export const envelopeGainY = (wave: WaveBox, gain: number): number => wave.top + 2 + (1 - Math.min(ENVELOPE_TOP, gain) / ENVELOPE_TOP) * (wave.height - 4)
export const envelopeY = (wave: WaveBox, gainDb: number): number => envelopeGainY(wave, linearGain(gainDb))
/** Linear gain of a clip's envelope at a sample of the clip: straight between points, as it sounds and as it is drawn. */
export function envelopeGainAt({ envelope }: Pick<Clip, 'envelope'>, at: number): number {
  const next = envelope.findIndex((point) => point.at > at)
  const right = envelope[next]
  const left = next < 0 ? envelope.at(-1) : envelope[next - 1]
  if (left === undefined) return linearGain(right?.gainDb ?? 0)
  if (right === undefined) return linearGain(left.gainDb)
  return linearGain(left.gainDb) + (linearGain(right.gainDb) - linearGain(left.gainDb)) * ((at - left.at) / (right.at - left.at))
}
/** To a tenth of a decibel; the lowest two pixels are silence as far as an envelope goes. */
export function envelopeAtY(wave: WaveBox, y: number): number {
  const gain = (1 - (y - wave.top - 2) / (wave.height - 4)) * ENVELOPE_TOP
  if (gain <= 0.001) return -60
  return Math.round(Math.max(-60, Math.min(6, 20 * Math.log10(gain))) * 10) / 10
}

/** Clips `[first, last)` of a lane that lie in or touch the view; clips of a lane are in order and only neighbours overlap. */
export function seenClips(clips: readonly Clip[], from: number, to: number): { first: number; last: number } {
  const search = (isBefore: (clip: Clip) => boolean): number => {
    let low = 0
    let high = clips.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const clip = clips[middle]
      if (clip !== undefined && isBefore(clip)) low = middle + 1
      else high = middle
    }
    return low
  }
  return { first: search((clip) => clipEnd(clip) <= from), last: search((clip) => clip.start < to) }
}

export const HANDLE_PX = 7
/** Handles of fades of no length stand a little inside, so that they can be told from the edge. */
export const fadeInX = (clip: Clip, view: View): number => Math.max(pxOf(view, clip.start + clip.fadeIn.length), pxOf(view, clip.start) + HANDLE_PX + 4)
export const fadeOutX = (clip: Clip, view: View): number => Math.min(pxOf(view, clipEnd(clip) - clip.fadeOut.length), pxOf(view, clipEnd(clip)) - HANDLE_PX - 4)
