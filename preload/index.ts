import { contextBridge, ipcRenderer, webUtils } from 'electron'
import { channels, pickKinds, type PickKind, type SaveRequest, type StationAddress, type StationState, type VangxaBridge } from './bridge.ts'

/**
 * The only contextBridge file. It checks the shape of what the page hands in before anything leaves the renderer process;
 * the shell checks it again together with the sender. A listener never sees Electron's event object.
 */
function need(condition: boolean, what: string): asserts condition {
  if (!condition) throw new TypeError(`vangxa: ${what}`)
}

const listeners = new Set<(state: StationState) => void>()
ipcRenderer.on(channels.stationChanged, (_event, state: StationState) => {
  for (const listener of listeners) listener(state)
})

const watchers = new Set<(seen: boolean) => void>()
ipcRenderer.on(channels.seen, (_event, seen: boolean) => {
  for (const watcher of watchers) watcher(seen)
})

const bridge: VangxaBridge = {
  platform: process.platform,

  station: (): Promise<StationAddress> => ipcRenderer.invoke(channels.station),

  onStation(listener) {
    need(typeof listener === 'function', 'onStation needs a function')
    let wanted = true
    let heard = false
    const entry = (state: StationState): void => {
      heard = true
      listener(state)
    }
    listeners.add(entry)
    // The state known now; a change that arrives meanwhile is newer and wins.
    void ipcRenderer.invoke(channels.stationState).then((state: StationState | null) => {
      if (wanted && !heard && state !== null) entry(state)
    })
    return () => {
      wanted = false
      listeners.delete(entry)
    }
  },

  onSeen(listener) {
    need(typeof listener === 'function', 'onSeen needs a function')
    const entry = (seen: boolean): void => listener(seen)
    watchers.add(entry)
    return () => watchers.delete(entry)
  },

  pathsOf(files) {
    need(Array.isArray(files) && files.every((file) => file instanceof File), 'pathsOf needs files')
    return files.map((file) => webUtils.getPathForFile(file))
  },

  pickFiles(kind: PickKind): Promise<string[]> {
    need(pickKinds.includes(kind), `pickFiles needs one of ${pickKinds.join(', ')}`)
    return ipcRenderer.invoke(channels.pickFiles, kind)
  },

  openScreenWindow(url): Promise<void> {
    need(typeof url === 'string', 'openScreenWindow needs an address')
    return ipcRenderer.invoke(channels.openScreenWindow, url)
  },

  saveFile(request: SaveRequest): Promise<string | null> {
    need(typeof request === 'object' && request !== null && typeof request.suggestedName === 'string' && typeof request.text === 'string', 'saveFile needs a name and a text')
    return ipcRenderer.invoke(channels.saveFile, { suggestedName: request.suggestedName, text: request.text })
  },

  keepAwake(on): Promise<void> {
    need(typeof on === 'boolean', 'keepAwake needs true or false')
    return ipcRenderer.invoke(channels.keepAwake, on)
  },

  setUnsaved(unsaved): Promise<void> {
    need(typeof unsaved === 'boolean', 'setUnsaved needs true or false')
    return ipcRenderer.invoke(channels.setUnsaved, unsaved)
  },

  setLanguage(language): Promise<void> {
    need(language === 'vi' || language === 'en', 'setLanguage needs vi or en')
    return ipcRenderer.invoke(channels.setLanguage, language)
  },

  quitAndStop: (): Promise<boolean> => ipcRenderer.invoke(channels.quitAndStop),
}

contextBridge.exposeInMainWorld('vangxa', bridge)
