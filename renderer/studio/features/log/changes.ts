import { notifications } from '@mantine/notifications'
import { createElement } from 'react'
import type { ChangedDay, LineFields, LogDay, LogLine, RelaySource, Timing } from '#contract/log.ts'
import { AppError } from '#contract/errors.ts'
import { translate } from '../../i18n/index.ts'
import { call, queryClient } from '../../app/station-client/index.ts'
import { showDone, showError } from '../../app/errors/index.ts'
import { placeAt } from './day-facts.ts'
import { dayKey } from './read-day.ts'
import { chosenLines, selectedLine, showLog, useLogView } from './log-store.ts'
import { UndoLine } from '../../ui/index.ts'

/** Every change shows the station's answer at once; the event that follows only confirms it. */
export function showDay(day: LogDay): void {
  queryClient.setQueryData(dayKey(day.broadcastDate), day)
  if (day.broadcastDate === useLogView.getState().date) showLog({ day })
}

/** Shows a change and remembers how to take it back. */
export function showChange(day: ChangedDay, text: string): void {
  showDay(day)
  rememberStep(day.step.stepId, text)
}
export function rememberStep(stepId: string, text: string): void {
  showLog({ steps: [...useLogView.getState().steps, { stepId, text }] })
}
function offerUndo(stepId: string, text: string): void {
  notifications.show({
    id: `log-undo-${stepId}`, autoClose: 12_000, withBorder: true, closeButtonProps: { 'aria-label': translate('app.close') },
    message: createElement(UndoLine, { text, label: translate('log.undo'), testId: 'log-undo', onUndo: () => void undoStep(stepId).catch(showError) }),
  })
}

const refs = (lines: readonly LogLine[]) => lines.map((line) => ({ lineId: line.id, rev: line.rev }))
const named = (line: LogLine) => ({ broadcastDate: line.broadcastDate, lineId: line.id, rev: line.rev })

export async function addLine(input: { itemId: string; timing: Timing; afterLineId: string | null; slotId?: string | null }): Promise<void> {
  const day = await call('log.addLine', { broadcastDate: useLogView.getState().date, ...input })
  const added = day.lines.find((line) => line.id === day.step.lineIds[0])
  showChange(day, translate('log.steps.added', { title: added?.title ?? '' }))
  if (added !== undefined) showLog({ selectedId: added.id })
}

/** A note, a person at the microphone, a relay, a command, a time to hold: lines without an item. */
export async function addPlainLine(input: { kind: Exclude<LogLine['kind'], 'audio'>; title: string; plannedSamples: number; timing: Timing; relaySourceId?: string | null; relaySources?: readonly RelaySource[]; relayEndsAt?: number }): Promise<void> {
  const { date, day: before } = useLogView.getState()
  const place = before !== null && input.timing.kind === 'hard' ? placeAt(before, input.timing.at) : { afterLineId: selectedLine()?.id ?? before?.lines.at(-1)?.id ?? null }
  const day = await call('log.addLines', { broadcastDate: date, lines: [input], ...place })
  showChange(day, translate('log.steps.added', { title: input.title }))
  showLog({ selectedId: day.step.lineIds[0] ?? null })
}

export async function updateLine(line: LogLine, change: Partial<LineFields>): Promise<void> {
  showChange(await call('log.updateLine', { ...named(line), ...change }), translate('log.steps.changed', { title: line.title }))
}

/** Flags and targets of every chosen line. */
export async function updateChosen(change: Partial<Pick<LineFields, 'protected' | 'droppable' | 'skip' | 'after' | 'transition' | 'targetUnitIds'>>): Promise<void> {
  const lines = chosenLines()
  const [first] = lines
  if (first === undefined) return
  if (lines.length === 1) return updateLine(first, change)
  showChange(await call('log.updateLines', { broadcastDate: first.broadcastDate, lines: refs(lines), change }), translate('log.steps.many', { count: lines.length }))
}

/** @param afterLineId null = to the top */
export async function moveLine(line: LogLine, afterLineId: string | null): Promise<void> {
  showChange(await call('log.moveLine', { ...named(line), afterLineId }), translate('log.steps.moved', { title: line.title }))
}

export async function moveSelected(step: -1 | 1): Promise<void> {
  const chosen = chosenLines()
  const lines = useLogView.getState().day?.lines ?? []
  const [first, last] = [lines.findIndex((line) => line.id === chosen[0]?.id), lines.findIndex((line) => line.id === chosen.at(-1)?.id)]
  const target = step === 1 ? lines[last + 1] : lines[first - 1]
  if (chosen[0] === undefined || target === undefined) return
  const afterLineId = step === 1 ? target.id : (lines[first - 2]?.id ?? null)
  // Over the border of a slot a line first changes its slot, as the neighbour has it.
  const day = await call('log.moveLines', { broadcastDate: chosen[0].broadcastDate, lines: refs(chosen), afterLineId, slotId: target.slotId })
  showChange(day, translate('log.steps.moved', { title: chosen[0].title }))
}

export async function duplicateSelected(): Promise<void> {
  const lines = chosenLines()
  const last = lines.at(-1)
  if (last === undefined) return
  const day = await call('log.duplicateLines', { broadcastDate: last.broadcastDate, lines: refs(lines), afterLineId: last.id })
  const text = translate('log.steps.copied', { count: lines.length })
  showChange(day, text)
  offerUndo(day.step.stepId, text)
}

export async function removeSelected(): Promise<void> {
  const chosen = chosenLines()
  const [first] = chosen
  if (first === undefined) return
  const lines = useLogView.getState().day?.lines ?? []
  const gone = new Set(chosen.map((line) => line.id))
  const at = lines.findIndex((line) => line.id === first.id)
  const day = await call('log.removeLines', { broadcastDate: first.broadcastDate, lines: refs(chosen) })
  const text = chosen.length === 1 ? translate('log.removed', { title: first.title }) : translate('log.removedMany', { count: chosen.length })
  showChange(day, text)
  const rest = lines.filter((line) => !gone.has(line.id))
  showLog({ selectedId: rest[at]?.id ?? rest[at - 1]?.id ?? null })
  offerUndo(day.step.stepId, text)
}

/** A day can be closed once it is over; from then on nothing of it changes. */
export function mayClose(day: LogDay | null): day is LogDay {
  return day !== null && day.state !== 'closed' && day.endsAt <= Date.now()
}
export async function closeDay(): Promise<void> {
  const { day } = useLogView.getState()
  if (!mayClose(day)) return
  showDay(await call('log.closeDay', { broadcastDate: day.broadcastDate, rev: day.rev }))
  showDone(translate('log.closed'))
}

/** Takes back the given step, or the last one of this window. */
export async function undoStep(stepId?: string): Promise<void> {
  const { steps } = useLogView.getState()
  const wanted = stepId === undefined ? steps.at(-1) : steps.find((step) => step.stepId === stepId)
  if (wanted === undefined) throw new AppError('nothing-to-undo')
  notifications.hide(`log-undo-${wanted.stepId}`)
  try {
    const { days, step } = await call('log.undo', { stepId: wanted.stepId })
    for (const day of days) showDay(day)
    const [first] = step.lineIds
    if (first !== undefined && useLogView.getState().day?.lines.some((line) => line.id === first) === true) showLog({ selectedId: first })
    showDone(translate('log.undone', { text: wanted.text }))
  } finally {
    // Refused once, refused for ever: what was changed since stays changed.
    showLog({ steps: useLogView.getState().steps.filter((step) => step.stepId !== wanted.stepId) })
  }
}
