import { CUT_FADE_SAMPLES, DECLICK_SAMPLES, MixTimeline } from '#common/mix/index.ts'
import type { StopReason } from '#contract/log.ts'
import type { z } from 'zod'
import type { PlannedPlay } from '../faces.ts'
import { LiveSession } from './live-session.ts'
import type { EndedRow, EngineState, StartedRow } from './messages.ts'
import { BLOCK_FRAMES, BUS_CHANNELS } from './messages.ts'
import type { OpenPcmSource } from './pcm-source.ts'
import { Rundown } from './rundown.ts'
import type { Slot } from './slot.ts'
import { endAt, endOf, onsetOf, segmentOf } from './slot.ts'

/** 20 s: items are opened this long before their start, so that they are armed at least 10 s ahead. */
const OPEN_AHEAD_FRAMES = 960_000

export interface EngineOptions {
  readonly zeroWall: number
  readonly doneLineIds: readonly string[]
  readonly openSource: OpenPcmSource
  readonly newId: () => string
  readonly trouble: (message: string, detail: Record<string, unknown>) => void
}

/** `onsetUs`: station time at which the first sample of the row should sound, for the error at the tap; null when there is no planned time. */
export interface Onset {
  readonly row: StartedRow
  readonly onsetUs: number | null
}

/**
 * The programme bus. Promises: one main source at a time; a hard start at its sample and never before; no gap between followers; the log runs
 * on silently under a live session and comes back where the clock says. Relies on `render` being called when a block is due. A file that
 * fails is skipped with a row that says so, and what follows takes its place.
 */
export class AirEngine {
  position = 0
  underruns = 0
  readonly rundown: Rundown
  private readonly options: EngineOptions
  private readonly timeline = new MixTimeline({ channels: BUS_CHANNELS, blockFrames: BLOCK_FRAMES })
  private readonly byHandle = new Map<number, Slot>()
  private session: LiveSession | null = null
  private onsets: Onset[] = []
  private endings: EndedRow[] = []

  constructor(options: EngineOptions) {
    this.options = options
    this.rundown = new Rundown(options.zeroWall, options.doneLineIds)
  }

  setPlan(plays: readonly PlannedPlay[]): void {
    this.settle(this.rundown.lay(plays, this.position))
  }

  /** Moves the clock under the bus: what is on air goes on, hard starts go to their new samples. */
  setZero(zeroWall: number): void {
    this.rundown.zeroWall = zeroWall
    this.settle(this.rundown.relay(this.position))
  }

  /** Gives false when that line is not on air. */
  skip(lineId: string): boolean {
    const slot = this.rundown.slots.find((other) => other.lineId === lineId && other.state === 'playing' && other.stop === null)
    if (slot === undefined || this.session?.audible === true) return false
    this.stopSlot(slot, 'operatorSkip')
    return true
  }

  openLive(sid: string, channels: 1 | 2, title: string): void {
    this.session ??= new LiveSession(sid, channels, title)
  }
  writeLive(sid: string, pcm: Float32Array, firstFrame: number): void {
    if (this.session?.sid === sid) this.session.input.write(pcm, firstFrame)
  }
  endLive(sid: string): void {
    if (this.session?.sid === sid) this.session.input.end()
  }

  /** Size of the next block: never past a start or an end, so that each falls on the first sample of a block. */
  nextFrames(): number {
    let frames = BLOCK_FRAMES
    for (const slot of this.rundown.slots) {
      const start = onsetOf(slot) - this.position
      if (start > 0 && start < frames) frames = start
      const end = endOf(slot) - this.position
      if (end > 0 && end < frames) frames = end
      if (start >= BLOCK_FRAMES) break
    }
    return frames
  }

  /** Fills the next `frames` (at most BLOCK_FRAMES, from `nextFrames`) of the bus. Gives the sid of a live session that is over. */
  render(frames: number, out: readonly [Float32Array, Float32Array]): string | null {
    this.arm()
    for (const slot of this.rundown.slots) if (slot.state === 'armed' && onsetOf(slot) <= this.position) this.begin(slot)
    this.timeline.render(this.position, frames, out, this.read)
    const over = this.renderLive(frames, out)
    this.position += frames
    for (const slot of this.rundown.slots) this.afterBlock(slot)
    return over
  }

  /** Skips time that can no longer be played (the machine slept): what was on air is closed and joined again where the clock says. */
  jump(position: number): void {
    for (const slot of this.rundown.slots) {
      if (slot.state !== 'playing') continue
      this.closeRow(slot, 'engineStop', null)
      this.release(slot)
    }
    this.position = position
    for (const slot of this.rundown.slots) if (slot.state !== 'waiting' && onsetOf(slot) < position) this.release(slot)
    for (const slot of this.rundown.slots.filter((other) => endOf(other) <= position)) this.rundown.remove(slot, endOf(slot))
  }

  /** Rows that began and ended since the last call. */
  takeOnsets(): Onset[] {
    const taken = this.onsets
    if (taken.length > 0) this.onsets = []
    return taken
  }
  takeEndings(): EndedRow[] {
    const taken = this.endings
    if (taken.length > 0) this.endings = []
    return taken
  }

  /** Closes every open row; the bus is not rendered again. */
  stop(): void {
    for (const slot of this.rundown.slots) this.closeRow(slot, 'engineStop', null)
    if (this.session !== null) this.endSession(this.session)
    for (const slot of this.rundown.slots) slot.source?.close()
  }

  state(): EngineState {
    const playing = this.rundown.slots.find((slot) => slot.state === 'playing')
    const next = this.rundown.slots.find((slot) => slot.state !== 'playing')
    const live = this.session?.audible === true ? this.session : null
    const now = live?.row !== undefined && live.row !== null
      ? { rowId: live.row.id, lineId: null, title: live.title, startedAt: this.ms(live.rowFrom), endsAt: null, playedSamples: this.position - live.rowFrom, source: 'live' as const }
      : playing === undefined || playing.row === null ? null
        : { rowId: playing.row.id, lineId: playing.lineId, title: playing.play.title, startedAt: this.ms(playing.start), endsAt: this.ms(endOf(playing)), playedSamples: Math.max(0, this.position - playing.rowFrom), source: 'log' as const }
    return {
      zeroAtUs: Math.round(this.rundown.instantOf(0) * 1000), position: this.position, playing: now,
      next: next === undefined ? null : { lineId: next.lineId, title: next.play.title, at: this.ms(onsetOf(next)), armed: next.state === 'armed' },
      armedLineIds: this.rundown.slots.filter((slot) => slot.state === 'armed').map((slot) => slot.lineId), liveSid: this.session?.sid ?? null, underruns: this.underruns,
    }
  }

  private ms(busSample: number): number {
    return Math.round(this.rundown.instantOf(busSample))
  }

  private readonly read = (handle: number, offset: number, frames: number, into: Float32Array[]): void => {
    const slot = this.byHandle.get(handle)
    if (slot?.source === undefined || slot.source === null) {
      for (const channel of into) channel.fill(0, 0, frames)
      return
    }
    const missing = slot.source.read(offset, frames, into)
    if (missing === 0 || slot.source.failure !== null) return
    slot.missing.frames += missing
    this.underruns++
  }

  private settle(change: { orphan: Slot | null; dropped: Slot[]; reopen: Slot[] }): void {
    for (const slot of [...change.dropped, ...change.reopen]) this.release(slot)
    if (change.orphan !== null) this.stopSlot(change.orphan, 'withdrawn')
    for (const slot of this.rundown.slots) this.refresh(slot)
  }

  private refresh(slot: Slot): void {
    if (slot.state === 'armed' || slot.state === 'playing') this.timeline.add(segmentOf(slot))
  }

  private stopSlot(slot: Slot, reason: z.infer<typeof StopReason>): void {
    const end = Math.min(endOf(slot), this.position + CUT_FADE_SAMPLES)
    slot.stop = reason
    endAt(slot, end, this.position)
    this.refresh(slot)
    this.pull(slot, end)
  }

  private pull(slot: Slot, end: number): void {
    const { moved, dropped } = this.rundown.pull(slot, end, this.position)
    for (const other of dropped) this.release(other)
    for (const other of moved) this.refresh(other)
  }

  /** Opens what is near and the one that comes next, however far; arms what has read enough. */
  private arm(): void {
    let nextSeen = false
    for (const slot of this.rundown.slots) {
      if (slot.state === 'playing') continue
      if (nextSeen && slot.start - this.position > OPEN_AHEAD_FRAMES) break
      nextSeen = true
      if (slot.state === 'waiting') this.open(slot)
      if (slot.state !== 'opening' || slot.source === null) continue
      if (slot.source.failure !== null) {
        this.failBeforeStart(slot, slot.source.failure)
        break
      }
      if (slot.source.ready) this.place(slot)
    }
  }

  private open(slot: Slot): void {
    const from = slot.whenReady ? 0 : Math.min(Math.max(0, this.position - slot.start), slot.play.pcm.length)
    slot.openedFrom = from
    slot.source = this.options.openSource(slot.play.pcm, from)
    slot.state = 'opening'
    this.byHandle.set(slot.handle, slot)
  }

  private place(slot: Slot): void {
    const late = this.position - slot.start
    if (late > 0 && slot.whenReady) {
      slot.start = this.position
      endAt(slot, Math.min(slot.start + slot.play.pcm.length, this.nextHardAfter(slot)), this.position)
      this.pull(slot, endOf(slot))
    } else if (late > 0) slot.joinFrom = late
    slot.whenReady = false
    if (slot.length <= slot.joinFrom) {
      this.release(slot)
      this.rundown.remove(slot, endOf(slot))
      return
    }
    slot.state = 'armed'
    this.refresh(slot)
  }

  private nextHardAfter(slot: Slot): number {
    return this.rundown.slots.find((other) => other !== slot && other.chainStart && other.start > slot.start)?.start ?? Number.POSITIVE_INFINITY
  }

  private begin(slot: Slot): void {
    slot.state = 'playing'
    if (this.session?.audible !== true) this.openRow(slot)
  }

  private openRow(slot: Slot): void {
    const joinedAtSample = Math.max(0, this.position - slot.start)
    const { play } = slot
    const onsetUs = slot.shifted ? null : Math.round(play.startAt * 1000 + joinedAtSample / 0.048)
    slot.row = {
      id: this.options.newId(), lineId: slot.lineId, itemId: play.itemId, broadcastDate: play.broadcastDate, title: play.title, sha256: play.sha256, plannedAt: Math.round(play.startAt),
      actualAt: this.ms(this.position), startErrorUs: null, startSource: joinedAtSample > 0 ? 'catchUp' : slot.chainStart ? 'time' : 'play', joinedAtSample,
    }
    slot.rowFrom = this.position
    this.onsets.push({ row: slot.row, onsetUs })
  }

  private closeRow(slot: Slot, stopReason: z.infer<typeof StopReason>, consumedSamples: number | null): void {
    if (slot.row === null) return
    this.endings.push({ id: slot.row.id, endedAt: this.ms(Math.min(this.position, endOf(slot))), playedSamples: Math.max(0, Math.min(this.position, endOf(slot)) - slot.rowFrom), stopReason, consumedSamples })
    slot.row = null
  }

  private afterBlock(slot: Slot): void {
    if (slot.state !== 'playing') return
    const failure = slot.source?.failure ?? null
    if (failure !== null && slot.stop === null && slot.source !== null && slot.start + slot.source.readableUntil < endOf(slot)) this.failOnAir(slot, failure, slot.start + slot.source.readableUntil)
    if (endOf(slot) > this.position) return
    const byHand = slot.stop !== null
    const reason = slot.stop ?? (slot.length < slot.play.pcm.length ? 'cutByHardStart' : 'natural')
    // A line whose whole turn lay under a live session is reported too.
    if (slot.row === null && this.session?.audible === true && this.session.from <= onsetOf(slot)) this.reportSilent(slot, 'preempted')
    this.closeRow(slot, reason, byHand ? slot.length : null)
    this.rundown.remove(slot, endOf(slot))
    this.release(slot)
  }

  private failOnAir(slot: Slot, failure: Error, readable: number): void {
    this.options.trouble('an item failed on air', { lineId: slot.lineId, error: failure.message })
    const end = Math.max(this.position, readable)
    slot.stop = 'decodeError'
    endAt(slot, end, this.position, DECLICK_SAMPLES)
    this.refresh(slot)
    this.pull(slot, end)
  }

  private failBeforeStart(slot: Slot, failure: Error): void {
    this.options.trouble('an item cannot be opened', { lineId: slot.lineId, error: failure.message })
    const handOver = Math.max(slot.start, this.position)
    this.pull(slot, handOver)
    slot.length = Math.max(0, handOver - slot.start)
    this.reportSilent(slot, 'decodeError')
    this.rundown.remove(slot, handOver)
    this.release(slot)
  }

  /** A row of a line that had its turn without a sample. */
  private reportSilent(slot: Slot, stopReason: 'decodeError' | 'preempted'): void {
    const { play } = slot
    const at = stopReason === 'preempted' ? this.ms(onsetOf(slot)) : this.ms(this.position)
    const id = this.options.newId()
    this.onsets.push({ onsetUs: null, row: { id, lineId: slot.lineId, itemId: play.itemId, broadcastDate: play.broadcastDate, title: play.title, sha256: play.sha256, plannedAt: Math.round(play.startAt), actualAt: at, startErrorUs: null, startSource: slot.chainStart ? 'time' : 'play', joinedAtSample: 0 } })
    this.endings.push({ id, endedAt: at, playedSamples: 0, stopReason, consumedSamples: stopReason === 'decodeError' ? slot.length : null })
  }

  private release(slot: Slot): void {
    slot.source?.close()
    slot.source = null
    slot.state = 'waiting'
    slot.joinFrom = 0
    this.byHandle.delete(slot.handle)
    this.timeline.remove(slot.lineId)
  }

  private renderLive(frames: number, out: readonly [Float32Array, Float32Array]): string | null {
    const session = this.session
    if (session === null) return null
    const before = session.audible
    session.mix(frames, out, this.position)
    if (!before && session.audible) {
      for (const slot of this.rundown.slots) if (slot.state === 'playing') this.closeRow(slot, 'preempted', null)
      session.row = { id: this.options.newId(), lineId: null, itemId: null, broadcastDate: null, title: session.title, sha256: null, plannedAt: null, actualAt: this.ms(this.position), startErrorUs: null, startSource: 'manual', joinedAtSample: 0 }
      this.onsets.push({ row: session.row, onsetUs: null })
    }
    if (before && !session.audible) {
      this.endSession(session)
      for (const slot of this.rundown.slots) if (slot.state === 'playing' && endOf(slot) > this.position) this.openRow(slot)
    }
    if (!session.over) return null
    this.session = null
    return session.sid
  }

  private endSession(session: LiveSession): void {
    if (session.row === null) return
    this.endings.push({ id: session.row.id, endedAt: this.ms(this.position), playedSamples: this.position - session.rowFrom, stopReason: 'natural', consumedSamples: null })
    session.row = null
  }
}
