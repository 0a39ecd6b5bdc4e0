import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

/** How the shell finds a running station. Written by the holder of the folder only (store/guard.ts); never read to decide who holds it. */
export const LockFile = z.object({ pid: z.number().int(), port: z.number().int(), token: z.string(), boot: z.string(), startedAt: z.number().int() })
export type LockFile = z.infer<typeof LockFile>
export const LOCK_FILE = 'station.lock.json'

/** Whole or not at all, readable by this account alone: it carries the station's token. */
export function writeLockFile(root: string, lock: LockFile): void {
  const part = join(root, `${LOCK_FILE}.part`)
  rmSync(part, { force: true })
  const handle = openSync(part, 'wx', 0o600)
  try {
    writeSync(handle, JSON.stringify(lock))
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  renameSync(part, join(root, LOCK_FILE))
}

export function removeLockFile(root: string): void {
  rmSync(join(root, LOCK_FILE), { force: true })
}

/** null when there is none or it is not one. */
export function readLockFile(root: string): LockFile | null {
  try {
    return LockFile.parse(JSON.parse(readFileSync(join(root, LOCK_FILE), 'utf8')))
  } catch {
    // Absent, half removed or not ours: all the same to whoever looks for a station.
    return null
  }
}
