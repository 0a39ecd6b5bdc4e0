import { useEffect, useRef } from 'react'

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

/** A small picture drawn anew in each animation frame: `draw` reads its figures then, so that they never pass through React state. */
export function MeterCanvas(props: { draw: (pen: MeterPen) => void; label: string; width: number; height: number }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const paint = useRef(props.draw)
  paint.current = props.draw
  const { width: cssWidth, height: cssHeight } = props
  useEffect(() => {
    const element = canvas.current
    const context = element?.getContext('2d')
    if (element === null || context === null || context === undefined) return undefined
    let request = 0
    const draw = (): void => {
      const ratio = window.devicePixelRatio
      const width = Math.round(cssWidth * ratio)
      const height = Math.round(cssHeight * ratio)
      if (element.width !== width || element.height !== height) [element.width, element.height] = [width, height]
      context.clearRect(0, 0, width, height)
      paint.current({ context, width, height, ratio, isDark: document.documentElement.dataset.mantineColorScheme === 'dark' })
      request = requestAnimationFrame(draw)
    }
    request = requestAnimationFrame(draw)
    return () => cancelAnimationFrame(request)
  }, [cssWidth, cssHeight])
  return <canvas ref={canvas} className="meter" role="img" aria-label={props.label} style={{ width: cssWidth, height: cssHeight }} />
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
