import { open, type FileHandle } from 'node:fs/promises'

/** The real file system with manners: slow, or full after so many bytes. Everything that fits is written for real. */
export interface BadDisk {
  readonly open: typeof open
  /** Each flush takes this long from now on. */
  slow(ms: number): void
  /** No more than this from now on, then ENOSPC. */
  room(bytes: number): void
}

export function badDisk(realOpen: typeof open = open): BadDisk {
  let slowMs = 0
  let left = Infinity
  const full = () => Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
  const wrap = (file: FileHandle): FileHandle => new Proxy(file, {
    get(target, name) {
      if (name === 'write') {
        return async (bytes: Uint8Array, offset: number, length: number, position: number) => {
          // What is written over is paid already.
          if (position + length <= (await target.stat()).size) return target.write(bytes, offset, length, position)
          if (length > left) {
            // A disk takes what fits before it refuses.
            const fits = left
            left = 0
            if (fits > 0) return target.write(bytes, offset, fits, position)
            throw full()
          }
          left -= length
          return target.write(bytes, offset, length, position)
        }
      }
      if (name === 'datasync') {
        return async () => {
          if (slowMs > 0) await new Promise((resolve) => setTimeout(resolve, slowMs))
          return target.datasync()
        }
      }
      const value: unknown = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  return {
    open: async (...args: Parameters<typeof open>) => wrap(await realOpen(...args)),
    slow: (ms) => { slowMs = ms },
    room: (bytes) => { left = bytes },
  }
}
