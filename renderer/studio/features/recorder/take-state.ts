import { isOpen, stepTake, type TakeStep } from '#common/take/index.ts'
import type { RecordedTake } from '#contract/recorder.ts'
import { useRecorderStore, withPart } from './recorder-store.ts'
import { tellStationClock } from './run-clock.ts'

/** The one place that changes what the window knows of its take. */
export const state = useRecorderStore.getState

export function isOfStation(): boolean {
  const origin = state().take?.origin.kind
  return origin !== undefined && origin !== 'device'
}

export function step(one: TakeStep): void {
  const before = state().model
  const model = stepTake(before, one)
  if (model === before) return
  useRecorderStore.setState({ model })
  const open = isOpen(model)
  if (open === isOpen(before)) return
  void window.vangxa.keepAwake(open).catch(() => undefined)
  // A run of the station goes on without this window.
  void window.vangxa.setUnsaved(open && !isOfStation()).catch(() => undefined)
}

/** The station told something of a part of the run. */
export function tookPlace(take: RecordedTake): void {
  const now = state()
  if (take.groupId === now.take?.groupId) useRecorderStore.setState({ parts: withPart(now.parts, take) })
  if (take.id !== now.model.takeId) return
  useRecorderStore.setState({ take })
  if (take.origin.kind === 'device') return
  tellStationClock(take)
  step({ kind: 'input', lost: take.inputLost })
}
