import { create } from 'zustand'

/** What this window shows of the timeline beside the project: how tall lanes are, what others lay over the picture. */
export interface TimelineComment {
  readonly id: string
  readonly at: number
  readonly length: number
  readonly text: string
  readonly isResolved: boolean
}
export type SnapKind = 'start' | 'playhead' | 'edge' | 'marker' | 'slot' | 'zero'
export interface Hint {
  readonly at: number
  readonly kind: SnapKind | null
  readonly text: string
}
export interface TimelineFacts {
  readonly laneHeights: Readonly<Record<string, number>>
  readonly scrollTop: number
  /** `auto` follows the computer's setting for more contrast. */
  readonly contrast: 'auto' | 'more'
  readonly comments: readonly TimelineComment[]
  /** Short-term loudness is drawn over the waves, with a line at this target. */
  readonly loudness: { readonly targetLufs: number } | null
  /** Where recording into the project goes on from. */
  readonly punchAt: number | null
  readonly hint: Hint | null
  readonly hotPoint: { readonly clipId: string; readonly index: number } | null
  /** A marker whose name is being written. */
  readonly renamingId: string | null
}

const KEPT = 'timeline-contrast'
export const useTimeline = create<TimelineFacts>(() => ({
  laneHeights: {}, scrollTop: 0, contrast: globalThis.localStorage?.getItem(KEPT) === 'more' ? 'more' : 'auto', comments: [], loudness: null, punchAt: null, hint: null, hotPoint: null, renamingId: null,
}))
export const timelineNow = (): TimelineFacts => useTimeline.getState()
export function showTimeline(change: Partial<TimelineFacts>): void {
  if (change.contrast !== undefined) globalThis.localStorage?.setItem(KEPT, change.contrast)
  useTimeline.setState(change)
}

export function setLaneHeight(laneId: string, height: number | null): void {
  const { [laneId]: _, ...others } = timelineNow().laneHeights
  showTimeline({ laneHeights: height === null ? others : { ...others, [laneId]: height } })
}
/** All lanes share the height again. */
export const fitLanes = (): void => showTimeline({ laneHeights: {}, scrollTop: 0 })
