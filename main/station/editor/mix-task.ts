import type { MixPlan, PcmFormat } from '#common/mix/index.ts'
import type { PcmPlace } from './pcm-reader.ts'

/** What threads that mix are given. */
export interface MixTask {
  readonly plan: MixPlan
  /** Where each source of the plan lies. */
  readonly places: readonly PcmPlace[]
  readonly channels: 1 | 2
  readonly format: PcmFormat
}
export interface WavTask extends MixTask {
  /** A file that exists, with its header and its full length. */
  readonly target: string
  readonly dataOffsetBytes: number
  /** Output samples that are this thread's. */
  readonly from: number
  readonly to: number
}
