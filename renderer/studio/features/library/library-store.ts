import { create } from 'zustand'
import type { CueDeeds } from './cue-panel.tsx'
import type { ImportPlan, Item } from '#contract/library.ts'

/** Files that were chosen and wait for the word what to do with them. */
export interface Brought {
  readonly paths: readonly string[]
  readonly folders: boolean
  readonly plan: ImportPlan
}

/** What the page shows, and the few things that actions reach into: it outlives a visit to another page. */
interface LibraryView {
  readonly query: string
  readonly kind: Item['kind'] | null
  readonly state: Item['state'] | null
  readonly selectedId: string | null
  /** Several items that something is to be done with; empty = the one that is selected. */
  readonly chosen: ReadonlySet<string>
  readonly quarantineOpen: boolean
  readonly cachesOpen: boolean
  readonly levelOpen: boolean
  /** The batch whose files are shown. */
  readonly batchId: string | null
  /** Files whose import waits for an answer. */
  readonly brought: Brought | null
}
export const useLibraryView = create<LibraryView>(() => ({ query: '', kind: null, state: null, selectedId: null, chosen: new Set(), quarantineOpen: false, cachesOpen: false, levelOpen: false, batchId: null, brought: null }))

export const showLibrary = (change: Partial<LibraryView>): void => useLibraryView.setState(change)
/** One alone is shown as the selected one. */
export const hasMany = (): boolean => useLibraryView.getState().chosen.size > 1

/** Handles of the mounted page for keys and the palette; absent while another page is shown. */
interface PageHandles {
  focusSearch: (() => void) | null
  togglePlay: (() => void) | null
  playRange: (() => void) | null
  chooseAll: (() => void) | null
  /** Null also for those who may not write. */
  cues: Pick<CueDeeds, 'setIn' | 'setOut' | 'addPoint' | 'trim'> | null
}
export const pageHandles: PageHandles = { focusSearch: null, togglePlay: null, playRange: null, chooseAll: null, cues: null }

/** What the panel of several items does; asked only while it is there (`hasMany`). */
export const manyHandles: { submit: () => void; approve: () => void } = { submit: () => undefined, approve: () => undefined }
