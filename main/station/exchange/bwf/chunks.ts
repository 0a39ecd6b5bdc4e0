import { pcmBytes, wavHeader } from '#common/mix/index.ts'

export interface Chunk {
  /** Four letters. */
  readonly id: string
  readonly bytes: Uint8Array
}

/** Tags as programs without broadcast chunks read them, in UTF-8: title, artist, album, date, comment, software. */
export function encodeInfo(tags: Readonly<Partial<Record<'INAM' | 'IART' | 'IPRD' | 'ICRD' | 'ICMT' | 'ISFT', string>>>): Chunk | null {
  const fields = Object.entries(tags).filter(([, text]) => text !== '').map(([id, text]) => chunkBytes({ id, bytes: new TextEncoder().encode(`${text}\0`) }))
  return fields.length === 0 ? null : { id: 'LIST', bytes: Buffer.concat([new TextEncoder().encode('INFO'), ...fields]) }
}

/** Chunks are padded to even length; the padding does not count. */
function chunkBytes({ id, bytes }: Chunk): Uint8Array {
  const out = new Uint8Array(8 + bytes.length + (bytes.length & 1))
  out.set(new TextEncoder().encode(id.padEnd(4).slice(0, 4)))
  new DataView(out.buffer).setUint32(4, bytes.length, true)
  out.set(bytes, 8)
  return out
}

/** A WAV or RF64 header up to the first sample, with chunks before the sound: programs that read only the beginning of a file find them there. */
export function headerWithChunks(format: 'int16' | 'int24', channels: number, length: number, chunks: readonly Chunk[]): Uint8Array {
  const extra = Buffer.concat(chunks.map(chunkBytes))
  const dataBytes = length * pcmBytes[format] * channels
  // The header of 44 bytes turns into RF64 as soon as the whole file no longer fits; the chunks count as well.
  const plain = wavHeader(format, channels, length)
  const isLong = plain.length > 44 || dataBytes + 36 + extra.length > 0xffffffff
  const fmtAt = plain.length > 44 ? 48 : 12
  const fmt = plain.subarray(fmtAt, fmtAt + 24)
  const head = new Uint8Array(isLong ? 48 : 12)
  const view = new DataView(head.buffer)
  const total = head.length - 8 + extra.length + fmt.length + 8 + dataBytes + (dataBytes & 1)
  head.set(new TextEncoder().encode(isLong ? 'RF64' : 'RIFF'))
  view.setUint32(4, isLong ? 0xffffffff : total, true)
  head.set(new TextEncoder().encode('WAVE'), 8)
  if (isLong) {
    head.set(new TextEncoder().encode('ds64'), 12)
    view.setUint32(16, 28, true)
    view.setBigUint64(20, BigInt(total), true)
    view.setBigUint64(28, BigInt(dataBytes), true)
    view.setBigUint64(36, BigInt(length), true)
  }
  const data = new Uint8Array(8)
  data.set(new TextEncoder().encode('data'))
  new DataView(data.buffer).setUint32(4, isLong ? 0xffffffff : dataBytes, true)
  return Buffer.concat([head, extra, fmt, data])
}
