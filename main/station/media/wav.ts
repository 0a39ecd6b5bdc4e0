import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { AppError } from '#contract/errors.ts'

/** Strict reader of WAV, WAVE_FORMAT_EXTENSIBLE, RF64 and BW64 headers. It believes nothing that the bytes of the file do not bear out. */

export type WavFormat = 'int8' | 'int16' | 'int24' | 'int32' | 'float32' | 'float64'

export interface WavHeader {
  readonly format: WavFormat
  readonly channels: number
  readonly rateHz: number
  readonly dataOffsetBytes: number
  readonly dataBytes: number
  readonly frames: number
}

const PCM = 1
const FLOAT = 3
const EXTENSIBLE = 0xfffe
const UNKNOWN_SIZE = 0xffffffff
/** Far more chunks than any honest file has. */
const MAX_CHUNKS = 1_000
const MAX_FMT_BYTES = 4_096

const formats: Record<string, WavFormat> = { '1/8': 'int8', '1/16': 'int16', '1/24': 'int24', '1/32': 'int32', '3/32': 'float32', '3/64': 'float64' }
const widths: Record<WavFormat, number> = { int8: 1, int16: 2, int24: 3, int32: 4, float32: 4, float64: 8 }
export const bytesPerSample = (format: WavFormat) => widths[format]

const lying = (claim: string, data: Record<string, number> = {}) => new AppError('file-lying', { data: { claim, ...data } })

async function bytesAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length)
  let filled = 0
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, position + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return buffer.subarray(0, filled)
}

interface Fmt {
  format: WavFormat
  channels: number
  rateHz: number
}

function parseFmt(chunk: Buffer): Fmt {
  if (chunk.length < 16) throw lying('fmt')
  let tag = chunk.readUInt16LE(0)
  const channels = chunk.readUInt16LE(2)
  const rateHz = chunk.readUInt32LE(4)
  const byteRate = chunk.readUInt32LE(8)
  const align = chunk.readUInt16LE(12)
  const bits = chunk.readUInt16LE(14)
  if (tag === EXTENSIBLE) {
    if (chunk.length < 40) throw lying('fmt')
    tag = chunk.readUInt16LE(24)
  }
  if (tag !== PCM && tag !== FLOAT) throw new AppError('unsupported-format', { data: { tag } })
  const format = formats[`${tag}/${bits}`]
  if (format === undefined) throw new AppError('unsupported-format', { data: { tag, bits } })
  if (channels < 1 || rateHz < 1 || align !== channels * widths[format] || byteRate !== rateHz * align) throw lying('fmt', { channels, rateHz, byteRate, align })
  return { format, channels, rateHz }
}

const isId = (id: string) => /^[\x20-\x7e]{4}$/.test(id)

/** Alignment padding and tags glued to the end are harmless; more than that is sound the header does not announce (a crash, a size past 4 GiB that wrapped round). */
const TAIL_BYTES = 4_096
async function isTail(file: FileHandle, position: number, size: number): Promise<boolean> {
  if (size - position <= TAIL_BYTES) return true
  const start = (await bytesAt(file, position, 4)).toString('latin1')
  return start.startsWith('ID3') || start.startsWith('TAG')
}

/**
 * @throws AppError `file-not-audio` (not RIFF/WAVE), `file-empty` (no bytes, no samples), `file-truncated` (the file ends before the data its
 * header announces), `file-lying` (sizes that contradict each other or leave sound unannounced), `unsupported-format` (compressed WAV)
 */
export async function readWavHeader(file: FileHandle): Promise<WavHeader> {
  const { size } = await file.stat()
  if (size === 0) throw new AppError('file-empty')
  const head = await bytesAt(file, 0, 12)
  const riff = head.toString('latin1', 0, 4)
  if (head.length < 12 || !['RIFF', 'RF64', 'BW64'].includes(riff) || head.toString('latin1', 8, 12) !== 'WAVE') throw new AppError('file-not-audio')
  const wide = riff !== 'RIFF'
  let riffEnd = head.readUInt32LE(4) + 8
  let wideData: number | null = null
  let fmt: Fmt | null = null
  let data: { offset: number; bytes: number } | null = null
  let position = 12
  for (let count = 0; position + 8 <= size; count++) {
    if (count > MAX_CHUNKS) throw lying('chunks')
    const chunk = await bytesAt(file, position, 8)
    const id = chunk.toString('latin1', 0, 4)
    if (!isId(id)) {
      if (data === null) throw lying('chunks')
      if (!(await isTail(file, position, size))) throw lying('data-size', { announcedBytes: data.bytes, presentBytes: size - data.offset })
      break
    }
    const body = position + 8
    let bytes = chunk.readUInt32LE(4)
    if (id === 'ds64' && wide) {
      const ds64 = await bytesAt(file, body, 28)
      if (ds64.length < 28) throw new AppError('file-truncated')
      riffEnd = Number(ds64.readBigUInt64LE(0)) + 8
      wideData = Number(ds64.readBigUInt64LE(8))
    } else if (id === 'fmt ') {
      if (bytes > MAX_FMT_BYTES) throw lying('fmt')
      if (body + bytes > size) throw new AppError('file-truncated')
      fmt = parseFmt(await bytesAt(file, body, bytes))
    } else if (id === 'data' && data === null) {
      if (wide && wideData !== null && bytes === UNKNOWN_SIZE) bytes = wideData
      else if (bytes === UNKNOWN_SIZE) throw lying('data-size-unknown', { presentBytes: size - body })
      if (!Number.isSafeInteger(bytes)) throw lying('data-size')
      if (body + bytes > size) throw new AppError('file-truncated', { data: { announcedBytes: bytes, presentBytes: size - body } })
      data = { offset: body, bytes }
    }
    position = body + bytes + (bytes % 2)
  }
  if (fmt === null || data === null) throw size <= 44 ? new AppError('file-truncated') : lying('chunks')
  if (data.bytes === 0 && size - data.offset > TAIL_BYTES) throw lying('data-size', { announcedBytes: 0, presentBytes: size - data.offset })
  if (data.bytes === 0) throw new AppError('file-empty')
  // Some honest writers never count the chunks after the data; a data chunk outside the RIFF it stands in is another matter.
  if (riffEnd < data.offset + data.bytes && riffEnd !== 8 && riffEnd !== UNKNOWN_SIZE + 8) throw lying('riff-size', { announcedBytes: riffEnd, presentBytes: size })
  const frameBytes = fmt.channels * widths[fmt.format]
  if (data.bytes % frameBytes !== 0) throw lying('half-frame', { announcedBytes: data.bytes, frameBytes })
  return { ...fmt, dataOffsetBytes: data.offset, dataBytes: data.bytes, frames: data.bytes / frameBytes }
}

export async function readWav(path: string): Promise<WavHeader> {
  const file = await open(path, 'r').catch((error: unknown) => {
    throw fileError(error)
  })
  try {
    return await readWavHeader(file)
  } finally {
    await file.close()
  }
}

const systemCodes: Record<string, 'file-missing' | 'file-unreadable' | 'disk-full'> = { ENOENT: 'file-missing', ENOTDIR: 'file-missing', ENOSPC: 'disk-full', EDQUOT: 'disk-full' }

/** System error → AppError; AppErrors pass. */
export function fileError(error: unknown): AppError {
  if (error instanceof AppError) return error
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined
  if (typeof code === 'string' && error instanceof Error && Reflect.has(error, 'syscall')) return new AppError(systemCodes[code] ?? 'file-unreadable', { cause: error })
  if (error instanceof Error && error.name === 'AbortError') return new AppError('cancelled', { cause: error })
  return new AppError('internal', { cause: error })
}
