import { z } from 'zod'
import { DeviceId, Done, GroupId, Id, InstantMs, Nothing, Rev } from './shapes.ts'
import type { EventTable, ProcedureTable } from './procedure.ts'

export const Unit = z.object({ id: Id, parentId: Id.nullable(), name: z.string().min(1).max(120), level: z.string().max(40), code: z.string().max(64), group: GroupId, order: z.number().int(), rev: Rev })
export type Unit = z.infer<typeof Unit>

/** Canonical states, first match wins (BS1 section 7). */
export const DeviceState = z.enum(['disabled', 'offline', 'unknown', 'playing-emergency', 'playing-live', 'preparing', 'playing-schedule', 'fm-relay', 'self-test', 'muted', 'online-idle'])
export const DeviceBadge = z.enum(['fault', 'degraded', 'power-lost'])
export const Device = z.object({
  id: DeviceId, kind: z.enum(['radio', 'screen', 'gateway']), name: z.string(), unitId: Id, mode: z.enum(['silent', 'active', 'disabled']), simulated: z.boolean(),
  state: DeviceState, badges: z.array(DeviceBadge), lastSeenAt: InstantMs.nullable(), playing: z.string().nullable(), volumePct: z.number().int().min(0).max(100),
  fw: z.string(), hw: z.string(), content: z.object({ have: z.number().int(), need: z.number().int(), ver: z.number().int() }).nullable(), proofLevel: z.number().int().min(0).max(3).nullable(), rev: Rev,
})
export type Device = z.infer<typeof Device>

export const PendingPairing = z.object({ id: DeviceId, hw: z.string(), fw: z.string(), startedAt: InstantMs, step: z.enum(['waiting', 'digits', 'confirmed', 'refused']), digits: z.string().nullable() })

export const devicesProcedures = {
  'devices.fleet': { input: Nothing, output: z.object({ units: z.array(Unit), devices: z.array(Device) }), role: 'viewer' },
  'devices.createUnit': { input: z.object({ parentId: Id.nullable(), name: z.string().trim().min(1).max(120), level: z.string().max(40), code: z.string().max(64) }), output: Unit, role: 'technician' },
  'devices.updateUnit': { input: z.object({ unitId: Id, rev: Rev, name: z.string().trim().min(1).max(120), level: z.string().max(40), code: z.string().max(64), parentId: Id.nullable() }), output: Unit, role: 'technician' },
  'devices.removeUnit': { input: z.object({ unitId: Id, rev: Rev }), output: Done, role: 'technician' },
  /** Opens the pairing window for one device: label text `BS1:{dev}:{SPKI hash}:{claim}`. */
  'devices.expect': { input: z.object({ label: z.string().max(200), name: z.string().trim().min(1).max(120), unitId: Id }), output: z.object({ id: DeviceId, pairUrl: z.string() }), role: 'technician' },
  'devices.pairings': { input: Nothing, output: z.object({ pairings: z.array(PendingPairing) }), role: 'technician' },
  /** The installer has heard the same six digits from the device. */
  'devices.confirm': { input: z.object({ id: DeviceId, digits: z.string().regex(/^\d{6}$/) }), output: Done, role: 'technician' },
  'devices.refuse': { input: z.object({ id: DeviceId }), output: Done, role: 'technician' },
  'devices.update': { input: z.object({ id: DeviceId, rev: Rev, name: z.string().trim().min(1).max(120).optional(), unitId: Id.optional(), mode: z.enum(['silent', 'active', 'disabled']).optional(), volumePct: z.number().int().min(0).max(100).optional() }), output: Device, role: 'technician' },
  'devices.revoke': { input: z.object({ id: DeviceId, rev: Rev }), output: Done, role: 'technician' },
  'devices.history': { input: z.object({ id: DeviceId, limit: z.number().int().min(1).max(500) }), output: z.object({ reports: z.array(z.object({ at: InstantMs, kind: z.enum(['ack', 'evt', 'online']), summary: z.string(), code: z.string().nullable() })) }), role: 'viewer' },
} as const satisfies ProcedureTable

export const devicesEvents = {
  'devices.changed': { payload: Device },
  'devices.unitsChanged': { payload: Nothing },
  'devices.pairing': { payload: PendingPairing },
} as const satisfies EventTable

/** Targets of a live session or alert: whole units (with everything below them) and single devices. */
export const Targets = z.object({ unitIds: z.array(Id).max(500), deviceIds: z.array(DeviceId).max(500) })
export type Targets = z.infer<typeof Targets>
export const DeviceStep = z.enum(['addressed', 'received', 'accepted', 'ready', 'started', 'sounding', 'done', 'failed', 'rejected', 'expired', 'preempted', 'resumed'])
export const DeviceProgress = z.object({ id: DeviceId, step: DeviceStep, code: z.string(), at: InstantMs.nullable(), proofLevel: z.number().int().min(0).max(3).nullable() })

export const LiveSession = z.object({
  sid: Id, title: z.string(),
  /** closing = the last words are still on their way. */
  state: z.enum(['preparing', 'live', 'closing', 'ended']), prio: z.number().int().min(0).max(9), startedAt: InstantMs.nullable(), endedAt: InstantMs.nullable(), handle: z.number().int().nonnegative(),
  online: z.number().int(), ready: z.number().int(), sounding: z.number().int(), devices: z.array(DeviceProgress), by: z.string(),
})
export type LiveSession = z.infer<typeof LiveSession>

export const liveProcedures = {
  /** `handle` is the capture handle the microphone frames of this session must carry. */
  'live.prepare': { input: z.object({ title: z.string().trim().min(1).max(200), targets: Targets, urgent: z.boolean(), channels: z.literal(1) }), output: LiveSession, role: 'announcer' },
  'live.start': { input: z.object({ sid: Id }), output: LiveSession, role: 'announcer' },
  'live.stop': { input: z.object({ sid: Id }), output: LiveSession, role: 'announcer' },
  'live.list': { input: Nothing, output: z.object({ sessions: z.array(LiveSession) }), role: 'viewer' },
} as const satisfies ProcedureTable

export const Alert = z.object({
  aid: Id, title: z.string(), hazard: z.string(), risk: z.number().int().min(1).max(5), siren: z.string(), messageItemId: Id.nullable(), state: z.enum(['running', 'ended']), drill: z.boolean(), prio: z.number().int(),
  startedAt: InstantMs, endedAt: InstantMs.nullable(), online: z.number().int(), sounding: z.number().int(), devices: z.array(DeviceProgress), by: z.string(),
})
export type Alert = z.infer<typeof Alert>

export const alertsProcedures = {
  'alerts.list': { input: Nothing, output: z.object({ alerts: z.array(Alert), sirens: z.array(z.string()), hazards: z.array(z.string()) }), role: 'viewer' },
  /** Siren at once, then the recorded message. Opens the emergency key with the person's PIN. `drill` is sent at priority 6 as CAP Exercise. */
  'alerts.fire': { input: z.object({ pin: z.string().max(20), title: z.string().trim().min(1).max(200), hazard: z.string().max(32), risk: z.number().int().min(1).max(5), siren: z.string().max(32), messageItemId: Id.nullable(), targets: Targets, repeat: z.number().int().min(1).max(10), drill: z.boolean() }), output: Alert, role: 'emergency' },
  'alerts.stop': { input: z.object({ aid: Id, pin: z.string().max(20) }), output: Alert, role: 'emergency' },
} as const satisfies ProcedureTable

export const liveEvents = { 'live.changed': { payload: LiveSession }, 'alerts.changed': { payload: Alert } } as const satisfies EventTable
export type DeviceState = z.infer<typeof DeviceState>
export type DeviceBadge = z.infer<typeof DeviceBadge>
export type DeviceStep = z.infer<typeof DeviceStep>
export type DeviceProgress = z.infer<typeof DeviceProgress>
export type PendingPairing = z.infer<typeof PendingPairing>
