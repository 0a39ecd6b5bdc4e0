import { z } from 'zod'
import { AirSettings } from './air.ts'
import { ErrorReply } from './errors.ts'
import { Done, Id, InstantMs, Nothing } from './shapes.ts'
import type { EventTable, ProcedureTable } from './procedure.ts'

/** Jobs end in exactly one terminal state: done, failed or cancelled. `progress` 0–1, null = unknown. */
export const Job = z.object({
  id: Id, kind: z.enum(['import', 'peaks', 'render', 'backup', 'fetch', 'sound', 'plan', 'check', 'purge', 'report']), subject: z.string(), progress: z.number().min(0).max(1).nullable(),
  state: z.enum(['queued', 'running', 'done', 'failed', 'cancelled']), error: ErrorReply.nullable(), result: z.record(z.string(), z.string()).nullable(), startedAt: InstantMs, endedAt: InstantMs.nullable(),
})
export type Job = z.infer<typeof Job>

export const Notice = z.object({ id: Id, at: InstantMs, level: z.enum(['info', 'warning', 'alarm']), error: ErrorReply })
export type Notice = z.infer<typeof Notice>

export const Backup = z.object({ file: z.string(), at: InstantMs, sizeBytes: z.number().int(), good: z.boolean() })
export type Backup = z.infer<typeof Backup>

export const StationStatus = z.object({
  version: z.string(), boot: z.string(), pid: z.number().int(), startedAt: InstantMs, dataFolder: z.string(), zone: z.string(), stationName: z.string(),
  /** `safe` = the database could not be opened: only backups can be listed and restored. */
  mode: z.enum(['normal', 'safe']),
  freeBytes: z.number().nullable(),
  ffmpeg: z.object({ path: z.string(), version: z.string(), source: z.enum(['setting', 'packaged', 'ffmpeg-static', 'path']) }).nullable(),
  studioUrl: z.string(), devicesUrl: z.string().nullable(), brokerUrl: z.string().nullable(),
})
export type StationStatus = z.infer<typeof StationStatus>

export const Settings = z.object({
  stationName: z.string().trim().min(1).max(120),
  zone: z.string().min(1).max(64),
  targetLufs: z.number().min(-40).max(-8),
  /** No true peak above this after levelling. */
  ceilingDbtp: z.number().min(-9).max(0),
  watchFolder: z.string().max(1000).nullable(),
  ffmpegPath: z.string().max(1000).nullable(),
  broker: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('embedded') }),
    z.object({ kind: z.literal('external'), url: z.string().max(300), userName: z.string().max(100), passwordFile: z.string().max(1000).nullable(), caFile: z.string().max(1000).nullable() }),
  ]),
  /** Addresses the device listeners bind to; 127.0.0.1 unless the centre opens its network. */
  bindAddress: z.string().max(64),
  publicHost: z.string().max(255).nullable(),
  air: AirSettings,
})
export type Settings = z.infer<typeof Settings>

export const AuditEntry = z.object({ seq: z.number().int(), at: InstantMs, personId: Id.nullable(), who: z.string(), action: z.string(), subject: z.string(), detail: z.string(), hash: z.string() })
export type AuditEntry = z.infer<typeof AuditEntry>

export const stationProcedures = {
  'station.status': { input: Nothing, output: StationStatus, role: 'open' },
  'station.notices': { input: Nothing, output: z.object({ notices: z.array(Notice) }), role: 'viewer' },
  'station.dismissNotice': { input: z.object({ noticeId: Id }), output: Done, role: 'viewer' },
  /** Ends the station: the air stops. The shell asks for confirmation first. */
  'station.shutdown': { input: Nothing, output: Done, role: 'open' },
  'station.backups': { input: Nothing, output: z.object({ backups: z.array(Backup) }), role: 'open' },
  'station.backupNow': { input: Nothing, output: z.object({ jobId: Id }), role: 'administrator' },
  /** Keeps the damaged file beside it, puts the backup in place and restarts the database. Only in safe mode without sign-in. */
  'station.restoreBackup': { input: z.object({ file: z.string().max(200) }), output: Done, role: 'open' },
  'jobs.list': { input: Nothing, output: z.object({ jobs: z.array(Job) }), role: 'viewer' },
  'jobs.cancel': { input: z.object({ jobId: Id }), output: Done, role: 'viewer' },
  'settings.get': { input: Nothing, output: Settings, role: 'viewer' },
  'settings.update': { input: Settings.partial(), output: Settings, role: 'administrator' },
  'audit.list': { input: z.object({ beforeSeq: z.number().int().optional(), limit: z.number().int().min(1).max(500) }), output: z.object({ entries: z.array(AuditEntry) }), role: 'approver' },
  'audit.verify': { input: Nothing, output: z.object({ intact: z.boolean(), entries: z.number().int(), brokenAtSeq: z.number().int().nullable() }), role: 'approver' },
} as const satisfies ProcedureTable

export const stationEvents = {
  'jobs.changed': { payload: Job },
  'station.notice': { payload: Notice },
  'station.status': { payload: StationStatus },
  'settings.changed': { payload: Settings },
} as const satisfies EventTable
