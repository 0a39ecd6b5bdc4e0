import type { WebContents } from 'electron'

/**
 * A window stays on the page it was made for: links, scripts and drops cannot lead it elsewhere, and it opens no other window.
 * @param allowed decides per address; a plain reload of the allowed page passes
 */
export function holdNavigation(contents: WebContents, allowed: (url: string) => boolean): void {
  contents.on('will-navigate', (event) => {
    if (!event.isMainFrame || !allowed(event.url)) event.preventDefault()
  })
  contents.on('will-redirect', (event) => {
    if (!allowed(event.url)) event.preventDefault()
  })
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
}
