import type { Edl } from '#common/edl/index.ts'
import { clipEnd } from '#common/edl/index.ts'
import { linearGain } from '#common/mix/index.ts'
import type { Colors } from '../colors.ts'
import { OVERVIEW_PX } from '../layout.ts'
import { maxSamplesPerPx } from '../view.ts'
import { drawWave, rowsOf } from './lanes.ts'
import type { Pixels } from './pixels.ts'
import { sourcesOf } from './scene.ts'
import type { Scene } from './scene.ts'

/** The whole project as one strip, all lanes over each other. What part of it is seen is an element over it, so that this rests while one scrolls. */
export function drawOverview(context: CanvasRenderingContext2D, pixels: Pixels, options: { edl: Edl; length: number; width: number; data: Scene['data']; colors: Colors; dpr: number }): void {
  const { edl, length, width, data, dpr } = options
  const { pixel } = options.colors
  const samplesPerPx = maxSamplesPerPx(length, width)
  const step = samplesPerPx / dpr
  const sources = sourcesOf(edl)
  pixels.clipRows(0, pixels.height)
  pixels.fill(pixel.lane)
  for (const lane of edl.lanes) for (const clip of lane.clips) pixels.rect(Math.round(clip.start / step), 0, Math.max(1, Math.round((clipEnd(clip) - clip.start) / step)), pixels.height, pixel.clip)
  for (const lane of edl.lanes) {
    const tones = lane.mute ? { wave: pixel.dim, body: pixel.dimBody, ghost: pixel.clip, over: pixel.dim } : { wave: pixel.wave, body: pixel.body, ghost: pixel.clip, over: pixel.wave }
    for (const clip of lane.clips) {
      const source = sources.get(clip.sourceId)
      if (source === undefined) continue
      const order = { scene: { data, dpr }, source, clip, gain: linearGain(clip.gainDb) * linearGain(lane.gainDb), tones, rows: rowsOf(source.channels, 0, OVERVIEW_PX).map((row) => ({ ...row, middle: row.middle * dpr, half: row.half * dpr })), view: { start: 0, step } }
      drawWave(pixels, order)
    }
  }
  const thick = Math.max(1, Math.round(dpr))
  for (const marker of edl.markers) pixels.rect(Math.round(marker.at / step), 0, thick, pixels.height, pixel[marker.kind])
  if (edl.slot.length !== null) pixels.rect(Math.round(edl.slot.length / step) - thick, 0, thick * 2, pixels.height, pixel.slot)
  pixels.put(context)
}
