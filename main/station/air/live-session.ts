import { CUT_FADE_SAMPLES } from '#common/mix/index.ts'
import { BLOCK_FRAMES } from './messages.ts'
import type { StartedRow } from './messages.ts'
import { LiveInput } from './live-input.ts'

/** A live source over the log: a linear cross-fade of 150 ms in, and the same back to whatever the log has come to by then. */
export class LiveSession {
  readonly sid: string
  readonly title: string
  readonly input: LiveInput
  /** Bus sample where it took the bus. */
  from = 0
  rowFrom = 0
  row: StartedRow | null = null
  private share = 0
  private state: 'waiting' | 'on' | 'leaving' | 'over' = 'waiting'
  private readonly left = new Float32Array(BLOCK_FRAMES)
  private readonly right = new Float32Array(BLOCK_FRAMES)

  constructor(sid: string, channels: 1 | 2, title: string) {
    this.sid = sid
    this.title = title
    this.input = new LiveInput(channels)
  }

  /** The bus belongs to it: from the first sample of the fade-in to the first of the fade-out. */
  get audible(): boolean {
    return this.state === 'on'
  }
  get over(): boolean {
    return this.state === 'over'
  }

  /** @param out the log's block, mixed in place */
  mix(frames: number, out: readonly [Float32Array, Float32Array], position: number): void {
    if (this.state === 'waiting') {
      if (this.input.isOver) this.state = 'over'
      else if (this.input.mayStart) {
        this.state = 'on'
        this.from = position
        this.rowFrom = position
      } else this.input.idle(frames)
    } else if (this.state === 'on' && this.input.isOver) this.state = 'leaving'
    if (this.state !== 'on' && this.state !== 'leaving') return
    this.input.read(frames, this.left, this.right)
    const step = (this.state === 'on' ? 1 : -1) / CUT_FADE_SAMPLES
    const [l, r] = out
    for (let i = 0; i < frames; i++) {
      this.share = Math.min(1, Math.max(0, this.share + step))
      l[i] = (l[i] ?? 0) * (1 - this.share) + (this.left[i] ?? 0) * this.share
      r[i] = (r[i] ?? 0) * (1 - this.share) + (this.right[i] ?? 0) * this.share
    }
    if (this.state === 'leaving' && this.share === 0) this.state = 'over'
  }
}
