import { closeSync, openSync, readSync } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import type { DecodedSound } from './pcm-library.ts'

const CHUNK_SAMPLES = 65_536
const CHUNKS_AHEAD = 3

/**
 * Reads decoded sound by range with a bounded window in memory (3 chunks of 1.4 s). The render path only copies from memory:
 * what has not arrived from the disk in time is reported as missing, never waited for.
 */
export interface PcmReader {
  readonly length: number
  /** Starts loading at a position. */
  want(from: number): void
  /** Loads the first chunk at a position at once: for sirens that must not wait one turn. */
  prime(from: number): void
  /** Adds `count` samples at `from`, scaled, to `into`; returns how many were not in memory. */
  mix(from: number, into: Float32Array, offset: number, count: number, gain: number): number
  close(): void
}

export function openPcmReader(sound: DecodedSound): PcmReader {
  const chunks = new Map<number, Int16Array>()
  const loading = new Set<number>()
  let handle: Promise<FileHandle> | null = null
  let closed = false

  const chunkLength = (index: number): number => Math.min(CHUNK_SAMPLES, sound.length - index * CHUNK_SAMPLES)

  async function load(index: number): Promise<void> {
    loading.add(index)
    try {
      handle ??= open(sound.path, 'r')
      const file = await handle
      const data = new Int16Array(chunkLength(index))
      const bytes = new Uint8Array(data.buffer)
      let done = 0
      while (done < bytes.length && !closed) {
        const { bytesRead } = await file.read(bytes, done, bytes.length - done, index * CHUNK_SAMPLES * 2 + done)
        if (bytesRead === 0) break
        done += bytesRead
      }
      if (!closed && done === bytes.length) chunks.set(index, data)
    } catch {
      // A file that vanished or cannot be read: the samples stay missing and are counted by the mixer.
    } finally {
      loading.delete(index)
    }
  }

  function want(from: number): void {
    if (closed) return
    const first = Math.floor(Math.max(0, from) / CHUNK_SAMPLES)
    for (const index of chunks.keys()) if (index < first || index >= first + CHUNKS_AHEAD) chunks.delete(index)
    for (let index = first; index < first + CHUNKS_AHEAD && index * CHUNK_SAMPLES < sound.length; index++) {
      if (!chunks.has(index) && !loading.has(index)) void load(index)
    }
  }

  return {
    length: sound.length,
    want,
    prime(from) {
      const index = Math.floor(Math.max(0, from) / CHUNK_SAMPLES)
      if (chunks.has(index) || chunkLength(index) <= 0) return
      try {
        const file = openSync(sound.path, 'r')
        try {
          const data = new Int16Array(chunkLength(index))
          const got = readSync(file, new Uint8Array(data.buffer), 0, data.byteLength, index * CHUNK_SAMPLES * 2)
          if (got === data.byteLength) chunks.set(index, data)
        } finally {
          closeSync(file)
        }
      } catch {
        // As above: counted as missing.
      }
      want(from)
    },
    mix(from, into, offset, count, gain) {
      let missing = 0
      const scale = gain / 32_768
      for (let done = 0; done < count; ) {
        const position = from + done
        const index = Math.floor(position / CHUNK_SAMPLES)
        const inside = position - index * CHUNK_SAMPLES
        const run = Math.min(count - done, CHUNK_SAMPLES - inside)
        const chunk = chunks.get(index)
        if (position < 0 || position >= sound.length) {
          // Beyond the file there is silence by right, nothing is missing.
        } else if (chunk === undefined) missing += run
        else for (let i = 0; i < run; i++) into[offset + done + i] = (into[offset + done + i] ?? 0) + (chunk[inside + i] ?? 0) * scale
        done += run
      }
      want(from + count)
      return missing
    },
    close() {
      closed = true
      chunks.clear()
      void handle?.then((file) => file.close()).catch(() => undefined)
    },
  }
}
