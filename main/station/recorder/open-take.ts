import type { PcmFrame } from '#contract/frames.ts'
import type { RecordedTake, TakeFault } from '#contract/recorder.ts'
import type { CaptureSink, Clock, Scope } from '../context.ts'
import { addFault } from './faults.ts'
import { toPcm24 } from './pcm24.ts'
import { writeSidecar, type TakeSidecar } from './sidecar.ts'
import type { WavJournal } from './wav-journal.ts'

const RATE_HZ = 48_000
/** A stream may run ahead of the wall clock by this much (buffered chunks after a reconnect); a position beyond it is a lie, not a gap. */
const AHEAD_ALLOWED_MS = 60_000
const STALLED_AFTER_MS = 10_000
const LATE_AFTER_MS = 500

export type CloseReason = 'finished' | 'link-lost' | 'disk' | 'station-stopped'

export interface OpenTakeOptions {
  readonly sidecar: TakeSidecar
  readonly sidecarPath: string
  readonly journal: WavJournal
  readonly clock: Clock
  readonly after: Scope['after']
  /** A microphone that stays away this long has its take closed. */
  readonly waitForClientMs: number
  readonly changed: () => void
  /** The take cannot go on: the disk refuses it or nobody feeds it any more. */
  readonly ended: (reason: CloseReason) => void
}

type Ack = (seq: number, durableFrames: number) => void

/** One take being recorded: sequence, position, faults, acknowledgements. The owner calls `tick` each second. */
export class OpenTake implements CaptureSink {
  readonly sidecar: TakeSidecar
  readonly #options: OpenTakeOptions
  readonly #startedMs: number
  #ack: Ack | null = null
  #nextSeq: number | null = null
  #durableSeq: number | null = null
  #heardMs: number
  #awayMs: number | null = null
  #dirty = false
  #syncing = false
  #closing: Promise<number> | null = null
  #lieTold = false
  #waiters: { frame: number; resolve: () => void }[] = []

  constructor(options: OpenTakeOptions) {
    this.#options = options
    this.sidecar = options.sidecar
    this.#startedMs = options.clock.monotonicMs()
    this.#heardMs = this.#startedMs
  }

  get take(): TakeSidecar['take'] {
    return this.sidecar.take
  }

  get position(): number {
    return this.#options.journal.frames
  }

  receive(frame: PcmFrame, ack: Ack): void {
    this.#ack = ack
    this.#heardMs = this.#options.clock.monotonicMs()
    if (this.#awayMs !== null) this.#clientIsBack()
    // An empty frame only says "I am here": after a reconnect, and while paused.
    if (frame.frames === 0 || this.#closing !== null) return this.#acknowledge()
    if (frame.channels !== this.take.channels) return this.#lie()
    if (this.#nextSeq !== null && frame.seq < this.#nextSeq) return this.#acknowledge()
    const pcm = toPcm24(frame)
    if (pcm === null) return this.#lie()
    const position = this.position
    if (!this.#plausible(frame.firstFrame + frame.frames)) return this.#lie()
    if (frame.firstFrame > position) {
      const missing = frame.firstFrame - position
      this.#options.journal.appendSilence(missing)
      this.fault('gap', position, missing)
    }
    const known = Math.max(0, position - frame.firstFrame)
    if (known < frame.frames) this.#options.journal.append(pcm.subarray(known * 3 * frame.channels))
    this.#nextSeq = frame.seq + 1
    this.#dirty = true
    this.#release()
  }

  linkLost(): void {
    if (this.#closing !== null || this.#awayMs !== null) return
    this.#ack = null
    this.#awayMs = this.#options.clock.monotonicMs()
    this.fault('link-lost', this.position, 0)
  }

  fault(kind: TakeFault['kind'], atFrame: number, frames: number): void {
    this.addFault({ kind, atFrame, frames, at: Math.round(this.#options.clock.now()) })
  }

  addFault(fault: TakeFault): void {
    addFault(this.take.faults, fault)
    this.touch()
  }

  /** Particulars changed: written with the next tick. */
  touch(): void {
    this.#dirty = true
    this.#options.changed()
  }

  setPaused(paused: boolean): void {
    this.take.state = paused ? 'paused' : 'recording'
    this.#heardMs = this.#options.clock.monotonicMs()
    this.#dirty = true
  }

  /** Once a second: what has come is made durable and acknowledged, the sidecar follows, a missing microphone is noticed. */
  async tick(): Promise<void> {
    if (this.#closing !== null) return
    const { journal, clock } = this.#options
    if (journal.lagMs > LATE_AFTER_MS) this.fault('writer-late', journal.durableFrames, 0)
    if (this.#syncing) return
    if (this.#dirty && !(await this.#makeDurable())) return this.#options.ended('disk')
    const now = clock.monotonicMs()
    if (this.#awayMs === null && this.take.state === 'recording' && now - this.#heardMs > STALLED_AFTER_MS) this.linkLost()
    if (this.#awayMs !== null && now - this.#awayMs > this.#options.waitForClientMs) this.#options.ended('link-lost')
  }

  async #makeDurable(): Promise<boolean> {
    const { journal, clock } = this.#options
    this.#dirty = false
    this.#syncing = true
    const seq = this.#nextSeq
    const began = clock.monotonicMs()
    try {
      this.take.durableFrames = await journal.sync()
      if (clock.monotonicMs() - began > LATE_AFTER_MS) this.fault('writer-late', this.take.durableFrames, 0)
      if (seq !== null) this.#durableSeq = seq - 1
      this.#acknowledge()
      await writeSidecar(this.#options.sidecarPath, this.sidecar)
    } catch {
      return this.#closing !== null
    } finally {
      this.#syncing = false
    }
    this.#options.changed()
    return true
  }

  /** Resolves true when the sound up to `frame` has arrived, false when it has not within the time. */
  reached(frame: number, timeoutMs: number): Promise<boolean> {
    if (this.position >= frame) return Promise.resolve(true)
    return new Promise((resolve) => {
      const stop = this.#options.after(timeoutMs, () => resolve(false))
      this.#waiters.push({ frame, resolve: () => { stop(); resolve(true) } })
    })
  }

  /** Closes the file with what it holds; the sidecar says it is whole. Called again it gives the same end. Never rejects. */
  close(state: 'saved' | 'recovered' | 'discarded', reason: CloseReason): Promise<number> {
    this.#closing ??= this.#finish(state, reason)
    return this.#closing
  }

  async #finish(state: 'saved' | 'recovered' | 'discarded', reason: CloseReason): Promise<number> {
    const asked = this.position
    const end = await this.#options.journal.close()
    const { take } = this.sidecar
    take.durableFrames = end.frames
    if (end.frames < asked) addFault(take.faults, { kind: 'gap', atFrame: end.frames, frames: asked - end.frames, at: Math.round(this.#options.clock.now()) })
    take.state = end.failure === null ? state : 'recovered'
    take.endedAt = Math.round(this.#options.clock.now())
    this.sidecar.reason = reason === 'finished' ? null : reason
    if (this.#nextSeq !== null) this.#durableSeq = this.#nextSeq - 1
    this.#acknowledge()
    // On a full disk the old sidecar stays: the next start then repairs and imports the take.
    await writeSidecar(this.#options.sidecarPath, this.sidecar).catch(() => undefined)
    return end.frames
  }

  #acknowledge(): void {
    if (this.#durableSeq !== null) this.#ack?.(this.#durableSeq, this.take.durableFrames)
  }

  #clientIsBack(): void {
    this.#awayMs = null
    this.#options.changed()
  }

  #plausible(endFrame: number): boolean {
    const elapsedMs = this.#options.clock.monotonicMs() - this.#startedMs
    return endFrame <= this.position + ((elapsedMs + AHEAD_ALLOWED_MS) * RATE_HZ) / 1000 && Number.isSafeInteger(endFrame)
  }

  /** A frame that cannot belong to this take is not written; the first one is told. */
  #lie(): void {
    if (this.#lieTold) return
    this.#lieTold = true
    this.fault('gap', this.position, 0)
  }

  #release(): void {
    const position = this.position
    this.#waiters = this.#waiters.filter((waiter) => {
      if (waiter.frame > position) return true
      waiter.resolve()
      return false
    })
  }
}

/** The take as the contract shows it. */
export function viewOf(sidecar: TakeSidecar, handle: number, freeBytes: number | null): RecordedTake {
  return { ...sidecar.take, faults: sidecar.take.faults.map((fault) => ({ ...fault })), marks: [...sidecar.take.marks], handle, freeBytes, peakDbfs: null }
}
