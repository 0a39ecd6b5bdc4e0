import { keep, SHELL } from './keep.ts'

/**
 * Serves the kiosk page when the station does not. The page is asked for at the station first, within three seconds; its files have their
 * hash in the name and come from the cache at once. Pictures and letters are none of its business: the page keeps those itself.
 */
declare const self: ServiceWorkerGlobalScope

const PATIENCE_MS = 3000

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(SHELL).then((cache) => cache.add('./')).then(() => self.skipWaiting()))
})
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))

self.addEventListener('message', (event) => {
  const data: unknown = event.data
  if (typeof data !== 'object' || data === null || !('keep' in data) || !Array.isArray(data.keep)) return
  const wanted = data.keep.filter((one): one is string => typeof one === 'string')
  event.waitUntil(keep(wanted))
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  const { pathname, origin } = new URL(request.url)
  if (request.method !== 'GET' || origin !== self.location.origin || !pathname.startsWith('/screen/')) return
  event.respondWith(request.mode === 'navigate' ? page(request) : file(request))
})

async function page(request: Request): Promise<Response> {
  const cache = await caches.open(SHELL)
  const stored = await cache.match('./')
  const fresh = fetch(request).then(async (response) => {
    if (response.ok) await cache.put('./', response.clone())
    return response.ok || stored === undefined ? response : stored
  })
  if (stored === undefined) return fresh
  const late = new Promise<Response>((resolve) => setTimeout(() => resolve(stored.clone()), PATIENCE_MS))
  return Promise.race([fresh.catch(() => stored.clone()), late])
}
async function file(request: Request): Promise<Response> {
  const cache = await caches.open(SHELL)
  const stored = await cache.match(request)
  return stored ?? fetch(request)
}
