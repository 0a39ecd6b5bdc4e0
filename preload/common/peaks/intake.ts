import type { Peaks, PeaksHeader } from './file.ts'

/** Peaks files read as a stream and joined while they come: memory depends on the level that is kept, not on the file. */
const GROUPS_AT_ONCE = 4096

/** Header of a `.dat` and of the `.rms` beside it. */
const HEADER_BYTES = 24
const DAT_VERSION = 2
const RMS_MAGIC = 0x31534d52

/** Null when these are not the first bytes of a 16-bit peaks file (or of its RMS plane). */
export function readPlaneHeader(bytes: Uint8Array, plane: 'peaks' | 'rms'): PeaksHeader | null {
  if (bytes.length < HEADER_BYTES) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (view.getUint32(0, true) !== (plane === 'peaks' ? DAT_VERSION : RMS_MAGIC) || (view.getUint32(4, true) & 1) !== 0) return null
  const header = { rateHz: view.getInt32(8, true), samplesPerPoint: view.getInt32(12, true), length: view.getUint32(16, true), channels: view.getInt32(20, true) }
  return header.rateHz < 1 || header.samplesPerPoint < 1 || header.channels < 1 || header.channels > 24 ? null : header
}

/** How many points of the file become one that is kept: a power of two. */
export function joinOf(length: number, most: number): number {
  let join = 1
  while (length / join > most) join *= 2
  return join
}

/** Collects bytes that come in pieces of any size and gives them on in whole groups, aligned. */
class Stage {
  private readonly bytes: Uint8Array<ArrayBuffer>
  private readonly groupBytes: number
  private readonly take: (buffer: ArrayBuffer, groups: number, restBytes: number) => void
  private filled = 0

  constructor(groupBytes: number, take: (buffer: ArrayBuffer, groups: number, restBytes: number) => void) {
    this.groupBytes = groupBytes
    this.take = take
    this.bytes = new Uint8Array(groupBytes * Math.max(1, Math.ceil((GROUPS_AT_ONCE * 8) / groupBytes)))
  }

  push(piece: Uint8Array): void {
    for (let at = 0; at < piece.length;) {
      const count = Math.min(piece.length - at, this.bytes.length - this.filled)
      this.bytes.set(piece.subarray(at, at + count), this.filled)
      this.filled += count
      at += count
      if (this.filled === this.bytes.length) this.flush()
    }
  }

  /** Also an unfinished last group. */
  flush(): void {
    if (this.filled === 0) return
    this.take(this.bytes.buffer, Math.floor(this.filled / this.groupBytes), this.filled % this.groupBytes)
    this.filled = 0
  }
}

/** Takes the body of a `.dat` and keeps one level of it. */
export class PeaksIntake {
  readonly level: Peaks
  private readonly stage: Stage
  private readonly join: number
  private done = 0

  constructor(header: PeaksHeader, most: number) {
    this.join = joinOf(header.length, most)
    const length = Math.ceil(header.length / this.join)
    const stride = header.channels * 2
    this.level = { ...header, samplesPerPoint: header.samplesPerPoint * this.join, length, data: new Int16Array(length * stride) }
    this.stage = new Stage(this.join * stride * 2, (buffer, groups, rest) => this.take(new Int16Array(buffer), groups, rest))
  }

  /** Points of the kept level that are there. */
  get points(): number {
    return this.done
  }
  push(piece: Uint8Array): void {
    this.stage.push(piece)
  }
  end(): void {
    this.stage.flush()
  }

  private take(from: Int16Array, groups: number, restBytes: number): void {
    const stride = this.level.channels * 2
    for (let group = 0; group < groups; group++) this.joinPoints(from, group * this.join * stride, this.join)
    const rest = Math.floor(restBytes / (stride * 2))
    if (rest > 0) this.joinPoints(from, groups * this.join * stride, rest)
  }

  private joinPoints(from: Int16Array, start: number, count: number): void {
    const { data, length, channels } = this.level
    if (this.done >= length) return
    const stride = channels * 2
    const stop = start + count * stride
    for (let c = 0; c < stride; c += 2) {
      let low = from[start + c] as number
      let high = from[start + c + 1] as number
      for (let n = start + stride + c; n < stop; n += stride) {
        const min = from[n] as number
        const max = from[n + 1] as number
        if (min < low) low = min
        if (max > high) high = max
      }
      data[this.done * stride + c] = low
      data[this.done * stride + c + 1] = high
    }
    this.done += 1
  }
}

/** Takes the body of a `.rms` and keeps it at the same level as its peaks. */
export class RmsIntake {
  readonly plane: Uint16Array
  private readonly stage: Stage
  private readonly channels: number
  private readonly join: number
  private done = 0

  constructor(header: PeaksHeader, most: number) {
    this.channels = header.channels
    this.join = joinOf(header.length, most)
    this.plane = new Uint16Array(Math.ceil(header.length / this.join) * header.channels)
    this.stage = new Stage(this.join * header.channels * 2, (buffer, groups, rest) => this.take(new Uint16Array(buffer), groups, rest))
  }

  push(piece: Uint8Array): void {
    this.stage.push(piece)
  }
  end(): void {
    this.stage.flush()
  }

  private take(from: Uint16Array, groups: number, restBytes: number): void {
    const { channels, join } = this
    for (let group = 0; group < groups; group++) this.joinPoints(from, group * join * channels, join)
    const rest = Math.floor(restBytes / (channels * 2))
    if (rest > 0) this.joinPoints(from, groups * join * channels, rest)
  }

  private joinPoints(from: Uint16Array, start: number, count: number): void {
    const { channels, plane } = this
    if (this.done * channels >= plane.length) return
    for (let c = 0; c < channels; c++) {
      let sum = 0
      for (let n = 0; n < count; n++) {
        const value = from[start + n * channels + c] as number
        sum += value * value
      }
      plane[this.done * channels + c] = Math.round(Math.sqrt(sum / count))
    }
    this.done += 1
  }
}
