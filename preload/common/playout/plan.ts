import { noFade } from '../mix/index.ts'
import { bannersOf } from './banners.ts'
import { begin } from './begin.ts'
import { holesOf } from './holes.ts'
import type { LogOrder } from './log-order.ts'
import { orderLog } from './log-order.ts'
import { applyOrders } from './orders.ts'
import type { Run } from './run.ts'
import { standingOf } from './standing.ts'
import type { Happened, LogPlan, Placement, PlayoutLine, SequencerInput } from './types.ts'
import { walk } from './walk.ts'
import { WalkState } from './walk-state.ts'
import type { EditCode, LineStatus, StopReason } from './words.ts'

interface Ordered {
  readonly slots: SequencerInput['slots']
  readonly days: SequencerInput['days']
  readonly order: LogOrder
}
/** The order of a log depends on nothing that happens; lists of lines are values, so it is worked out once for each. */
const ordered = new WeakMap<SequencerInput['lines'], Ordered>()

function orderOf({ lines, slots, days }: SequencerInput): LogOrder {
  const known = ordered.get(lines)
  if (known !== undefined && known.slots === slots && known.days === days) return known.order
  const order = orderLog(lines, slots, days)
  ordered.set(lines, { slots, days, order })
  return order
}

/**
 * What the log will do from now on: the one answer for the air, which executes it, and for windows, which show it. A pure function of its input,
 * defined for every input; the same input gives the same plan.
 */
export function sequence(input: SequencerInput): LogPlan {
  const order = orderOf(input)
  const standing = standingOf(input, order)
  const state = new WalkState(input, order, standing)
  begin(state)
  applyOrders(state)
  walk(state)
  const placements = new Array<Placement>(input.lines.length)
  const sounding: Placement[] = []
  const fill: Placement[] = []
  const byPlace = new Array<Placement | undefined>(order.lines.length)
  const latest = state.runs.findLast((run) => run.onAir)
  let ordered = true
  let before = Number.NEGATIVE_INFINITY
  for (const run of state.runs) {
    const placement = placementOf(run, run === latest, input)
    if (run.entry >= 0) byPlace[run.entry] = placement
    else fill.push(placement)
    if (placement.length <= 0) continue
    ordered &&= run.start >= before
    before = run.start
    sounding.push(placement)
  }
  for (const [index, line] of input.lines.entries()) {
    const place = order.placeOf.get(line.id) ?? -1
    placements[index] = byPlace[place] ?? silentPlacement(state, place, line)
  }
  placements.push(...fill)
  if (!ordered) sounding.sort((a, b) => (a.start ?? 0) - (b.start ?? 0))
  const onAir = sounding.findLast((placement) => placement.status === 'playing') ?? null
  const next = sounding.find((placement) => placement.status === 'scheduled' || placement.status === 'paused') ?? null
  const waiting = next?.needsKey === true && (onAir === null || input.now >= (onAir.start ?? 0) + onAir.length) ? next : null
  return {
    placements, sounding, onAir, next, waiting, banners: bannersOf(state), overUnder: state.posts[0] ?? null, solver: state.solver, holes: holesOf(input, sounding), answers: state.answers, wakeAt: wakeAt(state, next),
    posts: state.posts,
  }
}

/** An endless line without an end is shown up to the end of the last day known. */
function lengthOf(run: Run, { days }: SequencerInput): number {
  if (Number.isFinite(run.end)) return run.end - run.start
  return Math.max(0, (days.at(-1)?.endsAt ?? run.start) - run.start)
}

function placementOf(run: Run, isLatestOnAir: boolean, input: SequencerInput): Placement {
  const length = lengthOf(run, input)
  const status: LineStatus = run.onAir ? (isLatestOnAir ? 'playing' : 'finishing') : input.hold !== null && run.reason === 'resumes' ? 'paused' : 'scheduled'
  const limited = run.stopReason === 'fadedToTime' && run.editCode === 'none'
  return {
    lineId: run.id, logId: run.line?.logId ?? '', rev: run.line?.rev ?? 0, status, sounds: true, needsKey: run.needsKey, start: run.start, from: run.from, length, openEnded: !Number.isFinite(run.end), fadeIn: run.fadeIn, fadeOut: run.fadeOut,
    ratio: run.ratio, startSource: run.startSource, stopReason: run.stopReason, editCode: limited ? 'fadedForTime' : run.editCode, reason: run.reason, because: run.because, fill: run.fill,
  }
}

/** What took the turn of a line that did not sound. */
const takenBy: Partial<Record<EditCode, StopReason>> = {
  skippedByHardStart: 'cutByHardStart', skippedByOperator: 'operatorSkip', skippedByGoToNow: 'operatorSkip', skippedByRule: 'ruleLimit', skippedAtStartup: 'engineStop', preempted: 'preempted',
}

/** A line that makes no sound from now on: it has had its turn, or will have none. */
function silentPlacement(state: WalkState, place: number, line: PlayoutLine): Placement {
  const happened = state.input.happened.get(line.id)
  if (happened !== undefined && state.standing.turns[place] !== 0) return pastPlacement(line, happened)
  const mark = state.marks[place]
  // It stands before what has begun: jumped over then, or put there since.
  const begun = state.standing.latest?.start ?? null
  const start = mark === undefined ? begun : (mark.start ?? (place < state.standing.place ? begun : null))
  const editCode = mark?.editCode ?? (state.order.groups[state.order.groupOf[state.standing.place] ?? -1]?.anchor === null ? 'skippedLate' : 'skippedByHardStart')
  return {
    lineId: line.id, logId: line.logId, rev: line.rev, status: editCode === 'none' ? 'scheduled' : 'skipped', sounds: false, needsKey: mark?.needsKey ?? false, start, from: 0, length: 0,
    openEnded: false, fadeIn: noFade, fadeOut: noFade, ratio: 1, startSource: 'unknown', stopReason: takenBy[editCode] ?? 'natural', editCode, reason: mark?.reason ?? 'passed', because: mark?.because ?? null, fill: null,
  }
}

function pastPlacement(line: PlayoutLine, happened: Happened): Placement {
  const status: LineStatus = !happened.sounded ? (happened.stopReason === 'decodeError' ? 'failed' : 'skipped') : happened.stopReason === 'decodeError' ? 'failed' : 'finished'
  return {
    lineId: line.id, logId: line.logId, rev: line.rev, status, sounds: false, needsKey: false, start: happened.start, from: happened.from, length: Math.max(0, (happened.end ?? happened.start) - happened.start), openEnded: false, fadeIn: noFade, fadeOut: noFade,
    ratio: happened.ratio, startSource: 'unknown', stopReason: happened.stopReason ?? 'natural', editCode: happened.editCode, reason: 'played', because: null, fill: null,
  }
}

/** While a key is awaited nothing happens by itself, but a timed line may come due; in auto a grace that begins to run is shown. */
function wakeAt(state: WalkState, next: Placement | null): number | null {
  if (next?.needsKey === true) return Number.isFinite(state.nextDue) ? state.nextDue : null
  if (!state.automatic) return null
  for (const group of state.pendingGroups) {
    const anchor = state.order.groups[group]?.anchor
    if (anchor?.onReach.kind === 'waitUpTo' && anchor.latest > state.input.now) return anchor.latest
  }
  return null
}
