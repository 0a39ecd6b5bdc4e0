/** 150 ms: what is there before sound starts, so that a late frame is not heard. */
const LEAD_FRAMES = 7_200
/** Above this the window has fallen behind the studio: back to the lead. */
const FULL_FRAMES = 24_000
const RING_FRAMES = 65_536

/** Stereo samples between the network and the sound card. Never grows, never blocks; what is missing is silence. */
export class MonitorRing {
  readonly #ring = new Float32Array(RING_FRAMES * 2)
  #written = 0
  #read = 0
  #flowing = false

  get waiting(): number {
    return this.#written - this.#read
  }

  /** @param pcm interleaved stereo */
  write(pcm: Int16Array): void {
    const frames = pcm.length >> 1
    for (let i = 0; i < frames; i++) {
      const at = ((this.#written + i) % RING_FRAMES) * 2
      this.#ring[at] = (pcm[i * 2] ?? 0) / 32768
      this.#ring[at + 1] = (pcm[i * 2 + 1] ?? 0) / 32768
    }
    this.#written += frames
    if (this.waiting > FULL_FRAMES) this.#read = this.#written - LEAD_FRAMES
  }

  read(left: Float32Array, right: Float32Array): void {
    if (!this.#flowing && this.waiting < LEAD_FRAMES) {
      left.fill(0)
      right.fill(0)
      return
    }
    this.#flowing = true
    const there = Math.min(left.length, this.waiting)
    for (let i = 0; i < there; i++) {
      const at = ((this.#read + i) % RING_FRAMES) * 2
      left[i] = this.#ring[at] ?? 0
      right[i] = this.#ring[at + 1] ?? 0
    }
    left.fill(0, there)
    right.fill(0, there)
    this.#read += there
    if (there < left.length) this.#flowing = false
  }
}
