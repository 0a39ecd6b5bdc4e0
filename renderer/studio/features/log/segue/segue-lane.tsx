import { useEffect, useRef, type KeyboardEvent, type PointerEvent } from 'react'
import type { MarkerName, Markers } from '#common/playout/index.ts'
import { markerBounds } from '#common/playout/index.ts'
import { useT } from '../../../i18n/index.ts'
import { preciseText } from '../../../i18n/formats.ts'
import { deskColour, drawSide } from './segue-canvas.ts'
import type { DrawnSide, View } from './segue-canvas.ts'

const FINE = 480
const COARSE = 4_800
const SECOND = 48_000

/** One line of the two: its wave, and its markers to be drawn with the mouse or moved by the keyboard (10 ms, with Shift 100 ms, Page 1 s). */
export function SegueLane(props: {
  title: string; side: DrawnSide; markers: Markers; names: readonly MarkerName[]; view: View; width: number; disabled: boolean; scheme: string; testId: string
  onMove: (name: MarkerName, at: number, settled: boolean) => void; onClear: (name: MarkerName) => void
}) {
  const t = useT()
  const { side, markers, view, width } = props
  const canvas = useRef<HTMLCanvasElement>(null)
  const drag = useRef<{ name: MarkerName; x: number; at: number } | null>(null)
  useEffect(() => {
    const element = canvas.current
    if (element !== null) drawSide(element, side, view, { wave: deskColour(element, '--desk-wave'), pale: deskColour(element, '--desk-line'), line: deskColour(element, '--desk-dim') })
  }, [side, view, width, props.scheme])
  const xOf = (at: number): number => (side.at + at - side.placed.from - view.from) / view.samplesPerPx
  const onKeyDown = (event: KeyboardEvent, name: MarkerName, at: number): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return
    const step = event.shiftKey ? COARSE : FINE
    const by: Readonly<Record<string, number>> = { ArrowLeft: -step, ArrowDown: -step, ArrowRight: step, ArrowUp: step, PageDown: -SECOND, PageUp: SECOND }
    const move = by[event.code]
    if (move !== undefined) props.onMove(name, at + move, true)
    else if (event.code === 'Delete' || event.code === 'Backspace') props.onClear(name)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const onPointerDown = (event: PointerEvent<HTMLElement>, name: MarkerName, at: number): void => {
    if (props.disabled || event.button !== 0) return
    event.currentTarget.setPointerCapture(event.pointerId)
    drag.current = { name, x: event.clientX, at }
  }
  const onPointerMove = (event: PointerEvent): void => {
    if (drag.current !== null) props.onMove(drag.current.name, drag.current.at + (event.clientX - drag.current.x) * view.samplesPerPx, false)
  }
  const onPointerUp = (event: PointerEvent): void => {
    const held = drag.current
    drag.current = null
    if (held !== null) props.onMove(held.name, held.at + (event.clientX - held.x) * view.samplesPerPx, true)
  }
  return (
    <div className="segue-lane" data-testid={props.testId} data-from={side.at} data-length={side.placed.length}>
      <canvas ref={canvas} aria-hidden />
      <span className="segue-title">{props.title}</span>
      {props.names.map((name, row) => {
        const at = markers[name]
        if (at === null) return null
        const x = xOf(at)
        if (x < -1 || x > width + 1) return null
        const [low, high] = markerBounds(name, markers, side.lengthSamples)
        return (
          <div key={name} role="slider" tabIndex={0} aria-label={t(`log.marker.${name}`)} aria-valuemin={low} aria-valuemax={high} aria-valuenow={at} aria-valuetext={preciseText(at)} aria-disabled={props.disabled} className={`segue-marker row${row} ${x > width - 110 ? 'left' : ''}`} style={{ left: x }}
            data-testid={`segue-marker-${name}`} data-at={at} onKeyDown={(event) => !props.disabled && onKeyDown(event, name, at)} onPointerDown={(event) => onPointerDown(event, name, at)} onPointerMove={onPointerMove} onPointerUp={onPointerUp}>
            <span>{t(`log.marker.${name}`)}</span>
          </div>
        )
      })}
    </div>
  )
}
