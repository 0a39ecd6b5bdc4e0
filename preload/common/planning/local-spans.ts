import { addDays, dateAt, instantOfLocal } from '../timing/zone.ts'
import type { OffsetAt } from '../timing/zone.ts'

/** A part of the local day in minutes since midnight, half-open. `toMin` ≤ `fromMin` runs past midnight: 21:00–05:00 is 1260…300. */
export interface DaySpan {
  readonly fromMin: number
  readonly toMin: number
}
/** UTC ms, half-open; `date` = local date on which it begins. */
export interface InstantSpan {
  readonly date: string
  readonly from: number
  readonly until: number
}

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000

/** 1 = Monday … 7 = Sunday. */
export function weekdayOf(date: string): number {
  return new Date(`${date}T00:00:00Z`).getUTCDay() || 7
}
/** Monday of the week a date lies in. */
export function mondayOf(date: string): string {
  return addDays(date, 1 - weekdayOf(date))
}
export function datesOfWeek(monday: string): string[] {
  return Array.from({ length: 7 }, (_, day) => addDays(monday, day))
}

/** Instant of a local time, which may lie beyond 24:00. A time the zone skips counts as an hour later, so that a span never loses its end. */
export function localInstant(date: string, msOfDay: number, offsetAt: OffsetAt): number {
  const day = addDays(date, Math.floor(msOfDay / DAY_MS))
  const rest = ((msOfDay % DAY_MS) + DAY_MS) % DAY_MS
  return instantOfLocal(day, rest, offsetAt) ?? localInstant(day, rest + HOUR_MS, offsetAt)
}

function spanOn(date: string, { fromMin, toMin }: DaySpan, offsetAt: OffsetAt): InstantSpan {
  const lengthMin = toMin > fromMin ? toMin - fromMin : toMin + 1440 - fromMin
  return { date, from: localInstant(date, fromMin * 60_000, offsetAt), until: localInstant(date, (fromMin + lengthMin) * 60_000, offsetAt) }
}

/** Spans of a profile as instants: each date is worked out once, because a whole log asks for the same few. */
export interface SpanBook {
  /** The span that holds an instant; of two, the one that ends later. */
  at(instantMs: number): InstantSpan | null
  /** When the next span begins after an instant; null when there are none. */
  nextStart(instantMs: number): number | null
}

export function spanBook(spans: readonly DaySpan[], offsetAt: OffsetAt): SpanBook {
  const known = new Map<string, readonly InstantSpan[]>()
  const on = (date: string): readonly InstantSpan[] => {
    const made = known.get(date) ?? spans.map((span) => spanOn(date, span, offsetAt))
    known.set(date, made)
    return made
  }
  return {
    at(instantMs) {
      const today = dateAt(instantMs, offsetAt)
      let found: InstantSpan | null = null
      for (const span of [...on(addDays(today, -1)), ...on(today)]) if (span.from <= instantMs && instantMs < span.until && (found === null || span.until > found.until)) found = span
      return found
    },
    nextStart(instantMs) {
      const today = dateAt(instantMs, offsetAt)
      const starts = [...on(today), ...on(addDays(today, 1))].map(({ from }) => from).filter((from) => from > instantMs)
      return starts.length === 0 ? null : Math.min(...starts)
    },
  }
}

/** Zones change their offset on quarter hours at most: one question per quarter hour is enough for a whole log. */
export function rememberedOffsets(offsetAt: OffsetAt): OffsetAt {
  const known = new Map<number, number>()
  return (instantMs) => {
    const quarter = Math.floor(instantMs / 900_000)
    const offset = known.get(quarter) ?? offsetAt(quarter * 900_000)
    known.set(quarter, offset)
    return offset
  }
}
