import { peakBetween, TAPS, TAPS_BOUND } from './interpolator.ts'

/**
 * Look-ahead true-peak limiter of the master. Each output sample depends on its position alone: gains are whole numbers of 2^-24, so that
 * running sums, minima and the release are exact and give the same value wherever rendering began, provided it began `LIMITER_WARM_UP`
 * samples earlier. Where nothing is above the ceiling, samples pass unchanged. All buffers are made once; nothing is allocated per block.
 *
 * need → hold over the interpolator's reach → linear release → smallest of the look-ahead → two running means. Both means end at the sample they
 * are for, so the gain is down before the peak comes.
 */
const ONE = 16_777_216
/** 2.5 ms each: together a 5 ms triangular attack. */
const MEAN = 120
const ATTACK = 2 * MEAN - 1
/** From silence to unity in half a second. */
const RELEASE_SAMPLES = 24_000
const RELEASE_STEP = Math.ceil(ONE / RELEASE_SAMPLES)
/** A peak of the interpolator counts for every sample of the window it was made from. */
const REACH = TAPS - 1
/** What the interpolator of four points may miss between them, and what the moving gain may add: 0.09 dB. */
const MARGIN = 0.99

/** Samples after a position that its gain depends on. */
export const LIMITER_LOOK_AHEAD = REACH + ATTACK - 1
/** Samples before a position that its gain depends on. */
export const LIMITER_WARM_UP = RELEASE_SAMPLES + ATTACK + 2 * TAPS
const HISTORY = LIMITER_LOOK_AHEAD + TAPS
/** After this long without need every stage stands at unity. */
const CALM = 4 * ATTACK

/** Fills `into[channel][at…at + frames)` with the bus from `position`. */
export type RenderBus = (position: number, frames: number, into: readonly Float64Array[], at: number) => void

export class Limiter {
  private readonly channels: number
  private readonly chunk: number
  private readonly ceiling: number
  /** Bus samples: `HISTORY` of the past, then the chunk being taken in. */
  private readonly bus: Float64Array[]
  private readonly hold: Minimum
  private readonly ahead: Minimum
  private readonly first = new Mean(ONE)
  private readonly second = new Mean(ONE * MEAN)
  private readonly gains: Float64Array
  private released = ONE
  /** Samples since the gain was anything but unity. */
  private calm = 0
  /** Windows to come that still hold a sample large enough to make a peak. */
  private hot = 0
  /** Bus position after the last sample taken in; NaN before the first block. */
  private taken = Number.NaN
  /** Size of the chunk that lies behind the history now. */
  private lastCount = 0

  constructor(channels: number, chunkFrames: number, ceiling: number) {
    this.channels = channels
    this.chunk = chunkFrames
    this.ceiling = ceiling * MARGIN
    this.bus = Array.from({ length: channels }, () => new Float64Array(HISTORY + chunkFrames))
    this.hold = new Minimum(TAPS)
    this.ahead = new Minimum(ATTACK)
    this.gains = new Float64Array(chunkFrames)
  }

  /** First bus sample that `render(position, …)` will ask for. */
  from(position: number): number {
    return this.follows(position) ? this.taken : position - LIMITER_WARM_UP
  }

  render(position: number, frames: number, out: readonly Float32Array[], at: number, renderBus: RenderBus): void {
    if (!this.follows(position)) this.restart(position - LIMITER_WARM_UP)
    const end = position + frames + LIMITER_LOOK_AHEAD
    while (this.taken < end) {
      const count = Math.min(this.chunk, end - this.taken)
      for (let c = 0; c < this.channels; c++) (this.bus[c] as Float64Array).copyWithin(0, this.lastCount, this.lastCount + HISTORY)
      renderBus(this.taken, count, this.bus, HISTORY)
      this.takeIn(count)
      this.giveOut(count, position, frames, out, at)
      this.taken += count
      this.lastCount = count
    }
  }

  private follows(position: number): boolean {
    return position + LIMITER_LOOK_AHEAD === this.taken
  }

  private restart(position: number): void {
    this.taken = position
    this.lastCount = 0
    for (const channel of this.bus) channel.fill(0)
    this.released = ONE
    this.calm = CALM
    this.hot = 0
    this.hold.reset()
    this.ahead.reset()
    this.first.reset()
    this.second.reset()
  }

  /** One gain per bus sample taken in; it belongs to the sample `LIMITER_LOOK_AHEAD` before. */
  private takeIn(count: number): void {
    const { gains, ceiling } = this
    if (this.calm >= CALM && this.loudest(count) * TAPS_BOUND <= ceiling) {
      gains.fill(1, 0, count)
      this.calm += count
      return
    }
    for (let n = 0; n < count; n++) {
      if (this.sizeAt(HISTORY + n) * TAPS_BOUND > ceiling) this.hot = TAPS
      const need = this.hot > 0 ? this.needAt(HISTORY + n) : ONE
      if (this.hot > 0) this.hot--
      const held = this.hold.push(need)
      const risen = this.released + RELEASE_STEP
      this.released = held < risen ? held : risen > ONE ? ONE : risen
      gains[n] = this.second.push(this.first.push(this.ahead.push(this.released))) / (ONE * MEAN * MEAN)
      this.calm = this.released === ONE ? this.calm + 1 : 0
    }
  }

  private giveOut(count: number, position: number, frames: number, out: readonly Float32Array[], at: number): void {
    const heard = this.taken - LIMITER_LOOK_AHEAD
    const begin = Math.max(0, position - heard)
    const end = Math.min(count, position + frames - heard)
    for (let c = 0; c < this.channels; c++) {
      const target = out[c]
      const bus = this.bus[c] as Float64Array
      if (target === undefined) continue
      const place = at + heard - position
      for (let n = begin; n < end; n++) target[place + n] = (bus[HISTORY - LIMITER_LOOK_AHEAD + n] as number) * (this.gains[n] as number)
    }
  }

  private sizeAt(index: number): number {
    let most = 0
    for (let c = 0; c < this.channels; c++) {
      const size = Math.abs((this.bus[c] as Float64Array)[index] as number)
      if (size > most) most = size
    }
    return most
  }

  /** Of the chunk and the samples before it that its windows reach. */
  private loudest(count: number): number {
    let most = 0
    for (const bus of this.bus) {
      for (let n = HISTORY - TAPS; n < HISTORY + count; n++) {
        const size = Math.abs(bus[n] as number)
        if (size > most) most = size
      }
    }
    return most
  }

  /** Gain that the window ending at bus index `end` asks for, in whole steps, rounded down. */
  private needAt(end: number): number {
    let most = 0
    for (let c = 0; c < this.channels; c++) {
      const peak = peakBetween(this.bus[c] as Float64Array, end)
      if (peak > most) most = peak
    }
    return most <= this.ceiling ? ONE : Math.floor((ONE * this.ceiling) / most)
  }
}

/** Smallest of the last `span` values; unity before the first. Values that can no longer be the smallest are dropped as they are passed. */
class Minimum {
  private readonly span: number
  private readonly values: Float64Array
  private readonly places: Float64Array
  private head = 0
  private size = 0
  private place = 0

  constructor(span: number) {
    this.span = span
    this.values = new Float64Array(span + 1)
    this.places = new Float64Array(span + 1)
  }

  reset(): void {
    this.head = 0
    this.size = 0
    this.place = 0
  }

  push(value: number): number {
    const room = this.values.length
    while (this.size > 0 && (this.values[(this.head + this.size - 1) % room] as number) >= value) this.size--
    const tail = (this.head + this.size) % room
    this.values[tail] = value
    this.places[tail] = this.place
    this.size++
    if ((this.places[this.head] as number) <= this.place - this.span) {
      this.head = (this.head + 1) % room
      this.size--
    }
    this.place++
    return this.values[this.head] as number
  }
}

/** Sum of the last MEAN values. Whole numbers below 2^53 add up exactly, so it does not matter where adding began. */
class Mean {
  private readonly kept = new Float64Array(MEAN)
  private readonly unity: number
  private at = 0
  private sum = 0

  /** `unity` stood for ever before the first value. */
  constructor(unity: number) {
    this.unity = unity
    this.reset()
  }

  reset(): void {
    this.kept.fill(this.unity)
    this.at = 0
    this.sum = this.unity * MEAN
  }

  push(value: number): number {
    this.sum += value - (this.kept[this.at] as number)
    this.kept[this.at] = value
    this.at = this.at + 1 === MEAN ? 0 : this.at + 1
    return this.sum
  }
}
