import { create } from 'zustand'
import type { ReportKind } from '#contract/reports.ts'
import { broadcastDateOf } from '../../i18n/formats.ts'

export const reportViews = ['asRun', 'reconciliation', 'quota', 'audit'] as const
export type ReportsView = (typeof reportViews)[number]
interface ReportsState {
  readonly view: ReportsView
  readonly fromDate: string
  readonly toDate: string
  readonly saving: boolean
}
const today = broadcastDateOf(Date.now())
export const useReports = create<ReportsState>(() => ({ view: 'asRun', fromDate: today, toDate: today, saving: false }))
export const reportsNow = (): ReportsState => useReports.getState()
export function showReports(change: Partial<ReportsState>): void {
  useReports.setState(change)
}
/** The book shown; null while the audit log is. */
export const kindOf = (view: ReportsView): ReportKind | null => (view === 'audit' ? null : view)
