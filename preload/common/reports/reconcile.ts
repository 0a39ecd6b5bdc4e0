/** Plan against as-run: what a line was promised, what was heard of it, and why not. Times are UTC ms, lengths 48 kHz samples. */

export interface PromisedLine {
  readonly id: string
  readonly title: string
  /** Frozen at publication; else as planned now. Null = it never had a time. */
  readonly promisedAt: number | null
  readonly lengthSamples: number
  readonly dropped: boolean
  readonly skip: boolean
  /** Why it may not sound, or why its place in the day is none; null = it stands well. */
  readonly reason: string | null
}
export interface RunOnAir {
  readonly lineId: string | null
  readonly title: string
  readonly plannedAt: number | null
  readonly actualAt: number
  readonly endedAt: number | null
  readonly playedSamples: number
  readonly joinedAtSample: number
  readonly stopReason: string | null
  readonly editCode: string
  readonly reason: string | null
  readonly startSource: string
  readonly onAir: boolean
}

export const outcomes = ['played', 'short', 'running', 'notPlayed', 'ahead', 'unscheduled'] as const
export type Outcome = (typeof outcomes)[number]
/** Where the words of the reason stand: how it ended, how the log was changed, why the sequencer decided so, what the gate said. */
export type Why = { readonly from: 'stop' | 'edit' | 'reason'; readonly code: string } | { readonly from: 'noTrace' | 'lineGone' }

export interface Reconciled {
  /** Null = no line of the log: an alert, a live session, what the fallback put in. */
  readonly lineId: string | null
  readonly title: string
  readonly promisedAt: number | null
  readonly promisedSamples: number | null
  /** First sample on the bus; null = nothing of it was heard. */
  readonly actualAt: number | null
  /** Late is positive; null where one of the two times is not known. */
  readonly startErrorMs: number | null
  /** Within a second of its promised time; null where that cannot be said. */
  readonly isOnTime: boolean | null
  readonly playedSamples: number
  readonly outcome: Outcome
  readonly why: Why | null
}

/** "On time" of the domain: a start within a second. A length may differ by as much before it counts as short. */
export const ON_TIME_MS = 1000
const SHORT_SAMPLES = 48_000

/**
 * @param lines sounding lines of a day in their order; notes, commands and fixed points are no promises
 * @param runs as-run rows of the same day in their order
 * @returns in the order of time, what has no time last
 */
export function reconcile(lines: readonly PromisedLine[], runs: readonly RunOnAir[], now: number): Reconciled[] {
  const known = new Set(lines.map(({ id }) => id))
  const byLine = new Map<string, RunOnAir[]>()
  for (const run of runs) if (run.lineId !== null && known.has(run.lineId)) byLine.set(run.lineId, [...(byLine.get(run.lineId) ?? []), run])
  const promised = lines.map((line) => reconcileLine(line, byLine.get(line.id) ?? [], now))
  const beside = runs.filter((run) => isHeard(run) && (run.lineId === null || !known.has(run.lineId))).map(unscheduled)
  return [...promised, ...beside].toSorted((a, b) => timeOf(a) - timeOf(b))
}
const isHeard = ({ onAir, playedSamples, endedAt }: RunOnAir): boolean => onAir && (playedSamples > 0 || endedAt === null)
const timeOf = ({ actualAt, promisedAt }: Reconciled): number => actualAt ?? promisedAt ?? Number.MAX_SAFE_INTEGER

function reconcileLine(line: PromisedLine, runs: readonly RunOnAir[], now: number): Reconciled {
  const heard = runs.filter(isHeard)
  const [first, last] = [heard[0], heard.at(-1)]
  const promisedAt = line.promisedAt ?? first?.plannedAt ?? null
  const facts = { lineId: line.id, title: line.title, promisedAt, promisedSamples: line.lengthSamples === 0 ? null : line.lengthSamples }
  if (first === undefined || last === undefined) {
    const isAhead = runs.length === 0 && !line.dropped && !line.skip && promisedAt !== null && promisedAt > now
    return { ...facts, actualAt: null, startErrorMs: null, isOnTime: null, playedSamples: 0, outcome: isAhead ? 'ahead' : 'notPlayed', why: isAhead ? null : whyNot(line, runs.at(-1)) }
  }
  const startErrorMs = promisedAt === null ? null : first.actualAt - promisedAt
  const playedSamples = heard.reduce((sum, run) => sum + run.playedSamples, 0)
  const isShort = line.lengthSamples > 0 && line.lengthSamples - playedSamples > SHORT_SAMPLES && last.stopReason !== 'segued'
  const outcome = last.endedAt === null ? 'running' : isShort ? 'short' : 'played'
  return { ...facts, actualAt: first.actualAt, startErrorMs, isOnTime: startErrorMs === null ? null : Math.abs(startErrorMs) <= ON_TIME_MS, playedSamples, outcome, why: outcome === 'short' ? whyShort(first, last) : null }
}

/** A row of the as-run says it best; else the log; else nobody knows. */
function whyNot(line: PromisedLine, run: RunOnAir | undefined): Why {
  if (run !== undefined && run.editCode !== 'none') return { from: 'edit', code: run.editCode }
  if (run !== undefined && run.reason !== null) return { from: 'reason', code: run.reason }
  if (run !== undefined && run.stopReason !== null) return { from: 'stop', code: run.stopReason }
  if (line.dropped) return { from: 'edit', code: 'droppedForTime' }
  if (line.skip) return { from: 'edit', code: 'setToSkip' }
  return line.reason === null ? { from: 'noTrace' } : { from: 'reason', code: line.reason }
}
function whyShort(first: RunOnAir, last: RunOnAir): Why {
  if (last.stopReason !== null && last.stopReason !== 'natural') return { from: 'stop', code: last.stopReason }
  if (first.editCode !== 'none') return { from: 'edit', code: first.editCode }
  return first.joinedAtSample > 0 ? { from: 'edit', code: 'joinedInProgress' } : { from: 'stop', code: last.stopReason ?? 'unclean' }
}
function unscheduled(run: RunOnAir): Reconciled {
  return {
    lineId: run.lineId, title: run.title, promisedAt: null, promisedSamples: null, actualAt: run.actualAt, startErrorMs: null, isOnTime: null, playedSamples: run.playedSamples, outcome: run.endedAt === null ? 'running' : 'unscheduled',
    why: run.lineId === null ? (run.reason === null ? null : { from: 'reason', code: run.reason }) : { from: 'lineGone' },
  }
}

export interface ReconciledSum {
  readonly promised: number
  readonly played: number
  readonly short: number
  readonly notPlayed: number
  readonly unscheduled: number
  /** Of the lines heard whose promised time is known. */
  readonly onTime: number
  readonly timed: number
}
export function sumOf(rows: readonly Reconciled[]): ReconciledSum {
  const count = (fits: (row: Reconciled) => boolean): number => rows.filter(fits).length
  return {
    promised: count(({ promisedSamples, promisedAt, lineId, outcome }) => lineId !== null && outcome !== 'unscheduled' && (promisedSamples !== null || promisedAt !== null)), played: count(({ outcome }) => outcome === 'played'), short: count(({ outcome }) => outcome === 'short'),
    notPlayed: count(({ outcome }) => outcome === 'notPlayed'), unscheduled: count(({ outcome }) => outcome === 'unscheduled'), onTime: count(({ isOnTime }) => isOnTime === true), timed: count(({ isOnTime }) => isOnTime !== null),
  }
}
