import { drawScale, MeterCanvas, SCALE_PX } from './meter-canvas.tsx'
import type { MeterPen } from './meter-canvas.tsx'

const FLOOR_DBFS = -60
const WARN_DBFS = -9
const NEAR_FULL_DBFS = -1
const TICKS_DBFS = [0, -3, -6, -12, -20, -30, -40, -50]
const share = (dbfs: number): number => Math.min(1, Math.max(0, (dbfs - FLOOR_DBFS) / -FLOOR_DBFS))

export interface Levels {
  readonly peakDbfs: readonly number[]
  readonly rmsDbfs: readonly number[]
  readonly holdDbfs: readonly number[]
}

/** Bar meter: RMS body, peak line, hold line, dBFS scale. `read` is called at each look of the meters' clock. */
export function LevelMeter(props: { read: () => Levels; label: string; width: number; height: number; scale?: boolean }) {
  const hasScale = props.scale === true
  return (
    <MeterCanvas
      width={props.width} height={props.height} label={props.label}
      place={(pen, into) => placeBars(pen, props.read(), into)}
      draw={(pen, at) => drawBars(pen, at, hasScale)}
      drawStill={(pen) => { if (hasScale) drawScale(pen, TICKS_DBFS, share) }}
    />
  )
}

/** Four numbers to a bar: RMS, peak and hold in pixels, and whether it is close to full scale. */
const PER_BAR = 4

function placeBars({ width }: MeterPen, levels: Levels, into: number[]): void {
  const bars = Math.max(1, levels.peakDbfs.length)
  for (let bar = 0; bar < bars; bar++) {
    const peakDbfs = levels.peakDbfs[bar] ?? -120
    const [rms, peak, hold] = [levels.rmsDbfs[bar] ?? -120, peakDbfs, levels.holdDbfs[bar] ?? -120]
    into.push(Math.round(share(rms) * width), Math.round(share(peak) * width), Math.round(share(hold) * width), peakDbfs > NEAR_FULL_DBFS ? 1 : 0)
  }
}

function drawBars({ context, width, height, ratio, isDark }: MeterPen, at: readonly number[], hasScale: boolean): void {
  const bars = at.length / PER_BAR
  const barHeight = (height - (hasScale ? SCALE_PX * ratio : 0) - (bars - 1) * 2 * ratio) / bars
  const warn = Math.round(share(WARN_DBFS) * width)
  for (let bar = 0; bar < bars; bar++) {
    const [rms = 0, peak = 0, hold = 0, isNearFull = 0] = at.slice(bar * PER_BAR, (bar + 1) * PER_BAR)
    const y = bar * (barHeight + 2 * ratio)
    context.fillStyle = isDark ? '#0d1113' : '#dfe5e8'
    context.fillRect(0, y, width, barHeight)
    context.fillStyle = isDark ? '#2f7d45' : '#6fbf85'
    context.fillRect(0, y, peak, barHeight)
    context.fillStyle = isDark ? '#5fd07f' : '#1a7f37'
    context.fillRect(0, y, rms, barHeight)
    if (peak > warn) {
      context.fillStyle = isNearFull === 1 ? '#d32020' : '#e0a021'
      context.fillRect(warn, y, peak - warn, barHeight)
    }
    context.fillStyle = isDark ? '#ffffff' : '#14181b'
    if (hold > 0) context.fillRect(Math.min(width - 2 * ratio, hold), y, 2 * ratio, barHeight)
  }
}
