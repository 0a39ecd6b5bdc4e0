import { z } from 'zod'
import { FRAME_HEADER_BYTES, crc32, decodeFrame, encodeFrame, frameFormats, frameKinds } from '#contract/frames.ts'

/**
 * What lies in a spool file, so that another window can read it when this one is dead. Records follow each other:
 *
 * | record  | bytes                                                                                             |
 * |---------|---------------------------------------------------------------------------------------------------|
 * | session | u8 0x53, u32 length of the JSON, u32 CRC-32 of the JSON (little-endian), JSON (`SpoolSession` + `from`) |
 * | chunk   | a capture frame as it travels (frames.ts); `firstFrame` is a position in the session above it      |
 *
 * A later session record takes over everything from its `from` on: position `from` of the old session is 0 of the new one. A torn end is where it ends.
 */
export const SpoolSession = z.object({
  takeId: z.string().min(1), key: z.string().min(1), title: z.string(), channels: z.number().int().min(1).max(2), inputLabel: z.string(), inputRateHz: z.number().int(),
  /** Name of the station's computer: sound of one station is not given to another. */
  host: z.string(),
})
export type SpoolSession = z.infer<typeof SpoolSession>
const SessionRecord = SpoolSession.extend({ from: z.number().int().nonnegative() })

export interface SpoolChunk {
  readonly seq: number
  /** Position in the session. */
  readonly at: number
  readonly frames: number
  readonly channels: number
  readonly format: 'int24' | 'float32'
  readonly payload: Uint8Array
}

const SESSION_TAG = 0x53
const SESSION_HEAD_BYTES = 9
const MOST_SESSION_BYTES = 8_192
/** Ten seconds of stereo floats: no chunk of ours is longer. */
const MOST_CHUNK_BYTES = 4_000_000

export function encodeSession(session: SpoolSession, from: number): Uint8Array<ArrayBuffer> {
  const json = new TextEncoder().encode(JSON.stringify({ ...session, from }))
  const out = new Uint8Array(SESSION_HEAD_BYTES + json.length)
  const view = new DataView(out.buffer)
  view.setUint8(0, SESSION_TAG)
  view.setUint32(1, json.length, true)
  view.setUint32(5, crc32(json), true)
  out.set(json, SESSION_HEAD_BYTES)
  return out
}

export function encodeChunk(chunk: SpoolChunk): Uint8Array<ArrayBuffer> {
  return encodeFrame({ kind: frameKinds.capture, format: frameFormats[chunk.format], channels: chunk.channels, session: 0, seq: chunk.seq, frames: chunk.frames, firstFrame: chunk.at, payload: chunk.payload })
}

/** What a dead window left, in the order of positions. */
export interface LeftSound {
  readonly session: SpoolSession
  readonly pieces: readonly LeftPiece[]
  readonly fromFrame: number
  readonly toFrame: number
}
export interface LeftPiece {
  readonly at: number
  readonly frames: number
  readonly format: number
  /** Of the payload, in the file. */
  readonly offset: number
  readonly length: number
}

interface Readable {
  read(buffer: Uint8Array<ArrayBuffer>, options: { at: number }): number
}

/** Total: whatever the bytes, what stands whole before the first damage is given, or null when that is nothing. */
export function readLeftSound(file: Readable): LeftSound | null {
  let session: SpoolSession | null = null
  let found: LeftPiece[] = []
  for (let at = 0; ;) {
    const head = bytesAt(file, at, FRAME_HEADER_BYTES)
    if (head !== null && head[0] !== SESSION_TAG) {
      const chunk = chunkAt(file, at, head)
      if (chunk === null) break
      if (session !== null && chunk.channels === session.channels) found.push(chunk.piece)
      at += FRAME_HEADER_BYTES + chunk.piece.length
      continue
    }
    const next = sessionAt(file, at)
    if (next === null) break
    session = next.session
    const { from } = next
    found = found.flatMap((piece) => cutBefore(piece, from)).map((piece) => ({ ...piece, at: piece.at - from }))
    at += next.bytes
  }
  if (session === null) return null
  const pieces: LeftPiece[] = []
  let end = -1
  for (const piece of found) {
    if (piece.at < end) continue
    pieces.push(piece)
    end = piece.at + piece.frames
  }
  const [first] = pieces
  return first === undefined ? null : { session, pieces, fromFrame: first.at, toFrame: end }
}

/** The sound of a piece, or null when the file does not give it back. */
export function soundOfPiece(file: Readable, piece: LeftPiece): Uint8Array<ArrayBuffer> | null {
  return bytesAt(file, piece.offset, piece.length)
}

function cutBefore(piece: LeftPiece, position: number): LeftPiece[] {
  const cut = Math.max(0, position - piece.at)
  if (cut >= piece.frames) return []
  const bytes = (piece.length / piece.frames) * cut
  return [{ ...piece, at: piece.at + cut, frames: piece.frames - cut, offset: piece.offset + bytes, length: piece.length - bytes }]
}

function chunkAt(file: Readable, at: number, head: Uint8Array): { piece: LeftPiece; channels: number } | null {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength)
  const width = view.getUint8(2) === frameFormats.float32 ? 4 : 3
  const length = view.getUint32(12, true) * view.getUint8(3) * width
  if (length === 0 || length > MOST_CHUNK_BYTES) return null
  const bytes = bytesAt(file, at, FRAME_HEADER_BYTES + length)
  const frame = bytes === null ? null : decodeFrame(bytes)
  if (frame === null || 'refused' in frame) return null
  return { channels: frame.channels, piece: { at: frame.firstFrame, frames: frame.frames, format: frame.format, offset: at + FRAME_HEADER_BYTES, length } }
}

function sessionAt(file: Readable, at: number): { session: SpoolSession; from: number; bytes: number } | null {
  const head = bytesAt(file, at, SESSION_HEAD_BYTES)
  if (head === null || head[0] !== SESSION_TAG) return null
  const view = new DataView(head.buffer)
  const length = view.getUint32(1, true)
  const json = length > MOST_SESSION_BYTES ? null : bytesAt(file, at + SESSION_HEAD_BYTES, length)
  if (json === null || crc32(json) !== view.getUint32(5, true)) return null
  const record = parsed(json)
  if (record === null) return null
  const { from, ...session } = record
  return { session, from, bytes: SESSION_HEAD_BYTES + length }
}

function parsed(json: Uint8Array): z.infer<typeof SessionRecord> | null {
  try {
    return SessionRecord.parse(JSON.parse(new TextDecoder().decode(json)))
  } catch {
    // Whole, but not ours.
    return null
  }
}

function bytesAt(file: Readable, at: number, length: number): Uint8Array<ArrayBuffer> | null {
  const bytes = new Uint8Array(length)
  return file.read(bytes, { at }) === length ? bytes : null
}
