import { decodeHeader, encodeHeader, PEAKS_HEADER_BYTES } from './file.ts'
import type { Peaks, PeaksHeader } from './file.ts'

/**
 * `.rms`, the file beside a `.dat`: the same 24 bytes of header with `RMS1` in the place of the version, then one unsigned 16-bit value per point
 * and channel (0–32768, in the units of the peaks), little-endian.
 */
export const RMS_HEADER_BYTES = PEAKS_HEADER_BYTES
/** 'RMS1' read as a little-endian number. */
const MAGIC = 0x31534d52

export interface RmsPlane extends PeaksHeader {
  /** `data[point * channels + channel]`. */
  readonly data: Uint16Array
}

export const encodeRmsHeader = (header: PeaksHeader): Uint8Array<ArrayBuffer> => encodeHeader(MAGIC, header)

/** Null when the bytes are not a whole file. Total: never throws. */
export function decodeRms(bytes: Uint8Array): RmsPlane | null {
  const header = decodeHeader(bytes)
  if (header === null || header.version !== MAGIC || header.flags !== 0) return null
  const { rateHz, samplesPerPoint, length, channels } = header
  if (bytes.length !== RMS_HEADER_BYTES + length * channels * 2) return null
  return { rateHz, samplesPerPoint, length, channels, data: new Uint16Array(new Uint8Array(bytes.subarray(RMS_HEADER_BYTES)).buffer) }
}

/** The peaks with their body; as they were when the plane is missing or belongs to another file. Build the pyramid from what this gives. */
export function withRms(peaks: Peaks, plane: RmsPlane | null): Peaks {
  if (plane === null || plane.length !== peaks.length || plane.channels !== peaks.channels || plane.samplesPerPoint !== peaks.samplesPerPoint) return peaks
  return { ...peaks, rms: plane.data }
}

/** RMS of one channel over points `[from, to)`, 0–32768; 0 outside the file and where there is no plane. */
export function rmsOf(level: Peaks, channel: number, from: number, to: number): number {
  const { rms, channels } = level
  const first = Math.max(0, from)
  const end = Math.min(level.length, to)
  if (rms === undefined || end <= first) return 0
  let sum = 0
  for (let point = first; point < end; point++) {
    const value = rms[point * channels + channel] as number
    sum += value * value
  }
  return Math.sqrt(sum / (end - first))
}

/** One level coarser: the mean of the squares of neighbouring points; an odd last point stands alone. */
export function halveRms(rms: Uint16Array, channels: number, length: number): Uint16Array {
  const next = Math.ceil(length / 2)
  const out = new Uint16Array(next * channels)
  for (let point = 0; point < next; point++) {
    const left = point * 2 * channels
    const right = point * 2 + 1 < length ? left + channels : left
    for (let c = 0; c < channels; c++) {
      const a = rms[left + c] as number
      const b = rms[right + c] as number
      out[point * channels + c] = Math.round(Math.sqrt((a * a + b * b) / 2))
    }
  }
  return out
}
