/**
 * The part of RFC 5545 that slots may use: DAILY and WEEKLY with INTERVAL, BYDAY, COUNT, UNTIL.
 * Everything works on wall time written as if it were UTC ("floating" milliseconds); the zone is applied afterwards, once per occurrence.
 */
export interface Recurrence {
  readonly freq: 'DAILY' | 'WEEKLY'
  readonly interval: number
  /** 1 = Monday … 7 = Sunday; empty = day of the start. */
  readonly byDay: readonly number[]
  readonly count: number | null
  /** Inclusive. `floating` = end of a local day, `utc` = an instant. */
  readonly until: { readonly kind: 'floating' | 'utc'; readonly at: number } | null
}

const dayNames = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU']
const DAY_MS = 86_400_000

/** null when the text is not in the supported part: such a slot is reported, never guessed. */
export function parseRecurrence(text: string): Recurrence | null {
  let freq: Recurrence['freq'] | null = null
  let interval = 1
  let byDay: number[] = []
  let count: number | null = null
  let until: Recurrence['until'] = null
  for (const part of text.split(';')) {
    const [name, value = ''] = part.split('=', 2)
    if (name === 'FREQ' && (value === 'DAILY' || value === 'WEEKLY')) freq = value
    else if (name === 'INTERVAL' && /^\d{1,3}$/.test(value) && Number(value) > 0) interval = Number(value)
    else if (name === 'COUNT' && /^\d{1,4}$/.test(value) && Number(value) > 0) count = Number(value)
    else if (name === 'UNTIL') {
      until = parseUntil(value)
      if (until === null) return null
    } else if (name === 'BYDAY') {
      byDay = value.split(',').map((day) => dayNames.indexOf(day) + 1)
      if (byDay.includes(0)) return null
      byDay = [...new Set(byDay)].sort((a, b) => a - b)
    } else return null
  }
  return freq === null ? null : { freq, interval, byDay, count, until }
}

function parseUntil(value: string): Recurrence['until'] {
  const match = /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})Z)?$/.exec(value)
  if (!match) return null
  const day = Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3]))
  if (match[4] === undefined) return { kind: 'floating', at: day + DAY_MS - 1 }
  return { kind: 'utc', at: day + Number(match[4]) * 3_600_000 + Number(match[5]) * 60_000 + Number(match[6]) * 1000 }
}

const weekday = (day: number): number => ((Math.floor(day / DAY_MS) + 3) % 7) + 1

/**
 * Floating starts of a rule in [from, to), oldest first. `utcOf` turns a floating start into an instant (only for UNTIL given in UTC).
 * COUNT is counted from the start of the rule, so the walk begins there; without COUNT it jumps near `from`.
 */
export function recurrenceStarts(start: number, rule: Recurrence, from: number, to: number, utcOf: (floating: number) => number): number[] {
  const startDay = Math.floor(start / DAY_MS) * DAY_MS
  const timeOfDay = start - startDay
  const days = rule.byDay.length > 0 ? rule.byDay : rule.freq === 'WEEKLY' ? [weekday(startDay)] : [1, 2, 3, 4, 5, 6, 7]
  const stepDays = rule.freq === 'DAILY' ? rule.interval : rule.interval * 7
  const origin = rule.freq === 'DAILY' ? startDay : startDay - (weekday(startDay) - 1) * DAY_MS
  const skipped = rule.count === null ? Math.max(0, Math.floor((from - origin) / (stepDays * DAY_MS)) - 1) : 0
  const found: number[] = []
  let emitted = 0
  for (let period = origin + skipped * stepDays * DAY_MS; period + timeOfDay < to; period += stepDays * DAY_MS) {
    const offsets = rule.freq === 'DAILY' ? (days.includes(weekday(period)) ? [0] : []) : days.map((day) => (day - 1) * DAY_MS)
    for (const offset of offsets) {
      const at = period + offset + timeOfDay
      if (at < start) continue
      if (rule.until !== null && (rule.until.kind === 'floating' ? at : utcOf(at)) > rule.until.at) return found
      if (rule.count !== null && emitted >= rule.count) return found
      emitted++
      if (at >= to) return found
      if (at >= from) found.push(at)
    }
  }
  return found
}
