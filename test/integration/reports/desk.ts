import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { AsRunRow } from '#contract/air.ts'
import type { Item } from '#contract/library.ts'
import type { ReportWish } from '#contract/reports.ts'
import type { Job } from '#contract/station.ts'
import { openReports } from '../../../main/station/reports/index.ts'
import type { Room } from '../../../main/station/context.ts'
import { airStatus, busState } from '../../support/air-state.ts'
import { callRoom } from '../../support/context.ts'
import { at, FRAMES, monday, openHouse } from '../planning/house.ts'
import type { House } from '../planning/house.ts'

export interface ReportsDesk extends AsyncDisposable {
  readonly house: House
  readonly reports: Room
  readonly folder: string
  /** Starts a report and waits for its end, whatever that is. */
  save(wish: Partial<ReportWish> & { kind: ReportWish['kind'] }, file: { format: 'xlsx' | 'csv'; name?: string; folder?: string }): Promise<Job>
  files(): Promise<string[]>
}

/** Log, planning and reports on a real database and a real folder; the air only remembers what it is told. */
export async function openReportsDesk(): Promise<ReportsDesk> {
  const house = await openHouse()
  const folder = join(house.ctx.folders.root, 'sổ sách')
  await mkdir(folder)
  const reports = openReports(house.ctx, { air: { asRunOf: house.air.asRunOf, status: () => airStatus([busState()]) }, log: { day: (date) => house.day(date) }, planning: { meterOf: (dates, days, unitId) => house.planning.meterOf(dates, days, unitId) }, units: () => house.units })
  return {
    house, reports, folder,
    async save(wish, { format, name = 'Nhật ký', folder: into = folder }) {
      const { jobId } = await callRoom(reports, 'reports.save', { fromDate: monday, toDate: monday, ...wish, format, folder: into, name })
      for (;;) {
        const job = house.ctx.inside.jobs.list().find(({ id }) => id === jobId)
        if (job !== undefined && job.endedAt !== null) return job
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    },
    files: () => readdir(folder),
    [Symbol.asyncDispose]: () => house[Symbol.asyncDispose](),
  }
}

/** An afternoon: one line on time, one cut short, one that is not approved, an alert in between. All are in the log but the alert. */
export async function anAfternoon({ house }: ReportsDesk): Promise<{ news: Item; song: Item; draft: Item }> {
  const put = (title: string, count: number, facts: Partial<Item>): Item => house.library.describe(house.library.put(title, count * FRAMES).id, facts)
  const news = put('Bản tin chiều: đường ướt, "cẩn thận"', 60, { essential: true })
  const song = put('=Ca khúc', 90, { kind: 'music', origin: 'nuoc-ngoai' })
  const draft = put('Thư chưa duyệt', 30, {})
  const at17 = at('17:00:00')
  const lineOf = async (item: Item, timing: 'hard' | 'follow', afterLineId: string | null): Promise<string> => {
    const day = await callRoom(house.log, 'log.addLine', { broadcastDate: monday, itemId: item.id, timing: timing === 'hard' ? { kind: 'hard', at: at17, onReach: { kind: 'cut' } } : { kind: 'follow' }, afterLineId })
    return day.lines.find(({ itemId }) => itemId === item.id)?.id ?? ''
  }
  const first = await lineOf(news, 'hard', null)
  const second = await lineOf(song, 'follow', first)
  await lineOf(draft, 'follow', second)
  house.library.setState(draft.id, 'draft')
  house.clock.advance(at('18:00:00') - house.clock.now())
  const row = (facts: Partial<AsRunRow>): Partial<AsRunRow> => ({ broadcastDate: monday, ...facts })
  house.ran(news, { at: at17 + 40, samples: 60 * FRAMES, lineId: first, ...row({ plannedAt: at17, predictedAt: at17, startErrorUs: 40_000, integratedLufs: -23.1, silenceMs: 400 }) })
  house.ran(null, { at: at17 + 75_000, samples: 20 * FRAMES, ...row({ title: 'Cảnh báo lũ\nkhẩn 🌊', startSource: 'alert', playSource: 'alert', priority: 9, startedBy: 'Phạm Quốc Huy' }) })
  house.ran(song, { at: at17 + 62_000, samples: 13 * FRAMES, lineId: second, ...row({ plannedAt: at17 + 60_000, predictedAt: at17 + 60_000, startErrorUs: 2_000_000, stopReason: 'preempted', startSource: 'play' }) })
  return { news, song, draft }
}
