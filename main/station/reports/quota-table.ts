import type { ReportColumn, ReportRow } from '#common/reports/index.ts'
import type { QuotaMeter } from '#contract/planning.ts'
import { filled } from './words.ts'
import type { Words } from './words.ts'

const measures = ['essential', 'firstRun', 'foreign'] as const
/** What is foreign stands among the measures. */
const domestic = ['tu-san-xuat', 'tiep-song-tinh', 'tiep-song-tw', 'trong-nuoc-khac'] as const

export const quotaColumns = ({ columns, origins }: Words): ReportColumn[] => [
  { key: 'period', heading: columns.period, form: 'text', widthChars: 26 }, { key: 'unit', heading: columns.unit, form: 'text', widthChars: 28 }, { key: 'verdict', heading: columns.verdict, form: 'text', widthChars: 30 },
  { key: 'aired', heading: columns.aired, form: 'length', widthChars: 10 }, { key: 'plannedLength', heading: columns.plannedLength, form: 'length', widthChars: 10 },
  ...measures.flatMap((id): ReportColumn[] => [{ key: id, heading: columns[id], form: 'length', widthChars: 11 }, { key: `${id}Share`, heading: columns[`${id}Share`], form: 'percent', widthChars: 11 }]),
  ...domestic.map((id): ReportColumn => ({ key: id, heading: origins[id], form: 'length', widthChars: 11 })),
]

/** One stretch of time of one unit against its limits. Minima are floored and the maximum ceiled, as on the desk. */
export function quotaRow(period: string, unit: string, meter: QuotaMeter, words: Words): ReportRow {
  const failed = measures.filter((id) => meter.measures.some((one) => one.id === id && one.state === 'fail'))
  const isEmpty = meter.airedSamples + meter.plannedSamples === 0
  return {
    tone: isEmpty ? 'idle' : failed.length > 0 ? 'warn' : 'ok',
    cells: [
      period, unit, isEmpty ? words.verdicts.noData : failed.length === 0 ? words.verdicts.pass : filled(words.quota.failed, { verdict: words.verdicts.fail, measures: failed.map((id) => words.columns[id]).join(', ') }), meter.airedSamples, meter.plannedSamples,
      ...measures.flatMap((id) => {
        const measure = meter.measures.find((one) => one.id === id)
        return measure === undefined ? [null, null] : [measure.part, measure.tenths === null ? null : measure.tenths / 10]
      }),
      ...domestic.map((id) => meter.byOrigin.find(({ origin }) => origin === id)?.samples ?? 0),
    ],
  }
}
