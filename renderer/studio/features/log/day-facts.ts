import type { LogDay, LogLine, LogSlot } from '#contract/log.ts'

/** Silence before each line, ms; 0 when it joins what is before it or nothing is before it. */
export function gapsBefore(lines: readonly LogLine[]): number[] {
  const order = lines.map((line, index) => ({ line, index })).filter(({ line }) => line.predictedAt !== null).toSorted((a, b) => (a.line.predictedAt ?? 0) - (b.line.predictedAt ?? 0))
  const gaps = lines.map(() => 0)
  let latest: number | null = null
  for (const { line, index } of order) {
    if (latest !== null && line.predictedAt !== null) gaps[index] = Math.max(0, line.predictedAt - latest)
    if (line.predictedEndAt !== null && (latest === null || line.predictedEndAt > latest)) latest = line.predictedEndAt
  }
  return gaps
}

/** How much of a line is taken away by a time that comes before its end, ms. What a segue leaves out was left out by whoever set it. */
export function cutMs(line: LogLine): number {
  if (line.predictedAt === null || line.predictedEndAt === null) return 0
  const window = (line.markers?.segueEnd ?? line.markers?.cueOut ?? line.lengthSamples) - (line.markers?.cueIn ?? 0)
  const lost = window / 48 - (line.predictedEndAt - line.predictedAt)
  return lost > 1 ? lost : 0
}

/** Where something belongs that starts at an instant: behind the last line that starts before it or whose slot is over by then, in the slot that is open then. */
export function placeAt({ lines, slots }: Pick<LogDay, 'lines' | 'slots'>, at: number): { afterLineId: string | null; slotId: string | null } {
  const slot = slots.find(({ startAt, endAt, bus }) => bus === 'main' && startAt <= at && at < endAt)
  const over = new Set(slots.flatMap(({ id, endAt }) => (endAt <= at ? [id] : [])))
  const afterLineId = lines.findLast((line) => (line.predictedAt !== null && line.predictedAt < at) || ('at' in line.timing && line.timing.at < at) || (line.slotId !== null && over.has(line.slotId)))?.id ?? null
  return { afterLineId, slotId: slot?.id ?? null }
}

/** Which lines stand at another place in the list than in time. */
export function strayed(lines: readonly LogLine[]): boolean[] {
  let latest = Number.NEGATIVE_INFINITY
  return lines.map((line) => {
    if (line.predictedAt === null) return false
    const early = line.predictedAt < latest
    latest = Math.max(latest, line.predictedAt)
    return early
  })
}

export type DayRow =
  | { readonly kind: 'slot'; readonly key: string; readonly slot: LogSlot; readonly lines: number }
  /** Behind a slot's lines come some that are in none. */
  | { readonly kind: 'outside'; readonly key: string }
  | { readonly kind: 'line'; readonly key: string; readonly line: LogLine; readonly index: number; readonly gapMs: number; readonly strayed: boolean }

/** The day as a table shows it: slots as headings of their lines; empty slots where their time is. */
export function rowsOf(day: LogDay): DayRow[] {
  const [gaps, strays] = [gapsBefore(day.lines), strayed(day.lines)]
  const counts = new Map<string, number>()
  for (const { slotId } of day.lines) if (slotId !== null) counts.set(slotId, (counts.get(slotId) ?? 0) + 1)
  const empty = day.slots.filter((slot) => !counts.has(slot.id)).toSorted((a, b) => a.startAt - b.startAt)
  const known = new Map(day.slots.map((slot) => [slot.id, slot]))
  const rows: DayRow[] = []
  const heading = (slot: LogSlot): void => void rows.push({ kind: 'slot', key: `${slot.id}/${rows.length}`, slot, lines: counts.get(slot.id) ?? 0 })
  let open: string | null = null
  for (const [index, line] of day.lines.entries()) {
    const slot = line.slotId === null ? undefined : known.get(line.slotId)
    if (line.slotId !== open) {
      const at = slot?.startAt ?? line.predictedAt
      for (let next = empty[0]; next !== undefined && at !== null && next.startAt <= at; next = empty[0]) {
        empty.shift()
        heading(next)
      }
      if (slot !== undefined) heading(slot)
      else if (day.slots.length > 0) rows.push({ kind: 'outside', key: `outside/${rows.length}` })
      open = line.slotId
    }
    rows.push({ kind: 'line', key: line.id, line, index, gapMs: gaps[index] ?? 0, strayed: strays[index] ?? false })
  }
  for (const slot of empty) heading(slot)
  return rows
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
