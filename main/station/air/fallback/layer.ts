import { CUT_FADE_SAMPLES } from '#common/mix/index.ts'
import { SilenceWatch } from '#common/fallback/index.ts'
import type { BusLayer } from '../bus/layer.ts'
import { BLOCK_FRAMES } from '../messages.ts'
import type { FallbackRow, FallbackSound } from './sounds.ts'

/** Of the slot it helps out: below live voices and all that outranks the log. */
const PRIORITY = 3

const nobody: FallbackRow = { title: '', startSource: 'fallback', playSource: 'backup', itemId: null, sha256: null, editCode: 'none' }

/**
 * The backup over the log of one bus: comes up and goes with a cross-fade of 150 ms, plays one sound after the other without a gap, and listens
 * to the log under it all the while. The log goes on below; nothing here decides.
 */
export class FallbackLayer implements BusLayer {
  readonly priority = PRIORITY
  readonly over = false
  /** The log under it, heard or not. */
  readonly below: SilenceWatch
  private current: FallbackSound | null = null
  private next: FallbackSound | null = null
  private share = 0
  private isUp = false
  private readonly left = new Float32Array(BLOCK_FRAMES)
  private readonly right = new Float32Array(BLOCK_FRAMES)

  constructor(silenceDbfs: number) {
    this.below = new SilenceWatch(silenceDbfs)
  }

  get audible(): boolean {
    return this.isUp && this.current !== null
  }
  /** What is written of it; another object with each sound. */
  get row(): FallbackRow {
    return this.current?.row ?? nobody
  }
  get sound(): FallbackSound | null {
    return this.current
  }
  get hasNext(): boolean {
    return this.next !== null
  }

  /** Comes up with a sound that is ready, or goes over to it at once. */
  play(sound: FallbackSound): void {
    this.current?.close()
    this.next?.close()
    this.next = null
    this.current = sound
    this.isUp = true
  }
  /** What follows the sound that plays. */
  follow(sound: FallbackSound): void {
    this.next?.close()
    this.next = sound
  }
  leave(): void {
    this.isUp = false
    this.next?.close()
    this.next = null
  }

  mix(frames: number, out: readonly Float64Array[], at: number): void {
    const [l, r] = out
    if (l === undefined || r === undefined) return
    for (let done = 0; done < frames; done += BLOCK_FRAMES) this.piece(Math.min(BLOCK_FRAMES, frames - done), l, r, at + done)
  }

  private piece(frames: number, l: Float64Array, r: Float64Array, at: number): void {
    let peak = 0
    for (let i = at; i < at + frames; i++) peak = Math.max(peak, Math.abs(l[i] ?? 0), Math.abs(r[i] ?? 0))
    this.below.feed(frames, peak)
    if (this.current === null) return
    this.read(frames)
    const step = (this.isUp ? 1 : -1) / CUT_FADE_SAMPLES
    for (let i = 0; i < frames; i++) {
      this.share = Math.min(1, Math.max(0, this.share + step))
      l[at + i] = (l[at + i] ?? 0) * (1 - this.share) + (this.left[i] ?? 0) * this.share
      r[at + i] = (r[at + i] ?? 0) * (1 - this.share) + (this.right[i] ?? 0) * this.share
    }
    if (this.isUp || this.share > 0) return
    this.current.close()
    this.current = null
  }

  private read(frames: number): void {
    let done = this.current?.read(frames, this.left, this.right) ?? 0
    if (done >= frames || this.next === null || this.current?.over !== true) return
    this.current.close()
    this.current = this.next
    this.next = null
    done += this.current.read(frames - done, this.left.subarray(done, frames), this.right.subarray(done, frames))
  }
}
