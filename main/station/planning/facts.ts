import type { Item } from '#contract/library.ts'
import type { LogDay, LogLine } from '#contract/log.ts'
import { addDays } from '#common/timing/zone.ts'
import type { KeptLine, PlanItem } from '#common/planning/index.ts'
import type { AirRoom, LibraryRoom } from '../faces.ts'
import type { FirstAirings } from './first-airings.ts'

const HISTORY_MS = 60 * 86_400_000
/** Planned days around the one that is planned, for distances between airings. */
const NEAR_DAYS = 7

export interface Airing {
  readonly itemId: string
  readonly at: number
}

export function planItem(item: Item): PlanItem {
  return {
    id: item.id, number: item.number, title: item.title, kind: item.kind, tags: item.tags, lengthSamples: item.lengthSamples, origin: item.origin, essential: item.essential, createdAt: item.createdAt,
    playable: item.state === 'approved' && item.fileMissing !== true, validFrom: item.embargoUntil ?? null, validTo: null,
  }
}

const isOver = (line: LogLine): boolean => line.status !== 'scheduled' && line.status !== 'armed'
/** Does a new planning leave this line as it is? */
export function isKept(line: LogLine): boolean {
  return line.origin !== 'template' || line.edited || line.guarded || isOver(line)
}
export const startOf = (line: LogLine): number | null => line.actualAt ?? line.predictedAt ?? line.plannedAt
export const endOf = (line: LogLine): number | null => line.actualEndAt ?? line.predictedEndAt ?? line.plannedEndAt

export function keptLines(day: LogDay): KeptLine[] {
  return day.lines.filter(isKept).flatMap((line) => {
    const [startAt, endAt] = [startOf(line), endOf(line)]
    if (startAt === null || endAt === null || endAt <= startAt || line.status === 'skipped' || line.status === 'failed') return []
    return [{ id: line.id, title: line.title, itemId: line.itemId, startAt, endAt, relay: line.kind === 'relay', targetUnitIds: line.targetUnitIds }]
  })
}
/** Planned airings of a day that may sound. */
export function plannedAirings(day: LogDay, wanted: (line: LogLine) => boolean = () => true): Airing[] {
  return day.lines.flatMap((line) => {
    const at = startOf(line)
    return line.itemId === null || at === null || isOver(line) || line.lineState !== 'ok' || !wanted(line) ? [] : [{ itemId: line.itemId, at }]
  })
}

export interface Facts {
  items(): PlanItem[]
  /** As run in the last sixty days, and the first airing of everything older. */
  heard(until: number): Airing[]
  /** Days around the given ones, read once. */
  days(dates: readonly string[]): Promise<ReadonlyMap<string, LogDay>>
}

export function createFacts(deps: { library: Pick<LibraryRoom, 'list'>; air: Pick<AirRoom, 'asRunBetween'>; firsts: FirstAirings; day: (broadcastDate: string) => Promise<LogDay> }): Facts {
  return {
    items: () => deps.library.list().map(planItem),
    heard(until) {
      const rows = deps.air.asRunBetween(until - HISTORY_MS, until).flatMap((row) => (row.itemId === null || (row.endedAt !== null && row.playedSamples === 0) ? [] : [{ itemId: row.itemId, at: row.actualAt }]))
      return [...rows, ...deps.firsts.all().filter(({ at }) => at < until - HISTORY_MS)]
    },
    async days(dates) {
      const [first, last] = [dates.toSorted()[0], dates.toSorted().at(-1)]
      const days = new Map<string, LogDay>()
      if (first === undefined || last === undefined) return days
      for (let date = addDays(first, -NEAR_DAYS); date <= addDays(last, NEAR_DAYS); date = addDays(date, 1)) days.set(date, await deps.day(date))
      return days
    },
  }
}
