import { useEffect, useRef } from 'react'
import { lookAtMeter } from './meter-clock.ts'

/** What a meter draws with: everything in device pixels, `ratio` of them to a CSS pixel. */
export interface MeterPen {
  readonly context: CanvasRenderingContext2D
  readonly width: number
  readonly height: number
  readonly ratio: number
  readonly isDark: boolean
}
/** Height of the numbers under a bar, in CSS pixels. */
export const SCALE_PX = 12

export interface MeterDrawing {
  /** Called at each look of the meters' clock: reads the figures and writes down, in whole device pixels, all that the picture hangs on. Figures never pass through React state. */
  place(pen: MeterPen, into: number[]): void
  /** Called when something of that has changed. */
  draw(pen: MeterPen, at: readonly number[]): void
  /** What stands still: drawn once for a size and a theme. */
  drawStill?(pen: MeterPen): void
}

/** A small picture on two sheets: what moves is drawn only when it has moved by a pixel, so a meter at rest costs nothing. */
export function MeterCanvas(props: MeterDrawing & { label: string; width: number; height: number }) {
  const moving = useRef<HTMLCanvasElement>(null)
  const still = useRef<HTMLCanvasElement>(null)
  const drawing = useRef<MeterDrawing>(props)
  drawing.current = props
  const { width, height, label } = props
  useEffect(() => {
    const [bars, scale] = [moving.current?.getContext('2d'), still.current?.getContext('2d')]
    if (bars === null || bars === undefined || scale === null || scale === undefined) return undefined
    let [before, now]: [number[], number[]] = [[], []]
    let pen: MeterPen | null = null
    return lookAtMeter(() => {
      const ratio = window.devicePixelRatio
      const isDark = document.documentElement.dataset['mantineColorScheme'] === 'dark'
      const isNew = pen === null || pen.ratio !== ratio || pen.isDark !== isDark
      if (pen === null || isNew) {
        pen = penOn(bars, width, height, ratio, isDark)
        drawing.current.drawStill?.(penOn(scale, width, height, ratio, isDark))
      }
      now.length = 0
      drawing.current.place(pen, now)
      if (!isNew && isSame(before, now)) return false
      bars.clearRect(0, 0, pen.width, pen.height)
      drawing.current.draw(pen, now)
      ;[before, now] = [now, before]
      return true
    })
  }, [width, height])
  return (
    <span className="meter" role="img" aria-label={label} style={{ width, height }}>
      <canvas ref={moving} style={{ width, height }} />
      <canvas ref={still} style={{ width, height }} />
    </span>
  )
}

/** Giving a canvas its size clears it. */
function penOn(context: CanvasRenderingContext2D, cssWidth: number, cssHeight: number, ratio: number, isDark: boolean): MeterPen {
  const [width, height] = [Math.round(cssWidth * ratio), Math.round(cssHeight * ratio)]
  context.canvas.width = width
  context.canvas.height = height
  return { context, width, height, ratio, isDark }
}

function isSame(before: readonly number[], now: readonly number[]): boolean {
  return before.length === now.length && now.every((value, i) => value === before[i])
}

/** Numbers along the lower edge, `share` of the width from the left. Given from the right: where two would touch, the one given first stays. */
export function drawScale({ context, width, height, ratio, isDark }: MeterPen, ticks: readonly number[], share: (value: number) => number): void {
  context.fillStyle = isDark ? '#9fb0b8' : '#55626a'
  context.font = `${10 * ratio}px sans-serif`
  context.textAlign = 'center'
  let free = width
  for (const tick of ticks) {
    const text = String(tick).replace('-', '−')
    const half = context.measureText(text).width / 2
    const x = Math.min(width - half - ratio, share(tick) * width)
    if (x + half > free) continue
    context.fillText(text, x, height - ratio)
    free = x - half - 4 * ratio
  }
}
