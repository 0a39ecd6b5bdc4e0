/**
 * Head of a take: RIFF, then a JUNK chunk exactly as large as a ds64 chunk, so that a take growing past 4 GiB becomes RF64 by rewriting
 * its first 80 bytes only. 24-bit PCM at 48 kHz; the data chunk is the last one.
 */
export const TAKE_HEADER_BYTES = 80
const RATE_HZ = 48_000
const BYTES_PER_SAMPLE = 3
const DS64_BYTES = 28
const MAX_U32 = 0xffff_ffff

export function bytesPerTakeFrame(channels: number): number {
  return channels * BYTES_PER_SAMPLE
}

/** Header of a take with `dataBytes` of payload; 0 is the placeholder written before the first sample. */
export function encodeTakeHeader(channels: number, dataBytes: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(TAKE_HEADER_BYTES)
  const view = new DataView(bytes.buffer)
  const riffBytes = TAKE_HEADER_BYTES - 8 + dataBytes + (dataBytes % 2)
  const large = riffBytes >= MAX_U32
  writeTag(bytes, 0, large ? 'RF64' : 'RIFF')
  view.setUint32(4, large ? MAX_U32 : riffBytes, true)
  writeTag(bytes, 8, 'WAVE')
  writeTag(bytes, 12, large ? 'ds64' : 'JUNK')
  view.setUint32(16, DS64_BYTES, true)
  if (large) {
    view.setBigUint64(20, BigInt(riffBytes), true)
    view.setBigUint64(28, BigInt(dataBytes), true)
    view.setBigUint64(36, BigInt(Math.floor(dataBytes / bytesPerTakeFrame(channels))), true)
  }
  writeTag(bytes, 48, 'fmt ')
  view.setUint32(52, 16, true)
  view.setUint16(56, 1, true)
  view.setUint16(58, channels, true)
  view.setUint32(60, RATE_HZ, true)
  view.setUint32(64, RATE_HZ * bytesPerTakeFrame(channels), true)
  view.setUint16(68, bytesPerTakeFrame(channels), true)
  view.setUint16(70, BYTES_PER_SAMPLE * 8, true)
  writeTag(bytes, 72, 'data')
  view.setUint32(76, large ? MAX_U32 : dataBytes, true)
  return bytes
}

/** What the first bytes of a file say, or null when they are not the head of a take of ours. Total. */
export function decodeTakeHeader(bytes: Uint8Array): { channels: number; claimedBytes: number } | null {
  if (bytes.length < TAKE_HEADER_BYTES) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const form = readTag(bytes, 0)
  if ((form !== 'RIFF' && form !== 'RF64') || readTag(bytes, 8) !== 'WAVE' || readTag(bytes, 48) !== 'fmt ' || readTag(bytes, 72) !== 'data') return null
  const channels = view.getUint16(58, true)
  if (channels < 1 || channels > 2 || view.getUint16(56, true) !== 1 || view.getUint16(70, true) !== BYTES_PER_SAMPLE * 8) return null
  const claimedBytes = form === 'RF64' ? Number(view.getBigUint64(28, true)) : view.getUint32(76, true)
  return { channels, claimedBytes }
}

function writeTag(bytes: Uint8Array, offset: number, tag: string): void {
  for (let i = 0; i < 4; i++) bytes[offset + i] = tag.charCodeAt(i)
}

function readTag(bytes: Uint8Array, offset: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + 4))
}
