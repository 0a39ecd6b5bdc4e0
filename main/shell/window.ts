import { BrowserWindow, dialog, nativeTheme, session } from 'electron'
import { channels } from '../../preload/bridge.ts'
import { APP_ORIGIN } from './app-protocol.ts'
import { holdNavigation } from './navigation.ts'
import { places } from './places.ts'
import { text } from './texts.ts'

/** Web preferences of every window; the e2e tests hold each of them. */
export const safePreferences = {
  contextIsolation: true, sandbox: true, nodeIntegration: false, nodeIntegrationInWorker: false, nodeIntegrationInSubFrames: false, webviewTag: false,
  webSecurity: true, allowRunningInsecureContent: false, experimentalFeatures: false, navigateOnDragDrop: false, spellcheck: false,
} as const

export interface StudioWindow {
  /** Brings the window to the front, making it when there is none. */
  show(): void
  current(): BrowserWindow | null
  setUnsaved(unsaved: boolean): void
  /** From now on the window closes without a question. */
  release(): void
}

/** The one window of the studio. Closing it leaves the shell in the tray and the station on air. */
export function createStudioWindow(): StudioWindow {
  let window: BrowserWindow | null = null
  let unsaved = false
  let released = false

  const open = (): BrowserWindow => {
    const made = new BrowserWindow({
      width: 1366, height: 768, minWidth: 1024, minHeight: 640, show: false, autoHideMenuBar: true, title: 'VangXa Studio', icon: places.icon('icon.png'),
      backgroundColor: nativeTheme.shouldUseDarkColors ? '#141619' : '#f6f7f9',
      // Recorder, meters and playback go on while the window is behind another one.
      webPreferences: { ...safePreferences, preload: places.preload, backgroundThrottling: false, autoplayPolicy: 'no-user-gesture-required', session: session.defaultSession },
    })
    holdNavigation(made.webContents, (url) => url === `${APP_ORIGIN}/` || url.startsWith(`${APP_ORIGIN}/index.html`))
    made.once('ready-to-show', () => made.show())
    made.on('close', (event) => {
      if (!unsaved || released) return
      const answer = dialog.showMessageBoxSync(made, {
        type: 'warning', message: text('unsavedTitle'), detail: text('unsavedDetail'), buttons: [text('stay'), text('closeAnyway')], defaultId: 0, cancelId: 0, noLink: true,
      })
      if (answer === 0) event.preventDefault()
    })
    tellSeen(made)
    made.on('closed', () => {
      window = null
      unsaved = false
    })
    made.webContents.on('render-process-gone', (_event, details) => {
      // The station has everything; a fresh page takes up where the old one was.
      if (details.reason !== 'clean-exit' && !made.isDestroyed()) made.webContents.reload()
    })
    void made.loadURL(`${APP_ORIGIN}/`)
    return made
  }

  return {
    show() {
      window ??= open()
      if (window.isMinimized()) window.restore()
      if (!window.isVisible()) return
      window.focus()
    },
    current: () => window,
    setUnsaved(next) {
      unsaved = next
    },
    release() {
      released = true
    },
  }
}

/** Nobody looks at a window that is minimised or hidden: its pictures may rest, while its sound goes on. */
function tellSeen(window: BrowserWindow): void {
  const tell = (): void => {
    if (!window.isDestroyed()) window.webContents.send(channels.seen, window.isVisible() && !window.isMinimized())
  }
  for (const event of ['minimize', 'restore', 'hide', 'show'] as const) window.on(event as 'show', tell)
  window.webContents.on('did-finish-load', () => {
    if (window.isMinimized()) tell()
  })
}
