import { K_48 } from './k-weighting.ts'
import type { KWeighting } from './k-weighting.ts'

/** 100 ms: the step of the windows that are gated (400 ms and 3 s). */
export const STEP_FRAMES = 4_800
/** 10 ms: the grain in which energy is kept, so that the highest momentary loudness is found wherever it begins. */
export const TICK_FRAMES = 480
/** A window that begins in the middle of a sound reads this much before it, so that the filter has forgotten that it was ever started. */
export const SETTLE_FRAMES = 24_000
/** Below this a state is nothing but a slow number for the processor. */
const NOTHING = 1e-30

/**
 * Mean square of the K-weighted sound of each 10 ms, summed over the channels (mono counts once). Streaming: blocks of any size; nothing
 * is allocated after the start.
 */
export class TickEnergy {
  private readonly channels: 1 | 2
  private readonly k: KWeighting
  /** Filter states: four a channel. */
  private readonly state = new Float64Array(8)
  private sum = 0
  private filled = 0

  constructor(channels: 1 | 2, k: KWeighting = K_48) {
    this.channels = channels
    this.k = k
  }

  reset(): void {
    this.state.fill(0)
    this.sum = 0
    this.filled = 0
  }

  /** Frames that are still missing until the next tick is whole. */
  get missing(): number {
    return TICK_FRAMES - this.filled
  }

  /**
   * Takes at most `missing` frames; true when a tick has just become whole: then `takeInto` gives its energy. Splitting at ticks is left to
   * the caller, so that nothing has to be handed back through an array.
   */
  push(left: Float32Array, right: Float32Array, from: number, frames: number): boolean {
    if (this.channels === 2) this.weigh2(left, right, from, frames)
    else this.weigh1(left, from, frames)
    this.filled += frames
    return this.filled >= TICK_FRAMES
  }

  /** Energy of the tick that has become whole into its place, and begins the next one. Nothing is returned: a number that leaves a function may be put on the heap. */
  takeInto(energies: Float64Array, place: number): void {
    energies[place] = this.sum / TICK_FRAMES
    this.sum = 0
    this.filled = 0
    for (let i = 0; i < 8; i++) if (Math.abs(this.state[i] as number) < NOTHING) this.state[i] = 0
  }

  private weigh1(x: Float32Array, from: number, frames: number): void {
    const { b0, b1, b2, a1, a2 } = this.k.shelf
    const { a1: c1, a2: c2 } = this.k.pass
    const state = this.state
    let s1 = state[0] as number
    let s2 = state[1] as number
    let t1 = state[2] as number
    let t2 = state[3] as number
    let sum = 0
    for (let i = from, end = from + frames; i < end; i++) {
      const input = x[i] as number
      const shelf = b0 * input + s1
      s1 = b1 * input - a1 * shelf + s2
      s2 = b2 * input - a2 * shelf
      const out = shelf + t1
      t1 = t2 - 2 * shelf - c1 * out
      t2 = shelf - c2 * out
      sum += out * out
    }
    state[0] = s1
    state[1] = s2
    state[2] = t1
    state[3] = t2
    this.sum += sum
  }

  /** Both channels in one loop: the processor does one while the other waits for its last value. */
  private weigh2(left: Float32Array, right: Float32Array, from: number, frames: number): void {
    const { b0, b1, b2, a1, a2 } = this.k.shelf
    const { a1: c1, a2: c2 } = this.k.pass
    const state = this.state
    let s1 = state[0] as number
    let s2 = state[1] as number
    let t1 = state[2] as number
    let t2 = state[3] as number
    let u1 = state[4] as number
    let u2 = state[5] as number
    let v1 = state[6] as number
    let v2 = state[7] as number
    let sum = 0
    let other = 0
    for (let i = from, end = from + frames; i < end; i++) {
      const l = left[i] as number
      const r = right[i] as number
      const shelfL = b0 * l + s1
      const shelfR = b0 * r + u1
      s1 = b1 * l - a1 * shelfL + s2
      u1 = b1 * r - a1 * shelfR + u2
      s2 = b2 * l - a2 * shelfL
      u2 = b2 * r - a2 * shelfR
      const outL = shelfL + t1
      const outR = shelfR + v1
      t1 = t2 - 2 * shelfL - c1 * outL
      v1 = v2 - 2 * shelfR - c1 * outR
      t2 = shelfL - c2 * outL
      v2 = shelfR - c2 * outR
      sum += outL * outL
      other += outR * outR
    }
    state[0] = s1
    state[1] = s2
    state[2] = t1
    state[3] = t2
    state[4] = u1
    state[5] = u2
    state[6] = v1
    state[7] = v2
    this.sum += sum + other
  }
}
