import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { z } from 'zod'

/** What a running station writes into its data folder (DESIGN: pid, port, token, boot; readable by its account alone). */
const StationLock = z.object({ pid: z.number().int().positive(), port: z.number().int().min(1).max(65_535), token: z.string().min(1).max(200), boot: z.string().min(1).max(40) })
export type StationLock = z.infer<typeof StationLock>

const Health = z.object({ ok: z.literal(true), boot: z.string() })
const MAX_HEALTH_BYTES = 4096

export function readStationLock(dataFolder: string): StationLock | null {
  try {
    return StationLock.parse(JSON.parse(readFileSync(join(dataFolder, 'station.lock.json'), 'utf8')))
  } catch {
    // None, half removed, or not one: no station to be found this way.
    return null
  }
}

/** Signal 0 also reaches a dead process whose parent never collected it; Linux tells the two apart. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    // EPERM: it lives, under another account.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
  if (process.platform !== 'linux') return true
  try {
    return !/^\d+ \(.*\) [ZX]/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    // It ended between the two looks.
    return false
  }
}

/** @returns the boot the station answers with, or null when it does not answer properly in time */
export function askHealth(port: number, limitMs: number): Promise<string | null> {
  return new Promise((resolve) => {
    const asked = request({ host: '127.0.0.1', port, path: '/health', timeout: limitMs, agent: false }, (answer) => {
      let body = ''
      answer.setEncoding('utf8')
      answer.on('data', (part: string) => {
        body += part
        if (body.length > MAX_HEALTH_BYTES) asked.destroy()
      })
      answer.on('end', () => resolve(bootOf(body)))
      answer.on('error', () => resolve(null))
    })
    const limit = setTimeout(() => asked.destroy(), limitMs)
    asked.on('error', () => resolve(null))
    asked.on('close', () => {
      clearTimeout(limit)
      resolve(null)
    })
    asked.end()
  })
}

function bootOf(body: string): string | null {
  try {
    return Health.parse(JSON.parse(body)).boot
  } catch {
    // Something else listens on that port.
    return null
  }
}

/** A station of this folder that lives and answers as the one that wrote the lock. */
export async function findStation(dataFolder: string, limitMs: number): Promise<StationLock | null> {
  const lock = readStationLock(dataFolder)
  if (lock === null || !isAlive(lock.pid)) return null
  return (await askHealth(lock.port, limitMs)) === lock.boot ? lock : null
}
