import { open, statfs, unlink } from 'node:fs/promises'
import { join } from 'node:path'

const RESERVE_BYTES = 8 * 1024 * 1024
/** No reserve where it would be a noticeable part of what is left. */
const RESERVE_ONLY_ABOVE_BYTES = 20 * RESERVE_BYTES

/** A take that a full disk has cut goes on only when there is room for minutes, not for the next syllable. */
export const LEAST_BYTES_TO_GO_ON = 50_000_000

/**
 * Room on the disk of the takes. A small reserve file is given up when the disk is full, so that the take can be closed and its
 * particulars written even then.
 */
export interface DiskWatch {
  readonly freeBytes: number | null
  look(): Promise<number | null>
  keepReserve(): Promise<void>
  giveUpReserve(): Promise<void>
}

export type StatFs = (folder: string) => Promise<{ bavail: number; bsize: number }>

export function watchDisk(folder: string, stat: StatFs = statfs): DiskWatch {
  const reserve = join(folder, '.reserve')
  let freeBytes: number | null = null
  async function look(): Promise<number | null> {
    try {
      const { bavail, bsize } = await stat(folder)
      freeBytes = bavail * bsize
    } catch {
      freeBytes = null
    }
    return freeBytes
  }
  return {
    get freeBytes() { return freeBytes },
    look,
    async keepReserve() {
      if (((await look()) ?? 0) < RESERVE_ONLY_ABOVE_BYTES) return
      try {
        const file = await open(reserve, 'wx', 0o600)
        try {
          await file.writeFile(new Uint8Array(RESERVE_BYTES))
        } finally {
          await file.close()
        }
      } catch {
        // It is there already, or the disk does not want it: both are fine.
      }
    },
    giveUpReserve: () => unlink(reserve).catch(() => undefined),
  }
}
