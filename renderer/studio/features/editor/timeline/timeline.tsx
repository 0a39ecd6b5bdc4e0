import { useEffect, useRef, type PointerEvent } from 'react'
import { edlLength } from '#common/edl/index.ts'
import { useT } from '../../../i18n/index.ts'
import { useMay } from '../../../app/station-client/index.ts'
import { lengthText, preciseText } from '../../../i18n/formats.ts'
import { editorNow, showEditor, useEditor } from '../editor-store.ts'
import { apply, playhead, seek } from '../session.ts'
import { cursorFor, drag, press } from './gestures.ts'
import type { Press, Scale } from './gestures.ts'
import { contentHeight, hitTest, laneBoxes } from './layout.ts'
import { Overview } from './overview.tsx'
import { Painter } from './painter.ts'
import { resized, scrollTo, zoomAbout } from './view.ts'
import { LaneHeads } from '../lane-heads.tsx'

/** One notch of a wheel. */
const ZOOM_PER_NOTCH = 1.35

/** The timeline: two canvases as wide as the window (picture and playhead), never as wide as the sound. React draws nothing while it moves. */
export function Timeline() {
  const t = useT()
  const mayEdit = useMay('editor')
  const edl = useEditor((state) => state.project?.edl)
  const box = useRef<HTMLDivElement>(null)
  const picture = useRef<HTMLCanvasElement>(null)
  const line = useRef<HTMLCanvasElement>(null)
  const overview = useRef<HTMLCanvasElement>(null)
  const pressed = useRef<Press | null>(null)

  useEffect(() => {
    const element = box.current
    if (element === null || picture.current === null || line.current === null || overview.current === null) return undefined
    const painter = new Painter({ picture: picture.current, playhead: line.current, overview: overview.current }, { missing: t('editor.wave.missing'), loading: t('editor.wave.loading') })
    const observer = new ResizeObserver(() => {
      const { project, view } = editorNow()
      showEditor({ view: resized(view, element.clientWidth, project === null ? 0 : edlLength(project.edl)) })
      painter.resize(element.clientWidth, element.clientHeight)
    })
    observer.observe(element)
    const onWheel = (event: WheelEvent): void => {
      event.preventDefault()
      const { project, view } = editorNow()
      if (project === null) return
      const length = edlLength(project.edl)
      const x = event.clientX - element.getBoundingClientRect().left
      const notches = (event.deltaMode === 1 ? event.deltaY * 33 : event.deltaY) / 100
      if (event.ctrlKey) showEditor({ view: zoomAbout(view, x, ZOOM_PER_NOTCH ** notches, length) })
      else showEditor({ view: scrollTo(view, view.start + (event.deltaX / 100 + notches) * view.width * view.samplesPerPx * 0.12, length) })
    }
    // React listens passively, and a passive listener cannot keep the page from zooming.
    element.addEventListener('wheel', onWheel, { passive: false })
    return () => {
      element.removeEventListener('wheel', onWheel)
      observer.disconnect()
      painter.close()
    }
  }, [t])

  const scaleNow = (): Scale | null => {
    const { project, view } = editorNow()
    return project === null || box.current === null ? null : { edl: project.edl, view, height: box.current.clientHeight }
  }
  const placeOf = (event: PointerEvent): { x: number; y: number } => {
    const { left, top } = event.currentTarget.getBoundingClientRect()
    return { x: event.clientX - left, y: event.clientY - top }
  }
  const hitAt = (scale: Scale, x: number, y: number) => hitTest(laneBoxes(scale.edl, scale.height), scale.view, x, y, editorNow().clipId)

  const onPointerDown = (event: PointerEvent<HTMLDivElement>): void => {
    const scale = scaleNow()
    if (scale === null || event.button !== 0) return
    event.currentTarget.setPointerCapture(event.pointerId)
    const { x, y } = placeOf(event)
    const hit = hitAt(scale, x, y)
    // The key held inverts the setting for this drag.
    const snapping = editorNow().snapping !== event.altKey
    pressed.current = press(hit, x, y, scale, { snapping, playhead: playhead() })
    if ('clip' in hit) showEditor({ clipId: hit.clip?.id ?? null })
    if ('laneId' in hit && hit.part !== 'lane') showEditor({ laneIds: [hit.laneId] })
  }
  const onPointerMove = (event: PointerEvent<HTMLDivElement>): void => {
    const scale = scaleNow()
    if (scale === null) return
    const { x, y } = placeOf(event)
    const start = pressed.current
    if (start === null) {
      event.currentTarget.style.cursor = cursorFor[hitAt(scale, x, y).part]
      return
    }
    const outcome = drag(start, x, y, scale)
    if (outcome.kind === 'select' && outcome.selection !== null) showEditor({ selection: outcome.selection, laneIds: outcome.laneIds })
    else if (outcome.kind === 'edit' && mayEdit) showEditor({ preview: outcome.preview })
    else if (outcome.kind === 'none') showEditor({ preview: null })
    event.currentTarget.style.cursor = outcome.kind === 'refused' ? 'not-allowed' : cursorFor[start.hit.part]
  }
  const onPointerUp = (event: PointerEvent<HTMLDivElement>): void => {
    const scale = scaleNow()
    const start = pressed.current
    pressed.current = null
    if (scale === null || start === null) return
    const { x, y } = placeOf(event)
    const outcome = drag(start, x, y, scale)
    if (outcome.kind === 'select') {
      const { laneIds } = editorNow()
      showEditor({ selection: outcome.selection, laneIds: outcome.laneIds.length > 0 ? outcome.laneIds : laneIds })
      if (outcome.selection === null) seek(outcome.cursor)
      else showEditor({ said: t('editor.said.selected', { from: preciseText(outcome.selection.start), to: preciseText(outcome.selection.end) }) })
    } else if (outcome.kind === 'edit' && mayEdit) void apply(outcome.command)
    else showEditor({ preview: null })
  }

  const length = edl === undefined ? 0 : edlLength(edl)
  return (
    <div className="editor-timeline">
      <Overview canvas={overview} length={length} />
      <div className="editor-lanes">
        <LaneHeads />
        <div ref={box} className="editor-canvas" style={{ minHeight: edl === undefined ? 0 : contentHeight(edl) }} data-testid="timeline"
          onPointerDown={onPointerDown} onPointerMove={onPointerMove} onPointerUp={onPointerUp} onPointerCancel={() => {
            pressed.current = null
            showEditor({ preview: null })
          }}>
          <canvas ref={picture} role="img" aria-label={t('editor.timeline', { length: lengthText(length), clips: edl?.lanes.reduce((sum, lane) => sum + lane.clips.length, 0) ?? 0 })} />
          <canvas ref={line} className="editor-playhead" aria-hidden />
        </div>
      </div>
    </div>
  )
}
