import type { z } from 'zod'
import { AppError } from '#contract/errors.ts'
import { encodeFrame, frameKinds } from '#contract/frames.ts'
import { recorderProcedures, type RecordedTake } from '#contract/recorder.ts'
import { ServerMessage, type ClientMessage } from '#contract/wire.ts'
import { soundOfPiece, type LeftSound } from './spool-records.ts'
import type { SyncFile } from './spool.ts'

const MOST_BUFFERED_BYTES = 1024 * 1024
const PUMP_EVERY_MS = 50
/** A station that writes nothing for this long is asked again later. */
const PATIENCE_MS = 20_000
const CALL = 1
const Answer = recorderProcedures['recorder.pickUp'].output

export interface HandInAccess {
  readonly url: string
  readonly token: string
  /** Of the person who is signed in now; null before. */
  readonly session: string | null
}
export interface HandedIn {
  readonly take: RecordedTake
  /** What the station did not have yet. */
  readonly frames: number
}

/**
 * Gives the station what a dead window left, on a connection of its own, and waits until it is durable. Broken off, it may begin again from the start: the
 * station takes nothing twice.
 * @param progress frames durable and to be handed in
 * @throws AppError what the station says; `station-unreachable` when the link breaks
 */
export function handIn(left: LeftSound, file: Pick<SyncFile, 'read'>, access: HandInAccess, progress: (done: number, of: number) => void): Promise<HandedIn> {
  const { session, pieces, toFrame } = left
  const socket = new WebSocket(`${access.url.replace(/^http/, 'ws')}/rpc`)
  return new Promise<HandedIn>((resolve, reject) => {
    let answer: z.infer<typeof Answer> | null = null
    let next = 0
    let seq = 0
    let heardAt = Date.now()
    const send = (message: ClientMessage): void => socket.send(JSON.stringify(message))
    const end = (finish: () => void): void => {
      clearInterval(timer)
      socket.onclose = null
      socket.close()
      finish()
    }
    const fail = (error: AppError): void => end(() => reject(error))
    const pump = (): void => {
      if (Date.now() - heardAt > PATIENCE_MS) return fail(new AppError('timeout'))
      if (answer === null) return
      while (next < pieces.length && socket.bufferedAmount < MOST_BUFFERED_BYTES) {
        const piece = pieces[next++]
        if (piece === undefined || piece.at + piece.frames <= answer.heldFrame) continue
        const payload = soundOfPiece(file, piece)
        // Missing by its positions: the station fills and tells the gap.
        if (payload !== null) socket.send(encodeFrame({ kind: frameKinds.capture, format: piece.format, channels: session.channels, session: answer.take.handle, seq: seq++, frames: piece.frames, firstFrame: piece.at, payload }))
      }
    }
    const timer = setInterval(pump, PUMP_EVERY_MS)
    const hear = (message: ServerMessage): void => {
      heardAt = Date.now()
      if (message.kind === 'welcome') {
        const { takeId, key, title, channels, inputLabel, inputRateHz } = session
        send({ kind: 'call', id: CALL, procedure: 'recorder.pickUp', input: { takeId, key, title, channels, inputLabel, inputRateHz, fromFrame: left.fromFrame, toFrame } })
      } else if (message.kind === 'refused') fail(new AppError(message.error.code))
      else if (message.kind === 'failure') fail(new AppError(message.error.code, { data: message.error.data ?? {} }))
      else if (message.kind === 'reply') {
        const taken = Answer.parse(message.output)
        answer = taken
        progress(0, Math.max(0, toFrame - taken.heldFrame))
        if (taken.heldFrame >= toFrame) return end(() => resolve({ take: taken.take, frames: 0 }))
        pump()
      } else if (message.kind === 'captureAck' && answer !== null) {
        const { take, heldFrame } = answer
        progress(Math.max(0, message.durableFrames - heldFrame), toFrame - heldFrame)
        if (message.durableFrames >= toFrame) return end(() => resolve({ take, frames: toFrame - heldFrame }))
        pump()
      }
    }
    socket.onopen = () => send({ kind: 'hello', token: access.token, ...(access.session === null ? {} : { session: access.session }) })
    socket.onmessage = (event) => {
      const message = typeof event.data === 'string' ? ServerMessage.safeParse(JSON.parse(event.data)) : null
      if (message?.success === true) hear(message.data)
    }
    socket.onclose = () => fail(new AppError('station-unreachable'))
  })
}
