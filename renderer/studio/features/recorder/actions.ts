import type { Action } from '../../app/actions/index.ts'
import { isOpen } from '#common/take/index.ts'
import { useRecorderStore } from './recorder-store.ts'
import { markTake, startTake, stopTake, togglePause } from './take-owner.ts'

const open = (): boolean => isOpen(useRecorderStore.getState().model)
const running = (): boolean => open() && useRecorderStore.getState().model.phase !== 'closing'

export const recorderActions: readonly Action[] = [
  { id: 'recorder.record', labelKey: 'recorder.actions.record', shortcut: 'KeyR', role: 'recorder', page: 'recorder', enabled: () => useRecorderStore.getState().model.phase !== 'closing', run: () => (open() ? stopTake() : startTake()) },
  { id: 'recorder.pause', labelKey: 'recorder.actions.pause', shortcut: 'KeyP', role: 'recorder', page: 'recorder', enabled: running, run: togglePause },
  { id: 'recorder.mark', labelKey: 'recorder.actions.mark', shortcut: 'KeyM', role: 'recorder', page: 'recorder', enabled: running, run: markTake },
  { id: 'recorder.clearClip', labelKey: 'recorder.actions.clearClip', role: 'recorder', page: 'recorder', enabled: () => useRecorderStore.getState().clipped, run: () => useRecorderStore.setState({ clipped: false }) },
]
