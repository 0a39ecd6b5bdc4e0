/** Lengths are samples at 48 kHz; levels are amplitudes, 1 = full scale. */

/** 10 ms: what is judged at once. */
export const STRETCH_SAMPLES = 480
/** 1 s: a pause of speech; good sound goes on behind it. */
const PAUSE_SAMPLES = 48_000

/** How long a signal has been silent, and how long it has been good since. Fed in pieces of any size; judged in stretches of 10 ms. */
export class SilenceWatch {
  /** Samples since the last sound. */
  silentFor = 0
  /** Samples of good sound: since the first after a silence longer than a pause. */
  goodFor = 0
  private peak = 0
  private inStretch = 0
  private readonly below: number

  /** @param silenceDbfs a stretch whose peak is not above this is silent */
  constructor(silenceDbfs: number) {
    this.below = 10 ** (silenceDbfs / 20)
  }

  /** @param frames sample frames of the piece @param peak their highest amplitude */
  feed(frames: number, peak: number): void {
    if (peak > this.peak) this.peak = peak
    this.inStretch += frames
    if (this.inStretch >= STRETCH_SAMPLES) this.judge()
  }

  reset(): void {
    this.silentFor = 0
    this.goodFor = 0
    this.peak = 0
    this.inStretch = 0
  }

  private judge(): void {
    if (this.peak > this.below) {
      this.silentFor = 0
      this.goodFor += this.inStretch
    } else {
      this.silentFor += this.inStretch
      // A pause belongs to the sound around it.
      this.goodFor = this.silentFor > PAUSE_SAMPLES || this.goodFor === 0 ? 0 : this.goodFor + this.inStretch
    }
    this.peak = 0
    this.inStretch = 0
  }
}
