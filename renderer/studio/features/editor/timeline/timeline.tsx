import { useEffect, useRef, useState } from 'react'
import { edlLength } from '#common/edl/index.ts'
import { translate, useT } from '../../../i18n/index.ts'
import { lengthText } from '../../../i18n/formats.ts'
import { editorNow, showEditor, useEditor } from '../editor-store.ts'
import { LaneHeads } from '../lane-heads.tsx'
import { useMayEdit } from '../lease.tsx'
import { useContrast } from './contrast.ts'
import { dropBin, SelectionGrip } from './drops.tsx'
import { TimelinePointer } from './gestures/pointer.ts'
import { ZeroFinder } from './gestures/zero-finder.ts'
import { laneHeights } from './layout.ts'
import { Overview } from './overview.tsx'
import { Painter } from './painter.ts'
import { PositionSlider } from './position-slider.tsx'
import { RenameField } from './rename-field.tsx'
import { TakesMenu } from './takes-menu.tsx'
import type { TakesPlace } from './takes-menu.tsx'
import { showTimeline, useTimeline } from './timeline-store.ts'
import { maxSamplesPerPx, resized, showAll } from './view.ts'
import { turnWheel } from './wheel.ts'
import './timeline.css'

/** The timeline: a canvas as wide as the window, never as wide as the sound, and a line that is only moved. React draws nothing while it moves. */
export function Timeline() {
  const t = useT()
  const mayEdit = useMayEdit()
  const edl = useEditor((state) => state.project?.edl)
  const heights = useTimeline((state) => state.laneHeights)
  const [room, setRoom] = useState(0)
  const [takes, setTakes] = useState<TakesPlace | null>(null)
  const lanes = useRef<HTMLDivElement>(null)
  const box = useRef<HTMLDivElement>(null)
  const picture = useRef<HTMLCanvasElement>(null)
  const line = useRef<HTMLDivElement>(null)
  const strip = useRef<HTMLCanvasElement>(null)
  const seen = useRef<HTMLDivElement>(null)
  const pointer = useRef<TimelinePointer | null>(null)
  const may = useRef(mayEdit)
  useContrast()
  useEffect(() => {
    may.current = mayEdit
  }, [mayEdit])

  useEffect(() => {
    const [element, scroller] = [box.current, lanes.current]
    if (element === null || scroller === null || picture.current === null || line.current === null || strip.current === null || seen.current === null) return undefined
    const painter = new Painter({ picture: picture.current, overview: strip.current, playhead: line.current, window: seen.current }, {
      missing: translate('editor.wave.missing'), loading: translate('editor.wave.loading'), takes: (count) => translate('timeline.takeCount', { count }),
    })
    pointer.current = new TimelinePointer({ element, zero: new ZeroFinder((source, from, to) => painter.data.samplesOnce(source, from, to)), mayEdit: () => may.current, takes: (clipId, x, y) => setTakes({ clipId, x, y }) })
    const observer = new ResizeObserver(() => {
      const { project, view } = editorNow()
      const length = project === null ? 0 : edlLength(project.edl)
      element.style.height = `${scroller.clientHeight}px`
      const isWhole = view.samplesPerPx >= maxSamplesPerPx(length, view.width) * 0.999
      const next = resized(view, element.clientWidth, length)
      showEditor({ view: isWhole ? showAll(next, length) : next })
      painter.resize(element.clientWidth, scroller.clientHeight)
      setRoom(scroller.clientHeight)
    })
    observer.observe(element)
    observer.observe(scroller)
    const onWheel = (event: WheelEvent): void => turnWheel(event, element, scroller)
    const onScroll = (): void => showTimeline({ scrollTop: scroller.scrollTop })
    // React listens passively, and a passive listener cannot keep the page from zooming.
    element.addEventListener('wheel', onWheel, { passive: false })
    scroller.addEventListener('scroll', onScroll)
    return () => {
      element.removeEventListener('wheel', onWheel)
      scroller.removeEventListener('scroll', onScroll)
      observer.disconnect()
      painter.close()
    }
  // Once: what is drawn follows the stores, and a new painter would read every sound anew.
  }, [])

  const length = edl === undefined ? 0 : edlLength(edl)
  const tall = edl === undefined ? {} : Object.fromEntries(laneHeights(edl.lanes, room, heights).map((height, n) => [`--tl-lane-${n}`, `${height}px`]))
  return (
    <div className="tl" style={tall}>
      <Overview canvas={strip} window={seen} length={length} />
      <div ref={lanes} className="tl-lanes">
        <div className="tl-heads"><LaneHeads /></div>
        <div ref={box} className="tl-canvas" data-testid="timeline"
          onPointerDown={(event) => pointer.current?.down(event)} onPointerMove={(event) => pointer.current?.move(event)} onPointerUp={(event) => void pointer.current?.up(event)} onPointerCancel={() => pointer.current?.cancel()}
          onDoubleClick={(event) => pointer.current?.doubleClick({ ...event, pointerId: 0 })}
          onDragOver={(event) => dropBin(event, null)} onDrop={(event) => dropBin(event, pointer.current?.dropPlace(event) ?? null)}>
          <canvas ref={picture} role="img" aria-label={t('editor.timeline', { length: lengthText(length), clips: edl?.lanes.reduce((sum, lane) => sum + lane.clips.length, 0) ?? 0 })} />
          <div ref={line} className="tl-playhead" aria-hidden />
          <PositionSlider />
          <SelectionGrip />
          <RenameField />
          <TakesMenu place={takes} onClose={() => setTakes(null)} />
        </div>
      </div>
    </div>
  )
}
