import { create } from 'zustand'
import type { CueDeeds } from './cue-panel.tsx'
import type { Item } from '#contract/library.ts'

/** What the page shows, and the few things that actions reach into: it outlives a visit to another page. */
interface LibraryView {
  readonly query: string
  readonly kind: Item['kind'] | null
  readonly state: Item['state'] | null
  readonly selectedId: string | null
  readonly quarantineOpen: boolean
  /** The batch whose files are shown. */
  readonly batchId: string | null
}
export const useLibraryView = create<LibraryView>(() => ({ query: '', kind: null, state: null, selectedId: null, quarantineOpen: false, batchId: null }))

export const showLibrary = (change: Partial<LibraryView>): void => useLibraryView.setState(change)

/** Handles of the mounted page for keys and the palette; absent while another page is shown. */
interface PageHandles {
  focusSearch: (() => void) | null
  togglePlay: (() => void) | null
  playRange: (() => void) | null
  /** Null also for those who may not write. */
  cues: Pick<CueDeeds, 'setIn' | 'setOut' | 'addPoint' | 'trim'> | null
}
export const pageHandles: PageHandles = { focusSearch: null, togglePlay: null, playRange: null, cues: null }
