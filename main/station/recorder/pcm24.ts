import { frameFormats, type PcmFrame } from '#contract/frames.ts'

/** Payload of a capture frame as 24-bit little-endian; null when the format cannot be a microphone's. Always a copy: the socket reuses its memory. */
export function toPcm24(frame: PcmFrame): Uint8Array | null {
  if (frame.format === frameFormats.int24) return frame.payload.slice()
  const count = frame.frames * frame.channels
  const view = new DataView(frame.payload.buffer, frame.payload.byteOffset, frame.payload.byteLength)
  const out = new Uint8Array(count * 3)
  if (frame.format === frameFormats.float32) {
    for (let i = 0; i < count; i++) {
      const scaled = Math.round(view.getFloat32(i * 4, true) * 8_388_608)
      put24(out, i * 3, scaled > 8_388_607 ? 8_388_607 : scaled < -8_388_608 ? -8_388_608 : scaled || 0)
    }
    return out
  }
  if (frame.format === frameFormats.int16) {
    for (let i = 0; i < count; i++) put24(out, i * 3, view.getInt16(i * 2, true) * 256)
    return out
  }
  return null
}

function put24(out: Uint8Array, at: number, value: number): void {
  out[at] = value & 0xff
  out[at + 1] = (value >> 8) & 0xff
  out[at + 2] = (value >> 16) & 0xff
}
