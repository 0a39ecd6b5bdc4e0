import type { Action } from '../../app/actions/index.ts'
import { go } from '../../app/navigation/index.ts'
import { importByDialog } from './import-files.ts'
import { pageHandles, showLibrary } from './library-store.ts'

export const libraryActions: readonly Action[] = [
  { id: 'library.import', labelKey: 'library.actions.import', shortcut: 'Ctrl+KeyI', role: 'recorder', page: 'library', run: importByDialog },
  { id: 'library.search', labelKey: 'library.actions.search', shortcut: 'Ctrl+KeyF', role: 'viewer', page: 'library', run: () => pageHandles.focusSearch?.() },
  { id: 'library.play', labelKey: 'library.actions.play', shortcut: 'Space', role: 'viewer', page: 'library', enabled: () => pageHandles.togglePlay !== null, run: () => pageHandles.togglePlay?.() },
  {
    id: 'library.quarantine', labelKey: 'library.actions.quarantine', role: 'viewer',
    run: () => {
      go('library')
      showLibrary({ quarantineOpen: true })
    },
  },
]
