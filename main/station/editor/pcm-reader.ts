import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { decodePcm, pcmBytes } from '#common/mix/index.ts'
import type { MixRead, PcmFormat } from '#common/mix/index.ts'
import { changedFile, shortFile } from '../foundation/in-thread.ts'
import { isStamp } from '../foundation/stamp.ts'
import type { FileStamp } from '../foundation/stamp.ts'

export interface PcmPlace {
  readonly path: string
  readonly format: PcmFormat
  readonly channels: number
  readonly dataOffsetBytes: number
  readonly stamp?: FileStamp
}

/** Reads sources of a plan from disk, synchronously: for threads that do nothing else. */
export class PcmReader {
  private readonly places: readonly PcmPlace[]
  private readonly files: (number | null)[]
  private bytes = new Uint8Array(0)
  private view = new DataView(this.bytes.buffer)

  constructor(places: readonly PcmPlace[]) {
    this.places = places
    this.files = places.map(() => null)
  }

  /** @throws Error with code 'SHORT' when the file has less than its length promised, 'CHANGED' when it is no longer the one it was */
  readonly read: MixRead = (source, offset, frames, into) => {
    const place = this.place(source)
    const wanted = frames * pcmBytes[place.format] * place.channels
    if (this.bytes.length < wanted) {
      this.bytes = new Uint8Array(wanted)
      this.view = new DataView(this.bytes.buffer)
    }
    this.copy(source, offset, frames, this.bytes)
    decodePcm(this.view, 0, place.format, place.channels, frames, into)
  }

  /** The bytes as they are in the file. @throws Error with code 'SHORT', 'CHANGED' */
  copy(source: number, offset: number, frames: number, into: Uint8Array): void {
    const place = this.place(source)
    const file = (this.files[source] ??= openSync(place.path, 'r'))
    const frameBytes = pcmBytes[place.format] * place.channels
    const wanted = frames * frameBytes
    for (let filled = 0; filled < wanted;) {
      const got = readSync(file, into, filled, wanted - filled, place.dataOffsetBytes + offset * frameBytes + filled)
      if (got === 0) throw shortFile(`source ${source}`)
      filled += got
    }
    // After the read: what was changed before it or during it is not let through.
    if (place.stamp !== undefined && !isStamp(fstatSync(file), place.stamp)) throw changedFile(`source ${source}`)
  }

  close(): void {
    for (const file of this.files) if (file !== null) closeSync(file)
  }

  private place(source: number): PcmPlace {
    const place = this.places[source]
    if (place === undefined) throw new Error(`no source ${source}`)
    return place
  }
}
