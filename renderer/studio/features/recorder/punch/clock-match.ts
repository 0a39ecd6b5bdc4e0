/**
 * Two clocks that never saw each other, one of the loudspeaker and one of the microphone, both in samples at 48 kHz: pairs read in the same
 * moment tell how far they are apart. The middle of many pairs does not care for a late one.
 */
export class ClockMatch {
  readonly #apart: number[] = []

  /** @param heard project position leaving the loudspeaker now @param captured capture clock now */
  pair(heard: number, captured: number): void {
    this.#apart.push(captured - heard)
  }

  get isKnown(): boolean {
    return this.#apart.length >= 5
  }

  /** The place on the capture clock that belongs to `position` of the project; null before enough was seen. */
  captureOf(position: number): number | null {
    if (!this.isKnown) return null
    const sorted = [...this.#apart].sort((a, b) => a - b)
    return Math.round(position + (sorted[Math.floor(sorted.length / 2)] ?? 0))
  }
}
