/**
 * Binary frames on the same WebSocket, little-endian, 32-byte header + payload.
 *
 * | offset | size | field        | meaning                                                              |
 * |--------|------|--------------|----------------------------------------------------------------------|
 * | 0      | u8   | version      | 1                                                                    |
 * | 1      | u8   | kind         | 1 capture (client → station), 2 monitor PCM, 3 meters (station → client) |
 * | 2      | u8   | format       | 1 = float32, 2 = int16, 3 = int24, 4 = meters record                 |
 * | 3      | u8   | channels     | 1–8                                                                  |
 * | 4      | u32  | session      | capture handle or bus number                                         |
 * | 8      | u32  | seq          | +1 per frame of a session                                            |
 * | 12     | u32  | frames       | sample frames in the payload                                         |
 * | 16     | u64  | firstFrame   | position of the first sample frame in its session                    |
 * | 24     | u32  | crc32        | CRC-32 (IEEE) of the payload                                         |
 * | 28     | u32  | reserved     | 0                                                                    |
 *
 * Meters payload: per channel 3 float32: peak dBFS, RMS dBFS, peak-hold dBFS (floor -120).
 */
export const FRAME_HEADER_BYTES = 32
export const frameKinds = { capture: 1, monitor: 2, meters: 3 } as const
export const frameFormats = { float32: 1, int16: 2, int24: 3, meters: 4 } as const
const bytesPerSample: Record<number, number> = { 1: 4, 2: 2, 3: 3, 4: 12 }

export interface PcmFrame {
  readonly kind: number
  readonly format: number
  readonly channels: number
  readonly session: number
  readonly seq: number
  readonly frames: number
  readonly firstFrame: number
  readonly payload: Uint8Array
}

const crcTable = (() => {
  const table = new Uint32Array(256)
  for (let n = 0; n < 256; n++) {
    let c = n
    for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
    table[n] = c >>> 0
  }
  return table
})()

/** CRC-32 (IEEE 802.3), as in zip and PNG. */
export function crc32(bytes: Uint8Array): number {
  let c = 0xffffffff
  for (let i = 0; i < bytes.length; i++) c = (crcTable[(c ^ (bytes[i] ?? 0)) & 0xff] ?? 0) ^ (c >>> 8)
  return (c ^ 0xffffffff) >>> 0
}

export function encodeFrame(frame: PcmFrame): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(FRAME_HEADER_BYTES + frame.payload.length)
  const view = new DataView(out.buffer)
  view.setUint8(0, 1)
  view.setUint8(1, frame.kind)
  view.setUint8(2, frame.format)
  view.setUint8(3, frame.channels)
  view.setUint32(4, frame.session, true)
  view.setUint32(8, frame.seq, true)
  view.setUint32(12, frame.frames, true)
  view.setBigUint64(16, BigInt(frame.firstFrame), true)
  view.setUint32(24, crc32(frame.payload), true)
  out.set(frame.payload, FRAME_HEADER_BYTES)
  return out
}

export type FrameRefusal = 'short' | 'version' | 'kind' | 'format' | 'channels' | 'length' | 'position' | 'crc'

/** Total: never throws, whatever the bytes. The payload is a view of `bytes`, not a copy. */
export function decodeFrame(bytes: Uint8Array): PcmFrame | { readonly refused: FrameRefusal } {
  if (bytes.length < FRAME_HEADER_BYTES) return { refused: 'short' }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (view.getUint8(0) !== 1) return { refused: 'version' }
  const kind = view.getUint8(1)
  if (kind < 1 || kind > 3) return { refused: 'kind' }
  const format = view.getUint8(2)
  const width = bytesPerSample[format]
  if (width === undefined) return { refused: 'format' }
  const channels = view.getUint8(3)
  if (channels < 1 || channels > 8) return { refused: 'channels' }
  const frames = view.getUint32(12, true)
  const payload = bytes.subarray(FRAME_HEADER_BYTES)
  const expected = format === frameFormats.meters ? channels * width : frames * channels * width
  if (payload.length !== expected) return { refused: 'length' }
  const firstFrame = view.getBigUint64(16, true)
  if (firstFrame > BigInt(Number.MAX_SAFE_INTEGER)) return { refused: 'position' }
  if (view.getUint32(24, true) !== crc32(payload)) return { refused: 'crc' }
  return { kind, format, channels, session: view.getUint32(4, true), seq: view.getUint32(8, true), frames, firstFrame: Number(firstFrame), payload }
}
