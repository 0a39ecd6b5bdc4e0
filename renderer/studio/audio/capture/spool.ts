import { encodeChunk, encodeSession, type SpoolChunk, type SpoolSession } from './spool-records.ts'
import { FRAME_HEADER_BYTES } from '#contract/frames.ts'

/**
 * A place beside the memory for sound the station has not taken yet, written so that the next window can hand it in when this one dies
 * (spool-records.ts).
 */
export interface Spool {
  readonly isEmpty: boolean
  /** What is written from now on belongs to this session; what lies there from position `from` on too, counted from there. */
  begin(session: SpoolSession, from: number): void
  /** Where the sound was put, or null when it takes no more. */
  write(chunk: SpoolChunk): number | null
  read(offset: number, length: number): Uint8Array<ArrayBuffer> | null
  /** What was written survives a power cut too. */
  flush(): void
  /** Nothing of it is needed any more. */
  clear(): void
  close(): void
}

/** The synchronous file access of a Worker, as far as it is used here. */
export interface SyncFile {
  read(buffer: Uint8Array<ArrayBuffer>, options: { at: number }): number
  write(buffer: Uint8Array<ArrayBuffer>, options: { at: number }): number
  truncate(size: number): void
  flush(): void
  close(): void
}

export function spoolOn(file: SyncFile): Spool {
  let end = 0
  let broken = false
  let dirty = false
  function append(bytes: Uint8Array<ArrayBuffer>): boolean {
    if (broken) return false
    try {
      if (file.write(bytes, { at: end }) === bytes.length) {
        end += bytes.length
        dirty = true
        return true
      }
    } catch {
      // The quota is used up or the disk is full: what follows stays in memory.
    }
    broken = true
    return false
  }
  return {
    get isEmpty() { return end === 0 },
    begin(session, from) {
      append(encodeSession(session, from))
    },
    write(chunk) {
      const at = end
      return append(encodeChunk(chunk)) ? at + FRAME_HEADER_BYTES : null
    },
    read(offset, length) {
      const bytes = new Uint8Array(length)
      try {
        return file.read(bytes, { at: offset }) === length ? bytes : null
      } catch {
        return null
      }
    },
    flush() {
      if (!dirty) return
      dirty = false
      try {
        file.flush()
      } catch {
        // It still survives a dead window; only a power cut could cost it.
      }
    },
    clear() {
      if (end === 0 && !broken) return
      end = 0
      broken = false
      dirty = false
      try {
        file.truncate(0)
      } catch {
        // It is written over from the beginning just the same.
      }
    },
    close() {
      file.close()
    },
  }
}
