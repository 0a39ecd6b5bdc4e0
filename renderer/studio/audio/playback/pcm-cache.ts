import { decodePcm, parseWavHeader, pcmBytes } from '#common/mix/index.ts'
import type { MixRead, WavFacts } from '#common/mix/index.ts'
import { AppError } from '#contract/errors.ts'

/** Bytes `[start, end)` of a file; fewer when the file ends before. */
export type ReadRange = (url: string, start: number, end: number) => Promise<Uint8Array>

export interface Need {
  readonly source: number
  readonly offset: number
  readonly frames: number
}

const CHUNK_FRAMES = 1 << 16
const HEADER_BYTES = 4_096
const MAX_HEADER_BYTES = 1 << 20

interface File {
  readonly facts: Promise<WavFacts>
  known: WavFacts | null
  readonly chunks: Map<number, DataView>
}

/**
 * Pieces of WAV files fetched by range and kept as they are, the least used forgotten first: memory depends on the limit alone, not on the
 * length of a source. `ensure` fetches, `read` decodes what has been fetched.
 */
export class PcmCache {
  private readonly readRange: ReadRange
  private readonly maxBytes: number
  private readonly files = new Map<string, File>()
  private readonly used = new Map<DataView, { file: File; index: number }>()
  private readonly pending = new Map<string, Promise<void>>()
  private urls: readonly string[] = []
  private bytes = 0

  constructor(readRange: ReadRange, maxBytes = 24_000_000) {
    this.readRange = readRange
    this.maxBytes = maxBytes
  }

  /** Addresses of the plan's sources by index; pieces of addresses that stay are kept. */
  setSources(urls: readonly string[]): void {
    this.urls = urls
    for (const [url, file] of this.files) {
      if (urls.includes(url)) continue
      for (const chunk of file.chunks.values()) this.forget(chunk)
      this.files.delete(url)
    }
  }

  get keptBytes(): number {
    return this.bytes
  }

  /** @throws AppError file-missing, file-unreadable */
  async ensure(needs: readonly Need[]): Promise<void> {
    // Before and not after loading: what this call brings stays until the next call.
    this.trim()
    const waits: Promise<void>[] = []
    for (const { source, offset, frames } of needs) {
      const url = this.urls[source]
      if (url === undefined) throw new AppError('file-missing')
      const last = Math.floor((offset + Math.max(1, frames) - 1) / CHUNK_FRAMES)
      for (let index = Math.floor(offset / CHUNK_FRAMES); index <= last; index++) waits.push(this.load(url, index))
    }
    await Promise.all(waits)
  }

  readonly read: MixRead = (source, offset, frames, into) => {
    const file = this.files.get(this.urls[source] ?? '')
    const facts = file?.known
    if (file === undefined || facts === null || facts === undefined) throw new AppError('file-missing')
    const frameBytes = pcmBytes[facts.format] * facts.channels
    for (let done = 0; done < frames;) {
      const at = offset + done
      const index = Math.floor(at / CHUNK_FRAMES)
      const within = at - index * CHUNK_FRAMES
      const count = Math.min(frames - done, CHUNK_FRAMES - within)
      const chunk = file.chunks.get(index)
      if (chunk === undefined || chunk.byteLength < (within + count) * frameBytes) throw new AppError('file-truncated')
      decodePcm(chunk, within * frameBytes, facts.format, facts.channels, count, into, done)
      done += count
    }
  }

  private load(url: string, index: number): Promise<void> {
    const file = this.files.get(url) ?? this.openFile(url)
    const kept = file.chunks.get(index)
    if (kept !== undefined) {
      this.used.delete(kept)
      this.used.set(kept, { file, index })
      return Promise.resolve()
    }
    const key = `${index} ${url}`
    const known = this.pending.get(key)
    if (known !== undefined) return known
    const loading = this.fetchChunk(url, file, index).finally(() => this.pending.delete(key))
    this.pending.set(key, loading)
    return loading
  }

  private async fetchChunk(url: string, file: File, index: number): Promise<void> {
    const facts = await file.facts
    file.known = facts
    const frameBytes = pcmBytes[facts.format] * facts.channels
    const end = Math.min((index + 1) * CHUNK_FRAMES, facts.length)
    if (index * CHUNK_FRAMES >= end) throw new AppError('file-truncated')
    const bytes = await this.readRange(url, facts.dataOffsetBytes + index * CHUNK_FRAMES * frameBytes, facts.dataOffsetBytes + end * frameBytes)
    const chunk = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    if (this.files.get(url) !== file) return
    file.chunks.set(index, chunk)
    this.used.set(chunk, { file, index })
    this.bytes += chunk.byteLength
  }

  private openFile(url: string): File {
    const file: File = { facts: readHeader(this.readRange, url), known: null, chunks: new Map() }
    // A file that could not be opened is tried again when it is next needed.
    file.facts.catch(() => this.files.delete(url))
    this.files.set(url, file)
    return file
  }

  private trim(): void {
    for (const chunk of this.used.keys()) {
      if (this.bytes <= this.maxBytes) return
      this.forget(chunk)
    }
  }

  private forget(chunk: DataView): void {
    const place = this.used.get(chunk)
    if (place === undefined) return
    place.file.chunks.delete(place.index)
    this.used.delete(chunk)
    this.bytes -= chunk.byteLength
  }
}

async function readHeader(readRange: ReadRange, url: string): Promise<WavFacts> {
  for (let size = HEADER_BYTES; ; size *= 8) {
    const bytes = await readRange(url, 0, size)
    const facts = parseWavHeader(bytes)
    if (!('refused' in facts)) return facts
    if (facts.refused !== 'more' || bytes.length < size || size >= MAX_HEADER_BYTES) throw new AppError('file-unreadable')
  }
}

/** Ranges over HTTP, as the station serves its files. */
export const fetchRange: ReadRange = async (url, start, end) => {
  const response = await fetch(url, { headers: { range: `bytes=${start}-${end - 1}` } })
  if (response.status === 404) throw new AppError('file-missing')
  if (response.status !== 206 && response.status !== 200) throw new AppError('file-unreadable', { data: { status: response.status } })
  const bytes = new Uint8Array(await response.arrayBuffer())
  return response.status === 206 ? bytes : bytes.subarray(start, end)
}
