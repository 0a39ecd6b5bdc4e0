import { z } from 'zod'
import { BroadcastDate, JobRef } from './shapes.ts'
import type { ProcedureTable } from './procedure.ts'

/** asRun: the daily book of what was on air; reconciliation: plan against as-run, and why not; quota: airtime by day, week and unit. */
export const ReportKind = z.enum(['asRun', 'reconciliation', 'quota'])
export type ReportKind = z.infer<typeof ReportKind>
/** Both dates included; at most 92 days. */
export const ReportWish = z.object({ kind: ReportKind, fromDate: BroadcastDate, toDate: BroadcastDate, language: z.enum(['vi', 'en']).default('vi') })
export type ReportWish = z.infer<typeof ReportWish>

/** The report as the file will say it, word by word. */
export const ReportView = z.object({
  title: z.string(), period: z.string(), columns: z.array(z.object({ key: z.string(), heading: z.string(), isNumber: z.boolean() })),
  rows: z.array(z.object({ cells: z.array(z.string()), tone: z.enum(['ok', 'warn', 'bad', 'idle', 'air', 'info']).nullable() })),
  /** Rows beyond what a window shows; a file has them all. */
  left: z.number().int().nonnegative(), sums: z.array(z.string()),
})
export type ReportView = z.infer<typeof ReportView>

export const reportsProcedures = {
  'reports.preview': { input: ReportWish, output: ReportView, role: 'viewer' },
  /** Writes a new file and never over another one: a taken name gets a number. Job result: `{ path, rows }`. @throws folder-missing, invalid-input */
  'reports.save': { input: ReportWish.extend({ format: z.enum(['xlsx', 'csv']), folder: z.string().min(1).max(1000), name: z.string().trim().min(1).max(120) }), output: JobRef, role: 'viewer' },
} as const satisfies ProcedureTable
