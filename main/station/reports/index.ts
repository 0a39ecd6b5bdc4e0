import { writeFile } from 'node:fs/promises'
import { cellText, csvOf } from '#common/reports/index.ts'
import type { ReportTable } from '#common/reports/index.ts'
import { addDays, isCalendarDate } from '#common/timing/zone.ts'
import type { OffsetAt } from '#common/timing/zone.ts'
import type { Unit } from '#contract/devices.ts'
import type { ReportView, ReportWish } from '#contract/reports.ts'
import { AppError } from '#contract/errors.ts'
import type { Room, StationContext } from '../context.ts'
import type { AirRoom, LogRoom, PlanningRoom } from '../faces.ts'
import { offsetOf } from '../foundation/zones.ts'
import { checkPlace, writeNew } from './new-file.ts'
import { tableOf } from './tables.ts'
import type { ReportSources } from './tables.ts'
import { bookWords } from './words.ts'
import { workbookOf } from './workbook.ts'

export interface ReportsDeps {
  readonly air: Pick<AirRoom, 'asRunOf' | 'status'>
  readonly log: Pick<LogRoom, 'day'>
  readonly planning: Pick<PlanningRoom, 'meterOf'>
  readonly units: () => readonly Unit[]
}

const MOST_DAYS = 92
const SHOWN_ROWS = 2000

/** The books of the station, made anew from the as-run, the log and the quotas each time they are asked for: nothing of them is kept twice. */
export function openReports(station: StationContext, deps: ReportsDeps): Room {
  const ctx: StationContext = { ...station, scope: station.scope.child('reports'), logger: station.logger.child('reports') }
  const sources: ReportSources = {
    asRunOf: deps.air.asRunOf, day: deps.log.day, meterOf: deps.planning.meterOf, units: deps.units, now: () => ctx.clock.now(),
    busName: (bus) => deps.air.status().buses.find((one) => one.bus === bus)?.name ?? bus,
  }
  const offsetAt = (): OffsetAt => offsetOf(ctx.settings.get().zone)
  /** One file after the other: two reports of one name must not choose the same free place. */
  let last: Promise<unknown> = Promise.resolve()

  return {
    handlers: {
      'reports.preview': async (wish) => viewOf(await tableOf(checked(wish), sources), offsetAt()),
      'reports.save': async ({ format, folder, name, ...wish }, caller) => {
        checked(wish)
        await checkPlace({ folder, name })
        const { jobId } = ctx.jobs.start('report', name, async (job) => {
          const table = await tableOf(wish, sources, (share) => {
            job.signal.throwIfAborted()
            job.progress(share * 0.9)
          })
          const bytes = format === 'csv' ? csvOf(table, offsetAt()) : await workbookOf(table, { stationName: ctx.settings.get().stationName, sheetName: bookWords[wish.language].sheets[wish.kind], offsetAt: offsetAt(), now: ctx.clock.now() })
          job.signal.throwIfAborted()
          const turn = last.then(() => writeNew({ folder, name, ending: format }, (part) => writeFile(part, bytes)))
          last = turn.catch(() => undefined)
          const path = await turn
          ctx.audit.append(caller, 'reports.save', wish.kind, { fromDate: wish.fromDate, toDate: wish.toDate, format, rows: table.rows.length })
          return { path, rows: String(table.rows.length) }
        })
        return { jobId }
      },
    },
  }
}

/** @throws AppError invalid-input */
function checked(wish: ReportWish): ReportWish {
  const { fromDate, toDate } = wish
  if (!isCalendarDate(fromDate) || !isCalendarDate(toDate) || fromDate > toDate || toDate > addDays(fromDate, MOST_DAYS - 1)) throw new AppError('invalid-input', { data: { field: 'toDate' } })
  return wish
}

function viewOf(table: ReportTable, offsetAt: OffsetAt): ReportView {
  return {
    title: table.title, period: table.period, columns: table.columns.map(({ key, heading, form }) => ({ key, heading, isNumber: form !== 'text' })),
    rows: table.rows.slice(0, SHOWN_ROWS).map(({ cells, tone }) => ({ cells: table.columns.map(({ form }, index) => cellText(cells[index] ?? null, form, offsetAt)), tone })),
    left: Math.max(0, table.rows.length - SHOWN_ROWS), sums: [...table.sums],
  }
}
