import type { DayChanges, LogDay } from '#contract/log.ts'

/** The day with its changes in it. Lines that stayed as they were are the same objects as before. */
export function patched(known: LogDay, { day, changes }: DayChanges): LogDay {
  if (changes === null) return day ?? known
  const { changed, order, ...rest } = changes
  const fresh = new Map(changed.map((line) => [line.id, line]))
  if (order === null) return { ...rest, lines: fresh.size === 0 ? known.lines : known.lines.map((line) => fresh.get(line.id) ?? line) }
  const before = new Map(known.lines.map((line) => [line.id, line]))
  return { ...rest, lines: order.flatMap((lineId) => fresh.get(lineId) ?? before.get(lineId) ?? []) }
}
