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

const SYNC_EVERY_MS = 500

/**
 * The disk takes in what `work` writes to `path` while it still writes: the last sync then finds little left, and no other file has to wait for this one
 * (a journal writes out long files first). A failure of the disk is told once, to whoever syncs first: it counts here.
 */
export async function syncedWhile<T>(path: string, work: () => Promise<T>): Promise<T> {
  const ended = new AbortController()
  const [done, kept] = await Promise.allSettled([work().finally(() => ended.abort()), syncUntil(path, ended.signal)])
  if (done.status === 'rejected') throw done.reason
  if (kept.status === 'rejected') throw kept.reason
  return done.value
}

async function syncUntil(path: string, ended: AbortSignal): Promise<void> {
  for (;;) {
    await pause(SYNC_EVERY_MS, undefined, { signal: ended }).catch(() => undefined)
    if (ended.aborted) return
    // Perhaps it is not there yet.
    const file = await open(path, 'r+').catch(() => null)
    if (file === null) continue
    try {
      await file.datasync()
    } finally {
      await file.close()
    }
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

/**
 * Runs `write` on a part file; on any failure nothing is left. Errors come out as AppErrors. `meanwhile` may already read the part file while the disk
 * takes it in; it counts: `target` stands only when both are done, and when it fails there is no `target`.
 */
export async function writeWhole<T>(target: string, write: (part: string) => Promise<T>, meanwhile?: (value: T) => Promise<unknown>): Promise<T> {
  const part = partOf(target)
  try {
    const value = await write(part)
    const [synced, read] = await Promise.allSettled([syncFile(part), meanwhile?.(value)])
    if (read.status === 'rejected') throw read.reason
    if (synced.status === 'rejected') throw synced.reason
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
