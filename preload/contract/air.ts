import { z } from 'zod'
import { editCodes, lineStatuses, playoutModes, reasonCodes, startSources, stopReasons } from '#common/playout/words.ts'
import { fallbackCauses, rungs } from '#common/fallback/index.ts'
import { relayStates } from '#common/relay/index.ts'
import { BroadcastDate, Done, Id, InstantMs, Nothing, Rev, SampleCount, Sha256, Title } from './shapes.ts'
import type { EventTable, ProcedureTable } from './procedure.ts'

export const StartSource = z.enum(startSources)
export const StopReason = z.enum(stopReasons)
export const EditCode = z.enum(editCodes)
export const ReasonCode = z.enum(reasonCodes)
export const PlayoutMode = z.enum(playoutModes)
export type StartSource = z.infer<typeof StartSource>
export type StopReason = z.infer<typeof StopReason>
export type EditCode = z.infer<typeof EditCode>
export type ReasonCode = z.infer<typeof ReasonCode>
export type PlayoutMode = z.infer<typeof PlayoutMode>
/** What the sound of a row came from. */
export const PlaySource = z.enum(['log', 'fill', 'live', 'alert', 'relay', 'evergreen', 'backup', 'reel', 'tone', 'cart'])
export type PlaySource = z.infer<typeof PlaySource>
/** Name of a bus inside the station; `main` is always there. */
export const BusId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/)

/** What was really on air. Written when it begins and once more when it ends; never changed. */
export const AsRunRow = z.object({
  id: Id, lineId: Id.nullable(), itemId: Id.nullable(), broadcastDate: BroadcastDate, title: z.string(), sha256: Sha256.nullable(), bus: z.string(),
  /** Five times: of the source list, frozen at publication, by the plan, predicted when it began, heard on the bus. Null = not known. */
  importedAt: InstantMs.nullable(), initialAt: InstantMs.nullable(), plannedAt: InstantMs.nullable(), predictedAt: InstantMs.nullable(), actualAt: InstantMs,
  /** Microseconds late (negative = early) of the first sample on the program tap. */
  startErrorUs: z.number().int().nullable(), endedAt: InstantMs.nullable(), playedSamples: SampleCount,
  /** First sample of the item that sounded. */
  joinedAtSample: SampleCount,
  startSource: StartSource, playSource: PlaySource, stopReason: StopReason.nullable(), editCode: EditCode, reason: ReasonCode.nullable(),
  /** BS1 priority of the bus while it sounded. */
  priority: z.number().int().min(0).max(9),
  /** False: its turn went by without a sample. */
  onAir: z.boolean(),
  /** Of the bus while this was its main source: gated loudness (null = too short or below the gate), and time below −60 dBFS. */
  integratedLufs: z.number().nullable(), silenceMs: z.number().int().nonnegative().nullable(),
  /** Who pressed the key it began and ended by. */
  startedBy: z.string().nullable(), endedBy: z.string().nullable(),
})
export type AsRunRow = z.infer<typeof AsRunRow>

export const AirBanner = z.object({
  /** log:line:rev, so it dies with the line it is for. */
  id: z.string(), lineId: Id, title: z.string(), kind: z.enum(['timedLineDue', 'grace', 'softWindow', 'notBefore', 'latestStart', 'relayOut', 'ruleEnd']),
  at: InstantMs, until: InstantMs.nullable(), phase: z.enum(['coming', 'running', 'over']),
  /** The grace is held by a person: the line waits for the end of what is on air. */
  held: z.boolean(),
})
export type AirBanner = z.infer<typeof AirBanner>

export const SolverChange = z.object({
  lineId: z.string(), title: z.string(), what: z.enum(['restore', 'fill', 'drop', 'stretch', 'squeeze', 'fade']), deltaSamples: z.number().int(), ratio: z.number(), reason: z.enum(['tooLong', 'tooShort']),
})
/** How a bus means to end on time. In auto it is being done; else a person may take it over. */
export const SolverProposal = z.object({
  id: z.string(), target: z.object({ kind: z.enum(['line', 'slot']), id: z.string(), at: InstantMs }), changes: z.array(SolverChange), restSamples: z.number().int(),
  why: z.enum(['noDroppable', 'noFill', 'overCap', 'guarded', 'silenceAllowed']).nullable(),
})

const Ahead = z.object({ lineId: z.string(), title: z.string(), armed: z.boolean(), reason: ReasonCode })
export const BusState = z.object({
  bus: z.string(), number: z.number().int().positive(), name: z.string(), mode: PlayoutMode, running: z.boolean(),
  playing: z.object({ lineId: Id.nullable(), title: z.string(), startedAt: InstantMs, endsAt: InstantMs.nullable(), source: z.enum(['log', 'live', 'alert', 'none']), priority: z.number().int() }).nullable(),
  /** Tail of the line before, while both sound. */
  finishing: z.object({ lineId: z.string(), title: z.string(), endsAt: InstantMs }).nullable(),
  /** `at` is null when it waits for a key. */
  next: Ahead.extend({ at: InstantMs.nullable() }).nullable(),
  /** Waits for a key now. */
  waiting: Ahead.extend({ rev: Rev }).nullable(),
  banners: z.array(AirBanner),
  /** Predicted arrival at the next fixed point minus its time, before and after the solver; > 0 = too long. */
  overUnder: z.object({ kind: z.enum(['line', 'slot']), id: z.string(), at: InstantMs, rawSamples: z.number().int(), samples: z.number().int() }).nullable(),
  solver: z.array(SolverProposal),
  /** Priority of what has taken the bus from the log; null = the log has it. */
  heldBy: z.number().int().nullable(),
  /** The backup that is on in the place of the log: which rung, why, since when; `title` is empty for the reel and the tone. It stays until a person confirms when it came too often. */
  fallback: z.object({ rung: z.enum(rungs), cause: z.enum(fallbackCauses), since: InstantMs, title: z.string(), needsPerson: z.boolean() }).nullable(),
  /** Relays that are listened to: before their line, while they are on air, and while a backup is in their place (`covered`). */
  relays: z.array(z.object({ lineId: Id, title: z.string(), state: z.enum(relayStates), address: z.number().int(), isEarlierEdition: z.boolean(), onAir: z.boolean(), covered: z.boolean(), startAt: InstantMs })),
  /** What is wrong with the sound that goes out. */
  output: z.object({ silentMs: z.number().int(), level: z.enum(['well', 'low', 'high']), clips: z.boolean(), outOfPhase: z.boolean() }),
  peakDbfs: z.number(), underruns: z.number().int(),
  /** Station time (UTC microseconds) of sample 0 of the bus: firstFrame n of the tap, monitor and meters sounds at zeroAtUs + n / 0.048. Null while the bus starts. */
  zeroAtUs: z.number().int().nullable(),
})
export type BusState = z.infer<typeof BusState>

/** ntp ≤ 50 ms and slewing ≤ 500 ms from the time servers; holdover: none answers, the last word still counts; suspect: the machine's clock jumped; none: no idea what time it is. */
export const ClockTrust = z.enum(['ntp', 'slewing', 'holdover', 'suspect', 'none'])
export type ClockTrust = z.infer<typeof ClockTrust>
export const AirClock = z.object({
  source: z.enum(['system', 'ntp']), state: ClockTrust, trusted: z.boolean(),
  /** The machine's clock minus station time, ms. */
  offsetMs: z.number().nullable(),
  servers: z.object({ asked: z.number().int(), answering: z.number().int() }),
  /** A step that waits for a second source or a person; ms. Null = none. */
  pendingStepMs: z.number().nullable(),
})
export type AirClock = z.infer<typeof AirClock>
export const AirStatus = z.object({ at: InstantMs, state: z.enum(['starting', 'running', 'catchingUp', 'stopped']), buses: z.array(BusState), clock: AirClock })
export type AirStatus = z.infer<typeof AirStatus>

const Named = { lineId: Id.nullable(), rev: Rev.nullable() }
/** Keys of the air desk. `rev` = the one the person saw: a key for a line that has changed since is refused. */
export const AirOrder = z.discriminatedUnion('kind', [
  /** The start key: the named line, else what waits. A second press within 5 s overrides a refusal. */
  z.object({ kind: z.literal('go'), ...Named }),
  /** What is on air fades out over 600 ms, the next (or the named) line starts at once. */
  z.object({ kind: z.literal('nextNow'), ...Named }),
  z.object({ kind: z.literal('makeNext'), lineId: Id, rev: Rev.nullable() }),
  z.object({ kind: z.literal('skip'), lineId: Id, rev: Rev.nullable() }),
  /** Ends what is on air; the log waits for a key. */
  z.object({ kind: z.literal('stop') }),
  z.object({ kind: z.literal('goToNow') }),
  /** Keeps a running grace from ending what is on air, and lets go of it again. */
  z.object({ kind: z.literal('holdGrace'), bannerId: z.string().max(120), held: z.boolean() }),
])
export type AirOrder = z.infer<typeof AirOrder>
export const OrderOutcome = z.object({
  outcome: z.enum(['done', 'pending', 'refused']), why: z.enum(['stale', 'unknownLine', 'alreadyPlayed', 'beforeItsTime', 'notPlayable', 'nothingToDo']).nullable(), warning: z.enum(['beforeItsTime', 'afterItsTime']).nullable(),
})
export type OrderOutcome = z.infer<typeof OrderOutcome>

/** One decision about a line, oldest first. */
export const LineDecision = z.object({
  bus: z.string(), at: InstantMs, status: z.enum(lineStatuses), sounds: z.boolean(), startAt: InstantMs.nullable(), startSource: StartSource, editCode: EditCode, reason: ReasonCode,
  /** Title of the line, slot or key it is because of; null = nothing else. */
  because: z.string().nullable(),
})
export type LineDecision = z.infer<typeof LineDecision>

export const airProcedures = {
  'air.status': { input: Nothing, output: AirStatus, role: 'viewer' },
  /** Changes nothing of what is heard. */
  'air.mode': { input: z.object({ bus: BusId, mode: PlayoutMode }), output: Done, role: 'announcer' },
  'air.order': { input: z.object({ bus: BusId, order: AirOrder }), output: OrderOutcome, role: 'announcer' },
  /** Ends the line on air now (150 ms fade) and goes on with what is due. */
  'air.skip': { input: z.object({ bus: BusId, lineId: Id }), output: Done, role: 'announcer' },
  /** Takes over a proposal of the solver as it was shown. */
  'air.accept': { input: z.object({ bus: BusId, planId: z.string().max(120) }), output: Done, role: 'announcer' },
  /** The log may have the bus back from its backup, as soon as it sounds. */
  'air.confirmReturn': { input: z.object({ bus: BusId }), output: Done, role: 'announcer' },
  /** Why a line plays or played when it does, or why it does not. */
  'air.why': { input: z.object({ lineId: Id }), output: z.object({ decisions: z.array(LineDecision), rows: z.array(AsRunRow) }), role: 'viewer' },
  /** A person has looked at a clock and says that the machine's is right. */
  'air.confirmClock': { input: Nothing, output: Done, role: 'technician' },
} as const satisfies ProcedureTable

export const airEvents = {
  'air.status': { payload: AirStatus },
  'air.asRun': { payload: AsRunRow },
} as const satisfies EventTable

/** Buses of a station; `lastResort` = what is heard when no backup can be, the reel when left out: a programme of its own for some units. `main` carries everything when it has no units. */
export const BusSetting = z.object({ id: BusId, name: Title, unitIds: z.array(Id).max(500), lastResort: z.enum(['reel', 'tone', 'silence']).exactOptional() })
export const AirSettings = z.object({
  buses: z.array(BusSetting).min(1).max(8).refine((buses) => buses[0]?.id === 'main' && new Set(buses.map(({ id }) => id)).size === buses.length),
  /** What happens after a stop nobody chose. */
  resume: z.enum(['catchUp', 'lastPosition', 'lastItem', 'lastState']),
  /** Hosts asked for the time (SNTP). Empty = the machine's clock is taken at its word. */
  timeServers: z.array(z.string().trim().min(1).max(255)).max(4),
})
export type AirSettings = z.infer<typeof AirSettings>
