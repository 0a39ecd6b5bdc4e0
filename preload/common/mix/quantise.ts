/** Numbers for dither: xorshift32, the same sequence from the same seed in every engine. */
export interface Dither {
  state: number
}

export function createDither(seed: number): Dither {
  return { state: (seed | 0) === 0 ? 0x9e3779b9 | 0 : seed | 0 }
}

function next(dither: Dither): number {
  let x = dither.state
  x ^= x << 13
  x ^= x >>> 17
  x ^= x << 5
  dither.state = x
  return (x >>> 0) / 4294967296
}

/**
 * Interleaves float channels into 16-bit samples with triangular dither of ±1 step. `dither` null rounds without it, which gives back
 * 16-bit sources unchanged.
 */
export function toInt16(input: readonly Float32Array[], frames: number, out: Int16Array, dither: Dither | null): void {
  const channels = input.length
  for (let c = 0; c < channels; c++) {
    const samples = input[c] as Float32Array
    for (let i = 0, k = c; i < frames; i++, k += channels) {
      const noise = dither === null ? 0 : next(dither) - next(dither)
      const value = Math.floor((samples[i] as number) * 32768 + noise + 0.5)
      out[k] = value > 32767 ? 32767 : value < -32768 ? -32768 : value
    }
  }
}

/** Interleaves float channels into packed little-endian 24-bit samples. 16- and 24-bit sources come back unchanged. */
export function toInt24(input: readonly Float32Array[], frames: number, out: Uint8Array, dither: Dither | null = null): void {
  const channels = input.length
  for (let c = 0; c < channels; c++) {
    const samples = input[c] as Float32Array
    for (let i = 0, k = c * 3; i < frames; i++, k += channels * 3) {
      const noise = dither === null ? 0 : next(dither) - next(dither)
      const rounded = Math.floor((samples[i] as number) * 8388608 + noise + 0.5)
      const value = rounded > 8388607 ? 8388607 : rounded < -8388608 ? -8388608 : rounded
      out[k] = value & 0xff
      out[k + 1] = (value >> 8) & 0xff
      out[k + 2] = (value >> 16) & 0xff
    }
  }
}
