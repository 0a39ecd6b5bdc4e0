import { BrowserWindow, screen, session } from 'electron'
import { holdNavigation } from './navigation.ts'
import { refusePermissions } from './permissions.ts'
import { safePreferences } from './window.ts'

const RELOAD_AFTER_MS = 2000

/** @returns the address when it is a public screen of this station, else null */
export function screenAddress(wanted: string, stationUrl: string): string | null {
  if (!URL.canParse(wanted)) return null
  const url = new URL(wanted)
  return url.origin === new URL(stationUrl).origin && url.username === '' && url.pathname.startsWith('/screen/') ? url.href : null
}

/** A public screen on this computer: full screen, on the second display when there is one, with a profile of its own and no bridge. */
export function openScreenWindow(address: string, parent: BrowserWindow | null): void {
  const own = session.fromPartition('persist:screens')
  refusePermissions(own)
  const here = parent === null ? screen.getPrimaryDisplay() : screen.getDisplayMatching(parent.getBounds())
  const display = screen.getAllDisplays().find((candidate) => candidate.id !== here.id) ?? here
  const window = new BrowserWindow({
    ...display.bounds, fullscreen: true, autoHideMenuBar: true, backgroundColor: '#000000', title: 'VangXa',
    webPreferences: { ...safePreferences, session: own, backgroundThrottling: false, autoplayPolicy: 'no-user-gesture-required' },
  })
  window.removeMenu()
  const { origin } = new URL(address)
  holdNavigation(window.webContents, (url) => url.startsWith(`${origin}/screen/`))
  window.webContents.on('before-input-event', (event, input) => {
    if (input.type !== 'keyDown' || input.key !== 'Escape') return
    event.preventDefault()
    window.close()
  })
  // The station may be starting again at this moment: a screen does not stay on an error page.
  window.webContents.on('did-fail-load', (_event, _code, _text, _url, isMainFrame) => {
    if (isMainFrame) setTimeout(() => void (window.isDestroyed() || load()), RELOAD_AFTER_MS)
  })
  const load = (): void => { window.loadURL(address).catch(() => undefined) }
  load()
}
