import type { DayChanges, LogDay, LogLine } from '#contract/log.ts'

type Unnamed = Omit<LogDay, 'viewId'>

/** Days as they were last shown, so that a window that has one is told only what became different. */
export interface ShownDays {
  /** Remembers a day under a name of its own. */
  show(day: Unnamed): LogDay
  /** What differs from the day shown under that name; the whole day when it is not known any more. A day that is the same keeps its name. */
  since(viewId: string, now: Unnamed): DayChanges
}

/** Enough for the windows of a station on two days; a window that comes later reads the whole day once. */
const KEPT = 6

export function createShownDays(newId: () => string): ShownDays {
  const shown = new Map<string, LogDay>()
  const show = (day: Unnamed): LogDay => {
    const made: LogDay = { ...day, viewId: newId() }
    shown.set(made.viewId, made)
    for (const viewId of shown.keys()) {
      if (shown.size <= KEPT) break
      shown.delete(viewId)
    }
    return made
  }
  return {
    show,
    since(viewId, now) {
      const before = shown.get(viewId)
      if (before === undefined || before.broadcastDate !== now.broadcastDate) return { day: show(now), changes: null }
      const { lines, ...rest } = now
      const known = new Map(before.lines.map((line) => [line.id, line]))
      const changed = lines.filter((line) => !isSame(line, known.get(line.id)))
      const sameOrder = lines.length === before.lines.length && lines.every((line, index) => line.id === before.lines[index]?.id)
      const { lines: _, viewId: __, ...was } = before
      // Asked for again: the last to be forgotten.
      shown.delete(viewId)
      shown.set(viewId, before)
      const same = changed.length === 0 && sameOrder && JSON.stringify(rest) === JSON.stringify(was)
      return { day: null, changes: { ...rest, viewId: same ? viewId : show(now).viewId, changed, order: sameOrder ? null : lines.map((line) => line.id) } }
    },
  }
}

function isSame(line: LogLine, before: LogLine | undefined): boolean {
  if (before === undefined) return false
  // The keys of a view are always the same, in the same order.
  const [values, others] = [Object.values(line), Object.values(before)]
  return values.every((value: unknown, index) => Object.is(value, others[index]) || (typeof value === 'object' && JSON.stringify(value) === JSON.stringify(others[index])))
}
