import type { Incoming, Run } from '../run.ts'
import { handOver, incomingOf, stepSamples, wholeEnd } from '../run.ts'
import type { Shape } from '../shape.ts'
import { playLength } from '../shape.ts'
import type { FillItem, OverUnder, PlayoutLine, SequencerSettings, SolverChange, SolverPlan } from '../types.ts'
import { lengthOf } from './fill.ts'

/** A line between here and the next fixed point. */
export interface SegmentLine {
  readonly line: PlayoutLine
  readonly shape: Shape
  /** On air or next: what was decided for it stays. */
  readonly guarded: boolean
}

/** From what is on air to the next fixed point, and what may be done about the time between. Instants are wall samples. */
export interface SegmentProblem {
  /** On air, or the last that is laid out; null = the bus is free at `free`. */
  readonly prev: Run | null
  readonly free: number
  readonly lines: readonly SegmentLine[]
  readonly target: OverUnder['target']
  /** Arrival is on time from here to here. */
  readonly from: number
  readonly until: number
  /** The line that comes at the fixed point; null at the end of a slot. */
  readonly into: Incoming | null
  /** What may fill a hole; null = nothing may. */
  readonly fill: readonly FillItem[] | null
  readonly fillUse: ReadonlyMap<string, number>
  readonly lastFillId: string | null
  /** How many fills before this fixed point have had their turn. */
  readonly fillsPlayed: number
  readonly solved: readonly SolverChange[]
  readonly settings: SequencerSettings
}

/** What is to be done, in the form the walk uses. */
export interface SegmentAnswer {
  readonly plan: SolverPlan | null
  /** Arrival − time of the fixed point without and with the changes. */
  readonly raw: number
  readonly rest: number
  readonly drops: ReadonlySet<string>
  readonly restores: ReadonlySet<string>
  readonly ratios: ReadonlyMap<string, number>
  /** Samples a line is shortened by, with a fade. */
  readonly fades: ReadonlyMap<string, number>
  readonly fills: readonly FillItem[]
}

export const noSegment: SegmentAnswer = { plan: null, raw: 0, rest: 0, drops: new Set(), restores: new Set(), ratios: new Map(), fades: new Map(), fills: [] }

/** Line id of the n-th fill before a fixed point. */
export function fillLineId(targetId: string, number: number): string {
  return `fill/${targetId}/${number}`
}
export function parseFillLineId(lineId: string): { targetId: string; number: number } | null {
  const end = lineId.lastIndexOf('/')
  return lineId.startsWith('fill/') && end > 5 ? { targetId: lineId.slice(5, end), number: Number(lineId.slice(end + 1)) } : null
}

/** One way to play the segment. By line index; `ratio` 0 = left out. */
export interface Choice {
  readonly ratio: Float64Array
  readonly shortened: Float64Array
  fills: readonly FillItem[]
}

export function firstChoice(problem: SegmentProblem): Choice {
  const ratio = new Float64Array(problem.lines.length).fill(1)
  for (const [index, { line }] of problem.lines.entries()) if (line.dropped) ratio[index] = 0
  return { ratio, shortened: new Float64Array(problem.lines.length), fills: [] }
}
export function copyOf(choice: Choice): Choice {
  return { ratio: choice.ratio.slice(), shortened: choice.shortened.slice(), fills: choice.fills }
}

/** Wall sample at which a choice arrives at the fixed point; exact, as the walk will lay it out. */
export function arrivalOf(problem: SegmentProblem, choice: Choice): number {
  let at = problem.prev === null ? problem.free : Number.NaN
  let before = -1
  for (let index = 0; index < problem.lines.length; index++) {
    const ratio = choice.ratio[index] ?? 0
    const segmentLine = problem.lines[index]
    if (ratio === 0 || segmentLine === undefined) continue
    at = after(problem, choice, before, at, incomingOf(segmentLine.shape, segmentLine.line.transition, ratio, choice.shortened[index] ?? 0))
    before = index
  }
  if (choice.fills.length > 0) {
    at = after(problem, choice, before, at, null)
    for (const item of choice.fills) at += lengthOf(item)
    return at
  }
  return after(problem, choice, before, at, problem.into)
}

/** Where the next begins after line `before` (−1 = what is on air) that began at `at`. */
function after(problem: SegmentProblem, choice: Choice, before: number, at: number, next: Incoming | null): number {
  if (before < 0) {
    if (problem.prev === null) return at
    return Math.max(problem.free, next === null ? wholeEnd(problem.prev) : handOver(problem.prev, next).start)
  }
  const shape = problem.lines[before]?.shape
  if (shape === undefined) return at
  const ratio = choice.ratio[before] ?? 1
  const shortened = choice.shortened[before] ?? 0
  if (next === null || shortened > 0) return at + playLength(shape, ratio) - shortened
  return at + stepSamples(shape, ratio, next)
}

/** The choice that a list of changes makes; `only` = for these lines alone. */
export function applyChanges(problem: SegmentProblem, changes: readonly SolverChange[], only: (line: SegmentLine) => boolean = () => true): Choice {
  const choice = firstChoice(problem)
  const indexOf = new Map(problem.lines.map(({ line }, index) => [line.id, index]))
  const fills: FillItem[] = []
  for (const change of changes) {
    if (change.what === 'fill') {
      const ahead = change.targetId === problem.target.id && (parseFillLineId(change.lineId)?.number ?? 0) >= problem.fillsPlayed
      const item = ahead ? problem.fill?.find(({ id }) => id === change.fill?.id) : undefined
      if (item !== undefined) fills.push(item)
      continue
    }
    const index = indexOf.get(change.lineId)
    const line = index === undefined ? undefined : problem.lines[index]
    if (index === undefined || line === undefined || !only(line)) continue
    if (change.what === 'drop') choice.ratio[index] = 0
    else if (change.what === 'restore') choice.ratio[index] = 1
    else if (change.what === 'fade') choice.shortened[index] = Math.min(-change.deltaSamples, playLength(line.shape))
    else if (choice.ratio[index] !== 0) choice.ratio[index] = change.ratio
  }
  choice.fills = fills
  return choice
}

/** The answer that a choice is, with a reason per change and an id of its content. */
export function answerOf(problem: SegmentProblem, choice: Choice, raw: number, why: SolverPlan['why']): SegmentAnswer {
  const changes: SolverChange[] = []
  const reason = raw > problem.until - problem.target.at ? 'tooLong' : 'tooShort'
  const drops = new Set<string>()
  const restores = new Set<string>()
  const ratios = new Map<string, number>()
  const fades = new Map<string, number>()
  for (const [index, { line, shape }] of problem.lines.entries()) {
    const ratio = choice.ratio[index] ?? 1
    const shortened = choice.shortened[index] ?? 0
    const change = (what: SolverChange['what'], deltaSamples: number): void => void changes.push({ lineId: line.id, what, deltaSamples, ratio: ratio === 0 ? 1 : ratio, fill: null, targetId: problem.target.id, reason })
    if (ratio === 0) {
      if (line.dropped) continue
      drops.add(line.id)
      change('drop', -playLength(shape))
      continue
    }
    if (line.dropped) {
      restores.add(line.id)
      change('restore', playLength(shape))
    }
    if (ratio !== 1) {
      ratios.set(line.id, ratio)
      change(ratio > 1 ? 'stretch' : 'squeeze', playLength(shape, ratio) - playLength(shape))
    }
    if (shortened > 0) {
      fades.set(line.id, shortened)
      change('fade', -shortened)
    }
  }
  for (const [index, item] of choice.fills.entries()) changes.push({ lineId: fillLineId(problem.target.id, problem.fillsPlayed + index), what: 'fill', deltaSamples: lengthOf(item), ratio: 1, fill: item, targetId: problem.target.id, reason })
  const rest = arrivalOf(problem, choice) - problem.target.at
  const plan: SolverPlan | null = changes.length === 0 && why === null ? null : { id: planId(problem, changes), target: problem.target, changes, restSamples: fadedRest(choice, rest), why }
  return { plan, raw, rest, drops, restores, ratios, fades, fills: choice.fills }
}

/** Fill that is longer than the hole is faded out at its end: nothing is left over. */
function fadedRest(choice: Choice, rest: number): number {
  return choice.fills.length > 0 && rest > 0 ? 0 : rest
}

function planId(problem: SegmentProblem, changes: readonly SolverChange[]): string {
  // FNV-1a over what the plan says, so that the same plan has the same name on every machine.
  let hash = 0x811c9dc5
  const text = `${problem.target.id}@${problem.target.at}|${changes.map((change) => `${change.what} ${change.lineId} ${change.deltaSamples}`).join('|')}`
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0
  return hash.toString(16).padStart(8, '0')
}
