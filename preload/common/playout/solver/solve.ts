import { playLength } from '../shape.ts'
import type { PlayoutLine, SolverPlan } from '../types.ts'
import { chooseFill, fadingFill, lengthOf } from './fill.ts'
import { answerOf, applyChanges, arrivalOf, copyOf, firstChoice, noSegment } from './segment.ts'
import type { Choice, SegmentAnswer, SegmentLine, SegmentProblem } from './segment.ts'

/** Lines that are tried for dropping, at most. */
const MOST_DROPS = 24
/** A line that is faded out keeps at least this much: 10 s. */
const LEAST_LEFT = 480_000
/** From this priority a line is a programme: losing it costs more than any stretch. Music and filler are below. */
const PROGRAMME_PRIORITY = 3
/** BS1 priorities from here are live speech and orders: nobody touches them. */
const LIVE_PRIORITY = 5
const PASSES = 4

/** A way to end on time and what it costs: time error first, then programme lines lost, then stretch, then the number of changes. */
interface Solution {
  readonly choice: Choice
  readonly why: SolverPlan['why']
  readonly cost: readonly [timeError: number, programmes: number, stretched: number, changes: number]
}

/**
 * How a segment ends on time. Short: restore what was dropped → fill → stretch → a bed that fades at the point. Long: drop by the lowest
 * `fillPriority` → squeeze → fade the last droppable line. Of all ways looked at the cheapest is taken. A plan in force that still ends on time
 * stays, and what is guarded keeps what was decided for it.
 */
export function solveSegment(problem: SegmentProblem): SegmentAnswer {
  const untouched = firstChoice(problem)
  const arrival = arrivalOf(problem, untouched)
  if (!Number.isFinite(arrival)) return noSegment
  const raw = arrival - problem.target.at
  if (problem.solved.length > 0) {
    const kept = applyChanges(problem, problem.solved)
    if (onTime(problem, arrivalOf(problem, kept), kept)) return answerOf(problem, kept, raw, null)
  }
  const base = applyChanges(problem, problem.solved, ({ guarded }) => guarded)
  base.fills = []
  const from = arrivalOf(problem, base)
  if (onTime(problem, from, base)) return answerOf(problem, base, raw, null)
  const { choice, why } = from < problem.from ? lengthen(problem, base) : shorten(problem, base)
  return answerOf(problem, choice, raw, why)
}

/** The segment with the changes a person has accepted, and nothing else. */
export function playAccepted(problem: SegmentProblem): SegmentAnswer {
  const arrival = arrivalOf(problem, firstChoice(problem))
  if (!Number.isFinite(arrival)) return noSegment
  return { ...answerOf(problem, applyChanges(problem, problem.solved), arrival - problem.target.at, null), plan: null }
}

function onTime(problem: SegmentProblem, arrival: number, choice: Choice): boolean {
  const { tolerance } = problem.settings
  // Fill in front of the point may be longer than the hole: it is faded out there.
  return arrival >= problem.from - tolerance && (arrival <= problem.until + tolerance || fadesAtPoint(choice, arrival - problem.until))
}
function fadesAtPoint(choice: Choice, over: number): boolean {
  const last = choice.fills.at(-1)
  return last !== undefined && over < lengthOf(last)
}

function lengthen(problem: SegmentProblem, base: Choice): Solution {
  const choice = copyOf(base)
  restore(problem, choice)
  return fit(problem, choice)
}

/** Brings dropped lines back, the most wanted first, as long as they fit. */
function restore(problem: SegmentProblem, choice: Choice): void {
  const wanted = [...problem.lines.entries()].filter(([index, { line, guarded }]) => line.dropped && !guarded && choice.ratio[index] === 0)
  wanted.sort(([a, one], [b, other]) => other.line.fillPriority - one.line.fillPriority || a - b)
  for (const [index] of wanted.slice(0, MOST_DROPS)) {
    choice.ratio[index] = 1
    if (arrivalOf(problem, choice) > problem.until) choice.ratio[index] = 0
  }
}

/** Closes what is left of over or under without dropping anything: squeeze, or fill, stretch and bed. */
function fit(problem: SegmentProblem, choice: Choice): Solution {
  const { tolerance, silenceMax } = problem.settings
  const arrival = arrivalOf(problem, choice)
  if (onTime(problem, arrival, choice)) return solution(problem, choice, null)
  if (arrival > problem.until) {
    const squeezed = scale(problem, choice, problem.until)
    return solution(problem, squeezed ?? choice, squeezed === null ? 'overCap' : null)
  }
  const hole = problem.from - arrival
  if (problem.fill !== null) choice.fills = chooseFill(problem.fill, hole, problem.fillUse, problem.lastFillId)
  const filled = arrivalOf(problem, choice)
  if (onTime(problem, filled, choice)) return solution(problem, choice, null)
  const stretched = scale(problem, choice, problem.from)
  if (stretched !== null) return solution(problem, stretched, null)
  const left = problem.from - filled
  const bed = fadingFill(problem.fill ?? [], left, choice.fills.at(-1)?.id ?? problem.lastFillId, left > silenceMax)
  if (bed !== null) {
    choice.fills = [...choice.fills, bed]
    return solution(problem, choice, null)
  }
  return solution(problem, choice, left > silenceMax ? 'noFill' : left > tolerance ? 'silenceAllowed' : null)
}

/** Stretches or squeezes every line that may be, evenly, so that the segment arrives at `at`; null when the cap does not reach that far. */
function scale(problem: SegmentProblem, choice: Choice, at: number): Choice | null {
  const { squeezeCap, stretchCap, tolerance } = problem.settings
  const movable: number[] = []
  let length = 0
  for (const [index, segmentLine] of problem.lines.entries()) {
    // Once per line: what is stretched already is not stretched again.
    if (choice.ratio[index] !== 1 || (choice.shortened[index] ?? 0) > 0 || !mayStretch(segmentLine)) continue
    movable.push(index)
    length += playLength(segmentLine.shape)
  }
  if (length === 0) return null
  const scaled = copyOf(choice)
  let ratio = 1
  for (let pass = 0; pass < PASSES; pass++) {
    ratio -= (arrivalOf(problem, scaled) - at) / length
    if (ratio < 1 - squeezeCap || ratio > 1 + stretchCap) return null
    for (const index of movable) scaled.ratio[index] = ratio
    if (Math.abs(arrivalOf(problem, scaled) - at) <= movable.length) break
  }
  giveRemainder(problem, scaled, movable, at)
  return Math.abs(arrivalOf(problem, scaled) - at) <= tolerance ? scaled : null
}

/** Every line is rounded to whole samples: what that leaves over the last of them takes, so that nothing is missing and nothing is cut. */
function giveRemainder(problem: SegmentProblem, scaled: Choice, movable: readonly number[], at: number): void {
  const last = movable.at(-1)
  const shape = last === undefined ? undefined : problem.lines[last]?.shape
  if (last === undefined || shape === undefined) return
  const remainder = at - arrivalOf(problem, scaled)
  if (remainder === 0 || Math.abs(remainder) > movable.length) return
  const before = scaled.ratio[last] ?? 1
  scaled.ratio[last] = (playLength(shape, before) + remainder) / playLength(shape)
  if (arrivalOf(problem, scaled) !== at) scaled.ratio[last] = before
}

function mayStretch({ line, guarded }: SegmentLine): boolean {
  return !guarded && !line.protected && line.stretchable && line.priority < LIVE_PRIORITY && !line.endless && (line.kind === 'audio' || line.kind === 'track')
}
function mayDrop({ line, guarded }: SegmentLine): boolean {
  return line.droppable && !guarded && !line.protected && line.priority < LIVE_PRIORITY && line.newsBlockId === null && line.timing.kind !== 'hard' && line.kind !== 'live' && line.kind !== 'relay'
}
function isProgramme(line: PlayoutLine): boolean {
  return line.priority >= PROGRAMME_PRIORITY
}

function shorten(problem: SegmentProblem, base: Choice): Solution {
  const droppable = [...problem.lines.entries()].filter(([index, line]) => (base.ratio[index] ?? 0) > 0 && mayDrop(line))
  droppable.sort(([a, one], [b, other]) => Number(isProgramme(one.line)) - Number(isProgramme(other.line)) || one.line.fillPriority - other.line.fillPriority || b - a)
  let best: Solution | null = null
  const offer = (found: Solution): void => {
    if (best === null || isCheaper(found, best)) best = found
  }
  const choice = copyOf(base)
  offer(fit(problem, copyOf(choice)))
  offerFade(problem, choice, offer)
  for (const [index] of droppable.slice(0, MOST_DROPS)) {
    const over = arrivalOf(problem, choice) - problem.until
    if (over <= 0) break
    // One line alone that takes just enough is better than the first in turn that takes too much.
    const exact = droppable.filter(([other, line]) => choice.ratio[other] !== 0 && line.line.fillPriority === problem.lines[index]?.line.fillPriority && playLength(line.shape) >= over)
    const smallest = exact.sort(([, one], [, other]) => playLength(one.shape) - playLength(other.shape))[0]
    if (smallest !== undefined) {
      const one = copyOf(choice)
      one.ratio[smallest[0]] = 0
      offer(fit(problem, one))
    }
    choice.ratio[index] = 0
    offer(fit(problem, copyOf(choice)))
    offerFade(problem, choice, offer)
  }
  return best ?? solution(problem, base, 'noDroppable')
}

/** The last droppable line goes out early, by as much as the segment is too long. */
function offerFade(problem: SegmentProblem, base: Choice, offer: (found: Solution) => void): void {
  const index = problem.lines.findLastIndex((line, at) => base.ratio[at] === 1 && mayDrop(line))
  const segmentLine = problem.lines[index]
  if (segmentLine === undefined) return
  const faded = copyOf(base)
  let shortened = 0
  for (let pass = 0; pass < PASSES; pass++) {
    shortened += arrivalOf(problem, faded) - problem.until
    if (shortened <= 0 || shortened > playLength(segmentLine.shape) - LEAST_LEFT) return
    faded.shortened[index] = shortened
  }
  offer(solution(problem, faded, null))
}

function isCheaper(one: Solution, other: Solution): boolean {
  for (const [index, cost] of one.cost.entries()) {
    const against = other.cost[index] ?? 0
    if (cost !== against) return cost < against
  }
  return false
}

function solution(problem: SegmentProblem, choice: Choice, why: SolverPlan['why']): Solution {
  const { tolerance } = problem.settings
  const arrival = arrivalOf(problem, choice)
  const error = onTime(problem, arrival, choice) ? 0 : Math.max(problem.from - arrival, arrival - problem.until) - tolerance
  let programmes = 0
  let stretched = 0
  let changes = choice.fills.length
  let untouchable = true
  for (const [index, segmentLine] of problem.lines.entries()) {
    const { line, shape } = segmentLine
    const ratio = choice.ratio[index] ?? 1
    if (mayDrop(segmentLine)) untouchable = false
    if (ratio === 0 && !line.dropped) {
      if (isProgramme(line)) programmes++
      changes++
    } else if (ratio !== 0 && ratio !== 1) {
      stretched += Math.abs(ratio - 1) * playLength(shape)
      changes++
    }
    if ((choice.shortened[index] ?? 0) > 0) {
      // A tail of speech is missed more than a tail of music.
      programmes += line.content === 'music' || line.content === 'bed' || line.content === 'filler' ? 1 : 1.5
      changes++
    }
  }
  return { choice, why: error === 0 ? null : arrival > problem.until && untouchable ? 'noDroppable' : why ?? 'overCap', cost: [error, programmes, Math.round(stretched), changes] }
}
