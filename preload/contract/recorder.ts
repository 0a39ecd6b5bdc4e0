import { z } from 'zod'
import { ErrorReply } from './errors.ts'
import { Done, Id, InstantMs, Nothing, SampleCount, Title } from './shapes.ts'
import type { EventTable, ProcedureTable } from './procedure.ts'

export const TakeState = z.enum(['recording', 'paused', 'closing', 'saved', 'recovered', 'discarded'])
/**
 * `gap`, `dropout`: silence of `frames` stands in the file. `input-lost`: the device or stream was away for `frames` (0 = still away), silence stands in the
 * file. `stalled`: the sound system stood still for `frames`, which are not in the file. `silence`: exact zeros came.
 */
export const TakeFaultKind = z.enum(['gap', 'dropout', 'silence', 'clipping', 'disk-low', 'writer-late', 'link-lost', 'input-lost', 'stalled'])
/** `atFrame` counts in the part it stands in. */
export const TakeFault = z.object({ kind: TakeFaultKind, atFrame: SampleCount, frames: SampleCount, at: InstantMs })
export const TakeMark = z.object({ atFrame: SampleCount, label: z.string().max(200) })
/** What was listened to from `atFrame` on; a second entry appears when recording went on with another device. */
export const TakeInput = z.object({ atFrame: SampleCount, label: z.string().max(300), rateHz: z.number().int() })
/** Where the sound comes from. `device` is a window's microphone or line; the others are recorded by the station itself. */
export const TakeOrigin = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('device') }),
  z.object({ kind: z.literal('air') }),
  z.object({ kind: z.literal('stream'), url: z.string().max(1_000) }),
])
export const StationInput = z.discriminatedUnion('kind', [
  /** The programme as it goes out. */
  z.object({ kind: z.literal('air') }),
  /** http(s) address of a stream (Icecast, Shoutcast, HLS …) or an absolute `file:` address, taken at its own pace. */
  z.object({ kind: z.literal('stream'), url: z.string().max(1_000).regex(/^(https?|file):\/\//i) }),
])
export type StationInput = z.infer<typeof StationInput>
/** A new part begins by itself every N minutes and, when asked, at every mark. Parts join with no sample lost or doubled. */
export const TakeSplit = z.object({ everyMinutes: z.number().int().min(1).max(720).nullable(), atMarks: z.boolean() })
/** This take repairs a project: its frame 0 belongs at `at` of the lane. The editor's command `punch` uses the finished item. */
export const TakePunch = z.object({ projectId: Id, laneId: Id.nullable(), at: SampleCount })

/** Why the station closed a take by itself. */
export const TakeCut = z.enum(['link-lost', 'input-lost', 'disk', 'station-stopped'])

/**
 * A recording run (bản thu) or one part of it. Frames are at 48 kHz. Parts of one run share `groupId`; the next part begins where `groupFrame` says, by
 * splitting, after a long break of the link or after a restart of the station.
 */
export const RecordedTake = z.object({
  id: Id, handle: z.number().int().nonnegative(), title: Title, state: TakeState, channels: z.number().int().min(1).max(2), startedAt: InstantMs, endedAt: InstantMs.nullable(),
  durableFrames: SampleCount, faults: z.array(TakeFault), marks: z.array(TakeMark), inputLabel: z.string(), inputRateHz: z.number().int(), itemId: Id.nullable(), freeBytes: z.number().nullable(),
  /** Why the library did not take it; the audio is kept beside and `recorder.keep` tries again. */
  importError: ErrorReply.nullable(),
  groupId: Id,
  /** 1, 2, 3 … in the group. */
  part: z.number().int().min(1),
  /** Where this part begins in its group. */
  groupFrame: SampleCount,
  /** Where this part begins in the positions of the running capture session (what `capture.frames` and marks count from): 0 unless it was split. */
  sessionFrame: SampleCount,
  /** How it joins the part before: not one sample lost or doubled, or with a known hole (told as `gap` at frame 0). */
  joint: z.enum(['first', 'exact', 'hole']),
  /** After `continues`: the position in the session before at which this part's frame 0 lies; give it to `capture.rebind`. */
  continuesAt: SampleCount.nullable(),
  origin: TakeOrigin,
  inputs: z.array(TakeInput),
  /** The device or stream is away just now. */
  inputLost: z.boolean(),
  split: TakeSplit,
  punch: TakePunch.nullable(),
  /** Peaks of the last second, for inputs the station listens to itself; null for devices. */
  peakDbfs: z.array(z.number()).nullable(),
  /** null while it runs, and when a person ended it. After `disk` the window still has what the disk did not take: `continues` makes it the next part. */
  cutBy: TakeCut.nullable(),
})
export type RecordedTake = z.infer<typeof RecordedTake>

const splitOption = TakeSplit.optional()
/** A random secret of the window. Who shows it may hand in what still waited there when the window died, also before anyone has signed in. */
const PickUpKey = z.string().min(20).max(80)

/**
 * Capture frames (frames.ts kind 1) carry the `handle`. Acks come as `captureAck` wire messages on the connection that sent them.
 *
 * Splitting needs nothing from the window: the handle stays, `recorder.changed` shows the next part (same `groupId` and `handle`, `part` + 1) *before* the
 * one before as `closing` and `saved`. A `takeId` given to a procedure may be any part of an open group: its running part is meant. Frames given by a window are
 * positions in its capture session; null means "now" (for inputs of the station, where only the station knows).
 */
export const recorderProcedures = {
  'recorder.start': {
    input: z.object({
      title: Title, channels: z.number().int().min(1).max(2), inputLabel: z.string().max(300), inputRateHz: z.number().int().min(8000).max(384000), settings: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
      split: splitOption, punch: TakePunch.optional(),
      /** The part that was cut (restart of the station, link away too long, full disk): the new one becomes the next part of its group. @throws AppError disk-full while there is no room to go on */
      continues: Id.optional(),
      pickUpKey: PickUpKey.optional(),
    }),
    output: RecordedTake, role: 'recorder',
  },
  /**
   * Sound of a window that is gone, found in its private file system: `fromFrame` to `toFrame` in the positions of its capture session. Capture frames with the
   * handle of `take` may follow on the same connection, from `heldFrame` on; the take ends by itself when `toFrame` is durable. It goes into the take
   * while that is still open, else into a new part exactly behind it. A take that the station does not know begins anew, for a signed-in person only.
   * @throws AppError forbidden for a wrong key, not-signed-in, disk-full
   */
  'recorder.pickUp': {
    input: z.object({ takeId: Id, key: PickUpKey, title: Title, channels: z.number().int().min(1).max(2), inputLabel: z.string().max(300), inputRateHz: z.number().int().min(8000).max(384000), fromFrame: SampleCount, toFrame: SampleCount }),
    output: z.object({ take: RecordedTake, heldFrame: SampleCount }), role: 'open',
  },
  /** The station itself records the air or a stream into the same kind of take. Answers when the first sound has come. */
  'recorder.startInput': { input: z.object({ title: Title, channels: z.number().int().min(1).max(2), input: StationInput, split: splitOption }), output: RecordedTake, role: 'recorder' },
  /** Listens for a second without recording. */
  'recorder.tryInput': { input: z.object({ input: StationInput }), output: z.object({ label: z.string(), peakDbfs: z.array(z.number()) }), role: 'recorder' },
  'recorder.pause': { input: z.object({ takeId: Id }), output: RecordedTake, role: 'recorder' },
  'recorder.resume': { input: z.object({ takeId: Id }), output: RecordedTake, role: 'recorder' },
  'recorder.mark': { input: z.object({ takeId: Id, atFrame: SampleCount.nullable(), label: z.string().max(200) }), output: RecordedTake, role: 'recorder' },
  /** A new part begins at `atFrame` (up to 2 s back). Answers the new part, or the running one when that place has not come yet. */
  'recorder.split': { input: z.object({ takeId: Id, atFrame: SampleCount.nullable() }), output: RecordedTake, role: 'recorder' },
  'recorder.fault': { input: z.object({ takeId: Id, fault: TakeFault }), output: RecordedTake, role: 'recorder' },
  /** The device came back, or recording goes on with another one. */
  'recorder.inputChanged': { input: z.object({ takeId: Id, atFrame: SampleCount, inputLabel: z.string().max(300), inputRateHz: z.number().int().min(8000).max(384000) }), output: RecordedTake, role: 'recorder' },
  /** Closes the file after the frame `finalFrame` has arrived (or nothing has come for 3 s) and makes the library item. */
  'recorder.finish': { input: z.object({ takeId: Id, finalFrame: SampleCount.nullable(), title: Title.optional() }), output: RecordedTake, role: 'recorder' },
  /** Brings a discarded take back (7 days), or offers again one that the library refused. */
  'recorder.keep': { input: z.object({ takeId: Id }), output: RecordedTake, role: 'recorder' },
  'recorder.discard': { input: z.object({ takeId: Id }), output: Done, role: 'recorder' },
  'recorder.takes': { input: Nothing, output: z.object({ takes: z.array(RecordedTake) }), role: 'viewer' },
} as const satisfies ProcedureTable

export const recorderEvents = { 'recorder.changed': { payload: RecordedTake } } as const satisfies EventTable
export type TakeFault = z.infer<typeof TakeFault>
export type TakeSplit = z.infer<typeof TakeSplit>
export type TakePunch = z.infer<typeof TakePunch>
export type TakeCut = z.infer<typeof TakeCut>
