import { closeSync, openSync, readSync } from 'node:fs'
import { decodePcm, pcmBytes } from '#common/mix/index.ts'
import type { MixRead, PcmFormat } from '#common/mix/index.ts'

export interface PcmPlace {
  readonly path: string
  readonly format: PcmFormat
  readonly channels: number
  readonly dataOffsetBytes: number
}

/** Reads sources of a plan from disk, synchronously: for threads that do nothing else. */
export class PcmReader {
  private readonly places: readonly PcmPlace[]
  private readonly files: (number | null)[]
  private bytes = Buffer.alloc(0)
  private view = new DataView(this.bytes.buffer)

  constructor(places: readonly PcmPlace[]) {
    this.places = places
    this.files = places.map(() => null)
  }

  /** @throws Error with code 'SHORT' when the file has less than its length promised */
  readonly read: MixRead = (source, offset, frames, into) => {
    const place = this.places[source]
    if (place === undefined) throw new Error(`no source ${source}`)
    const file = (this.files[source] ??= openSync(place.path, 'r'))
    const frameBytes = pcmBytes[place.format] * place.channels
    const wanted = frames * frameBytes
    if (this.bytes.length < wanted) {
      this.bytes = Buffer.alloc(wanted)
      this.view = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.byteLength)
    }
    for (let filled = 0; filled < wanted;) {
      const got = readSync(file, this.bytes, filled, wanted - filled, place.dataOffsetBytes + offset * frameBytes + filled)
      if (got === 0) throw Object.assign(new Error(`source ${source} ends early`), { code: 'SHORT' })
      filled += got
    }
    decodePcm(this.view, 0, place.format, place.channels, frames, into)
  }

  close(): void {
    for (const file of this.files) if (file !== null) closeSync(file)
  }
}
