import { MixTimeline } from '#common/mix/index.ts'
import type { Placement } from '#common/playout/index.ts'
import type { PcmFile, RelayOnAir } from '../../faces.ts'
import { BLOCK_FRAMES, BUS_CHANNELS } from '../messages.ts'
import type { OpenPcmSource } from '../pcm-source.ts'
import type { RelayInput } from '../relay/relay-input.ts'
import type { BusLog } from './bus-log.ts'
import { createDeck, isRead, place, segmentOf } from './deck.ts'
import type { Deck, Tape } from './deck.ts'

export interface RackOptions {
  readonly log: BusLog
  readonly openSource: OpenPcmSource
  /** The file of an item at another speed; null while it is not made (asking orders it). */
  readonly stretched?: (sha256: string, pcm: PcmFile, ratio: number) => PcmFile | null
  /** Listens to a relay for a line that begins at `startAt`, UTC ms. */
  readonly openRelay?: (relay: RelayOnAir, startAt: number) => RelayInput
}

/** The decks of a bus with their files and the timeline they sound on: opened ahead, closed when they are over. Nothing here decides. */
export class Rack {
  decks: Deck[] = []
  /** Blocks in which a file that is on air had not been read in time. */
  missed = 0
  private readonly options: RackOptions
  private readonly timeline = new MixTimeline({ channels: BUS_CHANNELS, blockFrames: BLOCK_FRAMES })
  private readonly byHandle = new Map<number, Deck>()
  private handles = 0

  constructor(options: RackOptions) {
    this.options = options
  }

  get onAir(): readonly Deck[] {
    return this.decks.filter((deck) => deck.state === 'playing')
  }

  /** A deck for a placement that is to come, or the known one in its new place. */
  prepare(placement: Placement, held: boolean, zeroWall: number): void {
    const known = this.decks.find((deck) => deck.lineId === placement.lineId)
    if (known?.state === 'playing') return
    const tape = this.tapeOf(placement)
    if (known === undefined) {
      const deck = createDeck(placement, tape, this.handles++, zeroWall)
      deck.held = held
      this.decks.push(deck)
      return
    }
    const { pcm, relay } = known.tape
    known.tape = tape
    known.held = held
    place(known, placement, zeroWall)
    if (pcm?.path !== tape.pcm?.path || relay !== tape.relay || pcm?.length !== tape.pcm?.length || !isRead(known)) this.release(known)
  }

  /** @param startAt UTC ms at which it is to begin */
  open(deck: Deck, startAt: number): void {
    const { pcm } = deck.tape
    deck.state = 'opening'
    deck.openedFrom = deck.offset
    if (deck.tape.relay !== null) {
      deck.relay = this.options.openRelay?.(deck.tape.relay, startAt) ?? null
      deck.source = deck.relay
      this.byHandle.set(deck.handle, deck)
    }
    if (pcm === null) return
    deck.source = this.options.openSource(pcm, deck.offset)
    this.byHandle.set(deck.handle, deck)
  }

  /** Puts the deck on the timeline as it stands now; `from` = first bus sample not yet mixed. */
  lay(deck: Deck, from?: number): void {
    this.timeline.add(segmentOf(deck), from)
  }

  render(position: number, frames: number, into: readonly Float64Array[], at: number): void {
    this.timeline.renderWide(position, frames, into, at, this.read)
    for (const deck of this.decks) if (deck.relay !== null && deck.state !== 'playing') deck.relay.pass(frames)
  }

  /** Closes the file; the deck may be opened again. */
  release(deck: Deck): void {
    deck.source?.close()
    deck.source = null
    deck.relay = null
    deck.state = 'closed'
    this.byHandle.delete(deck.handle)
    this.timeline.remove(deck.lineId)
  }

  /** Closes and forgets. */
  drop(isGone: (deck: Deck) => boolean): void {
    const gone = this.decks.filter(isGone)
    if (gone.length === 0) return
    for (const deck of gone) this.release(deck)
    this.decks = this.decks.filter((deck) => !gone.includes(deck))
  }

  /** Something should sound by bus sample `at` and is not open yet. */
  hasLate(at: number): boolean {
    return this.decks.some(({ state, held, start }) => state !== 'playing' && !held && start <= at)
  }

  /** Bus samples in a row in which something should have sounded and its file gave nothing. */
  hungFor(at: number): number {
    let most = 0
    // A relay has a hold-off of its own.
    for (const { state, held, start, hungFor, tape } of this.decks) if (tape.relay === null) most = Math.max(most, state === 'playing' ? hungFor : state === 'opening' && !held ? at - start : 0)
    return most
  }

  sort(): void {
    this.decks.sort((a, b) => a.start - b.start)
  }

  /** First start or end after `from` that is known. */
  nextEdge(from: number): number {
    let next = Number.POSITIVE_INFINITY
    for (const deck of this.decks) {
      if (!deck.held && deck.start > from && deck.start < next) next = deck.start
      if (deck.state === 'playing' && deck.end > from && deck.end < next) next = deck.end
    }
    return next
  }

  private tapeOf(placement: Placement): Tape {
    const { log, stretched } = this.options
    const sound = log.soundOf(placement)
    if (sound === null) return { title: log.lineOf(placement.lineId)?.title ?? '', itemId: null, sha256: null, pcm: null, relay: log.lineOf(placement.lineId)?.relay ?? null, gainDb: 0, ratio: 1 }
    const other = placement.ratio === 1 ? null : (stretched?.(sound.sha256, sound.pcm, placement.ratio) ?? null)
    return { title: sound.title, itemId: sound.itemId, sha256: sound.sha256, pcm: other ?? sound.pcm, relay: null, gainDb: sound.gainDb, ratio: other === null ? 1 : placement.ratio }
  }

  private readonly read = (handle: number, offset: number, frames: number, into: Float32Array[]): void => {
    const deck = this.byHandle.get(handle)
    if (deck?.source === undefined || deck.source === null) {
      for (const channel of into) channel.fill(0, 0, frames)
      return
    }
    const missing = deck.source.read(offset, frames, into)
    deck.hungFor = missing < frames ? 0 : deck.hungFor + frames
    if (missing === 0 || deck.relay !== null || deck.source.failure !== null) return
    deck.missing += missing
    this.missed++
  }
}
