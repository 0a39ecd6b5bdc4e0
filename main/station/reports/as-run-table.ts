import { runTone } from '#common/reports/index.ts'
import type { ReportColumn, ReportRow } from '#common/reports/index.ts'
import type { AsRunRow } from '#contract/air.ts'
import type { Words } from './words.ts'

export const asRunColumns = ({ columns }: Words): ReportColumn[] => [
  { key: 'date', heading: columns.date, form: 'date', widthChars: 11 }, { key: 'no', heading: columns.no, form: 'count', widthChars: 5 },
  { key: 'planned', heading: columns.planned, form: 'instant', widthChars: 11 }, { key: 'predicted', heading: columns.predicted, form: 'instant', widthChars: 11 }, { key: 'actual', heading: columns.actual, form: 'instant', widthChars: 11 },
  { key: 'error', heading: columns.error, form: 'decimal', widthChars: 9 }, { key: 'ended', heading: columns.ended, form: 'instant', widthChars: 11 }, { key: 'played', heading: columns.played, form: 'length', widthChars: 9 },
  { key: 'title', heading: columns.title, form: 'text', widthChars: 40 }, { key: 'bus', heading: columns.bus, form: 'text', widthChars: 9 }, { key: 'source', heading: columns.source, form: 'text', widthChars: 14 },
  { key: 'stop', heading: columns.stop, form: 'text', widthChars: 18 }, { key: 'edit', heading: columns.edit, form: 'text', widthChars: 22 }, { key: 'loudness', heading: columns.loudness, form: 'decimal', widthChars: 8 },
  { key: 'silence', heading: columns.silence, form: 'decimal', widthChars: 9 }, { key: 'priority', heading: columns.priority, form: 'count', widthChars: 7 }, { key: 'operator', heading: columns.operator, form: 'text', widthChars: 20 },
]

/** Sổ nhật ký phát sóng: every row of the as-run, planned, predicted and heard. A turn that went by without a sound has no actual time: it was never heard. */
export function asRunRows(broadcastDate: string, rows: readonly AsRunRow[], busName: (bus: string) => string, words: Words): ReportRow[] {
  return rows.map((row, index) => ({
    tone: row.stopReason === null && row.onAir ? 'air' : runTone(row),
    cells: [
      broadcastDate, index + 1, row.plannedAt, row.predictedAt, row.onAir ? row.actualAt : null, row.onAir && row.startErrorUs !== null ? row.startErrorUs / 1000 : null, row.onAir ? row.endedAt : null, row.playedSamples, row.title, busName(row.bus),
      words.starts[row.startSource], !row.onAir ? words.notHeard : row.stopReason === null ? words.onAirNow : words.stops[row.stopReason], row.editCode === 'none' ? '' : words.edits[row.editCode], row.integratedLufs, row.silenceMs === null ? null : row.silenceMs / 1000,
      row.priority, [...new Set([row.startedBy, row.endedBy])].flatMap((name) => name ?? []).join(', '),
    ],
  }))
}
