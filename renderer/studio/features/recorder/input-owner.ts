import { AppError } from '#contract/errors.ts'
import { connection, useStation } from '../../app/station-client/index.ts'
import { listInputs, openCapture, type Capture, type CaptureEvents, type NoInputReason } from '../../audio/capture/index.ts'
import { latchClip } from './clip-latch.ts'
import { rememberInput, useRecorderStore } from './recorder-store.ts'

/** Owns the open microphone: opened for the page's meter, kept open by arming and by a take, closed when nobody needs it. */
type Holder = 'page' | 'armed' | 'punch' | 'take'
const holders = new Set<Holder>()
let capture: Capture | null = null
let opening: Promise<Capture> | null = null
let silentUntil = 0

type Run<K extends keyof CaptureEvents> = (value: CaptureEvents[K]) => void
const listeners: { [K in keyof CaptureEvents]: Set<Run<K>> } = { fault: new Set(), link: new Set(), inputLost: new Set(), durable: new Set(), waiting: new Set(), input: new Set(), room: new Set(), dropped: new Set() }
export function onInput<K extends keyof CaptureEvents>(event: K, run: Run<K>): void {
  listeners[event].add(run)
}

export const currentInput = (): Capture | null => capture

export async function holdInput(holder: Holder): Promise<void> {
  holders.add(holder)
  await open().catch(() => undefined)
}
export function releaseInput(holder: Holder): void {
  holders.delete(holder)
  if (holders.size === 0) void closeInput()
}
/** For a take. @throws AppError no-input */
export async function openInputNow(): Promise<Capture> {
  holders.add('take')
  try {
    return await open()
  } catch (error) {
    holders.delete('take')
    throw error
  }
}

/** Another device or channel count; not while a take is open. */
export async function chooseInput(deviceId: string | null, channels: 1 | 2): Promise<void> {
  rememberInput(deviceId, channels)
  useRecorderStore.setState({ deviceId, channels })
  await closeInput()
  if (holders.size > 0) await open().catch(() => undefined)
}

/** A take goes on with another microphone: positions run on, nothing is closed. @throws AppError no-input */
export async function goOnWith(deviceId: string): Promise<void> {
  const info = await capture?.changeInput(deviceId)
  if (info === undefined) return
  rememberInput(info.deviceId, useRecorderStore.getState().channels)
  useRecorderStore.setState({ deviceId: info.deviceId })
}

export async function refreshDevices(): Promise<void> {
  useRecorderStore.setState({ devices: await listInputs() })
}
navigator.mediaDevices?.addEventListener('devicechange', () => {
  void refreshDevices()
  // Someone plugged the microphone in that was missing a moment ago.
  if (capture === null && holders.size > 0) void open().catch(() => undefined)
})

function open(): Promise<Capture> {
  if (capture !== null) return Promise.resolve(capture)
  opening ??= openNow().finally(() => { opening = null })
  return opening
}

async function openNow(): Promise<Capture> {
  const access = connection.credentials()
  if (access === null) throw new AppError('not-signed-in')
  const { deviceId, channels } = useRecorderStore.getState()
  useRecorderStore.setState({ input: 'opening', noInput: null })
  try {
    const opened = await openKnownOrDefault(deviceId, channels, { url: access.url, token: access.token }, access.session)
    capture = opened
    useRecorderStore.setState({ input: 'open', info: opened.info, deviceId: opened.info.deviceId, link: opened.link, silent: false })
    rememberInput(opened.info.deviceId, channels)
    follow(opened)
    void refreshDevices()
    return opened
  } catch (error) {
    const why = error instanceof AppError ? error.data['why'] : undefined
    useRecorderStore.setState({ input: 'failed', noInput: isReason(why) ? why : 'unknown', info: null })
    void refreshDevices()
    throw error
  }
}

/** The remembered device may have been unplugged since yesterday. */
async function openKnownOrDefault(deviceId: string | null, channels: 1 | 2, station: { url: string; token: string }, session: string): Promise<Capture> {
  try {
    return await openCapture({ deviceId, channels, station, session })
  } catch (error) {
    if (deviceId === null || !(error instanceof AppError) || error.data['why'] !== 'missing') throw error
    return openCapture({ deviceId: null, channels, station, session })
  }
}

function follow(opened: Capture): void {
  opened.on('link', (link) => useRecorderStore.setState({ link }))
  opened.on('waiting', (waitingFrames) => {
    useRecorderStore.setState({ waitingFrames, silent: performance.now() < silentUntil })
  })
  opened.on('dropped', (droppedFrames) => useRecorderStore.setState({ droppedFrames }))
  opened.on('room', (waitingIn) => useRecorderStore.setState({ waitingIn }))
  opened.on('fault', (fault) => {
    if (fault.kind === 'clipping') useRecorderStore.setState(({ clips }) => ({ clips: latchClip(clips, fault, Date.now()) }))
    if (fault.kind === 'stalled') useRecorderStore.setState({ stalled: fault.frames === 0 })
    if (fault.kind === 'silence') {
      // Told again every five seconds while it lasts.
      silentUntil = performance.now() + 6_000
      useRecorderStore.setState({ silent: true })
    }
  })
  const forward = <K extends keyof CaptureEvents>(event: K): void => {
    opened.on(event, (value) => { for (const run of listeners[event]) run(value) })
  }
  forward('fault')
  forward('link')
  forward('inputLost')
  forward('input')
}

async function closeInput(): Promise<void> {
  const closing = capture
  capture = null
  if (closing === null) return
  useRecorderStore.setState({ input: 'closed', info: null, silent: false, stalled: false, waitingFrames: 0, droppedFrames: 0 })
  await closing.close()
}

// The station may have moved to another port, or the person signed in anew: the capture's own socket follows.
useStation.subscribe((now) => {
  const access = connection.credentials()
  if (now.phase === 'open' && access !== null) capture?.useStation({ url: access.url, token: access.token }, access.session)
})

function isReason(value: unknown): value is NoInputReason {
  return value === 'denied' || value === 'missing' || value === 'busy' || value === 'channels' || value === 'unknown'
}
