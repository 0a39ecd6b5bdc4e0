import { CUT_FADE_SAMPLES } from '#common/mix/index.ts'
import type { BusLayer } from './bus/layer.ts'
import { LiveInput } from './live-input.ts'
import { BLOCK_FRAMES } from './messages.ts'

/** A live source over the log: a linear cross-fade of 150 ms in, and the same back to whatever the log has come to by then. */
export class LiveSession implements BusLayer {
  readonly sid: string
  readonly title: string
  readonly priority: number
  readonly input: LiveInput
  private share = 0
  private state: 'waiting' | 'on' | 'leaving' | 'over' = 'waiting'
  private readonly left = new Float32Array(BLOCK_FRAMES)
  private readonly right = new Float32Array(BLOCK_FRAMES)

  constructor(sid: string, channels: 1 | 2, title: string, priority: number) {
    this.sid = sid
    this.title = title
    this.priority = priority
    this.input = new LiveInput(channels)
  }

  get audible(): boolean {
    return this.state === 'on'
  }
  get over(): boolean {
    return this.state === 'over'
  }

  mix(frames: number, out: readonly Float64Array[], at: number): void {
    if (this.state === 'waiting') {
      if (this.input.isOver) this.state = 'over'
      else if (this.input.mayStart) this.state = 'on'
      else this.input.idle(frames)
    } else if (this.state === 'on' && this.input.isOver) this.state = 'leaving'
    if (this.state !== 'on' && this.state !== 'leaving') return
    this.input.read(frames, this.left, this.right)
    const step = (this.state === 'on' ? 1 : -1) / CUT_FADE_SAMPLES
    const [l, r] = out
    if (l === undefined || r === undefined) return
    for (let i = 0; i < frames; i++) {
      this.share = Math.min(1, Math.max(0, this.share + step))
      l[at + i] = (l[at + i] ?? 0) * (1 - this.share) + (this.left[i] ?? 0) * this.share
      r[at + i] = (r[at + i] ?? 0) * (1 - this.share) + (this.right[i] ?? 0) * this.share
    }
    if (this.state === 'leaving' && this.share === 0) this.state = 'over'
  }
}
