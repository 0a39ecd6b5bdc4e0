import { ABSOLUTE_GATE_LUFS, energyOf, lufsOf } from './gating.ts'

const BINS_PER_LU = 20
const HIGHEST_LUFS = 20
const BINS = (HIGHEST_LUFS - ABSOLUTE_GATE_LUFS) * BINS_PER_LU

/**
 * Window energies of any number of hours in a fixed place: counted by loudness in twentieths of a LU, with their exact energies summed. For
 * live meters, which must answer at any time and never grow.
 */
export class GateHistogram {
  private readonly counts = new Float64Array(BINS)
  private readonly sums = new Float64Array(BINS)

  reset(): void {
    this.counts.fill(0)
    this.sums.fill(0)
  }

  add(energies: Float64Array, place: number): void {
    const energy = energies[place] as number
    const lufs = lufsOf(energy)
    if (!(lufs > ABSOLUTE_GATE_LUFS)) return
    const bin = Math.min(BINS - 1, Math.floor((lufs - ABSOLUTE_GATE_LUFS) * BINS_PER_LU))
    this.counts[bin] = (this.counts[bin] as number) + 1
    this.sums[bin] = (this.sums[bin] as number) + energy
  }

  /** Loudness of everything within `gateLu` of the loudness of all; NaN when there is nothing. */
  integratedInto(gateLu: number, into: Float64Array, place: number): void {
    const first = this.firstBin(gateLu)
    into[place] = first < 0 ? NaN : lufsOf(this.mean(first))
  }

  /** Distance of two percentiles above the gate; NaN when there is nothing. */
  rangeInto(gateLu: number, low: number, high: number, into: Float64Array, place: number): void {
    const first = this.firstBin(gateLu)
    into[place] = NaN
    if (first < 0) return
    let total = 0
    for (let bin = first; bin < BINS; bin++) total += this.counts[bin] as number
    into[place] = this.percentile(first, total * high) - this.percentile(first, total * low)
  }

  private mean(first: number): number {
    let sum = 0
    let count = 0
    for (let bin = first; bin < BINS; bin++) {
      sum += this.sums[bin] as number
      count += this.counts[bin] as number
    }
    return count === 0 ? 0 : sum / count
  }

  private firstBin(gateLu: number): number {
    const all = this.mean(0)
    if (all === 0) return -1
    const gate = Math.max(energyOf(ABSOLUTE_GATE_LUFS), energyOf(lufsOf(all) + gateLu))
    return Math.max(0, Math.ceil((lufsOf(gate) - ABSOLUTE_GATE_LUFS) * BINS_PER_LU - 0.5))
  }

  private percentile(first: number, wanted: number): number {
    let seen = 0
    let last = first
    for (let bin = first; bin < BINS; bin++) {
      const count = this.counts[bin] as number
      if (count === 0) continue
      last = bin
      seen += count
      if (seen >= wanted) break
    }
    return ABSOLUTE_GATE_LUFS + (last + 0.5) / BINS_PER_LU
  }
}
