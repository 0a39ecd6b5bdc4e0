import type { MixFade } from '../mix/index.ts'
import { noFade } from '../mix/index.ts'
import type { Anchor, LogOrder } from './log-order.ts'
import { limitOf } from './limits.ts'
import type { HandOver, Incoming, Run } from './run.ts'
import { endRun, endWhole, fadeInOf, handOver, incomingOf, wholeEnd } from './run.ts'
import type { Shape } from './shape.ts'
import { playLength, shapeOfFill, silentShape } from './shape.ts'
import type { SegmentAnswer } from './solver/index.ts'
import { noSegment, parseFillLineId } from './solver/index.ts'
import type { Refusal, Standing } from './standing.ts'
import { isSilentKind, pullingHeads, refusalOf } from './standing.ts'
import type { FillItem, OrderAnswer, OverUnder, PlayoutLine, PlayoutSlot, Returned, SequencerInput, SolverChange, SolverPlan } from './types.ts'
import type { EditCode, ReasonCode, StartSource, StopReason } from './words.ts'

const dropped: Refusal = { editCode: 'droppedForTime', reason: 'droppedToFit' }

/** A line of the log that makes no sound, and where it would have stood. */
export interface Mark extends Refusal {
  readonly start: number | null
  readonly because: string | null
  /** Only if a person presses the key that is awaited. */
  readonly needsKey: boolean
}

export interface Start {
  readonly source: StartSource
  readonly reason: ReasonCode
  readonly because?: string | null
  readonly editCode?: EditCode
  /** Sample of the item; its cue-in when left out. */
  readonly from?: number
  /** Ends it at the latest. */
  readonly until?: number
  readonly needsKey?: boolean
}

/**
 * Where a walk through the log stands. Promises: every line gets one run or one mark; runs are in order of start; two sound together only in a
 * hand-over, three never.
 */
export class WalkState {
  readonly input: SequencerInput
  readonly order: LogOrder
  readonly standing: Standing
  readonly runs: Run[] = []
  readonly marks: (Mark | undefined)[]
  /** By place: laid out, marked, or played before. */
  readonly settled: Uint8Array
  readonly solver: SolverPlan[] = []
  readonly posts: OverUnder[] = []
  segment: SegmentAnswer = noSegment
  /** Where a hole of this segment would end; NaN = no fixed point ahead, or its fill is laid out. */
  segmentFrom = Number.NaN
  segmentTarget = ''
  /** The slot has opened and nothing of it has sounded. */
  slotFresh = false

  /** On air, or the last laid out; null = the bus is free from `free`. */
  prev: Run | null = null
  /** The one before `prev`, which may still fade. */
  tail: Run | null = null
  free = Number.NEGATIVE_INFINITY
  /** First place not looked at. */
  place = 0
  /** Group the log is in. */
  group = -1
  slot: PlayoutSlot | null = null
  /** Not null while the walk only finds out where the clock is: what would have sounded before `at` has passed in silence. */
  silent: Returned | null = null
  /** A key is awaited: everything relative from here on is a prediction. */
  keyed = false
  keyReason: ReasonCode = 'waitsForKey'
  /** A line has been named as the one that waits. */
  keyShown = false
  /** Place of a line that a person has made next; −1 = none. */
  madeNext = -1
  readonly answers: OrderAnswer[] = []
  /** By group: place of the line that comes at the group's time; −1 = none (any more). */
  readonly heads: Int32Array
  /** Groups that pulled something when the walk began, and the time of the first that is still to come. */
  readonly pendingGroups: number[]
  nextDue = Number.POSITIVE_INFINITY
  readonly restored = new Set<string>()
  /** Fills that have had their turn, by the fixed point they stand before; and how often each item has been used. */
  readonly fillsPlayed = new Map<string, number>()
  readonly fillUse = new Map<string, number>()
  lastFillId: string | null = null
  /** Changes in force, by line; those of fill by `fill <fixed point>`. */
  readonly solvedFor = new Map<string, SolverChange[]>()

  constructor(input: SequencerInput, order: LogOrder, standing: Standing) {
    this.input = input
    this.order = order
    this.standing = standing
    this.marks = new Array<Mark | undefined>(order.lines.length).fill(undefined)
    this.settled = Uint8Array.from(standing.turns)
    if (input.mode !== 'auto') for (const change of input.solved) if (change.what === 'restore') this.restored.add(change.lineId)
    this.heads = pullingHeads(order, standing, input, this.restored)
    this.pendingGroups = []
    for (let group = 0; group < order.groups.length; group++) {
      if ((this.heads[group] ?? -1) < 0) continue
      this.pendingGroups.push(group)
      const earliest = order.groups[group]?.anchor?.earliest ?? 0
      if (earliest > input.now && earliest < this.nextDue) this.nextDue = earliest
    }
    for (const change of input.solved) {
      const key = change.what === 'fill' ? `fill ${change.targetId}` : change.lineId
      const known = this.solvedFor.get(key)
      if (known === undefined) this.solvedFor.set(key, [change])
      else known.push(change)
    }
    for (const { lineId, fill } of input.happened.values()) if (fill !== null) this.countFill(lineId, fill)
  }

  countFill(lineId: string, item: FillItem): void {
    const place = parseFillLineId(lineId)
    if (place !== null) this.fillsPlayed.set(place.targetId, Math.max(this.fillsPlayed.get(place.targetId) ?? 0, place.number + 1))
    this.fillUse.set(item.id, (this.fillUse.get(item.id) ?? 0) + 1)
    this.lastFillId = item.id
  }

  /** Nothing begins before this. */
  get floor(): number {
    return this.silent === null ? this.input.now : this.silent.since
  }
  get automatic(): boolean {
    return this.input.mode === 'auto'
  }

  line(place: number): PlayoutLine {
    const line = this.order.lines[place]
    if (line === null || line === undefined) throw new RangeError(`no line at place ${place}`)
    return line
  }

  /** Null when it can sound, or takes its turn without a sound. */
  refusal(place: number): Refusal | null {
    const line = this.line(place)
    if (this.segment.drops.size > 0 && this.segment.drops.has(line.id)) return dropped
    return refusalOf(line, this.shape(place), this.input.mode, line.dropped && (this.restored.has(line.id) || this.segment.restores.has(line.id)))
  }

  /** First place from `from` on that can sound or opens a slot; −1 = none. */
  nextPlace(from: number): number {
    for (let at = from; at < this.order.lines.length; at++) {
      const line = this.order.lines[at]
      if (line === null) return at
      if (line === undefined || this.settled[at] !== 0 || isSilentKind(line) || this.refusal(at) !== null) continue
      return at
    }
    return -1
  }

  /** The group that pulls the log to its time next, after group `after`; −1 = none. In manual nothing pulls. */
  nextPull(after = -1): number {
    if (this.input.mode === 'manual') return -1
    while (this.firstHead < this.heads.length && (this.heads[this.firstHead] ?? -1) < 0) this.firstHead++
    for (let group = Math.max(this.firstHead, after + 1); group < this.heads.length; group++) if ((this.heads[group] ?? -1) >= 0) return group
    return -1
  }
  private firstHead = 0

  anchor(group: number): Anchor {
    const anchor = this.order.groups[group]?.anchor
    if (anchor === null || anchor === undefined) throw new RangeError(`group ${group} has no time`)
    return anchor
  }

  ratioOf(line: PlayoutLine): number {
    return this.segment.ratios.size === 0 ? 1 : (this.segment.ratios.get(line.id) ?? 1)
  }
  private shortenedBy(line: PlayoutLine): number {
    return this.segment.fades.size === 0 ? 0 : (this.segment.fades.get(line.id) ?? 0)
  }
  shape(place: number): Shape {
    return this.order.shapes[place] ?? silentShape
  }
  incoming(place: number): Incoming {
    const line = this.line(place)
    return incomingOf(this.shape(place), line.transition, this.ratioOf(line), this.shortenedBy(line))
  }

  /** Where `next` would begin after what is on air, and where that would end. */
  handOverTo(next: Incoming): HandOver {
    if (this.prev === null) {
      const start = Math.max(this.free, this.floor, this.tail?.end ?? this.free)
      return { start, prevEnd: start }
    }
    const { start, prevEnd } = handOver(this.prev, next)
    return { start: Math.max(start, this.floor, this.tail?.end ?? start), prevEnd }
  }

  /** `byKey`: a person has pressed the key already. */
  mark(place: number, refusal: Refusal, start: number | null, because: string | null = null, byKey = false): void {
    if (this.settled[place] !== 0) return
    this.settled[place] = 1
    this.marks[place] = { editCode: refusal.editCode, reason: refusal.reason, start: start === null || byKey ? start : Math.max(start, this.ownTime(place)), because, needsKey: !byKey && (this.keyed || (!this.automatic && refusal.editCode === 'skippedByHardStart')) }
  }

  /** A line does not miss its turn before its own time. */
  private ownTime(place: number): number {
    const line = this.order.lines[place]
    const anchor = this.order.groups[this.order.groupOf[place] ?? -1]?.anchor
    if (anchor !== null && anchor !== undefined && anchor.line === line) return anchor.at
    return line?.timing.kind === 'notBefore' ? line.timing.at : (this.order.slots[place]?.startAt ?? Number.NEGATIVE_INFINITY)
  }

  /** Marks what stands between two places at an instant: silent kinds as passed by, what cannot sound by its own reason, the rest with `refusal`. */
  markBetween(from: number, to: number, start: number | null, refusal: Refusal | null, because: string | null = null, byKey = false): void {
    for (let at = from; at < to; at++) {
      const line = this.order.lines[at]
      if (line === null || line === undefined) continue
      if (this.settled[at] !== 0) {
        const known = this.marks[at]
        // Skipped by hand long before: only now it is known where it would have stood.
        if (known?.start === null && start !== null) this.marks[at] = { ...known, start: Math.max(start, this.ownTime(at)) }
        continue
      }
      const own = this.refusal(at) ?? (isSilentKind(line) && refusal === null ? { editCode: 'none' as const, reason: 'follows' as const } : null)
      const used = own ?? refusal
      if (used !== null) this.mark(at, used, start, own === null ? because : null, byKey)
    }
  }

  /** Ends what is on air because the next begins at `at`. */
  leave(at: number, over: HandOver, sameMaterial: boolean): void {
    const { prev } = this
    if (prev === null) return
    const { declick, cutFade } = this.input.settings
    const whole = wholeEnd(prev)
    if (at < over.prevEnd && !prev.shape.hitPost) endRun(prev, over.prevEnd, 'segued', { length: over.prevEnd - at, shape: sameMaterial ? 'linear' : 'equalPower' })
    else if (at < whole && !prev.shape.hitPost) endRun(prev, Math.max(at, over.prevEnd), 'segued', { length: declick, shape: 'linear' })
    else endWhole(prev, declick, cutFade)
    this.close()
  }

  /** Ends what is on air, and what still fades before it, at `at`. */
  cut(at: number, reason: StopReason, fade: MixFade, from = Number.NEGATIVE_INFINITY): void {
    if (this.tail !== null && this.tail.end > at) endRun(this.tail, at, this.tail.stopReason, { length: Math.max(this.tail.fadeOut.length, fade.length), shape: fade.shape })
    if (this.prev !== null && wholeEnd(this.prev) <= at) this.finishPrev()
    else if (this.prev !== null) endRun(this.prev, at, reason, fade, from)
    this.close()
  }

  finishPrev(): void {
    if (this.prev !== null) endWhole(this.prev, this.input.settings.declick, this.input.settings.cutFade)
  }

  /** What was on air has its end: the bus is free behind it. */
  close(): void {
    if (this.prev === null) return
    this.free = this.prev.end
    this.tail = this.prev
    this.prev = null
  }

  /** Puts a line on the bus at `at`; the one before must have been ended. */
  put(place: number, at: number, start: Start): Run {
    const line = this.line(place)
    const shape = this.shape(place)
    const slot = this.order.slots[place] ?? null
    const limit = limitOf(line, slot, this.input.mode, at)
    const ratio = this.ratioOf(line)
    const shortened = this.shortenedBy(line)
    const run = this.run(line.id, at, start, shape, ratio, line, place, null, slot)
    run.limit = limit.at
    run.limitReason = limit.reason
    if (start.until !== undefined && start.until < run.limit) this.tighten(run, start.until, 'fadedToTime')
    if (shortened > 0) this.tighten(run, at + playLength(shape, ratio) - shortened, 'fadedToTime')
    if (run.editCode === 'none') run.editCode = this.editCodeOf(line, ratio, shortened)
    this.settled[place] = 1
    this.group = this.order.groupOf[place] ?? this.group
    this.slot = slot ?? this.slot
    this.slotFresh = false
    const group = this.order.groupOf[place] ?? -1
    if (this.heads[group] === place) this.heads[group] = -1
    return run
  }

  putFill(id: string, item: FillItem, slot: PlayoutSlot | null, at: number, until: number, start: Start): Run {
    const run = this.run(id, at, start, shapeOfFill(item), 1, null, -1, item, slot)
    run.limit = until
    run.limitReason = 'fadedToTime'
    return run
  }

  private tighten(run: Run, at: number, reason: StopReason): void {
    if (at >= run.limit) return
    run.limit = at
    run.limitReason = reason
  }

  private editCodeOf(line: PlayoutLine, ratio: number, shortened: number): EditCode {
    if (shortened > 0) return 'fadedForTime'
    if (ratio !== 1) return ratio > 1 ? 'stretched' : 'squeezed'
    return line.dropped ? 'restoredForTime' : 'none'
  }

  private run(id: string, at: number, start: Start, shape: Shape, ratio: number, line: PlayoutLine | null, entry: number, fill: FillItem | null, slot: PlayoutSlot | null): Run {
    const from = start.from ?? shape.cueIn
    // Written out: ten thousand of these are made at each change of a full log.
    const run: Run = {
      id, entry, line, fill, slot, shape, ratio, start: at, from, limit: Number.POSITIVE_INFINITY, limitReason: 'natural', end: at, fadeIn: fadeInOf(shape, from, this.input.settings.declick), fadeOut: noFade, stopReason: 'natural',
      editCode: start.editCode ?? 'none', reason: start.reason, because: start.because ?? null, startSource: start.source, needsKey: start.needsKey ?? false, onAir: false,
    }
    if (this.silent === null) this.runs.push(run)
    this.prev = run
    return run
  }
}
