import { call } from '../../app/station-client/index.ts'
import type { Action } from '../../app/actions/index.ts'
import { order, setMode, showDesk, useDesk, walk } from './desk-store.ts'
import { toggleMonitor } from './monitor/monitor.ts'

const state = () => useDesk.getState().state
const lineOnAir = (): string | null => {
  const playing = state()?.playing ?? null
  return playing?.source === 'log' ? playing.lineId : null
}
const graceBanner = () => state()?.banners.find(({ kind }) => kind === 'grace') ?? null
const proposal = () => (state()?.mode === 'auto' ? null : (state()?.solver[0] ?? null))

export async function skipLine(): Promise<void> {
  const lineId = lineOnAir()
  if (lineId !== null) await call('air.skip', { bus: useDesk.getState().bus, lineId })
}
export const startNext = (): Promise<void> => {
  const waiting = state()?.waiting ?? null
  return order({ kind: 'go', lineId: waiting?.lineId ?? null, rev: waiting?.rev ?? null })
}
export const nextNow = (): Promise<void> => order({ kind: 'nextNow', lineId: null, rev: null })
export const stopAndWait = (): Promise<void> => order({ kind: 'stop' })
export const goToNow = (): Promise<void> => order({ kind: 'goToNow' })
export async function makeNext(): Promise<void> {
  const { selectedId } = useDesk.getState()
  if (selectedId !== null) await order({ kind: 'makeNext', lineId: selectedId, rev: null })
}
export async function holdGrace(): Promise<void> {
  const banner = graceBanner()
  if (banner !== null) await order({ kind: 'holdGrace', bannerId: banner.id, held: !banner.held })
}
export async function acceptProposal(): Promise<void> {
  const plan = proposal()
  if (plan !== null) await call('air.accept', { bus: useDesk.getState().bus, planId: plan.id })
}
export async function confirmReturn(): Promise<void> {
  await call('air.confirmReturn', { bus: useDesk.getState().bus })
}
export function askWhy(): void {
  const { selectedId, whyId } = useDesk.getState()
  showDesk({ whyId: whyId === null ? (selectedId ?? lineOnAir() ?? state()?.next?.lineId ?? null) : null })
}

const onDesk = { page: 'air', role: 'announcer' } as const
export const airActions: readonly Action[] = [
  { ...onDesk, id: 'air.go', labelKey: 'air.actions.go', shortcut: 'Space', alsoKeys: ['Enter', 'NumpadEnter'], enabled: () => state()?.waiting != null || (state()?.mode ?? 'auto') !== 'auto', run: startNext },
  { ...onDesk, id: 'air.nextNow', labelKey: 'air.actions.nextNow', shortcut: 'KeyN', run: nextNow },
  { ...onDesk, id: 'air.skip', labelKey: 'air.actions.skip', shortcut: 'Ctrl+Shift+KeyK', enabled: () => lineOnAir() !== null, run: skipLine },
  { ...onDesk, id: 'air.stop', labelKey: 'air.actions.stop', shortcut: 'Ctrl+Shift+KeyS', enabled: () => lineOnAir() !== null, run: stopAndWait },
  { ...onDesk, id: 'air.goToNow', labelKey: 'air.actions.goToNow', shortcut: 'KeyG', run: goToNow },
  { ...onDesk, id: 'air.makeNext', labelKey: 'air.actions.makeNext', shortcut: 'KeyK', enabled: () => useDesk.getState().selectedId !== null, run: makeNext },
  { ...onDesk, id: 'air.holdGrace', labelKey: 'air.actions.holdGrace', shortcut: 'KeyH', enabled: () => graceBanner() !== null, run: holdGrace },
  { ...onDesk, id: 'air.accept', labelKey: 'air.actions.accept', shortcut: 'KeyA', enabled: () => proposal() !== null, run: acceptProposal },
  { ...onDesk, id: 'air.confirmReturn', labelKey: 'air.actions.confirmReturn', shortcut: 'KeyR', enabled: () => state()?.fallback?.needsPerson === true, run: confirmReturn },
  { ...onDesk, id: 'air.auto', labelKey: 'air.actions.auto', shortcut: 'Alt+Digit1', run: () => setMode('auto') },
  { ...onDesk, id: 'air.assist', labelKey: 'air.actions.assist', shortcut: 'Alt+Digit2', run: () => setMode('assist') },
  { ...onDesk, id: 'air.manual', labelKey: 'air.actions.manual', shortcut: 'Alt+Digit3', run: () => setMode('manual') },
  { id: 'air.lineUp', labelKey: 'air.actions.lineUp', shortcut: 'ArrowUp', role: 'viewer', page: 'air', run: () => walk(-1) },
  { id: 'air.lineDown', labelKey: 'air.actions.lineDown', shortcut: 'ArrowDown', role: 'viewer', page: 'air', run: () => walk(1) },
  { id: 'air.why', labelKey: 'air.actions.why', shortcut: 'KeyW', role: 'viewer', page: 'air', run: askWhy },
  { id: 'air.monitor', labelKey: 'air.actions.monitor', shortcut: 'KeyM', role: 'viewer', page: 'air', run: toggleMonitor },
]
