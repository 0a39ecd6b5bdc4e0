/** Shapes of reports, device → station. Unknown members and values are tolerated (BS1 18). */

export type AckStep = 'received' | 'accepted' | 'ready' | 'started' | 'sounding' | 'done' | 'failed' | 'rejected' | 'expired' | 'preempted' | 'resumed'
export type AckCode =
  | 'ok' | 'too_big' | 'bad_sig' | 'unknown_key' | 'bad_schema' | 'not_for_me' | 'unsupported' | 'key_scope' | 'need_cosig' | 'no_clock' | 'key_expired' | 'lease_long' | 'future' | 'expired'
  | 'old_epoch' | 'replay' | 'not_owner' | 'no_file' | 'bad_hash' | 'disk_full' | 'amp_fault' | 'muted' | 'muted_local' | 'quiet' | 'busy_higher' | 'busy_update' | 'late' | 'net' | 'spki' | 'internal'

export interface AckEvidence {
  readonly lvl?: number
  readonly outDbfs?: number
  readonly ampI_A?: number
  readonly lineZ?: readonly number[]
  readonly micSnrDb?: number
  readonly corr?: number
  readonly ampWarmMs?: number
  readonly bufMs?: number
  readonly waitMs?: number
  readonly codec?: string
  readonly url?: number
  readonly skewMs?: number
  readonly sync?: string
  readonly generic?: boolean
  readonly by?: string
  readonly text?: string
}
export interface Ack { readonly v: 1; readonly ref: string; readonly subj?: string; readonly st: AckStep; readonly code: AckCode; readonly at: string; readonly clk?: string; readonly latMs?: number; readonly rep?: boolean; readonly ev?: AckEvidence }
export interface DeviceEvent { readonly v: 1; readonly id: string; readonly at: string; readonly late?: boolean; readonly kind: string; readonly d?: Readonly<Record<string, unknown>> }
export interface Online { readonly v: 1; readonly online: boolean; readonly boot: string; readonly conn: number; readonly at?: string; readonly reason?: string; readonly proto?: string; readonly fw?: string; readonly net?: string; readonly sim?: boolean }
export interface Reported {
  readonly v: 1
  readonly at: string
  readonly rev: number
  readonly ep?: number
  readonly proto?: string
  readonly fw: string
  readonly hw: string
  readonly caps: readonly string[]
  readonly errs?: readonly { readonly path: string; readonly code: string }[]
  readonly manifest?: { readonly ver: number; readonly next?: number; readonly have: number; readonly need: number; readonly missing?: readonly string[]; readonly bytesLeft?: number; readonly state?: string }
  readonly emg?: { readonly have?: number; readonly need?: number }
  readonly keys?: { readonly rev?: number; readonly epochs?: Readonly<Record<string, number>> }
  readonly mute?: { readonly prio?: number; readonly until?: string; readonly by?: string }
  readonly ampWarmMs?: number
  readonly diskFreeMB?: number
  readonly display?: { readonly wPx?: number; readonly hPx?: number; readonly shell?: string; readonly on?: boolean }
}
export interface Telemetry {
  readonly v: 1
  readonly n: number
  readonly at: string
  readonly up: number
  readonly run?: string
  readonly net?: Readonly<Record<string, unknown>>
  readonly pwr?: { readonly src?: string; readonly lost?: boolean; readonly mainsV?: number; readonly batV?: number; readonly batPct?: number }
  readonly amp?: { readonly state?: string; readonly faults?: readonly string[]; readonly tempC?: number; readonly iA?: number; readonly lines?: readonly { readonly st: string; readonly z?: number }[] }
  readonly aud?: { readonly src?: string; readonly ref?: string; readonly prio?: number; readonly volPct?: number; readonly outDbfs?: number; readonly bufMs?: number; readonly underruns?: number; readonly skewMs?: number; readonly playedSec?: number }
  readonly clk?: { readonly src?: string; readonly offMs?: number; readonly errMs?: number }
  readonly sys?: { readonly tempC?: number; readonly cpuPct?: number; readonly diskFreeMB?: number }
  readonly sec?: { readonly rej?: number; readonly nfm?: number }
  readonly scr?: { readonly on?: boolean; readonly item?: string; readonly layer?: string; readonly fps?: number }
}
export interface StudioHint { readonly v: 1; readonly online: boolean; readonly boot: string; readonly at?: string; readonly iss: string; readonly role?: 'primary' | 'standby' | 'relay' }

export interface ReportShapes { readonly ack: Ack; readonly evt: DeviceEvent; readonly online: Online; readonly reported: Reported; readonly tele: Telemetry; readonly studio: StudioHint }
export type ReportKind = keyof ReportShapes
