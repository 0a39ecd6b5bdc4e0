import type { Incoming } from './run.ts'
import { endWhole, handOver, incomingOf, stepSamples, wholeEnd } from './run.ts'
import type { Shape } from './shape.ts'
import { playLength } from './shape.ts'
import type { SegmentLine, SegmentProblem } from './solver/index.ts'
import { fillHole, fillLineId, noSegment, playAccepted, solveSegment } from './solver/index.ts'
import { isSilentKind, refusalOf } from './standing.ts'
import type { FillItem, OverUnder, PlayoutSlot, SolverChange } from './types.ts'
import type { WalkState } from './walk-state.ts'

/** A fixed point ahead: the time of a line, the end of the slot, or a line that may not begin before. */
interface FixedPoint {
  readonly target: OverUnder['target']
  readonly from: number
  readonly until: number
  readonly into: Incoming | null
}

/** 10 s: what comes sooner is armed and stays. */
const ARM_AHEAD = 480_000

/** Looks from here to the next fixed point and decides what is to be done to meet it. In assist it is a proposal, in manual only a figure. */
export function openSegment(state: WalkState): void {
  state.segment = noSegment
  state.segmentFrom = Number.NaN
  if (state.silent !== null) return
  const { lines, point, arrival } = lookAhead(state)
  if (point === null) return
  const { input, slot } = state
  state.segmentFrom = point.from
  state.segmentTarget = point.target.id
  const solved = relevant(state, lines, point.target.id)
  const raw = arrival - point.target.at
  const onTime = arrival >= point.from - input.settings.tolerance && arrival <= point.until + input.settings.tolerance
  if (solved.length > 0 || !onTime) {
    const problem: SegmentProblem = {
      prev: state.prev, free: Math.max(state.floor, opensAt(slot), state.prev === null ? state.free : state.floor), lines, target: point.target, from: point.from, until: point.until, into: point.into, fill: fillOf(state, slot), fillUse: state.fillUse,
      lastFillId: state.lastFillId, fillsPlayed: state.fillsPlayed.get(point.target.id) ?? 0, solved, settings: input.settings,
    }
    const found = input.mode === 'manual' || !input.settings.solves ? null : solveSegment(problem)
    state.segment = state.automatic && found !== null ? found : playAccepted(problem)
    if (found?.plan !== null && found?.plan !== undefined) state.solver.push(found.plan)
  }
  // A point is looked at once for all lines before it.
  if (Number.isFinite(raw) && state.posts.at(-1)?.target.id !== point.target.id) state.posts.push({ target: point.target, rawSamples: raw, samples: state.segment === noSegment ? raw : state.segment.rest })
}

/** Changes in force for these lines and for fill before the fixed point. */
function relevant(state: WalkState, lines: readonly SegmentLine[], targetId: string): SolverChange[] {
  if (state.solvedFor.size === 0) return []
  const changes: SolverChange[] = []
  for (const { line } of lines) {
    const own = state.solvedFor.get(line.id)
    if (own !== undefined) changes.push(...own)
  }
  const fills = state.solvedFor.get(`fill ${targetId}`)
  if (fills !== undefined) changes.push(...fills)
  return changes
}

function fillOf(state: WalkState, slot: PlayoutSlot | null): readonly FillItem[] | null {
  if (slot === null || slot.onUnderrun !== 'fill') return null
  return state.input.fill.filter((item) => slot.fillGroup === null || item.fillGroup === slot.fillGroup)
}

/** @returns `arrival`: where the lines as they are arrive at the fixed point */
function lookAhead(state: WalkState): { lines: SegmentLine[]; point: FixedPoint | null; arrival: number } {
  const { order, slot, input } = state
  const lines: SegmentLine[] = []
  // On air + next: nothing new is decided for them.
  let guarding = state.runs.every((run) => run.onAir)
  let before: Shape | null = null
  let at = Number.NaN
  let point: FixedPoint | null = null
  for (let place = state.place; place < order.lines.length; place++) {
    const line = order.lines[place]
    if (line === null || line === undefined) break
    const group = order.groupOf[place] ?? -1
    if (state.heads[group] === place) {
      const anchor = state.anchor(group)
      point = { target: { kind: 'line', id: line.id, at: anchor.at }, from: anchor.earliest, until: anchor.latest, into: state.incoming(place) }
      break
    }
    if (state.settled[place] !== 0 || isSilentKind(line)) continue
    // A timed line that was dropped comes back by hand, at its time, or not at all.
    const shape = state.shape(place)
    if (refusalOf(line, shape, input.mode, true) !== null || (line.dropped && line.timing.kind !== 'follow')) continue
    const next = incomingOf(shape, line.transition)
    if (!line.dropped) {
      at = before === null ? startFrom(state, next) : at + stepSamples(before, 1, next)
      if (line.timing.kind === 'notBefore' && line.timing.at > at) {
        point = { target: { kind: 'line', id: line.id, at: line.timing.at }, from: line.timing.at, until: Number.POSITIVE_INFINITY, into: next }
        break
      }
      before = shape
    }
    // A line that was dropped may still come back in front of the next, as long as there is time to arm it.
    lines.push({ line, shape, guarded: guarding && (!line.dropped || startFrom(state, next) < input.now + ARM_AHEAD) })
    if (guarding && !line.dropped && state.solvedFor.get(line.id)?.some(({ what }) => what === 'drop') !== true) guarding = false
  }
  const sooner = soonerOf(point, slot, state.floor)
  const into = sooner?.into ?? null
  const arrival = before === null ? (into === null ? Math.max(state.floor, opensAt(slot), state.prev === null ? state.free : wholeEnd(state.prev)) : startFrom(state, into)) : at + (into === null ? playLength(before) : stepSamples(before, 1, into))
  return { lines, point: sooner, arrival }
}

function startFrom(state: WalkState, next: Incoming): number {
  return Math.max(state.floor, opensAt(state.slot), state.prev === null ? state.free : handOver(state.prev, next).start)
}

/** Nothing of a slot sounds before it opens, also when the bus was idle up to there. */
function opensAt(slot: PlayoutSlot | null): number {
  return slot?.startAt ?? Number.NEGATIVE_INFINITY
}

/** The end of the open slot, when that comes before the timed line. */
function soonerOf(point: FixedPoint | null, slot: PlayoutSlot | null, floor: number): FixedPoint | null {
  if (slot === null || slot.endAt <= floor) return point
  const end = Math.min(slot.endAt, slot.ruleEndAt ?? slot.endAt)
  if (point !== null && point.target.at <= end) return point
  return { target: { kind: 'slot', id: slot.id, at: end }, from: end, until: slot.onOverrun === 'finish' && end === slot.endAt ? end + slot.maxOverrunMs * 48 : end, into: null }
}

/**
 * Fills the free bus up to `until`, inside the open slot only; the last fill is faded out there. At the end of a slot that closes early its ident is
 * played instead. Leaves the bus free.
 */
export function fillTo(state: WalkState, until: number): void {
  const { slot } = state
  if (slot === null || !state.automatic || state.silent !== null || !state.input.settings.solves) return
  const from = Math.max(state.free, state.floor, slot.startAt)
  const end = Math.min(until, slot.endAt, slot.ruleEndAt ?? slot.endAt)
  if (!(from < end)) return
  if (slot.onUnderrun === 'close') {
    if (end === slot.endAt) closeSlot(state, slot, from, end)
    return
  }
  const planned = end === state.segmentFrom
  const before = planned ? state.segmentTarget : slot.id
  const items = planned ? state.segment.fills : fillHole(fillOf(state, slot) ?? [], end - from, { fillUse: state.fillUse, lastFillId: state.lastFillId, silenceMax: state.input.settings.silenceMax })
  if (planned) state.segmentFrom = Number.NaN
  let at = from
  for (const item of items) {
    if (at >= end) break
    const id = fillLineId(before, state.fillsPlayed.get(before) ?? 0)
    state.countFill(id, item)
    putFill(state, id, item, slot, at, end)
    at = state.free
  }
}

function closeSlot(state: WalkState, slot: PlayoutSlot, from: number, end: number): void {
  const id = `close/${slot.id}`
  if (slot.closing === null || state.input.happened.has(id) || state.slotFresh) return
  putFill(state, id, slot.closing, slot, from, end)
}

function putFill(state: WalkState, id: string, item: FillItem, slot: PlayoutSlot, at: number, end: number): void {
  const { declick, timeFade, cutFade } = state.input.settings
  const run = state.putFill(id, item, slot, at, end, { source: 'play', reason: id.startsWith('close/') ? 'closesSlot' : 'fillsSlot', because: slot.id, editCode: 'addedToFill', needsKey: state.keyed })
  endWhole(run, declick, wholeEnd(run) - at > 2 * timeFade ? timeFade : cutFade)
  state.close()
}
