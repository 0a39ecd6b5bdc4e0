import type { Action } from '../../app/actions/index.ts'
import { translate } from '../../i18n/index.ts'
import { isOpen } from '#common/take/index.ts'
import { showError } from '../../app/errors/index.ts'
import { countIn, isCounting, stopCount } from './countdown.ts'
import { holdInput, releaseInput } from './input-owner.ts'
import { noClips } from './clip-latch.ts'
import { changeSettings, useRecorderSettings } from './recorder-settings.ts'
import { useRecorderStore } from './recorder-store.ts'
import { pageDeeds } from './page-deeds.ts'
import { lookForRoomNow } from './take-cut.ts'
import { markTake, splitTake, startTake, stopTake, togglePause } from './take-owner.ts'

const COUNT_FROM = 3
export const quickLabels = ['fluff', 'good', 'drop', 'music'] as const

const open = (): boolean => isOpen(useRecorderStore.getState().model)
const running = (): boolean => open() && useRecorderStore.getState().model.phase !== 'closing'
const notClosing = (): boolean => useRecorderStore.getState().model.phase !== 'closing'

export async function toggleRecord(): Promise<void> {
  if (open()) return stopTake()
  if (isCounting()) return stopCount()
  if (!useRecorderSettings.getState().countIn) return startTake()
  // The microphone is open and heard before the first number.
  if (useRecorderSettings.getState().source === 'device') await holdInput('armed')
  countIn(COUNT_FROM, () => void startTake().catch(showError).finally(() => releaseInput('armed')))
}

export async function toggleArm(): Promise<void> {
  const { isArmed } = useRecorderStore.getState()
  useRecorderStore.setState({ isArmed: !isArmed })
  if (isArmed) releaseInput('armed')
  else await holdInput('armed')
}

const quickMark = (label: (typeof quickLabels)[number], index: number): Action => ({
  id: `recorder.mark.${label}`, labelKey: `recorder.quick.${label}`, shortcut: `Digit${index + 1}`, subject: 'marks', role: 'recorder', page: 'recorder', enabled: running, run: () => markTake(translate(`recorder.quick.${label}`)),
})

/** Keys of the recorder page. */
export const recorderActions: readonly Action[] = [
  { id: 'recorder.record', labelKey: 'recorder.actions.record', shortcut: 'KeyR', subject: 'transport', role: 'recorder', page: 'recorder', enabled: notClosing, run: toggleRecord },
  { id: 'recorder.arm', labelKey: 'recorder.actions.arm', shortcut: 'KeyA', subject: 'transport', role: 'recorder', page: 'recorder', enabled: () => !open(), run: toggleArm },
  { id: 'recorder.stopCount', labelKey: 'recorder.actions.stopCount', shortcut: 'Escape', subject: 'transport', role: 'recorder', page: 'recorder', enabled: isCounting, run: stopCount },
  { id: 'recorder.pause', labelKey: 'recorder.actions.pause', shortcut: 'KeyP', subject: 'transport', role: 'recorder', page: 'recorder', enabled: running, run: togglePause },
  { id: 'recorder.split', labelKey: 'recorder.actions.split', shortcut: 'KeyN', subject: 'transport', role: 'recorder', page: 'recorder', enabled: running, run: splitTake },
  { id: 'recorder.mark', labelKey: 'recorder.actions.mark', shortcut: 'KeyM', subject: 'marks', role: 'recorder', page: 'recorder', enabled: running, run: () => markTake() },
  { id: 'recorder.lookForRoom', labelKey: 'recorder.actions.lookForRoom', shortcut: 'KeyF', subject: 'transport', role: 'recorder', page: 'recorder', enabled: () => useRecorderStore.getState().model.diskFull, run: lookForRoomNow },
  ...quickLabels.map(quickMark),
  { id: 'recorder.clearClip', labelKey: 'recorder.actions.clearClip', shortcut: 'KeyX', subject: 'sound', role: 'recorder', page: 'recorder', enabled: () => useRecorderStore.getState().clips.count > 0, run: () => useRecorderStore.setState({ clips: noClips }) },
  { id: 'recorder.countIn', labelKey: 'recorder.actions.countIn', shortcut: 'KeyD', subject: 'transport', role: 'recorder', page: 'recorder', run: () => changeSettings({ countIn: !useRecorderSettings.getState().countIn }) },
  { id: 'recorder.script', labelKey: 'recorder.actions.script', shortcut: 'KeyT', subject: 'view', role: 'recorder', page: 'recorder', run: () => changeSettings({ side: useRecorderSettings.getState().side === 'script' ? 'takes' : 'script' }) },
  { id: 'recorder.scriptRun', labelKey: 'recorder.actions.scriptRun', shortcut: 'KeyS', subject: 'view', role: 'recorder', page: 'recorder', enabled: () => pageDeeds.script !== null, run: () => pageDeeds.script?.toggle() },
  { id: 'recorder.scriptTop', labelKey: 'recorder.actions.scriptTop', shortcut: 'Home', subject: 'view', role: 'recorder', page: 'recorder', enabled: () => pageDeeds.script !== null, run: () => pageDeeds.script?.top() },
  { id: 'recorder.scriptUp', labelKey: 'recorder.actions.scriptUp', shortcut: 'ArrowUp', subject: 'view', role: 'recorder', page: 'recorder', enabled: () => pageDeeds.script !== null, run: () => pageDeeds.script?.move(-1) },
  { id: 'recorder.scriptDown', labelKey: 'recorder.actions.scriptDown', shortcut: 'ArrowDown', subject: 'view', role: 'recorder', page: 'recorder', enabled: () => pageDeeds.script !== null, run: () => pageDeeds.script?.move(1) },
  { id: 'recorder.scriptSlower', labelKey: 'recorder.actions.scriptSlower', shortcut: 'BracketLeft', subject: 'view', role: 'recorder', page: 'recorder', run: () => changePace(-10) },
  { id: 'recorder.scriptFaster', labelKey: 'recorder.actions.scriptFaster', shortcut: 'BracketRight', subject: 'view', role: 'recorder', page: 'recorder', run: () => changePace(10) },
  { id: 'recorder.scriptSmaller', labelKey: 'recorder.actions.scriptSmaller', shortcut: 'Minus', subject: 'view', role: 'recorder', page: 'recorder', run: () => changeSize(-4) },
  { id: 'recorder.scriptBigger', labelKey: 'recorder.actions.scriptBigger', shortcut: 'Equal', subject: 'view', role: 'recorder', page: 'recorder', run: () => changeSize(4) },
  { id: 'recorder.compare', labelKey: 'recorder.actions.compare', shortcut: 'KeyC', role: 'recorder', page: 'recorder', enabled: () => pageDeeds.compare !== null && !open(), run: () => pageDeeds.compare?.() },
]

/** The same from any page while a take runs or the recorder is armed; registered by the badge of the status bar, which is always there. */
export const recorderEverywhere: readonly Action[] = [
  { id: 'recorder.recordEverywhere', labelKey: 'recorder.actions.record', shortcut: 'Ctrl+Alt+KeyR', role: 'recorder', enabled: () => notClosing() && (open() || useRecorderStore.getState().isArmed || isCounting()), run: toggleRecord },
  { id: 'recorder.pauseEverywhere', labelKey: 'recorder.actions.pause', shortcut: 'Ctrl+Alt+KeyP', role: 'recorder', enabled: running, run: togglePause },
  { id: 'recorder.markEverywhere', labelKey: 'recorder.actions.mark', shortcut: 'Ctrl+Alt+KeyM', role: 'recorder', enabled: running, run: () => markTake() },
]

export function changePace(by: number): void {
  const { scriptPace } = useRecorderSettings.getState()
  changeSettings({ scriptPace: Math.min(260, Math.max(60, scriptPace + by)) })
}
export function changeSize(by: number): void {
  const { scriptSizePx } = useRecorderSettings.getState()
  changeSettings({ scriptSizePx: Math.min(80, Math.max(20, scriptSizePx + by)) })
}
