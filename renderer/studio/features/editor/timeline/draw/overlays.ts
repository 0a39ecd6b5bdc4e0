import type { Clip } from '#common/edl/index.ts'
import { clipEnd } from '#common/edl/index.ts'
import { RULER_PX, seenClips, waveBox } from '../layout.ts'
import type { LaneBox } from '../layout.ts'
import { pxOf, viewEnd } from '../view.ts'
import { sourcesOf } from './scene.ts'
import type { Scene } from './scene.ts'

/** What is selected, proposed and snapped to, and the loudness of the clips. */
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
    for (const box of boxes) if (range.laneIds.includes(box.lane.id)) overLane(context, left, right, box.top, box.top + box.height, scene.height)
  }
  drawLandings(context, scene)
}

/** Where something would come to lie: an outline, so that what is there now can still be read. */
function drawLandings(context: CanvasRenderingContext2D, { view, colors: { css }, boxes, landings, height }: Scene): void {
  if (landings.length === 0) return
  context.save()
  context.beginPath()
  context.rect(0, RULER_PX, view.width, height - RULER_PX)
  context.clip()
  context.strokeStyle = css.snap
  context.lineWidth = 2
  context.setLineDash([6, 4])
  for (const landing of landings) {
    const left = pxOf(view, landing.start)
    const width = pxOf(view, landing.end) - left
    for (const box of boxes) if (landing.laneIds.includes(box.lane.id)) context.strokeRect(left + 1, box.top + 1, Math.max(2, width - 2), box.height - 2)
  }
  context.restore()
}

function overLane(context: CanvasRenderingContext2D, left: number, right: number, top: number, bottom: number, height: number): void {
  const first = Math.max(RULER_PX, top)
  const last = Math.min(height, bottom)
  if (last > first) context.fillRect(left, first, right - left, last - first)
}

/** In each clip from 6 LU over the target down to 24 under it; the dotted line is the target. */
const OVER_LU = 6
const RANGE_LU = 30

/** Short-term loudness of each clip with its gain: what is too quiet or too loud is seen before it is heard. */
export function drawLoudness(context: CanvasRenderingContext2D, scene: Scene): void {
  if (scene.loudness === null) return
  context.save()
  context.beginPath()
  context.rect(0, RULER_PX, scene.view.width, scene.height - RULER_PX)
  context.clip()
  context.strokeStyle = scene.colors.css.loudness
  for (const box of scene.boxes) {
    const { first, last } = seenClips(box.lane.clips, scene.view.start, viewEnd(scene.view))
    for (const clip of box.lane.clips.slice(first, last)) drawCourse(context, scene, box, clip, scene.loudness.targetLufs)
  }
  context.restore()
}

function drawCourse(context: CanvasRenderingContext2D, { edl, view, courses }: Scene, box: LaneBox, clip: Clip, targetLufs: number): void {
  const source = sourcesOf(edl).get(clip.sourceId)
  const left = Math.max(0, pxOf(view, clip.start))
  const right = Math.min(view.width, pxOf(view, clipEnd(clip)))
  if (source === undefined || right - left < 8) return
  const wave = waveBox(box)
  const yOf = (lufs: number): number => wave.top + Math.max(0, Math.min(1, (targetLufs + OVER_LU - lufs) / RANGE_LU)) * wave.height
  context.lineWidth = 1
  context.setLineDash([2, 4])
  context.beginPath()
  context.moveTo(left, yOf(targetLufs))
  context.lineTo(right, yOf(targetLufs))
  context.stroke()
  context.setLineDash([])
  const course = courses(source.itemId)
  if (course === null) return
  context.lineWidth = 2
  context.beginPath()
  let isPen = false
  // One value per two pixels is as much as can be seen.
  for (let x = left; x <= right; x += 2) {
    const value = course.at(view.start + x * view.samplesPerPx - clip.start + clip.offset)
    if (value === null || value < SILENT_LUFS) {
      isPen = false
      continue
    }
    const y = yOf(value + clip.gainDb + box.lane.gainDb)
    if (isPen) context.lineTo(x, y)
    else context.moveTo(x, y)
    isPen = true
  }
  context.stroke()
}
const SILENT_LUFS = -70

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
