import { Menu, Tray, nativeImage } from 'electron'
import type { StationState } from '../../preload/bridge.ts'
import { places } from './places.ts'
import { onLanguage, type ShellText, text } from './texts.ts'

export interface TrayDeps {
  show(): void
  quit(): void
  quitAndStop(): Promise<boolean>
}

const stateTexts: Record<StationState['state'], ShellText> = { ready: 'stationReady', gone: 'stationGone', silent: 'stationSilent', failed: 'stationFailed' }

/** The shell's face while no window is open. @returns what to call with each state of the station */
export function keepTray(deps: TrayDeps): (state: StationState) => void {
  const icon = nativeImage.createFromPath(places.icon('tray.png'))
  let state: ShellText = 'stationStarting'
  const tray = new Tray(icon)
  const draw = (): void => {
    tray.setToolTip(`VangXa Studio — ${text(state)}`)
    tray.setContextMenu(Menu.buildFromTemplate([
      { label: text(state), enabled: false },
      { type: 'separator' },
      { label: text('openWindow'), click: deps.show },
      { type: 'separator' },
      { label: text('quit'), click: deps.quit },
      { label: text('quitAndStop'), click: () => void deps.quitAndStop() },
    ]))
  }
  tray.on('click', deps.show)
  onLanguage(draw)
  draw()
  return (next) => {
    state = stateTexts[next.state]
    draw()
  }
}
