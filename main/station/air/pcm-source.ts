import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { decodePcm, pcmBytes } from '#common/mix/index.ts'
import type { PcmFile } from '../faces.ts'
import { isStamp } from '../foundation/stamp.ts'

/**
 * Samples of one file, read ahead. Promises: `read` never waits and never throws. Relies on a local disk. When the file fails, `failure` is
 * set, everything read before stays readable, and the rest is silence.
 */
export interface PcmSource {
  readonly channels: number
  /** At least READY_FRAMES (or the rest of the file) can be read from the position asked for. */
  readonly ready: boolean
  readonly failure: Error | null
  /** First frame that cannot be read yet. */
  readonly readableUntil: number
  /** Fills `into[channel][0…frames)`; what is not there is silence. Gives the count of frames that were missing. */
  read(offset: number, frames: number, into: readonly Float32Array[]): number
  close(): void
}
export type OpenPcmSource = (pcm: PcmFile, from: number) => PcmSource

/** 2 s: what must be read before a line counts as armed. */
export const READY_FRAMES = 96_000
const RING_FRAMES = 262_144
const CHUNK_FRAMES = 24_000

export const openPcmSource: OpenPcmSource = (pcm, from) => new FileSource(pcm, from)

class FileSource implements PcmSource {
  readonly channels: number
  failure: Error | null = null
  readableUntil: number
  private readonly pcm: PcmFile
  private readonly ring: Float32Array[]
  /** Oldest frame of the ring that is true. */
  private from: number
  private wanted: number
  private reading = false
  private closed = false
  private handle: FileHandle | null = null
  private readonly bytes: DataView<ArrayBuffer>
  private readonly slice: Float32Array[]

  constructor(pcm: PcmFile, from: number) {
    this.pcm = pcm
    this.channels = pcm.channels
    this.from = from
    this.wanted = from
    this.readableUntil = from
    this.ring = Array.from({ length: pcm.channels }, () => new Float32Array(RING_FRAMES))
    this.slice = Array.from({ length: pcm.channels }, () => new Float32Array(CHUNK_FRAMES))
    this.bytes = new DataView(new ArrayBuffer(CHUNK_FRAMES * pcm.channels * pcmBytes[pcm.format]))
    void this.fill()
  }

  get ready(): boolean {
    return this.failure === null && this.handle !== null && this.readableUntil >= Math.min(this.pcm.length, Math.max(this.from, this.wanted) + READY_FRAMES)
  }

  read(offset: number, frames: number, into: readonly Float32Array[]): number {
    this.wanted = Math.max(this.wanted, offset)
    const low = Math.max(this.from, this.readableUntil - RING_FRAMES)
    const there = offset < low ? 0 : Math.max(0, Math.min(frames, this.readableUntil - offset))
    for (let c = 0; c < this.channels; c++) {
      const ring = this.ring[c]
      const out = into[c]
      if (ring === undefined || out === undefined) continue
      for (let i = 0; i < there; i++) out[i] = ring[(offset + i) & (RING_FRAMES - 1)] ?? 0
      if (there < frames) out.fill(0, there, frames)
    }
    if (!this.reading && this.readableUntil - offset < RING_FRAMES - 2 * CHUNK_FRAMES) void this.fill()
    return frames - there
  }

  close(): void {
    this.closed = true
    if (!this.reading) this.release()
  }

  /** Reads until the ring is full, the file ends or the source is closed. */
  private async fill(): Promise<void> {
    if (this.closed || this.failure !== null || this.readableUntil >= this.pcm.length) return
    this.reading = true
    try {
      this.handle ??= await open(this.pcm.path, 'r')
      while (!this.closed && this.readableUntil < this.pcm.length && this.readableUntil + CHUNK_FRAMES <= this.wanted + RING_FRAMES) await this.readChunk(this.handle)
    } catch (error) {
      this.failure = error instanceof Error ? error : new Error(String(error))
    } finally {
      this.reading = false
      if (this.closed || this.failure !== null) this.release()
    }
  }

  private async readChunk(handle: FileHandle): Promise<void> {
    const width = this.channels * pcmBytes[this.pcm.format]
    // A join may have moved past everything read so far: go on from there.
    const at = Math.max(this.readableUntil, this.wanted)
    const frames = Math.min(CHUNK_FRAMES, this.pcm.length - at)
    let got = 0
    while (got < frames * width) {
      const { bytesRead } = await handle.read(new Uint8Array(this.bytes.buffer, got, frames * width - got), 0, frames * width - got, this.pcm.dataOffsetBytes + at * width + got)
      if (bytesRead === 0) {
        this.keep(at, Math.floor(got / width))
        throw new Error(`file ends at frame ${this.readableUntil} of ${this.pcm.length}`)
      }
      got += bytesRead
    }
    // A file of somebody else that was written to meanwhile: its new sound was approved by nobody.
    if (this.pcm.stamp !== undefined && !isStamp(await handle.stat(), this.pcm.stamp)) throw new Error('the file was changed')
    this.keep(at, frames)
  }

  private keep(at: number, frames: number): void {
    if (at > this.readableUntil) this.from = at
    decodePcm(this.bytes, 0, this.pcm.format, this.channels, frames, this.slice)
    for (let c = 0; c < this.channels; c++) {
      const ring = this.ring[c]
      const slice = this.slice[c]
      if (ring === undefined || slice === undefined) continue
      const place = at & (RING_FRAMES - 1)
      const head = Math.min(frames, RING_FRAMES - place)
      ring.set(slice.subarray(0, head), place)
      if (head < frames) ring.set(slice.subarray(head, frames), 0)
    }
    this.readableUntil = at + frames
  }

  private release(): void {
    const handle = this.handle
    this.handle = null
    // The file was only read: a failing close loses nothing.
    handle?.close().catch(() => undefined)
  }
}
