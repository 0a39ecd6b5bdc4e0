import type { Edl } from '#common/edl/index.ts'
import { clipEnd } from '#common/edl/index.ts'
import { linearGain } from '#common/mix/index.ts'
import type { Colors } from './colors.ts'
import { drawWave } from './draw-wave.ts'
import { maxSamplesPerPx } from './view.ts'
import type { View } from './view.ts'
import type { WaveData } from './wave-data.ts'

export const overviewView = (width: number, length: number): View => ({ start: 0, width, samplesPerPx: maxSamplesPerPx(length, width) })

/** The whole project as one strip, all lanes over each other, with the part that is seen. */
export function drawOverview(context: CanvasRenderingContext2D, options: { edl: Edl; length: number; view: View; height: number; data: WaveData; colors: Colors; px: number }): void {
  const { edl, length, view, height, data, colors, px } = options
  const whole = overviewView(view.width, length)
  context.fillStyle = colors.lane
  context.fillRect(0, 0, view.width, height)
  for (const lane of edl.lanes) {
    for (const clip of lane.clips) {
      const left = clip.start / whole.samplesPerPx
      context.fillStyle = colors.clip
      context.fillRect(left, 0, Math.max(px, clipEnd(clip) / whole.samplesPerPx - left), height)
    }
  }
  for (const lane of edl.lanes) {
    for (const clip of lane.clips) {
      const source = edl.sources.find((one) => one.id === clip.sourceId)
      if (source !== undefined) drawWave(context, { clip, source, view: whole, box: { top: 0, height }, data, gain: linearGain(clip.gainDb), px, color: lane.mute ? colors.waveDim : colors.wave })
    }
  }
  context.fillStyle = colors.marker
  for (const marker of edl.markers) context.fillRect(marker.at / whole.samplesPerPx, 0, 1, height)
  const left = view.start / whole.samplesPerPx
  const width = Math.max(4, (view.width * view.samplesPerPx) / whole.samplesPerPx)
  context.fillStyle = colors.selection
  context.fillRect(left, 0, width, height)
  context.strokeStyle = colors.selectionEdge
  context.lineWidth = 2
  context.strokeRect(left + 1, 1, Math.max(2, width - 2), height - 2)
}
