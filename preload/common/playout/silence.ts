import type { Anchor } from './log-order.ts'
import { limitOf } from './limits.ts'
import { isTooLate } from './reach.ts'
import { wholeEnd } from './run.ts'
import { openSegment } from './segments.ts'
import type { Refusal } from './standing.ts'
import type { WalkState } from './walk-state.ts'
import type { AfterKind } from './words.ts'

/** When the bus is the log's again. */
export function returnsAt(state: WalkState): number {
  return Math.max(state.silent?.at ?? state.input.now, state.input.now)
}

/** A timed line comes due before the bus is back: what stands before it has no turn any more. */
export function isOvertaken(state: WalkState, afterGroup: number, at: number): boolean {
  const pull = state.nextPull(afterGroup)
  return pull >= 0 && state.anchor(pull).latest <= at
}

/**
 * A line whose turn came while someone else had the bus, or nobody was there to play it. By its `after` it is joined, begun from its top, or gone;
 * what is gone keeps its time, so that the log stands where the clock says.
 */
export function passInSilence(state: WalkState, place: number, start: number, anchor: Anchor | null): void {
  const back = returnsAt(state)
  if (state.silent === null || start >= state.silent.at) {
    // It comes due after the return: the walk goes on from here as always.
    leaveSilence(state, Math.min(state.silent?.at ?? back, state.prev === null ? state.free : wholeEnd(state.prev)))
    return
  }
  const line = state.line(place)
  const group = state.order.groupOf[place] ?? -1
  const length = state.incoming(place).length
  const end = Math.min(start + length, limitOf(line, state.order.slots[place] ?? null, state.input.mode, start).at)
  const tooLate = isTooLate(line, anchor, back)
  const overtaken = isOvertaken(state, group, back)
  state.markBetween(state.place, place, start, null)
  state.place = Math.max(state.place, place + 1)
  // Written down as missed, it does not come back.
  const isWritten = state.input.happened.has(line.id)
  if (!isWritten && !tooLate && !overtaken && plays(line.after, end > back)) {
    state.silent = null
    state.prev = null
    state.free = back
    state.keyed = false
    state.put(place, back, line.after === 'join' ? { source: 'catchUp', reason: 'joinsInProgress', editCode: 'joinedInProgress', from: state.incoming(place).shape.cueIn + (back - start) } : { source: 'catchUp', reason: 'restarts' })
    openSegment(state)
    return
  }
  state.mark(place, missed(state, tooLate && (line.after !== 'join' || end > back)), start)
  state.settled[place] = 0
  state.put(place, start, { source: 'catchUp', reason: 'missedWhileDown' })
  // It would still be on: the log goes on behind it at once.
  if (end > back && !overtaken) leaveSilence(state, back)
}

export function leaveSilence(state: WalkState, at: number): void {
  state.silent = null
  state.prev = null
  state.tail = null
  state.free = at
  openSegment(state)
}

function plays(after: AfterKind, stillOn: boolean): boolean {
  switch (after) {
    case 'join': return stillOn
    case 'restart':
    case 'resume': return true
    case 'skip': return false
  }
}

export function missed(state: WalkState, tooLate: boolean): Refusal {
  if (tooLate) return { editCode: 'skippedLate', reason: 'tooLate' }
  return state.silent?.why === 'preempted' ? { editCode: 'preempted', reason: 'missedWhilePreempted' } : { editCode: 'skippedAtStartup', reason: 'missedWhileDown' }
}
