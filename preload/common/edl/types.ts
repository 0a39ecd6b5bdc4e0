import type { FadeShape } from '../mix/index.ts'
import type { Samples } from '../units/samples.ts'

export type { FadeShape }

/**
 * The edit list: immutable values, positions in integer samples at 48 kHz, ranges half-open. Audio is never in it and never changed by it.
 * Clips of a lane are in order of start. Two neighbours overlap only in a crossfade: the overlap is as long as the fade-out of the left one
 * and the fade-in of the right one.
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
/** Gain at a place of a clip; straight in linear gain between points, constant outside them. */
export interface EnvelopePoint {
  /** Samples from the clip's beginning, 0…length. */
  readonly at: Samples
  readonly gainDb: number
}
/** EBU R 128 values of the clip's own sound, before any gain. */
export interface ClipLoudness {
  readonly integratedLufs: number
  readonly rangeLu: number
  readonly truePeakDbtp: number
}
/** Other sound of the same length for the place of a clip: what a punch-in replaced, another take. */
export interface Alternative {
  readonly sourceId: string
  readonly offset: Samples
  readonly title: string
}
/** What a cleaned or stretched clip was made from. */
export interface ClipOrigin {
  readonly sourceId: string
  readonly offset: Samples
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
  readonly envelope: readonly EnvelopePoint[]
  /** Null when not measured, or when the clip has been cut since. */
  readonly loudness: ClipLoudness | null
  readonly alternatives: readonly Alternative[]
  readonly original: ClipOrigin | null
}
export type LaneRole = 'voice' | 'bed' | 'other'
/** How a lane goes down under speech. The envelopes of its clips follow the voice until one is changed by hand. */
export interface Duck {
  readonly voiceLaneIds: readonly string[]
  readonly reduceDb: number
  readonly attackMs: number
  readonly holdMs: number
  readonly releaseMs: number
  readonly handEdited: boolean
}
export interface Lane {
  readonly id: string
  readonly name: string
  readonly clips: readonly Clip[]
  readonly gainDb: number
  readonly mute: boolean
  readonly solo: boolean
  readonly role: LaneRole
  readonly duck: Duck | null
}
export type MarkerKind = 'marker' | 'chapter' | 'slide'
export interface Marker {
  readonly id: string
  readonly at: Samples
  readonly length: Samples
  readonly label: string
  readonly kind: MarkerKind
  /** Picture shown from here on boards and screens; only for slides. */
  readonly slideId: string | null
}
export interface Master {
  readonly gainDb: number
  readonly limiter: boolean
  readonly ceilingDbtp: number
}
/** Where the programme stands in the day, and how long it has to be. */
export interface ProgrammeSlot {
  /** Time of day of the first sample, in seconds. */
  readonly startsAtSec: number | null
  readonly length: Samples | null
}
export interface Edl {
  readonly sources: readonly Source[]
  readonly lanes: readonly Lane[]
  readonly markers: readonly Marker[]
  readonly master: Master
  readonly slot: ProgrammeSlot
}
export interface Range {
  readonly start: Samples
  readonly end: Samples
}

export const plainMaster: Master = { gainDb: 0, limiter: false, ceilingDbtp: -1 }
export const noSlot: ProgrammeSlot = { startsAtSec: null, length: null }
export const emptyEdl: Edl = { sources: [], lanes: [], markers: [], master: plainMaster, slot: noSlot }

/** What a clip has before anything is done to it. */
export const plainClip = { gainDb: 0, envelope: [], loudness: null, alternatives: [], original: null } as const

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
