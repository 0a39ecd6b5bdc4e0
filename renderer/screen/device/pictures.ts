import { toHex } from '#common/letters/index.ts'

/** Pictures by hash in Cache storage. Shown as blobs, and only after their bytes were checked. */
export interface Pictures {
  /** Ready to show now. */
  has(sha256: string): boolean
  urlOf(sha256: string): string | null
  /** Sees to it that these are here; others may go. */
  want(list: readonly { readonly sha256: string; readonly url: string; readonly bytes: number | undefined }[]): void
  /** The browser could not show it: it is never tried again. */
  bad(sha256: string): void
}

const CACHE = 'vangxa-media'
const MAX_BYTES = 24 * 1024 * 1024
const KEPT = 60
const RETRY_MS = 10_000
const keyOf = (sha256: string): string => `/screen/media/${sha256}`

export async function openPictures(options: { secret: () => string; onReady: () => void; onFail: (sha256: string, code: string) => void }): Promise<Pictures> {
  const cache = await caches.open(CACHE)
  const urls = new Map<string, string>()
  const refused = new Set<string>()
  const running = new Set<string>()
  const retryAt = new Map<string, number>()

  async function load(sha256: string, url: string, bytes: number | undefined): Promise<void> {
    const held = await cache.match(keyOf(sha256))
    const body = held === undefined ? await download(url, bytes) : await held.blob()
    const digest = toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', await body.arrayBuffer())))
    if (digest !== sha256) {
      await cache.delete(keyOf(sha256))
      if (held === undefined) options.onFail(sha256, 'bad_hash')
      throw new Error('bad_hash')
    }
    if (held === undefined) await cache.put(keyOf(sha256), new Response(body, { headers: { 'content-type': body.type } }))
    urls.set(sha256, URL.createObjectURL(body))
    options.onReady()
  }
  async function download(url: string, bytes: number | undefined): Promise<Blob> {
    const response = await fetch(url, { headers: { authorization: `Bearer ${options.secret()}` }, cache: 'no-store' })
    if (!response.ok) throw new Error(`status ${response.status}`)
    const body = await response.blob()
    if (body.size > MAX_BYTES || (bytes !== undefined && body.size !== bytes)) throw new Error('size')
    return body
  }
  async function forget(wanted: ReadonlySet<string>): Promise<void> {
    const kept = await cache.keys()
    for (const request of kept.slice(0, Math.max(0, kept.length - KEPT))) {
      const sha256 = new URL(request.url).pathname.split('/').at(-1) ?? ''
      if (!wanted.has(sha256)) await cache.delete(request)
    }
    for (const [sha256, url] of urls) {
      if (wanted.has(sha256)) continue
      URL.revokeObjectURL(url)
      urls.delete(sha256)
    }
  }
  return {
    has: (sha256) => urls.has(sha256) && !refused.has(sha256),
    urlOf: (sha256) => urls.get(sha256) ?? null,
    want(list) {
      for (const { sha256, url, bytes } of list) {
        if (urls.has(sha256) || refused.has(sha256) || running.has(sha256) || (retryAt.get(sha256) ?? 0) > performance.now()) continue
        running.add(sha256)
        load(sha256, url, bytes).catch(() => retryAt.set(sha256, performance.now() + RETRY_MS)).finally(() => running.delete(sha256))
      }
      void forget(new Set(list.map((one) => one.sha256)))
    },
    bad(sha256) {
      refused.add(sha256)
      options.onFail(sha256, 'unsupported')
    },
  }
}
