import { z } from 'zod'
import { SpoolSession } from './spool-records.ts'

/** Window → capture Worker. Ports and buffers travel beside in the transfer list. */
const Access = z.object({ url: z.string(), token: z.string(), session: z.string() })
export const ToWorker = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('open'), channels: z.number().int(), access: Access, worklet: z.instanceof(MessagePort) }),
  z.object({ kind: z.literal('move'), access: Access }),
  z.object({ kind: z.literal('attach'), id: z.number(), handle: z.number(), fromFrame: z.number().nullable(), format: z.enum(['int24', 'float32']), live: z.boolean(), owner: SpoolSession.nullable() }),
  z.object({ kind: z.literal('pause'), id: z.number() }),
  z.object({ kind: z.literal('resume'), id: z.number() }),
  z.object({ kind: z.literal('stop'), id: z.number() }),
  z.object({ kind: z.literal('detach'), id: z.number() }),
  z.object({ kind: z.literal('rebind'), id: z.number(), handle: z.number(), fromPosition: z.number().nullable(), owner: SpoolSession.nullable() }),
  /** Answers the position now. */
  z.object({ kind: z.literal('where'), id: z.number() }),
  /** The device went away or sound comes again. */
  z.object({ kind: z.literal('input'), lost: z.boolean() }),
])
export type ToWorker = z.infer<typeof ToWorker>

/** Capture Worker → window. `position` = length of the session in frames. */
export const FromWorker = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('done'), id: z.number(), position: z.number() }),
  z.object({ kind: z.literal('link'), state: z.enum(['connecting', 'open', 'lost', 'refused', 'other-boot']) }),
  z.object({ kind: z.literal('durable'), handle: z.number(), durableFrames: z.number() }),
  z.object({ kind: z.literal('fault'), fault: z.object({ kind: z.enum(['dropout', 'silence', 'clipping', 'input-lost', 'stalled']), atFrame: z.number(), frames: z.number() }) }),
  /** `dropped`: what found room neither in memory nor beside it. */
  z.object({ kind: z.literal('waiting'), frames: z.number(), room: z.enum(['memory', 'disk']), dropped: z.number() }),
])
export type FromWorker = z.infer<typeof FromWorker>

/** Worklet → Worker. */
export const FromWorklet = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('block'), buffer: z.instanceof(ArrayBuffer), firstFrame: z.number(), frames: z.number() }),
  z.object({ kind: z.literal('flushed'), id: z.number(), frame: z.number() }),
])

/** Worklet → window, about 47 times a second: position, then peak and sum of squares of each channel over the last 1024 frames. */
export const LEVEL_FRAMES = 1_024
