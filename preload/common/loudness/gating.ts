/** Full scale of the scale: -0.691 dB corrects the K-weighting's gain at 1 kHz. */
export const LUFS_OFFSET_DB = -0.691
export const ABSOLUTE_GATE_LUFS = -70
const RELATIVE_GATE_LU = -10
const RANGE_GATE_LU = -20
/** Ticks of 10 ms in a step and in the windows of momentary and short-term loudness. */
export const STEP_TICKS = 10
export const MOMENTARY_TICKS = 40
export const SHORT_TERM_TICKS = 300
/** Shown for silence, where the logarithm has no value. */
export const SILENT_LUFS = -120

/** LUFS of a mean square; silence is -Infinity. */
export function lufsOf(energy: number): number {
  return energy <= 0 ? -Infinity : LUFS_OFFSET_DB + 10 * Math.log10(energy)
}
export function energyOf(lufs: number): number {
  return 10 ** ((lufs - LUFS_OFFSET_DB) / 10)
}

/** Mean of each whole window of `ticks` ticks, one window every `hop` ticks. */
export function windowEnergies(energies: Float64Array, ticks: number, hop: number = STEP_TICKS): Float64Array {
  const count = energies.length < ticks ? 0 : Math.floor((energies.length - ticks) / hop) + 1
  const out = new Float64Array(count)
  for (let i = 0; i < count; i++) {
    let sum = 0
    // Added anew each time: a running sum would carry the rounding of a loud second into the silence after it.
    for (let k = i * hop, end = k + ticks; k < end; k++) sum += energies[k] as number
    out[i] = sum / ticks
  }
  return out
}

function gatedMean(windows: Float64Array, above: number): number {
  let sum = 0
  let count = 0
  for (const energy of windows) {
    if (energy <= above) continue
    sum += energy
    count += 1
  }
  return count === 0 ? 0 : sum / count
}

/** Gated loudness of a programme from the energies of its ticks; null under 400 ms or when all of it is below the gate. */
export function integratedLufs(energies: Float64Array): number | null {
  const windows = windowEnergies(energies, MOMENTARY_TICKS)
  const absolute = energyOf(ABSOLUTE_GATE_LUFS)
  const loud = gatedMean(windows, absolute)
  if (loud === 0) return null
  return lufsOf(gatedMean(windows, Math.max(absolute, energyOf(lufsOf(loud) + RELATIVE_GATE_LU))))
}

/** Loudness range (EBU Tech 3342): from the 10th to the 95th percentile of short-term loudness above both gates; null under 3 s or below the gate. */
export function loudnessRange(energies: Float64Array): number | null {
  const windows = windowEnergies(energies, SHORT_TERM_TICKS)
  const absolute = energyOf(ABSOLUTE_GATE_LUFS)
  const loud = gatedMean(windows, absolute)
  if (loud === 0) return null
  const gate = Math.max(absolute, energyOf(lufsOf(loud) + RANGE_GATE_LU))
  const kept = windows.filter((energy) => energy > gate).sort()
  const at = (share: number) => lufsOf(kept[Math.round((kept.length - 1) * share)] as number)
  return at(0.95) - at(0.1)
}

/** Largest momentary or short-term loudness of windows at every tick; null when no window is whole or all is silence. */
export function highestLufs(energies: Float64Array, ticks: number): number | null {
  let highest = 0
  for (const energy of windowEnergies(energies, ticks, 1)) if (energy > highest) highest = energy
  return highest === 0 ? null : lufsOf(highest)
}

/** Course of short-term loudness: one value per step of 100 ms, the 3 s (at the beginning: what there is) before its end. */
export function shortTermCurve(energies: Float64Array): Float32Array<ArrayBuffer> {
  const out = new Float32Array(Math.floor(energies.length / STEP_TICKS))
  for (let i = 0; i < out.length; i++) {
    let sum = 0
    const end = (i + 1) * STEP_TICKS
    const from = Math.max(0, end - SHORT_TERM_TICKS)
    for (let k = from; k < end; k++) sum += energies[k] as number
    out[i] = Math.max(SILENT_LUFS, lufsOf(sum / (end - from)))
  }
  return out
}
