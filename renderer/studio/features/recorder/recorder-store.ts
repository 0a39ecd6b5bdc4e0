import { create } from 'zustand'
import type { RecordedTake } from '#contract/recorder.ts'
import { idleTake, type TakeModel } from '#common/take/index.ts'
import type { CaptureInfo, CaptureLinkState, InputDevice, NoInputReason } from '../../audio/capture/index.ts'

export type InputPhase = 'closed' | 'opening' | 'open' | 'failed'

export interface RecorderState {
  readonly model: TakeModel
  /** The take as the station tells it: durable frames, faults, marks, room on the disk. */
  readonly take: RecordedTake | null
  readonly input: InputPhase
  readonly noInput: NoInputReason | null
  readonly info: CaptureInfo | null
  readonly devices: readonly InputDevice[]
  readonly deviceId: string | null
  readonly channels: 1 | 2
  readonly title: string
  readonly link: CaptureLinkState
  /** Frames kept in this window because the station has not written them yet. */
  readonly waitingFrames: number
  /** Exact zeros for five seconds and more: a muted or dead input. */
  readonly silent: boolean
  /** Latched until the person clears it. */
  readonly clipped: boolean
}

const DEVICE_KEY = 'recorder.device'
const CHANNELS_KEY = 'recorder.channels'

/** State of the recorder for every page and the status bar; it lives as long as the window, not as long as the recorder page. */
export const useRecorderStore = create<RecorderState>(() => ({
  model: idleTake, take: null, input: 'closed', noInput: null, info: null, devices: [], deviceId: localStorage.getItem(DEVICE_KEY), channels: localStorage.getItem(CHANNELS_KEY) === '2' ? 2 : 1,
  title: '', link: 'connecting', waitingFrames: 0, silent: false, clipped: false,
}))

export function rememberInput(deviceId: string | null, channels: 1 | 2): void {
  if (deviceId !== null) localStorage.setItem(DEVICE_KEY, deviceId)
  localStorage.setItem(CHANNELS_KEY, String(channels))
}
