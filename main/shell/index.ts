import { app, dialog, session } from 'electron'
import { channels, type StationState } from '../../preload/bridge.ts'
import { declareAppScheme, serveApp } from './app-protocol.ts'
import { readShellArguments, type ShellArguments } from './arguments.ts'
import { keepMenu } from './menu.ts'
import { answerWindow } from './messages.ts'
import { limitPermissions } from './permissions.ts'
import { chooseDataFolder } from './places.ts'
import { launchStation } from './station-launch.ts'
import { StationKeeper } from './station-process.ts'
import { RemoteStation } from './station-remote.ts'
import { shutDownStation } from './station-shutdown.ts'
import { guessLanguage, text } from './texts.ts'
import { keepTray } from './tray.ts'
import { createStudioWindow } from './window.ts'

function readOrExplain(): ShellArguments | null {
  try {
    return readShellArguments(process.argv.slice(1))
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    return null
  }
}

/** Start-up as a list: what must come before `ready`, then the station and the window at the same time. */
async function run(wanted: ShellArguments, dataFolder: string): Promise<void> {
  declareAppScheme()
  // Chromium has no sandbox for root (see the start script); every window still asks for it by itself.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox()
  const window = createStudioWindow()
  let showState: (state: StationState) => void = () => undefined
  const onState = (state: StationState): void => {
    showState(state)
    window.current()?.webContents.send(channels.stationChanged, state)
  }
  const station = wanted.remote === null
    ? new StationKeeper({ dataFolder, demo: wanted.demo, launch: (options) => launchStation(dataFolder, options), onState })
    : new RemoteStation(wanted.remote, onState)

  const quit = (): void => app.quit()
  const quitAndStop = async (): Promise<boolean> => {
    if (!(station instanceof StationKeeper)) {
      quit()
      return true
    }
    const parent = window.current()
    const question = { type: 'warning' as const, message: text('stopQuestion'), detail: text('stopDetail'), buttons: [text('stay'), text('stopConfirm')], defaultId: 0, cancelId: 0, noLink: true }
    const { response } = parent === null ? await dialog.showMessageBox(question) : await dialog.showMessageBox(parent, question)
    if (response !== 1) return false
    const { lock, state } = station
    station.stop()
    if (lock !== null && state?.state !== 'failed' && state?.state !== 'gone') {
      const ended = await shutDownStation({ url: `http://127.0.0.1:${lock.port}`, token: lock.token, dataFolder }, lock.pid)
      if (!ended) dialog.showErrorBox('VangXa Studio', text('stopFailed'))
    }
    window.release()
    quit()
    return true
  }

  app.on('second-instance', () => window.show())
  app.on('activate', () => window.show())
  // The tray stays when the last window closes: the air goes on, and the way back is there.
  app.on('window-all-closed', () => undefined)
  app.on('before-quit', () => station.stop())

  await app.whenReady()
  guessLanguage()
  serveApp(session.defaultSession, wanted.remote?.url ?? null)
  limitPermissions(session.defaultSession, (contents) => contents !== null && contents === window.current()?.webContents)
  answerWindow({ window: window.current, address: () => station.address(), state: () => station.state, setUnsaved: window.setUnsaved, quitAndStop })
  keepMenu({ quit, quitAndStop })
  showState = keepTray({ show: window.show, quit, quitAndStop })
  window.show()
  await station.keep()
}

const wanted = readOrExplain()
if (wanted === null) {
  app.exit(2)
} else {
  const dataFolder = chooseDataFolder(wanted.data)
  // One shell per data folder: the second brings the window of the first to the front and ends.
  if (app.requestSingleInstanceLock()) {
    run(wanted, dataFolder).catch((error: unknown) => {
      console.error(error)
      dialog.showErrorBox('VangXa Studio', error instanceof Error ? error.message : String(error))
      app.exit(1)
    })
  } else {
    console.log('VangXa Studio is already open on this data folder; its window was brought to the front')
    app.exit(0)
  }
}
