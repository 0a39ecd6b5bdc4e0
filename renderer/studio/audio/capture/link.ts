import { ServerMessage, type ClientMessage } from '#contract/wire.ts'
import type { CaptureFeed } from './feed.ts'

const RETRY_MS = [100, 250, 500, 1_000, 2_000]
/** Above this the socket is slower than the microphone: chunks then wait in the feed, where they can be counted and sent again. */
const MOST_BUFFERED_BYTES = 2 * 1024 * 1024
const PUMP_EVERY_MS = 100

export interface StationAccess {
  readonly url: string
  readonly token: string
  readonly session: string
}
export type LinkState = 'connecting' | 'open' | 'lost' | 'refused' | 'other-boot'

export interface LinkEvents {
  /** `other-boot`: the station has been restarted since the session began; only `rebind` makes its chunks go out again. */
  readonly state: (state: LinkState) => void
  readonly durable: (handle: number, durableFrames: number) => void
}

/** The microphone's own WebSocket. Comes back by itself, sends what was not acknowledged again. Needs nothing but the global WebSocket. */
export class CaptureLink {
  readonly #feed: CaptureFeed
  readonly #events: LinkEvents
  #access: StationAccess
  #socket: WebSocket | null = null
  #ready = false
  #boot: string | null = null
  #sessionBoot: string | null = null
  #attempt = 0
  #retry: ReturnType<typeof setTimeout> | null = null
  readonly #pump: ReturnType<typeof setInterval>

  constructor(feed: CaptureFeed, access: StationAccess, events: LinkEvents) {
    this.#feed = feed
    this.#events = events
    this.#access = access
    this.#pump = setInterval(() => this.pump(), PUMP_EVERY_MS)
    this.#connect()
  }

  /** The station moved (restart: new port and token). The same address again changes nothing. */
  moveTo(access: StationAccess): void {
    const same = access.url === this.#access.url && access.token === this.#access.token && access.session === this.#access.session
    this.#access = access
    if (same && this.#socket !== null) return
    this.#attempt = 0
    this.#connect()
  }

  /** Call after `feed.attach` or `feed.rebind`: the session belongs to the station that runs now. */
  bind(): void {
    this.#sessionBoot = this.#boot
    if (!this.#ready) return
    this.#greet()
    this.#events.state('open')
    this.pump()
  }

  pump(): void {
    const socket = this.#socket
    if (socket === null || !this.#ready || this.#sessionBoot !== this.#boot) return
    while (socket.bufferedAmount < MOST_BUFFERED_BYTES) {
      const chunk = this.#feed.next()
      if (chunk === null) return
      socket.send(chunk)
    }
  }

  close(): void {
    clearInterval(this.#pump)
    if (this.#retry !== null) clearTimeout(this.#retry)
    const socket = this.#socket
    this.#socket = null
    socket?.close()
  }

  #connect(): void {
    if (this.#retry !== null) clearTimeout(this.#retry)
    this.#retry = null
    const before = this.#socket
    this.#socket = null
    before?.close()
    this.#ready = false
    this.#feed.linkLost()
    this.#events.state('connecting')
    const socket = new WebSocket(`${this.#access.url.replace(/^http/, 'ws')}/rpc`)
    this.#socket = socket
    socket.onopen = () => this.#send({ kind: 'hello', token: this.#access.token, session: this.#access.session })
    socket.onmessage = (message) => {
      if (socket === this.#socket && typeof message.data === 'string') this.#receive(message.data)
    }
    socket.onclose = () => {
      if (socket === this.#socket) this.#lost()
    }
  }

  #receive(text: string): void {
    const parsed = ServerMessage.safeParse(JSON.parse(text))
    if (!parsed.success) return
    const message = parsed.data
    if (message.kind === 'captureAck') {
      this.#feed.acknowledge(message.handle, message.seq)
      this.#events.durable(message.handle, message.durableFrames)
      this.pump()
    } else if (message.kind === 'refused' || (message.kind === 'welcome' && !message.signedIn)) {
      this.#events.state('refused')
    } else if (message.kind === 'welcome') {
      this.#attempt = 0
      this.#boot = message.boot
      this.#ready = true
      if (!this.#feed.attached || this.#sessionBoot === null) this.#sessionBoot = message.boot
      if (this.#sessionBoot !== message.boot) return this.#events.state('other-boot')
      this.#greet()
      this.#events.state('open')
      this.pump()
    }
  }

  #greet(): void {
    const hello = this.#feed.hello()
    if (hello !== null && this.#sessionBoot === this.#boot) this.#socket?.send(hello)
  }

  #lost(): void {
    this.#socket = null
    this.#ready = false
    this.#feed.linkLost()
    this.#events.state('lost')
    const wait = RETRY_MS[Math.min(this.#attempt, RETRY_MS.length - 1)] ?? 2_000
    this.#attempt++
    this.#retry = setTimeout(() => this.#connect(), wait)
  }

  #send(message: ClientMessage): void {
    this.#socket?.send(JSON.stringify(message))
  }
}
