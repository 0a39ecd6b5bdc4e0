import type { LogDay, LogLine } from '#contract/log.ts'

/** Silence before a line, ms; 0 when it joins what is before it or nothing is before it. */
export function gapBefore(lines: readonly LogLine[], index: number): number {
  const own = lines[index]
  if (own === undefined || own.plannedAt === null) return 0
  let latest: number | null = null
  for (const other of lines) if (other.id !== own.id && other.plannedEndAt !== null && other.plannedAt !== null && other.plannedAt < own.plannedAt && (latest === null || other.plannedEndAt > latest)) latest = other.plannedEndAt
  return latest === null ? 0 : Math.max(0, own.plannedAt - latest)
}

/** How much of a line the next hard line takes away, ms. */
export function cutMs(line: LogLine): number {
  if (line.plannedAt === null || line.plannedEndAt === null) return 0
  const lost = line.lengthSamples / 48 - (line.plannedEndAt - line.plannedAt)
  return lost > 1 ? lost : 0
}

/** True when the line stands at another place in the list than in time. */
export function outOfOrder(lines: readonly LogLine[], index: number): boolean {
  const own = lines[index]?.plannedAt ?? null
  return own !== null && lines.slice(0, index).some((other) => other.plannedAt !== null && other.plannedAt > own)
}

export interface DayFacts {
  readonly lines: number
  readonly lengthSamples: number
  readonly problems: number
}
export function factsOf(day: LogDay): DayFacts {
  const ahead = day.lines.filter((line) => line.status === 'scheduled' || line.status === 'armed')
  return { lines: day.lines.length, lengthSamples: day.lines.reduce((sum, line) => sum + line.lengthSamples, 0), problems: ahead.filter((line) => line.lineState !== 'ok' || line.timingNote !== null).length + day.lines.filter((line) => line.status === 'failed').length }
}
