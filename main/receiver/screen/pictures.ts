import { rmSync } from 'node:fs'
import { download } from '../content/download.ts'
import { hashFile, type ContentStore } from '../content/store.ts'
import type { HttpClient } from '../link/http.ts'
import { soundErrorCode } from '../player/voice.ts'

export interface PictureWish {
  readonly sha256: string
  readonly url: string
  readonly bytes: number | undefined
}

/** Pictures by hash. One is here only after its bytes were read and found right, also those of an earlier boot. */
export interface Pictures {
  has(sha256: string): boolean
  /** Here, or tried and not to be had for now: words need not wait for it any longer. */
  settled(sha256: string): boolean
  want(list: readonly PictureWish[]): void
  close(): Promise<void>
}

const MAX_BYTES = 24 * 1024 * 1024
const RETRY_MS = 10_000

export function openPictures(options: { http: HttpClient; store: ContentStore; monotonicMs: () => number; onReady: () => void; onFail: (sha256: string, code: string) => void }): Pictures {
  const { http, store, monotonicMs } = options
  const stopped = new AbortController()
  const checked = new Set<string>()
  const retryAt = new Map<string, number>()
  const running = new Map<string, Promise<void>>()
  let wanted = new Set<string>()

  async function load({ sha256, url, bytes }: PictureWish): Promise<void> {
    try {
      if (store.has(sha256) && (await hashFile(store.path(sha256))) !== sha256) rmSync(store.path(sha256), { force: true })
      if (!(await store.roomFor(bytes ?? 0))) for (const gone of await store.evict(bytes ?? 0, store.all().filter((one) => !wanted.has(one)))) checked.delete(gone)
      await download({ sha256, bytes: bytes ?? MAX_BYTES, urls: [url] }, { http, store, mayRun: () => Promise.resolve(), signal: stopped.signal })
      checked.add(sha256)
      retryAt.delete(sha256)
      options.onReady()
    } catch (error) {
      if (stopped.signal.aborted) return
      // Told once: the retries that follow are the same story.
      if (!retryAt.has(sha256)) options.onFail(sha256, soundErrorCode(error))
      retryAt.set(sha256, monotonicMs() + RETRY_MS)
    } finally {
      running.delete(sha256)
    }
  }
  return {
    has: (sha256) => checked.has(sha256),
    settled: (sha256) => checked.has(sha256) || retryAt.has(sha256),
    want(list) {
      wanted = new Set(list.map((wish) => wish.sha256))
      for (const wish of list) {
        const { sha256 } = wish
        if (checked.has(sha256) || running.has(sha256) || (retryAt.get(sha256) ?? 0) > monotonicMs() || stopped.signal.aborted) continue
        running.set(sha256, load(wish))
      }
    },
    async close() {
      stopped.abort()
      await Promise.all(running.values())
    },
  }
}
