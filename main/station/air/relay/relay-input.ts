import { RelayHealth } from '#common/relay/index.ts'
import type { RelayFeedState, RelayOnAir } from '../../faces.ts'
import { BLOCK_FRAMES } from '../messages.ts'
import type { PcmSource } from '../pcm-source.ts'

/** 22 s: more than any buffer that can be set, and what a file brings before its line begins. */
const RING_FRAMES = 1_048_576
const MASK = RING_FRAMES - 1
/** Held back beyond its buffer before it is on air, a source that is ahead is brought back to it. */
const LEAD_FRAMES = 24_000
/** A source whose clock runs off is played faster or slower by so much, until its buffer is half-way right again. */
const PULL = 0.005
/** The interpolation looks this far ahead. */
const TAPS = 3
const PER_MS = 48

/**
 * Samples of a relay between the source's clock and the bus clock. Sound goes out once the buffer is full; a source that runs dry is silent until it is full
 * again. Promises: `read` never waits and never throws; as long as the source keeps to its pace, every sample goes out as it came.
 */
export class RelayInput implements PcmSource {
  readonly channels = 2
  /** It begins at its second whatever it has: what is missing is a matter of its health. */
  readonly ready = true
  readonly failure = null
  readonly readableUntil = Number.POSITIVE_INFINITY
  readonly health: RelayHealth
  feed: RelayFeedState = { address: 0, isConnected: false, isFinite: false, isEarlierEdition: false }
  readonly returnSamples: number
  private readonly left = new Float32Array(RING_FRAMES)
  private readonly right = new Float32Array(RING_FRAMES)
  private readonly spare: [Float32Array, Float32Array] = [new Float32Array(BLOCK_FRAMES), new Float32Array(BLOCK_FRAMES)]
  private readonly target: number
  private readonly release: () => void
  private written = 0
  private taken = 0
  /** Between two samples, while it is played faster or slower. */
  private part = 0
  private pace = 1
  private flows = false
  private hasEnded = false
  private sinceArrival = 0
  private peak = 0

  constructor(relay: RelayOnAir, close: () => void) {
    this.target = relay.bufferMs * PER_MS
    this.returnSamples = relay.returnMs * PER_MS
    this.health = new RelayHealth({ silenceDbfs: relay.silenceDbfs, silenceSamples: relay.silenceMs * PER_MS, holdOffSamples: relay.holdOffMs * PER_MS, returnSamples: this.returnSamples })
    this.release = close
  }

  get waiting(): number {
    return this.written - this.taken
  }
  /** A file that has been heard to its end. */
  get isOver(): boolean {
    return this.hasEnded && this.waiting === 0
  }

  /** @param pcm interleaved stereo */
  write(pcm: Float32Array): void {
    const frames = pcm.length >> 1
    for (let i = 0; i < frames; i++) {
      const at = (this.written + i) & MASK
      this.left[at] = pcm[i * 2] ?? 0
      this.right[at] = pcm[i * 2 + 1] ?? 0
    }
    this.written += frames
    this.sinceArrival = 0
    if (this.waiting > RING_FRAMES - LEAD_FRAMES) this.taken = this.written - this.target
  }
  end(): void {
    this.hasEnded = true
  }
  /** Another address: what is left of the one before is not mixed with it. */
  take(feed: RelayFeedState): void {
    if (feed.address !== this.feed.address) this.hasEnded = false
    this.feed = feed
  }

  read(_offset: number, frames: number, into: readonly Float32Array[]): number {
    const [left, right] = into
    if (left === undefined || right === undefined) return frames
    const heard = this.fill(frames, left, right)
    left.fill(0, heard, frames)
    right.fill(0, heard, frames)
    this.judge(frames, heard)
    return frames - heard
  }

  /** Bus time in which it is not on air: a stream goes by, a file waits for its line. */
  pass(frames: number): void {
    if (this.feed.isFinite) {
      this.peak = this.waiting > 0 ? 1 : 0
      return this.judge(frames, Math.min(frames, this.waiting))
    }
    if (this.waiting > this.target + LEAD_FRAMES) this.taken = this.written - this.target
    for (let done = 0; done < frames;) {
      const count = Math.min(frames - done, BLOCK_FRAMES)
      this.read(0, count, this.spare)
      done += count
    }
  }

  close(): void {
    this.release()
  }

  private judge(frames: number, heard: number): void {
    this.sinceArrival += frames
    // What still sounds out of the buffer is not lost, nor is a file that waits.
    const isHeld = this.waiting > 0 && (this.flows || this.feed.isFinite || this.hasEnded)
    this.health.pass({ frames, heard, peak: this.peak, sinceArrival: isHeld ? 0 : this.sinceArrival })
  }

  private fill(frames: number, left: Float32Array, right: Float32Array): number {
    this.peak = 0
    if (!this.flows && (this.waiting >= this.target || (this.hasEnded && this.waiting > 0))) this.flows = true
    if (!this.flows) return 0
    this.keepPace()
    const heard = this.pace === 1 && this.part === 0 ? this.copy(frames, left, right) : this.stretch(frames, left, right)
    if (heard < frames) {
      this.flows = false
      this.part = 0
      this.pace = 1
    }
    return heard
  }

  /** From a buffer that is nearly empty, or twice too full, back to where it should be. */
  private keepPace(): void {
    if (this.feed.isFinite || this.hasEnded) this.pace = 1
    else if (this.waiting < this.target / 4) this.pace = 1 - PULL
    else if (this.waiting > this.target * 3 + LEAD_FRAMES) this.pace = 1 + PULL
    else if ((this.pace < 1 && this.waiting >= this.target / 2) || (this.pace > 1 && this.waiting <= this.target * 2)) this.pace = 1
  }

  private copy(frames: number, left: Float32Array, right: Float32Array): number {
    const there = Math.min(frames, this.waiting)
    for (let i = 0; i < there; i++) {
      const at = (this.taken + i) & MASK
      this.put(i, this.left[at] ?? 0, this.right[at] ?? 0, left, right)
    }
    this.taken += there
    return there
  }

  private stretch(frames: number, left: Float32Array, right: Float32Array): number {
    for (let i = 0; i < frames; i++) {
      if (this.waiting < TAPS) return i
      // Right again: it goes on sample by sample from the next whole one.
      if (this.pace === 1 && this.part < PULL) this.part = 0
      this.put(i, between(this.left, this.taken, this.part), between(this.right, this.taken, this.part), left, right)
      this.part += this.pace === 1 && this.part > 0 ? 1 - PULL : this.pace
      const whole = Math.floor(this.part)
      this.taken += whole
      this.part -= whole
    }
    return frames
  }

  private put(at: number, l: number, r: number, left: Float32Array, right: Float32Array): void {
    left[at] = l
    right[at] = r
    this.peak = Math.max(this.peak, l < 0 ? -l : l, r < 0 ? -r : r)
  }
}

/** Cubic Hermite between the sample at `at` and the next. */
function between(ring: Float32Array, at: number, part: number): number {
  const b = ring[at & MASK] ?? 0
  if (part === 0) return b
  const a = ring[(at - 1) & MASK] ?? 0
  const c = ring[(at + 1) & MASK] ?? 0
  const d = ring[(at + 2) & MASK] ?? 0
  const slope = (c - a) / 2
  const curve = a - 2.5 * b + 2 * c - d / 2
  return b + part * (slope + part * (curve + part * ((d - a) / 2 + 1.5 * (b - c))))
}
