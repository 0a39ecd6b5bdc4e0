import type { StartSource, StopReason } from '#contract/log.ts'
import type { PlannedPlay } from '../faces.ts'
import type { z } from 'zod'

/** What the room and the audio thread say to each other. Both live in one process and one version, so the types are the check. */

export const BUS_NAME = 'main'
/** `session` of frames of this bus. */
export const BUS_NUMBER = 1
export const BUS_CHANNELS = 2
/** 10 ms: largest block the bus renders. */
export const BLOCK_FRAMES = 480

export interface AirStart {
  readonly tapPath: string
  /** Journal file of this thread's as-run rows and the file of its position. */
  readonly journalPath: string
  readonly positionPath: string
  /** Station time minus the monotonic clock, ms. */
  readonly offsetMs: number
  readonly plays: readonly PlannedPlay[]
  /** Lines that have had their turn: they never start again. */
  readonly doneLineIds: readonly string[]
}

export type ToAir =
  | { readonly kind: 'plan'; readonly plays: readonly PlannedPlay[] }
  | { readonly kind: 'clock'; readonly offsetMs: number }
  | { readonly kind: 'skip'; readonly lineId: string }
  | { readonly kind: 'liveOpen'; readonly sid: string; readonly channels: 1 | 2; readonly title: string }
  | { readonly kind: 'livePcm'; readonly sid: string; readonly pcm: Float32Array; readonly firstFrame: number }
  | { readonly kind: 'liveEnd'; readonly sid: string }
  | { readonly kind: 'stop' }

export interface StartedRow {
  readonly id: string
  readonly lineId: string | null
  readonly itemId: string | null
  /** Null for what is not in the log: the room writes the date of its zone. */
  readonly broadcastDate: string | null
  readonly title: string
  readonly sha256: string | null
  readonly plannedAt: number | null
  readonly actualAt: number
  readonly startErrorUs: number | null
  readonly startSource: z.infer<typeof StartSource>
  /** First sample of the item that sounded. */
  readonly joinedAtSample: number
}
export interface EndedRow {
  readonly id: string
  readonly endedAt: number
  readonly playedSamples: number
  readonly stopReason: z.infer<typeof StopReason>
  /** Samples from the line's planned start to its end; null when the line ran by the plan. */
  readonly consumedSamples: number | null
}
export type AsRunEntry = { readonly entry: 'started'; readonly row: StartedRow } | { readonly entry: 'ended'; readonly row: EndedRow }

export interface PlayingNow {
  readonly rowId: string
  readonly lineId: string | null
  readonly title: string
  readonly startedAt: number
  readonly endsAt: number | null
  readonly playedSamples: number
  readonly source: 'log' | 'live'
}
export interface EngineState {
  readonly zeroAtUs: number
  readonly position: number
  readonly playing: PlayingNow | null
  readonly next: { readonly lineId: string; readonly title: string; readonly at: number; readonly armed: boolean } | null
  readonly armedLineIds: readonly string[]
  readonly liveSid: string | null
  readonly underruns: number
}

export type FromAir =
  | { readonly kind: 'ready' }
  | { readonly kind: 'state'; readonly state: EngineState }
  | { readonly kind: 'asRun'; readonly entry: AsRunEntry }
  /** 50 ms of the bus: meters record (frames.ts) and 16-bit stereo. */
  | { readonly kind: 'heard'; readonly firstFrame: number; readonly frames: number; readonly meters: Float32Array; readonly pcm: Int16Array }
  | { readonly kind: 'liveEnded'; readonly sid: string }
  | { readonly kind: 'trouble'; readonly message: string; readonly detail: Record<string, unknown> }
