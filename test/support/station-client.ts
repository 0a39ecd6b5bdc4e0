import { WebSocket } from 'ws'
import { z } from 'zod'
import { AppError } from '#contract/errors.ts'
import { decodeFrame, encodeFrame } from '#contract/frames.ts'
import type { PcmFrame } from '#contract/frames.ts'
import { events, procedures } from '#contract/index.ts'
import type { EventName, EventPayload, Events, ProcedureInput, ProcedureName, ProcedureOutput, Procedures } from '#contract/index.ts'
import { parseBy } from '#contract/parsing.ts'
import { ServerMessage } from '#contract/wire.ts'
import type { ClientMessage } from '#contract/wire.ts'
import { deferred, within } from './waiting.ts'

export type Welcome = Extract<ServerMessage, { kind: 'welcome' }>
export interface HeardEvent {
  readonly seq: number
  readonly event: string
  readonly payload: unknown
}
export interface ConnectOptions {
  readonly port: number
  readonly token: string
  readonly session?: string | undefined
  readonly lastBoot?: string | undefined
  readonly lastSeq?: number | undefined
  readonly origin?: string | undefined
}

export interface StationClient {
  readonly welcome: Welcome
  /** @throws AppError as the station answered, station-unreachable when the connection ends first */
  call<N extends ProcedureName>(name: N, input: ProcedureInput<N>): Promise<ProcedureOutput<N>>
  on<N extends EventName>(name: N, run: (payload: EventPayload<N>) => void): () => void
  /** The first event, heard already or still to come, that fits. */
  waitFor<N extends EventName>(name: N, fits: (payload: EventPayload<N>) => boolean, limitMs?: number): Promise<EventPayload<N>>
  readonly heard: readonly HeardEvent[]
  readonly acks: readonly Extract<ServerMessage, { kind: 'captureAck' }>[]
  /** Waits for an ack of the capture that covers `seq`. */
  waitForAck(handle: number, seq: number, limitMs?: number): Promise<{ durableFrames: number }>
  listen(streams: ('meters' | 'monitor')[]): void
  onFrame(run: (frame: PcmFrame) => void): () => void
  sendFrame(frame: PcmFrame): void
  sendRaw(data: string | Uint8Array): void
  readonly closed: Promise<{ code: number; reason: string }>
  readonly refused: Promise<{ code: string }>
  close(): Promise<void>
  /** Cuts the connection as a dead network would. */
  terminate(): void
}

const anyEvent = z.string().refine((name): name is EventName => Object.hasOwn(events, name))

/** A window without a screen: speaks the contract over a real WebSocket. @throws AppError when refused */
export async function connectStation(options: ConnectOptions): Promise<StationClient> {
  const socket = new WebSocket(`ws://127.0.0.1:${options.port}/rpc`, { origin: options.origin ?? 'app://studio', perMessageDeflate: false })
  socket.binaryType = 'nodebuffer'
  const welcomed = deferred<Welcome>()
  const refused = deferred<{ code: string }>()
  const closed = deferred<{ code: number; reason: string }>()
  const waiting = new Map<number, { resolve(output: unknown): void; reject(error: unknown): void }>()
  const heard: HeardEvent[] = []
  const acks: Extract<ServerMessage, { kind: 'captureAck' }>[] = []
  const eventListeners = new Set<(event: HeardEvent) => void>()
  const ackListeners = new Set<() => void>()
  const frameListeners = new Set<(frame: PcmFrame) => void>()
  let lastId = 0

  const send = (message: ClientMessage) => socket.send(JSON.stringify(message))
  socket.on('open', () => send({
    kind: 'hello', token: options.token,
    ...(options.session === undefined ? {} : { session: options.session }), ...(options.lastBoot === undefined ? {} : { lastBoot: options.lastBoot }), ...(options.lastSeq === undefined ? {} : { lastSeq: options.lastSeq }),
  }))
  socket.on('error', error => welcomed.reject(new AppError('station-unreachable', { cause: error })))
  socket.on('close', (code, reason) => {
    closed.resolve({ code, reason: reason.toString() })
    welcomed.reject(new AppError('station-unreachable'))
    for (const call of waiting.values()) call.reject(new AppError('station-unreachable'))
    waiting.clear()
  })
  socket.on('message', (data, binary) => {
    if (!Buffer.isBuffer(data)) return
    if (binary) {
      const frame = decodeFrame(data)
      if ('refused' in frame) throw new Error(`the station sent a bad frame: ${frame.refused}`)
      for (const run of frameListeners) run(frame)
      return
    }
    const message = ServerMessage.parse(JSON.parse(data.toString('utf8')))
    if (message.kind === 'welcome') welcomed.resolve(message)
    else if (message.kind === 'refused') {
      refused.resolve({ code: message.error.code })
      welcomed.reject(new AppError(message.error.code, { data: message.error.data ?? {} }))
    } else if (message.kind === 'event') {
      heard.push(message)
      for (const run of eventListeners) run(message)
    } else if (message.kind === 'captureAck') {
      acks.push(message)
      for (const run of ackListeners) run()
    } else {
      const call = waiting.get(message.id)
      waiting.delete(message.id)
      if (message.kind === 'reply') call?.resolve(message.output)
      else call?.reject(new AppError(message.error.code, { data: message.error.data ?? {} }))
    }
  })

  const on: StationClient['on'] = (name, run) => {
    const listener = (event: HeardEvent) => {
      if (event.event === name) run(parseBy<Events[typeof name]['payload']>(events[name].payload, event.payload))
    }
    eventListeners.add(listener)
    return () => void eventListeners.delete(listener)
  }
  const welcome = await within(welcomed.promise, 10_000, 'welcome')
  return {
    welcome, heard, acks, on, closed: closed.promise, refused: refused.promise,
    async call<N extends ProcedureName>(name: N, input: ProcedureInput<N>) {
      const id = ++lastId
      const output = await new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject })
        send({ kind: 'call', id, procedure: name, input })
      })
      return parseBy<Procedures[N]['output']>(procedures[name].output, output)
    },
    async waitFor<N extends EventName>(name: N, fits: (payload: EventPayload<N>) => boolean, limitMs = 10_000) {
      for (const event of heard) {
        if (anyEvent.safeParse(event.event).data !== name) continue
        const payload = parseBy<Events[N]['payload']>(events[name].payload, event.payload)
        if (fits(payload)) return payload
      }
      const found = deferred<EventPayload<N>>()
      const stop = on(name, payload => {
        if (fits(payload)) found.resolve(payload)
      })
      return within(found.promise, limitMs, `event ${name}`).finally(stop)
    },
    async waitForAck(handle, seq, limitMs = 10_000) {
      const find = () => acks.find(ack => ack.handle === handle && ack.seq >= seq)
      const found = deferred<{ durableFrames: number }>()
      const look = () => {
        const ack = find()
        if (ack !== undefined) found.resolve(ack)
      }
      ackListeners.add(look)
      look()
      return within(found.promise, limitMs, `ack of ${seq}`).finally(() => ackListeners.delete(look))
    },
    listen: streams => send({ kind: 'listen', streams }),
    onFrame(run) {
      frameListeners.add(run)
      return () => void frameListeners.delete(run)
    },
    sendFrame: frame => socket.send(encodeFrame(frame)),
    sendRaw: data => socket.send(data),
    async close() {
      socket.close()
      await closed.promise
    },
    terminate: () => socket.terminate(),
  }
}
