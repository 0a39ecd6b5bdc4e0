import { closeSync, fstatSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Logger } from '../context.ts'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'
const order: Record<LogLevel, number> = { debug: 0, info: 1, warn: 2, error: 3 }
const MAX_LOG_BYTES = 10_000_000
const KEPT_LOGS = 5
const secretKey = /token|password|pin$|secret|ticket|session$/i

function plain(value: unknown, depth: number): unknown {
  if (value instanceof Error) {
    const code: unknown = 'code' in value ? value.code : undefined
    return { name: value.name, message: value.message, code, stack: value.stack, cause: value.cause === undefined || depth > 3 ? undefined : plain(value.cause, depth + 1) }
  }
  if (typeof value === 'bigint') return value.toString()
  if (typeof value !== 'object' || value === null) return value
  if (depth > 3) return '…'
  if (Array.isArray(value)) return value.slice(0, 50).map(item => plain(item, depth + 1))
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, secretKey.test(key) ? '***' : plain(item, depth + 1)]))
}

/** JSON lines in `folder/station.log`, rotated by size, and one short line on stderr. Synchronous, so the last line before a crash is there. */
export function openLogger(folder: string, options: { level: LogLevel; stderr: boolean }): Logger & { close(): void } {
  const file = join(folder, 'station.log')
  let handle = openSync(file, 'a', 0o600)
  let size = fstatSync(handle).size

  const rotate = () => {
    closeSync(handle)
    rmSync(`${file}.${KEPT_LOGS}`, { force: true })
    for (let n = KEPT_LOGS - 1; n >= 1; n--) {
      try {
        renameSync(`${file}.${n}`, `${file}.${n + 1}`)
      } catch {
        // That many old logs do not exist yet.
      }
    }
    renameSync(file, `${file}.1`)
    handle = openSync(file, 'a', 0o600)
    size = 0
  }

  const write = (level: LogLevel, room: string, message: string, data?: Record<string, unknown>) => {
    if (order[level] < order[options.level]) return
    const at = new Date().toISOString()
    const shown = data === undefined ? undefined : plain(data, 0)
    try {
      const line = `${JSON.stringify({ at, level, room, message, data: shown })}\n`
      size += writeSync(handle, line)
      if (size > MAX_LOG_BYTES) rotate()
    } catch (error) {
      // A full disk must not stop the air: the line still goes to stderr below.
      if (options.stderr) writeSync(2, `log file: ${String(error)}\n`)
    }
    if (options.stderr) {
      const error = data?.['error']
      const detail = error === undefined ? '' : `: ${error instanceof Error ? (error.stack ?? error.message) : JSON.stringify(plain(error, 0))}`
      try {
        writeSync(2, `${at.slice(11, 23)} ${level.padEnd(5)} ${room}: ${message}${detail}\n`)
      } catch {
        // stderr was closed by the parent (detached station): the file has the line.
      }
    }
  }
  const named = (room: string): Logger => ({
    debug: (message, data) => write('debug', room, message, data),
    info: (message, data) => write('info', room, message, data),
    warn: (message, data) => write('warn', room, message, data),
    error: (message, data) => write('error', room, message, data),
    child: name => named(room === 'station' ? name : `${room}/${name}`),
  })
  let open = true
  return {
    ...named('station'),
    close() {
      if (open) closeSync(handle)
      open = false
    },
  }
}
