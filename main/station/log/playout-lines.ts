import { wallSamples } from '#common/playout/index.ts'
import type { PlayoutDay, PlayoutLine, PlayoutSlot, PlayoutTiming } from '#common/playout/index.ts'
import type { Timing } from '#contract/log.ts'
import type { Verdict } from './gate.ts'
import type { Day, StoredLine, StoredSlot } from './stored.ts'

/** BS1 ladder of what a log can hold; a person at a microphone is 5 (domain 2, playout 1). */
const OWN = 3
const RELAY = 4
const LIVE = 5
const MUSIC = 2

/** What is written in the log as the sequencer reads it: the same for the air, which executes it, and for every time a window shows. */
export function playoutLineOf(line: StoredLine, verdict: Verdict): PlayoutLine {
  const { standIn } = verdict
  const sound = verdict.sound ?? standIn ?? null
  const content = sound?.content ?? 'programme'
  return {
    id: line.id, itemId: standIn?.itemId ?? line.itemId, logId: line.broadcastDate, rev: line.rev, broadcastDate: line.broadcastDate, slotId: line.slotId, kind: line.kind, timing: playoutTimingOf(line.timing), transition: line.transition, lateMaxMs: line.lateMaxMs,
    after: line.after, plannedStart: line.initialAt === null ? null : wallSamples(line.initialAt), protected: line.protected, droppable: line.droppable, fillPriority: line.fillPriority, dropped: line.dropped, skip: line.skip,
    state: standIn === undefined ? verdict.state : 'ok', priority: line.kind === 'relay' ? RELAY : line.kind === 'live' ? LIVE : content === 'music' ? MUSIC : OWN, content: line.newsBlock === null ? content : 'news', newsBlockId: line.newsBlock,
    lengthSamples: standIn?.pcm.length ?? verdict.lengthSamples, endless: (line.kind === 'relay' && sound === null) || line.kind === 'live', endAt: line.relayEndsAt === null ? null : wallSamples(line.relayEndsAt), markers: standIn === undefined ? (line.markers ?? verdict.sound?.markers ?? null) : standIn.markers, hitPost: line.hitPost, stretchable: line.kind === 'audio' && sound !== null,
  }
}

/**
 * The same line for the times of a log. Times take it that people keep their word: somebody is there for a live line, and what has no end of its own
 * lasts as long as was planned.
 */
export function timedLineOf(line: StoredLine, verdict: Verdict): PlayoutLine {
  const made = playoutLineOf(line, verdict)
  if (!made.endless || line.lengthSamples === 0) return line.kind === 'live' ? { ...made, kind: 'audio' } : made
  return { ...made, kind: line.kind === 'live' ? 'audio' : made.kind, endless: made.endAt !== null }
}

/** A line that was heard counts for what it was then, whatever has become of its item. */
export function asHeard(made: PlayoutLine, line: StoredLine): PlayoutLine {
  return made.state === 'ok' ? made : { ...made, state: 'ok', lengthSamples: line.lengthSamples }
}

export function playoutTimingOf(timing: Timing): PlayoutTiming {
  if (timing.kind === 'follow') return timing
  return timing.kind === 'backtimed' ? { ...timing, endsAt: wallSamples(timing.endsAt) } : { ...timing, at: wallSamples(timing.at) }
}

export function playoutDayOf(day: Day): PlayoutDay {
  return { logId: day.broadcastDate, broadcastDate: day.broadcastDate, startsAt: wallSamples(day.startsAt), endsAt: wallSamples(day.endsAt) }
}

/** @param ruleEndAt where rules end it before its own end, UTC ms; null = nowhere */
export function playoutSlotOf(slot: StoredSlot, ruleEndAt: number | null): PlayoutSlot {
  return {
    id: slot.id, broadcastDate: slot.broadcastDate, startAt: wallSamples(slot.startAt), endAt: wallSamples(slot.endAt), onOverrun: slot.onOverrun, maxOverrunMs: slot.maxOverrunMs, onUnderrun: slot.onUnderrun, fillGroup: slot.fillGroup,
    ruleEndAt: ruleEndAt === null ? null : wallSamples(ruleEndAt), closing: null,
  }
}
