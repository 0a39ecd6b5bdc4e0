import { clipEnd } from '#common/edl/index.ts'
import { RATE_HZ } from '#common/units/samples.ts'
import { preciseText } from '../../../i18n/formats.ts'
import { translate } from '../../../i18n/index.ts'
import { editorNow, showEditor } from '../editor-store.ts'
import { apply, applyAll } from '../session.ts'
import type { SingleCommand } from '../session.ts'
import { playhead, seek } from '../transport.ts'
import { clipPlace, nothingChosen, placeAtHand, rangesAtHand } from './at-hand.ts'
import { copy } from './keeping.ts'
import { zoomWhole } from './looking.ts'

/** Cutting and putting. What is done to several ranges is one step of the history. */
const FINE_STEP = RATE_HZ / 100

export async function split(): Promise<void> {
  const { ranges, laneIds, project } = editorNow()
  const places = ranges.length === 0 ? [playhead()] : [...new Set(ranges.flatMap((range) => [range.start, range.end]))]
  // An edge that is a cut already is no reason to refuse the others.
  const lanes = project?.edl.lanes.filter((lane) => laneIds.includes(lane.id)) ?? []
  const inside = places.filter((at) => lanes.some((lane) => lane.clips.some((clip) => clip.start < at && at < clipEnd(clip))))
  await applyAll((inside.length === 0 ? places : inside).map((at) => ({ op: 'split', at, laneIds: [...laneIds] })), 'split')
}

/** Ripple works from the last range to the first, so that those before stay where they were selected. */
export async function deleteRanges(ripple: boolean): Promise<void> {
  const hand = rangesAtHand()
  if (hand === null) return nothingChosen()
  const commands = hand.ranges.toReversed().map((range): SingleCommand => ripple ? { op: 'deleteRange', range, ripple: true, laneIds: hand.laneIds } : { op: 'silence', range, laneIds: hand.laneIds })
  if (!(await applyAll(commands, ripple ? 'deleteRipple' : 'deleteGap'))) return
  showEditor({ ranges: [], clipId: null })
  if (ripple) seek(hand.ranges[0]?.start ?? 0)
}

/** Ripple or gap, as the desk stands. */
export const deleteAsSet = (): Promise<void> => deleteRanges(editorNow().editMode === 'ripple')

export async function trimToRange(): Promise<void> {
  const hand = rangesAtHand()
  const range = hand?.ranges.at(-1)
  if (hand === null || range === undefined) return nothingChosen()
  if (!(await apply({ op: 'trimTo', range, laneIds: hand.laneIds }))) return
  showEditor({ ranges: [] })
  seek(0)
  zoomWhole()
}

export async function cut(): Promise<void> {
  if (copy()) await deleteAsSet()
}
export async function duplicate(): Promise<void> {
  const place = placeAtHand()
  if (place === null) return nothingChosen()
  if (await apply({ op: 'duplicate', clipId: place.clip.id })) seek(clipEnd(place.clip))
}

/** Moves the clip at hand by 10 ms or a sample; in ripple what follows moves with it, in overwrite it lies over its neighbour. */
export async function nudgeClip(direction: 1 | -1, step: 'sample' | 'fine'): Promise<void> {
  const place = placeAtHand()
  if (place === null) return nothingChosen()
  const { clip, lane } = place
  const to = Math.max(0, clip.start + direction * (step === 'sample' ? 1 : FINE_STEP))
  showEditor({ clipId: clip.id })
  await apply({ op: 'move', clipId: clip.id, laneId: lane.id, to, mode: editorNow().editMode === 'ripple' ? 'ripple' : 'overwrite' })
}

/** The edge of the clip at hand comes to the playhead: what was trimmed away comes back the same way. */
export async function trimEdgeHere(edge: 'start' | 'end'): Promise<void> {
  const place = placeAtHand()
  if (place === null) return nothingChosen()
  showEditor({ clipId: place.clip.id })
  await apply({ op: 'trimEdge', clipId: place.clip.id, edge, to: playhead() })
}

/** The clip at hand goes to the lane above or below, where it stands in time; in overwrite it lies over what is there. */
export async function clipToLane(direction: 1 | -1): Promise<void> {
  const place = placeAtHand()
  const lanes = editorNow().project?.edl.lanes ?? []
  if (place === null) return nothingChosen()
  const to = lanes[lanes.findIndex((lane) => lane.id === place.lane.id) + direction]
  if (to === undefined) return
  const { clip } = place
  if (await apply({ op: 'move', clipId: clip.id, laneId: to.id, to: clip.start, mode: editorNow().editMode === 'ripple' ? 'crossfade' : 'overwrite' })) showEditor({ clipId: clip.id, laneIds: [to.id] })
}

/** Selects the clip under the playhead as it lies. */
export function selectClip(): void {
  const place = placeAtHand()
  if (place === null) return nothingChosen()
  showEditor({ clipId: place.clip.id, laneIds: [place.lane.id], ranges: [{ start: place.clip.start, end: clipEnd(place.clip) }], said: translate('editor.said.selected', { from: preciseText(place.clip.start), to: preciseText(clipEnd(place.clip)) }) })
}

export const isClipChosen = (): boolean => clipPlace(editorNow().clipId) !== null
