/** audiowaveform `.dat`, version 2: 24-byte little-endian header, then min/max pairs, channel by channel within a point. */
export const PEAKS_HEADER_BYTES = 24
const VERSION = 2
const FLAG_8_BIT = 1

export interface PeaksHeader {
  readonly rateHz: number
  readonly samplesPerPoint: number
  /** Number of points. */
  readonly length: number
  readonly channels: number
}

export interface Peaks extends PeaksHeader {
  /** `data[(point * channels + channel) * 2]` is the minimum, the next one the maximum. */
  readonly data: Int16Array
  /** RMS per point and channel, `rms[point * channels + channel]`, 0–32768; missing when only the `.dat` is known. */
  readonly rms?: Uint16Array
}

export const encodePeaksHeader = (header: PeaksHeader): Uint8Array<ArrayBuffer> => encodeHeader(VERSION, header)

/** The header of a `.dat`, and of files beside it that differ in the first number alone. */
export function encodeHeader(version: number, header: PeaksHeader): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(PEAKS_HEADER_BYTES)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, version, true)
  view.setUint32(4, 0, true)
  view.setInt32(8, header.rateHz, true)
  view.setInt32(12, header.samplesPerPoint, true)
  view.setUint32(16, header.length, true)
  view.setInt32(20, header.channels, true)
  return bytes
}

/** Null when the bytes are not a whole 16-bit v2 file. Total: never throws. */
export function decodePeaks(bytes: Uint8Array): Peaks | null {
  const header = decodeHeader(bytes)
  if (header === null || header.version !== VERSION || (header.flags & FLAG_8_BIT) !== 0) return null
  const { rateHz, samplesPerPoint, length, channels } = header
  if (bytes.length !== PEAKS_HEADER_BYTES + length * channels * 4) return null
  // Copied: the offset in the original need not be even, and the file's buffer can be let go.
  const data = new Int16Array(new Uint8Array(bytes.subarray(PEAKS_HEADER_BYTES)).buffer)
  return { rateHz, samplesPerPoint, length, channels, data }
}

/** Null when there are not bytes enough for a header, or when it says what cannot be. */
export function decodeHeader(bytes: Uint8Array): (PeaksHeader & { readonly version: number; readonly flags: number }) | null {
  if (bytes.length < PEAKS_HEADER_BYTES) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const rateHz = view.getInt32(8, true)
  const samplesPerPoint = view.getInt32(12, true)
  const channels = view.getInt32(20, true)
  if (rateHz < 1 || samplesPerPoint < 1 || channels < 1 || channels > 24) return null
  return { version: view.getUint32(0, true), flags: view.getUint32(4, true), rateHz, samplesPerPoint, length: view.getUint32(16, true), channels }
}
