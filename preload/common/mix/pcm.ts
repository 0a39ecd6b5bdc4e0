export type PcmFormat = 'int16' | 'int24' | 'float32'
export const pcmBytes: Readonly<Record<PcmFormat, number>> = { int16: 2, int24: 3, float32: 4 }

/** Interleaved little-endian PCM at `at` of `bytes` into float channels: the exact inverse of `toInt16` / `toInt24` without dither. */
export function decodePcm(bytes: DataView, at: number, format: PcmFormat, channels: number, frames: number, into: readonly Float32Array[], intoAt = 0): void {
  if (format === 'int16' && (bytes.byteOffset + at) % 2 === 0 && channels <= 2) return decodeEven16(new Int16Array(bytes.buffer, bytes.byteOffset + at, frames * channels), channels, frames, into, intoAt)
  const width = pcmBytes[format]
  const step = width * channels
  for (let c = 0; c < channels; c++) {
    const out = into[c]
    if (out === undefined) continue
    let k = at + c * width
    if (format === 'int16') for (let i = 0; i < frames; i++, k += step) out[intoAt + i] = bytes.getInt16(k, true) / 32768
    else if (format === 'float32') for (let i = 0; i < frames; i++, k += step) out[intoAt + i] = bytes.getFloat32(k, true)
    else for (let i = 0; i < frames; i++, k += step) out[intoAt + i] = (bytes.getUint16(k, true) | (bytes.getInt8(k + 2) << 16)) / 8388608
  }
}

/** The commonest case by the word: needs a little-endian machine, as everything does that runs here. */
function decodeEven16(samples: Int16Array, channels: number, frames: number, into: readonly Float32Array[], intoAt: number): void {
  const left = into[0]
  const right = into[1]
  if (channels === 2 && left !== undefined && right !== undefined) {
    for (let i = 0, k = 0; i < frames; i++, k += 2) {
      left[intoAt + i] = (samples[k] as number) / 32768
      right[intoAt + i] = (samples[k + 1] as number) / 32768
    }
    return
  }
  for (let c = 0; c < channels; c++) {
    const out = into[c]
    if (out !== undefined) for (let i = 0, k = c; i < frames; i++, k += channels) out[intoAt + i] = (samples[k] as number) / 32768
  }
}
