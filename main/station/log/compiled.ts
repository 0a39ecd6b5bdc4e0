import { instantOf } from '#common/timing/predict.ts'
import { wallSamples } from '#common/playout/index.ts'
import type { PlayoutDay, PlayoutLine, PlayoutSlot, PlayoutTiming } from '#common/playout/index.ts'
import { samples } from '#common/units/samples.ts'
import type { Timing } from '#contract/log.ts'
import type { CompiledLine, CompiledSlot, PassedSound, PlannedPlay } from '../faces.ts'
import type { Gate, Verdict } from './gate.ts'
import type { PlannedLine } from './rundown.ts'
import type { Day, StoredLine, StoredSlot } from './stored.ts'

/** BS1 ladder of what a log can hold; a person at a microphone is 5 (domain 2, playout 1). */
const OWN = 3
const RELAY = 4
const LIVE = 5
const MUSIC = 2

export function playoutLineOf(line: StoredLine, verdict: Verdict): PlayoutLine {
  const content = verdict.sound?.content ?? 'programme'
  return {
    id: line.id, itemId: line.itemId, logId: line.broadcastDate, rev: line.rev, broadcastDate: line.broadcastDate, slotId: line.slotId, kind: line.kind, timing: playoutTimingOf(line.timing), transition: line.transition, lateMaxMs: line.lateMaxMs,
    after: line.after, plannedStart: line.initialAt === null ? null : wallSamples(line.initialAt), protected: line.protected, droppable: line.droppable, fillPriority: line.fillPriority, dropped: line.dropped, skip: line.skip,
    state: verdict.state, priority: line.kind === 'relay' ? RELAY : line.kind === 'live' ? LIVE : content === 'music' ? MUSIC : OWN, content: line.newsBlock === null ? content : 'news', newsBlockId: line.newsBlock,
    lengthSamples: verdict.lengthSamples, endless: line.kind === 'relay' || line.kind === 'live', endAt: line.relayEndsAt === null ? null : wallSamples(line.relayEndsAt), markers: line.markers ?? verdict.sound?.markers ?? null, hitPost: line.hitPost, stretchable: line.kind === 'audio' && verdict.sound !== null,
  }
}

export function playoutTimingOf(timing: Timing): PlayoutTiming {
  if (timing.kind === 'follow') return timing
  return timing.kind === 'backtimed' ? { ...timing, endsAt: wallSamples(timing.endsAt) } : { ...timing, at: wallSamples(timing.at) }
}

export function playoutDayOf(day: Day): PlayoutDay {
  return { logId: day.broadcastDate, broadcastDate: day.broadcastDate, startsAt: wallSamples(day.startsAt), endsAt: wallSamples(day.endsAt) }
}

export function playoutSlotOf(slot: StoredSlot, ruleEndAt: number | null): PlayoutSlot {
  return {
    id: slot.id, broadcastDate: slot.broadcastDate, startAt: wallSamples(slot.startAt), endAt: wallSamples(slot.endAt), onOverrun: slot.onOverrun, maxOverrunMs: slot.maxOverrunMs, onUnderrun: slot.onUnderrun, fillGroup: slot.fillGroup,
    ruleEndAt: ruleEndAt === null ? null : wallSamples(ruleEndAt), closing: null,
  }
}

export function compiledLineOf({ line, verdict }: PlannedLine, gate: Gate): CompiledLine {
  return {
    line: playoutLineOf(line, verdict), bus: line.bus, title: verdict.title, itemId: line.itemId, sound: verdict.sound, relaySourceId: line.kind === 'relay' && verdict.state === 'ok' ? line.relaySourceId : null,
    backups: passing(line.backupItemIds, gate), targetUnitIds: line.targetUnitIds,
  }
}

export function compiledSlotOf(slot: StoredSlot, gate: Gate, ruleEndAt: number | null): CompiledSlot {
  return { slot: playoutSlotOf(slot, ruleEndAt), bus: slot.bus, title: slot.title, backups: passing(slot.backupItemIds, gate) }
}

function passing(itemIds: readonly string[], gate: Gate): PassedSound[] {
  return itemIds.flatMap((itemId) => gate.readyItem(itemId).sound ?? [])
}

/** Null when the line may not sound, is no file or has no time. */
export function playOf({ line, predicted, verdict }: PlannedLine): PlannedPlay | null {
  const { sound } = verdict
  if (sound === null || predicted.state !== 'planned' || predicted.start === null || predicted.end === null) return null
  return {
    lineId: line.id, broadcastDate: line.broadcastDate, itemId: sound.itemId, title: sound.title, sha256: sound.sha256, pcm: sound.pcm, gainDb: sound.gainDb, startAt: instantOf(predicted.start),
    playSamples: samples(Math.min(predicted.end - predicted.start, sound.pcm.length)), chainStart: predicted.chainStart, cut: predicted.cut, targetUnitIds: line.targetUnitIds, ...(line.bus === 'main' ? {} : { bus: line.bus }),
  }
}

/** The plan without an item: what is left when it is taken back this very moment. */
export function withoutItem<P extends { readonly plays: readonly PlannedPlay[]; readonly lines: readonly CompiledLine[]; readonly slots: readonly CompiledSlot[]; readonly fill: readonly { readonly sound: PassedSound }[] }>(plan: P, itemId: string): P {
  const others = (sounds: readonly PassedSound[]): readonly PassedSound[] => (sounds.some((sound) => sound.itemId === itemId) ? sounds.filter((sound) => sound.itemId !== itemId) : sounds)
  return {
    ...plan, plays: plan.plays.filter((play) => play.itemId !== itemId), fill: plan.fill.filter(({ sound }) => sound.itemId !== itemId), slots: plan.slots.map((slot) => ({ ...slot, backups: others(slot.backups) })),
    lines: plan.lines.map((line) => (line.sound?.itemId === itemId ? { ...line, sound: null, line: { ...line.line, state: 'notApproved' as const }, backups: others(line.backups) } : { ...line, backups: others(line.backups) })),
  }
}
