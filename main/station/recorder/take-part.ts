import type { RecordedTake, TakeCut, TakeFault } from '#contract/recorder.ts'
import type { Clock } from '../context.ts'
import { addFault } from './faults.ts'
import { writeSidecar, type TakeSidecar } from './sidecar.ts'
import type { WavJournal } from './wav-journal.ts'

const SIDECAR_EVERY_MS = 1_000
const LATE_AFTER_MS = 500

export type CloseReason = 'finished' | TakeCut
export type ClosedState = 'saved' | 'recovered' | 'discarded'

/** One file of a recording run with its particulars. Frames count in the file. */
export class TakePart {
  readonly sidecar: TakeSidecar
  readonly #sidecarPath: string
  readonly #journal: WavJournal
  readonly #clock: Clock
  #writtenMs = -Infinity
  #touched = true
  #closing: Promise<number> | null = null
  /** Peaks of the last second, where the station listens itself. */
  peakDbfs: readonly number[] | null = null

  constructor(options: { sidecar: TakeSidecar; sidecarPath: string; journal: WavJournal; clock: Clock }) {
    this.sidecar = options.sidecar
    this.#sidecarPath = options.sidecarPath
    this.#journal = options.journal
    this.#clock = options.clock
  }

  get take(): TakeSidecar['take'] {
    return this.sidecar.take
  }
  /** Handed over so far. */
  get frames(): number {
    return this.#journal.frames
  }
  get sessionFrame(): number {
    return this.take.sessionFrame
  }
  /** Position in the capture session after the last frame. */
  get end(): number {
    return this.sessionFrame + this.frames
  }
  get closed(): boolean {
    return this.#closing !== null
  }
  /** The disk has refused it: nothing more is taken. */
  get failed(): boolean {
    return this.#journal.failure !== null
  }
  get late(): boolean {
    return this.#journal.lagMs > LATE_AFTER_MS
  }

  append(pcm24: Uint8Array): void {
    this.#journal.append(pcm24)
  }
  appendSilence(frames: number): void {
    this.#journal.appendSilence(frames)
  }

  fault(kind: TakeFault['kind'], atFrame: number, frames: number): void {
    addFault(this.take.faults, { kind, atFrame, frames, at: Math.round(this.#clock.now()) })
    this.touch()
  }
  addFault(fault: TakeFault): void {
    addFault(this.take.faults, fault)
    this.touch()
  }
  /** Particulars changed: written with the next sync. */
  touch(): void {
    this.#touched = true
  }

  /** Everything handed over becomes durable. @throws what the disk says */
  async sync(): Promise<void> {
    const began = this.#clock.monotonicMs()
    this.take.durableFrames = await this.#journal.sync()
    const now = this.#clock.monotonicMs()
    if (now - began > LATE_AFTER_MS) this.fault('writer-late', this.take.durableFrames, 0)
    if (this.#closing !== null || (!this.#touched && now - this.#writtenMs < SIDECAR_EVERY_MS)) return
    this.#touched = false
    this.#writtenMs = now
    await writeSidecar(this.#sidecarPath, this.sidecar)
  }

  /** The file with true sizes and at most `keepFrames`; the sidecar says it is whole. Called again it gives the same end. Never rejects. */
  close(state: ClosedState, reason: CloseReason, keepFrames = this.frames): Promise<number> {
    this.#closing ??= this.#finish(state, reason, keepFrames)
    return this.#closing
  }

  async #finish(state: ClosedState, reason: CloseReason, keepFrames: number): Promise<number> {
    const asked = Math.min(this.frames, keepFrames)
    const end = await this.#journal.close(keepFrames)
    const { take } = this.sidecar
    take.durableFrames = end.frames
    if (end.frames < asked) addFault(take.faults, { kind: 'gap', atFrame: end.frames, frames: asked - end.frames, at: Math.round(this.#clock.now()) })
    take.state = end.failure === null ? state : 'recovered'
    take.endedAt = Math.round(this.#clock.now())
    take.inputLost = false
    this.peakDbfs = null
    this.sidecar.reason = reason === 'finished' ? null : reason
    // On a full disk the old sidecar stays: the next start then repairs and imports the take.
    await writeSidecar(this.#sidecarPath, this.sidecar).catch(() => undefined)
    return end.frames
  }
}

/** The part as the contract shows it. */
export function viewOf(sidecar: TakeSidecar, live: { handle: number; freeBytes: number | null; peakDbfs: readonly number[] | null }): RecordedTake {
  const { take } = sidecar
  return {
    ...take, faults: take.faults.map((fault) => ({ ...fault })), marks: [...take.marks], inputs: [...take.inputs],
    cutBy: sidecar.reason, handle: live.handle, freeBytes: live.freeBytes, peakDbfs: live.peakDbfs === null ? null : [...live.peakDbfs],
  }
}
