import { closeSync, fsyncSync, openSync } from 'node:fs'

/** Makes a rename inside `folder` survive a power cut. */
export function syncFolder(folder: string): void {
  // Windows has no handle on a folder; NTFS journals the rename itself.
  if (process.platform === 'win32') return
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

export function syncFile(file: string): void {
  const handle = openSync(file, 'r+')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/** `20251121-043412` in UTC: sorts by time, safe in every file system. */
export function stamp(now: number): string {
  return new Date(now).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')
}
