import { randomBytes } from 'node:crypto'
import { existsSync, renameSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * A file that only takes up room. A disk that ran full would keep even the start of the station from writing its lock file and its journal;
 * giving the reserve back lets people in to clear up.
 */
const RESERVE = 'station.reserve'
const RESERVE_BYTES = 16_777_216
/** Under this the station cannot work safely. */
export const TIGHT_BYTES = 8_388_608
const AMPLE_BYTES = 20 * RESERVE_BYTES

export function freeBytesIn(folder: string): number {
  const stats = statfsSync(folder)
  return stats.bavail * stats.bsize
}

/** Gives the reserve back when the disk is full. @returns whether it did */
export function useReserve(root: string): boolean {
  const file = join(root, RESERVE)
  if (freeBytesIn(root) >= TIGHT_BYTES || !existsSync(file)) return false
  rmSync(file, { force: true })
  return true
}

/** Lays the reserve up while there is ample room. */
export function keepReserve(root: string): void {
  const file = join(root, RESERVE)
  if (existsSync(file) || freeBytesIn(root) < AMPLE_BYTES) return
  // Random: a compressing file system would give no room back for zeros.
  writeFileSync(`${file}.part`, randomBytes(RESERVE_BYTES))
  renameSync(`${file}.part`, file)
}
