import type { Clip } from '#common/edl/index.ts'
import { clipEnd } from '#common/edl/index.ts'
import { fadeCurve } from '#common/mix/index.ts'
import { decibelText } from '../../../../i18n/formats.ts'
import { envelopeGainAt, envelopeGainY, envelopeY, fadeInX, fadeOutX, gainY, RULER_PX, seenClips, TITLE_PX, waveBox } from '../layout.ts'
import type { LaneBox, WaveBox } from '../layout.ts'
import { pxOf, viewEnd } from '../view.ts'
import { isSilent, sourcesOf } from './scene.ts'
import type { Scene } from './scene.ts'

const LABEL_FROM_PX = 26
const HANDLES_FROM_PX = 24
const CURVE_FROM_PX = 6
export const BADGE_PX = 34

/** Names, lines and handles over the waves. Coordinates are CSS pixels. */
export function drawClipMarks(context: CanvasRenderingContext2D, scene: Scene): void {
  context.save()
  context.beginPath()
  context.rect(0, RULER_PX, scene.view.width, scene.height - RULER_PX)
  context.clip()
  for (const box of scene.boxes) {
    if (box.top >= scene.height || box.top + box.height <= RULER_PX) continue
    const { first, last } = seenClips(box.lane.clips, scene.view.start, viewEnd(scene.view))
    for (let n = first; n < last; n++) {
      const clip = box.lane.clips[n]
      if (clip !== undefined && clip.length / scene.view.samplesPerPx > CURVE_FROM_PX) drawClip(context, scene, box, clip)
    }
  }
  context.restore()
}

function drawClip(context: CanvasRenderingContext2D, scene: Scene, box: LaneBox, clip: Clip): void {
  const { view, colors: { css } } = scene
  const left = pxOf(view, clip.start)
  const right = pxOf(view, clipEnd(clip))
  const wave = waveBox(box)
  const isChosen = clip.id === scene.clipId
  drawFade(context, scene, clip, wave, 'in')
  drawFade(context, scene, clip, wave, 'out')
  if (clip.envelope.length > 0 || isChosen) drawEnvelope(context, scene, box, clip, wave, isChosen)
  if (right - left > LABEL_FROM_PX) drawTitle(context, scene, box, clip, left, right)
  if (right - left <= HANDLES_FROM_PX) return
  context.fillStyle = css.handle
  const size = isChosen ? 5 : 3
  for (const x of [fadeInX(clip, view), fadeOutX(clip, view)]) context.fillRect(x - size, wave.top + 4, size * 2, size * 2)
  if (!isChosen) return
  const middle = (left + right) / 2
  const y = gainY(wave, clip.gainDb)
  context.beginPath()
  context.moveTo(middle, y - 6)
  context.lineTo(middle + 6, y)
  context.lineTo(middle, y + 6)
  context.lineTo(middle - 6, y)
  context.closePath()
  context.fill()
}

function drawTitle(context: CanvasRenderingContext2D, scene: Scene, box: LaneBox, clip: Clip, left: number, right: number): void {
  const { view, colors: { css }, words } = scene
  const source = sourcesOf(scene.edl).get(clip.sourceId)
  const x = Math.max(4, left + 5)
  let end = Math.min(view.width, right) - 4
  const y = box.top + TITLE_PX / 2 + 0.5
  context.fillStyle = css.titleText
  if (clip.alternatives.length > 0 && end - x > BADGE_PX + 10) {
    const text = words.takes(clip.alternatives.length + 1)
    const { width } = context.measureText(text)
    context.fillRect(end - width - 8, box.top + 2, width + 10, TITLE_PX - 4)
    context.fillStyle = css.title
    context.fillText(text, end - width - 3, y)
    context.fillStyle = css.titleText
    end -= width + 14
  }
  const facts = [
    source?.title ?? '', clip.gainDb === 0 ? '' : `${clip.gainDb > 0 ? '+' : ''}${decibelText(clip.gainDb)} dB`, clip.loudness === null ? '' : `${decibelText(clip.loudness.integratedLufs + clip.gainDb)} LUFS`, clip.original === null ? '' : '≈',
  ].filter((one) => one !== '').join('  ')
  if (end - x < 14) return
  context.fillText(fitText(facts, end - x), x, y)
  const state = source === undefined ? 'missing' : scene.data.state(source)
  if (state === 'whole' || state === 'some') return
  context.fillStyle = css.text
  context.fillText(state === 'missing' ? words.missing : words.loading, x, box.top + TITLE_PX + (box.height - TITLE_PX) / 2)
}

/** About six pixels a letter: measuring each frame would cost more than an ellipsis a letter too early. */
function fitText(text: string, room: number): string {
  const letters = Math.floor(room / 6.1)
  return text.length <= letters ? text : letters < 2 ? '' : `${text.slice(0, letters - 1)}…`
}

function drawFade(context: CanvasRenderingContext2D, { view, colors: { css } }: Scene, clip: Clip, wave: WaveBox, edge: 'in' | 'out'): void {
  const fade = edge === 'in' ? clip.fadeIn : clip.fadeOut
  if (fade.length === 0) return
  const outer = pxOf(view, edge === 'in' ? clip.start : clipEnd(clip))
  const inner = pxOf(view, edge === 'in' ? clip.start + fade.length : clipEnd(clip) - fade.length)
  if (Math.abs(inner - outer) < 2) return
  context.beginPath()
  const steps = Math.max(4, Math.min(32, Math.round(Math.abs(inner - outer) / 4)))
  for (let n = 0; n <= steps; n++) context.lineTo(outer + ((inner - outer) * n) / steps, wave.top + 1 + (wave.height - 2) * (1 - fadeCurve(fade.shape, n / steps)))
  context.strokeStyle = css.curve
  context.lineWidth = 1.5
  context.stroke()
}

function drawEnvelope(context: CanvasRenderingContext2D, scene: Scene, box: LaneBox, clip: Clip, wave: WaveBox, isChosen: boolean): void {
  const { view, colors: { css } } = scene
  const isDuck = box.lane.duck !== null && !box.lane.duck.handEdited
  const left = Math.max(-4, pxOf(view, clip.start))
  const right = Math.min(view.width + 4, pxOf(view, clipEnd(clip)))
  context.strokeStyle = isDuck ? css.duck : css.envelope
  context.lineWidth = isSilent(scene.edl, box) ? 1 : 1.75
  if (isDuck || clip.envelope.length === 0) context.setLineDash([6, 3])
  const sampleOf = (x: number): number => view.start + x * view.samplesPerPx - clip.start
  context.beginPath()
  context.moveTo(left, envelopeGainY(wave, envelopeGainAt(clip, sampleOf(left))))
  let drawn = left
  for (const point of clip.envelope) {
    const x = pxOf(view, clip.start + point.at)
    if (x >= right) break
    // Thousands of points in one pixel are one line.
    if (x <= drawn + 0.5) continue
    drawn = x
    context.lineTo(x, envelopeY(wave, point.gainDb))
  }
  context.lineTo(right, envelopeGainY(wave, envelopeGainAt(clip, sampleOf(right))))
  context.stroke()
  context.setLineDash([])
  if (!isChosen && !isDuck) return
  context.fillStyle = isDuck ? css.duck : css.envelope
  for (const [n, point] of clip.envelope.entries()) {
    const x = pxOf(view, clip.start + point.at)
    if (x < -8) continue
    if (x > view.width + 8) break
    const isHot = scene.hotPoint !== null && scene.hotPoint.clipId === clip.id && scene.hotPoint.index === n
    const size = isHot ? 5.5 : 3.5
    context.fillRect(x - size, envelopeY(wave, point.gainDb) - size, size * 2, size * 2)
  }
}
