import { addDays } from '#common/timing/zone.ts'
import type { Action } from '../../app/actions/index.ts'
import { broadcastDateOf } from '../../i18n/formats.ts'
import { moveSelected, removeSelected, undoRemove } from './changes.ts'
import { pageHandles, selectedLine, showLog, useLogView } from './log-store.ts'

const chosen = (): boolean => selectedLine() !== null
const turn = (days: number): void => showLog({ date: addDays(useLogView.getState().date, days), selectedId: null })

export const logActions: readonly Action[] = [
  { id: 'log.search', labelKey: 'log.actions.search', shortcut: 'Ctrl+KeyF', role: 'scheduler', page: 'log', run: () => pageHandles.focusSearch?.() },
  { id: 'log.moveUp', labelKey: 'log.actions.moveUp', shortcut: 'Alt+ArrowUp', role: 'scheduler', page: 'log', enabled: chosen, run: () => moveSelected(-1) },
  { id: 'log.moveDown', labelKey: 'log.actions.moveDown', shortcut: 'Alt+ArrowDown', role: 'scheduler', page: 'log', enabled: chosen, run: () => moveSelected(1) },
  { id: 'log.remove', labelKey: 'log.actions.remove', shortcut: 'Delete', role: 'scheduler', page: 'log', enabled: chosen, run: removeSelected },
  { id: 'log.undoRemove', labelKey: 'log.actions.undo', shortcut: 'Ctrl+KeyZ', role: 'scheduler', page: 'log', enabled: () => useLogView.getState().removed.length > 0, run: () => undoRemove() },
  { id: 'log.previousDay', labelKey: 'log.actions.previousDay', shortcut: 'Alt+ArrowLeft', role: 'viewer', page: 'log', run: () => turn(-1) },
  { id: 'log.nextDay', labelKey: 'log.actions.nextDay', shortcut: 'Alt+ArrowRight', role: 'viewer', page: 'log', run: () => turn(1) },
  { id: 'log.today', labelKey: 'log.actions.today', shortcut: 'Alt+KeyT', role: 'viewer', page: 'log', run: () => showLog({ date: broadcastDateOf(Date.now()), selectedId: null }) },
]
