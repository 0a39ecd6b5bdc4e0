import { z } from 'zod'
import { BroadcastDate, Done, Id, InstantMs, Rev, SampleCount, Sha256 } from './shapes.ts'
import type { EventTable, ProcedureTable } from './procedure.ts'

/** hard = starts at the instant and cuts what is on air; follow = when the line before it ends. */
export const Timing = z.discriminatedUnion('kind', [z.object({ kind: z.literal('hard'), at: InstantMs }), z.object({ kind: z.literal('follow') })])
export type Timing = z.infer<typeof Timing>

export const LineStatus = z.enum(['scheduled', 'armed', 'playing', 'finished', 'skipped', 'failed'])
/** noStart = no hard line stands before it; noRoom = the next hard line starts before its turn comes. */
export const LineCheck = z.enum(['ok', 'noItem', 'notApproved', 'notReady', 'noStart', 'noRoom'])
export const LogLine = z.object({
  id: Id, broadcastDate: BroadcastDate, orderKey: z.string(), itemId: Id, title: z.string(), lengthSamples: SampleCount, timing: Timing, targetUnitIds: z.array(Id),
  /** Start and end by the plan; null when no hard line stands before it. `end` is earlier than start + length when a hard line cuts it. */
  plannedAt: InstantMs.nullable(), plannedEndAt: InstantMs.nullable(), actualAt: InstantMs.nullable(), status: LineStatus, check: LineCheck, rev: Rev,
})
export type LogLine = z.infer<typeof LogLine>

export const LogDay = z.object({ broadcastDate: BroadcastDate, zone: z.string(), startsAt: InstantMs, endsAt: InstantMs, rev: Rev, lines: z.array(LogLine) })
export type LogDay = z.infer<typeof LogDay>

export const StartSource = z.enum(['time', 'play', 'catchUp', 'alert', 'manual'])
export const StopReason = z.enum(['natural', 'cutByHardStart', 'preempted', 'operatorSkip', 'withdrawn', 'decodeError', 'engineStop', 'unclean'])
export const AsRunRow = z.object({
  id: Id, lineId: Id.nullable(), itemId: Id.nullable(), broadcastDate: BroadcastDate, title: z.string(), sha256: Sha256.nullable(), bus: z.string(), plannedAt: InstantMs.nullable(), actualAt: InstantMs,
  /** Microseconds late (negative = early) of the first sample on the program tap. */
  startErrorUs: z.number().int().nullable(), endedAt: InstantMs.nullable(), playedSamples: SampleCount, startSource: StartSource, stopReason: StopReason.nullable(),
})
export type AsRunRow = z.infer<typeof AsRunRow>

/** One thing the air must make audible: output of the gate, all approved, in order, non-overlapping on its bus. */
export const logProcedures = {
  'log.day': { input: z.object({ broadcastDate: BroadcastDate.optional() }), output: LogDay, role: 'viewer' },
  'log.addLine': { input: z.object({ broadcastDate: BroadcastDate, itemId: Id, timing: Timing, afterLineId: Id.nullable(), targetUnitIds: z.array(Id).max(200).default([]) }), output: LogDay, role: 'scheduler' },
  'log.updateLine': { input: z.object({ lineId: Id, rev: Rev, timing: Timing.optional(), targetUnitIds: z.array(Id).max(200).optional() }), output: LogDay, role: 'scheduler' },
  'log.moveLine': { input: z.object({ lineId: Id, rev: Rev, afterLineId: Id.nullable() }), output: LogDay, role: 'scheduler' },
  'log.removeLine': { input: z.object({ lineId: Id, rev: Rev }), output: LogDay, role: 'scheduler' },
  /** Undo of `log.removeLine`: the same line comes back in its place, as long as its time has not come. */
  'log.restoreLine': { input: z.object({ lineId: Id }), output: LogDay, role: 'scheduler' },
  'log.asRun': { input: z.object({ broadcastDate: BroadcastDate.optional() }), output: z.object({ rows: z.array(AsRunRow) }), role: 'viewer' },
} as const satisfies ProcedureTable

export const BusState = z.object({
  bus: z.string(), playing: z.object({ lineId: Id.nullable(), title: z.string(), startedAt: InstantMs, endsAt: InstantMs.nullable(), source: z.enum(['log', 'live', 'alert', 'none']) }).nullable(),
  next: z.object({ lineId: Id, title: z.string(), at: InstantMs, armed: z.boolean() }).nullable(), running: z.boolean(), peakDbfs: z.number(), underruns: z.number().int(),
  /** Station time (UTC microseconds) of sample 0 of the bus: firstFrame n of the tap, monitor and meters sounds at zeroAtUs + n / 0.048. Null while the bus starts. */
  zeroAtUs: z.number().int().nullable(),
})
export const AirStatus = z.object({ at: InstantMs, state: z.enum(['starting', 'running', 'catchingUp', 'stopped']), buses: z.array(BusState), clock: z.object({ source: z.enum(['system', 'ntp']), trusted: z.boolean(), offsetMs: z.number().nullable() }) })
export type AirStatus = z.infer<typeof AirStatus>

export const airProcedures = {
  'air.status': { input: z.object({}), output: AirStatus, role: 'viewer' },
  /** Ends the line on air now (150 ms fade) and goes on with what is due. */
  'air.skip': { input: z.object({ bus: z.string(), lineId: Id }), output: Done, role: 'announcer' },
} as const satisfies ProcedureTable

export const logEvents = {
  'log.changed': { payload: z.object({ broadcastDate: BroadcastDate, rev: Rev }) },
  'air.status': { payload: AirStatus },
  'air.asRun': { payload: AsRunRow },
} as const satisfies EventTable
export type BusState = z.infer<typeof BusState>
export type LineStatus = z.infer<typeof LineStatus>
export type LineCheck = z.infer<typeof LineCheck>
