import { useMemo } from 'react'
import type { HistoryStep } from '#contract/editor.ts'
import { useStationQuery } from '../../app/station-client/index.ts'
import { useEditor } from './editor-store.ts'

export interface HistoryView {
  /** All steps, oldest first, what was taken back included. */
  readonly steps: readonly HistoryStep[]
  /** So many of them are in force. */
  readonly current: number
}
const nothing: HistoryView = { steps: [], current: 0 }

/** The whole history as the station keeps it: it is not bounded by what a window was told at opening. */
export function useHistory(): HistoryView {
  const projectId = useEditor((state) => state.project?.id)
  const { data } = useStationQuery('editor.history', { projectId: projectId ?? '' }, { events: ['editor.changed'], enabled: projectId !== undefined })
  return useMemo(() => (data === undefined ? nothing : { steps: [...data.undo, ...data.redo], current: data.undo.length }), [data])
}
