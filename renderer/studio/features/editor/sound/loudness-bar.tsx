import { drawScale, MeterCanvas, SCALE_PX } from '../../../ui/index.ts'
import type { MeterPen } from '../../../ui/index.ts'
import type { MeterView } from './meter-view.ts'

const LOWEST_LUFS = -48
const HIGHEST_LUFS = -3
const TICKS_LUFS = [-9, -16, -23, -32, -41]
const share = (lufs: number): number => Math.min(1, Math.max(0, (lufs - LOWEST_LUFS) / (HIGHEST_LUFS - LOWEST_LUFS)))

/** Momentary loudness as a bar, short-term as a line, the station's standard as a mark that reaches over both. */
export function LoudnessBar(props: { view: MeterView; targetLufs: number; label: string; width: number; height: number }) {
  return (
    <MeterCanvas
      width={props.width} height={props.height} label={props.label}
      place={(pen, into) => placeLoudness(pen, props.view, props.targetLufs, into)}
      draw={drawLoudness}
      drawStill={(pen) => drawScale(pen, TICKS_LUFS, share)}
    />
  )
}

/** No measurement yet. */
const NONE = -1

/** In pixels: momentary, short-term, target. */
function placeLoudness({ width }: MeterPen, { momentary, shortTerm }: MeterView, targetLufs: number, into: number[]): void {
  const pixels = (lufs: number): number => (Number.isFinite(lufs) ? Math.round(share(lufs) * width) : NONE)
  into.push(pixels(momentary), pixels(shortTerm), pixels(targetLufs))
}

function drawLoudness({ context, width, height, ratio, isDark }: MeterPen, [momentary = NONE, shortTerm = NONE, target = 0]: readonly number[]): void {
  const bar = height - SCALE_PX * ratio
  context.fillStyle = isDark ? '#0d1113' : '#dfe5e8'
  context.fillRect(0, 0, width, bar)
  if (momentary !== NONE) {
    context.fillStyle = isDark ? '#3f8fd0' : '#2f74ad'
    context.fillRect(0, 0, Math.min(momentary, target), bar)
    context.fillStyle = isDark ? '#e0a021' : '#b97800'
    if (momentary > target) context.fillRect(target, 0, momentary - target, bar)
  }
  context.fillStyle = isDark ? '#ffffff' : '#14181b'
  if (shortTerm !== NONE) context.fillRect(Math.min(width - 2 * ratio, shortTerm), 0, 2 * ratio, bar)
  context.fillStyle = isDark ? '#5fd07f' : '#1a7f37'
  context.fillRect(target - ratio, 0, 2 * ratio, bar + 3 * ratio)
}
