import { useNavigation } from '../../app/navigation/index.ts'
import { call } from '../../app/station-client/index.ts'
import type { Action } from '../../app/actions/index.ts'
import { toggleMonitor } from './monitor/monitor.ts'

/** The line on air as last shown: the action ends that one and no other. */
export const onAir: { lineId: string | null } = { lineId: null }

export async function skipLine(): Promise<void> {
  const { lineId } = onAir
  if (lineId !== null) await call('air.skip', { bus: 'main', lineId })
}

export const airActions: readonly Action[] = [
  { id: 'air.skip', labelKey: 'air.actions.skip', shortcut: 'Ctrl+Shift+KeyK', role: 'announcer', page: 'air', enabled: () => onAir.lineId !== null && useNavigation.getState().page === 'air', run: skipLine },
  { id: 'air.monitor', labelKey: 'air.actions.monitor', shortcut: 'KeyM', role: 'viewer', page: 'air', run: toggleMonitor },
]
