import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * The device's flash: small documents that must survive a power cut at any byte. Written beside, synced, renamed; the old one stays whole until the new one is.
 * `durable: false` leaves out the sync (survives a killed process, not a power cut): for hundreds of simulated radios on one disk.
 */
export interface Flash {
  read(name: string): unknown
  write(name: string, value: unknown): void
  path(name: string): string
}

export function writeFileAtomic(path: string, data: string | Uint8Array, options: { durable?: boolean; mode?: number } = {}): void {
  const temp = `${path}.new`
  const file = openSync(temp, 'w', options.mode ?? 0o600)
  try {
    const bytes = typeof data === 'string' ? Buffer.from(data) : data
    for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done)
    if (options.durable !== false) fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(temp, path)
  if (options.durable !== false) syncFolder(dirname(path))
}

/** Makes a rename itself durable; Windows has no folder handles, and needs none. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

export function openFlash(folder: string, options: { durable: boolean }): Flash {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = (name: string): string => `${folder}/${name}`
  return {
    path,
    read(name) {
      try {
        const value: unknown = JSON.parse(readFileSync(path(name), 'utf8'))
        return value
      } catch {
        // Absent, or damaged by hardware: the device goes on with what the station tells it again.
        return null
      }
    },
    write: (name, value) => writeFileAtomic(path(name), JSON.stringify(value), { durable: options.durable }),
  }
}
