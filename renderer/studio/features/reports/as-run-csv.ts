import type { AsRunRow } from '#contract/air.ts'
import { dayTimeText } from '../../i18n/formats.ts'

const quote = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)

/** UTF-8 with byte-order mark and CRLF: office spreadsheets open it with Vietnamese intact. `header` has one name per column. */
export function asRunCsv(rows: readonly AsRunRow[], header: readonly string[]): string {
  const lines = rows.map((row) => [
    dayTimeText(row.actualAt), row.plannedAt === null ? '' : dayTimeText(row.plannedAt), row.endedAt === null ? '' : dayTimeText(row.endedAt), row.title, row.bus,
    row.startErrorUs === null ? '' : (row.startErrorUs / 1000).toFixed(1), (row.playedSamples / 48_000).toFixed(3), row.startSource, row.stopReason ?? '', row.sha256 ?? '',
  ])
  return `\uFEFF${[header, ...lines].map((line) => line.map(quote).join(',')).join('\r\n')}\r\n`
}
