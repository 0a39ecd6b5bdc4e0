import { create } from 'zustand'
import type { Item } from '#contract/library.ts'

/** What the page shows, and the few things that actions reach into: it outlives a visit to another page. */
interface LibraryView {
  readonly query: string
  readonly kind: Item['kind'] | null
  readonly state: Item['state'] | null
  readonly selectedId: string | null
  readonly quarantineOpen: boolean
}
export const useLibraryView = create<LibraryView>(() => ({ query: '', kind: null, state: null, selectedId: null, quarantineOpen: false }))

export const showLibrary = (change: Partial<LibraryView>): void => useLibraryView.setState(change)

/** Handles of the mounted page for keys and the palette; absent while another page is shown. */
export const pageHandles: { focusSearch: (() => void) | null; togglePlay: (() => void) | null } = { focusSearch: null, togglePlay: null }
