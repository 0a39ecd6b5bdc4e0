import { integratedLufs, loudnessRange } from './gating.ts'

export interface MeasuredLoudness {
  readonly integratedLufs: number | null
  readonly rangeLu: number | null
  readonly truePeakDbtp: number | null
}

const hundredths = (value: number) => Math.round(value * 100) / 100 + 0

/** The numbers people read, to 0.01; the true peak is rounded up, so that a gain computed from it cannot pass the ceiling. */
export function loudnessOf(energies: Float64Array, truePeak: number): MeasuredLoudness {
  const integrated = integratedLufs(energies)
  const range = integrated === null ? null : loudnessRange(energies)
  return {
    integratedLufs: integrated === null ? null : hundredths(integrated),
    rangeLu: range === null ? null : hundredths(range),
    truePeakDbtp: truePeak <= 0 ? null : Math.ceil(2_000 * Math.log10(truePeak) - 1e-9) / 100 + 0,
  }
}
