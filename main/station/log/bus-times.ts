import type { FillItem, Happened, LogPlan, OverUnder, Placement, PlayoutDay, PlayoutLine, PlayoutSlot, ReasonCode, Returned, SequencerInput, SolverPlan, StopReason } from '#common/playout/index.ts'
import { defaultSequencerSettings, sequence, wallSamples } from '#common/playout/index.ts'
import type { Past } from './past.ts'
import { startOf } from './past.ts'

/** `missed` = its turn has gone by without a sound; `noStart` = it has no place in time; `silent` = it makes no sound, whenever its turn comes. */
export type TimedState = 'planned' | 'missed' | 'noStart' | 'silent'
/** Where a line stands in time. Wall samples; start = end for what makes no sound. */
export interface LineTimes {
  readonly state: TimedState
  readonly start: number | null
  readonly end: number | null
  /** Something other than its own end or its successor ends it. */
  readonly cut: boolean
  /** It begins at a time of its own, not where the line before it ends. */
  readonly byClock: boolean
  readonly reason: ReasonCode
}
export const noTimes: LineTimes = { state: 'noStart', start: null, end: null, cut: false, byClock: false, reason: 'noAnchor' }

/** Consecutive days of one bus, in the order of the log. The lists are values: the sequencer works out the order of a list once. */
export interface BusDays {
  readonly lines: readonly PlayoutLine[]
  readonly slots: readonly PlayoutSlot[]
  readonly days: readonly PlayoutDay[]
}
export interface Posts {
  readonly posts: readonly OverUnder[]
  readonly plans: readonly SolverPlan[]
}

const figures = { ...defaultSequencerSettings, solves: false }
const untouched = { mode: 'auto', modeSince: null, orders: [], hold: null, solved: [] } as const satisfies Partial<SequencerInput>
const cuts: ReadonlySet<StopReason> = new Set(['cutByHardStart', 'graceExpired', 'fadedToTime', 'ruleLimit', 'relayOut'])
const missed: ReadonlySet<ReasonCode> = new Set(['missedWhileDown', 'missedWhilePreempted', 'passed', 'played'])
const timeless: ReadonlySet<ReasonCode> = new Set(['noAnchor', 'waitsForEnd'])

/** As if everything went by the log, from the beginning of its first day. */
export function plannedTimes(log: BusDays): Map<string, LineTimes> {
  const now = log.days[0]?.startsAt ?? 0
  return timesOf(sequence({ ...untouched, ...log, now, happened: new Map(), returned: null, fill: [], settings: figures }), log, null)
}

/** By what has happened so far, without the solver. @param waits a person has the log: nothing is missed before its key */
export function predictedTimes(log: BusDays, past: Past, waits: boolean): Map<string, LineTimes> {
  return timesOf(predict(log, past, waits, null), log, past)
}

/** Over and under at every fixed point to come, and what the solver would do about it. */
export function postsOf(log: BusDays, past: Past, waits: boolean, fill: readonly FillItem[]): Posts {
  const { posts, solver } = predict(log, past, waits, fill)
  return { posts, plans: solver }
}

function predict(log: BusDays, past: Past, waits: boolean, fill: readonly FillItem[] | null): LogPlan {
  const now = wallSamples(past.now)
  return sequence({ ...untouched, ...log, now, happened: past.happened, returned: waits ? null : idleSince(past.happened, now, log.days[0]?.startsAt ?? now), fill: fill ?? [], settings: fill === null ? figures : defaultSequencerSettings })
}

/** While nothing sounds the log goes by in silence: what would have sounded has had its turn, and nothing is planned into the past. */
function idleSince(happened: ReadonlyMap<string, Happened>, now: number, first: number): Returned | null {
  let latest: Happened | null = null
  for (const one of happened.values()) {
    if (!one.sounded) continue
    if (one.end === null) return null
    if (latest === null || one.start > latest.start) latest = one
  }
  if (latest?.stopReason === 'operatorStop') return null
  const since = latest?.end ?? first
  return since < now ? { since, at: now, why: 'down', resume: 'catchUp' } : null
}

function timesOf({ placements }: LogPlan, { lines }: BusDays, past: Past | null): Map<string, LineTimes> {
  const times = new Map<string, LineTimes>()
  // Lines first, in the order given; what the solver put in comes after them.
  for (const [index, line] of lines.entries()) {
    const placement = placements[index]
    if (placement !== undefined) times.set(line.id, lineTimes(placement, line, past))
  }
  return times
}

function lineTimes(placement: Placement, line: PlayoutLine, past: Past | null): LineTimes {
  const { start, length, reason, stopReason } = placement
  if (length <= 0 || start === null) {
    const state: TimedState = timeless.has(reason) ? 'noStart' : missed.has(reason) ? 'missed' : 'silent'
    return { state, start, end: start, cut: false, byClock: false, reason }
  }
  const first = past?.rows.get(line.id)?.[0]
  const source = first?.startSource ?? placement.startSource
  const from = first !== undefined ? startOf(first) : reason === 'joinsInProgress' ? start - (placement.from - (line.markers?.cueIn ?? 0)) : start
  return { state: 'planned', start: from, end: start + length, cut: cuts.has(stopReason), byClock: source === 'time' || (source !== 'play' && source !== 'segue' && line.timing.kind !== 'follow'), reason }
}
