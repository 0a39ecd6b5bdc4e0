/** Name of the cache of the page itself. */
export const SHELL = 'vangxa-shell'

/** Holds exactly what the last complete load was made of; a load that came from the cache changes nothing. */
export async function keep(addresses: readonly string[]): Promise<void> {
  const cache = await caches.open(SHELL)
  for (const address of addresses) {
    if ((await cache.match(address)) !== undefined) continue
    const response = await fetch(address, { cache: 'no-cache' }).catch(() => null)
    if (response === null || !response.ok) return
    await cache.put(address, response)
  }
  const wanted = new Set(addresses.map((address) => new URL(address).pathname))
  for (const request of await cache.keys()) {
    const { pathname } = new URL(request.url)
    if (pathname.startsWith('/screen/assets/') && !wanted.has(pathname)) await cache.delete(request)
  }
}
