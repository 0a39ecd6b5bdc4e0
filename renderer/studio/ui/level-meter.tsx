import { useEffect, useRef } from 'react'

const FLOOR_DBFS = -60
const TICKS_DBFS = [0, -3, -6, -12, -20, -30, -40, -50]
const share = (dbfs: number): number => Math.min(1, Math.max(0, (dbfs - FLOOR_DBFS) / -FLOOR_DBFS))

export interface Levels {
  readonly peakDbfs: readonly number[]
  readonly rmsDbfs: readonly number[]
  readonly holdDbfs: readonly number[]
}

/**
 * Bar meter on a canvas: RMS body, peak line, hold line, dBFS scale. `read` is called once per animation frame; the numbers never pass
 * through React state.
 */
export function LevelMeter(props: { read: () => Levels; label: string; width: number; height: number; scale?: boolean }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const read = useRef(props.read)
  read.current = props.read
  useEffect(() => {
    const element = canvas.current
    const context = element?.getContext('2d')
    if (element === null || context === null || context === undefined) return
    let request = 0
    const draw = (): void => {
      const ratio = window.devicePixelRatio
      const width = Math.round(props.width * ratio)
      const height = Math.round(props.height * ratio)
      if (element.width !== width || element.height !== height) [element.width, element.height] = [width, height]
      const dark = document.documentElement.dataset.mantineColorScheme === 'dark'
      const levels = read.current()
      const bars = Math.max(1, levels.peakDbfs.length)
      const scaleHeight = props.scale === true ? 12 * ratio : 0
      const barHeight = (height - scaleHeight - (bars - 1) * 2 * ratio) / bars
      context.clearRect(0, 0, width, height)
      for (let bar = 0; bar < bars; bar++) {
        const y = bar * (barHeight + 2 * ratio)
        context.fillStyle = dark ? '#0d1113' : '#dfe5e8'
        context.fillRect(0, y, width, barHeight)
        const rms = share(levels.rmsDbfs[bar] ?? -120) * width
        const peakDbfs = levels.peakDbfs[bar] ?? -120
        context.fillStyle = dark ? '#2f7d45' : '#6fbf85'
        context.fillRect(0, y, share(peakDbfs) * width, barHeight)
        context.fillStyle = dark ? '#5fd07f' : '#1a7f37'
        context.fillRect(0, y, rms, barHeight)
        const warn = share(-9) * width
        if (share(peakDbfs) * width > warn) {
          context.fillStyle = peakDbfs > -1 ? '#d32020' : '#e0a021'
          context.fillRect(warn, y, share(peakDbfs) * width - warn, barHeight)
        }
        const hold = share(levels.holdDbfs[bar] ?? -120) * width
        context.fillStyle = dark ? '#ffffff' : '#14181b'
        if (hold > 0) context.fillRect(Math.min(width - 2 * ratio, hold), y, 2 * ratio, barHeight)
      }
      if (scaleHeight > 0) {
        context.fillStyle = dark ? '#9fb0b8' : '#55626a'
        context.font = `${10 * ratio}px sans-serif`
        context.textAlign = 'center'
        // From the right: where two numbers would touch, the louder one stays.
        let free = width
        for (const tick of TICKS_DBFS) {
          const half = context.measureText(String(tick)).width / 2
          const x = Math.min(width - half - ratio, share(tick) * width)
          if (x + half > free) continue
          context.fillText(String(tick), x, height - ratio)
          free = x - half - 4 * ratio
        }
      }
      request = requestAnimationFrame(draw)
    }
    request = requestAnimationFrame(draw)
    return () => cancelAnimationFrame(request)
  }, [props.width, props.height, props.scale])
  return <canvas ref={canvas} role="img" aria-label={props.label} style={{ width: props.width, height: props.height, display: 'block' }} />
}
