import { clipEnd } from '#common/edl/index.ts'
import { RATE_HZ } from '#common/units/samples.ts'
import { call } from '../../../app/station-client/index.ts'
import { preciseText } from '../../../i18n/formats.ts'
import { translate } from '../../../i18n/index.ts'
import { editorNow, showEditor, withRange } from '../editor-store.ts'
import type { Selection, SideTab } from '../editor-store.ts'
import { aim, glideTo } from '../timeline/motion.ts'
import { nextEdge, snapPoints } from '../timeline/snap.ts'
import { showTimeline, timelineNow } from '../timeline/timeline-store.ts'
import { reveal, showAll, showRange, zoomAbout } from '../timeline/view.ts'
import { playhead, seek } from '../transport.ts'
import { closeTool } from '../tools/close-tool.ts'
import { lengthNow } from './at-hand.ts'

/** Moving about, selecting and zooming: nothing of it is an edit. */
const FINE_STEP = RATE_HZ / 100

/** The next range begins here when ranges are being added. */
let inPoint: number | null = null

export function setIn(): void {
  const at = playhead()
  const { selection, adding } = editorNow()
  if (adding) {
    inPoint = at
    return showEditor({ said: translate('editor.said.inPoint', { at: preciseText(at) }) })
  }
  const end = selection?.end ?? lengthNow()
  showEditor({ selection: at < end ? { start: at, end } : null })
}
export function setOut(): void {
  const at = playhead()
  const { selection, adding, ranges } = editorNow()
  if (adding) {
    const start = inPoint ?? selection?.end ?? 0
    inPoint = null
    if (start !== at) addRange({ start: Math.min(start, at), end: Math.max(start, at) }, ranges)
    return
  }
  const start = selection?.start ?? 0
  showEditor({ selection: start < at ? { start, end: at } : null })
}
function addRange(range: Selection, ranges: readonly Selection[]): void {
  const next = withRange(ranges, range)
  showEditor({ ranges: next, said: translate('editor.said.ranges', { count: next.length }) })
}

/** From now on I and O add a range to those that are selected. */
export function toggleAdding(): void {
  const adding = !editorNow().adding
  inPoint = null
  showEditor({ adding, said: translate(adding ? 'editor.said.adding' : 'editor.said.notAdding') })
}

export function selectAll(): void {
  const { project } = editorNow()
  const end = lengthNow()
  if (project !== null && end > 0) showEditor({ selection: { start: 0, end }, laneIds: project.edl.lanes.map((lane) => lane.id) })
}
export function clearSelection(): void {
  inPoint = null
  // What is open goes first, what is selected with the next press.
  if (editorNow().dialog !== 'none') return closeTool()
  if (editorNow().isNarrow && editorNow().sideOpen) return showEditor({ sideOpen: false })
  showEditor({ ranges: [], clipId: null, markerId: null, preview: null, adding: false })
}

/** By keys and buttons the view glides as it does by the wheel; a second press adds to where the first one is going. */
export function zoom(factor: number): void {
  const view = aim()
  const x = (playhead() - view.start) / view.samplesPerPx
  glideTo(zoomAbout(view, x >= 0 && x <= view.width ? x : view.width / 2, factor, lengthNow()))
}
export function zoomToSelection(): void {
  const { ranges } = editorNow()
  if (ranges.length === 0) return zoomWhole()
  glideTo(showRange(aim(), Math.min(...ranges.map((range) => range.start)), Math.max(...ranges.map((range) => range.end)), lengthNow()))
}
export const zoomWhole = (): void => glideTo(showAll(aim(), lengthNow()))

export function go(at: number): void {
  const to = Math.max(0, Math.min(lengthNow(), Math.round(at)))
  seek(to)
  showEditor({ view: reveal(editorNow().view, to, lengthNow()), said: preciseText(to) })
}
export const nudge = (direction: 1 | -1, step: 'sample' | 'fine' | 'second'): void => go(playhead() + direction * (step === 'sample' ? 1 : step === 'fine' ? FINE_STEP : RATE_HZ))
export const goTo = (place: 'start' | 'end'): void => go(place === 'start' ? 0 : lengthNow())
export function goToEdge(edge: 'start' | 'end'): void {
  const { selection } = editorNow()
  if (selection !== null) go(selection[edge])
}

/** To the next edge or marker; the clip that begins or lies there becomes the chosen one. */
export function goEdge(direction: 1 | -1): void {
  const { project, laneIds } = editorNow()
  if (project === null) return
  const at = nextEdge(snapPoints(project.edl, 0), playhead(), direction)
  if (at === null) return
  go(at)
  const lane = project.edl.lanes.find((one) => laneIds.includes(one.id))
  showEditor({ clipId: lane?.clips.find((clip) => clip.start <= at && at < clipEnd(clip))?.id ?? null })
}

/** Keeps the tab when it is asked for again, so that one key opens and closes it. */
export function showSide(tab: SideTab): void {
  const { sideOpen, sideTab } = editorNow()
  showEditor(sideOpen && sideTab === tab ? { sideOpen: false } : { sideOpen: true, sideTab: tab })
}
export const toggleSide = (): void => showEditor({ sideOpen: !editorNow().sideOpen })
export const toggleSnap = (): void => showEditor({ snapping: !editorNow().snapping })
export const toggleContrast = (): void => showTimeline({ contrast: timelineNow().contrast === 'more' ? 'auto' : 'more' })
/** The line over the waves is drawn with the station's standard. */
export async function toggleLoudnessCurve(): Promise<void> {
  showTimeline({ loudness: timelineNow().loudness === null ? { targetLufs: (await call('settings.get', {})).targetLufs } : null })
}
export function toggleRuler(): void {
  const rulerMode = editorNow().rulerMode === 'time' ? 'clock' : 'time'
  showEditor({ rulerMode, said: translate(`editor.ruler.${rulerMode}`) })
}
export function toggleEditMode(): void {
  const editMode = editorNow().editMode === 'ripple' ? 'overwrite' : 'ripple'
  showEditor({ editMode, said: translate(`editor.mode.${editMode}`) })
}
