import { open } from 'node:fs/promises'

/** A frame near the middle of an MP3, found by walking from frame to frame: everything before it is counted, nothing is guessed. */
export interface Mp3Middle {
  readonly rateHz: number
  readonly channels: number
  readonly samplesPerFrame: number
  readonly sizeBytes: number
  /** Where frames begin, the last one being the first at or after the middle (and some after it). */
  readonly offsets: Float64Array
  /** Index into `offsets` of the first frame at or after the middle. */
  readonly middle: number
  readonly tag: Mp3Tag | null
}

/** What an encoder wrote into a silent first frame: how much of the sound is its own padding. */
export interface Mp3Tag {
  /** Frames of sound; 0 when it does not say. */
  readonly frames: number
  readonly startPad: number
  readonly endPad: number
}

const BLOCK_BYTES = 1 << 20
/** Frames that are counted past the middle: enough to try the joint. */
const BEYOND = 64
const kilobits1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]
const kilobits2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]
const rates = [44_100, 48_000, 32_000]

interface Header {
  readonly rateHz: number
  readonly channels: number
  readonly samplesPerFrame: number
  readonly bytes: number
}

/** Layer III of a fixed bit rate table; null for anything else (free format, other layers, noise). */
export function parseFrameHeader(a: number, b: number, c: number, d: number): Header | null {
  if (a !== 0xff || (b & 0xe0) !== 0xe0) return null
  const version = (b >> 3) & 3
  const layer = (b >> 1) & 3
  if (version === 1 || layer !== 1) return null
  const kilobits = (version === 3 ? kilobits1 : kilobits2)[c >> 4]
  const rate = rates[(c >> 2) & 3]
  if (kilobits === undefined || kilobits === 0 || rate === undefined) return null
  const rateHz = version === 3 ? rate : version === 2 ? rate / 2 : rate / 4
  const samplesPerFrame = version === 3 ? 1_152 : 576
  return { rateHz, channels: d >> 6 === 3 ? 1 : 2, samplesPerFrame, bytes: Math.floor((samplesPerFrame * kilobits * 125) / rateHz) + ((c >> 1) & 1) }
}

/** Null when the file is not frame after frame of one kind from its first byte (after an ID3 tag) to past its middle. */
export async function findMiddle(path: string): Promise<Mp3Middle | null> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    const block = new Uint8Array(BLOCK_BYTES)
    let blockFrom = 0
    let blockLength = 0
    const isLoaded = (position: number): boolean => position >= blockFrom && position + 4 <= blockFrom + blockLength
    const load = async (position: number): Promise<boolean> => {
      if (position + 4 > size) return false
      blockFrom = position
      blockLength = (await file.read(block, 0, BLOCK_BYTES, position)).bytesRead
      return blockLength >= 4
    }
    let position = await afterTag(file)
    const offsets: number[] = []
    let kind: Header | null = null
    let middle = -1
    while (middle < 0 || offsets.length < middle + BEYOND) {
      if (!isLoaded(position) && !(await load(position))) return null
      const k = position - blockFrom
      const header = parseFrameHeader(block[k] ?? 0, block[k + 1] ?? 0, block[k + 2] ?? 0, block[k + 3] ?? 0)
      if (header === null) return null
      kind ??= header
      if (header.rateHz !== kind.rateHz || header.channels !== kind.channels || header.samplesPerFrame !== kind.samplesPerFrame) return null
      if (middle < 0 && position >= size / 2) middle = offsets.length
      offsets.push(position)
      position += header.bytes
    }
    return kind === null ? null : {
      tag: await readTag(file, offsets[0] ?? 0, kind),
      rateHz: kind.rateHz, channels: kind.channels, samplesPerFrame: kind.samplesPerFrame, sizeBytes: size, offsets: Float64Array.from(offsets), middle,
    }
  } finally {
    await file.close()
  }
}

interface Readable {
  read(buffer: Uint8Array, offset: number, length: number, position: number): Promise<{ bytesRead: number }>
}

async function readTag(file: Readable, at: number, { samplesPerFrame, channels }: Header): Promise<Mp3Tag | null> {
  const bytes = Buffer.alloc(256)
  await file.read(bytes, 0, bytes.length, at)
  const begin = 4 + (samplesPerFrame === 1_152 ? (channels === 1 ? 17 : 32) : channels === 1 ? 9 : 17)
  const name = bytes.toString('latin1', begin, begin + 4)
  if (name !== 'Xing' && name !== 'Info') return null
  const flags = bytes.readUInt32BE(begin + 4)
  const frames = (flags & 1) === 0 ? 0 : bytes.readUInt32BE(begin + 8)
  const encoder = begin + 8 + ((flags & 1) === 0 ? 0 : 4) + ((flags & 2) === 0 ? 0 : 4) + ((flags & 4) === 0 ? 0 : 100) + ((flags & 8) === 0 ? 0 : 4)
  if (!['LAME', 'Lavf', 'Lavc'].includes(bytes.toString('latin1', encoder, encoder + 4))) return { frames, startPad: 0, endPad: 0 }
  const pads = bytes.readUIntBE(encoder + 21, 3)
  return { frames, startPad: pads >> 12, endPad: pads & 0xfff }
}

async function afterTag(file: Readable): Promise<number> {
  const head = new Uint8Array(10)
  const { bytesRead } = await file.read(head, 0, 10, 0)
  if (bytesRead < 10 || head[0] !== 0x49 || head[1] !== 0x44 || head[2] !== 0x33) return 0
  const size = head.subarray(6).reduce((sum, byte) => sum * 128 + (byte & 0x7f), 0)
  return 10 + size + (((head[5] ?? 0) & 0x10) !== 0 ? 10 : 0)
}
