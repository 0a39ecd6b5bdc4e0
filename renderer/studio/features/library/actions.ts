import type { Action } from '../../app/actions/index.ts'
import { go } from '../../app/navigation/index.ts'
import { importByDialog, importFolderByDialog } from './import-files.ts'
import { hasMany, manyHandles, pageHandles, showLibrary } from './library-store.ts'
import { canUndo, undo } from './undo.ts'

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
  { id: 'library.chooseAll', labelKey: 'holdings.actions.chooseAll', shortcut: 'Ctrl+KeyA', subject: 'select', role: 'viewer', page: 'library', enabled: () => pageHandles.chooseAll !== null, run: () => pageHandles.chooseAll?.() },
  { id: 'library.levelMany', labelKey: 'holdings.actions.level', shortcut: 'Ctrl+KeyL', role: 'recorder', page: 'library', enabled: hasMany, run: () => showLibrary({ levelOpen: true }) },
  { id: 'library.tagMany', labelKey: 'holdings.actions.tag', shortcut: 'Ctrl+KeyT', role: 'recorder', page: 'library', enabled: hasMany, run: () => document.getElementById('library-many-tag')?.focus() },
  { id: 'library.submitMany', labelKey: 'holdings.actions.submit', shortcut: 'Ctrl+Shift+Enter', role: 'recorder', page: 'library', enabled: hasMany, run: () => manyHandles.submit() },
  { id: 'library.approveMany', labelKey: 'holdings.actions.approve', shortcut: 'Ctrl+Enter', role: 'approver', page: 'library', enabled: hasMany, run: () => manyHandles.approve() },
  { id: 'library.undo', labelKey: 'holdings.actions.undo', shortcut: 'Ctrl+KeyZ', role: 'recorder', page: 'library', enabled: canUndo, run: () => undo() },
  {
    id: 'library.caches', labelKey: 'holdings.actions.caches', role: 'editor',
    run: () => {
      go('library')
      showLibrary({ cachesOpen: true })
    },
  },
  {
    id: 'library.quarantine', labelKey: 'library.actions.quarantine', role: 'viewer',
    run: () => {
      go('library')
      showLibrary({ quarantineOpen: true })
    },
  },
]
