import { useEffect, useRef } from 'react'
import type { MeterView } from './meter-view.ts'

const LOWEST_LUFS = -48
const HIGHEST_LUFS = -3
const TICKS_LUFS = [-41, -32, -23, -16, -9]
const share = (lufs: number): number => Math.min(1, Math.max(0, (lufs - LOWEST_LUFS) / (HIGHEST_LUFS - LOWEST_LUFS)))

/** Momentary loudness as a bar, short-term as a line, the station's standard as a mark that reaches over both. */
export function LoudnessBar(props: { view: MeterView; targetLufs: number; label: string; width: number; height: number }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const { view, targetLufs, width: cssWidth, height: cssHeight } = props
  useEffect(() => {
    const element = canvas.current
    const context = element?.getContext('2d')
    if (element === null || context === null || context === undefined) return
    let request = 0
    const draw = (): void => {
      const ratio = window.devicePixelRatio
      const width = Math.round(cssWidth * ratio)
      const height = Math.round(cssHeight * ratio)
      if (element.width !== width || element.height !== height) [element.width, element.height] = [width, height]
      const dark = document.documentElement.dataset.mantineColorScheme === 'dark'
      const bar = height - 12 * ratio
      context.clearRect(0, 0, width, height)
      context.fillStyle = dark ? '#0d1113' : '#dfe5e8'
      context.fillRect(0, 0, width, bar)
      const momentary = view.momentary
      const target = share(targetLufs) * width
      if (Number.isFinite(momentary)) {
        const end = share(momentary) * width
        context.fillStyle = dark ? '#3f8fd0' : '#2f74ad'
        context.fillRect(0, 0, Math.min(end, target), bar)
        context.fillStyle = dark ? '#e0a021' : '#b97800'
        if (end > target) context.fillRect(target, 0, end - target, bar)
      }
      const short = view.shortTerm
      context.fillStyle = dark ? '#ffffff' : '#14181b'
      if (Number.isFinite(short)) context.fillRect(Math.min(width - 2 * ratio, share(short) * width), 0, 2 * ratio, bar)
      context.fillStyle = dark ? '#5fd07f' : '#1a7f37'
      context.fillRect(target - ratio, 0, 2 * ratio, bar + 3 * ratio)
      context.fillStyle = dark ? '#9fb0b8' : '#55626a'
      context.font = `${10 * ratio}px sans-serif`
      context.textAlign = 'center'
      for (const tick of TICKS_LUFS) context.fillText(String(tick).replace('-', '−'), share(tick) * width, height - ratio)
      request = requestAnimationFrame(draw)
    }
    request = requestAnimationFrame(draw)
    return () => cancelAnimationFrame(request)
  }, [view, targetLufs, cssWidth, cssHeight])
  return <canvas ref={canvas} role="img" aria-label={props.label} style={{ width: cssWidth, height: cssHeight, display: 'block' }} />
}
