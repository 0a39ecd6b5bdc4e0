import { RULER_PX } from '../layout.ts'
import { pxOf } from '../view.ts'
import type { Scene } from './scene.ts'

/** What is selected, proposed and snapped to, and the loudness along the programme. */
export function drawSelections(context: CanvasRenderingContext2D, scene: Scene): void {
  const { view, colors: { css }, boxes, laneIds, ranges, proposed } = scene
  const bottom = boxes.at(-1)
  const last = bottom === undefined ? RULER_PX : Math.min(scene.height, bottom.top + bottom.height)
  for (const range of ranges) {
    const left = pxOf(view, range.start)
    const right = pxOf(view, range.end)
    if (right < 0 || left > view.width) continue
    context.fillStyle = css.selection
    context.fillRect(left, 0, right - left, RULER_PX)
    for (const box of boxes) if (laneIds.includes(box.lane.id)) overLane(context, left, right, box.top, box.top + box.height, scene.height)
    context.fillStyle = css.selectionEdge
    for (const x of [left, right]) context.fillRect(Math.round(x), 0, 1, last)
  }
  context.fillStyle = css.proposed
  for (const range of proposed) {
    const left = pxOf(view, range.start)
    const right = Math.max(left + 1, pxOf(view, range.end))
    if (right < 0 || left > view.width) continue
    for (const box of boxes) if (laneIds.includes(box.lane.id)) overLane(context, left, right, box.top, box.top + box.height, scene.height)
  }
}

function overLane(context: CanvasRenderingContext2D, left: number, right: number, top: number, bottom: number, height: number): void {
  const first = Math.max(RULER_PX, top)
  const last = Math.min(height, bottom)
  if (last > first) context.fillRect(left, first, right - left, last - first)
}

/** From the loudest (top) to 24 LU under the target (bottom) over all lanes; a thin line marks the target. */
const RANGE_LU = 30
export function drawLoudness(context: CanvasRenderingContext2D, scene: Scene): void {
  const { loudness, view, colors: { css }, height } = scene
  if (loudness === null) return
  const top = RULER_PX + 6
  const room = height - top - 6
  const yOf = (lufs: number): number => top + Math.max(0, Math.min(1, (loudness.targetLufs + 6 - lufs) / RANGE_LU)) * room
  context.strokeStyle = css.loudness
  context.lineWidth = 1
  context.setLineDash([2, 4])
  context.beginPath()
  context.moveTo(0, yOf(loudness.targetLufs))
  context.lineTo(view.width, yOf(loudness.targetLufs))
  context.stroke()
  context.setLineDash([])
  context.lineWidth = 2
  context.beginPath()
  const first = Math.max(0, Math.floor((view.start - loudness.at) / loudness.step) - 1)
  const last = Math.min(loudness.lufs.length - 1, Math.ceil((view.start + view.width * view.samplesPerPx - loudness.at) / loudness.step) + 1)
  // One point per two pixels is as much as can be seen.
  const stride = Math.max(1, Math.floor((last - first) / (view.width / 2)))
  let isPen = false
  for (let n = first; n <= last; n += stride) {
    const value = loudness.lufs[n] ?? Number.NaN
    if (!Number.isFinite(value)) {
      isPen = false
      continue
    }
    const x = pxOf(view, loudness.at + n * loudness.step)
    if (isPen) context.lineTo(x, yOf(value))
    else context.moveTo(x, yOf(value))
    isPen = true
  }
  context.stroke()
}

/** The place that was snapped to, and what lies there; also other words about a drag. */
export function drawHint(context: CanvasRenderingContext2D, { hint, view, colors: { css }, height }: Scene): void {
  if (hint === null) return
  const x = Math.round(pxOf(view, hint.at))
  if (hint.kind !== null) {
    context.strokeStyle = css.snap
    context.lineWidth = 1.5
    context.setLineDash(hint.kind === 'zero' ? [2, 2] : [5, 3])
    context.beginPath()
    context.moveTo(x + 0.5, 0)
    context.lineTo(x + 0.5, height)
    context.stroke()
    context.setLineDash([])
  }
  if (hint.text === '') return
  const { width } = context.measureText(hint.text)
  const left = Math.max(2, Math.min(view.width - width - 12, x + 8))
  context.fillStyle = css.text
  context.fillRect(left, RULER_PX + 4, width + 10, 18)
  context.fillStyle = css.label
  context.fillText(hint.text, left + 5, RULER_PX + 13.5)
}
