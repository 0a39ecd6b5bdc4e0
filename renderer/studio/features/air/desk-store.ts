import { create } from 'zustand'
import type { AirOrder, BusState, PlayoutMode } from '#contract/air.ts'
import { notifications } from '@mantine/notifications'
import { call } from '../../app/station-client/index.ts'
import { translate } from '../../i18n/index.ts'

/** What the air desk of this window looks at. Keys act on what is shown here and on nothing else. */
interface DeskState {
  readonly bus: string
  readonly state: BusState | null
  /** Lines to come, as shown; the arrows walk over them. */
  readonly lineIds: readonly string[]
  readonly selectedId: string | null
  readonly whyId: string | null
}
export const useDesk = create<DeskState>(() => ({ bus: 'main', state: null, lineIds: [], selectedId: null, whyId: null }))
export const showDesk = (change: Partial<DeskState>): void => useDesk.setState(change)

/** Sends a key and says aloud when it was refused. @throws AppError */
export async function order(wanted: AirOrder): Promise<void> {
  const { outcome, why } = await call('air.order', { bus: useDesk.getState().bus, order: wanted })
  if (outcome === 'refused' && why !== null) notifications.show({ color: 'orange', title: translate('air.desk.refused.title'), message: translate(`air.desk.refused.${why}`), withCloseButton: true })
}
export async function setMode(mode: PlayoutMode): Promise<void> {
  await call('air.mode', { bus: useDesk.getState().bus, mode })
}
export function walk(step: number): void {
  const { lineIds, selectedId } = useDesk.getState()
  const at = lineIds.indexOf(selectedId ?? '')
  showDesk({ selectedId: lineIds[Math.max(0, Math.min(lineIds.length - 1, at < 0 ? 0 : at + step))] ?? null })
}
