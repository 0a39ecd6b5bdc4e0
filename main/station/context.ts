import type Database from 'better-sqlite3'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AppError, ErrorCode } from '#contract/errors.ts'
import type { EventName, EventPayload, ParsedInput, ProcedureName, ProcedureOutput } from '#contract/index.ts'
import type { Permission } from '#contract/roles.ts'
import type { Job, Settings } from '#contract/station.ts'
import type { PcmFrame } from '#contract/frames.ts'

/** One injected clock. Instants are UTC Unix milliseconds with fractions; `monotonicMs` never steps. */
export interface Clock {
  now(): number
  monotonicMs(): number
}

/** Owner of timers, ports, children and listeners. `dispose` runs the registered ends in reverse order, may be called twice, and waits for all. */
export interface Scope {
  add(end: () => void | Promise<void>): void
  every(intervalMs: number, run: () => void): void
  after(delayMs: number, run: () => void): () => void
  child(name: string): Scope
  readonly disposed: boolean
  dispose(): Promise<void>
}

export interface Logger {
  debug(message: string, data?: Record<string, unknown>): void
  info(message: string, data?: Record<string, unknown>): void
  warn(message: string, data?: Record<string, unknown>): void
  error(message: string, data?: Record<string, unknown>): void
  child(name: string): Logger
}

/** Absolute folders inside the data folder; all exist. */
export interface DataFolders {
  readonly root: string
  readonly database: string
  readonly backups: string
  readonly media: string
  readonly mezzanine: string
  readonly peaks: string
  readonly takes: string
  readonly projects: string
  readonly quarantine: string
  readonly content: string
  readonly keys: string
  readonly air: string
  readonly images: string
  readonly temp: string
}

/** Who calls. `personId` null only for `open` procedures before sign-in. */
export interface Caller {
  readonly connectionId: string
  readonly personId: string | null
  readonly name: string
  may(permission: Permission): boolean
}
/** Caller of code that runs by itself (watch folder, catch-up). */
export type Who = { readonly personId: string | null; readonly name: string }

export type Handler<N extends ProcedureName> = (input: ParsedInput<N>, caller: Caller) => ProcedureOutput<N> | Promise<ProcedureOutput<N>>
export type Handlers = { [N in ProcedureName]?: Handler<N> }

export interface EventBus {
  /** Validated against the contract, numbered, sent to every signed-in window and to listeners in the station. */
  emit<N extends EventName>(event: N, payload: EventPayload<N>): void
  on<N extends EventName>(event: N, run: (payload: EventPayload<N>) => void): () => void
}

export interface JobHandle {
  readonly id: string
  readonly signal: AbortSignal
  /** 0–1, or null when unknown. Throttled to 10/s. */
  progress(value: number | null): void
  /** Waits for another job without holding the place in the queue that the other one may need. */
  outside<T>(wait: Promise<T>): Promise<T>
}
export interface Jobs {
  /** Queues work (at most 2 at once); the promise given back by `run` decides the terminal state. Returns at once. */
  start(kind: Job['kind'], subject: string, run: (job: JobHandle) => Promise<Record<string, string> | void>): { jobId: string; finished: Promise<Job> }
}

export interface Audit {
  /** Appends to the hash chain in the caller's transaction when there is one. */
  append(who: Who, action: string, subject: string, detail?: Record<string, unknown>): void
}

export interface SettingsStore {
  get(): Settings
  update(change: { readonly [K in keyof Settings]?: Settings[K] | undefined }): Settings
}

export interface Notices {
  /** Shows a problem nobody asked about (bad row, corrupt file, disk low). Same code + subject is shown once. */
  raise(level: 'info' | 'warning' | 'alarm', error: AppError | ErrorCode, subject?: string): void
}

/** Called with the request after ticket and session have been checked where the route asks for it. `rest` = path after the prefix, decoded, without leading slash. */
export type HttpHandler = (request: IncomingMessage, response: ServerResponse, rest: string) => void | Promise<void>
export interface HttpRoutes {
  /** `files` = under /files/<ticket>/<prefix>/… for signed-in people; `public` = on the studio listener without sign-in (kiosk page, health). */
  /** `post`: the route also takes POST; it reads and bounds the body itself. */
  add(access: 'files' | 'public', prefix: string, handler: HttpHandler, options?: { post?: boolean }): void
  /** Answers with Range, ETag, HEAD, 404/416; streams from disk. Safe for files > 4 GiB. */
  sendFile(request: IncomingMessage, response: ServerResponse, file: string, options: { mime: string; etag?: string; immutable?: boolean }): Promise<void>
}

/** Sink of microphone frames, chosen by the capture handle. */
export interface CaptureSink {
  /** Returns nothing; the sink acknowledges through `ack` when frames are safe. Frames may repeat after a reconnect (known `seq` is ignored by the sink). */
  receive(frame: PcmFrame, ack: (seq: number, durableFrames: number) => void): void
  /** The connection that fed this capture is gone. */
  linkLost(): void
}
export interface Captures {
  /** Gives a new handle (u32 > 0). The sink lives until `close`. */
  open(sink: CaptureSink): number
  /** Frames of this connection are taken for `handle` although nobody has signed in on it. */
  admit(handle: number, connectionId: string): void
  close(handle: number): void
}
/** Connections of windows. Their ids are those of callers. */
export interface Connections {
  onGone(run: (connectionId: string) => void): () => void
}
/** Binary frames to windows that asked for the stream. Dropped, not queued, when a window cannot keep up. */
export interface StreamOut {
  send(stream: 'meters' | 'monitor', frame: Omit<PcmFrame, 'kind'>): void
}

export interface StationContext {
  readonly folders: DataFolders
  readonly db: Database.Database
  readonly clock: Clock
  readonly logger: Logger
  readonly scope: Scope
  readonly events: EventBus
  readonly jobs: Jobs
  readonly audit: Audit
  readonly settings: SettingsStore
  readonly notices: Notices
  readonly http: HttpRoutes
  readonly captures: Captures
  readonly connections: Connections
  readonly streams: StreamOut
  /** Unique per start of the station. */
  readonly boot: string
  /** Address of the studio's listener, `http://127.0.0.1:<port>`. */
  readonly studioUrl: string
  newId(): string
}

/** What every room gives to the composition in `station/rooms.ts`. */
export interface Room {
  readonly handlers: Handlers
}
