import type { PcmFrame } from '#contract/frames.ts'
import type { TakeFault } from '#contract/recorder.ts'
import type { CaptureSink, Clock, Scope } from '../context.ts'
import { toPcm24 } from './pcm24.ts'
import { RecentSound } from './recent-sound.ts'
import type { CloseReason, ClosedState, TakePart } from './take-part.ts'
import { bytesPerTakeFrame } from './wav-header.ts'

const RATE_HZ = 48_000
/** A stream may run ahead of the wall clock by this much (buffered chunks after a reconnect); a position beyond it is a lie, not a gap. */
const AHEAD_ALLOWED_MS = 60_000
const STALLED_AFTER_MS = 10_000

export interface TakeRunOptions {
  readonly first: TakePart
  readonly clock: Clock
  readonly after: Scope['after']
  /** `window`: frames come over a connection that may break. `station`: the station listens itself, at whatever pace. */
  readonly feeder: 'window' | 'station'
  /** A microphone that stays away this long has its take closed. */
  readonly waitForClientMs: number
  /** Makes the next part; must not wait. */
  readonly next: (before: TakePart, atFrame: number) => TakePart
  /** The part before has its last sample: close it with `keepFrames`. Rejects only when the disk refuses. */
  readonly partDone: (part: TakePart, keepFrames: number) => Promise<void>
  readonly changed: (part: TakePart) => void
  /** The run cannot go on: the disk refuses it or nobody feeds it any more. */
  readonly ended: (reason: CloseReason) => void
}

type Ack = (seq: number, durableFrames: number) => void

/** A running recording: sequence, positions, splitting into parts, faults, acknowledgements. Positions count in the capture session. The owner calls `tick`. */
export class TakeRun implements CaptureSink {
  readonly #options: TakeRunOptions
  readonly #startedMs: number
  readonly #parts: TakePart[]
  readonly #recent: RecentSound
  #splitAt: number[] = []
  /** Parts before the running one whose files are not closed yet. */
  readonly #unfinished = new Set<Promise<void>>()
  #ack: Ack | null = null
  #nextSeq: number | null = null
  #durableSeq: number | null = null
  /** Numbers belong to one sender and say nothing to the next. */
  #feeder = 0
  #heardMs: number
  #awayMs: number | null = null
  #dirty = false
  #syncing = false
  #closing: Promise<number> | null = null
  #lieTold = false
  #waiters: { frame: number; resolve: () => void }[] = []
  #part: TakePart

  constructor(options: TakeRunOptions) {
    this.#options = options
    this.#part = options.first
    this.#parts = [options.first]
    this.#recent = new RecentSound(bytesPerTakeFrame(options.first.take.channels))
    this.#startedMs = options.clock.monotonicMs()
    this.#heardMs = this.#startedMs
  }

  /** The running part. */
  get part(): TakePart {
    return this.#part
  }
  get parts(): readonly TakePart[] {
    return this.#parts
  }
  get position(): number {
    return this.#part.end
  }
  get isClosing(): boolean {
    return this.#closing !== null
  }

  receive(frame: PcmFrame, ack: Ack): void {
    this.#ack = ack
    this.#heardMs = this.#options.clock.monotonicMs()
    if (this.#awayMs !== null) this.#clientIsBack()
    // An empty frame only says "I am here": after a reconnect, and while paused.
    if (frame.frames === 0 || this.#closing !== null) return this.#acknowledge()
    if (frame.channels !== this.#part.take.channels) return this.#lie()
    if (this.#nextSeq !== null && frame.seq < this.#nextSeq) return this.#acknowledge()
    const pcm = toPcm24(frame)
    if (pcm === null || !this.#plausible(frame.firstFrame + frame.frames)) return this.#lie()
    // Not written, hence not acknowledged: who sent it still has it.
    if (this.#part.failed) return this.#options.ended('disk')
    const missing = frame.firstFrame - this.position
    if (missing > 0) this.#hole(missing)
    const known = Math.max(0, -missing)
    if (known < frame.frames) this.#write(pcm.subarray(known * 3 * frame.channels), frame.frames - known)
    this.#nextSeq = frame.seq + 1
    this.#dirty = true
    this.#release()
  }

  /** Another sender goes on, with numbers of its own: only positions tell what is known already. */
  changeFeeder(): void {
    this.#feeder++
    this.#nextSeq = null
    this.#durableSeq = null
    this.#heardMs = this.#options.clock.monotonicMs()
    if (this.#awayMs !== null) this.#clientIsBack()
  }

  /** Keeps positions true over sound that is known to be missing. */
  appendSilence(frames: number): void {
    if (this.#closing !== null) return
    this.#write(null, frames)
    this.#dirty = true
  }

  linkLost(): void {
    if (this.#closing !== null || this.#awayMs !== null || this.#options.feeder === 'station') return
    this.#ack = null
    this.#awayMs = this.#options.clock.monotonicMs()
    this.fault('link-lost', this.position, 0)
  }

  fault(kind: TakeFault['kind'], atFrame: number, frames: number): void {
    this.addFault({ kind, atFrame, frames, at: Math.round(this.#options.clock.now()) })
  }

  /** A fault over a seam stands in both parts. */
  addFault(fault: TakeFault): void {
    const home = this.partAt(fault.atFrame)
    for (const [index, part] of this.#parts.entries()) {
      const from = Math.max(fault.atFrame, part.sessionFrame)
      const to = Math.min(fault.atFrame + fault.frames, this.#parts[index + 1]?.sessionFrame ?? Infinity)
      if (part !== home && from >= to) continue
      part.addFault({ ...fault, atFrame: from - part.sessionFrame, frames: Math.max(0, to - from) })
      this.#dirty = true
      this.#options.changed(part)
    }
  }

  partAt(frame: number): TakePart {
    return this.#parts.findLast((part) => part.sessionFrame <= frame) ?? this.#part
  }

  /** A new part begins at `frame`, which may lie a moment back. */
  split(frame: number): TakePart {
    if (frame >= this.position) {
      this.#splitAt = [...this.#splitAt, frame].sort((a, b) => a - b)
    } else {
      const from = Math.max(frame, this.#recent.from)
      if (from > this.#part.sessionFrame) this.#beginPart(from)
    }
    return this.#part
  }

  setPaused(paused: boolean): void {
    this.#part.take.state = paused ? 'paused' : 'recording'
    this.#heardMs = this.#options.clock.monotonicMs()
    this.touch()
  }

  touch(): void {
    this.#part.touch()
    this.#dirty = true
  }

  /** Makes durable and acknowledges what has come; notices a missing microphone. */
  async tick(): Promise<void> {
    if (this.#closing !== null) return
    const { clock } = this.#options
    if (this.#part.late) this.fault('writer-late', this.#part.sessionFrame + this.#part.take.durableFrames, 0)
    if (this.#syncing) return
    if (this.#dirty && !(await this.#makeDurable())) return this.#options.ended('disk')
    if (this.#options.feeder === 'station') return
    const now = clock.monotonicMs()
    if (this.#awayMs === null && this.#part.take.state === 'recording' && now - this.#heardMs > STALLED_AFTER_MS) this.linkLost()
    if (this.#awayMs !== null && now - this.#awayMs > this.#options.waitForClientMs) this.#options.ended('link-lost')
  }

  async #makeDurable(): Promise<boolean> {
    this.#dirty = false
    this.#syncing = true
    const seq = this.#nextSeq
    const feeder = this.#feeder
    const part = this.#part
    try {
      await Promise.all([...this.#unfinished, part.sync()])
      if (seq !== null && feeder === this.#feeder) this.#durableSeq = seq - 1
      this.#acknowledge()
    } catch {
      return this.#closing !== null
    } finally {
      this.#syncing = false
    }
    this.#options.changed(part)
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

  /** Closes the files with what they hold. Called again it gives the same end (frames of the last part). Never rejects. */
  close(state: ClosedState, reason: CloseReason): Promise<number> {
    this.#closing ??= this.#finish(state, reason)
    return this.#closing
  }

  async #finish(state: ClosedState, reason: CloseReason): Promise<number> {
    const given = this.#part.frames
    const frames = await this.#part.close(state, reason)
    await Promise.allSettled(this.#unfinished)
    // What the disk did not take stays with whoever sent it.
    if (this.#nextSeq !== null && frames >= given) this.#durableSeq = this.#nextSeq - 1
    this.#acknowledge()
    return frames
  }

  #hole(frames: number): void {
    const at = this.position
    if (this.#part.frames === 0 && this.#part.take.joint === 'exact') this.#part.take.joint = 'hole'
    this.#write(null, frames)
    this.fault('gap', at, frames)
  }

  /** `pcm` null = silence. */
  #write(pcm: Uint8Array | null, frames: number): void {
    const frameBytes = bytesPerTakeFrame(this.#part.take.channels)
    for (let done = 0; done < frames;) {
      const at = this.position
      const room = this.#boundary() - at
      if (room <= 0) {
        this.#beginPart(at)
        continue
      }
      const count = Math.min(frames - done, room)
      const bytes = pcm?.subarray(done * frameBytes, (done + count) * frameBytes) ?? null
      if (bytes === null) this.#part.appendSilence(count)
      else this.#part.append(bytes)
      this.#recent.push(at, count, bytes)
      done += count
    }
  }

  /** Session position at which the next part begins. */
  #boundary(): number {
    const { take, sessionFrame } = this.#part
    const byTime = take.split.everyMinutes === null ? Infinity : sessionFrame + take.split.everyMinutes * 60 * RATE_HZ
    this.#splitAt = this.#splitAt.filter((frame) => frame > sessionFrame)
    return Math.min(byTime, this.#splitAt[0] ?? Infinity)
  }

  #beginPart(at: number): void {
    const before = this.#part
    const tail = at < before.end
    const part = this.#options.next(before, at)
    const kept = at - before.sessionFrame
    part.take.marks.push(...before.take.marks.filter((mark) => mark.atFrame >= kept).map((mark) => ({ ...mark, atFrame: mark.atFrame - kept })))
    before.take.marks = before.take.marks.filter((mark) => mark.atFrame < kept)
    for (const one of this.#recent.since(at)) {
      if (one.pcm === null) part.appendSilence(one.frames)
      else part.append(one.pcm)
    }
    this.#part = part
    this.#parts.push(part)
    this.#dirty = true
    this.#options.changed(part)
    // What moves to the next file is durable there before it leaves this one.
    const done = (tail ? part.sync() : Promise.resolve()).then(() => this.#options.partDone(before, kept))
    this.#unfinished.add(done)
    done.then(() => this.#unfinished.delete(done), () => this.#options.ended('disk'))
  }

  #acknowledge(): void {
    if (this.#durableSeq !== null) this.#ack?.(this.#durableSeq, this.#part.sessionFrame + this.#part.take.durableFrames)
  }

  #clientIsBack(): void {
    this.#awayMs = null
    this.#options.changed(this.#part)
  }

  #plausible(endFrame: number): boolean {
    if (this.#options.feeder === 'station') return true
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
