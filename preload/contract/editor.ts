import { z } from 'zod'
import { samples } from '#common/units/samples.ts'
import { Id, InstantMs, JobRef, Nothing, Rev, SampleCount as SampleNumber, Title } from './shapes.ts'
import type { EventTable, ProcedureTable } from './procedure.ts'

/** A number on the wire, a branded position inside. */
const SampleCount = SampleNumber.transform(samples)
/** Wire forms of `#common/edl`. Ranges are half-open; positions are samples of the project's timeline. */
export const FadeShape = z.enum(['linear', 'equalPower', 'sCurve', 'log'])
export const Fade = z.object({ length: SampleCount, shape: FadeShape })
export const Source = z.object({ id: Id, itemId: Id, title: z.string(), sha256: z.string(), channels: z.number().int().min(1).max(8), length: SampleCount })
const GainDb = z.number().min(-60).max(24)
export const EnvelopePoint = z.object({ at: SampleCount, gainDb: GainDb })
export const ClipLoudness = z.object({ integratedLufs: z.number(), rangeLu: z.number(), truePeakDbtp: z.number() })
export const Clip = z.object({
  id: Id, sourceId: Id, start: SampleCount, offset: SampleCount, length: SampleCount, gainDb: GainDb, fadeIn: Fade, fadeOut: Fade,
  envelope: z.array(EnvelopePoint).max(10_000).readonly(), loudness: ClipLoudness.nullable(),
  alternatives: z.array(z.object({ sourceId: Id, offset: SampleCount, title: z.string().max(200) })).max(50).readonly(),
  original: z.object({ sourceId: Id, offset: SampleCount, length: SampleCount }).nullable(),
})
export const Duck = z.object({
  voiceLaneIds: z.array(Id).max(8).readonly(), reduceDb: z.number().min(0).max(60), attackMs: z.number().int().min(0).max(5_000),
  holdMs: z.number().int().min(0).max(10_000), releaseMs: z.number().int().min(0).max(10_000), handEdited: z.boolean(),
})
export const LaneRole = z.enum(['voice', 'bed', 'other'])
export const Lane = z.object({
  id: Id, name: z.string().max(80), clips: z.array(Clip).readonly(), gainDb: GainDb, mute: z.boolean(), solo: z.boolean(), role: LaneRole, duck: Duck.nullable(),
})
export const MarkerKind = z.enum(['marker', 'chapter', 'slide'])
export const Marker = z.object({ id: Id, at: SampleCount, length: SampleCount, label: z.string().max(200), kind: MarkerKind, slideId: z.string().max(100).nullable() })
export const Master = z.object({ gainDb: GainDb, limiter: z.boolean(), ceilingDbtp: z.number().min(-20).max(0) })
export const ProgrammeSlot = z.object({ startsAtSec: z.number().min(0).max(86_400).nullable(), length: SampleCount.nullable() })
export const Edl = z.object({ sources: z.array(Source).readonly(), lanes: z.array(Lane).readonly(), markers: z.array(Marker).readonly(), master: Master, slot: ProgrammeSlot })
export type EdlWire = z.infer<typeof Edl>

const LaneFacts = Lane.pick({ name: true, gainDb: true, mute: true, solo: true, role: true, duck: true })
const index = z.number().int().nonnegative()
const splice = <T extends z.ZodType>(of: T) => ({ index, remove: z.array(of).readonly(), insert: z.array(of).readonly() })
export const EditPatch = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('clips'), laneId: Id, ...splice(Clip) }),
  z.object({ kind: z.literal('shift'), laneId: Id, index, by: z.number().int() }),
  z.object({ kind: z.literal('lane'), laneId: Id, before: LaneFacts, after: LaneFacts }),
  z.object({ kind: z.literal('lanes'), ...splice(Lane) }),
  z.object({ kind: z.literal('markers'), ...splice(Marker) }),
  z.object({ kind: z.literal('sources'), ...splice(Source) }),
  z.object({ kind: z.literal('master'), before: Master, after: Master }),
  z.object({ kind: z.literal('slot'), before: ProgrammeSlot, after: ProgrammeSlot }),
])

const Range = z.object({ start: SampleCount, end: SampleCount })
const PutMode = z.enum(['insert', 'overwrite'])
const LaneIds = z.array(Id).min(1).max(8)
const single = [
  /** `range` of the item, in its samples; the whole without it. */
  z.object({ op: z.literal('insertItem'), itemId: Id, laneId: Id, at: SampleCount, mode: PutMode, range: Range.optional() }),
  z.object({ op: z.literal('split'), at: SampleCount, laneIds: LaneIds }),
  z.object({ op: z.literal('deleteRange'), range: Range, ripple: z.boolean(), laneIds: LaneIds }),
  /** Keeps the range alone and moves it to the beginning. */
  z.object({ op: z.literal('trimTo'), range: Range, laneIds: LaneIds }),
  /** `over`: what reaching over a neighbour does; without it, it is refused. A crossfade that is there grows and shrinks in any case. */
  z.object({ op: z.literal('trimEdge'), clipId: Id, edge: z.enum(['start', 'end']), to: SampleCount, over: z.enum(['refuse', 'crossfade']).optional() }),
  z.object({ op: z.literal('silence'), range: Range, laneIds: LaneIds }),
  /** In every mode the clip begins at `to` afterwards. Without a mode: `refuse`. */
  z.object({ op: z.literal('move'), clipId: Id, laneId: Id, to: SampleCount, mode: z.enum(['refuse', 'crossfade', 'overwrite', 'ripple']).optional() }),
  /** Together, crossfades among them included; less than 0 is earlier. Refused where one would lie over a clip that stays. */
  z.object({ op: z.literal('shift'), clipIds: z.array(Id).min(1).max(10_000), by: z.number().int() }),
  z.object({ op: z.literal('duplicate'), clipId: Id }),
  /** At a cut or in a crossfade; length 0 makes a cut of it. Refused with `no-handle` where the sources have no more sound. */
  z.object({ op: z.literal('crossfade'), laneId: Id, at: SampleCount, length: SampleCount, shape: FadeShape }),
  z.object({ op: z.literal('paste'), clips: z.array(Clip).min(1).max(10_000), laneId: Id, at: SampleCount, mode: PutMode }),
  /** What `copyLanes` gave, in this project or another. */
  z.object({
    op: z.literal('pasteLanes'), lanes: z.array(z.object({ laneId: Id, clips: z.array(Clip).max(10_000) })).min(1).max(8), sources: z.array(Source).max(1_000),
    at: SampleCount, length: SampleCount, mode: PutMode,
  }),
  z.object({ op: z.literal('setGain'), clipId: Id, gainDb: GainDb }),
  z.object({ op: z.literal('setFade'), clipId: Id, edge: z.enum(['in', 'out']), fade: Fade }),
  /** Takes a ducked lane into the hand: `duck.handEdited` becomes true. */
  z.object({ op: z.literal('setEnvelope'), clipId: Id, points: z.array(EnvelopePoint).max(10_000) }),
  z.object({ op: z.literal('level'), clipId: Id, gainDb: GainDb, loudness: ClipLoudness.nullable() }),
  /** The item over what is there from exactly `at`; the old sound stays in `alternatives`. */
  z.object({ op: z.literal('punch'), laneId: Id, at: SampleCount, itemId: Id, crossfade: SampleCount }),
  z.object({ op: z.literal('useAlternative'), clipId: Id, index: z.number().int().nonnegative() }),
  /** What a job made of the clip's sound; another length moves what follows on the lane. */
  z.object({ op: z.literal('replaceClip'), clipId: Id, itemId: Id, offset: SampleCount, length: SampleCount }),
  z.object({ op: z.literal('revertClip'), clipId: Id }),
  z.object({ op: z.literal('setLane'), laneId: Id, gainDb: GainDb, mute: z.boolean(), solo: z.boolean() }),
  z.object({ op: z.literal('renameLane'), laneId: Id, name: z.string().trim().min(1).max(80) }),
  z.object({ op: z.literal('setRole'), laneId: Id, role: LaneRole }),
  /** `handEdited: false` writes the envelopes of the lane anew, from the speech of the voice lanes. */
  z.object({ op: z.literal('setDuck'), laneId: Id, duck: Duck.nullable() }),
  z.object({ op: z.literal('addLane'), name: z.string().max(80), role: LaneRole.optional() }),
  z.object({ op: z.literal('removeLane'), laneId: Id }),
  z.object({ op: z.literal('addMarker'), at: SampleCount, length: SampleCount, label: z.string().max(200), kind: MarkerKind.optional(), slideId: z.string().max(100).nullable().optional() }),
  z.object({ op: z.literal('setMarker'), markerId: Id, at: SampleCount, length: SampleCount, label: z.string().max(200), slideId: z.string().max(100).nullable().optional() }),
  z.object({ op: z.literal('removeMarker'), markerId: Id }),
  Master.extend({ op: z.literal('setMaster') }),
  ProgrammeSlot.extend({ op: z.literal('setSlot') }),
] as const
const SingleCommand = z.discriminatedUnion('op', single)
/** One step of the history, named for `editor.edits.<name>`. Commands that change nothing are passed over; any other refusal (`data.index`) refuses all. */
const Batch = z.object({ op: z.literal('batch'), commands: z.array(SingleCommand).min(1).max(2_000), name: z.string().regex(/^[a-z][A-Za-z]{0,39}$/) })
export const EditCommand = z.discriminatedUnion('op', [...single, Batch])
export type EditCommand = z.infer<typeof EditCommand>

export const ProjectSummary = z.object({ id: Id, title: Title, rev: Rev, lengthSamples: SampleCount, updatedAt: InstantMs })
export const ProjectState = z.object({
  id: Id, title: Title, rev: Rev, edl: Edl,
  /** Names of the edits that can be undone / redone, nearest first, at most 100 (texts: `editor.edits.<name>`). */
  undo: z.array(z.string()), redo: z.array(z.string()), warning: z.enum(['none', 'torn-log', 'bad-log']),
  /** Items of the sources whose sound is gone from the library. */
  missingItemIds: z.array(Id),
})
export type ProjectState = z.infer<typeof ProjectState>

/**
 * What a change did: the caller applies the patches to the list it has (that of `rev - 1`). Undo answers the inverse. `done` is the name of the
 * step made or taken back.
 */
export const EditAnswer = z.object({
  rev: Rev, done: z.string(), patches: z.array(EditPatch).readonly(), title: Title, undo: z.array(z.string()), redo: z.array(z.string()), missingItemIds: z.array(Id),
})
export type EditAnswer = z.infer<typeof EditAnswer>

/** A step of the history: what was done, when and by whom (null and '' where an older version did not write it down). */
export const HistoryStep = z.object({ name: z.string(), at: InstantMs.nullable(), by: z.string() })
export type HistoryStep = z.infer<typeof HistoryStep>
/** Who may change a project now. Without one, the first edit takes it; it ends with the window's connection. */
export const EditLease = z.object({ holder: z.string(), since: InstantMs, mine: z.boolean() })
export type EditLease = z.infer<typeof EditLease>

export const RenderFormat = z.enum(['wav', 'mp3', 'opus'])
/**
 * Each accepted edit is appended to the project's log and synced to disk before the answer. `rev` is the state the
 * caller saw: another one is refused with `edit-conflict`. An edit that cannot be made is `edit-refused` with the reason in `data.reason`.
 * While another window holds the project, changes are refused with `edit-lease` (`data.holder`).
 */
export const editorProcedures = {
  'editor.list': { input: Nothing, output: z.object({ projects: z.array(ProjectSummary) }), role: 'viewer' },
  'editor.create': { input: z.object({ title: Title, itemIds: z.array(Id).max(50) }), output: ProjectState, role: 'editor' },
  'editor.open': { input: z.object({ projectId: Id }), output: ProjectState, role: 'viewer' },
  'editor.rename': { input: z.object({ projectId: Id, rev: Rev, title: Title }), output: EditAnswer, role: 'editor' },
  'editor.remove': { input: z.object({ projectId: Id, rev: Rev }), output: z.object({ ok: z.literal(true) }), role: 'editor' },
  'editor.apply': { input: z.object({ projectId: Id, rev: Rev, command: EditCommand }), output: EditAnswer, role: 'editor' },
  'editor.undo': { input: z.object({ projectId: Id, rev: Rev }), output: EditAnswer, role: 'editor' },
  'editor.redo': { input: z.object({ projectId: Id, rev: Rev }), output: EditAnswer, role: 'editor' },
  /** All steps: `undo` oldest first, `redo` the next one first. */
  'editor.history': { input: z.object({ projectId: Id }), output: z.object({ rev: Rev, undo: z.array(HistoryStep), redo: z.array(HistoryStep) }), role: 'viewer' },
  /** Takes back (less than 0) or does again (more than 0) so many steps at once. */
  'editor.goTo': { input: z.object({ projectId: Id, rev: Rev, steps: z.number().int().min(-10_000).max(10_000).refine((steps) => steps !== 0) }), output: EditAnswer, role: 'editor' },
  'editor.lease': { input: z.object({ projectId: Id }), output: z.object({ lease: EditLease.nullable() }), role: 'viewer' },
  /** Takes the project into the hand. Held by another window it is refused with `edit-lease`, unless it is taken over: that window is told by the event. */
  'editor.hold': { input: z.object({ projectId: Id, takeOver: z.boolean() }), output: z.object({ lease: EditLease }), role: 'editor' },
  'editor.release': { input: z.object({ projectId: Id }), output: z.object({ ok: z.literal(true) }), role: 'editor' },
  /** Job result: `{ itemId }`. */
  'editor.render': { input: z.object({ projectId: Id, rev: Rev, title: Title, format: RenderFormat }), output: JobRef, role: 'editor' },
} as const satisfies ProcedureTable

export const editorEvents = {
  'editor.changed': { payload: z.object({ projectId: Id, rev: Rev }) },
  /** The lease went to somebody else or to nobody; whose it is says `editor.lease`. */
  'editor.lease': { payload: z.object({ projectId: Id, holder: z.string().nullable() }) },
} as const satisfies EventTable
export type FadeShape = z.infer<typeof FadeShape>
export type Clip = z.infer<typeof Clip>
export type Lane = z.infer<typeof Lane>
export type ProjectSummary = z.infer<typeof ProjectSummary>
