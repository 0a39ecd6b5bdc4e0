import { FRAME_HEADER_BYTES, decodeFrame } from '#contract/frames.ts'
import type { PcmFrame } from '#contract/frames.ts'

export interface TapListener {
  /** Station time (UTC µs) of bus sample 0. */
  mapping(zeroAtUs: number): void
  /** Interleaved stereo float32; valid until the call returns. */
  sound(pcm: Float32Array, firstFrame: number): void
}

/** Cuts the byte stream of the program tap into frames. Any chunking will do. @throws Error when the bytes are not a tap */
export class TapStream {
  private rest: Uint8Array = new Uint8Array(0)
  private readonly listener: TapListener

  constructor(listener: TapListener) {
    this.listener = listener
  }

  push(chunk: Uint8Array): void {
    const bytes = new Uint8Array(this.rest.length + chunk.length)
    bytes.set(this.rest)
    bytes.set(chunk, this.rest.length)
    let at = 0
    while (bytes.length - at >= FRAME_HEADER_BYTES) {
      const header = new DataView(bytes.buffer, at, FRAME_HEADER_BYTES)
      const length = FRAME_HEADER_BYTES + header.getUint32(12, true) * header.getUint8(3) * 4
      if (bytes.length - at < length) break
      const frame = decodeFrame(bytes.subarray(at, at + length))
      if ('refused' in frame) throw new Error(`not a program tap: ${frame.refused}`)
      this.give(frame)
      at += length
    }
    this.rest = bytes.slice(at)
  }

  private give(frame: PcmFrame): void {
    if (frame.frames === 0) this.listener.mapping(frame.firstFrame)
    else this.listener.sound(new Float32Array(frame.payload.slice().buffer), frame.firstFrame)
  }
}
