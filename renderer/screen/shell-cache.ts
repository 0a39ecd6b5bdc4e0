/**
 * Keeps the page itself for a start without the station: the service worker is told which files this load was made of.
 */
export function keepShell(): void {
  if (!('serviceWorker' in navigator)) return
  const tell = async (): Promise<void> => {
    const registration = await navigator.serviceWorker.ready
    const files = performance.getEntriesByType('resource').map((entry) => entry.name).filter((name) => new URL(name).pathname.startsWith('/screen/'))
    registration.active?.postMessage({ keep: [...new Set([location.href, ...files])] })
  }
  navigator.serviceWorker.register('./sw.js', { scope: './', type: 'module' }).then(() => tell(), () => undefined)
  addEventListener('load', () => void tell())
  // Files that came after the first picture (fonts, certificate library).
  setTimeout(() => void tell(), 15_000)
}
