import { advise, airtimeOf, mainSamples, measure, origins, quotaFor } from '#common/planning/index.ts'
import type { AirSpan, Generated, Offer, Origin } from '#common/planning/index.ts'
import { instantOf, wallSamples } from '#common/playout/index.ts'
import type { Unit } from '#contract/devices.ts'
import type { AsRunRow } from '#contract/air.ts'
import type { LogDay, LogLine } from '#contract/log.ts'
import type { Item } from '#contract/library.ts'
import type { QuotaMeter } from '#contract/planning.ts'
import type { StationContext } from '../context.ts'
import type { AirRoom, LibraryRoom } from '../faces.ts'
import { endOf, isKept, startOf } from './facts.ts'
import type { FirstAirings } from './first-airings.ts'
import type { PartStore } from './part-store.ts'

/** Offers looked at for advice: enough to name a good one, few enough for a meter that is read at every start of a line. */
const OFFERED = 400
const MAIN_BUS = 'main'

export interface Meters {
  /** @param made a draft in the place of what is generated on its day */
  of(dates: readonly string[], days: ReadonlyMap<string, LogDay>, options?: { unitId?: string | null; made?: Generated; advice?: boolean }): QuotaMeter
}

/** Airtime as it ran and as it is still planned, held against the quotas of its year. */
export function createMeters(ctx: Pick<StationContext, 'clock'>, deps: { library: Pick<LibraryRoom, 'get' | 'list'>; air: Pick<AirRoom, 'asRunOf'>; firsts: FirstAirings; parts: PartStore; units: () => readonly Unit[] }): Meters {
  const { library, air, firsts, parts } = deps

  /** Origin of a relay that a clock asked for: its line is named after the position. */
  const relayOf = (sourceRef: string | null): { origin: Origin; essential: boolean } => {
    const positionId = sourceRef?.split('/')[3]
    const position = positionId === undefined ? undefined : parts.of('clock').flatMap(({ positions }) => positions).find(({ id, kind }) => id === positionId && kind === 'relay')
    return position?.kind === 'relay' ? position : { origin: 'tiep-song-tinh', essential: true }
  }
  const facts = (item: Item | null, line: Pick<LogLine, 'kind' | 'sourceRef'> | null): Pick<AirSpan, 'essential' | 'origin'> => {
    if (item !== null) return { essential: item.essential, origin: item.origin }
    if (line?.kind === 'relay') return relayOf(line.sourceRef)
    // A person at the microphone: our own; whether it was essential nobody has said.
    return { essential: false, origin: 'tu-san-xuat' }
  }
  const ran = (row: AsRunRow, line: LogLine | null): AirSpan[] => {
    if (row.bus !== MAIN_BUS || (row.endedAt !== null && row.playedSamples === 0)) return []
    const item = row.itemId === null ? null : library.get(row.itemId)
    const end = row.endedAt ?? (line === null ? null : endOf(line)) ?? ctx.clock.now()
    const own = facts(item, line)
    const firstRun = row.itemId === null ? line?.kind !== 'relay' : row.sha256 !== null && firsts.rowOf(row.itemId, row.sha256) === row.id
    return [{ id: row.id, title: row.title, start: wallSamples(row.actualAt), end: wallSamples(end), essential: own.essential || row.startSource === 'alert', origin: own.origin, firstRun, counted: row.onAir, planned: false }]
  }

  return {
    of(dates, days, { unitId = null, made, advice = true } = {}) {
      const [fromDate = '', toDate = ''] = [dates[0], dates.at(-1)]
      const tree = new Map(deps.units().map((unit) => [unit.id, unit.parentId]))
      const reaches = (targets: readonly string[]): boolean => {
        if (unitId === null || targets.length === 0) return true
        for (let at: string | null = unitId, steps = 0; at !== null && steps < 100; at = tree.get(at) ?? null, steps++) if (targets.includes(at)) return true
        return false
      }
      const spans: AirSpan[] = []
      const planned: (AirSpan & { readonly take: string | null })[] = []
      for (const date of dates) {
        const day = days.get(date)
        const lines = new Map(day?.lines.map((line) => [line.id, line]))
        const rows = air.asRunOf(date)
        const begun = new Set(rows.flatMap(({ lineId }) => lineId ?? []))
        for (const row of rows) {
          const line = row.lineId === null ? null : (lines.get(row.lineId) ?? null)
          if (reaches(line?.targetUnitIds ?? [])) spans.push(...ran(row, line))
        }
        const inDraft = made?.date === date ? made : null
        for (const line of lines.values()) {
          const [start, end] = [startOf(line), endOf(line)]
          if (begun.has(line.id) || line.lineState !== 'ok' || line.skip || line.dropped || start === null || end === null || end <= start || line.bus !== MAIN_BUS || !reaches(line.targetUnitIds)) continue
          if (line.status !== 'scheduled' && line.status !== 'armed') continue
          if (inDraft !== null && !isKept(line)) continue
          const item = line.itemId === null ? null : library.get(line.itemId)
          planned.push({ id: line.id, title: line.title, start: wallSamples(start), end: wallSamples(end), ...facts(item, line), firstRun: line.kind === 'live', counted: true, planned: true, take: item === null ? null : `${item.id} ${item.sha256}` })
        }
        for (const line of inDraft?.lines ?? []) {
          if (!reaches(line.targetUnitIds)) continue
          const item = line.itemId === null ? null : library.get(line.itemId)
          planned.push({ id: line.key, title: line.title, start: line.start, end: line.start + line.lengthSamples, ...(line.relay ?? facts(item, null)), firstRun: false, counted: true, planned: true, take: item === null ? null : `${item.id} ${item.sha256}` })
        }
      }
      const heardNow = new Set<string>()
      for (const { take, ...span } of planned.toSorted((a, b) => a.start - b.start)) {
        const isNew = take !== null && !heardNow.has(take) && firsts.rowOf(...splitTake(take)) === null
        if (take !== null) heardNow.add(take)
        spans.push({ ...span, firstRun: span.firstRun || isNew })
      }
      const rule = quotaFor(parts.of('quota'), unitId, Number(fromDate.slice(0, 4)))
      const airtime = airtimeOf(spans, rule)
      const main = mainSamples(spans)
      const sum = (of: (span: AirSpan) => boolean): number => spans.reduce((total, span) => total + (of(span) ? (main.get(span.id) ?? 0) : 0), 0)
      const measures = measure(airtime, rule)
      const wanted = advice && measures.some(({ state }) => state === 'fail')
      return {
        fromDate, toDate, unitId, year: rule.year, airedSamples: sum((span) => !span.planned), plannedSamples: sum((span) => span.planned),
        byOrigin: origins.map((origin) => ({ origin, samples: sum((span) => span.origin === origin) })), measures: [...measures],
        advice: !wanted ? [] : advise(spans, rule, offers(heardNow)).map(({ span, ...step }) => ({ ...step, span: span === null ? null : { id: span.id, title: span.title, at: Math.round(instantOf(span.start)) } })),
      }
    },
  }

  function offers(heardNow: ReadonlySet<string>): Offer[] {
    return library.list().filter((item) => item.state === 'approved' && item.fileMissing !== true && (item.kind === 'speech' || item.kind === 'programme' || item.kind === 'recording')).slice(0, OFFERED).map((item) => ({
      itemId: item.id, title: item.title, lengthSamples: item.lengthSamples, essential: item.essential, origin: item.origin, firstRun: firsts.rowOf(item.id, item.sha256) === null && !heardNow.has(`${item.id} ${item.sha256}`),
    }))
  }
}

function splitTake(take: string): [string, string] {
  const [itemId = '', sha256 = ''] = take.split(' ')
  return [itemId, sha256]
}
