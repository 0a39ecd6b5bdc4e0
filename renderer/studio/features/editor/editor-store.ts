import { create } from 'zustand'
import type { Edl } from '#common/edl/index.ts'
import type { ProjectState } from '#contract/editor.ts'
import type { Piece } from './piece.ts'
import type { View } from './timeline/view.ts'

export interface Selection {
  readonly start: number
  readonly end: number
}
/** A stretch on some lanes that a tool shows before it does anything. */
export interface Proposal extends Selection {
  readonly laneIds: readonly string[]
}
export type Dialog = 'none' | 'render' | 'addItem' | 'silence' | 'fit' | 'duck' | 'slot' | 'lane' | 'punch' | 'cleanUp'
export type SideTab = 'clip' | 'history' | 'markers' | 'comments' | 'bins' | 'sound'
/** What putting and dragging do to what is there: make room, or lie over it. */
export type EditMode = 'ripple' | 'overwrite'
/** The ruler counts from the beginning, or shows the time of day of the slot. */
export type RulerMode = 'time' | 'clock'

/** What the desk shows. The project is the station's; everything else belongs to this window and outlives a visit to another page. */
export interface EditorView {
  readonly project: ProjectState | null
  /** While something is dragged: how the list would be. Drawn, not played, not kept. */
  readonly preview: Edl | null
  /** Everything selected, in the order of selecting; one action works on all of it. */
  readonly ranges: readonly Selection[]
  /** The last of `ranges`; setting it alone selects nothing else. */
  readonly selection: Selection | null
  /** In and out points add a range instead of moving the one there is. */
  readonly adding: boolean
  /** What a tool would work on, and where it would put what it moves. */
  readonly proposed: readonly Proposal[]
  readonly landings: readonly Proposal[]
  /** Where playback begins and things are put. */
  readonly cursor: number
  readonly laneIds: readonly string[]
  readonly clipId: string | null
  readonly markerId: string | null
  readonly clipboard: Piece | null
  readonly snapping: boolean
  readonly editMode: EditMode
  readonly rulerMode: RulerMode
  readonly playing: boolean
  /** Speed of playback: 1 is as recorded, negative is backwards. */
  readonly rate: number
  /** The desk is too narrow for timeline and side panel beside each other: the panel lies over the timeline while it is open. */
  readonly isNarrow: boolean
  readonly sideOpen: boolean
  readonly sideTab: SideTab
  readonly dialog: Dialog
  readonly menuOpen: boolean
  /** Told to screen readers. */
  readonly said: string
  readonly view: View
}

export const useEditor = create<EditorView>(() => ({
  project: null, preview: null, ranges: [], selection: null, adding: false, proposed: [], landings: [], cursor: 0, laneIds: [], clipId: null, markerId: null, clipboard: null, snapping: true, editMode: 'ripple', rulerMode: 'time',
  playing: false, rate: 1, isNarrow: false, sideOpen: true, sideTab: 'clip', dialog: 'none', menuOpen: false, said: '', view: { start: 0, samplesPerPx: 4_096, width: 1_000 },
}))

/** `ranges` and `selection` are kept in step, whichever is given. */
export function showEditor(change: Partial<EditorView>): void {
  if (change.ranges !== undefined) useEditor.setState({ ...change, selection: change.ranges.at(-1) ?? null })
  else if (change.selection !== undefined) useEditor.setState({ ...change, ranges: change.selection === null ? [] : [change.selection] })
  else useEditor.setState(change)
}
export const editorNow = (): EditorView => useEditor.getState()

/** One more range; what it touches of the others becomes one with it. */
export function withRange(ranges: readonly Selection[], added: Selection): Selection[] {
  let { start, end } = added
  const apart: Selection[] = []
  for (const range of ranges) {
    if (range.end < start || range.start > end) apart.push(range)
    else {
      start = Math.min(start, range.start)
      end = Math.max(end, range.end)
    }
  }
  return [...apart, { start, end }]
}
