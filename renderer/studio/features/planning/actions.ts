import { addDays } from '#common/timing/zone.ts'
import { mondayOf } from '#common/planning/index.ts'
import type { Action } from '../../app/actions/index.ts'
import { broadcastDateOf } from '../../i18n/formats.ts'
import { setCells, undoStep } from './changes.ts'
import { cellsBetween, planDesk, planningNow, planViews, showPlanning } from './planning-store.ts'

const turn = (days: number): void => showPlanning({ monday: addDays(planningNow().monday, days) })
const onGrid = (): boolean => planningNow().view === 'week' && planningNow().dialog === 'none'
const onCells = (): boolean => onGrid() && planningNow().focus.hour >= 0
const chosen = () => cellsBetween(planningNow().anchor, planningNow().focus)
const labels = { week: 'planning.actions.viewWeek', clocks: 'planning.actions.viewClocks', columns: 'planning.actions.viewColumns', exceptions: 'planning.actions.viewExceptions', rules: 'planning.actions.viewRules' } as const

export const planningActions: readonly Action[] = [
  { id: 'planning.generate', labelKey: 'planning.actions.generate', shortcut: 'Ctrl+KeyG', role: 'scheduler', page: 'planning', run: () => showPlanning({ dialog: 'generate', generateDate: null }) },
  { id: 'planning.copyWeek', labelKey: 'planning.actions.copyWeek', shortcut: 'Ctrl+Shift+KeyG', role: 'scheduler', page: 'planning', run: () => showPlanning({ dialog: 'copy' }) },
  { id: 'planning.undo', labelKey: 'planning.actions.undo', shortcut: 'Ctrl+KeyZ', role: 'scheduler', page: 'planning', enabled: () => planningNow().steps.length > 0, run: undoStep },
  { id: 'planning.previousWeek', labelKey: 'planning.actions.previousWeek', shortcut: 'Alt+ArrowLeft', role: 'viewer', page: 'planning', run: () => turn(-7) },
  { id: 'planning.nextWeek', labelKey: 'planning.actions.nextWeek', shortcut: 'Alt+ArrowRight', role: 'viewer', page: 'planning', run: () => turn(7) },
  { id: 'planning.thisWeek', labelKey: 'planning.actions.thisWeek', shortcut: 'Alt+KeyT', role: 'viewer', page: 'planning', run: () => showPlanning({ monday: mondayOf(broadcastDateOf(Date.now())) }) },
  { id: 'planning.choose', labelKey: 'planning.actions.choose', shortcut: 'Enter', role: 'scheduler', page: 'planning', enabled: onGrid, run: () => planDesk.focusChoices?.() },
  { id: 'planning.asTemplate', labelKey: 'planning.actions.asTemplate', shortcut: 'Delete', role: 'scheduler', page: 'planning', enabled: onCells, run: () => setCells(chosen(), 'template') },
  { id: 'planning.close', labelKey: 'planning.actions.close', shortcut: 'KeyX', role: 'scheduler', page: 'planning', enabled: onCells, run: () => setCells(chosen(), null) },
  ...planViews.map((view, index): Action => ({ id: `planning.view.${view}`, labelKey: labels[view], shortcut: `Alt+Digit${index + 1}`, role: 'viewer', page: 'planning', run: () => showPlanning({ view }) })),
]
