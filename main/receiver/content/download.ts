import { createHash } from 'node:crypto'
import { rmSync } from 'node:fs'
import { open, rename, stat, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { ContentItem } from '#common/letters/index.ts'
import type { HttpAnswer, HttpClient } from '../link/http.ts'
import { syncFolder } from '../flash.ts'
import { SoundError } from '../player/voice.ts'
import { hashFile, type ContentStore } from './store.ts'

export interface DownloadParts {
  readonly http: HttpClient
  readonly store: ContentStore
  /** Holds the transfer while something live or an alert runs. */
  readonly mayRun: () => Promise<void>
  readonly signal: AbortSignal
}
export interface Wanted extends Pick<ContentItem, 'sha256'> {
  readonly bytes?: number | undefined
  readonly urls?: readonly string[] | undefined
  readonly chunks?: ContentItem['chunks'] | undefined
}

const MAX_BYTES = 4_294_967_296
const CHUNK_TRIES = 3

/** Fetches one file by its hash, going on where an earlier try stopped. The file appears under its name only when every byte is right and on disk. */
export async function download(wanted: Wanted, parts: DownloadParts): Promise<void> {
  const { store } = parts
  if (store.has(wanted.sha256)) return
  const urls = wanted.urls !== undefined && wanted.urls.length > 0 ? wanted.urls : [`/c/${wanted.sha256}`]
  const part = store.partPath(wanted.sha256)
  let failure: unknown = new SoundError('net')
  for (const url of urls) {
    try {
      await fetchInto(part, url, wanted, parts)
      if ((await hashFile(part)) !== wanted.sha256) {
        rmSync(part, { force: true })
        failure = new SoundError('bad_hash')
        continue
      }
      const handle = await open(part, 'r+')
      try {
        await handle.sync()
      } finally {
        await handle.close()
      }
      await rename(part, store.path(wanted.sha256))
      syncFolder(dirname(part))
      return
    } catch (error) {
      if (parts.signal.aborted) throw error
      failure = error
    }
  }
  if (failure instanceof SoundError) throw failure
  if (failure instanceof Error && 'code' in failure && failure.code === 'ENOSPC') {
    rmSync(part, { force: true })
    throw new SoundError('disk_full', failure)
  }
  throw new SoundError('net', failure)
}

async function fetchInto(part: string, url: string, wanted: Wanted, parts: DownloadParts): Promise<void> {
  const file = await open(part, 'a+')
  try {
    for (let tries = 0; tries < CHUNK_TRIES; tries++) {
      const size = (await stat(part)).size
      const from = wanted.chunks === undefined ? size : Math.floor(size / wanted.chunks.size) * wanted.chunks.size
      if (from !== size) await file.truncate(from)
      if (wanted.bytes !== undefined && from === wanted.bytes) return
      await parts.mayRun()
      const answer = await parts.http.get(url, { signal: parts.signal, headers: from === 0 ? {} : { range: `bytes=${from}-`, 'if-range': `"${wanted.sha256}"` } })
      if (answer.status === 200 || answer.status === 206) {
        if (answer.status === 200 && from > 0) await file.truncate(0)
        const start = answer.status === 206 ? from : 0
        if (await append(file, answer, start, wanted, parts)) return
        continue
      }
      answer.body.resume()
      // The part file does not fit what the server has: begin again.
      if (answer.status === 416) await file.truncate(0)
      else throw new SoundError(answer.status === 404 ? 'no_file' : 'net', new Error(`status ${answer.status}`))
    }
    throw new SoundError('bad_hash')
  } finally {
    await file.close()
  }
}

/** Writes the body; with chunk hashes each 256 KiB is checked before it is kept. False = a chunk was wrong, ask again from there. */
async function append(file: FileHandle, answer: HttpAnswer, start: number, wanted: Wanted, parts: DownloadParts): Promise<boolean> {
  const limit = wanted.bytes ?? MAX_BYTES
  let position = start
  let held: Buffer[] = []
  let heldBytes = 0
  const keep = async (last: boolean): Promise<boolean> => {
    const { chunks } = wanted
    let data = Buffer.concat(held)
    held = []
    while (data.length > 0) {
      const run = chunks === undefined ? data.length : Math.min(chunks.size, data.length)
      if (chunks !== undefined && run < chunks.size && !last) break
      const piece = data.subarray(0, run)
      if (chunks !== undefined && createHash('sha256').update(piece).digest('hex') !== chunks.sha256[Math.floor(position / chunks.size)]) return false
      await file.appendFile(piece)
      position += run
      data = data.subarray(run)
    }
    held = data.length > 0 ? [data] : []
    heldBytes = data.length
    return true
  }
  for await (const chunk of answer.body) {
    if (!Buffer.isBuffer(chunk)) continue
    held.push(chunk)
    heldBytes += chunk.length
    if (position + heldBytes > limit) {
      answer.body.destroy()
      throw new SoundError('bad_hash', new Error('longer than announced'))
    }
    if (heldBytes >= 262_144) {
      if (!(await keep(false))) {
        answer.body.destroy()
        return false
      }
      await parts.mayRun()
    }
  }
  return keep(true)
}
