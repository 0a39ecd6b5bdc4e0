import { closeSync, openSync, readSync } from 'node:fs'
import { pcmBytes } from '#common/mix/index.ts'
import type { PcmFormat } from '#common/mix/index.ts'
import { shortFile } from '../foundation/in-thread.ts'

export interface FramePlace {
  readonly path: string
  readonly format: PcmFormat
  readonly channels: number
  readonly dataOffsetBytes: number
}

/** Frames of one PCM file as floats, read synchronously: for threads that do nothing else. */
export class FrameReader {
  private readonly place: FramePlace
  private readonly frameBytes: number
  private readonly file: number
  private bytes = new Uint8Array(0)

  constructor(place: FramePlace) {
    this.place = place
    this.frameBytes = pcmBytes[place.format] * place.channels
    this.file = openSync(place.path, 'r')
  }

  /** Fills `into[channel][0…frames)`. @throws Error with code 'SHORT' when the file has less than was promised */
  read(offset: number, frames: number, into: readonly Float32Array[]): void {
    const wanted = frames * this.frameBytes
    if (this.bytes.length < wanted) this.bytes = new Uint8Array(wanted + (8 - (wanted % 8)))
    for (let filled = 0; filled < wanted;) {
      const got = readSync(this.file, this.bytes, filled, wanted - filled, this.place.dataOffsetBytes + offset * this.frameBytes + filled)
      if (got === 0) throw shortFile(this.place.path)
      filled += got
    }
    decode(this.bytes, this.place.format, this.place.channels, frames, into)
  }

  close(): void {
    closeSync(this.file)
  }
}

/** The values of `decodePcm`, through typed arrays: WAV and every computer we run on are little-endian. */
export function decode(bytes: Uint8Array, format: PcmFormat, channels: number, frames: number, into: readonly Float32Array[]): void {
  const values = format === 'int16' ? new Int16Array(bytes.buffer, 0, frames * channels) : format === 'float32' ? new Float32Array(bytes.buffer, 0, frames * channels) : null
  const scale = format === 'int16' ? 1 / 32_768 : 1
  for (let c = 0; c < channels; c++) {
    const out = into[c]
    if (out === undefined) continue
    if (values === null) decode24(bytes, channels, c, frames, out)
    else for (let i = 0, k = c; i < frames; i++, k += channels) out[i] = (values[k] as number) * scale
  }
}

function decode24(bytes: Uint8Array, channels: number, channel: number, frames: number, out: Float32Array): void {
  const step = channels * 3
  for (let i = 0, k = channel * 3; i < frames; i++, k += step) {
    out[i] = (((bytes[k] as number) << 8 | (bytes[k + 1] as number) << 16 | (bytes[k + 2] as number) << 24) >> 8) / 8_388_608
  }
}
