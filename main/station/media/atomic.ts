import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileError } from './wav.ts'

/** What stands at `target` is whole or absent: written beside it, synced, renamed. */

let counter = 0
/** In the same folder, so that the rename stays on one volume. The ending is what start-up sweeps away. */
export const PART_ENDING = '.part'
export const partOf = (target: string) => `${target}.${process.pid}-${++counter}${PART_ENDING}`

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** Windows refuses while a virus scanner holds the file: it lets go within a second or two. */
async function renamePatiently(from: string, to: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await rename(from, to)
    } catch (error) {
      const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined
      if (attempt >= 10 || (code !== 'EPERM' && code !== 'EBUSY' && code !== 'EACCES') || process.platform !== 'win32') throw error
      await pause(50 * (attempt + 1))
    }
  }
}

/** Runs `write` on a part file; on any failure nothing is left. Errors come out as AppErrors. */
export async function writeWhole<T>(target: string, write: (part: string) => Promise<T>): Promise<T> {
  const part = partOf(target)
  try {
    const value = await write(part)
    await syncFile(part)
    await renamePatiently(part, target)
    await syncFolder(dirname(target))
    return value
  } catch (error) {
    await rm(part, { force: true }).catch(() => undefined)
    throw fileError(error)
  }
}

/** A file of its whole size with its header alone: threads fill in the rest, each its own part. */
export async function layOut(path: string, header: Uint8Array, size: number): Promise<void> {
  const file = await open(path, 'w')
  try {
    await file.write(header)
    await file.truncate(size)
  } finally {
    await file.close()
  }
}
