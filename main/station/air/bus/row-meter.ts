import { LiveMeter, METER, METER_PLACES } from '#common/loudness/index.ts'

/** A stretch of 10 ms with no sample above this (−60 dBFS) is silent. */
const SILENT_BELOW = 0.001
const STRETCH_FRAMES = 480
const FRAMES_PER_MS = 48

/** Loudness and silence of what one row put on the bus. Made once and used again for the next row. */
export class RowMeter {
  private readonly loudness = new LiveMeter()
  private readonly reading = new Float64Array(METER_PLACES)
  private frames = 0
  private peak = 0
  private inStretch = 0
  private silentFrames = 0

  reset(): void {
    this.loudness.reset()
    this.frames = 0
    this.peak = 0
    this.inStretch = 0
    this.silentFrames = 0
  }

  add(left: Float32Array, right: Float32Array, frames: number): void {
    this.loudness.push(left, right, frames)
    this.frames += frames
    for (let i = 0; i < frames; i++) {
      const size = Math.max(Math.abs(left[i] ?? 0), Math.abs(right[i] ?? 0))
      if (size > this.peak) this.peak = size
      if (++this.inStretch === STRETCH_FRAMES) this.closeStretch()
    }
  }

  /** Null where nothing was measured, or nothing above the gate. */
  read(): { readonly integratedLufs: number | null; readonly silenceMs: number | null } {
    if (this.frames === 0) return { integratedLufs: null, silenceMs: null }
    if (this.inStretch > 0) this.closeStretch()
    this.loudness.read(this.reading)
    const lufs = this.reading[METER.integrated] ?? Number.NaN
    return { integratedLufs: Number.isFinite(lufs) ? Math.round(lufs * 100) / 100 : null, silenceMs: Math.round(this.silentFrames / FRAMES_PER_MS) }
  }

  private closeStretch(): void {
    if (this.peak < SILENT_BELOW) this.silentFrames += this.inStretch
    this.peak = 0
    this.inStretch = 0
  }
}
