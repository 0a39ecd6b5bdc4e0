/**
 * Broadcast dates and local times of a zone, by instants. The zone itself is given as a function (Luxon in the station, Intl in the window),
 * so that this file stays pure. A time in an hour the zone skips does not exist; a time in a repeated hour is its first pass.
 */

/** Minutes east of UTC in force at a UTC instant (Unix ms). */
export type OffsetAt = (instantMs: number) => number

const DAY_MS = 86_400_000
const datePattern = /^(\d{4})-(\d{2})-(\d{2})$/

/** Midnight of a date read as if it were UTC. @throws RangeError for a date that is not in the calendar */
export function dateAsUtc(date: string): number {
  const parts = datePattern.exec(date)
  const value = parts === null ? Number.NaN : Date.UTC(Number(parts[1]), Number(parts[2]) - 1, Number(parts[3]))
  if (!Number.isFinite(value) || new Date(value).toISOString().slice(0, 10) !== date) throw new RangeError(`not a calendar date: ${date}`)
  return value
}

export function isCalendarDate(date: string): boolean {
  const parts = datePattern.exec(date)
  if (parts === null) return false
  const value = Date.UTC(Number(parts[1]), Number(parts[2]) - 1, Number(parts[3]))
  return Number.isFinite(value) && new Date(value).toISOString().slice(0, 10) === date
}

/** Calendar arithmetic on the date alone: the length of a day in the zone does not matter. */
export function addDays(date: string, days: number): string {
  return new Date(dateAsUtc(date) + days * DAY_MS).toISOString().slice(0, 10)
}

/** The date the zone's calendar shows at an instant. */
export function dateAt(instantMs: number, offsetAt: OffsetAt): string {
  return new Date(instantMs + offsetAt(instantMs) * 60_000).toISOString().slice(0, 10)
}

/** First instant of a broadcast date (00:00:00, or the end of the skipped hour where a zone changes at midnight). */
export function dayStart(date: string, offsetAt: OffsetAt): number {
  const local = dateAsUtc(date)
  return firstPass(local, offsetAt) ?? transitionAfter(local, offsetAt)
}

/** Milliseconds since local midnight at an instant, for display. */
export function timeOfDayMs(instantMs: number, offsetAt: OffsetAt): number {
  const local = instantMs + offsetAt(instantMs) * 60_000
  return ((local % DAY_MS) + DAY_MS) % DAY_MS
}

/**
 * Instant of a local time on a date; null when the zone skips that time.
 * @param msOfDay 0 ≤ msOfDay < 86 400 000
 */
export function instantOfLocal(date: string, msOfDay: number, offsetAt: OffsetAt): number | null {
  return firstPass(dateAsUtc(date) + msOfDay, offsetAt)
}

function firstPass(localAsUtc: number, offsetAt: OffsetAt): number | null {
  // The offsets a day before and after bracket every change of the day; the earlier instant is the first pass of a repeated hour.
  const offsets = [offsetAt(localAsUtc - DAY_MS), offsetAt(localAsUtc), offsetAt(localAsUtc + DAY_MS)]
  let best: number | null = null
  for (const offset of offsets) {
    const instant = localAsUtc - offset * 60_000
    if (offsetAt(instant) === offset && (best === null || instant < best)) best = instant
  }
  return best
}

function transitionAfter(localAsUtc: number, offsetAt: OffsetAt): number {
  let before = localAsUtc - DAY_MS
  let after = localAsUtc + DAY_MS
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (middle + offsetAt(middle) * 60_000 < localAsUtc) before = middle
    else after = middle
  }
  return after
}

/** `HH:MM`, `HH:MM:SS` or `HH:MM:SS.mmm` to milliseconds of the day; null when it is not a time. */
export function parseTimeOfDay(text: string): number | null {
  const parts = /^(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,3}))?)?$/.exec(text.trim())
  if (parts === null) return null
  const [hours, minutes, seconds] = [Number(parts[1]), Number(parts[2]), Number(parts[3] ?? 0)]
  if (hours > 23 || minutes > 59 || seconds > 59) return null
  return ((hours * 60 + minutes) * 60 + seconds) * 1000 + Number((parts[4] ?? '').padEnd(3, '0'))
}
