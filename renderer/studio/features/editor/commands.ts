import type { Clip } from '#common/edl/index.ts'
import { clipEnd, copyRange, edlLength } from '#common/edl/index.ts'
import { RATE_HZ, samples } from '#common/units/samples.ts'
import { preciseText } from '../../i18n/formats.ts'
import { translate } from '../../i18n/index.ts'
import { editorNow, showEditor } from './editor-store.ts'
import type { Selection } from './editor-store.ts'
import { apply, playhead, seek } from './session.ts'
import { nextEdge, snapPoints } from './timeline/snap.ts'
import { reveal, showAll, showRange, zoomAbout } from './timeline/view.ts'

/** What keys, buttons and the palette do. Each reads the desk as it is now. */
const FINE_STEP = RATE_HZ / 100

export const hasProject = (): boolean => editorNow().project !== null
export const hasSelection = (): boolean => editorNow().selection !== null

/** The clip that is chosen, else the one under the playhead on the chosen lanes. */
export function clipAtHand(): Clip | null {
  const { project, clipId, laneIds } = editorNow()
  if (project === null) return null
  const at = playhead()
  for (const lane of project.edl.lanes) for (const clip of lane.clips) if (clip.id === clipId) return clip
  for (const lane of project.edl.lanes) {
    if (!laneIds.includes(lane.id)) continue
    for (const clip of lane.clips) if (clip.start <= at && at < clipEnd(clip)) return clip
  }
  return null
}

/** A range to work on: what is selected, else the chosen clip. */
function rangeAtHand(): { range: Selection; laneIds: string[] } | null {
  const { project, selection, laneIds, clipId } = editorNow()
  if (selection !== null) return { range: selection, laneIds: [...laneIds] }
  for (const lane of project?.edl.lanes ?? []) {
    const clip = lane.clips.find((one) => one.id === clipId)
    if (clip !== undefined) return { range: { start: clip.start, end: clipEnd(clip) }, laneIds: [lane.id] }
  }
  return null
}

const nothingChosen = (): void => showEditor({ said: translate('editor.said.chooseFirst') })

export async function split(): Promise<void> {
  const { selection, laneIds } = editorNow()
  const places = selection === null ? [playhead()] : [selection.start, selection.end]
  for (const at of places) await apply({ op: 'split', at, laneIds: [...laneIds] })
}

export async function deleteRange(ripple: boolean): Promise<void> {
  const hand = rangeAtHand()
  if (hand === null) return nothingChosen()
  const done = await apply(ripple ? { op: 'deleteRange', range: hand.range, ripple, laneIds: hand.laneIds } : { op: 'silence', range: hand.range, laneIds: hand.laneIds })
  if (!done) return
  showEditor({ selection: null, clipId: null })
  if (ripple) seek(hand.range.start)
}

export async function trimToRange(): Promise<void> {
  const hand = rangeAtHand()
  if (hand === null) return nothingChosen()
  if (!(await apply({ op: 'trimTo', range: hand.range, laneIds: hand.laneIds }))) return
  showEditor({ selection: null })
  seek(0)
  zoomWhole()
}

/** From the clip's edge to the playhead. */
export async function fadeToPlayhead(edge: 'in' | 'out'): Promise<void> {
  const clip = clipAtHand()
  if (clip === null) return nothingChosen()
  const at = playhead()
  const other = edge === 'in' ? clip.fadeOut : clip.fadeIn
  const old = edge === 'in' ? clip.fadeIn : clip.fadeOut
  const length = Math.max(0, Math.min(clip.length - other.length, edge === 'in' ? at - clip.start : clipEnd(clip) - at))
  await apply({ op: 'setFade', clipId: clip.id, edge, fade: { length, shape: old.shape } })
}

export function copy(): boolean {
  const { project } = editorNow()
  const hand = rangeAtHand()
  const laneId = hand?.laneIds[0]
  if (project === null || hand === null || laneId === undefined) {
    nothingChosen()
    return false
  }
  const clipboard = copyRange(project.edl, laneId, { start: samples(hand.range.start), end: samples(hand.range.end) })
  showEditor({ clipboard, said: translate('editor.said.copied', { length: preciseText(hand.range.end - hand.range.start) }) })
  return clipboard.length > 0
}
export async function cut(): Promise<void> {
  if (copy()) await deleteRange(true)
}
export async function paste(mode: 'insert' | 'overwrite'): Promise<void> {
  const { clipboard, laneIds } = editorNow()
  const first = clipboard[0]
  const last = clipboard.at(-1)
  const laneId = laneIds[0]
  if (first === undefined || last === undefined || laneId === undefined) return
  const at = playhead()
  if (await apply({ op: 'paste', clips: clipboard.map((clip) => ({ ...clip })), laneId, at, mode })) {
    showEditor({ selection: null })
    seek(at + clipEnd(last) - first.start)
  }
}

export async function addMarker(): Promise<void> {
  const { selection, project } = editorNow()
  const count = (project?.edl.markers.length ?? 0) + 1
  const [at, length] = selection === null ? [playhead(), 0] : [selection.start, selection.end - selection.start]
  await apply({ op: 'addMarker', at, length, label: translate('editor.markerLabel', { count }) })
}

export function setIn(): void {
  const at = playhead()
  const end = editorNow().selection?.end ?? lengthNow()
  showEditor({ selection: at < end ? { start: at, end } : null })
}
export function setOut(): void {
  const at = playhead()
  const start = editorNow().selection?.start ?? 0
  showEditor({ selection: start < at ? { start, end: at } : null })
}
export function selectAll(): void {
  const { project } = editorNow()
  const end = lengthNow()
  if (project !== null && end > 0) showEditor({ selection: { start: 0, end }, laneIds: project.edl.lanes.map((lane) => lane.id) })
}
export const clearSelection = (): void => showEditor({ selection: null, clipId: null, preview: null })

const lengthNow = (): number => {
  const { project } = editorNow()
  return project === null ? 0 : edlLength(project.edl)
}

export function zoom(factor: number): void {
  const { view } = editorNow()
  const x = (playhead() - view.start) / view.samplesPerPx
  showEditor({ view: zoomAbout(view, x >= 0 && x <= view.width ? x : view.width / 2, factor, lengthNow()) })
}
export function zoomToSelection(): void {
  const { view, selection } = editorNow()
  if (selection === null) return zoomWhole()
  showEditor({ view: showRange(view, selection.start, selection.end, lengthNow()) })
}
export const zoomWhole = (): void => showEditor({ view: showAll(editorNow().view, lengthNow()) })

function go(at: number): void {
  const to = Math.max(0, Math.min(lengthNow(), Math.round(at)))
  seek(to)
  showEditor({ view: reveal(editorNow().view, to, lengthNow()), said: preciseText(to) })
}
export const nudge = (direction: 1 | -1, step: 'sample' | 'fine' | 'second'): void => go(playhead() + direction * (step === 'sample' ? 1 : step === 'fine' ? FINE_STEP : RATE_HZ))
export const goTo = (place: 'start' | 'end'): void => go(place === 'start' ? 0 : lengthNow())

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

export function chooseLane(direction: 1 | -1): void {
  const { project, laneIds } = editorNow()
  const lanes = project?.edl.lanes ?? []
  const now = lanes.findIndex((lane) => laneIds.includes(lane.id))
  const lane = lanes[Math.max(0, Math.min(lanes.length - 1, now + direction))]
  if (lane !== undefined) showEditor({ laneIds: [lane.id], said: translate('editor.said.lane', { name: lane.name }) })
}

/** The gain of the chosen clip, by key: the field in the clip panel takes the focus. */
export function focusGain(): void {
  const clip = clipAtHand()
  if (clip === null) return nothingChosen()
  showEditor({ clipId: clip.id })
  // The panel of the clip appears with the next frame.
  requestAnimationFrame(() => {
    const field = document.querySelector<HTMLInputElement>('[data-testid="clip-gain"]')
    field?.focus()
    field?.select()
  })
}
