import type { BlockMaker, PlaybackPlan } from './block-maker.ts'
import { BLOCK_FRAMES } from './block-maker.ts'
import { endFrame, timelineAt } from './course.ts'
import type { Course } from './course.ts'

/** 250 ms: how far the feeder runs ahead of what is heard. */
export const AHEAD_FRAMES = 12_000
/** An edit is heard after this much, so that its first block arrives in time. */
const REPLACE_AFTER_FRAMES = 3_072
const PREFETCH_FRAMES = 96_000

export interface PlayedBlock {
  readonly epoch: number
  /** Played frame, on the course of its epoch; at normal speed the position on the timeline. */
  readonly position: number
  readonly frames: number
  readonly channels: Float32Array<ArrayBuffer>[]
}
export interface FeederOut {
  /** The exact samples that go to the audio thread. */
  block(block: PlayedBlock): void
  /** Nothing comes after `position`. */
  end(epoch: number, position: number): void
  failed(error: unknown): void
}

/**
 * Keeps the audio thread fed: one block after the other from the play position, 250 ms ahead. A new plan takes back what has not been heard
 * and makes it anew; the audio thread replaces its waiting blocks by position.
 */
export class Feeder {
  private readonly maker: BlockMaker
  private readonly out: FeederOut
  private readonly spare: Float32Array<ArrayBuffer>[] = []
  private epoch = 0
  private isPlaying = false
  private isPumping = false
  private hasEnded = false
  private next = 0
  private heard = 0
  private course: Course = { from: 0, until: null, rate: 1 }

  constructor(maker: BlockMaker, out: FeederOut) {
    this.maker = maker
    this.out = out
  }

  setPlan(plan: PlaybackPlan): void {
    this.maker.setPlan(plan)
    if (!this.isPlaying) return
    this.next = Math.min(this.next, this.heard + REPLACE_AFTER_FRAMES)
    this.hasEnded = false
    void this.pump()
  }

  /** `epoch` comes from the window: blocks and reports of an older one are void. */
  play(epoch: number, course: Course): void {
    this.epoch = epoch
    this.isPlaying = true
    this.hasEnded = false
    this.next = course.from
    this.heard = course.from
    this.course = course
    void this.pump()
  }

  stop(epoch: number): void {
    this.epoch = epoch
    this.isPlaying = false
  }

  /** Report of the audio thread; emptied arrays come back for use. */
  progress(epoch: number, heard: number, spent: readonly Float32Array<ArrayBuffer>[] = []): void {
    for (const array of spent) if (array.length === BLOCK_FRAMES && this.spare.length < 32) this.spare.push(array)
    if (epoch !== this.epoch) return
    this.heard = heard
    void this.pump()
  }

  private async pump(): Promise<void> {
    if (this.isPumping) return
    this.isPumping = true
    try {
      while (this.isPlaying && !this.hasEnded && this.next - this.heard < AHEAD_FRAMES) await this.step()
    } catch (error) {
      this.isPlaying = false
      this.out.failed(error)
    } finally {
      this.isPumping = false
    }
  }

  private async step(): Promise<void> {
    const { epoch, next, course } = this
    const end = endFrame(course, this.maker.length)
    if (next >= end) {
      this.hasEnded = true
      this.out.end(epoch, Math.max(end, 0))
      return
    }
    const frames = Math.min(BLOCK_FRAMES, end - next)
    const channels = Array.from({ length: this.maker.channels }, () => this.spare.pop() ?? new Float32Array(BLOCK_FRAMES))
    const isMade = await this.maker.makeAlong(course, next, frames, channels)
    // A seek, a stop or an edit came in between: the loop goes on from where it says.
    if (!isMade || this.epoch !== epoch || this.next !== next) return
    this.next = next + frames
    this.out.block({ epoch, position: next, frames, channels })
    const ahead = Math.round(timelineAt(course, this.next))
    this.maker.prefetch(course.rate > 0 ? ahead : Math.max(0, ahead - PREFETCH_FRAMES), PREFETCH_FRAMES)
  }
}
