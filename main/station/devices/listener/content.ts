import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { mkdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import type { ContentItem } from '#common/letters/index.ts'
import type { StationContext } from '../../context.ts'
import { syncFile, syncFolder } from '../../store/files.ts'

const CHUNK_BYTES = 262_144
const Row = z.object({ sha256: z.string(), bytes: z.number(), mime: z.string(), title: z.string(), pinned: z.number(), dur_ms: z.number().nullable(), chunks: z.string() })
const Chunks = z.array(z.string())

export interface StoredContent { readonly sha256: string; readonly bytes: number; readonly mime: string; readonly title: string; readonly pinned: boolean; readonly durMs: number | null; readonly chunks: readonly string[] }

/** Files devices may fetch as `/c/{sha256}`: immutable, named by what is in them. */
export class ContentShelf {
  readonly #ctx: Pick<StationContext, 'folders' | 'db' | 'clock' | 'newId'>

  constructor(ctx: Pick<StationContext, 'folders' | 'db' | 'clock' | 'newId'>) {
    this.#ctx = ctx
  }

  path(sha256: string): string {
    return join(this.#ctx.folders.content, sha256.slice(0, 2), sha256)
  }

  get(sha256: string): StoredContent | null {
    const row = Row.nullable().parse(this.#ctx.db.prepare('SELECT sha256, bytes, mime, title, pinned, dur_ms, chunks FROM content WHERE sha256 = ?').get(sha256) ?? null)
    return row === null ? null : { sha256: row.sha256, bytes: row.bytes, mime: row.mime, title: row.title, pinned: row.pinned === 1, durMs: row.dur_ms, chunks: Chunks.parse(JSON.parse(row.chunks)) }
  }

  /** Takes a copy of the file. The same bytes again only refresh what is known about them. */
  async add(file: string, mime: string, options: { pinned: boolean; title: string; durMs: number | null }): Promise<StoredContent> {
    const part = join(this.#ctx.folders.temp, `${this.#ctx.newId()}.content`)
    const whole = createHash('sha256')
    const chunks: string[] = []
    let chunk = createHash('sha256')
    let filled = 0
    let bytes = 0
    try {
      await pipeline(createReadStream(file), async function* hashed(source) {
        for await (const read of source) {
          const data = Buffer.from(read)
          whole.update(data)
          bytes += data.length
          for (let position = 0; position < data.length;) {
            const step = Math.min(CHUNK_BYTES - filled, data.length - position)
            chunk.update(data.subarray(position, position + step))
            filled += step
            position += step
            if (filled === CHUNK_BYTES) {
              chunks.push(chunk.digest('hex'))
              chunk = createHash('sha256')
              filled = 0
            }
          }
          yield data
        }
      }, createWriteStream(part))
      if (filled > 0) chunks.push(chunk.digest('hex'))
      const sha256 = whole.digest('hex')
      const target = this.path(sha256)
      if ((await stat(target).catch(() => null))?.size !== bytes) {
        await mkdir(dirname(target), { recursive: true })
        syncFile(part)
        await rename(part, target)
        syncFolder(dirname(target))
      }
      this.#ctx.db.prepare(`INSERT INTO content (sha256, bytes, mime, title, pinned, dur_ms, chunks, added_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (sha256) DO UPDATE SET title = excluded.title, pinned = max(pinned, excluded.pinned), dur_ms = coalesce(excluded.dur_ms, dur_ms)`)
        .run(sha256, bytes, mime, options.title, options.pinned ? 1 : 0, options.durMs, JSON.stringify(chunks), Math.floor(this.#ctx.clock.now()))
      return { sha256, bytes, mime, title: options.title, pinned: options.pinned, durMs: options.durMs, chunks }
    } finally {
      await rm(part, { force: true })
    }
  }

  /** Facts of an item for a manifest. */
  manifestItem(content: StoredContent, keep: ContentItem['keep'], until?: string): ContentItem {
    return {
      sha256: content.sha256, bytes: content.bytes, mime: content.mime, ...(content.title === '' ? {} : { name: content.title.slice(0, 200) }), ...(content.durMs === null ? {} : { durMs: content.durMs }),
      urls: [`/c/${content.sha256}`], keep, ...(until === undefined ? {} : { until }), chunks: { size: CHUNK_BYTES, sha256: content.chunks },
    }
  }

  encodedAs(source: string, profile: string): StoredContent | null {
    const row = z.object({ sha256: z.string() }).nullable().parse(this.#ctx.db.prepare('SELECT sha256 FROM content_encodes WHERE source = ? AND profile = ?').get(source, profile) ?? null)
    // The row may outlive its file (a folder restored by hand): then it is made again.
    return row === null || !existsSync(this.path(row.sha256)) ? null : this.get(row.sha256)
  }

  rememberEncode(source: string, profile: string, sha256: string): void {
    this.#ctx.db.prepare('INSERT OR REPLACE INTO content_encodes (source, profile, sha256) VALUES (?, ?, ?)').run(source, profile, sha256)
  }
}
