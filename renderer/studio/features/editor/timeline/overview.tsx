import { type PointerEvent, type RefObject } from 'react'
import { useT } from '../../../i18n/index.ts'
import { lengthText } from '../../../i18n/formats.ts'
import { editorNow, showEditor } from '../editor-store.ts'
import { overviewView } from './draw-overview.ts'
import { OVERVIEW_PX } from './layout.ts'
import { scrollTo } from './view.ts'

/** The whole project in one strip; pressing or dragging in it brings that place into view. */
export function Overview(props: { canvas: RefObject<HTMLCanvasElement | null>; length: number }) {
  const t = useT()
  const look = (event: PointerEvent<HTMLDivElement>): void => {
    const { view } = editorNow()
    const whole = overviewView(view.width, props.length)
    const at = (event.clientX - event.currentTarget.getBoundingClientRect().left) * whole.samplesPerPx
    showEditor({ view: scrollTo(view, at - (view.width * view.samplesPerPx) / 2, props.length) })
  }
  return (
    <div className="editor-overview">
      <span className="editor-overview-label">{t('editor.overview')}</span>
      <div className="editor-overview-strip" style={{ height: OVERVIEW_PX }}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId)
          look(event)
        }}
        onPointerMove={(event) => {
          if (event.buttons === 1) look(event)
        }}>
        <canvas ref={props.canvas} role="img" aria-label={t('editor.overviewLabel', { length: lengthText(props.length) })} data-testid="overview" />
      </div>
    </div>
  )
}
