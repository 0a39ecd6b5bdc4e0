import type { Clip, Source } from '#common/edl/index.ts'
import { clipEnd } from '#common/edl/index.ts'
import { linearGain } from '#common/mix/index.ts'
import { RULER_PX, seenClips, TITLE_PX, waveBox } from '../layout.ts'
import type { LaneBox } from '../layout.ts'
import { viewEnd } from '../view.ts'
import { Columns, columnsOfPeaks, columnsOfSamples, shapeColumns } from './columns.ts'
import type { Span } from './columns.ts'
import type { Packed, Pixels } from './pixels.ts'
import { isSilent, sourcesOf } from './scene.ts'
import type { Scene } from './scene.ts'

/** Below this, peaks of 256 samples are too coarse and samples are drawn themselves. */
const PCM_BELOW = 256
/** Narrower clips keep to the peaks: what is fetched for one picture stays bounded. */
const PCM_FROM_PX = 30
const STEMS_BELOW = 0.25
const TWO_ROWS_PX = 72

const columns = new Columns()

/** Grounds of lanes and clips, and the waves in them, as pixels. */
export function paintLanes(pixels: Pixels, scene: Scene): void {
  const { colors: { pixel }, dpr, boxes, view } = scene
  pixels.clipRows(0, pixels.height)
  pixels.fill(pixel.back)
  pixels.clipRows(Math.round(RULER_PX * dpr), pixels.height)
  columns.reserve(pixels.width + 2)
  for (const box of boxes) {
    if (box.top >= scene.height || box.top + box.height <= RULER_PX) continue
    pixels.rect(0, Math.round(box.top * dpr), pixels.width, Math.round(box.height * dpr), scene.laneIds.includes(box.lane.id) ? pixel.laneActive : pixel.lane)
    pixels.rect(0, Math.round((box.top + box.height + 1) * dpr), pixels.width, Math.max(1, Math.round(dpr)), pixel.grid)
    const { first, last } = seenClips(box.lane.clips, view.start, viewEnd(view))
    const silent = isSilent(scene.edl, box)
    const seen = box.lane.clips.slice(first, last)
    for (const clip of seen) paintGround(pixels, scene, box, clip, silent)
    for (const clip of seen) paintWave(pixels, scene, box, clip, silent)
    for (const clip of seen) paintFrame(pixels, scene, box, clip)
  }
}

/** Columns of the screen that a clip covers, also those outside it. */
function edgesOf(scene: Scene, clip: Clip): { left: number; right: number } {
  const scale = scene.dpr / scene.view.samplesPerPx
  return { left: Math.round((clip.start - scene.view.start) * scale), right: Math.round((clipEnd(clip) - scene.view.start) * scale) }
}

function paintGround(pixels: Pixels, scene: Scene, box: LaneBox, clip: Clip, silent: boolean): void {
  const { colors: { pixel }, dpr } = scene
  const { left, right } = edgesOf(scene, clip)
  const isChosen = clip.id === scene.clipId
  const top = Math.round(box.top * dpr)
  const title = Math.round(TITLE_PX * dpr)
  const width = Math.max(1, right - left)
  pixels.rect(left, top + title, width, Math.round(box.height * dpr) - title, isChosen ? pixel.clipSelected : pixel.clip)
  pixels.rect(left, top, width, title, silent ? pixel.titleDim : isChosen ? pixel.titleSelected : pixel.title)
}

function paintFrame(pixels: Pixels, scene: Scene, box: LaneBox, clip: Clip): void {
  const { colors: { pixel }, dpr } = scene
  const { left, right } = edgesOf(scene, clip)
  if (right - left < 3) return
  const thick = Math.max(1, Math.round(dpr))
  const isChosen = clip.id === scene.clipId
  pixels.frame(left, Math.round(box.top * dpr), right - left, Math.round(box.height * dpr), isChosen ? thick * 2 : thick, isChosen ? pixel.selectionEdge : pixel.line)
}

export interface Row {
  readonly channel: number | null
  readonly middle: number
  readonly half: number
}
export function rowsOf(channels: number, top: number, height: number): Row[] {
  if (channels < 2 || height < TWO_ROWS_PX) return [{ channel: channels < 2 ? 0 : null, middle: top + height / 2, half: height / 2 - 1 }]
  return [0, 1].map((channel) => ({ channel, middle: top + (height * (1 + 2 * channel)) / 4, half: height / 4 - 1 }))
}

function paintWave(pixels: Pixels, scene: Scene, box: LaneBox, clip: Clip, silent: boolean): void {
  const source = sourcesOf(scene.edl).get(clip.sourceId)
  if (source === undefined) return
  const { colors: { pixel }, dpr, view } = scene
  const wave = waveBox(box)
  const gain = linearGain(clip.gainDb) * linearGain(box.lane.gainDb)
  const tones = silent ? { wave: pixel.dim, body: pixel.dimBody, ghost: pixel.ghost, over: pixel.over } : { wave: pixel.wave, body: pixel.body, ghost: pixel.ghost, over: pixel.over }
  drawWave(pixels, { scene, source, clip, gain, tones, rows: rowsOf(source.channels, wave.top * dpr, wave.height * dpr), view: { start: view.start, step: view.samplesPerPx / dpr } })
}

export interface Tones {
  readonly wave: Packed
  readonly body: Packed
  readonly ghost: Packed
  readonly over: Packed
}
export interface WaveOrder {
  readonly scene: Pick<Scene, 'data' | 'dpr'>
  readonly source: Source
  readonly clip: Clip
  readonly gain: number
  readonly tones: Tones
  readonly rows: readonly Row[]
  /** Sample at the left edge, and samples per device pixel. */
  readonly view: { readonly start: number; readonly step: number }
}

export function drawWave(pixels: Pixels, order: WaveOrder): void {
  const { clip, source, scene, view } = order
  const { step } = view
  const left = Math.max(0, Math.floor((clip.start - view.start) / step))
  const right = Math.min(pixels.width, Math.ceil((clipEnd(clip) - view.start) / step))
  if (right <= left) return
  columns.reserve(right - left + 2)
  const span: Span = { at: clip.offset + view.start - clip.start + left * step, step, count: right - left, from: clip.offset, to: clip.offset + clip.length }
  const first = Math.max(span.from, Math.floor(span.at) - 1)
  const last = Math.min(span.to, Math.ceil(span.at + span.count * step) + 1)
  const wantsSamples = step * scene.dpr < PCM_BELOW && (right - left) / scene.dpr >= PCM_FROM_PX
  const samples = wantsSamples && last > first ? scene.data.samples(source, first, last) : null
  const peaks = samples === null ? scene.data.peaks(source, first, last, step) : null
  if (samples === null && peaks === null) return
  const shaped = shapeColumns(columns, clip, span)
  for (const row of order.rows) {
    if (samples !== null) columnsOfSamples(columns, samples, row.channel, span)
    else if (peaks !== null) columnsOfPeaks(columns, peaks, row.channel, span)
    paintRow(pixels, order, row, left, span.count, shaped)
    if (samples !== null && step * scene.dpr <= STEMS_BELOW) paintStems(pixels, order, row, samples.channels, samples.first, { first, last })
  }
}

function paintRow(pixels: Pixels, { gain, tones }: WaveOrder, row: Row, left: number, count: number, shaped: boolean): void {
  const { low, high, body, shape } = columns
  const { middle, half } = row
  const reach = Math.floor(half)
  const centre = Math.round(middle)
  for (let n = 0; n < count; n++) {
    const x = left + n
    const raw = gain * half
    if (shaped && (shape[n] as number) < 0.999) pixels.column(x, centre - Math.min(reach, Math.round((high[n] as number) * raw)), centre + 1 - Math.max(-reach, Math.round((low[n] as number) * raw)), tones.ghost)
    const scale = raw * (shape[n] as number)
    const up = Math.round((high[n] as number) * scale)
    const down = Math.round((low[n] as number) * scale)
    pixels.column(x, centre - Math.min(reach, up), centre + 1 - Math.max(-reach, down), tones.wave)
    const inner = Math.min(reach, Math.round((body[n] as number) * scale))
    if (inner > 0) pixels.column(x, centre - Math.min(inner, Math.max(0, up)), centre + 1 + Math.min(inner, Math.max(0, -down)), tones.body)
    // What is louder than full scale at this gain.
    if (up > half + 0.5) pixels.column(x, centre - reach, centre - reach + 2, tones.over)
    if (-down > half + 0.5) pixels.column(x, centre + reach - 1, centre + reach + 1, tones.over)
  }
}

/** A stem and a dot for each sample. */
function paintStems(pixels: Pixels, { clip, gain, tones, view, scene }: WaveOrder, row: Row, all: readonly Float32Array[], offset: number, { first, last }: { first: number; last: number }): void {
  const dot = Math.max(2, Math.round(2 * scene.dpr))
  const centre = Math.round(row.middle)
  for (const data of row.channel === null ? all : all.slice(row.channel, row.channel + 1)) {
    for (let n = first; n < last; n++) {
      const x = Math.round((n + 0.5 - clip.offset + clip.start - view.start) / view.step)
      const y = centre - Math.round(Math.max(-1, Math.min(1, (data[n - offset] ?? 0) * gain)) * row.half)
      pixels.column(x, Math.min(y, centre), Math.max(y, centre), tones.body)
      pixels.rect(x - dot, y - dot, dot * 2 + 1, dot * 2 + 1, tones.body)
    }
  }
}
