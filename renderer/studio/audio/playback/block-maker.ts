import { createMixer } from '#common/mix/index.ts'
import type { MixPlan, Mixer } from '#common/mix/index.ts'
import type { Course } from './course.ts'
import { MAX_RATE, reach, readAlong } from './course.ts'
import type { Need } from './pcm-cache.ts'
import { PcmCache } from './pcm-cache.ts'
import type { ReadRange } from './pcm-cache.ts'

export const BLOCK_FRAMES = 2_048

export interface PlaybackPlan {
  readonly plan: MixPlan
  readonly channels: 1 | 2
  /** Address of the PCM of each source of the plan. */
  readonly urls: readonly string[]
}

/**
 * Makes the samples that are heard: fetches what the mixer will ask for, then lets the one mixer do it. Runs in the playback Worker and, for
 * the proof that playback equals export, anywhere else.
 */
export class BlockMaker {
  private readonly cache: PcmCache
  private mixer: Mixer | null = null
  private wide: Float32Array[] | null = null
  channels: 1 | 2 = 2
  length = 0
  /** Grows with every plan, so that a block made from an old one can be told apart. */
  version = 0

  constructor(readRange: ReadRange, maxBytes?: number) {
    this.cache = new PcmCache(readRange, maxBytes)
  }

  setPlan({ plan, channels, urls }: PlaybackPlan): void {
    this.mixer = createMixer(plan, { channels, blockFrames: BLOCK_FRAMES })
    this.cache.setSources(urls)
    this.channels = channels
    this.length = plan.length
    this.version += 1
  }

  /** Fills `out` from `position`. False when the plan changed while samples were being fetched: nothing was made. */
  async make(position: number, frames: number, out: readonly Float32Array[]): Promise<boolean> {
    const { mixer, version } = this
    if (mixer === null) return false
    let needs = needsOf(mixer, position, frames)
    for (;;) {
      await this.cache.ensure(needs)
      if (this.version !== version) return false
      // Another block may have been made meanwhile, and with it changed what this one has to read again.
      const now = needsOf(mixer, position, frames)
      if (now.every((need, n) => isSame(need, needs[n]))) break
      needs = now
    }
    mixer.render(position, frames, out, this.cache.read)
    return true
  }

  /** Frames of a course: at normal speed the mixer's own samples, else read from them as from a tape. */
  async makeAlong(course: Course, frame: number, frames: number, out: readonly Float32Array[]): Promise<boolean> {
    if (course.rate === 1) return this.make(frame, frames, out)
    const { start, end } = reach(course, frame, frames)
    this.wide ??= [0, 1].map(() => new Float32Array((BLOCK_FRAMES + 4) * MAX_RATE + 8))
    const wide = this.wide.map((channel) => channel.subarray(0, end - start))
    if (!(await this.make(start, end - start, wide))) return false
    for (const [c, channel] of out.entries()) readAlong(course, frame, frames, wide[c] ?? new Float32Array(0), start, channel)
    return true
  }

  /** Fetches ahead without making anything; trouble is met again when the samples are needed. */
  prefetch(position: number, frames: number): void {
    if (this.mixer !== null && position < this.length) this.cache.ensure(needsOf(this.mixer, position, frames)).catch(() => undefined)
  }
}

/** The mixer itself says what it will read: there is no second opinion that could differ. */
function needsOf(mixer: Mixer, position: number, frames: number): Need[] {
  const needs: Need[] = []
  mixer.reads(position, frames, (source, offset, count) => needs.push({ source, offset, frames: count }))
  return needs
}

function isSame(need: Need, other: Need | undefined): boolean {
  return other !== undefined && need.source === other.source && need.offset === other.offset && need.frames === other.frames
}
