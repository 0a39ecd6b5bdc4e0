/**
 * Samples of a live session between the microphone's clock and the bus clock. Sound starts when LEAD_FRAMES are there; a hole in the numbers is
 * silence of the same length; when more than FULL_FRAMES pile up the oldest are dropped down to the lead.
 */
export const LEAD_FRAMES = 4_800
const FULL_FRAMES = 28_800
const RING_FRAMES = 131_072
/** 5 s without a sample: the sender is gone. */
export const STARVED_FRAMES = 240_000

export class LiveInput {
  readonly channels: 1 | 2
  private readonly ring: Float32Array[]
  private written = 0
  private taken = 0
  private expected = 0
  private ended = false
  private starved = 0

  constructor(channels: 1 | 2) {
    this.channels = channels
    this.ring = Array.from({ length: channels }, () => new Float32Array(RING_FRAMES))
  }

  /** @param pcm interleaved */
  write(pcm: Float32Array, firstFrame: number): void {
    const frames = Math.floor(pcm.length / this.channels)
    const known = Math.max(0, this.expected - firstFrame)
    if (known >= frames || this.ended) return
    const hole = Math.max(0, firstFrame - this.expected)
    // A hole longer than the ring is a new beginning, not a pause to wait for.
    for (let i = 0; i < Math.min(hole, FULL_FRAMES); i++) this.put(0, 0)
    for (let i = known; i < frames; i++) this.put(pcm[i * this.channels] ?? 0, pcm[i * this.channels + this.channels - 1] ?? 0)
    this.expected = firstFrame + frames
    if (this.written - this.taken > FULL_FRAMES) this.taken = this.written - LEAD_FRAMES
  }

  end(): void {
    this.ended = true
  }

  get waiting(): number {
    return this.written - this.taken
  }
  get isOver(): boolean {
    return (this.ended && this.waiting === 0) || this.starved >= STARVED_FRAMES
  }
  get mayStart(): boolean {
    return this.waiting >= LEAD_FRAMES || (this.ended && this.waiting > 0)
  }

  /** Adds nothing it does not have: missing samples are silence. */
  read(frames: number, left: Float32Array, right: Float32Array): void {
    const there = Math.min(frames, this.waiting)
    const a = this.ring[0]
    const b = this.ring[this.channels - 1]
    for (let i = 0; i < there; i++) {
      const at = (this.taken + i) & (RING_FRAMES - 1)
      left[i] = a?.[at] ?? 0
      right[i] = b?.[at] ?? 0
    }
    left.fill(0, there, frames)
    right.fill(0, there, frames)
    this.taken += there
    this.starved = there > 0 ? 0 : this.starved + frames
  }

  /** Counts time in which nothing was read because nothing had come. */
  idle(frames: number): void {
    this.starved = this.waiting > 0 ? 0 : this.starved + frames
  }

  private put(a: number, b: number): void {
    const at = this.written & (RING_FRAMES - 1)
    const first = this.ring[0]
    const last = this.ring[this.channels - 1]
    if (last !== undefined) last[at] = b
    if (first !== undefined) first[at] = a
    this.written++
  }
}
