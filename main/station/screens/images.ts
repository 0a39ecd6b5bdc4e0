import { createHash } from 'node:crypto'
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { AppError } from '#contract/errors.ts'
import type { StationContext } from '../context.ts'
import { syncFolder } from '../store/files.ts'
import { imageFacts, type ImageFacts } from './image-facts.ts'

export interface StoredImage extends ImageFacts {
  readonly sha256: string
  readonly bytes: number
  readonly path: string
}

const MAX_BYTES = 20 * 1024 * 1024
const Row = z.object({ sha256: z.string(), mime: z.enum(['image/png', 'image/jpeg', 'image/webp']), bytes: z.number(), width_px: z.number(), height_px: z.number() })

/** Pictures of notices, by content address. */
export class ImageShelf {
  readonly #ctx: Pick<StationContext, 'db' | 'folders' | 'clock' | 'newId'>

  constructor(ctx: Pick<StationContext, 'db' | 'folders' | 'clock' | 'newId'>) {
    this.#ctx = ctx
  }

  path(sha256: string): string {
    return join(this.#ctx.folders.images, sha256)
  }

  get(sha256: string): StoredImage | null {
    const row = Row.nullable().parse(this.#ctx.db.prepare('SELECT sha256, mime, bytes, width_px, height_px FROM board_images WHERE sha256 = ?').get(sha256) ?? null)
    return row === null ? null : { sha256: row.sha256, mime: row.mime, bytes: row.bytes, widthPx: row.width_px, heightPx: row.height_px, path: this.path(row.sha256) }
  }

  /** Takes a copy. @throws AppError file-missing, image-unreadable, disk-full */
  async add(file: string): Promise<StoredImage> {
    const bytes = await readBounded(file)
    const facts = imageFacts(bytes)
    if (facts === null) throw new AppError('image-unreadable')
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const temp = join(this.#ctx.folders.temp, `${this.#ctx.newId()}.image`)
    try {
      const handle = openSync(temp, 'w', 0o600)
      try {
        for (let done = 0; done < bytes.length;) done += writeSync(handle, bytes, done)
        fsyncSync(handle)
      } finally {
        closeSync(handle)
      }
      renameSync(temp, this.path(sha256))
      syncFolder(this.#ctx.folders.images)
    } catch (error) {
      rmSync(temp, { force: true })
      if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') throw new AppError('disk-full', { cause: error })
      throw error
    }
    this.#ctx.db.prepare('INSERT OR IGNORE INTO board_images (sha256, mime, bytes, width_px, height_px, added_at) VALUES (?, ?, ?, ?, ?, ?)')
      .run(sha256, facts.mime, bytes.length, facts.widthPx, facts.heightPx, Math.floor(this.#ctx.clock.now()))
    return { ...facts, sha256, bytes: bytes.length, path: this.path(sha256) }
  }
}

async function readBounded(file: string): Promise<Buffer> {
  const handle = await open(file, 'r').catch((error: unknown) => {
    throw new AppError('file-missing', { cause: error })
  })
  try {
    const stats = await handle.stat()
    if (!stats.isFile() || stats.size === 0 || stats.size > MAX_BYTES) throw new AppError('image-unreadable')
    return await handle.readFile()
  } finally {
    await handle.close()
  }
}
