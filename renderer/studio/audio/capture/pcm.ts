/** 24-bit little-endian of float samples; full scale is kept, what is beyond is clamped. 16- and 24-bit microphones come through unchanged. */
export function int24FromFloat(samples: Float32Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(samples.length * 3)
  for (let i = 0, at = 0; i < samples.length; i++, at += 3) {
    const scaled = Math.round((samples[i] ?? 0) * 8_388_608)
    const value = scaled > 8_388_607 ? 8_388_607 : scaled < -8_388_608 ? -8_388_608 : scaled
    out[at] = value & 0xff
    out[at + 1] = (value >> 8) & 0xff
    out[at + 2] = (value >> 16) & 0xff
  }
  return out
}

/** A copy: the block goes back to the worklet. */
export function float32Bytes(samples: Float32Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(samples.slice().buffer)
}
