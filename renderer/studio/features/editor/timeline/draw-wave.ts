import type { Clip, Source } from '#common/edl/index.ts'
import { clipEnd } from '#common/edl/index.ts'
import { levelFor } from '#common/peaks/index.ts'
import type { Peaks } from '#common/peaks/index.ts'
import type { WaveBox } from './layout.ts'
import type { WaveData } from './wave-data.ts'
import type { View } from './view.ts'

/** Below this, peaks of 256 samples are too coarse and samples are drawn themselves. */
const PCM_BELOW = 256
const STEMS_BELOW = 0.34
/** Narrower clips keep to the peaks: what is fetched for one picture stays bounded. */
const PCM_FROM_PX = 30
const TWO_ROWS_PX = 72

interface Row {
  readonly channel: number | 'all'
  readonly middle: number
  readonly half: number
}

function rowsOf(channels: number, box: WaveBox): Row[] {
  if (channels < 2 || box.height < TWO_ROWS_PX) return [{ channel: channels < 2 ? 0 : 'all', middle: box.top + box.height / 2, half: box.height / 2 - 1 }]
  return [0, 1].map((channel) => ({ channel, middle: box.top + (box.height * (1 + 2 * channel)) / 4, half: box.height / 4 - 1 }))
}

/** Draws what of a clip is seen between `from` and `to` (CSS pixels). Coordinates of the context are CSS pixels; `px` is one device pixel. */
export function drawWave(context: CanvasRenderingContext2D, options: { clip: Clip; source: Source; view: View; box: WaveBox; data: WaveData; gain: number; px: number; color: string }): 'drawn' | 'loading' | 'missing' {
  const { clip, source, view, box, data, color } = options
  const from = Math.max(0, Math.floor((clip.start - view.start) / view.samplesPerPx))
  const to = Math.min(view.width, Math.ceil((clipEnd(clip) - view.start) / view.samplesPerPx))
  if (to <= from) return 'drawn'
  context.fillStyle = color
  context.strokeStyle = color
  const rows = rowsOf(source.channels, box)
  if (view.samplesPerPx < PCM_BELOW && to - from >= PCM_FROM_PX) {
    const first = Math.max(clip.offset, Math.floor(clip.offset + view.start + from * view.samplesPerPx - clip.start) - 1)
    const last = Math.min(clip.offset + clip.length, Math.ceil(clip.offset + view.start + to * view.samplesPerPx - clip.start) + 1)
    const window = data.samples(source, first, Math.max(1, last - first))
    if (window !== null) {
      for (const row of rows) {
        const channels = row.channel === 'all' ? window.channels : window.channels.slice(row.channel, row.channel + 1)
        if (view.samplesPerPx < STEMS_BELOW * 2) drawStems(context, options, row, channels, window.offset, first, last)
        else drawSamples(context, options, row, channels, window.offset, from, to)
      }
      return 'drawn'
    }
  }
  const pyramid = data.pyramid(source)
  if (pyramid === null) return 'loading'
  if (pyramid === 'missing') return 'missing'
  const level = levelFor(pyramid, view.samplesPerPx * options.px)
  for (const row of rows) drawPeaks(context, options, row, level, from, to)
  return 'drawn'
}

type Options = Parameters<typeof drawWave>[1]

function drawPeaks(context: CanvasRenderingContext2D, { clip, view, gain, px }: Options, row: Row, level: Peaks, from: number, to: number): void {
  const { data, channels, samplesPerPoint, length } = level
  const shift = clip.offset - clip.start + view.start
  const step = view.samplesPerPx * px
  const clipStop = clip.offset + clip.length
  const scale = (gain * row.half) / 32768
  for (let x = from, column = 0; x < to; column++, x = from + column * px) {
    const at = Math.max(clip.offset, shift + x * view.samplesPerPx)
    const point = Math.floor(at / samplesPerPoint)
    const stop = Math.min(length, Math.max(point + 1, Math.ceil(Math.min(at + step, clipStop) / samplesPerPoint)))
    let low = 0
    let high = 0
    for (let p = point; p < stop; p++) {
      const base = p * channels * 2
      const firstChannel = row.channel === 'all' ? 0 : row.channel
      const lastChannel = row.channel === 'all' ? channels : row.channel + 1
      for (let c = firstChannel; c < lastChannel; c++) {
        const min = data[base + c * 2] as number
        const max = data[base + c * 2 + 1] as number
        if (min < low) low = min
        if (max > high) high = max
      }
    }
    bar(context, row, x, px, low * scale, high * scale)
  }
}

function bar(context: CanvasRenderingContext2D, row: Row, x: number, px: number, low: number, high: number): void {
  const top = Math.min(row.half, high)
  const bottom = Math.max(-row.half, low)
  context.fillRect(x, row.middle - top, px, Math.max(px, top - bottom))
}

function drawSamples(context: CanvasRenderingContext2D, { clip, view, gain, px }: Options, row: Row, channels: readonly Float32Array[], offset: number, from: number, to: number): void {
  const shift = clip.offset - clip.start + view.start
  const step = view.samplesPerPx * px
  const stopAt = clip.offset + clip.length
  for (let x = from, column = 0; x < to; column++, x = from + column * px) {
    const at = Math.max(clip.offset, Math.floor(shift + x * view.samplesPerPx))
    const stop = Math.min(stopAt, Math.max(at + 2, Math.ceil(shift + x * view.samplesPerPx + step) + 1))
    let low = Infinity
    let high = -Infinity
    for (const data of channels) {
      for (let n = at - offset; n < stop - offset; n++) {
        const value = data[n] ?? 0
        if (value < low) low = value
        if (value > high) high = value
      }
    }
    if (low <= high) bar(context, row, x, px, low * gain * row.half, high * gain * row.half)
  }
}

/** Single samples: a line through them and, when there is room, a stem and a dot each. */
function drawStems(context: CanvasRenderingContext2D, { clip, view, gain }: Options, row: Row, channels: readonly Float32Array[], offset: number, first: number, last: number): void {
  for (const data of channels) {
    context.beginPath()
    for (let n = first; n < last; n++) {
      const x = (n + 0.5 - clip.offset + clip.start - view.start) / view.samplesPerPx
      const y = row.middle - Math.max(-1, Math.min(1, (data[n - offset] ?? 0) * gain)) * row.half
      if (n === first) context.moveTo(x, y)
      else context.lineTo(x, y)
      if (view.samplesPerPx > STEMS_BELOW) continue
      context.fillRect(x - 0.5, Math.min(y, row.middle), 1, Math.abs(y - row.middle))
      context.fillRect(x - 2, y - 2, 4, 4)
    }
    context.stroke()
  }
}
