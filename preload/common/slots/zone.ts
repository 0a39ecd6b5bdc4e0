/** Wall time of a zone ⇄ instants, by the zone table of the platform. */
export interface Zone {
  /** Instant of a wall time written as if it were UTC. A time that a clock change left out counts from before the change; one that happens twice is the first. */
  utcOf(floating: number): number
}

/** null when the platform does not know the zone. */
export function openZone(name: string): Zone | null {
  let format: Intl.DateTimeFormat
  try {
    format = new Intl.DateTimeFormat('en-US', { timeZone: name, hourCycle: 'h23', era: 'short', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' })
  } catch {
    return null
  }
  const offsetAt = (instant: number): number => {
    const parts: Record<string, number> = {}
    for (const { type, value } of format.formatToParts(instant)) if (type !== 'literal' && type !== 'era') parts[type] = Number(value)
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instant / 1000) * 1000
  }
  return {
    utcOf(floating) {
      const first = offsetAt(floating)
      const guess = floating - first
      const second = offsetAt(guess)
      if (first === second) return guess
      const third = offsetAt(floating - second)
      return floating - (second === third ? second : Math.min(second, third))
    },
  }
}
