import type { Action } from '../../app/actions/index.ts'
import { go } from '../../app/navigation/index.ts'
import { importByDialog, importFolderByDialog } from './import-files.ts'
import { pageHandles, showLibrary } from './library-store.ts'

export const libraryActions: readonly Action[] = [
  { id: 'library.import', labelKey: 'library.actions.import', shortcut: 'Ctrl+KeyI', role: 'recorder', page: 'library', run: importByDialog },
  { id: 'library.search', labelKey: 'library.actions.search', shortcut: 'Ctrl+KeyF', role: 'viewer', page: 'library', run: () => pageHandles.focusSearch?.() },
  { id: 'library.play', labelKey: 'library.actions.play', shortcut: 'Space', role: 'viewer', page: 'library', enabled: () => pageHandles.togglePlay !== null, run: () => pageHandles.togglePlay?.() },
  { id: 'library.importFolder', labelKey: 'library.actions.importFolder', shortcut: 'Ctrl+Shift+KeyI', role: 'recorder', page: 'library', run: importFolderByDialog },
  { id: 'library.playRange', labelKey: 'library.actions.playRange', shortcut: 'Shift+Space', role: 'viewer', page: 'library', enabled: () => pageHandles.playRange !== null, run: () => pageHandles.playRange?.() },
  { id: 'library.cueIn', labelKey: 'library.actions.cueIn', shortcut: 'KeyI', subject: 'marks', role: 'recorder', page: 'library', enabled: () => pageHandles.cues !== null, run: () => pageHandles.cues?.setIn() },
  { id: 'library.cueOut', labelKey: 'library.actions.cueOut', shortcut: 'KeyO', subject: 'marks', role: 'recorder', page: 'library', enabled: () => pageHandles.cues !== null, run: () => pageHandles.cues?.setOut() },
  { id: 'library.cueMark', labelKey: 'library.actions.cueMark', shortcut: 'KeyM', subject: 'marks', role: 'recorder', page: 'library', enabled: () => pageHandles.cues !== null, run: () => pageHandles.cues?.addPoint() },
  { id: 'library.trim', labelKey: 'library.actions.trim', shortcut: 'Shift+KeyT', role: 'recorder', page: 'library', enabled: () => pageHandles.cues !== null, run: () => pageHandles.cues?.trim() },
  {
    id: 'library.quarantine', labelKey: 'library.actions.quarantine', role: 'viewer',
    run: () => {
      go('library')
      showLibrary({ quarantineOpen: true })
    },
  },
]
