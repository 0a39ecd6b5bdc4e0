const FLOOR_DBFS = -120

export interface ChannelLevel {
  peakDbfs: number
  rmsDbfs: number
}

/** Levels between two readings: the peak is the highest since the last `read`, however seldom the page draws. */
export class CaptureLevels {
  readonly #peaks: Float64Array
  readonly #meanSquares: Float64Array
  readonly #shown: ChannelLevel[]
  /** Capture clock at the last message of the audio thread. */
  frame = 0
  heardAt = 0

  constructor(channels: number) {
    this.#peaks = new Float64Array(channels)
    this.#meanSquares = new Float64Array(channels)
    this.#shown = Array.from({ length: channels }, () => ({ peakDbfs: FLOOR_DBFS, rmsDbfs: FLOOR_DBFS }))
  }

  take(message: Float64Array, at: number): void {
    this.frame = message[0] ?? this.frame
    this.heardAt = at
    for (let channel = 0; channel < this.#peaks.length; channel++) {
      this.#peaks[channel] = Math.max(this.#peaks[channel] ?? 0, message[1 + channel * 2] ?? 0)
      this.#meanSquares[channel] = message[2 + channel * 2] ?? 0
    }
  }

  /** For one reader per animation frame; the same objects each time. */
  read(): readonly ChannelLevel[] {
    this.#shown.forEach((level, channel) => {
      level.peakDbfs = dbfs(this.#peaks[channel] ?? 0)
      level.rmsDbfs = dbfs(Math.sqrt(this.#meanSquares[channel] ?? 0))
    })
    this.#peaks.fill(0)
    return this.#shown
  }
}

function dbfs(amplitude: number): number {
  return amplitude <= 1e-6 ? FLOOR_DBFS : 20 * Math.log10(amplitude)
}
