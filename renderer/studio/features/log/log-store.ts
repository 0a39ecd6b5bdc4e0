import { create } from 'zustand'
import type { LogDay, LogLine } from '#contract/log.ts'
import { broadcastDateOf } from '../../i18n/formats.ts'

interface LogView {
  readonly date: string
  /** Line the cursor is on. */
  readonly selectedId: string | null
  /** Other lines chosen with it. */
  readonly alsoIds: ReadonlySet<string>
  /** The day as last read: actions outside React work on it. */
  readonly day: LogDay | null
  /** What was done in this window, for undo; newest last. */
  readonly steps: readonly { readonly stepId: string; readonly text: string }[]
  readonly dialog: 'none' | 'replace' | 'slot' | 'note' | 'segue'
  /** Slot the dialog is about; null = a new one. */
  readonly slotId: string | null
  /** Slot that what is added goes into, when no line is chosen. */
  readonly intoSlotId: string | null
}
export const useLogView = create<LogView>(() => ({ date: broadcastDateOf(Date.now()), selectedId: null, alsoIds: new Set<string>(), day: null, steps: [], dialog: 'none', slotId: null, intoSlotId: null }))

export function showLog(change: Partial<LogView>): void {
  useLogView.setState({ ...('selectedId' in change && !('alsoIds' in change) ? { alsoIds: new Set<string>() } : {}), ...('selectedId' in change ? { intoSlotId: null } : {}), ...change })
}
export function selectedLine(): LogLine | null {
  const { day, selectedId } = useLogView.getState()
  return day?.lines.find((line) => line.id === selectedId) ?? null
}
/** Every chosen line, in the order of the log. */
export function chosenLines(): LogLine[] {
  const { day, selectedId, alsoIds } = useLogView.getState()
  return day?.lines.filter((line) => line.id === selectedId || alsoIds.has(line.id)) ?? []
}
/** Parts of the page that actions move the focus to. */
export const pageHandles: { focusSearch: (() => void) | null } = { focusSearch: null }
