import { open, stat } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { decodePcm, pcmBytes } from '#common/mix/index.ts'
import { encodePeaksHeader, encodeRmsHeader, int16OfFloat, PEAKS_HEADER_BYTES, PeaksIntake, readPlaneHeader, RMS_HEADER_BYTES, RmsIntake } from '#common/peaks/index.ts'
import type { Peaks, PeaksHeader } from '#common/peaks/index.ts'
import type { PcmFile } from '../faces.ts'

/**
 * A whole sound in few points, for the first picture of it: joined from its peaks and kept in memory, or, while these are not drawn yet, guessed
 * from short looks into the sound all along its length. A `.dat` and the `.rms` to it in one piece.
 */
const MOST_POINTS = 1 << 13
const PIECE_BYTES = 1 << 20
const MAX_KEPT = 48
/** Looks into a sound without peaks. Each costs one small read. */
const LOOKS = 1_400
const LOOK_FRAMES = 512
const LOOKS_AT_ONCE = 32

export interface CoarseFiles {
  readonly peaks: string
  readonly rms: string
  pcm(): Promise<PcmFile | null>
}

export function createCoarsePeaks(): (files: CoarseFiles) => Promise<Uint8Array | null> {
  const kept = new Map<string, Uint8Array>()
  return async (files) => {
    const facts = await stat(files.peaks).catch(() => null)
    if (facts === null) return guess(await files.pcm())
    const key = `${files.peaks} ${facts.size} ${facts.mtimeMs}`
    const known = kept.get(key)
    if (known !== undefined) return known
    const made = await joined(files)
    if (made === null) return null
    kept.set(key, made)
    for (const first of kept.keys()) {
      if (kept.size <= MAX_KEPT) break
      kept.delete(first)
    }
    return made
  }
}

async function joined(files: CoarseFiles): Promise<Uint8Array | null> {
  const peaks = await readPlane(files.peaks, 'peaks', (header) => new PeaksIntake(header, MOST_POINTS))
  if (peaks === null) return null
  const rms = await readPlane(files.rms, 'rms', (header) => new RmsIntake(header, MOST_POINTS)).catch(() => null)
  const { level } = peaks
  return together(level, rms?.plane.length === level.length * level.channels ? rms.plane : null)
}

/** In pieces, so that nothing else in the station waits for a long file. */
async function readPlane<T extends { push(piece: Uint8Array): void; end(): void }>(path: string, plane: 'peaks' | 'rms', make: (header: PeaksHeader) => T): Promise<T | null> {
  const file = await open(path, 'r')
  try {
    const buffer = new Uint8Array(PIECE_BYTES)
    const { bytesRead } = await file.read(buffer, 0, PEAKS_HEADER_BYTES, 0)
    const header = readPlaneHeader(buffer.subarray(0, bytesRead), plane)
    if (header === null) return null
    const intake = make(header)
    for (let at = PEAKS_HEADER_BYTES; ;) {
      const read = await file.read(buffer, 0, PIECE_BYTES, at)
      if (read.bytesRead === 0) break
      intake.push(buffer.subarray(0, read.bytesRead))
      at += read.bytesRead
    }
    intake.end()
    return intake
  } finally {
    await file.close()
  }
}

async function guess(pcm: PcmFile | null): Promise<Uint8Array | null> {
  if (pcm === null || pcm.length === 0) return null
  const samplesPerPoint = Math.max(LOOK_FRAMES, Math.ceil(pcm.length / LOOKS))
  const length = Math.ceil(pcm.length / samplesPerPoint)
  const level: Peaks = { rateHz: 48_000, samplesPerPoint, length, channels: pcm.channels, data: new Int16Array(length * pcm.channels * 2) }
  const plane = new Uint16Array(length * pcm.channels)
  const file = await open(pcm.path, 'r')
  try {
    for (let first = 0; first < length; first += LOOKS_AT_ONCE) {
      await Promise.all(Array.from({ length: Math.min(LOOKS_AT_ONCE, length - first) }, (_, n) => look(file, pcm, level, plane, first + n)))
    }
  } finally {
    await file.close()
  }
  return together(level, plane)
}

async function look(file: FileHandle, pcm: PcmFile, level: Peaks, plane: Uint16Array, point: number): Promise<void> {
  const frameBytes = pcmBytes[pcm.format] * pcm.channels
  const middle = Math.min(pcm.length, (point + 0.5) * level.samplesPerPoint)
  const from = Math.max(0, Math.min(pcm.length - LOOK_FRAMES, Math.floor(middle - LOOK_FRAMES / 2)))
  const bytes = new Uint8Array(LOOK_FRAMES * frameBytes)
  const { bytesRead } = await file.read(bytes, 0, bytes.length, pcm.dataOffsetBytes + from * frameBytes)
  const frames = Math.floor(bytesRead / frameBytes)
  if (frames === 0) return
  const channels = Array.from({ length: pcm.channels }, () => new Float32Array(frames))
  decodePcm(new DataView(bytes.buffer), 0, pcm.format, pcm.channels, frames, channels)
  channels.forEach((data, c) => {
    let low = 0
    let high = 0
    let square = 0
    for (const value of data) {
      if (value < low) low = value
      if (value > high) high = value
      square += value * value
    }
    level.data[(point * pcm.channels + c) * 2] = int16OfFloat(low)
    level.data[(point * pcm.channels + c) * 2 + 1] = int16OfFloat(high)
    plane[point * pcm.channels + c] = Math.min(32_768, Math.round(Math.sqrt(square / frames) * 32_768))
  })
}

function together(level: Peaks, plane: Uint16Array | null): Uint8Array {
  const { rateHz, samplesPerPoint, length, channels, data } = level
  const header = { rateHz, samplesPerPoint, length, channels }
  const bytes = new Uint8Array(PEAKS_HEADER_BYTES + data.byteLength + (plane === null ? 0 : RMS_HEADER_BYTES + plane.byteLength))
  bytes.set(encodePeaksHeader(header))
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), PEAKS_HEADER_BYTES)
  if (plane !== null) {
    bytes.set(encodeRmsHeader(header), PEAKS_HEADER_BYTES + data.byteLength)
    bytes.set(new Uint8Array(plane.buffer, plane.byteOffset, plane.byteLength), PEAKS_HEADER_BYTES + data.byteLength + RMS_HEADER_BYTES)
  }
  return bytes
}
