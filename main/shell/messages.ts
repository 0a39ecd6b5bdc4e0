/**
 * Everything the window may ask of the shell. Each message is taken only from the main frame of the studio's own window on its own
 * origin, and its content is parsed by a schema; anything else is an error for the caller and a line in the log.
 */
import { type BrowserWindow, type IpcMainInvokeEvent, dialog, ipcMain, powerSaveBlocker } from 'electron'
import { z } from 'zod'
import { channels, pickKinds, type PickKind, type StationAddress, type StationState } from '../../preload/bridge.ts'
import { APP_ORIGIN } from './app-protocol.ts'
import { saveText } from './save-file.ts'
import { openScreenWindow, screenAddress } from './screen-window.ts'
import { text, useLanguage } from './texts.ts'

export interface MessageDeps {
  window(): BrowserWindow | null
  address(): Promise<StationAddress>
  state(): StationState | null
  setUnsaved(unsaved: boolean): void
  quitAndStop(): Promise<boolean>
}

const filters: Record<Exclude<PickKind, 'folder'>, { labelKey: 'audioFiles' | 'imageFiles'; extensions: string[] }> = {
  audio: { labelKey: 'audioFiles', extensions: ['wav', 'mp3', 'm4a', 'aac', 'flac', 'ogg', 'oga', 'opus', 'amr', '3gp', 'wma', 'aif', 'aiff', 'caf', 'mp4', 'mkv', 'mov', 'webm', 'avi', 'ts', 'rf64', 'w64'] },
  image: { labelKey: 'imageFiles', extensions: ['png', 'jpg', 'jpeg', 'webp'] },
}

const SaveRequest = z.object({ suggestedName: z.string().trim().min(1).max(200), text: z.string().max(64 * 1024 * 1024) })

export function answerWindow(deps: MessageDeps): void {
  const handle = <T, R>(channel: string, schema: z.ZodType<T>, run: (input: T, window: BrowserWindow) => R): void => {
    ipcMain.handle(channel, (event: IpcMainInvokeEvent, input: unknown) => {
      const window = deps.window()
      const frame = event.senderFrame
      if (window === null || event.sender !== window.webContents || frame === null || frame !== window.webContents.mainFrame || frame.origin !== APP_ORIGIN) {
        console.warn(`refused ${channel} from ${frame?.url ?? 'a closed frame'}`)
        throw new Error('refused')
      }
      const parsed = schema.safeParse(input)
      if (!parsed.success) {
        console.warn(`refused ${channel}: not the agreed shape`)
        throw new Error('refused')
      }
      return run(parsed.data, window)
    })
  }

  let blocker: number | null = null
  handle(channels.station, z.undefined(), () => deps.address())
  handle(channels.stationState, z.undefined(), () => deps.state())
  handle(channels.pickFiles, z.enum(pickKinds), async (kind, window) => (await pick(kind, window)) ?? [])
  handle(channels.saveFile, SaveRequest, (request, window) => saveText(window, request))
  handle(channels.setUnsaved, z.boolean(), (unsaved) => deps.setUnsaved(unsaved))
  handle(channels.setLanguage, z.enum(['vi', 'en']), (language) => useLanguage(language))
  handle(channels.quitAndStop, z.undefined(), () => deps.quitAndStop())
  handle(channels.keepAwake, z.boolean(), (on) => {
    if (blocker !== null) powerSaveBlocker.stop(blocker)
    blocker = on ? powerSaveBlocker.start('prevent-app-suspension') : null
  })
  handle(channels.openScreenWindow, z.string().max(2000), async (wanted, window) => {
    const address = screenAddress(wanted, (await deps.address()).url)
    if (address === null) throw new Error('refused')
    openScreenWindow(address, window)
  })
}

async function pick(kind: PickKind, window: BrowserWindow): Promise<string[] | null> {
  if (kind === 'folder') {
    const chosen = await dialog.showOpenDialog(window, { properties: ['openDirectory', 'createDirectory'] })
    return chosen.canceled ? null : chosen.filePaths
  }
  const { labelKey, extensions } = filters[kind]
  const chosen = await dialog.showOpenDialog(window, {
    properties: ['openFile', 'multiSelections'], filters: [{ name: text(labelKey), extensions }, { name: text('allFiles'), extensions: ['*'] }],
  })
  return chosen.canceled ? null : chosen.filePaths
}
