import type { BlockMaker } from './block-maker.ts'
import type { FeederOut } from './feeder.ts'

/** 21 ms: a grain is two of these, a rising and a falling half; neighbours overlap by one. */
export const GRAIN_HALF_FRAMES = 1_024
/** Grains wait no longer than this: the ear must follow the hand. */
const AHEAD_FRAMES = 1_536
/** The falling half alone goes out when this little is left: until then the pointer may still move and the sound go on. */
const LET_GO_FRAMES = 512

const rise = Float32Array.from({ length: GRAIN_HALF_FRAMES }, (_, n) => {
  const x = (n + 0.5) / GRAIN_HALF_FRAMES
  return x * x * (3 - 2 * x)
})

/** Sound under a dragged pointer: short grains from wherever it is, joined without clicks; silent while it rests. */
export class Scrubber {
  private readonly maker: BlockMaker
  private readonly out: FeederOut
  private epoch = 0
  private isOn = false
  private isPumping = false
  private target: number | null = null
  private next = 0
  private heard = 0
  /** Falling half of the last grain, not yet given out. */
  private tail: Float32Array[] | null = null

  constructor(maker: BlockMaker, out: FeederOut) {
    this.maker = maker
    this.out = out
  }

  start(epoch: number): void {
    this.epoch = epoch
    this.isOn = true
    this.target = null
    this.tail = null
    this.next = 0
    this.heard = 0
  }

  stop(): void {
    this.isOn = false
  }

  /** The pointer is at this timeline position now. */
  aim(epoch: number, position: number): void {
    if (epoch !== this.epoch || !this.isOn) return
    this.target = position
    void this.pump()
  }

  progress(epoch: number, heard: number): void {
    if (epoch !== this.epoch || !this.isOn) return
    this.heard = heard
    void this.pump()
  }

  private async pump(): Promise<void> {
    if (this.isPumping) return
    this.isPumping = true
    try {
      while (this.isOn && this.isDue()) await this.step()
    } catch (error) {
      this.isOn = false
      this.out.failed(error)
    } finally {
      this.isPumping = false
    }
  }

  private isDue(): boolean {
    const waiting = this.next - this.heard
    return this.target !== null ? waiting < AHEAD_FRAMES : this.tail !== null && waiting <= LET_GO_FRAMES
  }

  private async step(): Promise<void> {
    const { epoch, target, tail } = this
    this.target = null
    const count = this.maker.channels
    const grain = target === null ? null : Array.from({ length: count }, () => new Float32Array(GRAIN_HALF_FRAMES * 2))
    if (grain !== null && target !== null && !(await this.maker.make(target - GRAIN_HALF_FRAMES, GRAIN_HALF_FRAMES * 2, grain))) {
      this.target ??= target
      return
    }
    if (this.epoch !== epoch || !this.isOn) return
    const channels = Array.from({ length: count }, (_, c) => {
      const block = new Float32Array(GRAIN_HALF_FRAMES)
      const falling = tail?.[c]
      const rising = grain?.[c]
      for (let n = 0; n < GRAIN_HALF_FRAMES; n++) {
        const up = rise[n] ?? 0
        block[n] = (falling?.[n] ?? 0) * (1 - up) + (rising?.[n] ?? 0) * up
      }
      return block
    })
    this.tail = grain === null ? null : grain.map((channel) => channel.subarray(GRAIN_HALF_FRAMES))
    this.out.block({ epoch, position: this.next, frames: GRAIN_HALF_FRAMES, channels })
    this.next += GRAIN_HALF_FRAMES
  }
}
