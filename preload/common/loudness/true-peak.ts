/** ITU-R BS.1770-4, Annex 2: the first two of the four phases; the other two are these read backwards. */
const PHASE_0 = [0.001708984375, 0.010986328125, -0.0196533203125, 0.033203125, -0.0594482421875, 0.1373291015625, 0.97216796875, -0.102294921875, 0.047607421875, -0.026611328125, 0.014892578125, -0.00830078125]
const PHASE_1 = [-0.0291748046875, 0.029296875, -0.0517578125, 0.089111328125, -0.16650390625, 0.465087890625, 0.77978515625, -0.2003173828125, 0.1015625, -0.0582275390625, 0.0330810546875, -0.0189208984375]
const TAPS = 12
/** Samples before a block that its first values depend on. */
export const PEAK_HISTORY = TAPS - 1

/**
 * Most that the filter can make of samples no larger than 1 (its L1 norm): where this times the largest sample stays under the peak that is
 * already known, no oversampling is needed, and nothing is missed.
 */
export const PEAK_BOUND = PHASE_1.reduce((sum, tap) => sum + Math.abs(tap), 0)

const even = (taps: readonly number[], k: number) => ((taps[k] as number) + (taps[TAPS - 1 - k] as number)) / 2
const odd = (taps: readonly number[], k: number) => ((taps[k] as number) - (taps[TAPS - 1 - k] as number)) / 2
const [E0, E1, E2, E3, E4, E5] = [0, 1, 2, 3, 4, 5].map((k) => even(PHASE_0, k)) as [number, number, number, number, number, number]
const [F0, F1, F2, F3, F4, F5] = [0, 1, 2, 3, 4, 5].map((k) => odd(PHASE_0, k)) as [number, number, number, number, number, number]
const [G0, G1, G2, G3, G4, G5] = [0, 1, 2, 3, 4, 5].map((k) => even(PHASE_1, k)) as [number, number, number, number, number, number]
const [H0, H1, H2, H3, H4, H5] = [0, 1, 2, 3, 4, 5].map((k) => odd(PHASE_1, k)) as [number, number, number, number, number, number]

/**
 * Raises `into[place]` to the largest magnitude of the sound four times oversampled, over the windows that end at `from` … `from + frames - 1`. `x` must
 * hold `PEAK_HISTORY` samples before `from`. A phase and its mirror image are an even part plus and minus an odd part, so that four phases cost two.
 */
export function truePeakInto(x: Float32Array, from: number, frames: number, into: Float64Array, place: number): void {
  let peak = into[place] as number
  for (let i = from - PEAK_HISTORY, end = i + frames; i < end; i++) {
    const a = x[i] as number
    const b = x[i + 1] as number
    const c = x[i + 2] as number
    const d = x[i + 3] as number
    const e = x[i + 4] as number
    const f = x[i + 5] as number
    const g = x[i + 6] as number
    const h = x[i + 7] as number
    const j = x[i + 8] as number
    const k = x[i + 9] as number
    const l = x[i + 10] as number
    const m = x[i + 11] as number
    const s0 = a + m
    const s1 = b + l
    const s2 = c + k
    const s3 = d + j
    const s4 = e + h
    const s5 = f + g
    const d0 = a - m
    const d1 = b - l
    const d2 = c - k
    const d3 = d - j
    const d4 = e - h
    const d5 = f - g
    const outer = Math.abs(E0 * s0 + E1 * s1 + E2 * s2 + E3 * s3 + E4 * s4 + E5 * s5) + Math.abs(F0 * d0 + F1 * d1 + F2 * d2 + F3 * d3 + F4 * d4 + F5 * d5)
    const inner = Math.abs(G0 * s0 + G1 * s1 + G2 * s2 + G3 * s3 + G4 * s4 + G5 * s5) + Math.abs(H0 * d0 + H1 * d1 + H2 * d2 + H3 * d3 + H4 * d4 + H5 * d5)
    if (outer > peak) peak = outer
    if (inner > peak) peak = inner
  }
  into[place] = peak
}

const one = new Float64Array(1)
export function truePeakOf(x: Float32Array, from: number, frames: number, known = 0): number {
  one[0] = known
  truePeakInto(x, from, frames, one, 0)
  return one[0]
}

export function samplePeakOf(x: Float32Array, from: number, frames: number): number {
  let peak = 0
  for (let i = from, end = from + frames; i < end; i++) {
    const value = Math.abs(x[i] as number)
    if (value > peak) peak = value
  }
  return peak
}
