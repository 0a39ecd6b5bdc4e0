import type { MixEnvelope } from './envelope.ts'
import type { MixFade } from './fades.ts'

/** A piece of one source on the output timeline. Positions and lengths are samples at 48 kHz; gains are linear. */
export interface MixSegment {
  /** Index into the plan's sources; given back to `read`. */
  readonly source: number
  readonly start: number
  readonly offset: number
  readonly length: number
  /** Clip gain × lane gain. */
  readonly gain: number
  readonly fadeIn: MixFade
  readonly fadeOut: MixFade
  readonly envelope?: MixEnvelope | null
}

export interface MixSource {
  readonly channels: number
  readonly length: number
}

export interface MixPlan {
  readonly sources: readonly MixSource[]
  readonly segments: readonly MixSegment[]
  /** Last sample + 1 of the output. */
  readonly length: number
  readonly masterGain: number
  /** True-peak limiter behind the master gain; `ceiling` is linear. */
  readonly limiter?: { readonly ceiling: number } | null
}

/**
 * Fills `into[channel][0…frames)` with samples of a source at `offset`. `into` has one array per source channel and belongs to the mixer:
 * it is overwritten by the next call. What cannot be read is left to the reader to fill (zeros) or to throw.
 */
export type MixRead = (source: number, offset: number, frames: number, into: Float32Array[]) => void

/** 5 ms: ramp at a cut whose two sides are not neighbours in their source. */
export const DECLICK_SAMPLES = 240

export function segmentEnd(segment: MixSegment): number {
  return segment.start + segment.length
}
