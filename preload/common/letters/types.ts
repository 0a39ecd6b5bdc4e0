/** Shapes of BS1 letters and reports. The JSON schema in resources/protocol is the law; these types only name what it lets through. */

export type LetterType = 'live' | 'alert' | 'screen' | 'desired' | 'keys' | 'time' | 'cmd' | 'manifest'
export type Codec = 'opus' | 'mp3' | 'aac' | 'hls'
export interface Volume { readonly mode: 'device' | 'min' | 'force'; readonly pct?: number }
export interface Stream { readonly codec: Codec; readonly url: string; readonly kbps?: number; readonly spki?: readonly string[] }
export interface TextIn { readonly lang: string; readonly text: string }
export interface Stagger { readonly slotSec: number; readonly slots: number }
export interface Anchor { readonly at: string; readonly sample: number }
export interface Server { readonly url: string; readonly spki?: readonly string[] }
export interface PublicJwk { readonly kty: 'OKP'; readonly crv: 'Ed25519'; readonly x: string }

export interface Envelope {
  readonly v: number
  readonly typ: string
  readonly id: string
  readonly org: string
  readonly iss: string
  readonly aud: readonly string[]
  readonly iat: number
  readonly exp: number
  readonly ep: number
  readonly rev?: number
  readonly prio?: number
}
interface StateEnvelope extends Envelope { readonly rev: number; readonly prio: number }

export interface LiveLetter extends StateEnvelope {
  readonly typ: 'live'
  readonly sid: string
  readonly state: 'prepare' | 'start' | 'stop'
  readonly title?: string
  readonly profile?: 'lan' | '4g' | 'emergency'
  readonly streams?: readonly Stream[]
  readonly token?: string
  readonly readyBy?: string
  readonly startAt?: string
  readonly anchor?: Anchor
  readonly sync?: 'none' | 'wan' | 'lan'
  readonly bufferMs?: number
  readonly maxSec?: number
  readonly tailMs?: number
  readonly volume?: Volume
  readonly chime?: string
  readonly closing?: string
  readonly onLoss?: 'silence' | 'fallback' | 'resume'
  readonly lossHoldSec?: number
  readonly fallback?: string
  readonly after?: 'join' | 'restart' | 'skip'
  readonly takeover?: { readonly sid: string; readonly reason?: string }
}

export interface CapFacts {
  readonly identifier: string
  readonly sender: string
  readonly sent: string
  readonly status: 'Actual' | 'Exercise' | 'Test'
  readonly msgType: 'Alert' | 'Update' | 'Cancel'
  readonly scope: 'Public' | 'Restricted' | 'Private'
  readonly references?: string
  readonly urgency?: string
  readonly severity?: string
  readonly certainty?: string
  readonly expires?: string
  readonly headline?: string
  readonly lang?: string
}
export interface AlertAudio { readonly lang: string; readonly sha256: string; readonly url?: string; readonly bytes?: number; readonly durMs?: number; readonly mime?: string }
export interface PanelItem { readonly item: string; readonly mime?: string; readonly bytes?: number; readonly url?: string; readonly durSec?: number; readonly fit?: 'contain' | 'cover' | 'fill' }
export interface Panel {
  readonly template: string
  readonly risk?: number
  readonly title?: readonly TextIn[]
  readonly text?: readonly TextIn[]
  readonly crawl?: readonly TextIn[]
  readonly items?: readonly PanelItem[]
  readonly langSec?: number
  readonly crawlPxSec?: number
  readonly minFontPx?: number
  readonly volume?: Volume
}
export interface AlertLetter extends StateEnvelope {
  readonly typ: 'alert'
  readonly aid: string
  readonly state: 'start' | 'stop'
  readonly cap: CapFacts
  readonly capUrl?: string
  readonly capSha256?: string
  readonly hazard?: string
  readonly risk?: number
  readonly siren?: string
  readonly audio?: readonly AlertAudio[]
  readonly reissue?: string
  readonly repeat?: number
  readonly gapSec?: number
  readonly everySec?: number
  readonly startAt?: string
  readonly stagger?: Stagger
  readonly volume?: Volume
  readonly panel?: Panel
  readonly replaces?: readonly string[]
  readonly closing?: string
  readonly after?: 'join' | 'restart' | 'skip'
}
export interface ScreenLetter extends StateEnvelope {
  readonly typ: 'screen'
  readonly sid: string
  readonly state: 'start' | 'stop'
  readonly title?: string
  readonly layer?: 'overlay' | 'full'
  readonly panel?: Panel
  readonly startAt?: string
  readonly durSec?: number
  readonly after?: 'join' | 'restart' | 'skip'
}

export interface HourRange { readonly from: string; readonly to: string }
export interface ManifestPointer { readonly ver: number; readonly url: string; readonly sha256: string; readonly bytes?: number }
export interface DeviceConfig {
  readonly name?: string
  readonly unit?: string
  readonly place?: { readonly lat: number; readonly lon: number; readonly altM?: number }
  readonly mode?: 'silent' | 'active' | 'disabled'
  readonly groups?: readonly string[]
  readonly langs?: readonly string[]
  readonly volumePct?: number
  readonly minPct?: number
  readonly emgPct?: number
  readonly volumeByHour?: readonly (HourRange & { readonly pct: number })[]
  readonly quiet?: readonly (HourRange & { readonly days?: readonly number[]; readonly maxPrio?: number })[]
  readonly sync?: { readonly group?: string; readonly delayMs?: number; readonly index?: number; readonly maxErrMs?: number }
  readonly servers?: { readonly mqtt?: readonly Server[]; readonly http?: readonly Server[] }
  readonly ntp?: readonly string[]
  readonly teleSec?: number
  readonly teleLiveSec?: number
  readonly keepaliveSec?: number
  readonly manifest?: ManifestPointer
  readonly localBeats?: number
  readonly amp?: { readonly warmMs?: number; readonly holdSec?: number; readonly always?: boolean }
  readonly open?: { readonly relay?: boolean; readonly multicast?: boolean }
  readonly signReports?: boolean
}
export interface DesiredLetter extends Envelope { readonly typ: 'desired'; readonly rev: number; readonly cfg: DeviceConfig }

export interface TrustRoot { readonly kid: string; readonly jwk: PublicJwk }
export interface TrustKey {
  readonly kid: string
  readonly iss: string
  readonly jwk: PublicJwk
  readonly types: readonly string[]
  readonly maxPrio: number
  readonly rank?: number
  readonly scope: readonly string[]
  readonly notBefore?: number
  readonly notAfter: number
  readonly minEp?: number
  readonly takeover?: readonly string[]
  readonly co?: { readonly prio: number; readonly kids: readonly string[] }
}
export type LeaseLimits = Readonly<Partial<Record<'cmd' | 'live' | 'alert' | 'screen', number>>>
export interface KeysLetter extends Envelope { readonly typ: 'keys'; readonly rev: number; readonly keys: readonly TrustKey[]; readonly roots?: readonly TrustRoot[]; readonly maxLease?: LeaseLimits }
export interface TimeLetter extends Envelope { readonly typ: 'time'; readonly t: number; readonly nonce?: string; readonly errMs?: number; readonly src?: 'ntp' | 'gnss' | 'manual' }
export interface CommandLetter extends Envelope { readonly typ: 'cmd'; readonly op: string; readonly args?: Readonly<Record<string, unknown>> }

export interface ContentItem {
  readonly sha256: string
  readonly bytes: number
  readonly mime: string
  readonly name?: string
  readonly lang?: string
  readonly durMs?: number
  readonly urls?: readonly string[]
  readonly keep: 'pin' | 'until' | 'lru'
  readonly until?: string
  readonly lufs?: number
  readonly peakDbtp?: number
  readonly wPx?: number
  readonly hPx?: number
  readonly chunks?: { readonly size: 262144; readonly sha256: readonly string[] }
}
export interface SlotPlay { readonly item: string; readonly fromMs?: number; readonly toMs?: number; readonly durSec?: number; readonly gainDb?: number; readonly region?: string; readonly fit?: 'contain' | 'cover' | 'fill'; readonly text?: readonly TextIn[] }
export interface ScheduleSlot {
  readonly slot: string
  readonly title?: string
  readonly kind?: 'audio' | 'screen'
  readonly groups?: readonly string[]
  readonly devs?: readonly string[]
  /** Wall time `YYYY-MM-DDTHH:MM:SS` in the zone of the manifest. */
  readonly start: string
  readonly rrule?: string
  readonly exdate?: readonly string[]
  readonly durSec: number
  readonly prio: number
  readonly play?: readonly SlotPlay[]
  readonly stream?: { readonly streams: readonly Stream[]; readonly token?: string; readonly backup?: string; readonly lossHoldSec?: number }
  readonly layout?: string
  readonly volume?: Volume
  readonly chime?: string
  readonly lateMaxSec?: number
  readonly hardEnd?: boolean
  readonly after?: 'join' | 'restart' | 'skip'
  readonly sync?: 'none' | 'wan' | 'lan'
  readonly stagger?: Stagger
}
export interface Region { readonly id: string; readonly kind: 'media' | 'ticker' | 'text' | 'clock'; readonly x: number; readonly y: number; readonly w: number; readonly h: number; readonly z?: number }
type ByLang = Readonly<Record<string, string>>
export interface EmergencySet {
  readonly sirens?: Readonly<Record<string, string>>
  readonly generic?: Readonly<Record<string, ByLang>>
  readonly allClear?: ByLang
  readonly correction?: ByLang
  readonly drill?: ByLang
  readonly wait?: string
  readonly ident?: string
  readonly card?: string
}
export interface ManifestLetter extends Envelope {
  readonly typ: 'manifest'
  readonly ver: number
  readonly tz: string
  readonly offMin: number
  readonly validFrom: string
  readonly validTo: string
  readonly items: readonly ContentItem[]
  readonly sched: readonly ScheduleSlot[]
  readonly layouts?: Readonly<Record<string, { readonly regions: readonly Region[] }>>
  readonly emg?: EmergencySet
}

export type Letter = LiveLetter | AlertLetter | ScreenLetter | DesiredLetter | KeysLetter | TimeLetter | CommandLetter | ManifestLetter

/** The trust list a device holds (or starts with: one root pinned at pairing, no keys). */
export interface TrustList {
  readonly rev: number
  readonly ep: number
  readonly roots: readonly TrustRoot[]
  readonly keys: readonly TrustKey[]
  readonly maxLease?: LeaseLimits
}
