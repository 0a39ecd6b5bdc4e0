import { createHash, timingSafeEqual } from 'node:crypto'
import type { RawData, WebSocket } from 'ws'
import type { AppError, ErrorCode } from '#contract/errors.ts'
import { decodeFrame, frameKinds } from '#contract/frames.ts'
import { ClientMessage, MAX_JSON_BYTES } from '#contract/wire.ts'
import type { ServerMessage } from '#contract/wire.ts'
import type { Caller, Clock, Logger, Scope } from '../context.ts'
import { asAppError } from '../foundation/failures.ts'
import type { EventJournal, NumberedEvent } from '../foundation/events.ts'
import { createBudget } from './budget.ts'
import type { CaptureDesk } from './captures.ts'
import type { ConnectionBook } from './connections.ts'
import type { Dispatch } from './dispatch.ts'
import type { Identities } from './identities.ts'
import type { StreamDesk, StreamName } from './streams.ts'

/**
 * One window, radio tool or test on `/rpc`.
 * Promises: nothing a peer sends can throw out of here, and nobody is heard before the station's token; relies on `ws` for framing and size;
 * on any breach the connection is answered `refused` and closed, the station goes on.
 */
export interface ConnectionDeps {
  readonly boot: string
  readonly version: string
  readonly token: string
  readonly clock: Clock
  readonly logger: Logger
  readonly events: EventJournal
  readonly identities: Identities
  readonly dispatch: Dispatch
  readonly captures: CaptureDesk
  readonly connections: ConnectionBook
  readonly streams: StreamDesk
}

const HELLO_MS = 5000
const PING_MS = 15_000
const MAX_IN_FLIGHT = 50
const CALLS_PER_SECOND = 100
const CALL_BURST = 300
/** A window this far behind is cut off; it reconnects and resumes. */
const MAX_UNSENT_EVENT_BYTES = 16_777_216
const MAX_UNSENT_STREAM_BYTES = { meters: 65_536, monitor: 524_288 } as const
const MAX_BREACHES = 100
const closeCodes = { policy: 1008, tooBig: 1009, overload: 1013 } as const

function bytesOf(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data)
  return data instanceof ArrayBuffer ? Buffer.from(data) : data
}

function sameSecret(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(expected))
}

export function serveConnection(socket: WebSocket, connectionId: string, scope: Scope, deps: ConnectionDeps): void {
  const { events, identities, logger, captures } = deps
  const budget = createBudget(CALLS_PER_SECOND, CALL_BURST, deps.clock.monotonicMs)
  let welcomed = false
  let inFlight = 0
  let breaches = 0
  let heardSincePing = true
  let wanted: ReadonlySet<StreamName> = new Set()

  const write = (message: ServerMessage) => {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message))
  }
  const refuse = (code: ErrorCode, closeCode: number = closeCodes.policy) => {
    write({ kind: 'refused', error: { code } })
    socket.close(closeCode, code)
  }
  const breach = (what: string) => {
    breaches++
    logger.warn('a peer broke the protocol', { connectionId, what, breaches })
    if (breaches >= MAX_BREACHES) refuse('invalid-input')
  }
  const caller = (): Caller => {
    const identity = identities.on(connectionId, true)
    return {
      connectionId, personId: identity?.personId ?? null, name: identity?.name ?? '',
      may: permission => permission === 'open' || (identity?.may(permission) ?? false),
    }
  }
  const sendEvent = ({ seq, event, payload }: NumberedEvent) => {
    if (!welcomed || identities.on(connectionId, false) === null) return
    if (socket.bufferedAmount > MAX_UNSENT_EVENT_BYTES) {
      logger.warn('a window does not keep up', { connectionId })
      socket.terminate()
      return
    }
    write({ kind: 'event', seq, event, payload })
  }

  const hello = (message: Extract<ClientMessage, { kind: 'hello' }>) => {
    if (welcomed) return breach('second hello')
    if (!sameSecret(message.token, deps.token)) {
      logger.warn('a connection with a wrong token was refused', { connectionId })
      return refuse('wrong-token')
    }
    cancelHelloLimit()
    const signedIn = message.session !== undefined && identities.attach(connectionId, message.session)
    const missed = signedIn && message.lastBoot === deps.boot && message.lastSeq !== undefined ? events.since(message.lastSeq) : null
    welcomed = true
    write({ kind: 'welcome', boot: deps.boot, seq: events.lastSeq(), resumed: missed !== null, signedIn, version: deps.version })
    for (const event of missed ?? []) sendEvent(event)
  }
  const call = async (id: number, procedure: string, input: unknown) => {
    if (inFlight >= MAX_IN_FLIGHT || !budget.take()) return fail(id, 'busy')
    inFlight++
    try {
      write({ kind: 'reply', id, ok: true, output: await deps.dispatch(procedure, input, caller()) })
    } catch (error) {
      const failure: AppError = asAppError(error)
      write({ kind: 'failure', id, ok: false, error: { code: failure.code, data: failure.data } })
    } finally {
      inFlight--
    }
  }
  const fail = (id: number, code: ErrorCode) => {
    breaches++
    write({ kind: 'failure', id, ok: false, error: { code } })
    // Someone who only floods is shown the door; a busy window stays far below this.
    if (breaches >= MAX_BREACHES * 10) refuse('busy', closeCodes.overload)
  }
  const receiveText = (bytes: Buffer) => {
    if (bytes.length > MAX_JSON_BYTES) return refuse('invalid-input', closeCodes.tooBig)
    let json: unknown
    try {
      json = JSON.parse(bytes.toString('utf8'))
    } catch {
      // Not JSON at all: whoever this is does not speak our language.
      return refuse('invalid-input')
    }
    const message = ClientMessage.safeParse(json)
    if (!message.success) return refuse('invalid-input')
    if (message.data.kind === 'hello') return hello(message.data)
    if (!welcomed) return refuse('wrong-token')
    if (message.data.kind === 'listen') wanted = new Set(message.data.streams)
    else void call(message.data.id, message.data.procedure, message.data.input)
  }
  const receiveFrame = (bytes: Buffer) => {
    if (!welcomed) return refuse('wrong-token')
    const identity = identities.on(connectionId, true)
    const frame = decodeFrame(bytes)
    const mayRecord = identity !== null && (identity.may('recorder') || identity.may('announcer'))
    if (!mayRecord && ('refused' in frame || !captures.admits(frame.session, connectionId))) return breach('microphone frames without the role')
    if ('refused' in frame) return breach(`frame: ${frame.refused}`)
    if (frame.kind !== frameKinds.capture) return breach('frame: not a capture')
    captures.feed(frame, { connectionId, acknowledge: (handle, seq, durableFrames) => write({ kind: 'captureAck', handle, seq, durableFrames }) })
  }

  const cancelHelloLimit = scope.after(HELLO_MS, () => {
    logger.warn('a connection never said hello', { connectionId })
    refuse('timeout')
  })
  scope.every(PING_MS, () => {
    if (!heardSincePing) return socket.terminate()
    heardSincePing = false
    if (socket.readyState === socket.OPEN) socket.ping()
  })
  scope.add(events.follow(sendEvent))
  scope.add(deps.streams.add({
    wants: stream => welcomed && wanted.has(stream),
    write(stream, bytes) {
      if (socket.readyState !== socket.OPEN || socket.bufferedAmount > MAX_UNSENT_STREAM_BYTES[stream]) return
      if (identities.on(connectionId, false) !== null) socket.send(bytes)
    },
  }))
  scope.add(() => {
    captures.connectionGone(connectionId)
    deps.connections.gone(connectionId)
    identities.release(connectionId)
    socket.terminate()
  })

  socket.on('message', (data, binary) => {
    heardSincePing = true
    try {
      const bytes = bytesOf(data)
      if (binary) receiveFrame(bytes)
      else receiveText(bytes)
    } catch (error) {
      logger.error('a message could not be handled', { connectionId, error })
      refuse('internal')
    }
  })
  socket.on('pong', () => {
    heardSincePing = true
  })
  // ws closes the socket itself after a protocol error (size, UTF-8, masking); the station only takes note.
  socket.on('error', error => logger.warn('a connection broke', { connectionId, error }))
  socket.on('close', () => void scope.dispose())
}
