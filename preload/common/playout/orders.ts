import { limitRun } from './begin.ts'
import { endRun, wallAt, wholeEnd } from './run.ts'
import type { Run } from './run.ts'
import { openSegment } from './segments.ts'
import { playLength, shapeOf } from './shape.ts'
import { isSilentKind, refusalOf } from './standing.ts'
import type { OrderAnswer, PlayoutLine, PlayoutOrder } from './types.ts'
import type { Start, WalkState } from './walk-state.ts'

/** 5 s: a second press within this time overrides a refusal. */
const SECOND_PRESS = 240_000

type StartOrder = Extract<PlayoutOrder, { kind: 'go' | 'nextNow' | 'makeNext' | 'goToNow' }>

/** Keys that nothing has begun after yet. The last start key counts; what it jumps over is marked. */
export function applyOrders(state: WalkState): void {
  const since = state.standing.latest?.start ?? Number.NEGATIVE_INFINITY
  let last: StartOrder | null = null
  for (const order of state.input.orders) {
    switch (order.kind) {
      case 'skip': {
        skip(state, order, since)
        break
      }
      case 'stop': {
        if (order.at > since) stop(state, order.at)
        answer(state, order, 'done')
        break
      }
      case 'go':
      case 'nextNow':
      case 'makeNext':
      case 'goToNow': {
        if (order.at <= since) answer(state, order, 'done')
        else last = order
      }
    }
  }
  if (last === null || state.silent !== null || state.input.hold !== null) {
    if (last !== null) answer(state, last, 'pending')
    openSegment(state)
    return
  }
  if (last.kind === 'goToNow') goToNow(state, last)
  else startByKey(state, last)
}

function answer(state: WalkState, order: PlayoutOrder, outcome: OrderAnswer['outcome'], why: OrderAnswer['why'] = null, warning: OrderAnswer['warning'] = null): void {
  state.answers.push({ orderId: order.id, outcome, why, warning })
}
function refuse(state: WalkState, order: PlayoutOrder, why: OrderAnswer['why']): void {
  answer(state, order, 'refused', why)
  openSegment(state)
}

function skip(state: WalkState, order: Extract<PlayoutOrder, { kind: 'skip' }>, since: number): void {
  const { prev, order: log } = state
  const place = log.placeOf.get(order.lineId)
  if (prev?.id === order.lineId) {
    if (order.at >= since) limitRun(prev, order.at + state.input.settings.cutFade, 'operatorSkip')
    return answer(state, order, 'done')
  }
  if (place === undefined) return answer(state, order, 'refused', 'unknownLine')
  if (state.standing.turns[place] !== 0) return answer(state, order, 'done')
  if (order.rev !== null && state.line(place).rev !== order.rev) return answer(state, order, 'refused', 'stale')
  const group = log.groupOf[place] ?? -1
  const anchor = log.groups[group]?.anchor ?? null
  state.mark(place, { editCode: 'skippedByOperator', reason: 'skippedByHand' }, anchor?.line === state.line(place) ? anchor.at : null)
  // What follows it keeps its time.
  if (state.heads[group] === place) {
    const next = state.nextPlace(place + 1)
    state.heads[group] = next >= 0 && log.groupOf[next] === group && log.lines[next]?.timing.kind === 'follow' ? next : -1
  }
  answer(state, order, 'done')
}

function stop(state: WalkState, at: number): void {
  const end = at + state.input.settings.cutFade
  if (state.prev !== null) limitRun(state.prev, end, 'operatorStop')
  if (state.tail !== null && state.tail.end > end) endRun(state.tail, end, state.tail.stopReason, state.tail.fadeOut)
  state.keyed = true
  state.keyReason = 'waitsAfterStop'
}

/** After a stop nobody chose the line that was on stands at its place and waits: the key is for it. */
function goesOn(state: WalkState, order: Exclude<StartOrder, { kind: 'goToNow' }>): boolean {
  const { prev } = state
  if (order.kind === 'makeNext' || prev === null || prev.onAir || !prev.needsKey || (order.lineId !== null && order.lineId !== prev.id)) return false
  prev.needsKey = false
  prev.startSource = 'manual'
  prev.because = order.id
  state.keyed = false
  answer(state, order, 'done')
  openSegment(state)
  return true
}

function startByKey(state: WalkState, order: Exclude<StartOrder, { kind: 'goToNow' }>): void {
  if (goesOn(state, order)) return
  const place = order.lineId === null ? nextByRule(state, order.at) : (state.order.placeOf.get(order.lineId) ?? -1)
  if (place < 0) return refuse(state, order, order.lineId === null ? 'nothingToDo' : 'unknownLine')
  const line = state.line(place)
  if (order.rev !== null && order.rev !== line.rev) return refuse(state, order, 'stale')
  if (state.standing.turns[place] !== 0) return refuse(state, order, 'alreadyPlayed')
  if (isSilentKind(line) || refusalOf({ ...line, skip: false }, state.shape(place), 'manual', true) !== null) return refuse(state, order, 'notPlayable')
  const { timing } = line
  const early = isEarly(line, order.at)
  if (order.kind === 'go' && timing.kind === 'notBefore' && early && state.input.mode === 'assist' && !isSecondPress(state, order)) return refuse(state, order, 'beforeItsTime')
  if (order.kind === 'makeNext') {
    passOver(state, place, order.at)
    state.madeNext = place
    state.place = place
    if (state.automatic) state.keyed = false
    answer(state, order, 'pending')
    openSegment(state)
    return
  }
  const late = lateBackTimed(state, line, order.at)
  if (late === 'skip') return refuse(state, order, 'nothingToDo')
  passOver(state, place, order.at)
  answer(state, order, 'done', null, early ? 'beforeItsTime' : isLate(line, order.at) ? 'afterItsTime' : null)
  begin(state, place, order, late ?? { source: 'manual', reason: 'byKey', because: order.id })
}

/** What a key without a name starts: a timed line that is due, else the next in order. */
function nextByRule(state: WalkState, at: number): number {
  const pull = state.nextPull()
  if (pull >= 0 && state.anchor(pull).earliest <= at) {
    // Of several that are due the latest: the others have been overtaken.
    let due = pull
    for (let other = state.nextPull(due); other >= 0 && state.anchor(other).at <= at; other = state.nextPull(due)) due = other
    return state.heads[due] ?? -1
  }
  let place = state.nextPlace(state.place)
  while (place >= 0 && state.order.lines[place] === null) place = state.nextPlace(place + 1)
  return place
}

/** Ends what is on air the way the key and the mode say, and begins the line. */
function begin(state: WalkState, place: number, order: Extract<PlayoutOrder, { kind: 'go' | 'nextNow' | 'goToNow' }>, start: Start): void {
  const { input, prev } = state
  const { cutFade, nextNowFade } = input.settings
  const line = state.line(place)
  let at = Math.max(order.at, input.now)
  if (prev !== null && wholeEnd(prev) > at) {
    const half = Math.floor(state.incoming(place).length / 2)
    const left = wholeEnd(prev) - at
    if (order.kind === 'go' && input.mode === 'manual') {
      at = wholeEnd(prev)
      if (!Number.isFinite(at)) return openSegment(state)
      state.finishPrev()
    } else if (order.kind === 'go' && input.mode === 'assist' && isDueCut(line, order.at)) {
      at = Math.max(order.at + cutFade, input.now)
      state.cut(at, 'cutByHardStart', { length: cutFade, shape: 'linear' }, order.at)
    } else if (order.kind === 'go' && input.mode === 'assist') {
      const fade = Math.min(segueTail(prev) ?? nextNowFade, half, left)
      endRun(prev, at + fade, 'segued', { length: fade, shape: 'equalPower' })
    } else {
      const fade = Math.min(nextNowFade, half, left)
      endRun(prev, at + fade, 'operatorSkip', { length: fade, shape: 'linear' })
    }
    if (state.tail !== null && state.tail.end > at) endRun(state.tail, at, state.tail.stopReason, state.tail.fadeOut)
    state.close()
  } else {
    state.finishPrev()
    state.close()
  }
  state.keyed = false
  state.put(place, at, start)
  state.place = place + 1
  openSegment(state)
}

function segueTail(prev: Run): number | null {
  return prev.shape.segueStart === null || prev.shape.endless ? null : wallAt(prev, prev.shape.segueEnd) - wallAt(prev, prev.shape.segueStart)
}

function isDueCut(line: PlayoutLine, at: number): boolean {
  const { timing } = line
  return (timing.kind === 'hard' && timing.at <= at && timing.onReach.kind === 'cut')
}
function isEarly({ timing }: PlayoutLine, at: number): boolean {
  switch (timing.kind) {
    case 'follow':
    case 'backtimed': return false
    case 'hard':
    case 'notBefore': return at < timing.at
    case 'soft': return at < timing.at - timing.earlyMs * 48
  }
}
function isLate({ timing }: PlayoutLine, at: number): boolean {
  return timing.kind === 'soft' && at > timing.at + timing.lateMs * 48
}
function isSecondPress(state: WalkState, order: PlayoutOrder & { lineId: string | null }): boolean {
  return state.input.orders.some((other) => other !== order && other.kind === 'go' && other.lineId === order.lineId && other.at <= order.at && order.at - other.at <= SECOND_PRESS)
}

/** A backtimed line whose key comes late does what its `onLate` says; in manual it plays from its top. Null = it is not late. */
function lateBackTimed(state: WalkState, line: PlayoutLine, at: number): Start | 'skip' | null {
  const { timing } = line
  if (timing.kind !== 'backtimed' || state.input.mode === 'manual') return null
  const shape = shapeOf(line)
  const late = at - (timing.endsAt - playLength(shape))
  if (late <= 0) return null
  if (timing.onLate === 'skip' || at >= timing.endsAt) return 'skip'
  return timing.onLate === 'join' ? { source: 'manual', reason: 'backtimedJoin', from: shape.cueIn + late, editCode: 'joinedInProgress' } : { source: 'manual', reason: 'backtimedTrim', editCode: 'fadedForTime' }
}

/** Lines between here and one that a person brings forward lose their turn; a timed line among them keeps its time when that is still to come. */
function passOver(state: WalkState, to: number, at: number): void {
  const group = state.order.groupOf[to] ?? -1
  const anchor = state.order.groups[group]?.anchor ?? null
  const timed = anchor !== null && state.heads[group] === to && anchor.at <= at
  for (let place = state.place; place < to; place++) {
    const line = state.order.lines[place]
    if (line === null) state.slot = state.order.slots[place] ?? state.slot
    if (line === null || line === undefined) continue
    const own = state.order.groupOf[place] ?? -1
    const pulls = own !== group && (state.heads[own] ?? -1) >= 0
    if (pulls && state.anchor(own).at > at) continue
    if (pulls && state.heads[own] === place) state.heads[own] = -1
    state.markBetween(place, place + 1, at, timed ? { editCode: 'skippedByHardStart', reason: 'jumpedByHardStart' } : { editCode: 'skippedByOperator', reason: 'skippedByHand' }, state.line(to).id, true)
  }
}

/** To where the clock says, by the times of the published plan. */
function goToNow(state: WalkState, order: Extract<PlayoutOrder, { kind: 'goToNow' }>): void {
  let target = -1
  let due = Number.NEGATIVE_INFINITY
  for (let place = state.place; place < state.order.lines.length; place++) {
    const line = state.order.lines[place]
    if (line === null || line === undefined || state.settled[place] !== 0 || isSilentKind(line) || refusalOf(line, state.shape(place), state.input.mode, false) !== null) continue
    const planned = plannedOf(state, place)
    if (planned === null || planned > order.at) continue
    target = place
    due = planned
  }
  if (target < 0) return refuse(state, order, 'nothingToDo')
  const line = state.line(target)
  const shape = state.shape(target)
  const over = due + playLength(shape) <= order.at
  const until = over ? target + 1 : target
  for (let place = state.place; place < until; place++) {
    if (state.order.lines[place] === null) state.slot = state.order.slots[place] ?? state.slot
    state.markBetween(place, place + 1, order.at, { editCode: 'skippedByGoToNow', reason: 'skippedByGoToNow' }, line.id, true)
    const group = state.order.groupOf[place] ?? -1
    if (state.heads[group] === place) state.heads[group] = -1
  }
  answer(state, order, 'done')
  if (over) {
    state.place = until
    openSegment(state)
    return
  }
  const joins = line.after === 'join' && order.at > due
  begin(state, target, order, { source: 'manual', reason: 'goToNow', ...(joins ? { from: shape.cueIn + (Math.max(order.at, state.input.now) - due), editCode: 'joinedInProgress' as const } : {}) })
}

function plannedOf(state: WalkState, place: number): number | null {
  const group = state.order.groups[state.order.groupOf[place] ?? -1]
  const line = state.line(place)
  return group?.anchor?.line === line ? group.anchor.at : line.plannedStart
}
