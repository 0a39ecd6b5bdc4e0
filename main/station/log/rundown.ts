import { predict } from '#common/timing/predict.ts'
import type { PredictedLine, TimedLine } from '#common/timing/predict.ts'
import { CUT_FADE_SAMPLES } from '#common/mix/index.ts'
import type { AsRunRow, LineCheck } from '#contract/log.ts'
import type { StoredLine } from './day-store.ts'
import type { Gate } from './gate.ts'

/** What has happened to lines, as far as it decides about time. */
export interface Happened {
  readonly now: number
  /** Rows by line, oldest first. */
  readonly rows: ReadonlyMap<string, readonly AsRunRow[]>
  readonly consumed: ReadonlyMap<string, number>
}
export interface PlannedLine {
  readonly line: StoredLine
  readonly predicted: PredictedLine
  readonly check: LineCheck
}

/** Planned times of consecutive days. A line that has had its turn keeps the time it took, whatever became of its item. */
export function planDays(days: readonly (readonly StoredLine[])[], gate: Gate, happened: Happened): PlannedLine[] {
  const checks = new Map<string, LineCheck>()
  const timed = days.map((lines) => lines.map((line): TimedLine => {
    const { check } = gate.judge(line.itemId)
    checks.set(line.id, check)
    return { id: line.id, timing: line.hardAt === null ? { kind: 'follow' } : { kind: 'hard', at: line.hardAt }, lengthSamples: lengthOf(line, check, gate, happened) }
  }))
  const { lines } = predict(timed)
  const all = days.flat()
  return lines.flatMap((predicted, index) => {
    const line = all[index]
    if (line === undefined) return []
    const check = checks.get(line.id) ?? 'notReady'
    const timing = predicted.state === 'noStart' ? 'noStart' : predicted.state === 'skippedByHardStart' ? 'noRoom' : check
    return [{ line, predicted, check: check === 'ok' ? timing : check }]
  })
}

export function hasStarted(planned: PlannedLine, happened: Happened): boolean {
  return happened.rows.has(planned.line.id) || (planned.predicted.state === 'planned' && planned.predicted.start !== null && planned.predicted.start <= happened.now * 48)
}

function lengthOf(line: StoredLine, check: LineCheck, gate: Gate, { now, rows, consumed }: Happened): number {
  const took = consumed.get(line.id)
  if (took !== undefined) return took
  const last = rows.get(line.id)?.at(-1)
  if (last !== undefined && check !== 'ok' && last.endedAt === null) {
    // Withdrawn while on air: it is fading out now.
    return Math.max(0, Math.round((now - (last.plannedAt ?? last.actualAt)) * 48) + CUT_FADE_SAMPLES)
  }
  const judged = gate.judge(line.itemId)
  if (judged.check === 'ok') return judged.item.lengthSamples
  return last === undefined ? 0 : line.lengthSamples
}
