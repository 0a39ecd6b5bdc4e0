import { notifications } from '@mantine/notifications'
import { createElement } from 'react'
import type { LogDay, LogLine, Timing } from '#contract/log.ts'
import { AppError } from '#contract/errors.ts'
import { translate } from '../../i18n/index.ts'
import { call, queryClient } from '../../app/station-client/index.ts'
import { showDone, showError } from '../../app/errors/index.ts'
import { selectedLine, showLog, useLogView } from './log-store.ts'
import { UndoLine } from '../../ui/index.ts'

/** Every change shows the station's answer at once; the event that follows only confirms it. */
function show(day: LogDay): void {
  queryClient.setQueryData(['log.day', JSON.stringify({ broadcastDate: day.broadcastDate })], day)
  showLog({ day })
}

/** The line after which something belongs that starts at an instant: the last one planned to start before it. */
export function lineBefore(lines: readonly LogLine[], at: number): string | null {
  return lines.findLast((line) => (line.plannedAt !== null && line.plannedAt < at) || (line.timing.kind === 'hard' && line.timing.at < at))?.id ?? null
}

export async function addLine(input: { itemId: string; timing: Timing; afterLineId: string | null }): Promise<void> {
  const { date, day: before } = useLogView.getState()
  const known = new Set(before?.lines.map((line) => line.id))
  const day = await call('log.addLine', { broadcastDate: date, ...input })
  show(day)
  const added = day.lines.find((line) => !known.has(line.id))
  if (added !== undefined) showLog({ selectedId: added.id })
}

export async function updateLine(line: LogLine, change: { timing?: Timing; targetUnitIds?: string[] }): Promise<void> {
  show(await call('log.updateLine', { broadcastDate: line.broadcastDate, lineId: line.id, rev: line.rev, ...change }))
}

/** @param afterLineId null = to the top */
export async function moveLine(line: LogLine, afterLineId: string | null): Promise<void> {
  show(await call('log.moveLine', { broadcastDate: line.broadcastDate, lineId: line.id, rev: line.rev, afterLineId }))
}

export async function moveSelected(step: -1 | 1): Promise<void> {
  const line = selectedLine()
  const lines = useLogView.getState().day?.lines ?? []
  const at = lines.findIndex((other) => other.id === line?.id)
  if (line === null || at < 0 || at + step < 0 || at + step >= lines.length) return
  await moveLine(line, step === 1 ? (lines[at + 1]?.id ?? null) : (lines[at - 2]?.id ?? null))
}

export async function removeSelected(): Promise<void> {
  const line = selectedLine()
  if (line === null) return
  const lines = useLogView.getState().day?.lines ?? []
  const at = lines.findIndex((other) => other.id === line.id)
  const changed = await call('log.removeLine', { broadcastDate: line.broadcastDate, lineId: line.id, rev: line.rev })
  show(changed)
  showLog({ selectedId: lines[at + 1]?.id ?? lines[at - 1]?.id ?? null, removed: [...useLogView.getState().removed, { lineId: line.id, title: line.title, stepId: changed.step.stepId }] })
  notifications.show({
    id: `log-undo-${line.id}`, autoClose: 12_000, withBorder: true, closeButtonProps: { 'aria-label': translate('app.close') },
    message: createElement(UndoLine, { text: translate('log.removed', { title: line.title }), label: translate('log.undo'), testId: 'log-undo', onUndo: () => void undoRemove(line.id).catch(showError) }),
  })
}

/** Brings back the given line, or the one removed last. */
export async function undoRemove(lineId?: string): Promise<void> {
  const { removed } = useLogView.getState()
  const wanted = lineId === undefined ? removed.at(-1) : removed.find((line) => line.lineId === lineId)
  if (wanted === undefined) throw new AppError('nothing-to-undo')
  notifications.hide(`log-undo-${wanted.lineId}`)
  for (const day of (await call('log.undo', { stepId: wanted.stepId })).days) show(day)
  showLog({ selectedId: wanted.lineId, removed: useLogView.getState().removed.filter((line) => line.lineId !== wanted.lineId) })
  showDone(translate('log.restored', { title: wanted.title }))
}
