/**
 * What the shell offers to its window: the whole of `window.vangxa`. Everything else goes to the station over the contract.
 * The window gets no paths it did not ask the person for, no ipcRenderer, no Node.
 */
export interface StationAddress {
  /** `http://127.0.0.1:<port>` of a local station, or the address of the remote one. The contract is at `/rpc` of the same host. */
  readonly url: string
  readonly token: string
  readonly dataFolder: string
}

/**
 * - `ready`: the station answers at `address` (also after a restart: the port and the token may have changed)
 * - `gone`: the station stopped; the shell starts it again by itself, `nextTryInMs` from now
 * - `silent`: its process lives but does not answer; the shell leaves it alone, because the air may be going on
 * - `failed`: it ended while starting; `detail` holds the last lines it printed
 */
export type StationState =
  | { readonly state: 'ready'; readonly address: StationAddress }
  | { readonly state: 'gone'; readonly nextTryInMs: number }
  | { readonly state: 'silent' }
  | { readonly state: 'failed'; readonly detail: string; readonly nextTryInMs: number }

export const pickKinds = ['audio', 'image', 'folder'] as const
export type PickKind = (typeof pickKinds)[number]

export interface SaveRequest {
  /** Offered name with extension, no folder. */
  readonly suggestedName: string
  readonly text: string
}

export interface VangxaBridge {
  readonly platform: 'aix' | 'android' | 'cygwin' | 'darwin' | 'freebsd' | 'haiku' | 'linux' | 'netbsd' | 'openbsd' | 'sunos' | 'win32'
  /** Where the station is; waits until one answers. */
  station(): Promise<StationAddress>
  /** Called at once with the state known now, then with every change. Returns the unsubscribe. */
  onStation(listener: (state: StationState) => void): () => void
  /** Called when the window is minimised or hidden (false) and when it is back (true). The page is never throttled, so its own `visibilitychange` does not tell. */
  onSeen(listener: (seen: boolean) => void): () => void
  /** Folders of dropped or picked files; a `File` made by the page itself has none and gives ''. */
  pathsOf(files: readonly File[]): string[]
  /** [] when the person cancels. `audio` and `image` allow several files, `folder` gives one. */
  pickFiles(kind: PickKind): Promise<string[]>
  /** Opens a public screen of the station (`<station>/screen/…`) in a full-screen window of its own, without this bridge. */
  openScreenWindow(url: string): Promise<void>
  /** Asks where, writes UTF-8, answers the path or null when the person cancels. */
  saveFile(request: SaveRequest): Promise<string | null>
  /** Keeps the computer from sleeping while a take is recorded or a microphone is live. */
  keepAwake(on: boolean): Promise<void>
  /** While true, closing the window asks first. */
  setUnsaved(unsaved: boolean): Promise<void>
  /** The language of the shell's own menus and dialogs. */
  setLanguage(language: 'vi' | 'en'): Promise<void>
  /** Ends the station, hence the air, and the shell; asks for confirmation. False = the person said no. */
  quitAndStop(): Promise<boolean>
}

/** Channels between preload and shell; nothing else is listened to. */
export const channels = {
  station: 'vangxa:station',
  stationState: 'vangxa:station-state',
  stationChanged: 'vangxa:station-changed',
  seen: 'vangxa:seen',
  pickFiles: 'vangxa:pick-files',
  openScreenWindow: 'vangxa:open-screen-window',
  saveFile: 'vangxa:save-file',
  keepAwake: 'vangxa:keep-awake',
  setUnsaved: 'vangxa:set-unsaved',
  setLanguage: 'vangxa:set-language',
  quitAndStop: 'vangxa:quit-and-stop',
} as const

declare global {
  interface Window {
    readonly vangxa: VangxaBridge
  }
}
