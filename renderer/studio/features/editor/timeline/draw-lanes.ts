import type { Clip, Edl, Marker } from '#common/edl/index.ts'
import { clipEnd } from '#common/edl/index.ts'
import { fadeCurve, linearGain } from '#common/mix/index.ts'
import { RATE_HZ } from '#common/units/samples.ts'
import { secondsText } from '../../../i18n/formats.ts'
import type { Selection } from '../editor-store.ts'
import type { Colors } from './colors.ts'
import { drawWave } from './draw-wave.ts'
import { fadeInX, fadeOutX, gainY, laneBoxes, RULER_PX, TITLE_PX, waveBox } from './layout.ts'
import type { LaneBox, WaveBox } from './layout.ts'
import { pxOf, rulerStep, viewEnd } from './view.ts'
import type { View } from './view.ts'
import type { WaveData } from './wave-data.ts'

export interface Scene {
  readonly edl: Edl
  readonly view: View
  readonly height: number
  readonly selection: Selection | null
  readonly laneIds: readonly string[]
  readonly clipId: string | null
  readonly data: WaveData
  readonly colors: Colors
  /** One device pixel in CSS pixels. */
  readonly px: number
  readonly words: { readonly missing: string; readonly loading: string }
}

/** Everything but the playhead. */
export function drawTimeline(context: CanvasRenderingContext2D, scene: Scene): void {
  const { view, height, colors } = scene
  context.fillStyle = colors.back
  context.fillRect(0, 0, view.width, height)
  context.font = '11px system-ui, sans-serif'
  context.textBaseline = 'middle'
  context.lineWidth = 1
  const anySolo = scene.edl.lanes.some((lane) => lane.solo)
  const boxes = laneBoxes(scene.edl, height)
  for (const box of boxes) {
    context.fillStyle = scene.laneIds.includes(box.lane.id) ? colors.laneActive : colors.lane
    context.fillRect(0, box.top, view.width, box.height)
  }
  drawRuler(context, scene)
  for (const box of boxes) drawClips(context, scene, box, box.lane.mute || (anySolo && !box.lane.solo))
  if (scene.selection !== null) drawSelection(context, scene, boxes, scene.selection)
  for (const marker of scene.edl.markers) drawMarker(context, scene, marker)
}

function drawClips(context: CanvasRenderingContext2D, scene: Scene, box: LaneBox, isSilent: boolean): void {
  const { view } = scene
  const end = viewEnd(view)
  for (const clip of box.lane.clips) {
    if (clip.start >= end) break
    if (clipEnd(clip) > view.start) drawClip(context, scene, box, clip, isSilent)
  }
}

function drawClip(context: CanvasRenderingContext2D, scene: Scene, box: LaneBox, clip: Clip, isSilent: boolean): void {
  const { view, colors } = scene
  const left = pxOf(view, clip.start)
  const right = pxOf(view, clipEnd(clip))
  const isSelected = clip.id === scene.clipId
  const source = scene.edl.sources.find((one) => one.id === clip.sourceId)
  const x = Math.max(-2, left)
  const width = Math.min(view.width + 2, right) - x
  const wave = waveBox(box)
  context.save()
  context.beginPath()
  context.rect(x, box.top, Math.max(1, width), box.height)
  context.clip()
  context.fillStyle = isSelected ? colors.clipSelected : colors.clip
  context.fillRect(x, box.top, width, box.height)
  context.fillStyle = isSilent ? colors.waveDim : colors.title
  context.fillRect(x, box.top, width, TITLE_PX)
  const result = source === undefined ? 'missing' : drawWave(context, { clip, source, view, box: wave, data: scene.data, gain: linearGain(clip.gainDb) * linearGain(box.lane.gainDb), px: scene.px, color: isSilent ? colors.waveDim : colors.wave })
  if (result !== 'drawn') {
    context.fillStyle = colors.text
    context.fillText(result === 'missing' ? scene.words.missing : scene.words.loading, Math.max(4, left + 6), wave.top + wave.height / 2)
  }
  drawFade(context, scene, clip, wave, 'in')
  drawFade(context, scene, clip, wave, 'out')
  if (width > 24) {
    context.fillStyle = colors.titleText
    const gain = clip.gainDb === 0 ? '' : `  ${clip.gainDb > 0 ? '+' : '−'}${Math.abs(clip.gainDb).toLocaleString('vi-VN')} dB`
    context.fillText(`${source?.title ?? ''}${gain}`, Math.max(4, left + 5), box.top + TITLE_PX / 2 + 0.5)
  }
  context.strokeStyle = isSelected ? colors.selectionEdge : colors.line
  context.lineWidth = isSelected ? 2 : 1
  context.strokeRect(left + 0.5, box.top + 0.5, right - left - 1, box.height - 1)
  context.restore()
  if (right - left > 24) drawHandles(context, scene, clip, wave, isSelected)
}

function drawFade(context: CanvasRenderingContext2D, { view, colors }: Scene, clip: Clip, wave: WaveBox, edge: 'in' | 'out'): void {
  const fade = edge === 'in' ? clip.fadeIn : clip.fadeOut
  if (fade.length === 0) return
  const outer = pxOf(view, edge === 'in' ? clip.start : clipEnd(clip))
  const inner = pxOf(view, edge === 'in' ? clip.start + fade.length : clipEnd(clip) - fade.length)
  context.beginPath()
  context.moveTo(outer, wave.top)
  for (let n = 0; n <= 32; n++) context.lineTo(outer + ((inner - outer) * n) / 32, wave.top + wave.height * (1 - fadeCurve(fade.shape, n / 32)))
  context.lineTo(inner, wave.top)
  context.closePath()
  context.fillStyle = colors.fade
  context.fill()
  context.beginPath()
  for (let n = 0; n <= 32; n++) context.lineTo(outer + ((inner - outer) * n) / 32, wave.top + wave.height * (1 - fadeCurve(fade.shape, n / 32)))
  context.strokeStyle = colors.handle
  context.stroke()
}

function drawHandles(context: CanvasRenderingContext2D, { view, colors }: Scene, clip: Clip, wave: WaveBox, isSelected: boolean): void {
  context.fillStyle = colors.handle
  const size = isSelected ? 5 : 3
  for (const x of [fadeInX(clip, view), fadeOutX(clip, view)]) context.fillRect(x - size, wave.top + 4, size * 2, size * 2)
  if (!isSelected) return
  const middle = (pxOf(view, clip.start) + pxOf(view, clipEnd(clip))) / 2
  const y = gainY(wave, clip.gainDb)
  context.beginPath()
  context.moveTo(middle, y - 6)
  context.lineTo(middle + 6, y)
  context.lineTo(middle, y + 6)
  context.lineTo(middle - 6, y)
  context.closePath()
  context.fill()
}

function drawRuler(context: CanvasRenderingContext2D, { view, colors, height }: Scene): void {
  context.fillStyle = colors.back
  context.fillRect(0, 0, view.width, RULER_PX)
  const step = rulerStep(view, 76, RATE_HZ)
  const decimals = step >= 1 ? 0 : step >= 0.1 ? 1 : step >= 0.01 ? 2 : 3
  const first = Math.floor(view.start / RATE_HZ / step)
  for (let n = first; n * step * RATE_HZ <= viewEnd(view); n++) {
    const seconds = n * step
    const x = Math.round(pxOf(view, seconds * RATE_HZ)) + 0.5
    context.fillStyle = colors.grid
    context.fillRect(x - 0.5, RULER_PX - 6, 1, height - RULER_PX + 6)
    context.fillStyle = colors.text
    const whole = Math.floor(seconds + 1e-6)
    const fraction = decimals === 0 ? '' : `,${Math.round((seconds - whole) * 10 ** decimals).toString().padStart(decimals, '0')}`
    context.fillText(`${secondsText(whole)}${fraction}`, x + 3, RULER_PX / 2 - 1)
  }
  context.fillStyle = colors.line
  context.fillRect(0, RULER_PX - 1, view.width, 1)
}

function drawSelection(context: CanvasRenderingContext2D, { view, colors, laneIds }: Scene, boxes: readonly LaneBox[], selection: Selection): void {
  const left = pxOf(view, selection.start)
  const right = pxOf(view, selection.end)
  context.fillStyle = colors.selection
  context.fillRect(left, 0, right - left, RULER_PX)
  for (const box of boxes) if (laneIds.includes(box.lane.id)) context.fillRect(left, box.top, right - left, box.height)
  context.fillStyle = colors.selectionEdge
  const bottom = boxes.at(-1)
  for (const x of [left, right]) context.fillRect(Math.round(x), 0, 1, bottom === undefined ? RULER_PX : bottom.top + bottom.height)
}

function drawMarker(context: CanvasRenderingContext2D, { view, colors, height }: Scene, marker: Marker): void {
  const x = Math.round(pxOf(view, marker.at))
  if (x < -200 || x > view.width) return
  context.fillStyle = colors.marker
  context.fillRect(x, 0, 1, height)
  context.beginPath()
  context.moveTo(x, RULER_PX - 1)
  context.lineTo(x - 5, RULER_PX - 9)
  context.lineTo(x + 5, RULER_PX - 9)
  context.closePath()
  context.fill()
  if (marker.label === '') return
  const { width } = context.measureText(marker.label)
  context.fillRect(x, RULER_PX + 4, width + 8, 15)
  context.fillStyle = colors.back
  context.fillText(marker.label, x + 4, RULER_PX + 12)
}
