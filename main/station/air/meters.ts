const FLOOR_DBFS = -120
const HOLD_MS = 1500
const FALL_DB_PER_S = 20

/** Peak, RMS and held peak of the bus; one record per 50 ms (frames.ts: three float32 per channel). */
export class Meters {
  private readonly peaks: Float64Array
  private readonly squares: Float64Array
  private readonly held: Float64Array
  private readonly heldForMs: Float64Array
  private frames = 0

  constructor(channels: number) {
    this.peaks = new Float64Array(channels)
    this.squares = new Float64Array(channels)
    this.held = new Float64Array(channels).fill(FLOOR_DBFS)
    this.heldForMs = new Float64Array(channels)
  }

  add(channels: readonly Float32Array[], frames: number): void {
    for (const [c, samples] of channels.entries()) {
      let peak = this.peaks[c] ?? 0
      let square = this.squares[c] ?? 0
      for (let i = 0; i < frames; i++) {
        const value = samples[i] ?? 0
        const size = value < 0 ? -value : value
        if (size > peak) peak = size
        square += value * value
      }
      this.peaks[c] = peak
      this.squares[c] = square
    }
    this.frames += frames
  }

  take(): Float32Array<ArrayBuffer> {
    const record = new Float32Array(this.peaks.length * 3)
    const ms = this.frames / 48
    for (let c = 0; c < this.peaks.length; c++) {
      const peak = dbfs(this.peaks[c] ?? 0)
      const held = this.held[c] ?? FLOOR_DBFS
      if (peak >= held) {
        this.held[c] = peak
        this.heldForMs[c] = 0
      } else {
        this.heldForMs[c] = (this.heldForMs[c] ?? 0) + ms
        if ((this.heldForMs[c] ?? 0) > HOLD_MS) this.held[c] = Math.max(peak, FLOOR_DBFS, held - (FALL_DB_PER_S * ms) / 1000)
      }
      record.set([peak, dbfs(Math.sqrt((this.squares[c] ?? 0) / Math.max(1, this.frames))), this.held[c] ?? FLOOR_DBFS], c * 3)
    }
    this.peaks.fill(0)
    this.squares.fill(0)
    this.frames = 0
    return record
  }
}

function dbfs(amplitude: number): number {
  return amplitude <= 1e-6 ? FLOOR_DBFS : 20 * Math.log10(amplitude)
}
