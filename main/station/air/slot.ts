import { CUT_FADE_SAMPLES, DECLICK_SAMPLES, linearGain, noFade } from '#common/mix/index.ts'
import type { MixFade, TimelineSegment } from '#common/mix/index.ts'
import type { StopReason } from '#contract/log.ts'
import type { z } from 'zod'
import type { PlannedPlay } from '../faces.ts'
import type { StartedRow } from './messages.ts'
import type { PcmSource } from './pcm-source.ts'

/** A play of the plan on its way through the bus. Positions are bus samples, except `joinFrom`, which counts from the start of the item. */
export interface Slot {
  readonly lineId: string
  play: PlannedPlay
  /** Where sample 0 of the item stands, whether it sounded or not. */
  start: number
  /** Samples from `start` to the end; less than the item's length when cut. */
  length: number
  /** Opens a chain: bound to its own instant. Others stand at the end of the one before. */
  chainStart: boolean
  state: 'waiting' | 'opening' | 'armed' | 'playing'
  source: PcmSource | null
  /** Number of the source on the timeline. */
  readonly handle: number
  joinFrom: number
  /** Where the source was told to begin reading. */
  openedFrom: number
  /** Pulled forward to a hand-over: starts as soon as it can, from its top. */
  whenReady: boolean
  /** Moved by hand or by a failure: its planned time says nothing about accuracy. */
  shifted: boolean
  row: StartedRow | null
  /** Bus sample where the open row began. */
  rowFrom: number
  /** Why it will end before its own end, when it is not a hard start. */
  stop: z.infer<typeof StopReason> | null
  fadeOut: MixFade
  readonly missing: { frames: number }
}

export function createSlot(play: PlannedPlay, handle: number, start: number, length: number): Slot {
  return {
    lineId: play.lineId, play, start, length, chainStart: play.chainStart, state: 'waiting', source: null, handle, joinFrom: 0, openedFrom: 0, whenReady: false, shifted: false,
    row: null, rowFrom: 0, stop: null, fadeOut: noFade, missing: { frames: 0 },
  }
}

export function endOf(slot: Slot): number {
  return slot.start + slot.length
}
/** First bus sample that sounds. */
export function onsetOf(slot: Slot): number {
  return slot.start + slot.joinFrom
}

/** Sets a new end; what is cut fades out over 150 ms, beginning no earlier than `from`. */
export function endAt(slot: Slot, end: number, from: number, fade = CUT_FADE_SAMPLES): void {
  const length = Math.max(0, end - slot.start)
  if (length === slot.length && (slot.fadeOut.length > 0 || length >= slot.play.pcm.length)) return
  slot.length = length
  const begin = Math.max(onsetOf(slot), end - fade, slot.state === 'playing' ? from : 0)
  slot.fadeOut = length < slot.play.pcm.length ? { length: Math.max(0, end - begin), shape: 'linear' } : noFade
}

export function segmentOf(slot: Slot): TimelineSegment {
  return {
    id: slot.lineId, source: slot.handle, channels: slot.play.pcm.channels, start: onsetOf(slot), offset: slot.joinFrom, length: Math.max(0, slot.length - slot.joinFrom),
    gain: linearGain(slot.play.gainDb), fadeIn: slot.joinFrom > 0 ? { length: DECLICK_SAMPLES, shape: 'linear' } : noFade, fadeOut: slot.fadeOut,
  }
}
