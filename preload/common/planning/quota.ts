/**
 * Quotas on airtime (domain reference §11), in whole samples and whole percents: nothing is rounded before it is compared.
 */
export const origins = ['tu-san-xuat', 'tiep-song-tinh', 'tiep-song-tw', 'trong-nuoc-khac', 'nuoc-ngoai'] as const
export type Origin = (typeof origins)[number]

/** One stretch of one source on the programme bus, as it ran or as it is planned. */
export interface AirSpan {
  readonly id: string
  readonly title: string
  /** Samples on one common axis, half-open. */
  readonly start: number
  readonly end: number
  readonly essential: boolean
  readonly origin: Origin
  /** First airing of this take on the service. */
  readonly firstRun: boolean
  /** False for test tone, self-test, drill and alarms of silence: no airtime. */
  readonly counted: boolean
  /** Still to come, so it can be changed. */
  readonly planned: boolean
}

/** Limits of a year for a unit; null = the whole station. */
export interface QuotaRule {
  readonly year: number
  readonly unitId: string | null
  readonly essentialMinPct: number
  readonly firstRunMinPct: number
  readonly foreignMaxPct: number
  readonly relayInDomestic: boolean
}
/** QĐ 1497/2018 plans: essential ≥ 70 %, new self-produced ≥ 30 % of domestic, foreign ≤ 30 % of daily airtime. */
export const shippedQuota: Omit<QuotaRule, 'year'> = { unitId: null, essentialMinPct: 70, firstRunMinPct: 30, foreignMaxPct: 30, relayInDomestic: true }

/** Airtime in samples: T all, E essential, D domestic, N new self-produced, F foreign. */
export interface Airtime {
  readonly T: number
  readonly E: number
  readonly D: number
  readonly N: number
  readonly F: number
}
export const isRelay = (origin: Origin): boolean => origin === 'tiep-song-tinh' || origin === 'tiep-song-tw'
export const isDomestic = (origin: Origin, relayInDomestic: boolean): boolean => origin !== 'nuoc-ngoai' && (relayInDomestic || !isRelay(origin))

/** How long each span was the main source: overlaps count once, for the one that began last. */
export function mainSamples(spans: readonly AirSpan[]): ReadonlyMap<string, number> {
  const main = new Map<string, number>()
  const sorted = spans.filter((span) => span.counted && span.end > span.start).toSorted((a, b) => a.start - b.start || a.end - b.end)
  // The stack holds what sounds, newest last; what lies under the newest comes back when that ends.
  const stack: AirSpan[] = []
  let at = 0
  const until = (limit: number): void => {
    while (stack.length > 0) {
      const top = stack.at(-1)
      if (top === undefined || at >= limit) return
      const end = Math.min(top.end, limit)
      if (end > at) main.set(top.id, (main.get(top.id) ?? 0) + end - at)
      at = Math.max(at, end)
      if (top.end <= at) stack.pop()
    }
  }
  for (const span of sorted) {
    until(span.start)
    at = Math.max(at, span.start)
    stack.push(span)
  }
  until(Number.POSITIVE_INFINITY)
  return main
}

export function airtimeOf(spans: readonly AirSpan[], rule: Pick<QuotaRule, 'relayInDomestic'>): Airtime {
  const main = mainSamples(spans)
  const sum = (of: (span: AirSpan) => boolean): number => spans.reduce((total, span) => total + (span.counted && of(span) ? (main.get(span.id) ?? 0) : 0), 0)
  return {
    T: sum(() => true), E: sum((span) => span.essential), D: sum((span) => isDomestic(span.origin, rule.relayInDomestic)), N: sum((span) => span.origin === 'tu-san-xuat' && span.firstRun), F: sum((span) => span.origin === 'nuoc-ngoai'),
  }
}

export const measureIds = ['essential', 'firstRun', 'foreign'] as const
export type MeasureId = (typeof measureIds)[number]
export interface Measure {
  readonly id: MeasureId
  /** noData: nothing on air; notApplicable: nothing domestic to take a share of. */
  readonly state: 'pass' | 'fail' | 'noData' | 'notApplicable'
  readonly part: number
  readonly whole: number
  readonly limitPct: number
  /** Share in tenths of a percent: minima floored, the maximum ceiled, so that what is shown never looks better than it is. */
  readonly tenths: number | null
  /** Samples that lack (or, for the maximum, are too many) while the whole stays as it is; 0 when it passes. */
  readonly missing: number
}

export function measure(airtime: Airtime, rule: QuotaRule): readonly [Measure, Measure, Measure] {
  const { T, E, D, N, F } = airtime
  const least = (id: MeasureId, part: number, whole: number, limitPct: number): Measure => {
    const missing = Math.max(0, Math.ceil((limitPct * whole - 100 * part) / 100))
    return { id, state: T === 0 ? 'noData' : whole === 0 ? 'notApplicable' : missing === 0 ? 'pass' : 'fail', part, whole, limitPct, tenths: whole === 0 ? null : Math.floor((part * 1000) / whole), missing }
  }
  const tooMuch = Math.max(0, Math.ceil((100 * F - rule.foreignMaxPct * T) / 100))
  return [
    least('essential', E, T, rule.essentialMinPct),
    least('firstRun', N, D, rule.firstRunMinPct),
    { id: 'foreign', state: T === 0 ? 'noData' : tooMuch === 0 ? 'pass' : 'fail', part: F, whole: T, limitPct: rule.foreignMaxPct, tenths: T === 0 ? null : Math.ceil((F * 1000) / T), missing: tooMuch },
  ]
}

/** The limits that hold for a unit in a year: its own, else the station's; the newest of earlier years where the year has none. */
export function quotaFor(rules: readonly QuotaRule[], unitId: string | null, year: number): QuotaRule {
  const best = (wanted: string | null): QuotaRule | undefined => rules.filter((rule) => rule.unitId === wanted && rule.year <= year).toSorted((a, b) => b.year - a.year)[0]
  return (unitId === null ? undefined : best(unitId)) ?? best(null) ?? { ...shippedQuota, year }
}
