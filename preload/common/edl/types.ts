import type { FadeShape } from '../mix/index.ts'
import type { Samples } from '../units/samples.ts'

export type { FadeShape }

/**
 * The edit list: immutable values, positions in integer samples at 48 kHz, ranges half-open. Audio is never in it and never changed by it.
 * Clips of a lane are in order of start and do not overlap.
 */
export interface Fade {
  readonly length: Samples
  readonly shape: FadeShape
}
export interface Source {
  readonly id: string
  readonly itemId: string
  readonly title: string
  readonly sha256: string
  readonly channels: number
  readonly length: Samples
}
export interface Clip {
  readonly id: string
  readonly sourceId: string
  readonly start: Samples
  readonly offset: Samples
  readonly length: Samples
  readonly gainDb: number
  readonly fadeIn: Fade
  readonly fadeOut: Fade
}
export interface Lane {
  readonly id: string
  readonly name: string
  readonly clips: readonly Clip[]
  readonly gainDb: number
  readonly mute: boolean
  readonly solo: boolean
}
export interface Marker {
  readonly id: string
  readonly at: Samples
  readonly length: Samples
  readonly label: string
}
export interface Edl {
  readonly sources: readonly Source[]
  readonly lanes: readonly Lane[]
  readonly markers: readonly Marker[]
}
export interface Range {
  readonly start: Samples
  readonly end: Samples
}

export const emptyEdl: Edl = { sources: [], lanes: [], markers: [] }

export function clipEnd(clip: Clip): number {
  return clip.start + clip.length
}

export function edlLength(edl: Edl): number {
  let end = 0
  for (const lane of edl.lanes) {
    const last = lane.clips.at(-1)
    if (last !== undefined) end = Math.max(end, clipEnd(last))
  }
  return end
}
