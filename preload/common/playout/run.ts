import type { MixFade } from '../mix/index.ts'
import { noFade } from '../mix/index.ts'
import type { Shape } from './shape.ts'
import { playLength } from './shape.ts'
import type { FillItem, PlayoutLine, PlayoutSlot } from './types.ts'
import type { EditCode, ReasonCode, StartSource, StopReason, Transition } from './words.ts'

/** One sounding of a line or a fill on the bus, while the walk lays it out. Instants are wall samples. */
export interface Run {
  readonly id: string
  /** Place in the sequence of the log; -1 for fill. */
  readonly entry: number
  readonly line: PlayoutLine | null
  readonly fill: FillItem | null
  readonly slot: PlayoutSlot | null
  readonly shape: Shape
  readonly ratio: number
  readonly start: number
  /** Sample of the item at `start`. */
  readonly from: number
  /** It ends here whatever it still had to say; Infinity = nothing ends it but itself. */
  limit: number
  limitReason: StopReason
  end: number
  fadeIn: MixFade
  fadeOut: MixFade
  stopReason: StopReason
  editCode: EditCode
  reason: ReasonCode
  because: string | null
  startSource: StartSource
  needsKey: boolean
  /** It has begun before this plan was made. */
  readonly onAir: boolean
}

/** What the line that comes in must be known by, in bus samples. */
export interface Incoming {
  readonly shape: Shape
  readonly transition: Transition
  /** Its cue window. */
  readonly length: number
  /** The least it will sound: up to its own segue end, should the line behind it come in there. */
  readonly least: number
}

/** @param shortened bus samples the solver takes from its end */
export function incomingOf(shape: Shape, transition: Transition, ratio = 1, shortened = 0): Incoming {
  const length = playLength(shape, ratio) - shortened
  return { shape, transition, length, least: shape.segueStart === null || shape.endless ? length : Math.min(length, Math.round((shape.segueEnd - shape.cueIn) * ratio)) }
}

export interface HandOver {
  /** First sample of the incoming line. */
  readonly start: number
  readonly prevEnd: number
}

/** Wall sample where `position` of the item sounds. */
export function wallAt(run: Run, position: number): number {
  return run.start + Math.round((position - run.from) * run.ratio)
}
/** Where it ends when nobody cuts it: its `cueOut`, or what limits it. */
export function wholeEnd(run: Run): number {
  return Math.min(run.limit, run.shape.endless ? Number.POSITIVE_INFINITY : wallAt(run, run.shape.cueOut))
}

/**
 * Bus samples both sound when `next` comes in on the tail of `prev` (rules 2, 3 and 4 of segues): no more than the segue of the one before, half
 * of either, and the intro when speech runs into music. 0 = butt join.
 * @param tail bus samples from the segue start (or where `prev` began, when that is later) to the segue end
 * @param sounding bus samples from where `prev` began to its segue end
 */
function overlapSamples(prev: Shape, tail: number, sounding: number, next: Shape, nextLeast: number): number {
  const allowed = Math.min(tail, Math.floor(sounding / 2), Math.floor(nextLeast / 2), prev.voice && next.music && next.intro !== null ? next.intro : Number.POSITIVE_INFINITY)
  return Math.max(0, allowed)
}

/** The music's intro under the speech before it: the music starts so that the speech ends on the post. */
function postOverlap(prev: Shape, sounding: number, next: Shape): number | null {
  return prev.hitPost && next.music && next.intro !== null ? Math.min(next.intro, sounding) : null
}

/** Where `next` begins after `prev`, and where `prev` then ends. `play` and missing markers: butt join at the end of the cue window. */
export function handOver(prev: Run, next: Incoming): HandOver {
  const whole = wholeEnd(prev)
  if (next.transition !== 'segue' || prev.shape.endless) return { start: whole, prevEnd: whole }
  const post = postOverlap(prev.shape, whole - prev.start, next.shape)
  if (post !== null) return { start: whole - post, prevEnd: whole }
  if (prev.shape.segueStart === null) return { start: whole, prevEnd: whole }
  const prevEnd = wallAt(prev, prev.shape.segueEnd)
  // Something ends it before its own segue is over, or it was joined behind it: then there is no tail to come in on.
  if (prevEnd > prev.limit || prevEnd <= prev.start) return { start: whole, prevEnd: whole }
  const tail = prevEnd - Math.max(prev.start, wallAt(prev, prev.shape.segueStart))
  return { start: prevEnd - overlapSamples(prev.shape, tail, prevEnd - prev.start, next.shape, next.least), prevEnd }
}

/** The same for two whole lines by numbers alone: bus samples from the start of `prev` to the start of `next`. */
export function stepSamples(prev: Shape, prevRatio: number, next: Incoming): number {
  const length = playLength(prev, prevRatio)
  if (next.transition !== 'segue' || prev.endless) return length
  const post = postOverlap(prev, length, next.shape)
  if (post !== null) return length - post
  if (prev.segueStart === null) return length
  const end = Math.round((prev.segueEnd - prev.cueIn) * prevRatio)
  if (end <= 0) return length
  return end - overlapSamples(prev, end - Math.round((prev.segueStart - prev.cueIn) * prevRatio), end, next.shape, next.least)
}

/** Ends a run at `end` with a fade that finishes there and begins no earlier than `from`. */
export function endRun(run: Run, end: number, reason: StopReason, fade: MixFade, from = run.start): void {
  run.end = Math.max(run.start, end)
  run.stopReason = reason
  run.fadeOut = { length: Math.max(0, Math.min(fade.length, run.end - Math.max(run.start, from))), shape: fade.shape }
}

/** Ends it at the end of its cue window, with its own fade or a ramp where that is a bare cut. */
export function endWhole(run: Run, declick: number, cutFade: number): void {
  const whole = wholeEnd(run)
  const own = run.shape.endless ? Number.POSITIVE_INFINITY : wallAt(run, run.shape.cueOut)
  if (whole < own) endRun(run, whole, run.limitReason, { length: cutFade, shape: 'linear' })
  else endRun(run, whole, 'natural', run.shape.fadeOut > 0 ? { length: Math.round(run.shape.fadeOut * run.ratio), shape: 'linear' } : run.shape.cutsOut ? { length: declick, shape: 'linear' } : noFade)
}

export function fadeInOf(shape: Shape, from: number, declick: number): MixFade {
  if (from > shape.cueIn) return { length: declick, shape: 'linear' }
  if (shape.fadeIn > 0) return { length: shape.fadeIn, shape: 'linear' }
  return shape.cutsIn ? { length: declick, shape: 'linear' } : noFade
}
