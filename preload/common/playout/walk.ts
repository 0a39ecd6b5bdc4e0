import { forbidden } from './limits.ts'
import type { Anchor } from './log-order.ts'
import type { OnPost } from './post.ts'
import { onPost, rideOn } from './post.ts'
import type { Arrival } from './reach.ts'
import { arrivalOf, firmArrival, isTooLate, takesJunction } from './reach.ts'
import type { HandOver } from './run.ts'
import { stepSamples, wholeEnd } from './run.ts'
import { fillTo, openSegment } from './segments.ts'
import { passInSilence } from './silence.ts'
import type { Refusal } from './standing.ts'
import type { PlayoutLine, PlayoutSlot } from './types.ts'
import type { Start, WalkState } from './walk-state.ts'
import type { ReasonCode } from './words.ts'

/** 2 s: a timed line that is later than this for no other reason was missed; sooner it plays from its top. */
const MISSED = 96_000

const jumped: Refusal = { editCode: 'skippedByHardStart', reason: 'jumpedByHardStart' }

/** From where the state stands to the end of the log. */
export function walk(state: WalkState): void {
  // Each step lays out a line, passes one, or opens a slot; the bound only keeps a mistake here from stopping the air.
  for (let left = 4 * (state.order.lines.length + state.order.groups.length) + 16; left > 0; left--) if (!step(state)) return
}

function step(state: WalkState): boolean {
  const place = state.nextPlace(state.place)
  const pull = state.nextPull()
  if (place < 0) return pull < 0 ? finish(state) : arrive(state, pull)
  const opens = state.order.lines[place] === null ? (state.order.slots[place] ?? null) : null
  if (opens !== null) return pull >= 0 && state.anchor(pull).at < opens.startAt ? arrive(state, pull) : openSlot(state, place, opens)
  return pull >= 0 && place === state.heads[pull] && place !== state.madeNext ? arrive(state, pull) : follow(state, place, pull)
}

/** A slot opens: what is before it ends, or runs into it; the hole between is the old slot's. */
function openSlot(state: WalkState, place: number, slot: PlayoutSlot): boolean {
  state.markBetween(state.place, place, slot.startAt, null)
  if ((state.prev === null ? state.free : wholeEnd(state.prev)) < slot.startAt) {
    state.finishPrev()
    state.close()
    fillTo(state, slot.startAt)
    state.free = Math.max(state.free, slot.startAt)
  }
  state.slot = slot
  state.place = place + 1
  state.slotFresh = true
  openSegment(state)
  return true
}

/** A line without a time of its own, unless a timed line takes its place. */
function follow(state: WalkState, place: number, pull: number): boolean {
  const line = state.line(place)
  const next = state.incoming(place)
  const over = state.handOverTo(next)
  const slot = state.order.slots[place] ?? null
  const notBefore = line.timing.kind === 'notBefore' ? line.timing.at : Number.NEGATIVE_INFINITY
  // What a person has made next waits for nothing but the junction.
  const forced = place === state.madeNext
  const start = forced ? over.start : Math.max(over.start, slot?.startAt ?? over.start, notBefore)
  if (pull >= 0 && state.heads[pull] !== place) {
    const anchor = state.anchor(pull)
    // Behind a line that waits for a key there are no junctions to choose from: a timed line then comes at its time.
    const waits = state.automatic && (state.keyed || line.transition === 'stop')
    const soft = anchor.line.timing.kind === 'soft' && !waits ? state.incoming(state.heads[pull] ?? place) : null
    const junction = soft === null ? start : state.handOverTo(soft).start
    if (waits ? start >= anchor.at : takesJunction(anchor, start, junction, soft === null ? start : start + stepSamples(next.shape, state.ratioOf(line), soft))) return arrive(state, pull)
  }
  if (!Number.isFinite(start)) return strand(state)
  const pair = forced ? null : onPost(state, place)
  if (pair !== null && followRefusal(state, place, line, slot, pair.musicStart, over) === null) return followPair(state, place, pair)
  const refusal = forced && !forbidden(line, slot, start) ? null : followRefusal(state, place, line, slot, start, over)
  if (refusal !== null) {
    state.markBetween(state.place, place, start, null)
    state.mark(place, refusal, refusal.reason === 'noAnchor' ? null : start)
    state.place = place + 1
    return true
  }
  if (state.silent !== null) {
    passInSilence(state, place, start, null)
    return true
  }
  state.markBetween(state.place, place, start, null)
  const how: Start = forced ? { source: start < over.prevEnd ? 'segue' : 'play', reason: 'madeNext' } : followStart(state, line, { slot, notBefore, start, over })
  state.leave(start, over, sameMaterial(state, line))
  fillTo(state, start)
  state.close()
  state.put(place, start, keyedStart(state, line, how))
  state.place = place + 1
  // A hole before it was the end of a segment.
  if (how.reason === 'heldToTime') openSegment(state)
  return true
}

/** Music begins, and the voice before it in the log rides on its intro. */
function followPair(state: WalkState, place: number, pair: OnPost): boolean {
  const music = state.line(pair.music)
  state.markBetween(state.place, place, pair.musicStart, null)
  state.markBetween(place + 1, pair.music, pair.musicStart, null)
  const start: Start = pair.musicStart < pair.prevEnd ? { source: 'segue', reason: 'segues', because: state.prev?.id ?? null } : { source: 'play', reason: 'follows', because: state.prev?.id ?? null }
  state.leave(pair.musicStart, { start: pair.musicStart, prevEnd: pair.prevEnd }, sameMaterial(state, music))
  state.close()
  state.put(pair.music, pair.musicStart, keyedStart(state, music, start))
  rideOn(state, place, pair.voiceStart)
  state.place = pair.music + 1
  return true
}

/** What is on air has no end and no timed line comes: nothing after it has a place in time. */
function strand(state: WalkState): boolean {
  state.finishPrev()
  state.markBetween(state.place, state.order.lines.length, null, { editCode: 'none', reason: 'waitsForEnd' }, state.prev?.id ?? null)
  return false
}

function followRefusal(state: WalkState, place: number, line: PlayoutLine, slot: PlayoutSlot | null, start: number, over: HandOver): Refusal | null {
  const groupIndex = state.order.groupOf[place] ?? -1
  const group = state.order.groups[groupIndex]
  if (forbidden(line, slot, start)) return { editCode: 'skippedByRule', reason: 'ruleEnd' }
  if (!state.automatic) return null
  if (group?.headless === true && groupIndex !== state.group) {
    // It goes on only from what sounds into its day.
    const soundsInto = knowsItsPlace(state) && group.day !== null && Math.min(over.start, over.prevEnd) >= group.day.startsAt && (state.prev !== null || state.free >= group.day.startsAt)
    if (!soundsInto) return { editCode: 'none', reason: 'noAnchor' }
  }
  if (slot !== null && start >= slot.endAt) return { editCode: 'droppedForTime', reason: 'slotOver' }
  return state.silent === null && isTooLate(line, null, start) ? { editCode: 'skippedLate', reason: 'tooLate' } : null
}

/** What sounds, or sounded last, stands in the log; or it was taken out of it this moment. */
function knowsItsPlace({ group, prev, free, input, standing }: WalkState): boolean {
  return group >= 0 || prev !== null || (standing.latest?.stopReason === 'withdrawn' && free > input.now - input.settings.silenceMax)
}

function followStart(state: WalkState, line: PlayoutLine, at: { slot: PlayoutSlot | null; notBefore: number; start: number; over: HandOver }): Start {
  const { slot, notBefore, start, over } = at
  if (line.timing.kind === 'notBefore') {
    if (start === notBefore) return { source: 'time', reason: 'heldToTime' }
    if (start > notBefore) return { source: start < over.prevEnd ? 'segue' : 'play', reason: 'lateNotBefore' }
  }
  if (slot !== null && state.slotFresh && state.slot === slot) return start === slot.startAt ? { source: 'time', reason: 'slotOpens', because: slot.id } : { source: start < over.prevEnd ? 'segue' : 'play', reason: 'slotOpensLate', because: slot.id }
  if (start < over.prevEnd) return { source: 'segue', reason: 'segues', because: state.prev?.id ?? null }
  return { source: 'play', reason: 'follows', because: state.prev?.id ?? null }
}

/** Who starts it: the log in auto, else a person. */
function keyedStart(state: WalkState, line: PlayoutLine, start: Start): Start {
  let reason: ReasonCode = start.reason
  if (!state.automatic) {
    if (!state.keyed) reason = 'waitsForKey'
    state.keyed = true
  } else if (line.transition === 'stop') {
    reason = 'waitsForTransition'
    state.keyed = true
  } else if (start.source === 'time') state.keyed = false
  else if (state.keyed && !state.keyShown) reason = state.keyReason
  if (state.keyed) state.keyShown = true
  return state.keyed ? { ...start, reason, needsKey: true } : start
}

/** A timed line comes: at its time, at a junction, or by cutting what is on air. */
function arrive(state: WalkState, group: number): boolean {
  const head = state.heads[group] ?? -1
  const anchor = state.anchor(group)
  const line = state.line(head)
  const over = state.handOverTo(state.incoming(head))
  const slot = state.order.slots[head] ?? null
  const predicted = state.automatic && state.prev?.needsKey === true
  const arrival = predicted ? firmArrival(anchor, state.floor) : arrivalOf(anchor, over.start, { cutting: state.automatic, floor: state.floor, cutFade: state.input.settings.cutFade })
  const { at } = arrival
  if (!Number.isFinite(at)) return strand(state)
  const other = state.nextPull(group)
  // Another comes due before this one gets the bus: it takes its turn.
  if (other >= 0 && state.anchor(other).latest <= at && state.anchor(other).at !== anchor.at) return isLost(state, other) || giveWay(state, group, other)
  const missed = missedBy(state, anchor, arrival)
  const refusal = arrivalRefusal(state, line, anchor, slot, at) ?? missedRefusal(state, head, missed)
  if (refusal !== null) {
    state.mark(head, refusal, at)
    state.heads[group] = -1
    if (head === state.place) state.place = head + 1
    return true
  }
  if (head > state.place) enterBetween(state, head, at, line.id)
  if (state.silent !== null) {
    passInSilence(state, head, at, anchor)
    return true
  }
  const start = missed > MISSED && line.after === 'join' ? joinStart(state.shape(head).cueIn + missed) : arrivalStart(state, anchor, state.shape(head).cueIn, arrival, over)
  if (arrival.cut) state.cut(at, arrival.graceRan ? 'graceExpired' : 'cutByHardStart', { length: state.input.settings.cutFade, shape: 'linear' }, state.input.now)
  else {
    state.leave(at, over, sameMaterial(state, line))
    fillTo(state, at)
  }
  state.close()
  if (state.automatic) state.keyed = false
  state.put(head, at, state.automatic ? start : keyedStart(state, line, start))
  state.place = head + 1
  openSegment(state)
  return true
}

/** Samples since its time, when nothing that was on air then made it wait. */
function missedBy(state: WalkState, anchor: Anchor, { at, cut, graceRan }: Arrival): number {
  if (state.silent !== null || graceRan) return 0
  return cut || (state.prev === null && state.free <= anchor.latest) ? Math.max(0, at - anchor.latest) : 0
}

/** Its time went by with nobody to start it (a clock set forward, a log loaded late): its `after` decides, as after an interruption. */
function missedRefusal(state: WalkState, head: number, missed: number): Refusal | null {
  if (!state.automatic || missed <= MISSED) return null
  const { after } = state.line(head)
  return after === 'skip' || (after === 'join' && missed >= state.incoming(head).length) ? { editCode: 'skippedLate', reason: 'tooLate' } : null
}

function joinStart(from: number): Start {
  return { source: 'catchUp', reason: 'joinsInProgress', editCode: 'joinedInProgress', from }
}

/** What stands between here and a timed line that comes now is jumped over; slots that opened meanwhile are open. */
function enterBetween(state: WalkState, head: number, at: number, because: string): void {
  state.markBetween(state.place, head, at, jumped, because)
  for (let place = state.place; place < head; place++) if (state.order.lines[place] === null) state.slot = state.order.slots[place] ?? state.slot
}

/** One that is too late itself takes nobody's turn. */
function isLost(state: WalkState, group: number): boolean {
  const head = state.heads[group] ?? -1
  const anchor = state.anchor(group)
  const at = Math.max(anchor.at, state.floor)
  const refusal = arrivalRefusal(state, state.line(head), anchor, state.order.slots[head] ?? null, at) ?? (state.silent === null ? missedRefusal(state, head, at - anchor.latest) : null)
  if (refusal === null) return false
  state.mark(head, refusal, at)
  state.heads[group] = -1
  return true
}

function giveWay(state: WalkState, group: number, other: number): boolean {
  const { first, end } = state.order.groups[group] ?? { first: 0, end: 0 }
  const by = state.anchor(other)
  state.markBetween(Math.min(state.place, first), end, by.at, jumped, by.line.id)
  state.heads[group] = -1
  state.place = Math.max(state.place, end)
  return true
}

function arrivalRefusal(state: WalkState, line: PlayoutLine, anchor: Anchor, slot: PlayoutSlot | null, at: number): Refusal | null {
  if (forbidden(line, slot, at)) return { editCode: 'skippedByRule', reason: 'ruleEnd' }
  if (state.automatic && state.silent === null && isTooLate(line, anchor, at)) return { editCode: 'skippedLate', reason: 'tooLate' }
  const { timing } = line
  if (timing.kind !== 'backtimed' || at <= anchor.at || state.input.mode === 'manual') return null
  return timing.onLate === 'skip' || at >= timing.endsAt ? { editCode: 'skippedLate', reason: 'backtimedTooLate' } : null
}

function arrivalStart(state: WalkState, anchor: Anchor, cueIn: number, arrival: Arrival, over: HandOver): Start {
  const { timing } = anchor.line
  const { at } = arrival
  if (timing.kind === 'backtimed' && at > anchor.at) {
    return timing.onLate === 'join' ? { source: 'time', reason: 'backtimedJoin', from: cueIn + (at - anchor.at), editCode: 'joinedInProgress' } : { source: 'time', reason: 'backtimedTrim', editCode: 'fadedForTime' }
  }
  if (arrival.graceRan) return { source: 'time', reason: 'graceRan' }
  if (arrival.late && !arrival.cut) return { source: at < over.prevEnd ? 'segue' : 'play', reason: anchor.second ? 'secondAtSameTime' : timing.kind === 'soft' ? 'softWindowOver' : 'nextAtItsTime', because: state.prev?.id ?? null }
  if (timing.kind === 'backtimed') return { source: 'time', reason: 'backtimedStart' }
  if (timing.kind === 'soft') return { source: 'time', reason: arrival.cut ? 'softWindowOver' : over.start < anchor.earliest ? 'softFilledToWindow' : 'softJunction' }
  return { source: 'time', reason: 'atItsTime' }
}

function sameMaterial(state: WalkState, line: PlayoutLine): boolean {
  return line.itemId !== null && state.prev?.line?.itemId === line.itemId
}

/** The log is at its end: the last line plays whole, and its slot is filled or closed. */
function finish(state: WalkState): boolean {
  state.finishPrev()
  state.close()
  if (state.slot !== null) fillTo(state, state.slot.endAt)
  state.markBetween(state.place, state.order.lines.length, Number.isFinite(state.free) ? state.free : null, null)
  for (const group of state.order.groups) placeTheRest(state, group)
  return false
}

/** Of a timed group that nothing before it leads to, lines taken out by hand would have stood at its time: they are told then, not never. */
function placeTheRest(state: WalkState, { anchor, first, end }: WalkState['order']['groups'][number]): void {
  if (anchor === null) return
  for (let place = first; place < end; place++) {
    const mark = state.marks[place]
    if (mark?.editCode === 'skippedByOperator' && mark.start === null) state.marks[place] = { ...mark, start: anchor.at }
  }
}
