import type { DayChanges, LogDay, LogLine } from '#contract/log.ts'

/** Days as they were last shown, so that a window that has one is told only what became different. */
export interface ShownDays {
  /** Remembers a day under a name of its own. */
  show(day: Omit<LogDay, 'viewId'>): LogDay
  /** What differs from the day shown under that name; the whole day when it is not known any more. */
  since(viewId: string, now: LogDay): DayChanges
}

/** Enough for the windows of a station on two days; a window that comes later reads the whole day once. */
const KEPT = 6

export function createShownDays(newId: () => string): ShownDays {
  const shown = new Map<string, LogDay>()
  return {
    show(day) {
      const made: LogDay = { ...day, viewId: newId() }
      shown.set(made.viewId, made)
      for (const viewId of shown.keys()) {
        if (shown.size <= KEPT) break
        shown.delete(viewId)
      }
      return made
    },
    since(viewId, now) {
      const before = shown.get(viewId)
      if (before === undefined || before.broadcastDate !== now.broadcastDate) return { day: now, changes: null }
      const { lines, ...rest } = now
      const known = new Map(before.lines.map((line) => [line.id, line]))
      const sameOrder = lines.length === before.lines.length && lines.every((line, index) => line.id === before.lines[index]?.id)
      return { day: null, changes: { ...rest, changed: lines.filter((line) => !isSame(line, known.get(line.id))), order: sameOrder ? null : lines.map((line) => line.id) } }
    },
  }
}

function isSame(line: LogLine, before: LogLine | undefined): boolean {
  if (before === undefined) return false
  // The keys of a view are always the same, in the same order.
  const [values, others] = [Object.values(line), Object.values(before)]
  return values.every((value: unknown, index) => Object.is(value, others[index]) || (typeof value === 'object' && JSON.stringify(value) === JSON.stringify(others[index])))
}
