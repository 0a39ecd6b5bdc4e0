import { z } from 'zod'
import { afterKinds, contentKinds, lineKinds, lineStates, onLateKinds, overrunPolicies, softPreferences, transitions, underrunPolicies } from '#common/playout/words.ts'
import { RelaySource } from '#contract/log-line.ts'
import { RelayLimits } from '#contract/relay.ts'
import { Id, SampleCount, Sha256 } from '#contract/shapes.ts'

/** Shapes of air/plan.json and of the journals. Instants are wall samples. */
const Wall = z.number().int()
const Mark = SampleCount.nullable()
const Markers = z.object({ cueIn: Mark, fadeInEnd: Mark, introStart: Mark, introEnd: Mark, segueStart: Mark, segueEnd: Mark, fadeOutStart: Mark, cueOut: Mark })
const OnReach = z.discriminatedUnion('kind', [z.object({ kind: z.literal('cut') }), z.object({ kind: z.literal('makeNext') }), z.object({ kind: z.literal('waitUpTo'), graceMs: z.number() })])
const Timing = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('follow') }),
  z.object({ kind: z.literal('hard'), at: Wall, onReach: OnReach }),
  z.object({ kind: z.literal('soft'), at: Wall, earlyMs: z.number(), lateMs: z.number(), prefer: z.enum(softPreferences), onReach: OnReach }),
  z.object({ kind: z.literal('notBefore'), at: Wall }),
  z.object({ kind: z.literal('backtimed'), endsAt: Wall, onReach: OnReach, onLate: z.enum(onLateKinds) }),
])
export const StoredFill = z.object({ id: z.string(), fillGroup: z.string().nullable(), lengthSamples: SampleCount, markers: Markers.nullable(), content: z.enum(contentKinds), fadesAnywhere: z.boolean() })
const Line = z.object({
  id: Id, itemId: Id.nullable(), logId: z.string(), rev: z.number().int(), broadcastDate: z.string(), slotId: z.string().nullable(), kind: z.enum(lineKinds), timing: Timing, transition: z.enum(transitions), lateMaxMs: z.number().nullable(), after: z.enum(afterKinds),
  plannedStart: Wall.nullable(), protected: z.boolean(), droppable: z.boolean(), fillPriority: z.number(), dropped: z.boolean(), skip: z.boolean(), state: z.enum(lineStates), priority: z.number().int(), content: z.enum(contentKinds), newsBlockId: z.string().nullable(),
  stretchable: z.boolean(), lengthSamples: SampleCount, endless: z.boolean(), endAt: Wall.nullable(), markers: Markers.nullable(), hitPost: z.boolean(),
})
const Slot = z.object({
  id: z.string(), broadcastDate: z.string(), startAt: Wall, endAt: Wall, onOverrun: z.enum(overrunPolicies), maxOverrunMs: z.number(), onUnderrun: z.enum(underrunPolicies), fillGroup: z.string().nullable(), ruleEndAt: Wall.nullable(), closing: StoredFill.nullable(),
})
export const StoredPcm = z.object({ path: z.string().min(1).max(4000), format: z.enum(['int16', 'int24', 'float32']), channels: z.number().int().min(1).max(8), dataOffsetBytes: z.number().int().nonnegative(), length: SampleCount, stamp: z.object({ sizeBytes: z.number(), modifiedMs: z.number() }).exactOptional() })
const Sound = z.object({ itemId: Id, title: z.string().max(400), sha256: Sha256, pcm: StoredPcm, gainDb: z.number().min(-120).max(60), markers: Markers.nullable(), content: z.enum(contentKinds), notBeforeMs: z.number().int().exactOptional() })

const Relay = RelayLimits.extend({ sourceId: Id, title: z.string().max(400), addresses: z.array(RelaySource).min(1).max(5).readonly() })

export const StoredProgramme = z.object({
  lines: z.array(z.object({ line: Line, bus: z.string(), title: z.string().max(400), itemId: Id.nullable(), sound: Sound.nullable(), relaySourceId: z.string().nullable(), isBackup: z.literal(true).exactOptional(), relay: Relay.exactOptional(), backups: z.array(Sound), targetUnitIds: z.array(Id) })).max(20_000),
  slots: z.array(z.object({ slot: Slot, bus: z.string(), title: z.string(), backups: z.array(Sound) })).max(5_000),
  days: z.array(z.object({ logId: z.string(), broadcastDate: z.string(), startsAt: Wall, endsAt: Wall })).max(60),
  fill: z.array(z.object({ item: StoredFill, sound: Sound })).max(2_000),
})
