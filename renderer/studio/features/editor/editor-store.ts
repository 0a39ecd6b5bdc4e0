import { create } from 'zustand'
import type { Clip, Edl } from '#common/edl/index.ts'
import type { ProjectState } from '#contract/editor.ts'
import type { View } from './timeline/view.ts'

export interface Selection {
  readonly start: number
  readonly end: number
}
export type Dialog = 'none' | 'render' | 'addItem'

/** What the desk shows. The project is the station's; everything else belongs to this window and outlives a visit to another page. */
export interface EditorView {
  readonly project: ProjectState | null
  /** While something is dragged: how the list would be. Drawn, not played, not kept. */
  readonly preview: Edl | null
  readonly selection: Selection | null
  /** Where playback begins and things are put. */
  readonly cursor: number
  readonly laneIds: readonly string[]
  readonly clipId: string | null
  readonly clipboard: readonly Clip[]
  readonly snapping: boolean
  readonly playing: boolean
  readonly dialog: Dialog
  readonly menuOpen: boolean
  /** Told to screen readers. */
  readonly said: string
  readonly view: View
}

export const useEditor = create<EditorView>(() => ({
  project: null, preview: null, selection: null, cursor: 0, laneIds: [], clipId: null, clipboard: [], snapping: true, playing: false, dialog: 'none', menuOpen: false, said: '',
  view: { start: 0, samplesPerPx: 4_096, width: 1_000 },
}))

export const showEditor = (change: Partial<EditorView>): void => useEditor.setState(change)
export const editorNow = (): EditorView => useEditor.getState()
