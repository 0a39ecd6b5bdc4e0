import { z } from 'zod'
import { ErrorReply } from './errors.ts'

/**
 * JSON text frames on `ws://station/rpc`. Client first sends `hello` (station token; never in the URL), the server answers `welcome`.
 * `boot` changes with every start of the station; event `seq` counts within one boot. A client that reconnects sends the last
 * (`boot`, `seq`) it saw: the server sends what was missed, or `refetch` when it no longer has it.
 */
export const ClientMessage = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('hello'), token: z.string().max(200), session: z.string().max(200).optional(), lastBoot: z.string().max(40).optional(), lastSeq: z.number().int().nonnegative().optional() }),
  z.object({ kind: z.literal('call'), id: z.number().int().nonnegative(), procedure: z.string().max(80), input: z.unknown() }),
  /** Binary stream kinds this connection wants: see frames.ts. */
  z.object({ kind: z.literal('listen'), streams: z.array(z.enum(['meters', 'monitor'])).max(4) }),
])
export type ClientMessage = z.infer<typeof ClientMessage>

export const ServerMessage = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('welcome'), boot: z.string(), seq: z.number().int(), resumed: z.boolean(), signedIn: z.boolean(), version: z.string() }),
  z.object({ kind: z.literal('refused'), error: ErrorReply }),
  z.object({ kind: z.literal('reply'), id: z.number().int(), ok: z.literal(true), output: z.unknown() }),
  z.object({ kind: z.literal('failure'), id: z.number().int(), ok: z.literal(false), error: ErrorReply }),
  z.object({ kind: z.literal('event'), seq: z.number().int(), event: z.string(), payload: z.unknown() }),
  /** Durable position of an open capture: chunks up to and including `seq` are on disk (takes) or taken over (live). */
  z.object({ kind: z.literal('captureAck'), handle: z.number().int(), seq: z.number().int(), durableFrames: z.number().int() }),
])
export type ServerMessage = z.infer<typeof ServerMessage>

/** Largest JSON text frame a station reads; above it the connection is closed. */
export const MAX_JSON_BYTES = 1_048_576
export const MAX_BINARY_BYTES = 4_194_304
