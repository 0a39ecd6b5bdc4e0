import { createHash } from 'node:crypto'
import { open, stat, statfs } from 'node:fs/promises'
import type { Stats } from 'node:fs'
import { dirname } from 'node:path'
import { AppError } from '#contract/errors.ts'
import { stampOf } from '../foundation/stamp.ts'
import { fileError } from '../media/index.ts'
import type { Place } from './rows.ts'

export interface TakenIn {
  readonly sha256: string
  readonly sizeBytes: number
  /** The source as it was while it was read. */
  readonly place: Place
}
export const placeOf = (path: string, facts: Stats): Place => ({ path, ...stampOf(facts), changedMs: facts.ctimeMs })

const BLOCK_BYTES = 1 << 20

const isSame = (a: Stats, b: Stats) => a.size === b.size && a.mtimeMs === b.mtimeMs && a.ino === b.ino

/** @throws AppError disk-full when `folder` cannot hold `bytes` more */
export async function needRoom(folder: string, bytes: number): Promise<void> {
  const facts = await statfs(folder).catch(() => null)
  if (facts !== null && facts.bavail * facts.bsize < bytes) throw new AppError('disk-full')
}

/**
 * Copies a file that is not ours while hashing it, and makes the copy durable; without a target it is only hashed. The source must be the same file, with the same bytes,
 * from the first to the last of them: one that vanished or changed meanwhile may have been incomplete.
 * @throws AppError file-missing, file-empty, file-unreadable, file-not-audio (a folder, a device), disk-full, cancelled
 */
export async function takeIn(source: string, target: string | null, options: { signal: AbortSignal; progress: (value: number) => void }): Promise<TakenIn> {
  try {
    const before = await stat(source)
    if (!before.isFile()) throw new AppError('file-not-audio')
    if (before.size === 0) throw new AppError('file-empty')
    if (target !== null) await needRoom(dirname(target), before.size)
    const taken = await readThrough(source, target, before.size, options)
    const after = await stat(source)
    if (!isSame(before, after) || taken.sizeBytes !== before.size) throw new AppError('file-unreadable', { data: { detail: 'changed' } })
    return { ...taken, place: placeOf(source, after) }
  } catch (error) {
    throw fileError(error)
  }
}

async function readThrough(source: string, target: string | null, size: number, options: { signal: AbortSignal; progress: (value: number) => void }): Promise<Omit<TakenIn, 'place'>> {
  const hash = createHash('sha256')
  const block = Buffer.allocUnsafe(BLOCK_BYTES)
  const input = await open(source, 'r')
  try {
    const output = target === null ? null : await open(target, 'wx')
    try {
      let sizeBytes = 0
      for (;;) {
        if (options.signal.aborted) throw new AppError('cancelled')
        const { bytesRead } = await input.read(block, 0, BLOCK_BYTES, null)
        if (bytesRead === 0) break
        hash.update(block.subarray(0, bytesRead))
        if (output !== null) for (let written = 0; written < bytesRead;) written += (await output.write(block, written, bytesRead - written)).bytesWritten
        sizeBytes += bytesRead
        options.progress(Math.min(1, sizeBytes / size))
      }
      await output?.sync()
      return { sha256: hash.digest('hex'), sizeBytes }
    } finally {
      await output?.close()
    }
  } finally {
    await input.close()
  }
}
