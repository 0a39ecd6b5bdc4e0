import type { Item, Keep, Loudness } from '#contract/library.ts'
import type { Device, DeviceProgress, Targets, Unit } from '#contract/devices.ts'
import type { AirStatus, AsRunRow } from '#contract/air.ts'
import type { AppError } from '#contract/errors.ts'
import type { LineFields, LineReason, LogDay, SlotFields } from '#contract/log.ts'
import type { RelaySource } from '#contract/log-line.ts'
import type { RelayLimits } from '#contract/relay.ts'
import type { QuotaMeter } from '#contract/planning.ts'
import type { RecordedTake, TakeFault } from '#contract/recorder.ts'
import type { Slide } from '#contract/programme.ts'
import type { Edl } from '#common/edl/index.ts'
import type { MixPlan } from '#common/mix/index.ts'
import type { UnitRules } from '#common/planning/index.ts'
import type { ContentKind, FillItem, Happened, LineKind, LineOrigin, LineState, Markers, PlayoutDay, PlayoutLine, PlayoutMode, PlayoutSlot } from '#common/playout/index.ts'
import type { Samples } from '#common/units/samples.ts'
import type { Caller, Room, Who } from './context.ts'
import type { FileStamp } from './foundation/stamp.ts'

/**
 * The faces rooms show each other. A room is opened by `open<Name>(ctx, deps)` in its `index.ts` and returns its face.
 */

/** A 48 kHz PCM WAV/RF64 file that can be addressed by sample. */
export interface PcmFile {
  readonly path: string
  readonly format: 'int16' | 'int24' | 'float32'
  readonly channels: number
  readonly dataOffsetBytes: number
  readonly length: Samples
  /** Of a file that is not ours: who reads it must find it so from the first sample to the last. */
  readonly stamp?: FileStamp
}

export interface MediaRoom {
  /** Path of ffmpeg and what it can do; throws AppError('ffmpeg-missing'). */
  ffmpeg(): Promise<{ path: string; version: string; source: 'setting' | 'packaged' | 'ffmpeg-static' | 'path'; encoders: ReadonlySet<string>; filters: ReadonlySet<string> }>
  /** What ffmpeg sees in the headers; nothing is decoded. Throws file-not-audio, file-truncated, file-missing … */
  probe(source: string, signal: AbortSignal): Promise<MediaProbe>
  /**
   * Whole decode to 48 kHz PCM WAV (RF64 past 4 GiB), own channel count; temp file + fsync + rename. Returns the file as written. Progress 0–1.
   * `meanwhile` is given the sound as soon as it can be read, while the disk still takes it in: `target` stands when both are done, and not when it fails.
   */
  decodeToPcm(source: string, target: string, options: { bits: 16 | 24; channels?: number; signal: AbortSignal; progress?: (value: number | null) => void; expectedSeconds?: number; maxSeconds?: number; meanwhile?: (pcm: PcmFile) => Promise<unknown> }): Promise<PcmFile>
  /** Encodes a PCM WAV. opus = Ogg Opus (RFC 7845). Temp file + rename. */
  encode(source: string, target: string, options: { format: 'mp3' | 'opus' | 'flac' | 'wav' | 'aac'; kbps?: number; bits?: 16 | 24; channels?: number; gainDb?: number; title?: string; tags?: Readonly<Record<string, string>>; metadataFile?: string; signal: AbortSignal }): Promise<void>
  /** Encodes 48 kHz PCM while it is being made (`pcm` interleaved). What `chunks` throws comes out as it is; temp file + rename. */
  encodeStream(chunks: AsyncIterable<Uint8Array>, pcm: { readonly format: PcmFile['format']; readonly channels: number }, target: string, options: { format: 'mp3' | 'opus' | 'flac' | 'wav' | 'aac'; kbps?: number; bits?: 16 | 24; channels?: number; gainDb?: number; title?: string; tags?: Readonly<Record<string, string>>; metadataFile?: string; signal: AbortSignal }): Promise<void>
  /** Decodes the whole file: its true length at 48 kHz. */
  decodedLength(path: string, signal: AbortSignal): Promise<number>
  /** EBU R 128 of a 48 kHz WAV, mono or stereo; null values under 400 ms or below the gate. In threads, one per core for long files. */
  measureLoudness(path: string, signal: AbortSignal, onSeconds?: (seconds: number) => void): Promise<Loudness>
  /** The same of a stretch. `limit` (linear) counts the places whose true peak passes it. `energies`: mean squares of 10 ms, for the course of loudness. */
  measureSound(pcm: PcmFile, options: { range?: { start: number; end: number } | null; signal: AbortSignal; progress?: (value: number) => void; limit?: number }): Promise<SoundFacts>
  /** Many stretches, shared by two threads, in their order. */
  measureSounds(stretches: readonly { pcm: PcmFile; range: { start: number; end: number } | null; limit?: number }[], options: { signal: AbortSignal; progress?: (value: number) => void }): Promise<SoundFacts[]>
  /** The same of what the mixer makes of a plan, without writing it. */
  measureMix(plan: MixPlan, places: readonly Pick<PcmFile, 'path' | 'format' | 'channels' | 'dataOffsetBytes'>[], channels: 1 | 2, options: { signal: AbortSignal; progress?: (value: number) => void; limit?: number }): Promise<SoundFacts>
  /**
   * A stretch of a PCM file through an ffmpeg filter chain to a 48 kHz WAV of exactly `length` frames (default: as many as went in). `delay`: frames by which the
   * chain is late; they are taken off. Temp file + fsync + rename.
   */
  filterSound(pcm: PcmFile, target: string, options: { chain: readonly string[]; range: { start: number; end: number } | null; length?: number; delay?: number; format: PcmFile['format']; signal: AbortSignal; progress?: (value: number) => void }): Promise<PcmFile>
  /** audiowaveform .dat v2, 16-bit, 256 samples per point, and the .rms beside it; in threads, one per core for long files. Gives the largest magnitude, 0–1. */
  writePeaks(pcm: PcmFile, target: string, options: { signal: AbortSignal; progress?: (value: number | null) => void }): Promise<{ peak: number }>
  /** Parses a 48 kHz WAV/RF64 header; throws AppError file-missing, file-unreadable, file-empty, file-not-audio, file-truncated, file-lying, unsupported-format. */
  openPcm(path: string): Promise<PcmFile>
  /** Long-running live encoder: f32le/s16le mono or stereo 48 kHz in, Ogg Opus or MP3 out with low latency. The caller disposes it. */
  liveEncoder(options: { codec: 'opus' | 'mp3'; kbps: number; channels: 1 | 2; onData: (chunk: Buffer) => void; onExit: (code: number | null) => void }): { write(pcm: Float32Array): boolean; end(): void; kill(): void }
  /** Long-running live decoder of an http(s) stream or a `file:` address: interleaved f32le at 48 kHz out, at its own pace or, with `realTime`, not faster than it plays. The caller kills it. */
  liveDecoder(options: { url: string; channels: 1 | 2; realTime: boolean; onData: (chunk: Buffer) => void; onExit: (code: number | null) => void }): { kill(): void }
  /** The exact ffmpeg lines of the last runs, newest last. */
  lastCommands(): readonly string[]
}

export interface SoundFacts {
  readonly loudness: Loudness
  readonly energies: Float64Array
  readonly overs: number
}

export interface MediaProbe {
  readonly container: string
  readonly codec: string
  readonly rateHz: number
  readonly channels: number
  /** Bits worth keeping: 24 for lossless sources of more than 16 bits, else 16. */
  readonly bits: 16 | 24
  /** As the file claims; null when unknown or guessed from a bit rate. */
  readonly declaredSeconds: number | null
  readonly hasVideo: boolean
}

export interface LibraryRoom extends Room {
  get(itemId: string): Item | null
  /** Audio to play: the PCM of the item (original or mezzanine); null when its file is missing, or purged and only now being made again (`library.changed` tells the end). */
  pcmOf(itemId: string): Promise<PcmFile | null>
  /** The same for the air and for devices: exactly the bytes that were approved, stamped, so that a later change is noticed. @throws AppError changed-since-approval */
  approvedPcmOf(itemId: string): Promise<PcmFile | null>
  /** The file as it was brought in; null when it is missing. */
  originalOf(itemId: string): Promise<string | null>
  /** Waits until purged 48 kHz copies of these are made again and files in their owners' folders are compared. Inside a job: through `job.outside`. Never throws. */
  prepare(itemIds: readonly string[]): Promise<void>
  /** These sounds must stay ready at once, whatever is cleared away. Asked each time. */
  hold(why: 'planned' | 'editing' | 'emergency', itemIds: () => Iterable<string>): void
  /** Same pipeline as a dialog import (job, quarantine, duplicate check). `moveSource` deletes the source file after success. Cues that make no sense for its length are left out. */
  importFile(path: string, options: { who: Who; title?: string; kind?: Item['kind']; moveSource?: boolean; keep?: Keep; cues?: Item['cues'] }): { jobId: string; item: Promise<Item> }
  /** For compiled content and the demo: sets the state through the same rules and audit as a person would. */
  approve(itemId: string, who: Who): Item
  /** Takes an approved item back, through the same rules and audit as a person would. @throws AppError stale, step-refused */
  withdraw(itemId: string, rev: number, who: Who): Item
  list(): Item[]
}

export interface RecorderRoom extends Room {
  takes(): RecordedTake[]
  /** Records a stream until it is told to finish. Resolves with the first sound. @throws AppError stream-unreachable, disk-full, busy */
  recordStream(wanted: { readonly url: string; readonly title: string }, who: Who): Promise<RecordedStream>
  /** Repairs unfinished takes; called once at start before windows connect. Never throws. */
  recover(): Promise<void>
}

export interface RecordedStream {
  /** UTC ms of its first sample. */
  readonly startedAt: number
  /** The take as it is in the library; `faults` say what the source did not give. @throws AppError what the library said */
  finish(): Promise<{ readonly itemId: string; readonly lengthSamples: number; readonly faults: readonly TakeFault[] }>
}

/** A project that has become an item of the library: the list as it was rendered. */
export interface Rendered {
  readonly projectId: string
  readonly itemId: string
  readonly edl: Edl
}
export interface EditorRoom extends Room {
  /** Lanes told to go down under a voice get their envelopes here. @throws Error when the list breaks its own rules */
  create(title: string, edl: Edl, who: Who): Promise<{ projectId: string; rev: number }>
  /** Another list in place of the one there, as one step of the history named `name`. @throws AppError not-found, edit-lease when another window edits it */
  replace(projectId: string, edl: Edl, name: string, caller: Caller): Promise<{ rev: number }>
  /** @throws AppError not-found */
  edlOf(projectId: string): Promise<{ rev: number; edl: Edl }>
  onRendered(run: (rendered: Rendered) => void): () => void
  /** Waits until the sounds of a list can be read. Inside a job: through `job.outside`. */
  prepare(edl: Edl): Promise<void>
  /** Mixes a list to a 24-bit WAV at `target`. The caller removes the file when this fails. @throws AppError render-empty, file-missing, file-truncated, disk-full, cancelled */
  mixdown(edl: Edl, target: string, options: { signal: AbortSignal; channels?: 1 | 2; progress?: (value: number) => void }): Promise<PcmFile>
  /** The same as interleaved PCM while it is being mixed: for encoders, which need no file between. The thread ends when `chunks` is read to its end or left. */
  mixStream(edl: Edl, options: { signal: AbortSignal; format: 'int24' | 'float32'; channels?: 1 | 2; progress?: (value: number) => void }): Promise<{ chunks: AsyncIterable<Uint8Array>; format: 'int24' | 'float32'; channels: 1 | 2; length: number }>
}

export interface PlanningRoom extends Room {
  /** Rules of the hour for the station and for the units that have their own. */
  rules(): UnitRules
  /** Airtime of the dates as it ran and as it is still planned. @param days the log of every date */
  meterOf(dates: readonly string[], days: ReadonlyMap<string, LogDay>, unitId?: string): QuotaMeter
}

export interface ProgrammeRoom extends Room {
  /** Pictures of an item by time, in order; empty when it was not made from a bulletin with pictures. */
  slidesOf(itemId: string): readonly Slide[]
}

/** One audible thing by the plan. Only the gate (`log/gate`) makes these. Contiguous followers have `startAt` equal to the end of the one before, in samples of the chain. */
export interface PlannedPlay {
  readonly lineId: string
  readonly broadcastDate: string
  readonly itemId: string
  readonly title: string
  readonly sha256: string
  readonly pcm: PcmFile
  readonly gainDb: number
  /** UTC ms of the first sample; integer for hard lines. */
  readonly startAt: number
  /** Samples to play (full length, or less when a hard line cuts it). */
  readonly playSamples: Samples
  /** First line of a chain: started by its own hard time. Followers join it without gap. */
  readonly chainStart: boolean
  /** Cut by the next hard line: fades 150 ms ending at its end. */
  readonly cut: boolean
  readonly targetUnitIds: readonly string[]
  /** Absent = the main bus. */
  readonly bus?: string
}
/** A sound that is approved and on the disk at this moment, as whole as the library knows it. Only the gate (`log/gate`) makes these. */
export interface PassedSound {
  readonly itemId: string
  readonly title: string
  readonly sha256: string
  readonly pcm: PcmFile
  readonly gainDb: number
  readonly markers: Markers | null
  readonly content: ContentKind
  /** End of an embargo, UTC ms: not a sample of it before, whatever key is pressed. Absent = none. */
  readonly notBeforeMs?: number
}
/** A line as the gate left it. One that may not sound is here too (`line.state` says why): its turn comes, and the fallback ladder plays in its place. */
export interface CompiledLine {
  readonly line: PlayoutLine
  readonly bus: string
  readonly title: string
  readonly itemId: string | null
  /** Null when it may not sound, and of lines that are no file (live, relay, note). */
  readonly sound: PassedSound | null
  /** Its own item may not or cannot sound: `sound` is its first backup. */
  readonly isBackup?: true
  readonly relaySourceId: string | null
  /** What a relay that may sound listens to. Absent of all other lines. */
  readonly relay?: RelayOnAir
  /** The line's own backups that may sound, in order. */
  readonly backups: readonly PassedSound[]
  readonly targetUnitIds: readonly string[]
}
export interface CompiledSlot {
  readonly slot: PlayoutSlot
  readonly bus: string
  readonly title: string
  readonly backups: readonly PassedSound[]
}
export interface CompiledPlan {
  readonly compiledAt: number
  readonly fromAt: number
  readonly untilAt: number
  /** What is thought to sound, by start: for devices and screens. */
  readonly plays: readonly PlannedPlay[]
  /** Everything the air decides by, in the order of the log. */
  readonly lines: readonly CompiledLine[]
  readonly slots: readonly CompiledSlot[]
  readonly days: readonly PlayoutDay[]
  /** Sounds the solver may fill with, by group and in rotation. */
  readonly fill: readonly { readonly item: FillItem; readonly sound: PassedSound }[]
}

/** A line as another room writes it: what is left out is as in a plain line of its kind. Sounding lines without an item are shown as such, and stay silent. */
export interface LineToAdd extends Partial<Omit<LineFields, 'plannedSamples'>> {
  readonly kind: LineKind
  readonly lengthSamples?: number
  /** Name of the line in the list it was made from; the same name on the same day is the same line when the list is made anew. */
  readonly sourceRef: string
  /** `sourceRef` of the slot it belongs to. */
  readonly slotRef?: string | null
  readonly importedAt?: number | null
  readonly originUnitId?: string | null
}
export interface SlotToAdd extends SlotFields {
  readonly sourceRef: string
}
export interface LineRefusal {
  readonly sourceRef: string
  readonly lineId: string | null
  readonly error: AppError
}
/** What became of a generated list. */
export interface GeneratedDay {
  readonly added: readonly string[]
  readonly changed: readonly string[]
  readonly removed: readonly string[]
  /** Left as they are: changed by a person since, heard, or so close to the air that nothing may change. */
  readonly kept: readonly string[]
  readonly refused: readonly LineRefusal[]
  readonly stepId: string | null
}
/** A word of another room about a line, beyond approval and file: hour rules, validity, embargo. Null = nothing against it. `at` = predicted start, UTC ms. */
export type LineJudge = (line: { readonly lineId: string; readonly broadcastDate: string; readonly item: Item | null; readonly kind: LineKind; readonly slotId: string | null; readonly at: number | null }) => { readonly state: Extract<LineState, 'expired' | 'ruleBlocked' | 'notReady' | 'notApproved'>; readonly reason: LineReason } | null
/** Another room that keeps items by name: templates, clocks, bulletins. */
export interface ItemUses {
  /** Stable word of the room, `log.uses.rooms.<room>` in the locales. */
  readonly room: string
  /** What it keeps follows the plan by itself: nothing is to be replaced there, and a withdrawal reaches it. */
  readonly followsPlan?: boolean
  usesOf(itemId: string): readonly { readonly id: string; readonly title: string; readonly rev: number }[]
  /** Puts another item in the place of one, everywhere in this room or only in `ids`; gives what was changed. Called in a transaction: throws to undo all of it. */
  replace(itemId: string, byItemId: string, ids: readonly string[], who: Who): readonly string[]
}
/** A source that passed the gate: where it is and how it is listened to. Times in ms. Only the relay room makes these. */
export interface RelayOnAir extends RelayLimits {
  readonly sourceId: string
  readonly title: string
  readonly addresses: readonly RelaySource[]
}
interface KnownRelay {
  readonly title: string
  readonly approved: boolean
  readonly relay: RelayOnAir
}
/** Relay sources a line may name. */
export interface RelaySources {
  get(sourceId: string): KnownRelay | null
  /** The one that has all these addresses; it is listened to at them, in their order. */
  holding(addresses: readonly RelaySource[]): KnownRelay | null
  /** The recording a line of that date plays, when it names a schedule; null = there is none yet, undefined = it is no schedule. */
  editionOf(scheduleId: string, broadcastDate: string): RelayEdition | null | undefined
  /** Items lines of these dates may play by that. */
  editionItems(dates: readonly string[]): readonly string[]
}
/** Places are samples of the item. */
export interface RelayEdition {
  readonly itemId: string
  readonly title: string
  readonly cueIn: number
  readonly cueOut: number
  readonly isEarlier: boolean
  readonly ofDate: string
}
/** What is heard of a relay. Its methods are called at any time until it is closed. */
export interface RelayListener {
  /** Interleaved stereo at 48 kHz; the buffer is handed over. */
  sound(pcm: Float32Array): void
  /** `address` = its place in the list; a finite source begins when the line does, and ends. */
  state(state: RelayFeedState): void
  /** A file has been heard to its end. */
  ended(): void
}
export interface RelayFeedState {
  readonly address: number
  readonly isConnected: boolean
  readonly isFinite: boolean
  readonly isEarlierEdition: boolean
}
export interface RelayFeed {
  close(): void
}
/** Listens to a source for one line until it is closed. @param startAt planned start of the line, UTC ms */
export type OpenRelayFeed = (relay: RelayOnAir, startAt: number, listener: RelayListener) => RelayFeed

export interface RelayRoom extends Room {
  readonly sources: RelaySources
  /** Who records what is scheduled; nothing is recorded before. `measure` and `approve` are about items of the library. */
  recordWith(parts: {
    readonly recorder: Pick<RecorderRoom, 'recordStream'>
    readonly measure: (itemId: string, range: { start: number; end: number }) => Promise<SoundFacts>
    readonly approve: (itemId: string, by: string) => void
  }): void
  /** Sources, or what people let of them, have changed. */
  onChange(run: () => void): () => void
}

export interface LogRoom extends Room {
  /** ≥ 48 h ahead; everything in it passed the gate. */
  plan(): CompiledPlan
  /** Called after every change of the plan (and each hour). */
  onPlan(run: (plan: CompiledPlan) => void): () => void
  day(broadcastDate: string): Promise<LogDay>
  /** Puts lines at the end of a day (or of the slots they name). Lines that cannot stand are told one by one; the others are in. */
  addLines(broadcastDate: string, lines: readonly LineToAdd[], who: Who): Promise<GeneratedDay>
  /**
   * The day as the planning makes it: slots and lines of the given origin, in order. Known by `sourceRef`, so lines keep their ids; what is not in the list any more goes
   * away. Lines of people, lines a person has changed, and all that is heard or about to be, stay.
   */
  replaceGenerated(broadcastDate: string, made: { readonly origin: LineOrigin; readonly slots: readonly SlotToAdd[]; readonly lines: readonly LineToAdd[] }, who: Who): Promise<GeneratedDay>
  addJudge(judge: LineJudge): () => void
  /** Judges have changed their mind: look at everything again. */
  judgeAgain(): void
  addItemUses(uses: ItemUses): () => void
  useRelaySources(sources: RelaySources): void
  /** Where rules end a slot before its own end (session limit, quiet hour), UTC ms; null = nowhere. */
  useRuleEnds(ruleEndAt: (slot: { readonly id: string; readonly broadcastDate: string; readonly startAt: number; readonly endAt: number; readonly ruleProfileId: string | null }) => number | null): void
}

/** What the air knows about lines beyond the plan. */
export interface LineOnAir {
  readonly lineId: string
  readonly state: 'armed' | 'playing'
}
/** A live session on the programme bus: takes it from the log with a 150 ms fade and gives it back joined where the clock says. */
export interface LiveOnAir {
  /** Interleaved 48 kHz float samples at capture time; `firstFrame` counts sample frames of this session from 0. Repeated frames are ignored, missing ones become silence. The buffer is handed over: do not use it again. */
  write(pcm: Float32Array, firstFrame: number): void
  /** Plays what has come and gives the bus back. May be called twice. */
  end(): void
}

export interface AirRoom extends Room {
  status(): AirStatus
  onAsRun(run: (row: AsRunRow) => void): () => void
  /** Takes a new plan at once and keeps it in air/plan.json for a start without the database. Only the log room calls it. */
  usePlan(plan: CompiledPlan): void
  asRunBetween(fromAt: number, untilAt: number): AsRunRow[]
  asRunOf(broadcastDate: string): AsRunRow[]
  /** Last run of each line on a bus, of rows that began at `fromAt` (UTC ms) or later: what the sequencer decides by. */
  happened(bus: string, fromAt: number): Happened[]
  modeOf(bus: string): PlayoutMode
  linesOnAir(): readonly LineOnAir[]
  /** Opens a live session on a bus (`main` when none is named), over the log. @throws AppError busy while another one holds it */
  live(sid: string, options: { channels: 1 | 2; title: string; priority?: number; bus?: string }): LiveOnAir
  /** Who makes an item longer or shorter for the solver, pitch kept: a file of round(length × ratio) samples. Without one, items play at their own speed. */
  stretchWith(make: (sha256: string, pcm: PcmFile, ratio: number) => Promise<PcmFile>): void
  /** Who listens to the sources of relay lines. Without one, relays are silent and backups play. */
  relayWith(open: OpenRelayFeed): void
  /** Unix socket / named pipe where the program tap of the main bus can be read: frames.ts frames, kind monitor, float32. */
  readonly tapPath: string
  tapPathOf(bus: string): string
}

/** What is currently audible or shown by plan or order: for screens. */
export interface DevicesRoom extends Room {
  units(): Unit[]
  /** Paired devices with their state now. */
  devices(): Device[]
  /** Where devices and people find the fleet's listeners: `https://…`, `mqtts://…` and the websocket for kiosk pages. */
  addresses(): { devicesUrl: string; brokerUrl: string; screenBrokerUrl: string | null }
  /** Devices (ids) under the given units plus the given devices, active ones only. */
  resolve(targets: Targets): { deviceIds: string[]; groups: string[] }
  /** Signs with the routine key and publishes a letter on every topic of its audience (BS1 2). Returns letter id. */
  publishLetter(letter: OutgoingLetter): Promise<{ id: string; iat: number; exp: number }>
  /** Opens the emergency signing key with a person's PIN for the time of `use`. Throws wrong-pin, pin-not-set, too-many-tries. */
  withEmergencyKey<T>(personId: string, pin: string, use: (sign: (letter: OutgoingLetter) => Promise<{ id: string; iat: number; exp: number }>) => Promise<T>): Promise<T>
  /** Acks by letter subject (sid, aid) as they come. */
  onProgress(run: (subject: string, progress: DeviceProgress) => void): () => void
  online(deviceIds: readonly string[]): string[]
  /** Makes a file available to devices as `/c/{sha256}` and returns its facts. */
  addContent(file: string, mime: string, options: { pinned: boolean; title?: string; durMs?: number }): Promise<{ sha256: string; bytes: number; url: string }>
  /** The content made once for a source: `make` writes it to the path it is given, and is not called again while the file is there. */
  contentOnce(source: string, mime: string, make: (path: string) => Promise<{ title: string; durMs: number }>): Promise<{ sha256: string; bytes: number; url: string; durMs: number | null }>
  /** Live stream under `https://…/live/{sid}.ogg`: PCM is written by the caller at capture time. */
  openStream(sid: string, options: { channels: 1; kbps: number; burstMs?: number }): { urls: { codec: 'opus' | 'mp3'; url: string; kbps: number; spki: string[] }[]; token: string; write(pcm: Float32Array, firstFrame: number): void; anchor(): { at: string; sample: number } | null; close(): void }
  /** Creates the sealed emergency key for a person (roles emergency) with a PIN. */
  sealEmergencyKey(personId: string, pin: string): Promise<void>
  hasEmergencyKey(personId: string): boolean
  /** The person's emergency key leaves the trust list: deactivated people, lost roles. */
  removeEmergencyKey(personId: string): Promise<void>
  /** What every device keeps for emergencies: names of sirens and hazards, and the all-clear speech (SHA-256; null until it is made). */
  stored(): { readonly sirens: readonly string[]; readonly hazards: readonly string[]; readonly allClear: string | null }
}

export interface OutgoingLetter {
  readonly typ: 'live' | 'alert' | 'screen' | 'cmd'
  readonly aud: readonly string[]
  readonly leaseSec: number
  readonly prio: number
  /** Claims of the type (sid, state, streams, …). `rev` for state letters is counted by the devices room per subject. */
  readonly claims: Readonly<Record<string, unknown>>
}
