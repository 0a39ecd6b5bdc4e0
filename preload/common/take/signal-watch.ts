const RATE_HZ = 48_000
const SILENT_FRAMES = 5 * RATE_HZ
/** A 16-bit converter at its rail reads 32767/32768. */
const RAIL = 0.9999
const CLIPPED_RUN = 3

export interface SignalFault {
  readonly kind: 'silence' | 'clipping'
  readonly atFrame: number
  readonly frames: number
}

/** Digital silence (a muted or dead input gives exact zeros, a living room never does) and clipping, over blocks of any size. */
export class SignalWatch {
  readonly #channels: number
  readonly #rails: number[]
  #silentFrom: number | null = null
  #quietFrom = 0
  #soundAt: number | null = null
  #silentTold = 0

  constructor(channels: number) {
    this.#channels = channels
    this.#rails = new Array<number>(channels).fill(0)
  }

  /** Frame from which on every sample so far is exactly zero. */
  get quietFrom(): number {
    return this.#quietFrom
  }
  /** First frame that is not zero in the block looked at last; null when all are. */
  get soundAt(): number | null {
    return this.#soundAt
  }

  look(samples: Float32Array, firstFrame: number): SignalFault[] {
    const faults: SignalFault[] = []
    const frames = samples.length / this.#channels
    let clippedFrom = -1
    let clippedTo = -1
    let silent = true
    this.#soundAt = null
    for (let i = 0; i < samples.length; i++) {
      const level = Math.abs(samples[i] ?? 0)
      const channel = i % this.#channels
      if (level !== 0) {
        silent = false
        const frame = firstFrame + Math.floor(i / this.#channels)
        this.#soundAt ??= frame
        this.#quietFrom = frame + 1
      }
      const run = level >= RAIL ? (this.#rails[channel] ?? 0) + 1 : 0
      this.#rails[channel] = run
      if (run < CLIPPED_RUN) continue
      const frame = Math.floor(i / this.#channels)
      if (clippedFrom < 0) clippedFrom = Math.max(0, frame - CLIPPED_RUN + 1)
      clippedTo = frame + 1
    }
    if (clippedFrom >= 0) faults.push({ kind: 'clipping', atFrame: firstFrame + clippedFrom, frames: clippedTo - clippedFrom })
    this.#lookForSilence(silent, firstFrame, firstFrame + frames, faults)
    return faults
  }

  #lookForSilence(silent: boolean, from: number, to: number, faults: SignalFault[]): void {
    if (!silent) {
      if (this.#silentFrom !== null && this.#silentTold > 0) faults.push({ kind: 'silence', atFrame: this.#silentFrom, frames: from - this.#silentFrom })
      this.#silentFrom = null
      this.#silentTold = 0
      return
    }
    this.#silentFrom ??= from
    const length = to - this.#silentFrom
    if (length < SILENT_FRAMES || (this.#silentTold > 0 && length - this.#silentTold < SILENT_FRAMES)) return
    this.#silentTold = length
    faults.push({ kind: 'silence', atFrame: this.#silentFrom, frames: length })
  }
}
