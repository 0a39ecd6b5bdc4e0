import { CUT_FADE_SAMPLES, linearGain, noFade } from '#common/mix/index.ts'
import type { MixFade, TimelineSegment } from '#common/mix/index.ts'
import type { EditCode, Placement, StopReason } from '#common/playout/index.ts'
import type { PcmFile, RelayOnAir } from '../../faces.ts'
import type { StartedRow } from '../messages.ts'
import type { PcmSource } from '../pcm-source.ts'
import type { RelayInput } from '../relay/relay-input.ts'

/** What a deck plays: the item's own file, or one made of it at another speed. */
export interface Tape {
  readonly title: string
  readonly itemId: string | null
  readonly sha256: string | null
  /** Null for what has no file (a live line is spoken over silence). */
  readonly pcm: PcmFile | null
  /** What a relay listens to; it has no file. */
  readonly relay: RelayOnAir | null
  readonly gainDb: number
  /** Bus samples per item sample of the file. */
  readonly ratio: number
}

/** A placement on its way through the bus. `start` and `end` are bus samples; `offset` counts in the file. */
export interface Deck {
  readonly lineId: string
  /** Number of the source on the timeline. */
  readonly handle: number
  placement: Placement
  tape: Tape
  state: 'closed' | 'opening' | 'armed' | 'playing'
  /** Waits for a key: open, and not started. */
  held: boolean
  source: PcmSource | null
  /** The same, of a relay. */
  relay: RelayInput | null
  openedFrom: number
  start: number
  offset: number
  end: number
  fadeIn: MixFade
  fadeOut: MixFade
  /** Its end is decided on the bus and no plan changes it: the file breaks, the bus was taken. */
  stopped: { readonly reason: StopReason; readonly editCode: EditCode } | null
  /** Its last fade has begun. */
  isFading: boolean
  row: StartedRow | null
  /** A backup is in its place: it goes on below, and has no row until it is heard again. */
  covered: boolean
  missing: number
  /** Bus samples in a row it should have sounded and its file gave none. */
  hungFor: number
}

/** @param zeroWall wall sample of bus sample 0 */
export function createDeck(placement: Placement, tape: Tape, handle: number, zeroWall: number): Deck {
  const deck: Deck = {
    lineId: placement.lineId, handle, placement, tape, state: 'closed', held: false, source: null, relay: null, openedFrom: 0, start: 0, offset: 0, end: 0, fadeIn: noFade, fadeOut: noFade, stopped: null, isFading: false, row: null, covered: false, missing: 0, hungFor: 0,
  }
  place(deck, placement, zeroWall)
  return deck
}

/** Takes over what the plan says of a deck that does not sound yet. */
export function place(deck: Deck, placement: Placement, zeroWall: number): void {
  const { ratio, pcm } = deck.tape
  deck.placement = placement
  deck.start = (placement.start ?? 0) - zeroWall
  deck.offset = Math.round(placement.from * ratio)
  // A file at another speed than planned (it was not made in time) is as long as it is.
  const length = placement.ratio === ratio ? placement.length : Math.round((placement.length / placement.ratio) * ratio)
  deck.end = deck.start + (pcm === null ? length : Math.min(length, Math.max(0, pcm.length - deck.offset)))
  // A relay is joined in the middle of something: it always comes in softly.
  deck.fadeIn = deck.tape.relay !== null && placement.fadeIn.length < CUT_FADE_SAMPLES ? { length: CUT_FADE_SAMPLES, shape: 'linear' } : placement.fadeIn
  deck.fadeOut = fadeWithin(placement.fadeOut, deck.end - deck.start)
}

/** Moves the end of a deck that sounds. The fade begins no earlier than `from`. */
export function endAt(deck: Deck, end: number, fade: MixFade, from: number): void {
  deck.end = Math.max(deck.start, end)
  deck.fadeOut = fadeWithin(fade, Math.max(0, deck.end - Math.max(deck.start, from)))
}

function fadeWithin(fade: MixFade, room: number): MixFade {
  return fade.length <= room ? fade : { ...fade, length: room }
}

/** The sample of its item that sounds at bus sample `at`. */
export function itemSampleAt(deck: Deck, at: number): number {
  return Math.round((deck.offset + Math.max(0, at - deck.start)) / deck.tape.ratio)
}

/** A source holds what follows the place it was opened at for some seconds: a start within this far of it needs no new one. */
const HELD_FRAMES = 96_000

/** What was read is what sounds at the start. A relay sounds what comes. */
export function isRead(deck: Deck): boolean {
  return deck.state === 'closed' || deck.tape.relay !== null || (deck.offset >= deck.openedFrom && deck.offset - deck.openedFrom <= HELD_FRAMES)
}

export function segmentOf(deck: Deck): TimelineSegment {
  return {
    id: deck.lineId, source: deck.handle, channels: deck.tape.relay !== null ? 2 : (deck.tape.pcm?.channels ?? 1), start: deck.start, offset: deck.offset, length: Math.max(0, deck.end - deck.start), gain: linearGain(deck.tape.gainDb),
    fadeIn: fadeWithin(deck.fadeIn, deck.end - deck.start), fadeOut: deck.fadeOut,
  }
}
