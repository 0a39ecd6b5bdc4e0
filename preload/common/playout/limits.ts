import type { PlayoutLine, PlayoutSlot } from './types.ts'
import type { PlayoutMode, StopReason } from './words.ts'

export interface Limit {
  readonly at: number
  readonly reason: StopReason
}

const unlimited: Limit = { at: Number.POSITIVE_INFINITY, reason: 'natural' }

/** The last priority that a session limit or a quiet hour stops. */
const RULED_PRIORITY = 5

/**
 * What ends a line whatever it still has to say. A person who holds the log in assist or manual may let a line run over its slot; a relay's fixed
 * out acts in assist too, a rule in every mode.
 * @param start wall sample where it begins
 */
export function limitOf(line: PlayoutLine | null, slot: PlayoutSlot | null, mode: PlayoutMode, start: number): Limit {
  let at = Number.POSITIVE_INFINITY
  let reason: StopReason = 'natural'
  if (mode === 'auto' && slot !== null && start < slot.endAt) {
    at = slot.onOverrun === 'cut' ? slot.endAt : slot.endAt + slot.maxOverrunMs * 48
    reason = 'fadedToTime'
  }
  if (mode !== 'manual' && line !== null) {
    if (line.timing.kind === 'backtimed' && line.timing.endsAt < at) {
      at = line.timing.endsAt
      reason = 'fadedToTime'
    }
    if (line.endAt !== null && line.endAt < at) {
      at = line.endAt
      reason = 'relayOut'
    }
  }
  if (slot !== null && slot.ruleEndAt !== null && slot.ruleEndAt < at && (line?.priority ?? 1) <= RULED_PRIORITY) {
    at = slot.ruleEndAt
    reason = 'ruleLimit'
  }
  return at === Number.POSITIVE_INFINITY ? unlimited : { at: Math.max(start, at), reason }
}

/** True when a rule forbids a start at this instant. */
export function forbidden(line: PlayoutLine, slot: PlayoutSlot | null, start: number): boolean {
  return slot !== null && slot.ruleEndAt !== null && start >= slot.ruleEndAt && line.priority <= RULED_PRIORITY
}
