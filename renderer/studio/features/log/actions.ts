import { addDays } from '#common/timing/zone.ts'
import type { Action } from '../../app/actions/index.ts'
import { broadcastDateOf } from '../../i18n/formats.ts'
import { closeDay, duplicateSelected, mayClose, moveSelected, removeSelected, undoStep, updateChosen } from './changes.ts'
import { pageHandles, selectedLine, showLog, useLogView } from './log-store.ts'

const chosen = (): boolean => selectedLine() !== null
const turn = (days: number): void => showLog({ date: addDays(useLogView.getState().date, days), selectedId: null })

export const logActions: readonly Action[] = [
  { id: 'log.search', labelKey: 'log.actions.search', shortcut: 'Ctrl+KeyF', role: 'scheduler', page: 'log', run: () => pageHandles.focusSearch?.() },
  { id: 'log.moveUp', labelKey: 'log.actions.moveUp', shortcut: 'Alt+ArrowUp', role: 'scheduler', page: 'log', enabled: chosen, run: () => moveSelected(-1) },
  { id: 'log.moveDown', labelKey: 'log.actions.moveDown', shortcut: 'Alt+ArrowDown', role: 'scheduler', page: 'log', enabled: chosen, run: () => moveSelected(1) },
  { id: 'log.duplicate', labelKey: 'log.actions.duplicate', shortcut: 'Ctrl+KeyD', role: 'scheduler', page: 'log', enabled: chosen, run: duplicateSelected },
  { id: 'log.remove', labelKey: 'log.actions.remove', shortcut: 'Delete', role: 'scheduler', page: 'log', enabled: chosen, run: removeSelected },
  { id: 'log.skip', labelKey: 'log.actions.skip', shortcut: 'Alt+KeyB', role: 'scheduler', page: 'log', enabled: chosen, run: () => updateChosen({ skip: selectedLine()?.skip !== true }) },
  { id: 'log.protect', labelKey: 'log.actions.protect', shortcut: 'Alt+KeyG', role: 'scheduler', page: 'log', enabled: chosen, run: () => updateChosen({ protected: selectedLine()?.protected !== true }) },
  { id: 'log.replace', labelKey: 'log.actions.replace', shortcut: 'Ctrl+KeyH', role: 'scheduler', page: 'log', enabled: () => selectedLine()?.itemId != null, run: () => showLog({ dialog: 'replace' }) },
  { id: 'log.addNote', labelKey: 'log.actions.addNote', shortcut: 'Alt+KeyN', role: 'scheduler', page: 'log', run: () => showLog({ dialog: 'note' }) },
  { id: 'log.addSlot', labelKey: 'log.actions.addSlot', shortcut: 'Alt+KeyK', role: 'scheduler', page: 'log', run: () => showLog({ dialog: 'slot', slotId: null }) },
  { id: 'log.editSlot', labelKey: 'log.actions.editSlot', shortcut: 'Alt+Shift+KeyK', role: 'scheduler', page: 'log', enabled: () => selectedLine()?.slotId != null, run: () => showLog({ dialog: 'slot', slotId: selectedLine()?.slotId ?? null }) },
  { id: 'log.segue', labelKey: 'log.actions.segue', shortcut: 'Alt+KeyJ', role: 'scheduler', page: 'log', enabled: () => selectedLine()?.itemId != null, run: () => showLog({ dialog: 'segue' }) },
  { id: 'log.closeDay', labelKey: 'log.actions.closeDay', role: 'approver', page: 'log', enabled: () => mayClose(useLogView.getState().day), run: closeDay },
  { id: 'log.undoRemove', labelKey: 'log.actions.undo', shortcut: 'Ctrl+KeyZ', role: 'scheduler', page: 'log', enabled: () => useLogView.getState().steps.length > 0, run: () => undoStep() },
  { id: 'log.previousDay', labelKey: 'log.actions.previousDay', shortcut: 'Alt+ArrowLeft', role: 'viewer', page: 'log', run: () => turn(-1) },
  { id: 'log.nextDay', labelKey: 'log.actions.nextDay', shortcut: 'Alt+ArrowRight', role: 'viewer', page: 'log', run: () => turn(1) },
  { id: 'log.today', labelKey: 'log.actions.today', shortcut: 'Alt+KeyT', role: 'viewer', page: 'log', run: () => showLog({ date: broadcastDateOf(Date.now()), selectedId: null }) },
]
