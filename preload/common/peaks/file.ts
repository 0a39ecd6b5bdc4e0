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

export function encodePeaksHeader(header: PeaksHeader): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(PEAKS_HEADER_BYTES)
  const view = new DataView(bytes.buffer)
  view.setInt32(0, VERSION, true)
  view.setUint32(4, 0, true)
  view.setInt32(8, header.rateHz, true)
  view.setInt32(12, header.samplesPerPoint, true)
  view.setUint32(16, header.length, true)
  view.setInt32(20, header.channels, true)
  return bytes
}

/** Null when the bytes are not a whole 16-bit v2 file. Total: never throws. */
export function decodePeaks(bytes: Uint8Array): Peaks | null {
  if (bytes.length < PEAKS_HEADER_BYTES) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (view.getInt32(0, true) !== VERSION || (view.getUint32(4, true) & FLAG_8_BIT) !== 0) return null
  const rateHz = view.getInt32(8, true)
  const samplesPerPoint = view.getInt32(12, true)
  const length = view.getUint32(16, true)
  const channels = view.getInt32(20, true)
  if (rateHz < 1 || samplesPerPoint < 1 || channels < 1 || channels > 24) return null
  if (bytes.length !== PEAKS_HEADER_BYTES + length * channels * 4) return null
  // Copied: the offset in the original need not be even, and the file's buffer can be let go.
  const data = new Int16Array(new Uint8Array(bytes.subarray(PEAKS_HEADER_BYTES)).buffer)
  return { rateHz, samplesPerPoint, length, channels, data }
}
