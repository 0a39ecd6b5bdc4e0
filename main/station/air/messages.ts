import type { Banner, EditCode, FillItem, Happened, OrderAnswer, OverUnder, PlayoutMode, PlayoutOrder, ReasonCode, Returned, SolverPlan, StartSource, StopReason } from '#common/playout/index.ts'
import type { FallbackUp, MonitorReading } from '#common/fallback/index.ts'
import type { RelayState } from '#common/relay/index.ts'
import type { PcmFile, RelayFeedState, RelayOnAir } from '../faces.ts'
import type { Decision } from './bus/trace.ts'
import type { FallbackEvent, LastResort } from './fallback/events.ts'
import type { AirProgramme } from './programme.ts'

/** What the room and the audio thread say to each other. Both live in one process and one version, so the types are the check. */

export const BUS_CHANNELS = 2
/** 10 ms: largest block the bus renders. */
export const BLOCK_FRAMES = 480

/** One bus: a programme of its own for some units. `number` = `session` of its frames (frames.ts). */
export interface BusSetup {
  readonly id: string
  readonly number: number
  readonly unitIds: readonly string[]
  /** What is there when no backup is; the reel when left out. */
  readonly lastResort?: LastResort
  readonly tapPath: string
  readonly mode: PlayoutMode
  readonly happened: readonly Happened[]
  /** The stop before this start; null = none, this is the first. */
  readonly returned: Omit<Returned, 'at'> | null
}

export interface AirStart {
  readonly buses: readonly BusSetup[]
  /** Journal file of this thread's as-run rows and the file of its position. */
  readonly journalPath: string
  readonly positionPath: string
  /** Station time minus the monotonic clock, ms. */
  readonly offsetMs: number
  /** Nobody knows what time it is: nothing starts by the clock. */
  readonly timedHeld: boolean
  readonly programme: AirProgramme
}

export type ToAir =
  /** Lines that are new or different, in pieces; `commit` says what there is now, and in which order. */
  | { readonly kind: 'lines'; readonly lines: AirProgramme['lines'] }
  | { readonly kind: 'commit'; readonly lineIds: readonly string[]; readonly slots: AirProgramme['slots']; readonly days: AirProgramme['days']; readonly fill: AirProgramme['fill'] }
  /** Buses there are to be: new ones begin, others go on, those left out end. */
  | { readonly kind: 'buses'; readonly buses: readonly BusSetup[] }
  | { readonly kind: 'mode'; readonly bus: string; readonly mode: PlayoutMode }
  | { readonly kind: 'order'; readonly bus: string; readonly order: PlayoutOrder & { readonly operator: string } }
  | { readonly kind: 'accept'; readonly requestId: string; readonly bus: string; readonly planId: string }
  | { readonly kind: 'why'; readonly requestId: string; readonly lineId: string }
  | { readonly kind: 'stretched'; readonly sha256: string; readonly ratio: number; readonly pcm: PcmFile | null }
  /** `atJunction`: what is on air ends first. `timedHeld`: nobody knows what time it is, so nothing starts by the clock. */
  | { readonly kind: 'clock'; readonly offsetMs: number; readonly atJunction: boolean; readonly timedHeld: boolean }
  /** What the database knows of lines and the journals do not. */
  | { readonly kind: 'happened'; readonly bus: string; readonly happened: readonly Happened[] }
  | { readonly kind: 'holdGrace'; readonly bus: string; readonly bannerId: string; readonly held: boolean }
  /** A person says that the log may have the bus back from its backup. */
  | { readonly kind: 'confirmReturn'; readonly bus: string }
  | { readonly kind: 'liveOpen'; readonly bus: string; readonly sid: string; readonly channels: 1 | 2; readonly title: string; readonly priority: number }
  | { readonly kind: 'livePcm'; readonly sid: string; readonly pcm: Float32Array; readonly firstFrame: number }
  | { readonly kind: 'liveEnd'; readonly sid: string }
  /** Sound of a relay that was asked for by `relayWanted`, interleaved stereo at 48 kHz. */
  | { readonly kind: 'relayPcm'; readonly feedId: string; readonly pcm: Float32Array }
  | { readonly kind: 'relayState'; readonly feedId: string; readonly state: RelayFeedState }
  | { readonly kind: 'relayEnded'; readonly feedId: string }
  | { readonly kind: 'stop' }

/** What the sound of a row came from. */
export const playSources = ['log', 'fill', 'live', 'alert', 'relay', 'evergreen', 'backup', 'reel', 'tone', 'cart'] as const
export type PlaySource = (typeof playSources)[number]

export interface StartedRow {
  readonly id: string
  readonly bus: string
  /** Null for what is no line of the log. */
  readonly lineId: string | null
  readonly rev: number | null
  /** Id of the placement: the line, or what the solver made for a fill; null for live and the like. */
  readonly placementId: string | null
  readonly fill: FillItem | null
  readonly itemId: string | null
  /** Null for what is not in the log: the room writes the date of its zone. */
  readonly broadcastDate: string | null
  readonly title: string
  readonly sha256: string | null
  /** The five times, UTC ms: of the source list, frozen at publication, by the plan, predicted when it began, heard. */
  readonly importedAt: number | null
  readonly initialAt: number | null
  readonly plannedAt: number | null
  readonly predictedAt: number | null
  readonly actualAt: number
  /** Wall sample of the first sample that sounded. */
  readonly wall: number
  readonly startErrorUs: number | null
  readonly startSource: StartSource
  readonly playSource: PlaySource
  readonly editCode: EditCode
  readonly reason: ReasonCode | null
  readonly priority: number
  /** False: it had its turn without a sample. */
  readonly onAir: boolean
  /** Bus samples per item sample. */
  readonly ratio: number
  /** First sample of the item that sounded. */
  readonly joinedAtSample: number
  /** Who pressed the key it began by. */
  readonly operator: string | null
}
export interface EndedRow {
  readonly id: string
  readonly endedAt: number
  readonly wall: number
  readonly playedSamples: number
  readonly stopReason: StopReason
  readonly editCode: EditCode
  /** Who ended it. */
  readonly operator: string | null
  /** Of the bus while this row was its main source. */
  readonly integratedLufs: number | null
  readonly silenceMs: number | null
  /** Samples from the top of the item to the end; null when the line ran by the plan. */
  readonly consumedSamples: number | null
}
export type AsRunEntry = { readonly entry: 'started'; readonly row: StartedRow } | { readonly entry: 'ended'; readonly row: EndedRow }

export interface PlayingNow {
  readonly rowId: string
  readonly lineId: string | null
  /** Placement it came from: for a start after this thread. */
  readonly placementId: string | null
  readonly title: string
  readonly startedAt: number
  readonly endsAt: number | null
  readonly playedSamples: number
  readonly priority: number
  readonly source: 'log' | 'live' | 'alert'
}
/** A relay that is listened to: before its line, and while it is on air or a backup is in its place. */
export interface RelayNow {
  readonly lineId: string
  readonly title: string
  readonly state: RelayState
  /** Place of its address in the list. */
  readonly address: number
  readonly isEarlierEdition: boolean
  readonly onAir: boolean
  readonly covered: boolean
  readonly startAt: number
}
export interface BusNow {
  readonly bus: string
  readonly mode: PlayoutMode
  readonly zeroAtUs: number
  readonly position: number
  readonly playing: PlayingNow | null
  /** The tail of a segue, while it still sounds. */
  readonly finishing: { readonly lineId: string; readonly title: string; readonly endsAt: number } | null
  readonly next: { readonly lineId: string; readonly title: string; readonly at: number | null; readonly armed: boolean; readonly reason: ReasonCode } | null
  /** Waits for a key. */
  readonly waiting: { readonly lineId: string; readonly rev: number; readonly title: string; readonly armed: boolean; readonly reason: ReasonCode } | null
  /** Instants are UTC ms. */
  readonly banners: readonly (Omit<Banner, 'at' | 'until'> & { readonly title: string; readonly at: number; readonly until: number | null; readonly held: boolean })[]
  readonly overUnder: OverUnder | null
  readonly solver: readonly SolverPlan[]
  readonly holdPriority: number | null
  readonly armedLineIds: readonly string[]
  readonly liveSid: string | null
  readonly relays: readonly RelayNow[]
  readonly underruns: number
  /** The backup that is on; `since` is UTC ms. */
  readonly fallback: (FallbackUp & { readonly title: string }) | null
  readonly output: Omit<MonitorReading, 'silentFor'> & { readonly silentMs: number }
}

export type FromAir =
  | { readonly kind: 'ready' }
  | { readonly kind: 'state'; readonly buses: readonly BusNow[] }
  | { readonly kind: 'asRun'; readonly entry: AsRunEntry }
  | { readonly kind: 'answer'; readonly bus: string; readonly answer: OrderAnswer }
  | { readonly kind: 'accepted'; readonly requestId: string; readonly ok: boolean }
  | { readonly kind: 'why'; readonly requestId: string; readonly decisions: readonly (Decision & { readonly bus: string })[] }
  | { readonly kind: 'stretchWanted'; readonly sha256: string; readonly ratio: number; readonly pcm: PcmFile }
  /** 50 ms of a bus: meters record (frames.ts) and 16-bit stereo. */
  | { readonly kind: 'heard'; readonly number: number; readonly firstFrame: number; readonly frames: number; readonly meters: Float32Array; readonly pcm: Int16Array }
  | { readonly kind: 'liveEnded'; readonly sid: string }
  /** Somebody listen to this, for a line that begins at `startAt` (UTC ms), until `relayDone`. */
  | { readonly kind: 'relayWanted'; readonly feedId: string; readonly relay: RelayOnAir; readonly startAt: number }
  | { readonly kind: 'relayDone'; readonly feedId: string }
  | { readonly kind: 'fallback'; readonly bus: string; readonly event: FallbackEvent }
  | { readonly kind: 'trouble'; readonly message: string; readonly detail: Record<string, unknown> }
