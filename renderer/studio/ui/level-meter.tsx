import { drawScale, MeterCanvas, SCALE_PX } from './meter-canvas.tsx'
import type { MeterPen } from './meter-canvas.tsx'

const FLOOR_DBFS = -60
const TICKS_DBFS = [0, -3, -6, -12, -20, -30, -40, -50]
const share = (dbfs: number): number => Math.min(1, Math.max(0, (dbfs - FLOOR_DBFS) / -FLOOR_DBFS))

export interface Levels {
  readonly peakDbfs: readonly number[]
  readonly rmsDbfs: readonly number[]
  readonly holdDbfs: readonly number[]
}

/** Bar meter: RMS body, peak line, hold line, dBFS scale. `read` is called once per animation frame. */
export function LevelMeter(props: { read: () => Levels; label: string; width: number; height: number; scale?: boolean }) {
  return <MeterCanvas width={props.width} height={props.height} label={props.label} draw={(pen) => drawBars(pen, props.read(), props.scale === true)} />
}

function drawBars(pen: MeterPen, levels: Levels, hasScale: boolean): void {
  const { context, width, height, ratio, isDark } = pen
  const bars = Math.max(1, levels.peakDbfs.length)
  const barHeight = (height - (hasScale ? SCALE_PX * ratio : 0) - (bars - 1) * 2 * ratio) / bars
  for (let bar = 0; bar < bars; bar++) {
    const y = bar * (barHeight + 2 * ratio)
    context.fillStyle = isDark ? '#0d1113' : '#dfe5e8'
    context.fillRect(0, y, width, barHeight)
    const rms = share(levels.rmsDbfs[bar] ?? -120) * width
    const peakDbfs = levels.peakDbfs[bar] ?? -120
    context.fillStyle = isDark ? '#2f7d45' : '#6fbf85'
    context.fillRect(0, y, share(peakDbfs) * width, barHeight)
    context.fillStyle = isDark ? '#5fd07f' : '#1a7f37'
    context.fillRect(0, y, rms, barHeight)
    const warn = share(-9) * width
    if (share(peakDbfs) * width > warn) {
      context.fillStyle = peakDbfs > -1 ? '#d32020' : '#e0a021'
      context.fillRect(warn, y, share(peakDbfs) * width - warn, barHeight)
    }
    const hold = share(levels.holdDbfs[bar] ?? -120) * width
    context.fillStyle = isDark ? '#ffffff' : '#14181b'
    if (hold > 0) context.fillRect(Math.min(width - 2 * ratio, hold), y, 2 * ratio, barHeight)
  }
  if (hasScale) drawScale(pen, TICKS_DBFS, share)
}
