import type { PcmFormat } from './pcm.ts'
import { pcmBytes } from './pcm.ts'

export interface WavFacts {
  readonly format: PcmFormat
  readonly channels: number
  readonly rateHz: number
  readonly dataOffsetBytes: number
  /** As the header says; an unfinished file may have less. */
  readonly length: number
}
export type WavRefusal = { readonly refused: 'more' | 'not-wav' | 'format' }

const RIFF = 0x46464952
const RF64 = 0x34364652
const WAVE = 0x45564157
const DS64 = 0x34367364
const FMT = 0x20746d66
const DATA = 0x61746164
const PCM = 1
const FLOAT = 3
const EXTENSIBLE = 0xfffe

/** Reads a WAV or RF64 header from the first bytes of a file. Total; `more` asks for a longer beginning. */
export function parseWavHeader(bytes: Uint8Array): WavFacts | WavRefusal {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 12) return { refused: 'more' }
  const magic = view.getUint32(0, true)
  if ((magic !== RIFF && magic !== RF64) || view.getUint32(8, true) !== WAVE) return { refused: 'not-wav' }
  let longData: number | null = null
  let format: { format: PcmFormat; channels: number; rateHz: number } | null = null
  for (let at = 12; ;) {
    if (at + 8 > bytes.length) return { refused: 'more' }
    const id = view.getUint32(at, true)
    const size = view.getUint32(at + 4, true)
    if (id === DATA) {
      if (format === null) return { refused: 'format' }
      const dataBytes = magic === RF64 && size === 0xffffffff && longData !== null ? longData : size
      return { ...format, dataOffsetBytes: at + 8, length: Math.floor(dataBytes / (pcmBytes[format.format] * format.channels)) }
    }
    if ((id === DS64 || id === FMT) && at + 8 + Math.min(size, 28) > bytes.length) return { refused: 'more' }
    if (id === DS64 && size >= 24) longData = Number(view.getBigUint64(at + 16, true))
    if (id === FMT) {
      if (size < 16) return { refused: 'format' }
      format = readFormat(view, at + 8, size)
      if (format === null) return { refused: 'format' }
    }
    at += 8 + size + (size & 1)
  }
}

function readFormat(view: DataView, at: number, size: number): { format: PcmFormat; channels: number; rateHz: number } | null {
  const declared = view.getUint16(at, true)
  const kind = declared === EXTENSIBLE && size >= 26 ? view.getUint16(at + 24, true) : declared
  const channels = view.getUint16(at + 2, true)
  const bits = view.getUint16(at + 14, true)
  const rateHz = view.getUint32(at + 4, true)
  if (channels < 1 || channels > 8) return null
  if (kind === PCM && bits === 16) return { format: 'int16', channels, rateHz }
  if (kind === PCM && bits === 24) return { format: 'int24', channels, rateHz }
  if (kind === FLOAT && bits === 32) return { format: 'float32', channels, rateHz }
  return null
}

/** Header of a PCM WAV of known length with 48 kHz samples: 44 bytes, or 80 bytes as RF64 past 4 GiB. */
export function wavHeader(format: PcmFormat, channels: number, length: number): Uint8Array<ArrayBuffer> {
  const frameBytes = pcmBytes[format] * channels
  const dataBytes = length * frameBytes
  const long = dataBytes + 36 > 0xffffffff
  const bytes = new Uint8Array(long ? 80 : 44)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, long ? RF64 : RIFF, true)
  view.setUint32(4, long ? 0xffffffff : dataBytes + 36 + (dataBytes & 1), true)
  view.setUint32(8, WAVE, true)
  let at = 12
  if (long) {
    view.setUint32(12, DS64, true)
    view.setUint32(16, 28, true)
    view.setBigUint64(20, BigInt(dataBytes + 72), true)
    view.setBigUint64(28, BigInt(dataBytes), true)
    view.setBigUint64(36, BigInt(length), true)
    at = 48
  }
  view.setUint32(at, FMT, true)
  view.setUint32(at + 4, 16, true)
  view.setUint16(at + 8, format === 'float32' ? FLOAT : PCM, true)
  view.setUint16(at + 10, channels, true)
  view.setUint32(at + 12, 48_000, true)
  view.setUint32(at + 16, 48_000 * frameBytes, true)
  view.setUint16(at + 20, frameBytes, true)
  view.setUint16(at + 22, pcmBytes[format] * 8, true)
  view.setUint32(at + 24, DATA, true)
  view.setUint32(at + 28, long ? 0xffffffff : dataBytes, true)
  return bytes
}
