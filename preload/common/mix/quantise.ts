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
      const wanted = (samples[i] as number) * 8388608 + noise + 0.5
      let value = 0
      if (wanted >= 8388607) value = 8388607
      else if (wanted < -8388608) value = -8388608
      else {
        // Down to the next whole number, as Math.floor would, at half the price.
        value = wanted | 0
        if (value > wanted) value--
      }
      out[k] = value
      out[k + 1] = value >> 8
      out[k + 2] = value >> 16
    }
  }
}

/** Interleaves float channels as they are. */
export function toFloat32(input: readonly Float32Array[], frames: number, out: Float32Array): void {
  const channels = input.length
  for (let c = 0; c < channels; c++) {
    const samples = input[c] as Float32Array
    for (let i = 0, k = c; i < frames; i++, k += channels) out[k] = samples[i] as number
  }
}

/**
 * 16-bit samples as 24-bit ones, four at a time: what decoding, mixing alone and rounding gives, without any of it. `count` samples (all channels);
 * `out` must have room for three words per four samples begun. Relies on a little-endian machine.
 */
export function widen16(input: Int16Array, count: number, out: Uint32Array): void {
  for (let i = 0, k = 0; i < count; i += 4, k += 3) {
    const b = input[i + 1] as number
    const c = input[i + 2] as number
    out[k] = ((input[i] as number) & 0xffff) << 8
    out[k + 1] = (b & 0xffff) | (c << 24)
    out[k + 2] = ((c >> 8) & 0xff) | ((input[i + 3] as number) << 16)
  }
}

/** 16-bit samples as floats: what decoding and mixing alone gives (from whole numbers no negative zero comes). `count` samples, all channels. */
export function floatsOf16(input: Int16Array, count: number, out: Float32Array): void {
  for (let i = 0; i < count; i++) out[i] = (input[i] as number) / 32768
}
