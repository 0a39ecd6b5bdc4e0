import { rmSync } from 'node:fs'
import { createServer } from 'node:net'
import type { Server, Socket } from 'node:net'
import { encodeFrame, frameFormats, frameKinds } from '#contract/frames.ts'
import { BLOCK_FRAMES, BUS_CHANNELS } from './messages.ts'

/** A reader more than this far behind (about 5 s) loses frames; the numbers show the hole. */
const MAX_BEHIND_BYTES = 2_000_000

/**
 * Program tap: everything the bus sounds, as frames.ts monitor frames (float32, stereo, `firstFrame` = bus sample), on a local socket. A frame
 * with `frames` 0 is the clock mapping: its `firstFrame` is the station time (UTC µs) of bus sample 0; one comes first on every connection and
 * again whenever the mapping changes. Readers can neither slow nor stop the bus.
 */
export class Tap {
  private readonly readers = new Set<Socket>()
  private readonly server: Server
  private readonly interleaved = new Float32Array(BLOCK_FRAMES * BUS_CHANNELS)
  private seq = 0
  private readonly number: number
  private zeroAtUs: number

  /** @param number of the bus: `session` of its frames */
  constructor(path: string, number: number, zeroAtUs: number, trouble: (message: string, detail: Record<string, unknown>) => void) {
    this.number = number
    this.zeroAtUs = zeroAtUs
    if (!path.startsWith('\\\\.\\pipe\\')) {
      // A socket file left by a killed station would refuse the new one; there is nothing to lose in it.
      rmSync(path, { force: true })
    }
    this.server = createServer((socket) => this.accept(socket))
    this.server.on('error', (error) => trouble('the program tap cannot be opened', { error: error.message }))
    this.server.listen(path)
  }

  write(position: number, frames: number, channels: readonly [Float32Array, Float32Array]): void {
    this.seq = (this.seq + 1) >>> 0
    if (this.readers.size === 0) return
    const [left, right] = channels
    for (let i = 0; i < frames; i++) {
      this.interleaved[i * 2] = left[i] ?? 0
      this.interleaved[i * 2 + 1] = right[i] ?? 0
    }
    const payload = new Uint8Array(this.interleaved.buffer, 0, frames * BUS_CHANNELS * 4)
    const bytes = encodeFrame({ kind: frameKinds.monitor, format: frameFormats.float32, channels: BUS_CHANNELS, session: this.number, seq: this.seq, frames, firstFrame: position, payload })
    for (const reader of this.readers) if (reader.writableLength < MAX_BEHIND_BYTES) reader.write(bytes)
  }

  setZero(zeroAtUs: number): void {
    this.zeroAtUs = zeroAtUs
    for (const reader of this.readers) reader.write(this.mapping())
  }

  close(): void {
    this.server.close()
    for (const reader of this.readers) reader.end()
  }

  private accept(socket: Socket): void {
    this.readers.add(socket)
    // A reader that goes away is normal; what it sends is nobody's business.
    socket.on('error', () => socket.destroy())
    socket.on('close', () => this.readers.delete(socket))
    socket.resume()
    socket.write(this.mapping())
  }

  private mapping(): Uint8Array {
    return encodeFrame({ kind: frameKinds.monitor, format: frameFormats.float32, channels: BUS_CHANNELS, session: this.number, seq: this.seq, frames: 0, firstFrame: this.zeroAtUs, payload: new Uint8Array(0) })
  }
}
