import type { SyncFile } from '../../../renderer/studio/audio/capture/spool.ts'

/** A file as a Worker sees it, with a size it may reach. */
export function memoryFile(limit = Infinity): SyncFile & { size: () => number; largest: () => number } {
  let bytes = new Uint8Array(1 << 20)
  let end = 0
  let largest = 0
  return {
    read(buffer, { at }) {
      const part = bytes.subarray(at, Math.max(at, Math.min(end, at + buffer.length)))
      buffer.set(part)
      return part.length
    },
    write(buffer, { at }) {
      if (at + buffer.length > limit) throw new DOMException('full', 'QuotaExceededError')
      if (at + buffer.length > bytes.length) {
        const grown = new Uint8Array(2 * (at + buffer.length))
        grown.set(bytes)
        bytes = grown
      }
      bytes.set(buffer, at)
      end = Math.max(end, at + buffer.length)
      largest = Math.max(largest, end)
      return buffer.length
    },
    truncate(size) { end = size },
    flush: () => undefined,
    close: () => undefined,
    size: () => end,
    largest: () => largest,
  }
}
