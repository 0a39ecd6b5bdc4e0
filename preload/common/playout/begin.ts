import type { Limit } from './limits.ts'
import { limitOf } from './limits.ts'
import type { Run } from './run.ts'
import { endRun, endWhole, fadeInOf, wholeEnd } from './run.ts'
import { noFade } from '../mix/index.ts'
import { voiceOnAir } from './post.ts'
import { openSegment } from './segments.ts'
import type { Shape } from './shape.ts'
import { playLength, shapeOfFill } from './shape.ts'
import { isOvertaken, leaveSilence, returnsAt } from './silence.ts'
import { isInterrupted, refusalOf, silenceOf } from './standing.ts'
import type { Happened, Returned, SequencerInput } from './types.ts'
import type { WalkState } from './walk-state.ts'
import type { AfterKind } from './words.ts'

/** Of a sound nobody knows any more: its line is out of the log and it is no fill. */
const unknownShape: Shape = { cueIn: 0, cueOut: Number.MAX_SAFE_INTEGER, fadeIn: 0, fadeOut: 0, cutsIn: false, cutsOut: false, intro: null, segueStart: null, segueEnd: Number.MAX_SAFE_INTEGER, endless: true, voice: false, music: false, hitPost: false }

/** The state at `now`: what sounds goes on, what was interrupted comes back as it should, and the log stands behind it. */
export function begin(state: WalkState): void {
  const { input, standing } = state
  const { latest, place } = standing
  if (place >= 0) {
    state.place = place + 1
    state.group = state.order.groupOf[place] ?? -1
    state.slot = state.order.slots[place] ?? null
  }
  enterFill(state, latest)
  const returned = silenceOf(input, latest)
  if (latest === null) {
    state.silent = state.automatic ? returned : null
    return
  }
  if (returned !== null) return comeBack(state, latest, returned)
  for (const tail of standing.tails) {
    const run = runOf(state, tail)
    // Music comes in under a voice that ends on the post; a voice over music began after it.
    if (tail.endsAt === null && (run.shape.hitPost || tail.start >= latest.start)) endWhole(run, input.settings.declick, input.settings.cutFade)
    else endRun(run, tail.endsAt ?? latest.start, tail.stopReason ?? 'segued', noFade)
    state.runs.push(run)
    state.tail = run
  }
  if (latest.end !== null) {
    state.free = Math.min(latest.end, input.now)
    if (latest.stopReason === 'operatorStop') waitForKey(state, 'waitsAfterStop')
    // A change of mode starts nothing by itself.
    else if (state.automatic && input.modeSince !== null && input.modeSince > latest.end) waitForKey(state, 'waitsForKey')
  } else {
    const run = runOf(state, latest)
    if (run.fill !== null && state.automatic) limitFill(state, run)
    state.runs.push(run)
    state.prev = run
    voiceOnAir(state)
  }
}

/** Fill makes way at the next fixed point. */
function limitFill(state: WalkState, run: Run): void {
  const place = state.nextPlace(state.place)
  const next = place < 0 ? null : (state.order.lines[place] ?? null)
  const pull = state.nextPull()
  const points = [next?.timing.kind === 'notBefore' ? next.timing.at : Number.POSITIVE_INFINITY, pull < 0 ? Number.POSITIVE_INFINITY : state.anchor(pull).earliest, state.slot?.endAt ?? Number.POSITIVE_INFINITY]
  const at = Math.min(...points)
  if (at > state.input.now) limitRun(run, at, 'fadedToTime')
}

function waitForKey(state: WalkState, reason: 'waitsAfterStop' | 'waitsForKey'): void {
  state.keyed = true
  state.keyReason = reason
}

/** Fill on air, or the last that was: the slot it began in is the one that is open. */
function enterFill(state: WalkState, latest: Happened | null): void {
  if (latest?.fill === null || latest === null) return
  const slot = state.input.slots.find(({ startAt, endAt }) => startAt <= latest.start && latest.start < endAt)
  if (slot === undefined) return
  state.slotFresh = state.slot !== slot
  state.slot = slot
  // The log stands behind the mark of that slot.
  const mark = state.order.lines.findIndex((line, at) => line === null && state.order.slots[at] === slot)
  if (mark >= state.place) state.place = mark + 1
}

/** What has happened to a line as a run that goes on. Taken out of the log, or not allowed any more, it goes out with a fade. */
function runOf(state: WalkState, happened: Happened): Run {
  const { input, order } = state
  const place = order.placeOf.get(happened.lineId) ?? -1
  const line = place < 0 ? null : state.line(place)
  const slot = place < 0 ? (happened.fill === null ? null : state.slot) : (order.slots[place] ?? null)
  const shape = line !== null ? state.shape(place) : happened.fill !== null ? shapeOfFill(happened.fill) : unknownShape
  const limit = limitOnAir(input, limitOf(line, slot, input.mode, happened.start))
  const run: Run = {
    id: happened.lineId, entry: place, line, fill: happened.fill, slot, shape, ratio: happened.ratio, start: happened.start, from: happened.from, limit: limit.at, limitReason: limit.reason, end: happened.start,
    fadeIn: fadeInOf(shape, happened.from, input.settings.declick), fadeOut: noFade, stopReason: 'natural', editCode: happened.editCode, reason: 'onAir', because: null, startSource: 'unknown', needsKey: false, onAir: true,
  }
  const fade = input.solved.find((change) => change.what === 'fade' && change.lineId === run.id)
  if (fade !== undefined && happened.from === shape.cueIn) limitRun(run, happened.start + playLength(shape, run.ratio) + fade.deltaSamples, 'fadedToTime')
  const withdrawn = happened.fill === null && (line === null || (line.state !== 'ok' && refusalOf({ ...line, skip: false }, shape, 'manual', true) !== null))
  if (withdrawn) limitRun(run, input.now + input.settings.cutFade, 'withdrawn')
  if (happened.endsAt !== null) {
    run.limit = happened.endsAt
    run.limitReason = happened.stopReason ?? run.limitReason
  }
  return run
}

/** What has run over its limit while a person held the log stays until its own end when the log takes over; else it goes out now. */
function limitOnAir({ now, modeSince, settings }: SequencerInput, limit: Limit): Limit {
  if (limit.at >= now) return limit
  const bySelf = limit.reason === 'fadedToTime' && modeSince !== null && modeSince > limit.at
  return { at: bySelf ? Number.POSITIVE_INFINITY : now + settings.cutFade, reason: limit.reason }
}

export function limitRun(run: Run, at: number, reason: Run['limitReason']): void {
  if (at >= wholeEnd(run)) return
  run.limit = Math.max(run.start, at)
  run.limitReason = reason
}

/** The bus is the log's again: by its `after`, or the way the station was told to resume, the interrupted line goes on or is gone. */
function comeBack(state: WalkState, latest: Happened, returned: Returned): void {
  state.silent = returned
  if (!isInterrupted(latest) || latest.fill !== null || state.order.placeOf.get(latest.lineId) === undefined) {
    state.free = latest.end ?? returned.since
    if (!state.automatic) leaveSilence(state, returnsAt(state))
    return
  }
  const run = runOf(state, { ...latest, endsAt: null, end: null })
  const stopped = latest.end ?? returned.since
  const saved = latest.from + Math.round((stopped - latest.start) / latest.ratio)
  const back = returnsAt(state)
  const overtaken = isOvertaken(state, -1, back) || wholeLimit(run) <= back || (returned.why === 'down' && crossesMidnight(state, run, back))
  const how = overtaken ? 'join' : afterOf(run, returned)
  const end = wholeEnd(run)
  const { line } = run
  const late = line?.lateMaxMs !== null && line?.lateMaxMs !== undefined && how !== 'join' && back - (how === 'resume' ? returned.since : latest.start) > line.lateMaxMs * 48
  if (!late && !overtaken && (how === 'join' ? end > back : how !== 'skip')) {
    state.silent = null
    state.free = back
    const from = how === 'restart' ? run.shape.cueIn : how === 'resume' ? saved : latest.from + Math.round((back - latest.start) / latest.ratio)
    state.put(run.entry, back, { source: 'catchUp', from, ...(how === 'restart' ? { reason: 'restarts' as const } : how === 'resume' ? { reason: 'resumes' as const } : { reason: 'joinsInProgress' as const, editCode: 'joinedInProgress' as const }), needsKey: returned.resume === 'lastState' })
    state.keyed = returned.resume === 'lastState'
    openSegment(state)
    return
  }
  if (!state.automatic || (!overtaken && (late || how === 'skip') && end > back)) return leaveSilence(state, back)
  // Its time is over, or another's has come: the walk goes on behind it in silence.
  state.prev = run
  endRun(run, end, run.limitReason, noFade)
}

/** Where something other than its own end would have ended it. */
function wholeLimit(run: Run): number {
  return run.limit
}

function crossesMidnight(state: WalkState, run: Run, back: number): boolean {
  const day = state.order.groups[state.order.groupOf[run.entry] ?? -1]?.day
  return day !== null && day !== undefined && day.endsAt <= back
}

function afterOf(run: Run, returned: Returned): AfterKind {
  switch (returned.resume) {
    case 'catchUp': return run.line?.after ?? 'join'
    case 'lastPosition':
    case 'lastState': return 'resume'
    case 'lastItem': return 'restart'
  }
}
