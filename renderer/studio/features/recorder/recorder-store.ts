import { create } from 'zustand'
import type { RecordedTake } from '#contract/recorder.ts'
import { idleTake, type TakeModel } from '#common/take/index.ts'
import type { CaptureInfo, CaptureLinkState, InputDevice, NoInputReason } from '../../audio/capture/index.ts'
import { noClips, type ClipLatch } from './clip-latch.ts'

export type InputPhase = 'closed' | 'opening' | 'open' | 'failed'

export interface RecorderState {
  readonly model: TakeModel
  /** The running part as the station tells it: durable frames, faults, marks, room on the disk. */
  readonly take: RecordedTake | null
  /** All parts of the run, first to last, the running one with them. */
  readonly parts: readonly RecordedTake[]
  readonly input: InputPhase
  readonly noInput: NoInputReason | null
  readonly info: CaptureInfo | null
  readonly devices: readonly InputDevice[]
  readonly deviceId: string | null
  readonly channels: 1 | 2
  readonly title: string
  readonly link: CaptureLinkState
  /** Frames kept in this window because the station has not written them yet, and where. */
  readonly waitingFrames: number
  readonly waitingIn: 'memory' | 'disk'
  /** Frames of the take that found room nowhere. */
  readonly droppedFrames: number
  /** Exact zeros for five seconds and more: a muted or dead input. */
  readonly silent: boolean
  /** Nothing comes from the sound system at all. */
  readonly stalled: boolean
  /** Latched until the person clears it. */
  readonly clips: ClipLatch
  /** Level watched and everything ready, also on other pages: one key starts. */
  readonly isArmed: boolean
  /** 3, 2, 1 before a take; null when nobody counts. */
  readonly count: number | null
  /** Label of the next mark; empty = a number. */
  readonly nextLabel: string
}

const DEVICE_KEY = 'recorder.device'
const CHANNELS_KEY = 'recorder.channels'

/** State of the recorder for every page and the status bar; it lives as long as the window, not as long as the recorder page. */
export const useRecorderStore = create<RecorderState>(() => ({
  model: idleTake, take: null, parts: [], input: 'closed', noInput: null, info: null, devices: [], deviceId: localStorage.getItem(DEVICE_KEY), channels: localStorage.getItem(CHANNELS_KEY) === '2' ? 2 : 1,
  title: '', link: 'connecting', waitingFrames: 0, waitingIn: 'memory', droppedFrames: 0, silent: false, stalled: false, clips: noClips, isArmed: false, count: null, nextLabel: '',
}))

export function rememberInput(deviceId: string | null, channels: 1 | 2): void {
  if (deviceId !== null) localStorage.setItem(DEVICE_KEY, deviceId)
  localStorage.setItem(CHANNELS_KEY, String(channels))
}

/** The parts with one of them told anew. */
export function withPart(parts: readonly RecordedTake[], take: RecordedTake): readonly RecordedTake[] {
  const others = parts.filter((one) => one.id !== take.id && one.groupId === take.groupId)
  return [...others, take].sort((a, b) => a.part - b.part)
}
