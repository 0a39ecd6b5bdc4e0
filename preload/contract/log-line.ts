import { z } from 'zod'
import { afterKinds, lineKinds, lineOrigins, lineStates, lineStatuses, onLateKinds, overrunPolicies, reasonCodes, softPreferences, transitions, underrunPolicies } from '#common/playout/words.ts'
import { SolverProposal } from './air.ts'
import { BroadcastDate, Id, InstantMs, Rev, SampleCount, Text, Title } from './shapes.ts'

export const LineKind = z.enum(lineKinds)
export const Transition = z.enum(transitions)
export const AfterBreak = z.enum(afterKinds)
export const LineStatus = z.enum(lineStatuses)
export const LineState = z.enum(lineStates)
export type LineKind = z.infer<typeof LineKind>
export type LineStatus = z.infer<typeof LineStatus>
export type LineState = z.infer<typeof LineState>

const GraceMs = z.number().int().min(0).max(3_600_000)
/** What happens to the line before when a timed line comes due: cut with a fade, come next, or wait for its end no longer than that. */
export const OnReach = z.discriminatedUnion('kind', [z.object({ kind: z.literal('cut') }), z.object({ kind: z.literal('makeNext') }), z.object({ kind: z.literal('waitUpTo'), graceMs: GraceMs })])
export type OnReach = z.infer<typeof OnReach>
/** follow = when the line before it ends. All others are bound to an instant of their own broadcast day. */
export const Timing = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('follow') }),
  z.object({ kind: z.literal('hard'), at: InstantMs, onReach: OnReach.default({ kind: 'cut' }) }),
  z.object({ kind: z.literal('soft'), at: InstantMs, earlyMs: GraceMs, lateMs: GraceMs, prefer: z.enum(softPreferences).default('closest'), onReach: OnReach.default({ kind: 'makeNext' }) }),
  z.object({ kind: z.literal('notBefore'), at: InstantMs }),
  z.object({ kind: z.literal('backtimed'), endsAt: InstantMs, onReach: OnReach.default({ kind: 'cut' }), onLate: z.enum(onLateKinds).default('join') }),
])
export type Timing = z.infer<typeof Timing>

const Mark = SampleCount.nullable()
/** Places in the item, in its samples; null = as the item has it. In order, and within the item (a breaking change is refused by name). */
export const Markers = z.object({ cueIn: Mark, fadeInEnd: Mark, introStart: Mark, introEnd: Mark, segueStart: Mark, segueEnd: Mark, fadeOutStart: Mark, cueOut: Mark })

/** Who made a line: a person, a planning step, another unit. */
export const LineOrigin = z.enum(lineOrigins)
/** Bus a line sounds on; areas that hear another programme have their own. */
export const Bus = z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/)
/** Name of a line, a slot, a group of items in the list it came from. */
const Ref = z.string().max(200)

/** Where the sound of a relay comes from: a stream of another station, or a file whose name says its date (`{yyyy}`, `{MM}`, `{dd}`, `{HH}`). */
export const RelaySource = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('stream'), url: z.url({ protocol: /^https?$/ }).max(1000) }),
  z.object({ kind: z.literal('fileByDate'), path: z.string().trim().min(1).max(500) }),
])
export type RelaySource = z.infer<typeof RelaySource>

/** What a person may change of a line, beside its place. */
export const LineFields = z.object({
  /** Of a line without an item: one with an item is shown by the title its item has now. */
  title: Title, text: Text, itemId: Id.nullable(), relaySourceId: Id.nullable(),
  /** Of lines without an item (live, relay, track to come): how long they are meant to last. 0 = not known. */
  plannedSamples: SampleCount.max(48_000 * 86_400),
  timing: Timing, transition: Transition, lateMaxMs: z.number().int().min(0).max(86_400_000).nullable(), after: AfterBreak,
  /** The solver leaves a protected line alone and may drop a droppable one, the lowest `fillPriority` first; `dropped` = left out to fit, may come back; `skip` = a person said so. */
  protected: z.boolean(), droppable: z.boolean(), fillPriority: z.number().int().min(0).max(100), dropped: z.boolean(), skip: z.boolean(),
  /** A voice that ends where the singing begins; lines of one news block keep together. */
  hitPost: z.boolean(), newsBlock: Ref.nullable(),
  /** Fixed out of a relay, and its sources in the order they are tried (none = the registered one of `relaySourceId`). */
  relayEndsAt: InstantMs.nullable(), relaySources: z.array(RelaySource).max(5).readonly(),
  markers: Markers.nullable(), backupItemIds: z.array(Id).max(20).readonly(), targetUnitIds: z.array(Id).max(200).readonly(), bus: Bus,
})
export type LineFields = z.infer<typeof LineFields>

/** What keeps a line from sounding, as the gate and the rooms that judge with it say it. */
export const gateReasons = [
  'noItemChosen', 'itemGone', 'itemDraft', 'itemSubmitted', 'itemReturned', 'itemWithdrawn', 'soundGone', 'soundNotRead', 'soundOfOtherLength', 'trackToRecord', 'noRelayChosen', 'relayGone', 'relayNotApproved', 'relayNotHeard', 'noEdition',
  'quietHours', 'outsideWindow', 'sessionLimit', 'weekdayNotAllowed', 'embargo', 'notYetValid', 'validityOver', 'rightsOver', 'secondApprovalMissing', 'changedSinceApproval',
  // why a change of many places left one alone
  'guarded', 'heldByOther', 'dayClosed', 'changedSince', 'markersUnfit', 'wouldMoveAir', 'fadesOut',
] as const
/** Why a line may not sound, or where the time of it goes wrong; `data` fills the words of `log.reasons.<code>`. */
export const LineReason = z.object({ code: z.enum([...gateReasons, ...reasonCodes]), data: z.record(z.string(), z.union([z.string(), z.number()])).optional() })
export type LineReason = z.infer<typeof LineReason>

export const LogLine = LineFields.omit({ plannedSamples: true }).extend({
  id: Id, broadcastDate: BroadcastDate, slotId: Id.nullable(), orderKey: z.string(), kind: LineKind, title: z.string(), origin: LineOrigin, originUnitId: Id.nullable(), sourceRef: Ref.nullable(), rev: Rev,
  /** Decoded length of the item, or the planned one of a line without. */
  lengthSamples: SampleCount,
  /** Five times: of the source list; frozen at publication; by the plan; by what has happened so far; heard. Ends are earlier than start + length when something cuts. */
  importedAt: InstantMs.nullable(), initialAt: InstantMs.nullable(), plannedAt: InstantMs.nullable(), plannedEndAt: InstantMs.nullable(),
  predictedAt: InstantMs.nullable(), predictedEndAt: InstantMs.nullable(), actualAt: InstantMs.nullable(), actualEndAt: InstantMs.nullable(),
  status: LineStatus, lineState: LineState, reason: LineReason.nullable(),
  /** What will keep it from sounding at its place: no time yet, jumped over … ; null when it stands well. */
  timingNote: LineReason.nullable(),
  /** On air, or so close to it that it cannot be changed any more. */
  guarded: z.boolean(),
  /** Made by a planning and changed by a person since: a new planning leaves it alone. */
  edited: z.boolean(),
})
export type LogLine = z.infer<typeof LogLine>

export const SlotFields = z.object({
  title: Title, startAt: InstantMs, endAt: InstantMs, onOverrun: z.enum(overrunPolicies), maxOverrunMs: GraceMs, onUnderrun: z.enum(underrunPolicies),
  fillGroup: Ref.nullable(), ruleProfileId: z.string().max(60).nullable(), backupItemIds: z.array(Id).max(20).readonly(), bus: Bus,
})
export type SlotFields = z.infer<typeof SlotFields>
export const LogSlot = SlotFields.extend({
  id: Id, broadcastDate: BroadcastDate, sourceRef: Ref.nullable(), rev: Rev,
  /** What is in it minus its own length, before the solver; null when nothing sounds in it. Positive = too long. */
  overSamples: z.number().int().nullable(),
})
export type LogSlot = z.infer<typeof LogSlot>

/** A fixed point still to come: a timed line or the end of a slot. Over (> 0) or under before the solver and after it, and what the solver means to do. */
export const LogPost = z.object({
  kind: z.enum(['line', 'slot']), id: z.string(), at: InstantMs, rawSamples: z.number().int(), restSamples: z.number().int(), plan: SolverProposal.omit({ target: true }).nullable(),
})
export type LogPost = z.infer<typeof LogPost>

/** Someone who has a day or a part of it in hand. */
export const Holder = z.object({ personId: Id.nullable(), name: z.string(), since: InstantMs })
export const LogLock = Holder.extend({ slotId: Id.nullable(), expiresAt: InstantMs })
export type LogLock = z.infer<typeof LogLock>

/** draft = nobody has answered for it yet; published = its initial times are frozen; closed = nothing changes any more. All that passes the gate sounds in any of them. */
export const DayState = z.enum(['draft', 'published', 'closed'])
export const LogDay = z.object({
  broadcastDate: BroadcastDate, zone: z.string(), startsAt: InstantMs, endsAt: InstantMs, rev: Rev, state: DayState, publishedAt: InstantMs.nullable(), publishedBy: z.string().nullable(),
  /** Name of this view of the day: with it a window asks what became different since. */
  viewId: z.string(), owner: Holder.nullable(), locks: z.array(LogLock), slots: z.array(LogSlot), lines: z.array(LogLine),
  /** By time. */
  posts: z.array(LogPost),
})
export type LogDay = z.infer<typeof LogDay>

/** What became different since a view, or the whole day where that is not known any more: exactly one of them. */
export const DayChanges = z.object({
  day: LogDay.nullable(),
  /** `order`: ids of all lines in their order; null = as it was. */
  changes: LogDay.omit({ lines: true }).extend({ changed: z.array(LogLine), order: z.array(Id).nullable() }).nullable(),
})
export type DayChanges = z.infer<typeof DayChanges>

/** A change as it was made: named, and to be undone as a whole. */
export const LogStep = z.object({ stepId: Id, action: z.string(), lineIds: z.array(Id) })
export type LogStep = z.infer<typeof LogStep>
export const ChangedDay = LogDay.extend({ step: LogStep })
export type ChangedDay = z.infer<typeof ChangedDay>
