import { edlLength } from '#common/edl/index.ts'
import { editorNow } from '../editor-store.ts'
import { laneHeights, MAX_LANE_PX, MIN_LANE_PX } from './layout.ts'
import { aim, glideTo } from './motion.ts'
import { showTimeline, timelineNow } from './timeline-store.ts'
import { scrollTo, zoomAbout } from './view.ts'

/** One notch of a wheel. */
const ZOOM_PER_NOTCH = 1.35
const SCROLL_PER_NOTCH = 0.12

/** Ctrl zooms about the pointer, Alt makes lanes taller, Shift scrolls the lanes, and nothing held scrolls in time. */
export function turnWheel(event: WheelEvent, element: HTMLElement, lanes: HTMLElement): void {
  event.preventDefault()
  const { project } = editorNow()
  if (project === null) return
  const lines = event.deltaMode === 1 ? 33 : 1
  const across = (event.deltaX * lines) / 100
  const down = (event.deltaY * lines) / 100
  const length = edlLength(project.edl)
  if (event.ctrlKey) glideTo(zoomAbout(aim(), event.clientX - element.getBoundingClientRect().left, ZOOM_PER_NOTCH ** down, length))
  else if (event.altKey) {
    const heights = laneHeights(project.edl.lanes, element.clientHeight, timelineNow().laneHeights)
    const factor = 1.1 ** -(down + across)
    showTimeline({ laneHeights: Object.fromEntries(project.edl.lanes.map((lane, n) => [lane.id, Math.max(MIN_LANE_PX, Math.min(MAX_LANE_PX, (heights[n] ?? 0) * factor))])) })
  } else if (event.shiftKey && lanes.scrollHeight > lanes.clientHeight) lanes.scrollTop += (down + across) * 60
  else {
    const view = aim()
    const to = scrollTo(view, view.start + (across + down) * view.width * view.samplesPerPx * SCROLL_PER_NOTCH, length)
    glideTo(to)
  }
}
