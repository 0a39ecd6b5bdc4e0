import { useRef, type PointerEvent, type RefObject } from 'react'
import { useT } from '../../../i18n/index.ts'
import { lengthText } from '../../../i18n/formats.ts'
import { editorNow, showEditor } from '../editor-store.ts'
import { OVERVIEW_PX } from './layout.ts'
import { TimelineTools } from './timeline-tools.tsx'
import { maxSamplesPerPx, scrollTo, showSpan } from './view.ts'

const EDGE_PX = 6
type Grip = 'window' | 'left' | 'right'

/** The whole project in one strip. Dragging in it scrolls; dragging an edge of the window over it zooms. */
export function Overview(props: { canvas: RefObject<HTMLCanvasElement | null>; window: RefObject<HTMLDivElement | null>; length: number }) {
  const t = useT()
  const grip = useRef<{ kind: Grip; offset: number } | null>(null)
  const whole = (): number => maxSamplesPerPx(props.length, editorNow().view.width)
  const xOf = (event: PointerEvent<HTMLElement>): number => event.clientX - event.currentTarget.getBoundingClientRect().left
  const look = (event: PointerEvent<HTMLDivElement>): void => {
    const held = grip.current
    if (held === null) return
    const { view } = editorNow()
    const at = xOf(event) * whole()
    const end = view.start + view.width * view.samplesPerPx
    if (held.kind === 'window') showEditor({ view: scrollTo(view, at - held.offset, props.length) })
    else showEditor({ view: held.kind === 'left' ? showSpan(view, Math.min(at, end - 1), end, props.length) : showSpan(view, view.start, Math.max(at, view.start + 1), props.length) })
  }
  const take = (event: PointerEvent<HTMLDivElement>): void => {
    if (event.button !== 0) return
    event.currentTarget.setPointerCapture(event.pointerId)
    const { view } = editorNow()
    const x = xOf(event)
    const left = view.start / whole()
    const right = left + (view.width * view.samplesPerPx) / whole()
    if (Math.abs(x - left) < EDGE_PX && right - left > 3 * EDGE_PX) grip.current = { kind: 'left', offset: 0 }
    else if (Math.abs(x - right) < EDGE_PX && right - left > 3 * EDGE_PX) grip.current = { kind: 'right', offset: 0 }
    else grip.current = { kind: 'window', offset: x > left && x < right ? x * whole() - view.start : (view.width * view.samplesPerPx) / 2 }
    look(event)
  }
  const leave = (): void => {
    grip.current = null
  }
  return (
    <div className="tl-overview">
      <TimelineTools />
      <div className="tl-strip" style={{ height: OVERVIEW_PX }} onPointerDown={take} onPointerMove={look} onPointerUp={leave} onPointerCancel={leave}>
        <canvas ref={props.canvas} role="img" aria-label={t('editor.overviewLabel', { length: lengthText(props.length) })} data-testid="overview" />
        <div ref={props.window} className="tl-window" data-testid="overview-window" aria-hidden />
      </div>
    </div>
  )
}
