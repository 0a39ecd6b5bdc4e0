import { readFileSync } from 'node:fs'
import { z } from 'zod'

const Lock = z.object({ pid: z.number().int().positive() })
const LOOK_EVERY_MS = 30_000
const GONE_LIMIT_MS = 15 * 60_000

/** A simulator outlives its station, so that the cache can prove itself, but not for ever: calls `end` when the station stays gone. */
export function endWhenGone(lockFile: string, end: () => void): void {
  let goneSince: number | null = null
  setInterval(() => {
    if (isAlive(lockFile)) goneSince = null
    else goneSince ??= performance.now()
    if (goneSince !== null && performance.now() - goneSince > GONE_LIMIT_MS) end()
  }, LOOK_EVERY_MS).unref()
}

function isAlive(lockFile: string): boolean {
  try {
    process.kill(Lock.parse(JSON.parse(readFileSync(lockFile, 'utf8'))).pid, 0)
    return true
  } catch {
    // No lock, an unreadable one, or no such process.
    return false
  }
}
