import { CUT_FADE_SAMPLES, DECLICK_SAMPLES, Limiter, linearGain } from '#common/mix/index.ts'
import type { RenderBus } from '#common/mix/index.ts'
import { WALL_SAMPLES_PER_MS, instantOf } from '#common/playout/index.ts'
import type { Placement, StopReason } from '#common/playout/index.ts'
import { BLOCK_FRAMES, BUS_CHANNELS } from '../messages.ts'
import type { EndedRow, RelayNow, StartedRow } from '../messages.ts'
import type { BusLog } from './bus-log.ts'
import { endAt, isRead, itemSampleAt } from './deck.ts'
import type { Deck, Tape } from './deck.ts'
import { Holder } from './holder.ts'
import type { LayerRow } from './holder.ts'
import type { BusLayer } from './layer.ts'
import { Rack } from './rack.ts'
import type { RackOptions } from './rack.ts'
import { BusRows } from './rows.ts'
import type { NewRow, Onset } from './rows.ts'
import { wantedOf } from './wanted.ts'
import type { RelayInput } from '../relay/relay-input.ts'

/** Last stage of the bus: −1 dBTP. What the editor's limiter has brought there already lies 0.09 dB below it by that limiter's own margin, and passes unchanged. */
const CEILING = linearGain(-1) / 0.99
/** 1 s: as often a plan that drifts is made anew, and it is looked at what must be opened next. */
const LOOK_FRAMES = 48_000
/** What is noted after a plan changes the next one; a mistake there must not stop the bus. */
const MOST_TURNS = 20

/** Ends after which what follows stands elsewhere than planned. */
const breaksPlan: ReadonlySet<StopReason> = new Set(['operatorSkip', 'operatorStop', 'withdrawn', 'decodeError', 'sourceLost'])

export interface EngineOptions extends RackOptions {
  readonly bus: string
  /** Wall sample of bus sample 0. */
  readonly zeroWall: number
  /** Bus sample it begins with; 0 by default. */
  readonly firstFrame?: number
  readonly newId: () => string
  readonly trouble: (message: string, detail: Record<string, unknown>) => void
}

/**
 * One programme bus. Promises: what the plan of the sequencer says sounds on its sample and never before; two sources overlap only where the
 * plan says so; nothing is lost or doubled at a hand-over. Sound is mixed `LIMITER_LOOK_AHEAD` samples before it goes out (`head` against
 * `position`); everything that decides looks at `head`. Relies on `render` being called when a block is due, and on `settle` after each.
 */
export class BusEngine {
  position: number
  head: number
  /** Blocks that came late, and those in which a file had not been read in time. */
  lateBlocks = 0
  zeroWall: number
  readonly log: BusLog
  readonly rows: BusRows
  private readonly options: EngineOptions
  private readonly rack: Rack
  private readonly limiter = new Limiter(BUS_CHANNELS, BLOCK_FRAMES, CEILING)
  private readonly holder: Holder
  private dirty = true
  private nextZero: number | null = null
  private lost = false
  private begun = 0
  private lastLineId: string | null = null
  private replanAt = Number.NEGATIVE_INFINITY
  private lookAt = 0

  constructor(options: EngineOptions) {
    this.options = options
    this.zeroWall = options.zeroWall
    this.position = options.firstFrame ?? 0
    this.head = this.position
    this.log = options.log
    this.rack = new Rack(options)
    this.rows = new BusRows(options.bus, options.newId, (busSample) => this.zeroWall + busSample)
    this.holder = new Holder(this.rows)
  }

  get underruns(): number {
    return this.lateBlocks + this.rack.missed
  }
  get onAir(): readonly Deck[] {
    return this.rack.onAir
  }
  get armed(): readonly Deck[] {
    return this.rack.decks.filter((deck) => deck.state === 'armed')
  }
  /** What lies over the log and has taken the bus from it. */
  get holding(): { readonly priority: number; readonly row: StartedRow } | null {
    const { top, row, isHeld } = this.holder
    return top === null || row === null || !isHeld ? null : { priority: top.priority, row }
  }
  get isHeld(): boolean {
    return this.holder.isHeld
  }
  /** Bus samples for which a source that is due has given nothing. */
  get hungFor(): number {
    return this.startsFreely ? this.rack.hungFor(this.head) : 0
  }
  /** The last source broke off, and nothing sounds since. */
  get isLost(): boolean {
    return this.lost && this.onAir.length === 0
  }
  /** The relay the log is at, heard or not. */
  get relay(): RelayInput | null {
    return this.relayDeck?.relay ?? null
  }
  private get relayDeck(): Deck | null {
    return this.onAir.findLast(({ relay, stopped }) => relay !== null && stopped === null) ?? null
  }
  /** Relays that are listened to. `start` = bus sample. */
  get relays(): readonly (Omit<RelayNow, 'startAt'> & { readonly start: number })[] {
    return this.rack.decks.flatMap(({ lineId, tape, relay, state, covered, start }) => (relay === null ? [] : [{ lineId, title: tape.title, state: relay.health.state, address: relay.feed.address, isEarlierEdition: relay.feed.isEarlierEdition, onAir: state === 'playing', covered, start }]))
  }
  /** The line whose sound is missed when nothing is heard: what is on air, else what was last. */
  get troubledLineId(): string | null {
    return this.onAir.at(-1)?.lineId ?? this.lastLineId
  }
  /** How often something of the log has begun. */
  get starts(): number {
    return this.begun
  }
  get wall(): number {
    return this.zeroWall + this.head
  }

  /** Something has changed that the plan depends on: it is made anew at the next `settle`. */
  change(): void {
    this.dirty = true
  }

  /** Moves the clock under the bus: what is on air goes on, timed starts go to their new samples. */
  setZero(zeroWall: number): void {
    this.log.moved(zeroWall - this.zeroWall)
    this.zeroWall = zeroWall
    // At once: nothing may begin where the old clock had it.
    this.replan()
  }
  /** A clock that was wrong is right now: what is on air ends by itself, then the log goes on where the new time says. */
  setZeroAtJunction(zeroWall: number): void {
    this.nextZero = zeroWall
  }
  private rejoin(zeroWall: number): void {
    const since = this.wall
    this.nextZero = null
    this.log.moved(zeroWall - this.zeroWall)
    this.zeroWall = zeroWall
    this.log.wasDown(Math.min(since, this.wall), this.wall)
    this.dirty = true
  }

  addLayer(layer: BusLayer, row: LayerRow | (() => LayerRow)): void {
    this.holder.add(layer, row)
  }

  /** Size of the next block to go out: never past a start or an end that is known, so that each falls on the first sample of a block. */
  nextFrames(): number {
    return Math.min(BLOCK_FRAMES, this.rows.nextAfter(this.position) - this.position, this.rack.nextEdge(this.position) - this.position)
  }

  /** Fills the next `frames` (at most BLOCK_FRAMES, from `nextFrames`) of the bus as it goes out. */
  render(frames: number, out: readonly [Float32Array, Float32Array]): void {
    this.limiter.render(this.position, frames, out, 0, this.mixAhead)
    this.rows.hear(this.position, out[0], out[1], frames)
    this.position += frames
  }

  /** Decides and prepares; call it after each block has gone out. */
  settle(): void {
    if (this.nextZero !== null && this.onAir.length === 0) this.rejoin(this.nextZero)
    if (this.dirty || this.wall >= this.replanAt) this.replan()
    else if (this.head >= this.lookAt) this.look()
    this.arm()
    if (!this.dirty) return
    // What cannot be opened, or was opened only after its time: where the log goes on is decided before the next block.
    this.replan()
    this.arm()
  }

  /** Skips time that can no longer be played (the machine was held up): what was on air is closed, and the log decides where it goes on. */
  jump(position: number): void {
    const from = this.wallOf(this.position)
    for (const deck of this.onAir) {
      this.closeRow(deck, this.position, 'engineStop')
      this.log.ended(deck.lineId, this.wallOf(Math.min(this.position, deck.end)), 'engineStop', 'none')
    }
    this.rack.drop(() => true)
    this.position = position
    this.head = position
    this.log.wasDown(from, this.wall)
    this.replan()
    this.arm()
  }

  /** Rows that were heard to begin or end since the last call. */
  takeOnsets(): Onset[] {
    return this.rows.takeOnsets(this.position)
  }
  takeEndings(): EndedRow[] {
    return this.rows.takeEndings(this.position)
  }

  /** Closes every open row where the bus went silent; it is not rendered again. */
  stop(): void {
    for (const deck of this.rack.decks) this.closeRow(deck, this.position, 'engineStop')
    this.rack.drop(() => true)
    this.holder.stop(this.position)
  }

  private wallOf(busSample: number): number {
    return this.zeroWall + busSample
  }

  private replan(): void {
    for (let turn = 0; turn < MOST_TURNS; turn++) {
      this.dirty = false
      // What missed its turn by the plan in force until now has missed it, whatever is decided from here on.
      this.notePassed()
      const plan = this.log.replan(this.wall)
      this.notePassed()
      for (const deck of this.onAir) this.follow(deck, plan.sounding.find(({ lineId }) => lineId === deck.lineId) ?? null)
      // Something had its turn, or was stopped that the plan did not know of: what follows stands elsewhere.
      if (!this.dirty) break
    }
    this.replanAt = Math.min(this.log.plan.wakeAt ?? Number.POSITIVE_INFINITY, this.log.nextPassed(this.wall), this.log.drifts ? this.wall + LOOK_FRAMES : Number.POSITIVE_INFINITY)
    this.prepare()
  }

  private notePassed(): void {
    for (const placement of this.log.takePassed(this.wall)) {
      this.rows.silent(this.rowOf(placement, null), (placement.start ?? this.wall) - this.zeroWall, placement.stopReason, placement.editCode, null)
      this.dirty = true
    }
  }

  private look(): void {
    // A file that does not come moves everything behind it.
    if (this.startsFreely && this.rack.hasLate(this.head)) this.replan()
    else this.prepare()
  }

  /** Brings what is to come to the decks. */
  private prepare(): void {
    this.lookAt = this.head + LOOK_FRAMES
    const wanted = wantedOf(this.log.plan, this.wall, (lineId) => this.preConnect(lineId))
    this.rack.drop((deck) => deck.state !== 'playing' && !wanted.has(deck.lineId))
    for (const { placement, held } of wanted.values()) this.rack.prepare(placement, held, this.zeroWall)
    this.rack.sort()
  }

  /** Samples before its start at which a relay is connected; null = no relay. */
  private preConnect(lineId: string): number | null {
    const relay = this.log.lineOf(lineId)?.relay
    return relay === undefined ? null : relay.preConnectMs * WALL_SAMPLES_PER_MS
  }

  /** A backup has come up in the place of the relay: what was heard of it is written down, and it goes on below. */
  coverRelay(reason: Extract<StopReason, 'sourceLost' | 'silenceFailover'>): void {
    const deck = this.relayDeck
    if (deck === null || deck.covered) return
    this.closeRow(deck, this.head, reason)
    deck.covered = true
    this.log.trace.tell(deck.lineId, this.wall, reason === 'sourceLost' ? 'sourceLost' : 'sourceSilent')
  }
  /** The relay is heard again. */
  uncoverRelay(): void {
    const deck = this.relayDeck
    if (deck === null || !deck.covered) return
    deck.covered = false
    deck.row = this.rows.began({ ...this.rowOf(deck.placement, deck.tape), startSource: 'relayReturn', joinedAtSample: itemSampleAt(deck, this.head), onAir: true }, this.head, null)
    this.log.trace.tell(deck.lineId, this.wall, 'sourceBack')
  }

  /** What the plan says of a deck that sounds: only its end may change. */
  private follow(deck: Deck, placement: Placement | null): void {
    if (deck.stopped !== null) return
    if (placement === null) return this.stopDeck(deck, this.head + CUT_FADE_SAMPLES, 'withdrawn')
    const before = deck.placement
    deck.placement = placement
    if (deck.tape.ratio !== placement.ratio || placement.start === null) return
    const whole = deck.tape.pcm === null ? Number.POSITIVE_INFINITY : deck.start + deck.tape.pcm.length - deck.offset
    const end = Math.min(placement.start - this.zeroWall + placement.length, whole)
    // A clock that moves gives the same end another name: on the bus nothing has changed.
    if (end === deck.end && before.fadeOut.length === placement.fadeOut.length && before.fadeOut.shape === placement.fadeOut.shape) return
    // A fade under way is not taken back; only something that comes sooner changes it.
    if (deck.isFading && end >= deck.end) return
    // An end that has gone by cannot be kept; a bare stop would click.
    endAt(deck, Math.min(whole, Math.max(end, this.head + DECLICK_SAMPLES)), end < this.head + DECLICK_SAMPLES ? { length: DECLICK_SAMPLES, shape: 'linear' } : placement.fadeOut, this.head)
    this.rack.lay(deck, this.head)
  }

  /** Opens what is wanted; what has read enough is armed. */
  private arm(): void {
    for (const deck of [...this.rack.decks]) {
      if (deck.state === 'closed' && this.mayOpen(deck)) this.rack.open(deck, this.instantOf(deck.start))
      if (deck.state !== 'opening') continue
      const failure = deck.source?.failure ?? null
      if (failure !== null) {
        this.failBeforeStart(deck, failure)
        break
      }
      if (deck.source !== null && !deck.source.ready) continue
      deck.state = 'armed'
      if (!deck.held && deck.start < this.head && this.startsFreely) this.dirty = true
    }
  }

  /** A file is opened as soon as it is wanted; a source is connected to no longer before its line than it was set. */
  private mayOpen({ lineId, tape, held, start }: Deck): boolean {
    return tape.relay === null || held || start - this.head <= (this.preConnect(lineId) ?? 0)
  }

  /** Nobody has the bus, and no time is waited for. */
  private get startsFreely(): boolean {
    return !this.holder.isHeld && this.nextZero === null
  }

  /** The limiter asks for the bus in order; before the first sample, and behind a jump, there was silence. */
  private readonly mixAhead: RenderBus = (position, frames, into, at) => {
    let done = Math.min(frames, Math.max(0, this.head - position))
    for (const channel of into) channel.fill(0, at, at + done)
    while (done < frames) {
      const count = Math.min(frames - done, this.rack.nextEdge(this.head) - this.head)
      this.mix(count, into, at + done)
      done += count
    }
  }

  private mix(frames: number, into: readonly Float64Array[], at: number): void {
    if (this.startsFreely) for (const deck of [...this.rack.decks]) if (deck.state === 'armed' && !deck.held && deck.start <= this.head) this.begin(deck)
    this.rack.render(this.head, frames, into, at)
    const turn = this.holder.mix(frames, into, at, this.head)
    if (turn === 'taken') this.giveWay()
    if (turn === 'givenBack') this.log.givenBack(this.wall)
    if (turn !== null) this.dirty = true
    this.head += frames
    for (const deck of this.onAir) this.afterMix(deck)
    this.rack.drop((deck) => deck.state === 'playing' && deck.end <= this.head)
  }

  private begin(deck: Deck): void {
    // From here on it would be late: what that means is decided first.
    if (deck.start < this.head || !isRead(deck)) {
      if (deck.start === this.head) this.rack.release(deck)
      this.dirty = true
      return
    }
    const { placement, tape } = deck
    deck.state = 'playing'
    this.lost = false
    this.begun++
    this.lastLineId = deck.lineId
    this.rack.lay(deck)
    const from = itemSampleAt(deck, deck.start)
    this.log.began({ lineId: deck.lineId, start: this.wallOf(deck.start), from, ratio: tape.ratio, editCode: placement.editCode, fill: placement.fill })
    deck.row = this.rows.began({ ...this.rowOf(placement, tape), joinedAtSample: from, onAir: true }, deck.start, this.log.dueOf(placement) ?? this.wallOf(deck.start))
    this.dirty = true
  }

  private rowOf(placement: Placement, tape: Tape | null): NewRow {
    const line = this.log.lineOf(placement.lineId)
    const sound = tape ?? this.log.soundOf(placement)
    const isBackup = placement.fill === null && this.log.isBackup(placement.lineId)
    return {
      lineId: placement.fill === null ? placement.lineId : null, rev: placement.fill === null ? placement.rev : null, itemId: sound?.itemId ?? line?.itemId ?? null, broadcastDate: placement.fill === null ? placement.logId : null, title: sound?.title ?? line?.title ?? '', sha256: sound?.sha256 ?? null,
      ...this.log.timesOf(placement), startSource: placement.startSource, playSource: placement.fill !== null ? 'fill' : line?.line.kind === 'relay' ? 'relay' : isBackup ? 'backup' : 'log', editCode: isBackup && placement.editCode === 'none' ? 'replacedByBackup' : placement.editCode, reason: placement.reason, priority: line?.line.priority ?? 1, onAir: false,
      ratio: tape?.ratio ?? 1, joinedAtSample: placement.from, operator: this.log.operatorOf(placement), placementId: placement.lineId, fill: placement.fill,
    }
  }

  private afterMix(deck: Deck): void {
    const failure = deck.source?.failure ?? null
    if (failure !== null && deck.stopped === null && deck.source !== null) {
      const readable = deck.start + deck.source.readableUntil - deck.offset
      if (readable < deck.end) {
        this.options.trouble('an item failed on air', { lineId: deck.lineId, error: failure.message })
        this.stopDeck(deck, Math.max(this.head, readable), 'decodeError', DECLICK_SAMPLES)
      }
    }
    if (deck.relay?.isOver === true && deck.stopped === null) this.stopDeck(deck, this.head, 'natural', 0)
    if (!deck.isFading && deck.fadeOut.length > 0 && this.head >= deck.end - deck.fadeOut.length) {
      deck.isFading = true
      this.log.ending(deck.lineId, this.wallOf(deck.end), deck.stopped?.reason ?? deck.placement.stopReason)
    }
    if (deck.end > this.head) return
    const { reason, editCode } = deck.stopped ?? { reason: deck.placement.stopReason, editCode: deck.placement.editCode }
    this.lost = reason === 'decodeError' || reason === 'sourceLost'
    this.closeRow(deck, deck.end, reason, editCode)
    if (this.log.happenedTo(deck.lineId)?.end === null) this.log.ended(deck.lineId, this.wallOf(deck.end), reason, editCode)
    this.dirty = true
  }

  /** Ends a deck on the bus's own decision; the log knows at once where. */
  private stopDeck(deck: Deck, end: number, reason: StopReason, fade = CUT_FADE_SAMPLES): void {
    deck.stopped = { reason, editCode: deck.placement.editCode }
    endAt(deck, Math.min(deck.end, end), { length: fade, shape: 'linear' }, this.head)
    this.rack.lay(deck, this.head)
    this.log.ending(deck.lineId, this.wallOf(deck.end), reason)
    this.dirty = true
  }

  /** A layer has come up over the log: its fade is the end of what sounds. */
  private giveWay(): void {
    for (const deck of this.onAir) {
      this.closeRow(deck, this.head, 'preempted', 'preempted')
      this.log.ended(deck.lineId, this.wall, 'preempted', 'preempted')
      deck.stopped = { reason: 'preempted', editCode: 'preempted' }
      deck.end = Math.min(deck.end, this.head + CUT_FADE_SAMPLES)
      this.rack.lay(deck, this.head)
    }
    this.log.taken(this.wall, this.holder.top?.priority ?? 0)
  }

  private closeRow(deck: Deck, at: number, reason: StopReason, editCode = deck.placement.editCode): void {
    // Its turn is over while a backup plays in its place.
    if (deck.covered && reason !== 'preempted' && reason !== 'engineStop') this.rows.silent({ ...this.rowOf(deck.placement, deck.tape), startSource: 'relayReturn', editCode: 'replacedByBackup' }, at, reason, 'replacedByBackup', null)
    deck.covered = false
    if (deck.row === null) return
    // What replaced it stays written.
    this.rows.ended(deck.row, Math.min(at, deck.end), reason, editCode === 'none' ? deck.row.editCode : editCode, { operator: this.log.stopperOf(reason), consumedSamples: breaksPlan.has(reason) ? Math.max(0, Math.min(at, deck.end) - deck.start + deck.offset) : null })
    deck.row = null
  }

  private failBeforeStart(deck: Deck, failure: Error): void {
    this.options.trouble('an item cannot be opened', { lineId: deck.lineId, error: failure.message })
    if (deck.placement.fill === null && this.log.useBackup(deck.lineId)) return this.drop(deck)
    if (!deck.held && deck.start <= this.head) this.lost = true
    const at = deck.held ? this.head : Math.max(deck.start, this.head)
    this.rows.silent({ ...this.rowOf(deck.placement, deck.tape), editCode: 'skippedInvalid' }, at, 'decodeError', 'skippedInvalid', 0)
    this.log.passed(deck.lineId, this.wallOf(at), 'decodeError', 'skippedInvalid', deck.placement.fill)
    this.drop(deck)
  }

  private drop(deck: Deck): void {
    this.rack.drop((other) => other === deck)
    this.dirty = true
  }

  /** UTC ms of a bus sample. */
  instantOf(busSample: number): number {
    return instantOf(this.zeroWall + busSample)
  }
}
