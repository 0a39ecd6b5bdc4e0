import { useMemo } from 'react'
import { useEditor } from './editor-store.ts'

export interface HistoryView {
  /** Names of all steps, oldest first, what was taken back included. */
  readonly steps: readonly string[]
  /** So many of them are in force. */
  readonly current: number
}

export function useHistory(): HistoryView {
  const undo = useEditor((state) => state.project?.undo)
  const redo = useEditor((state) => state.project?.redo)
  return useMemo(() => ({ steps: [...(undo ?? []).toReversed(), ...(redo ?? [])], current: undo?.length ?? 0 }), [undo, redo])
}
