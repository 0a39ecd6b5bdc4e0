import type { PlayedBlock } from './feeder.ts'

/** What waits to be heard, in the audio thread. Time passes only with samples: an underrun is silence, never a jump. */
export class BlockQueue {
  private blocks: PlayedBlock[] = []
  /** Came before the order it belongs to: blocks and orders travel by different ports. */
  private early: PlayedBlock[] = []
  private readonly spent: Float32Array<ArrayBuffer>[] = []
  private epoch = 0
  private isPlaying = false
  private end: number | null = null
  /** Next sample to be heard. */
  playhead = 0
  /** Silent frames given out because nothing had come, after the first block. */
  underruns = 0
  private hasStarted = false
  private mayPause = false

  get state(): 'stopped' | 'playing' {
    return this.isPlaying ? 'playing' : 'stopped'
  }
  /** What comes need not be continuous. */
  get isLoose(): boolean {
    return this.mayPause
  }
  get currentEpoch(): number {
    return this.epoch
  }

  /** `mayPause`: what comes is not meant to be continuous (scrubbing), and silence between is not counted as missing. */
  play(epoch: number, from: number, mayPause = false): void {
    this.clear()
    this.epoch = epoch
    this.playhead = from
    this.isPlaying = true
    this.hasStarted = false
    this.mayPause = mayPause
    this.end = null
    const early = this.early
    this.early = []
    for (const block of early) this.push(block)
  }

  stop(epoch: number): void {
    this.clear()
    this.epoch = epoch
    this.isPlaying = false
    for (const block of this.early.filter((one) => one.epoch <= epoch)) this.discard(block)
    this.early = this.early.filter((one) => one.epoch > epoch)
  }

  /** A block takes the place of everything that waits at or after its position. */
  push(block: PlayedBlock): void {
    if (block.epoch > this.epoch) {
      this.early.push(block)
      return
    }
    if (block.epoch !== this.epoch || !this.isPlaying) return this.discard(block)
    this.end = null
    while (this.blocks.length > 0) {
      const last = this.blocks[this.blocks.length - 1] as PlayedBlock
      if (last.position < block.position) break
      this.blocks.pop()
      this.discard(last)
    }
    this.blocks.push(block)
  }

  finish(epoch: number, position: number): void {
    if (epoch !== this.epoch) return
    while (this.blocks.length > 0 && (this.blocks[this.blocks.length - 1] as PlayedBlock).position >= position) this.discard(this.blocks.pop() as PlayedBlock)
    this.end = position
  }

  /** Fills `frames` of each output; a mono block is heard on all. True when the end has just been reached. */
  pull(out: readonly Float32Array[], frames: number): boolean {
    let done = 0
    while (this.isPlaying && done < frames) {
      const block = this.blocks[0]
      const limit = this.blocks[1]?.position ?? this.end ?? Infinity
      if (block === undefined || (block.position > this.playhead)) {
        if (this.end !== null && this.playhead >= this.end) break
        if (this.hasStarted && !this.mayPause) this.underruns += frames - done
        break
      }
      const from = this.playhead - block.position
      const count = Math.min(frames - done, Math.min(block.frames, limit - block.position) - from)
      if (count <= 0) {
        this.blocks.shift()
        this.discard(block)
        continue
      }
      copy(block, from, count, out, done)
      this.hasStarted = true
      this.playhead += count
      done += count
    }
    for (const channel of out) channel.fill(0, done, frames)
    if (!this.isPlaying || this.end === null || this.playhead < this.end) return false
    this.stop(this.epoch)
    return true
  }

  /** Emptied arrays, to be sent back instead of being collected in the audio thread. */
  takeSpent(): Float32Array<ArrayBuffer>[] {
    return this.spent.splice(0)
  }

  private clear(): void {
    for (const block of this.blocks) this.discard(block)
    this.blocks = []
    this.end = null
  }

  private discard(block: PlayedBlock): void {
    this.spent.push(...block.channels)
  }
}

function copy(block: PlayedBlock, from: number, count: number, out: readonly Float32Array[], at: number): void {
  for (let c = 0; c < out.length; c++) {
    const input = block.channels[Math.min(c, block.channels.length - 1)]
    const target = out[c]
    if (input === undefined || target === undefined) continue
    for (let i = 0; i < count; i++) target[at + i] = input[from + i] as number
  }
}
