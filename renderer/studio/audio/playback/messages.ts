import type { PlayedBlock } from './feeder.ts'
import type { PlaybackPlan } from './block-maker.ts'
import type { Course } from './course.ts'

/** Window → playback Worker. */
export type ToPlaybackWorker =
  | { readonly kind: 'open'; readonly worklet: MessagePort }
  | { readonly kind: 'plan'; readonly plan: PlaybackPlan }
  | { readonly kind: 'play'; readonly epoch: number; readonly course: Course }
  | { readonly kind: 'scrub'; readonly epoch: number; readonly at: number }
  | { readonly kind: 'stop'; readonly epoch: number }
/** Playback Worker → window. */
export type FromPlaybackWorker = { readonly kind: 'failed'; readonly code: string; readonly data: Record<string, string | number | boolean | null> }

/** Playback Worker → worklet. */
export type ToPlaybackWorklet = { readonly kind: 'block'; readonly block: PlayedBlock } | { readonly kind: 'end'; readonly epoch: number; readonly position: number }
/** Worklet → playback Worker. */
export type FromPlaybackWorklet = { readonly kind: 'heard'; readonly epoch: number; readonly position: number; readonly spent: Float32Array<ArrayBuffer>[] }

/** Window → worklet. */
export type WorkletOrder = { readonly kind: 'connect' } | { readonly kind: 'play'; readonly epoch: number; readonly from: number; readonly mayPause: boolean } | { readonly kind: 'stop'; readonly epoch: number }
/** Worklet → window: played frame `position` begins at `frame` of the audio clock. */
export interface WorkletReport {
  readonly epoch: number
  readonly position: number
  readonly frame: number
  readonly ended: boolean
  readonly underruns: number
}
