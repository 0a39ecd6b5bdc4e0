import { reconcile, sumOf } from '#common/reports/index.ts'
import type { Outcome, Reconciled, ReportColumn, ReportRow, RowTone } from '#common/reports/index.ts'
import type { AsRunRow } from '#contract/air.ts'
import type { LogDay, LogLine } from '#contract/log.ts'
import { filled, whyText } from './words.ts'
import type { Words } from './words.ts'

export const reconciliationColumns = ({ columns }: Words): ReportColumn[] => [
  { key: 'date', heading: columns.date, form: 'date', widthChars: 11 }, { key: 'planned', heading: columns.planned, form: 'instant', widthChars: 11 }, { key: 'title', heading: columns.title, form: 'text', widthChars: 40 },
  { key: 'promised', heading: columns.promised, form: 'length', widthChars: 9 }, { key: 'actual', heading: columns.actual, form: 'instant', widthChars: 11 }, { key: 'late', heading: columns.late, form: 'decimal', widthChars: 9 },
  { key: 'played', heading: columns.played, form: 'length', widthChars: 9 }, { key: 'outcome', heading: columns.outcome, form: 'text', widthChars: 20 }, { key: 'why', heading: columns.why, form: 'text', widthChars: 44 },
]
/** Lines that make no sound of their own promise none. */
const silentKinds: readonly LogLine['kind'][] = ['command', 'fixedPoint', 'note']
const tones: Readonly<Record<Outcome, RowTone>> = { played: 'ok', short: 'warn', running: 'air', notPlayed: 'bad', ahead: 'idle', unscheduled: 'info' }

export function reconcileDay(day: LogDay, runs: readonly AsRunRow[], now: number): Reconciled[] {
  const lines = day.lines.filter(({ kind }) => !silentKinds.includes(kind)).map((line) => ({
    id: line.id, title: line.title, promisedAt: line.initialAt ?? line.plannedAt, lengthSamples: line.lengthSamples, dropped: line.dropped, skip: line.skip, reason: line.lineState === 'ok' ? (line.timingNote?.code ?? null) : (line.reason?.code ?? line.lineState),
  }))
  return reconcile(lines, runs, now)
}

export function reconciliationRows(broadcastDate: string, reconciled: readonly Reconciled[], words: Words): ReportRow[] {
  return reconciled.map((row) => ({
    tone: row.outcome === 'played' && row.isOnTime === false ? 'warn' : tones[row.outcome],
    cells: [broadcastDate, row.promisedAt, row.title, row.promisedSamples, row.actualAt, row.startErrorMs === null ? null : row.startErrorMs / 1000, row.playedSamples, outcomeText(row, words), row.why === null ? '' : whyText(row.why, words)],
  }))
}

function outcomeText({ outcome, isOnTime, startErrorMs }: Reconciled, words: Words): string {
  const timing = outcome !== 'played' && outcome !== 'short' ? null : isOnTime === null ? null : isOnTime ? words.timing.onTime : (startErrorMs ?? 0) > 0 ? words.timing.late : words.timing.early
  return timing === null ? words.outcomes[outcome] : `${words.outcomes[outcome]}, ${timing}`
}

export function reconciliationSums(reconciled: readonly Reconciled[], words: Words): string[] {
  const sum = sumOf(reconciled)
  const share = sum.timed === 0 ? '—' : `${((sum.onTime * 100) / sum.timed).toFixed(1).replace('.', ',')}%`
  return [filled(words.sums.lines, { ...sum }), filled(words.sums.onTime, { onTime: sum.onTime, timed: sum.timed, share })]
}
