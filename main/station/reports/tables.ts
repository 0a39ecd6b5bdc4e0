import { setImmediate as nextTurn } from 'node:timers/promises'
import { dateText, durationText } from '#common/reports/index.ts'
import type { Reconciled, ReportRow, ReportTable } from '#common/reports/index.ts'
import { datesOfWeek, mondayOf } from '#common/planning/index.ts'
import { addDays } from '#common/timing/zone.ts'
import type { AsRunRow } from '#contract/air.ts'
import type { Unit } from '#contract/devices.ts'
import type { LogDay } from '#contract/log.ts'
import type { ReportKind, ReportWish } from '#contract/reports.ts'
import type { AirRoom, PlanningRoom } from '../faces.ts'
import { asRunColumns, asRunRows } from './as-run-table.ts'
import { quotaColumns, quotaRow } from './quota-table.ts'
import { reconcileDay, reconciliationColumns, reconciliationRows, reconciliationSums } from './reconciliation-table.ts'
import { bookWords, filled } from './words.ts'
import type { Words } from './words.ts'

export interface ReportSources {
  readonly asRunOf: AirRoom['asRunOf']
  readonly day: (broadcastDate: string) => Promise<LogDay>
  readonly meterOf: PlanningRoom['meterOf']
  readonly units: () => readonly Unit[]
  readonly busName: (bus: string) => string
  readonly now: () => number
}
/** Told after each day, so that a long period can be shown and stopped. */
export type OnDay = (share: number) => void

/** Makes a report of a period, a day after the other, with a turn for everybody else in between. */
export async function tableOf(wish: ReportWish, sources: ReportSources, onDay: OnDay = () => undefined): Promise<ReportTable> {
  const words = bookWords[wish.language]
  const dates = datesBetween(wish.fromDate, wish.toDate)
  const period = wish.fromDate === wish.toDate ? filled(words.period.day, { date: dateText(wish.fromDate) }) : filled(words.period.range, { from: dateText(wish.fromDate), to: dateText(wish.toDate) })
  return { title: words.documents[wish.kind], period, ...(await makers[wish.kind](dates, sources, words, onDay)) }
}
export function datesBetween(fromDate: string, toDate: string): string[] {
  const dates: string[] = []
  for (let date = fromDate; date <= toDate; date = addDays(date, 1)) dates.push(date)
  return dates
}

type Made = Pick<ReportTable, 'columns' | 'rows' | 'sums'>
const makers: Readonly<Record<ReportKind, (dates: readonly string[], sources: ReportSources, words: Words, onDay: OnDay) => Promise<Made>>> = {
  async asRun(dates, { asRunOf, busName }, words, onDay) {
    const rows: ReportRow[] = []
    let [heard, samples] = [0, 0]
    for (const [index, date] of dates.entries()) {
      const own: AsRunRow[] = asRunOf(date)
      rows.push(...asRunRows(date, own, busName, words))
      heard += own.filter(({ onAir }) => onAir).length
      samples += own.reduce((sum, { playedSamples }) => sum + playedSamples, 0)
      onDay((index + 1) / dates.length)
      await nextTurn()
    }
    return { columns: asRunColumns(words), rows, sums: [filled(words.sums.asRun, { rows: rows.length, heard, length: durationText(samples) })] }
  },
  async reconciliation(dates, { asRunOf, day, now }, words, onDay) {
    const rows: ReportRow[] = []
    const all: Reconciled[] = []
    for (const [index, date] of dates.entries()) {
      const reconciled = reconcileDay(await day(date), asRunOf(date), now())
      rows.push(...reconciliationRows(date, reconciled, words))
      all.push(...reconciled)
      onDay((index + 1) / dates.length)
      await nextTurn()
    }
    return { columns: reconciliationColumns(words), rows, sums: reconciliationSums(all, words) }
  },
  async quota(dates, { day, meterOf, units }, words, onDay) {
    const weeks = [...new Set(dates.map((date) => mondayOf(date)))]
    const read = [...new Set([...dates, ...weeks.flatMap(datesOfWeek)])].toSorted()
    const days = new Map<string, LogDay>()
    for (const [index, date] of read.entries()) {
      days.set(date, await day(date))
      onDay((index + 1) / read.length)
      await nextTurn()
    }
    const rows = dates.map((date) => quotaRow(filled(words.quota.day, { date: dateText(date) }), words.station, meterOf([date], days), words))
    for (const monday of weeks) rows.push(quotaRow(filled(words.quota.week, { from: dateText(monday), to: dateText(addDays(monday, 6)) }), words.station, meterOf(datesOfWeek(monday), days), words))
    for (const unit of unitsWithReport(units())) {
      rows.push(quotaRow(words.quota.whole, unit.name, meterOf(dates, days, unit.id), words))
      await nextTurn()
    }
    return { columns: quotaColumns(words), rows, sums: [words.sums.quota] }
  },
}

/** The station's own units and those right below: communes answer for their quotas, hamlets do not. */
function unitsWithReport(units: readonly Unit[]): Unit[] {
  const roots = new Set(units.filter(({ parentId }) => parentId === null).map(({ id }) => id))
  return units.filter(({ id, parentId }) => roots.has(id) || (parentId !== null && roots.has(parentId)))
}
