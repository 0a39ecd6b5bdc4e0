import { create } from 'zustand'
import type { LogDay, LogLine } from '#contract/log.ts'
import { broadcastDateOf } from '../../i18n/formats.ts'

interface LogView {
  readonly date: string
  readonly selectedId: string | null
  /** The day as last read: actions outside React work on it. */
  readonly day: LogDay | null
  /** Lines taken away in this window, for undo; newest last. */
  readonly removed: readonly { readonly lineId: string; readonly title: string; readonly stepId: string }[]
}
export const useLogView = create<LogView>(() => ({ date: broadcastDateOf(Date.now()), selectedId: null, day: null, removed: [] }))

export function showLog(change: Partial<LogView>): void {
  useLogView.setState(change)
}
export function selectedLine(): LogLine | null {
  const { day, selectedId } = useLogView.getState()
  return day?.lines.find((line) => line.id === selectedId) ?? null
}
/** Parts of the page that actions move the focus to. */
export const pageHandles: { focusSearch: (() => void) | null } = { focusSearch: null }
