import type { Clip, Lane } from '#common/edl/index.ts'
import { clipEnd, edlLength } from '#common/edl/index.ts'
import { translate } from '../../../i18n/index.ts'
import { editorNow, showEditor } from '../editor-store.ts'
import type { Selection } from '../editor-store.ts'
import { playhead } from '../transport.ts'

/** What a key means by "this": read from the desk as it is now. */
export const hasProject = (): boolean => editorNow().project !== null

export const lengthNow = (): number => {
  const { project } = editorNow()
  return project === null ? 0 : edlLength(project.edl)
}

export interface ClipPlace {
  readonly clip: Clip
  readonly lane: Lane
  readonly index: number
}
export function clipPlace(clipId: string | null): ClipPlace | null {
  for (const lane of editorNow().project?.edl.lanes ?? []) {
    const index = lane.clips.findIndex((clip) => clip.id === clipId)
    const clip = lane.clips[index]
    if (clip !== undefined) return { clip, lane, index }
  }
  return null
}

/** The clip that is chosen, else the one under the playhead on the chosen lanes. */
export function placeAtHand(): ClipPlace | null {
  const { project, clipId, laneIds } = editorNow()
  const chosen = clipPlace(clipId)
  if (project === null || chosen !== null) return chosen
  const at = playhead()
  for (const lane of project.edl.lanes) {
    if (!laneIds.includes(lane.id)) continue
    const index = lane.clips.findIndex((clip) => clip.start <= at && at < clipEnd(clip))
    const clip = lane.clips[index]
    if (clip !== undefined) return { clip, lane, index }
  }
  return null
}
export const clipAtHand = (): Clip | null => placeAtHand()?.clip ?? null

export interface RangesAtHand {
  /** In order of time, apart from each other. */
  readonly ranges: readonly Selection[]
  readonly laneIds: string[]
}
/** Ranges to work on: all that is selected, else the chosen clip. */
export function rangesAtHand(): RangesAtHand | null {
  const { ranges, laneIds, clipId } = editorNow()
  if (ranges.length > 0) return { ranges: ranges.toSorted((a, b) => a.start - b.start), laneIds: [...laneIds] }
  const place = clipPlace(clipId)
  return place === null ? null : { ranges: [{ start: place.clip.start, end: clipEnd(place.clip) }], laneIds: [place.lane.id] }
}

/** Clips on the chosen lanes that lie in the selection, at least half; the clip at hand when nothing is selected. */
export function clipsAtHand(): Clip[] {
  const { project, ranges, laneIds } = editorNow()
  if (project === null) return []
  if (ranges.length === 0) {
    const clip = clipAtHand()
    return clip === null ? [] : [clip]
  }
  const covered = (clip: Clip): number => ranges.reduce((sum, range) => sum + Math.max(0, Math.min(clipEnd(clip), range.end) - Math.max(clip.start, range.start)), 0)
  return project.edl.lanes.filter((lane) => laneIds.includes(lane.id)).flatMap((lane) => lane.clips).filter((clip) => covered(clip) * 2 >= clip.length)
}

export const nothingChosen = (): void => showEditor({ said: translate('editor.said.chooseFirst') })
