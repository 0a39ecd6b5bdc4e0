import { addDays } from '#common/timing/zone.ts'
import type { Action } from '../../app/actions/index.ts'
import { kindOf, reportsNow, showReports } from './reports-store.ts'
import { saveReport } from './save-report.ts'

const isBook = (): boolean => kindOf(reportsNow().view) !== null
/** The same number of days, earlier or later. */
export function turnDays(days: number): void {
  const { fromDate, toDate } = reportsNow()
  showReports({ fromDate: addDays(fromDate, days), toDate: addDays(toDate, days) })
}

export const reportsActions: readonly Action[] = [
  { id: 'reports.asRun', labelKey: 'reports.actions.asRun', shortcut: 'Alt+Digit1', role: 'viewer', page: 'reports', run: () => showReports({ view: 'asRun' }) },
  { id: 'reports.reconciliation', labelKey: 'reports.actions.reconciliation', shortcut: 'Alt+Digit2', role: 'viewer', page: 'reports', run: () => showReports({ view: 'reconciliation' }) },
  { id: 'reports.quota', labelKey: 'reports.actions.quota', shortcut: 'Alt+Digit3', role: 'viewer', page: 'reports', run: () => showReports({ view: 'quota' }) },
  { id: 'reports.audit', labelKey: 'reports.actions.audit', shortcut: 'Alt+Digit4', role: 'approver', page: 'reports', run: () => showReports({ view: 'audit' }) },
  { id: 'reports.saveXlsx', labelKey: 'reports.actions.saveXlsx', shortcut: 'Ctrl+KeyS', role: 'viewer', page: 'reports', enabled: isBook, run: () => saveReport('xlsx') },
  { id: 'reports.saveCsv', labelKey: 'reports.actions.saveCsv', shortcut: 'Ctrl+Shift+KeyS', role: 'viewer', page: 'reports', enabled: isBook, run: () => saveReport('csv') },
  { id: 'reports.print', labelKey: 'reports.actions.print', shortcut: 'Ctrl+KeyP', role: 'viewer', page: 'reports', enabled: isBook, run: () => window.print() },
  { id: 'reports.previousDay', labelKey: 'reports.actions.previousDay', shortcut: 'Alt+ArrowLeft', role: 'viewer', page: 'reports', run: () => turnDays(-1) },
  { id: 'reports.nextDay', labelKey: 'reports.actions.nextDay', shortcut: 'Alt+ArrowRight', role: 'viewer', page: 'reports', run: () => turnDays(1) },
]
