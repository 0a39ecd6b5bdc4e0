import { edlLength } from '#common/edl/index.ts'
import type { Marker, MarkerKind } from '#common/edl/index.ts'
import { RATE_HZ } from '#common/units/samples.ts'
import { secondsText } from '../../../../i18n/formats.ts'
import { GAP_PX, RULER_PX, TIMES_PX } from '../layout.ts'
import { pxOf, rulerStep, viewEnd } from '../view.ts'
import type { View } from '../view.ts'
import type { Scene } from './scene.ts'

const DAY = 86_400
const FLAG_PX = 9
const SLIDE_PX = 30
const LETTER_PX = 6.2
const MARK_Y = TIMES_PX + 3
const MARK_HEIGHT = RULER_PX - TIMES_PX - 5

/** Text of a place on the ruler: from the beginning, or as time of day. */
export function rulerText(seconds: number, decimals: number, startsAtSec: number | null): string {
  const at = startsAtSec === null ? seconds : (((seconds + startsAtSec) % DAY) + DAY) % DAY
  const whole = Math.floor(at + 1e-6)
  const fraction = decimals === 0 ? '' : `,${Math.min(10 ** decimals - 1, Math.round((at - whole) * 10 ** decimals)).toString().padStart(decimals, '0')}`
  if (startsAtSec === null) return `${secondsText(whole)}${fraction}`
  const pad = (value: number): string => String(value).padStart(2, '0')
  return `${pad(Math.floor(whole / 3600))}:${pad(Math.floor((whole % 3600) / 60))}:${pad(whole % 60)}${fraction}`
}

/** Ruler marks stand at round times of what they show: of the programme, or of the day. */
export function rulerMarks(view: View, startsAtSec: number | null, minPx: number): { seconds: number; decimals: number }[] {
  const step = rulerStep(view, minPx, RATE_HZ)
  const decimals = step >= 1 ? 0 : step >= 0.1 ? 1 : step >= 0.01 ? 2 : step >= 0.001 ? 3 : 4
  const shift = startsAtSec ?? 0
  const marks: { seconds: number; decimals: number }[] = []
  for (let n = Math.floor((view.start / RATE_HZ + shift) / step); ; n++) {
    const seconds = n * step - shift
    if (seconds * RATE_HZ > viewEnd(view)) return marks
    if (seconds > -step) marks.push({ seconds, decimals })
  }
}

export function drawRuler(context: CanvasRenderingContext2D, scene: Scene): void {
  const { view, colors: { css } } = scene
  const startsAtSec = scene.isClock ? scene.edl.slot.startsAtSec : null
  context.fillStyle = css.back
  context.fillRect(0, 0, view.width, RULER_PX)
  const marks = rulerMarks(view, startsAtSec, startsAtSec === null ? 76 : 92)
  context.fillStyle = css.grid
  for (const { seconds } of marks) context.fillRect(Math.round(pxOf(view, seconds * RATE_HZ)), 0, 1, TIMES_PX)
  context.fillStyle = css.text
  for (const { seconds, decimals } of marks) context.fillText(rulerText(seconds, decimals, startsAtSec), Math.round(pxOf(view, seconds * RATE_HZ)) + 4, TIMES_PX / 2)
  context.fillStyle = css.line
  context.fillRect(0, RULER_PX - 1, view.width, 1)
}

/** Lines down over the lanes, before the clips' own marks. */
export function drawGrid(context: CanvasRenderingContext2D, scene: Scene): void {
  const { view, colors: { css }, height, edl } = scene
  const { length } = edl.slot
  const end = length === null ? null : pxOf(view, length)
  if (end !== null && end < view.width) {
    context.fillStyle = css.beyond
    const last = Math.min(view.width, Math.max(end, pxOf(view, edlLength(edl))))
    if (last > end) context.fillRect(Math.max(0, end), RULER_PX, last - Math.max(0, end), height - RULER_PX)
  }
}

const kindColor: Readonly<Record<MarkerKind, 'marker' | 'chapter' | 'slide'>> = { marker: 'marker', chapter: 'chapter', slide: 'slide' }

/** How wide a marker is on its strip: its flag or picture, and its name. */
export const markPx = ({ kind, label }: Pick<Marker, 'kind' | 'label'>): number => (kind === 'slide' ? SLIDE_PX : FLAG_PX) + Math.min(160, label.length * LETTER_PX) + 4

export function drawMarks(context: CanvasRenderingContext2D, scene: Scene): void {
  const { view, edl, height, colors: { css } } = scene
  const seen = edl.markers.filter((marker) => pxOf(view, marker.at + marker.length) > -240 && pxOf(view, marker.at) < view.width + 10)
  let free = -1e9
  const ordered = seen.toSorted((a, b) => a.at - b.at)
  for (const [n, marker] of ordered.entries()) {
    const x = Math.round(pxOf(view, marker.at))
    const isChosen = marker.id === scene.markerId
    context.fillStyle = css[kindColor[marker.kind]]
    context.fillRect(x, TIMES_PX, isChosen ? 2 : 1, height - TIMES_PX)
    if (marker.length > 0) {
      const end = pxOf(view, marker.at + marker.length)
      context.fillRect(x, RULER_PX - 4, end - x, 3)
      context.fillRect(Math.round(end), TIMES_PX, 1, height - TIMES_PX)
    }
    const next = ordered[n + 1]
    const room = (next === undefined ? view.width : pxOf(view, next.at)) - x
    drawFlag(context, scene, marker, x)
    const width = marker.kind === 'slide' ? SLIDE_PX : FLAG_PX
    if (marker.label !== '' && x >= free && room > width + 14) {
      const letters = Math.max(1, Math.floor((room - width - 8) / LETTER_PX))
      context.fillStyle = css.text
      context.fillText(marker.label.length <= letters ? marker.label : `${marker.label.slice(0, Math.max(1, letters - 1))}…`, x + width + 5, MARK_Y + MARK_HEIGHT / 2)
      free = x + width
    }
  }
  drawComments(context, scene)
  const { length } = edl.slot
  if (length !== null) line(context, scene, length, css.slot, 2)
  if (scene.punchAt !== null) line(context, scene, scene.punchAt, css.punch, 2)
}

function line(context: CanvasRenderingContext2D, { view, height }: Scene, at: number, color: string, width: number): void {
  const x = pxOf(view, at)
  if (x < -2 || x > view.width + 2) return
  context.fillStyle = color
  context.fillRect(x - width / 2, 0, width, height)
}

/** Each kind has its own shape: a pennant, a bookmark, a picture. */
function drawFlag(context: CanvasRenderingContext2D, scene: Scene, marker: Marker, x: number): void {
  context.beginPath()
  if (marker.kind === 'slide') {
    const picture = marker.slideId === null ? null : scene.slides(marker.slideId)
    context.fillRect(x, MARK_Y, SLIDE_PX, MARK_HEIGHT)
    if (picture !== null) context.drawImage(picture, x + 1, MARK_Y + 1, SLIDE_PX - 2, MARK_HEIGHT - 2)
    return
  }
  context.moveTo(x, MARK_Y)
  if (marker.kind === 'chapter') {
    context.lineTo(x + FLAG_PX, MARK_Y)
    context.lineTo(x + FLAG_PX, MARK_Y + MARK_HEIGHT)
    context.lineTo(x + FLAG_PX / 2, MARK_Y + MARK_HEIGHT - 4)
    context.lineTo(x, MARK_Y + MARK_HEIGHT)
  } else {
    context.lineTo(x + FLAG_PX, MARK_Y + MARK_HEIGHT / 2)
    context.lineTo(x, MARK_Y + MARK_HEIGHT)
  }
  context.closePath()
  context.fill()
}

function drawComments(context: CanvasRenderingContext2D, { view, comments, colors: { css } }: Scene): void {
  for (const comment of comments) {
    const x = pxOf(view, comment.at)
    if (x < -20 || x > view.width + 20) continue
    context.beginPath()
    context.arc(x, MARK_Y + MARK_HEIGHT / 2 - 1, 6, 0, Math.PI * 2)
    context.moveTo(x - 3, MARK_Y + MARK_HEIGHT - 4)
    context.lineTo(x, MARK_Y + MARK_HEIGHT + 1)
    context.lineTo(x + 3, MARK_Y + MARK_HEIGHT - 4)
    context.strokeStyle = css.comment
    context.fillStyle = css.comment
    context.lineWidth = 1.5
    if (comment.isResolved) context.stroke()
    else context.fill()
    if (comment.length > 0) context.fillRect(x, RULER_PX - GAP_PX, comment.length / view.samplesPerPx, 2)
  }
}
