import { z } from 'zod'
import { recordingCodes } from '#common/relay/index.ts'
import { RelaySource } from './log-line.ts'
import { BroadcastDate, Done, Id, InstantMs, Nothing, Rev, SampleCount, Title } from './shapes.ts'
import type { EventTable, ProcedureTable } from './procedure.ts'

/** How a source is listened to. Times in ms. */
export const RelayLimits = z.object({
  /** The connection is made so long before the line begins. */
  preConnectMs: z.number().int().min(5_000).max(120_000),
  /** Sound that is kept back, so that a network that stutters is not heard. */
  bufferMs: z.number().int().min(200).max(8_000),
  /** Nothing comes for so long: the source is lost, and the next one or a backup plays. */
  holdOffMs: z.number().int().min(500).max(30_000),
  /** Not louder than this for so long is silence, and as good as lost. */
  silenceDbfs: z.number().min(-80).max(-20), silenceMs: z.number().int().min(2_000).max(120_000),
  /** Good sound for so long: the relay has the air back. */
  returnMs: z.number().int().min(1_000).max(60_000),
})
export type RelayLimits = z.infer<typeof RelayLimits>
export const defaultRelayLimits: RelayLimits = { preConnectMs: 30_000, bufferMs: 2_000, holdOffMs: 3_000, silenceDbfs: -40, silenceMs: 10_000, returnMs: 4_000 }

/** Addresses in the order they are tried. */
export const RelayFields = RelayLimits.extend({ title: Title, addresses: z.array(RelaySource).min(1).max(5).readonly() })
export type RelayFields = z.infer<typeof RelayFields>
export const RelayStation = RelayFields.extend({
  id: Id, rev: Rev,
  /** Who lets it on the air; another address asks for it anew. */
  approval: z.object({ by: z.string(), at: InstantMs }).nullable(),
})
export type RelayStation = z.infer<typeof RelayStation>

/** A programme of a source that is recorded on days of the week (1 = Monday), from a minute of the day on. */
export const RelayScheduleFields = z.object({
  title: Title, sourceId: Id, weekdays: z.array(z.number().int().min(1).max(7)).min(1).max(7).readonly(), fromMin: z.number().int().min(0).max(1439), lengthMin: z.number().int().min(1).max(240),
})
export type RelayScheduleFields = z.infer<typeof RelayScheduleFields>
/** A line of the log that names it (`relaySourceId`) plays its recording of that date, or the last good one. */
export const RelaySchedule = RelayScheduleFields.extend({ id: Id, rev: Rev, createdAt: InstantMs })
export type RelaySchedule = z.infer<typeof RelaySchedule>
/** What became of it on a date. `cueInSample`: where the programme begins in the item, behind what was recorded ahead of it. */
export const RelayRecording = z.object({
  scheduleId: Id, broadcastDate: BroadcastDate, title: Title, fromAt: InstantMs, untilAt: InstantMs, state: z.enum(['recording', 'done']), code: z.enum(recordingCodes).nullable(), itemId: Id.nullable(), cueInSample: SampleCount,
  lengthMs: z.number().nullable(), silentShare: z.number().nullable(), levelDbfs: z.number().nullable(),
})
export type RelayRecording = z.infer<typeof RelayRecording>

export const relayProcedures = {
  'relay.list': { input: Nothing, output: z.object({ sources: z.array(RelayStation) }), role: 'viewer' },
  'relay.add': { input: RelayFields, output: z.object({ id: Id }), role: 'scheduler' },
  'relay.change': { input: z.object({ id: Id, rev: Rev, fields: RelayFields }), output: Done, role: 'scheduler' },
  /** Lines that name it stay silent from here on. */
  'relay.remove': { input: z.object({ id: Id, rev: Rev }), output: Done, role: 'scheduler' },
  /** Lets it on the air, or takes that back: also of what is on air at this moment. */
  'relay.approve': { input: z.object({ id: Id, rev: Rev, approved: z.boolean() }), output: Done, role: 'approver' },
  /** With the recordings of the last two weeks, newest first. */
  'relay.schedules': { input: Nothing, output: z.object({ schedules: z.array(RelaySchedule), recordings: z.array(RelayRecording) }), role: 'viewer' },
  'relay.addSchedule': { input: RelayScheduleFields, output: z.object({ id: Id }), role: 'scheduler' },
  'relay.changeSchedule': { input: z.object({ id: Id, rev: Rev, fields: RelayScheduleFields }), output: Done, role: 'scheduler' },
  'relay.removeSchedule': { input: z.object({ id: Id, rev: Rev }), output: Done, role: 'scheduler' },
} as const satisfies ProcedureTable
export const relayEvents = { 'relay.changed': { payload: z.object({ id: Id }) } } as const satisfies EventTable
