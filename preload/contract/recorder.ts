import { z } from 'zod'
import { ErrorReply } from './errors.ts'
import { Done, Id, InstantMs, Nothing, SampleCount, Title } from './shapes.ts'
import type { EventTable, ProcedureTable } from './procedure.ts'

export const TakeState = z.enum(['recording', 'paused', 'closing', 'saved', 'recovered', 'discarded'])
export const TakeFault = z.object({ kind: z.enum(['gap', 'dropout', 'silence', 'clipping', 'disk-low', 'writer-late', 'link-lost', 'input-lost']), atFrame: SampleCount, frames: SampleCount, at: InstantMs })
export const TakeMark = z.object({ atFrame: SampleCount, label: z.string().max(200) })
/** A recording run (bản thu). Frames are at 48 kHz. */
export const RecordedTake = z.object({
  id: Id, handle: z.number().int().nonnegative(), title: Title, state: TakeState, channels: z.number().int().min(1).max(2), startedAt: InstantMs, endedAt: InstantMs.nullable(),
  durableFrames: SampleCount, faults: z.array(TakeFault), marks: z.array(TakeMark), inputLabel: z.string(), inputRateHz: z.number().int(), itemId: Id.nullable(), freeBytes: z.number().nullable(),
  /** Why the library did not take it; the audio is kept beside and `recorder.keep` tries again. */
  importError: ErrorReply.nullable(),
})
export type RecordedTake = z.infer<typeof RecordedTake>

/** Capture frames (frames.ts kind 1) carry the `handle`. Acks come as `captureAck` wire messages on the connection that sent them. */
export const recorderProcedures = {
  'recorder.start': {
    input: z.object({ title: Title, channels: z.number().int().min(1).max(2), inputLabel: z.string().max(300), inputRateHz: z.number().int().min(8000).max(384000), settings: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])) }),
    output: RecordedTake, role: 'recorder',
  },
  'recorder.pause': { input: z.object({ takeId: Id }), output: RecordedTake, role: 'recorder' },
  'recorder.resume': { input: z.object({ takeId: Id }), output: RecordedTake, role: 'recorder' },
  'recorder.mark': { input: z.object({ takeId: Id, atFrame: SampleCount, label: z.string().max(200) }), output: RecordedTake, role: 'recorder' },
  'recorder.fault': { input: z.object({ takeId: Id, fault: TakeFault }), output: RecordedTake, role: 'recorder' },
  /** Closes the file after the frame `finalFrame` has arrived (or 3 s) and makes the library item. */
  'recorder.finish': { input: z.object({ takeId: Id, finalFrame: SampleCount, title: Title.optional() }), output: RecordedTake, role: 'recorder' },
  /** Brings a discarded take back (7 days), or offers again one that the library refused. */
  'recorder.keep': { input: z.object({ takeId: Id }), output: RecordedTake, role: 'recorder' },
  'recorder.discard': { input: z.object({ takeId: Id }), output: Done, role: 'recorder' },
  'recorder.takes': { input: Nothing, output: z.object({ takes: z.array(RecordedTake) }), role: 'viewer' },
} as const satisfies ProcedureTable

export const recorderEvents = { 'recorder.changed': { payload: RecordedTake } } as const satisfies EventTable
export type TakeFault = z.infer<typeof TakeFault>
