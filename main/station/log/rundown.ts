import { predict } from '#common/timing/predict.ts'
import type { PredictedLine, TimedLine } from '#common/timing/predict.ts'
import { CUT_FADE_SAMPLES } from '#common/mix/index.ts'
import type { AsRunRow } from '#contract/air.ts'
import type { LineReason, Timing } from '#contract/log.ts'
import type { StoredLine } from './stored.ts'
import type { Gate, Verdict } from './gate.ts'

/** What has happened to lines, as far as it decides about time. */
export interface Happened {
  readonly now: number
  /** Rows by line, oldest first. */
  readonly rows: ReadonlyMap<string, readonly AsRunRow[]>
  readonly consumed: ReadonlyMap<string, number>
  /** What lines really took does not count, only that they had their turn. */
  readonly byPlan?: boolean
}
export interface PlannedLine {
  readonly line: StoredLine
  readonly predicted: PredictedLine
  readonly verdict: Verdict
  /** What keeps a line that may sound from its place. */
  readonly timingNote: LineReason | null
}

/** Times of consecutive days. A line that has had its turn keeps the time it took, whatever became of its item. */
export function planDays(days: readonly (readonly StoredLine[])[], gate: Gate, happened: Happened): PlannedLine[] {
  const all = days.flat()
  const seen = new Map<string, Verdict>()
  let verdicts = all.map((line) => gate.judge(line, null, seen))
  let lines = timesOf(days, verdicts, happened)
  if (gate.hasJudges || verdicts.some(({ item }) => item?.embargoUntil !== undefined)) {
    // Rules go by the clock, and the clock goes by what sounds: once around is enough, the blocked line makes room and no more.
    verdicts = all.map((line, index) => gate.judge(line, startOf(lines[index]), seen))
    lines = timesOf(days, verdicts, happened)
  }
  return all.flatMap((line, index): PlannedLine[] => {
    const [predicted, verdict] = [lines[index], verdicts[index]]
    if (predicted === undefined || verdict === undefined) return []
    return [{ line, predicted, verdict, timingNote: noteOf(line, predicted) }]
  })
}

/** The same days as if everything went by the plan: the planned times beside the predicted ones. */
export function asPlanned(happened: Happened): Happened {
  return { ...happened, byPlan: true }
}

export function hasStarted(planned: PlannedLine, happened: Happened): boolean {
  return happened.rows.has(planned.line.id) || (planned.predicted.state === 'planned' && planned.predicted.start !== null && planned.predicted.start <= happened.now * 48)
}

/** So close to the air that the sound is being opened: neither it nor what is on air may be changed under the air's hands. */
const GUARD_MS = 10_000

export function isGuarded(planned: PlannedLine, happened: Happened): boolean {
  return hasStarted(planned, happened) || (planned.predicted.state === 'planned' && planned.predicted.start !== null && planned.predicted.start <= (happened.now + GUARD_MS) * 48)
}

const silent = new Set<StoredLine['kind']>(['note', 'command', 'fixedPoint'])

function noteOf(line: StoredLine, predicted: PredictedLine): LineReason | null {
  if (silent.has(line.kind)) return null
  if (predicted.state === 'noStart') return { code: 'noAnchor' }
  return predicted.state === 'skippedByHardStart' ? { code: 'jumpedByHardStart' } : null
}

function startOf(predicted: PredictedLine | undefined): number | null {
  return predicted?.start == null ? null : Math.round(predicted.start / 48)
}

function timesOf(days: readonly (readonly StoredLine[])[], verdicts: readonly Verdict[], happened: Happened): readonly PredictedLine[] {
  let index = 0
  return predict(days.map((lines) => lines.map((line): TimedLine => {
    const verdict = verdicts[index++]
    const lengthSamples = verdict === undefined ? 0 : lengthOf(line, verdict, happened)
    return { id: line.id, timing: boundTo(line.timing, lengthSamples), lengthSamples }
  }))).lines
}

function boundTo(timing: Timing, lengthSamples: number): TimedLine['timing'] {
  if (timing.kind === 'follow') return timing
  if (timing.kind === 'backtimed') return { kind: 'hard', at: timing.endsAt - Math.round(lengthSamples / 48) }
  return { kind: 'hard', at: timing.at }
}

function lengthOf(line: StoredLine, verdict: Verdict, { now, rows, consumed, byPlan }: Happened): number {
  if (byPlan === true) return verdict.state === 'ok' ? verdict.lengthSamples : rows.has(line.id) ? line.lengthSamples : 0
  const took = consumed.get(line.id)
  if (took !== undefined) return took
  const last = rows.get(line.id)?.at(-1)
  if (last !== undefined && verdict.state !== 'ok' && last.endedAt === null) {
    // Withdrawn while on air: it is fading out now.
    return Math.max(0, Math.round((now - (last.plannedAt ?? last.actualAt)) * 48) + CUT_FADE_SAMPLES)
  }
  if (verdict.state === 'ok') return verdict.lengthSamples
  return last === undefined ? 0 : line.lengthSamples
}
