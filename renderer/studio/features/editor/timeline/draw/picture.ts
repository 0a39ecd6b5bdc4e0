import { drawClipMarks } from './clip-marks.ts'
import { paintLanes } from './lanes.ts'
import { drawHint, drawLoudness, drawSelections } from './overlays.ts'
import type { Pixels } from './pixels.ts'
import { drawGrid, drawMarks, drawRuler } from './ruler.ts'
import type { Scene } from './scene.ts'

/** Everything but the playhead: grounds and waves as pixels, then few lines and words over them. */
export function drawPicture(context: CanvasRenderingContext2D, pixels: Pixels, scene: Scene): void {
  paintLanes(pixels, scene)
  pixels.put(context)
  context.setTransform(scene.dpr, 0, 0, scene.dpr, 0, 0)
  context.font = '11px system-ui, sans-serif'
  context.textBaseline = 'middle'
  context.lineJoin = 'round'
  drawRuler(context, scene)
  drawGrid(context, scene)
  drawClipMarks(context, scene)
  drawSelections(context, scene)
  drawLoudness(context, scene)
  drawMarks(context, scene)
  drawHint(context, scene)
}
