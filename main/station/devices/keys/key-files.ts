import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import type { z } from 'zod'
import { syncFolder } from '../../store/files.ts'

/** Writes a secret: mode 0600 from its first byte, temp file + fsync + rename. */
export function writeSecret(file: string, content: string): void {
  const part = `${file}.part`
  rmSync(part, { force: true })
  const handle = openSync(part, 'wx', 0o600)
  try {
    writeSync(handle, content)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  renameSync(part, file)
  syncFolder(dirname(file))
}

/** Text of a file, or null when there is none. */
export function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

/** JSON of a file by its schema; null when there is none. A file that does not fit throws: keys are never silently replaced. */
export function readSecret<S extends z.ZodType>(file: string, schema: S): z.output<S> | null {
  const text = readText(file)
  return text === null ? null : schema.parse(JSON.parse(text))
}
