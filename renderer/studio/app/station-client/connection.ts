import { AppError } from '#contract/errors.ts'
import { decodeFrame, frameKinds, type PcmFrame } from '#contract/frames.ts'
import { events, procedures, type EventName, type EventPayload, type ProcedureInput, type ProcedureName, type ProcedureOutput } from '#contract/index.ts'
import { ServerMessage, type ClientMessage } from '#contract/wire.ts'

export interface StationAddress {
  readonly url: string
  readonly token: string
}
export type ConnectionPhase = 'connecting' | 'open' | 'gone' | 'refused'

interface Pending {
  readonly procedure: ProcedureName
  readonly resolve: (output: unknown) => void
  readonly reject: (error: AppError) => void
}
type StreamKind = 'meters' | 'monitor'
const RETRY_MS = [100, 250, 500, 1000, 2000]

/**
 * One WebSocket to the station. Reconnects by itself, asks for the events it missed, and answers every call that was under way when the
 * link broke with `station-unreachable`: a call is never repeated silently.
 */
export class StationConnection {
  #socket: WebSocket | null = null
  #address: StationAddress | null = null
  #session: string | null = null
  #lastBoot: string | null = null
  #lastSeq = 0
  #attempt = 0
  #nextId = 1
  #retry: ReturnType<typeof setTimeout> | null = null
  #wanted = new Set<StreamKind>()
  readonly #pending = new Map<number, Pending>()
  readonly #eventListeners = new Map<EventName, Set<(payload: unknown) => void>>()
  readonly #frameListeners = new Map<StreamKind, Set<(frame: PcmFrame) => void>>()
  readonly #phaseListeners = new Set<(phase: ConnectionPhase) => void>()
  readonly #refetchListeners = new Set<() => void>()
  phase: ConnectionPhase = 'connecting'

  connect(address: StationAddress): void {
    this.#address = address
    this.#attempt = 0
    this.#open()
  }
  /** Session token sent with the next hello, so that a reconnect comes back signed in. */
  useSession(session: string | null): void {
    this.#session = session
  }
  address(): StationAddress | null {
    return this.#address
  }
  credentials(): { url: string; token: string; session: string } | null {
    return this.#address !== null && this.#session !== null ? { ...this.#address, session: this.#session } : null
  }

  call<N extends ProcedureName>(procedure: N, input: ProcedureInput<N>): Promise<ProcedureOutput<N>> {
    return new Promise((resolve, reject) => {
      const socket = this.#socket
      if (socket === null || this.phase !== 'open') return reject(new AppError('station-unreachable'))
      const id = this.#nextId++
      const output = procedures[procedure].output
      this.#pending.set(id, { procedure, reject, resolve: (raw) => {
        const parsed = output.safeParse(raw)
        if (parsed.success) resolve(parsed.data as ProcedureOutput<N>)
        else reject(new AppError('internal', { cause: parsed.error, data: { procedure } }))
      } })
      this.#send({ kind: 'call', id, procedure, input })
    })
  }
  on<N extends EventName>(event: N, run: (payload: EventPayload<N>) => void): () => void {
    const listeners = this.#eventListeners.get(event) ?? new Set()
    const listener = (raw: unknown): void => {
      const parsed = events[event].payload.safeParse(raw)
      if (parsed.success) run(parsed.data as EventPayload<N>)
    }
    listeners.add(listener)
    this.#eventListeners.set(event, listeners)
    return () => listeners.delete(listener)
  }
  onPhase(run: (phase: ConnectionPhase) => void): () => void {
    this.#phaseListeners.add(run)
    return () => this.#phaseListeners.delete(run)
  }
  /** The station no longer has the missed events: everything shown must be read again. */
  onRefetch(run: () => void): () => void {
    this.#refetchListeners.add(run)
    return () => this.#refetchListeners.delete(run)
  }
  listen(stream: StreamKind, run: (frame: PcmFrame) => void): () => void {
    const listeners = this.#frameListeners.get(stream) ?? new Set()
    listeners.add(run)
    this.#frameListeners.set(stream, listeners)
    this.#wanted.add(stream)
    this.#announceStreams()
    return () => {
      listeners.delete(run)
      if (listeners.size > 0) return
      this.#wanted.delete(stream)
      this.#announceStreams()
    }
  }

  #open(): void {
    if (this.#retry !== null) clearTimeout(this.#retry)
    this.#retry = null
    this.#socket?.close()
    const address = this.#address
    if (address === null) return
    const socket = new WebSocket(`${address.url.replace(/^http/, 'ws')}/rpc`)
    socket.binaryType = 'arraybuffer'
    this.#socket = socket
    socket.onopen = () => this.#send({
      kind: 'hello', token: address.token,
      ...(this.#session === null ? {} : { session: this.#session }),
      ...(this.#lastBoot === null ? {} : { lastBoot: this.#lastBoot, lastSeq: this.#lastSeq }),
    })
    socket.onmessage = (message) => {
      if (socket !== this.#socket) return
      if (typeof message.data === 'string') this.#receive(message.data)
      else if (message.data instanceof ArrayBuffer) this.#receiveFrame(new Uint8Array(message.data))
    }
    socket.onclose = () => {
      if (socket === this.#socket) this.#lost()
    }
  }
  #lost(): void {
    this.#socket = null
    for (const [id, call] of this.#pending) {
      this.#pending.delete(id)
      call.reject(new AppError('station-unreachable', { data: { procedure: call.procedure } }))
    }
    if (this.phase === 'refused') return
    this.#setPhase('gone')
    const wait = RETRY_MS[Math.min(this.#attempt, RETRY_MS.length - 1)] ?? 2000
    this.#attempt += 1
    this.#retry = setTimeout(() => this.#open(), wait)
  }
  #receive(text: string): void {
    const parsed = ServerMessage.safeParse(JSON.parse(text))
    if (!parsed.success) return
    const message = parsed.data
    if (message.kind === 'welcome') {
      this.#attempt = 0
      const stale = this.#lastBoot !== null && !message.resumed
      this.#lastBoot = message.boot
      if (!message.resumed) this.#lastSeq = message.seq
      this.#setPhase('open')
      this.#announceStreams()
      if (stale) for (const run of this.#refetchListeners) run()
    } else if (message.kind === 'refused') {
      this.#setPhase('refused')
    } else if (message.kind === 'event') {
      this.#lastSeq = message.seq
      for (const [name, listeners] of this.#eventListeners) if (name === message.event) for (const run of listeners) run(message.payload)
    } else if (message.kind === 'reply') {
      this.#settle(message.id)?.resolve(message.output)
    } else if (message.kind === 'failure') {
      const call = this.#settle(message.id)
      call?.reject(new AppError(message.error.code, { data: { ...message.error.data, procedure: call.procedure } }))
    }
  }
  #settle(id: number): Pending | undefined {
    const call = this.#pending.get(id)
    this.#pending.delete(id)
    return call
  }
  #receiveFrame(bytes: Uint8Array): void {
    const frame = decodeFrame(bytes)
    if ('refused' in frame) return
    const stream = frame.kind === frameKinds.meters ? 'meters' : frame.kind === frameKinds.monitor ? 'monitor' : null
    if (stream !== null) for (const run of this.#frameListeners.get(stream) ?? []) run(frame)
  }
  #announceStreams(): void {
    if (this.phase === 'open') this.#send({ kind: 'listen', streams: [...this.#wanted] })
  }
  #send(message: ClientMessage): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message))
  }
  #setPhase(phase: ConnectionPhase): void {
    this.phase = phase
    for (const run of this.#phaseListeners) run(phase)
  }
}
