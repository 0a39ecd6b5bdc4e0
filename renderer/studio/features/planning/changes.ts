import { notifications } from '@mantine/notifications'
import { createElement } from 'react'
import type { PlanGrid, PlanPart, PlanPartKind, StoredPart } from '#contract/planning.ts'
import { AppError } from '#contract/errors.ts'
import { translate } from '../../i18n/index.ts'
import { call, queryClient } from '../../app/station-client/index.ts'
import { showError } from '../../app/errors/index.ts'
import { UndoLine } from '../../ui/index.ts'
import { partsOf, planDesk, planningNow, showPlanning } from './planning-store.ts'
import type { Cell, PartOf, PlanStep } from './planning-store.ts'

const KEPT_STEPS = 100
const titleOf = (part: PlanPart): string => (part.kind === 'grid' ? translate('planning.grid.label') : part.content.title)

/** The answer is shown at once; the event that follows only confirms it. */
function took(stored: StoredPart): StoredPart {
  const others = planDesk.parts.filter(({ id }) => id !== stored.id)
  planDesk.parts = [...others, stored].toSorted((a, b) => (a.id < b.id ? -1 : 1))
  queryClient.setQueryData(['planning.parts', '{}'], { parts: planDesk.parts })
  void queryClient.invalidateQueries({ queryKey: ['planning.week'] })
  return stored
}
function gone(partId: string): void {
  planDesk.parts = planDesk.parts.filter(({ id }) => id !== partId)
  queryClient.setQueryData(['planning.parts', '{}'], { parts: planDesk.parts })
  void queryClient.invalidateQueries({ queryKey: ['planning.week'] })
}
const remember = (step: PlanStep): void => showPlanning({ steps: [...planningNow().steps, step].slice(-KEPT_STEPS) })

/** One change after the other: a field that is left while the one before is still being saved must not find an old revision. */
let last: Promise<unknown> = Promise.resolve()
function inTurn<T>(run: () => Promise<T>): Promise<T> {
  const next = last.then(run, run)
  last = next.catch(() => undefined)
  return next
}

export function createPart(part: PlanPart): Promise<StoredPart> {
  return inTurn(async () => {
    const stored = took(await call('planning.save', { partId: null, rev: 0, part }))
    remember({ partId: stored.id, before: null, what: titleOf(part) })
    return stored
  })
}
/** Changes what is there when its turn comes; gives null when the part is gone. */
export function changePart<K extends PlanPartKind>(kind: K, partId: string, change: (content: PartOf<K>['content']) => PartOf<K>['content']): Promise<StoredPart | null> {
  return inTurn(async () => {
    const before = planDesk.parts.find(({ id }) => id === partId)
    const known = partsOf(planDesk.parts, kind).find(({ id }) => id === partId)
    if (before === undefined || known === undefined) return null
    const content = change(known.content)
    if (JSON.stringify(content) === JSON.stringify(known.content)) return before
    const stored = took(await call('planning.save', { partId, rev: known.rev, part: { kind, content } as PlanPart }))
    remember({ partId, before: before.part, what: titleOf(before.part) })
    return stored
  })
}
export async function removePart(stored: { readonly id: string }): Promise<void> {
  const known = planDesk.parts.find(({ id }) => id === stored.id)
  if (known === undefined) return
  await inTurn(() => call('planning.remove', { partId: known.id, rev: known.rev }))
  gone(known.id)
  remember({ partId: known.id, before: known.part, what: titleOf(known.part) })
  const id = `planning-undo-${known.id}`
  notifications.show({
    id, autoClose: 12_000, withBorder: true, closeButtonProps: { 'aria-label': translate('app.close') },
    message: createElement(UndoLine, { text: translate('planning.removed', { title: titleOf(known.part) }), label: translate('planning.undo'), testId: 'planning-undo-remove', onUndo: () => {
      notifications.hide(id)
      void undoStep().catch(showError)
    } }),
  })
}

/** Takes the last change of this window back; itself no step. */
export async function undoStep(): Promise<void> {
  const step = planningNow().steps.at(-1)
  if (step === undefined) throw new AppError('nothing-to-undo')
  showPlanning({ steps: planningNow().steps.slice(0, -1) })
  await inTurn(async () => {
    const now = planDesk.parts.find(({ id }) => id === step.partId)
    if (step.before === null) {
      if (now === undefined) return
      await call('planning.remove', { partId: now.id, rev: now.rev })
      gone(now.id)
    } else if (now === undefined) {
      took(await call('planning.restore', { partId: step.partId }))
    } else took(await call('planning.save', { partId: now.id, rev: now.rev, part: step.before }))
  })
  showPlanning({ said: translate('planning.undone', { what: step.what }) })
}

/** @param clockId a clock, null = closed, 'template' = as the day's template */
export async function setCells(cells: readonly Cell[], clockId: string | null): Promise<void> {
  const hours = cells.filter(({ hour }) => hour >= 0)
  if (hours.length === 0) return
  const grid = await gridOfNow()
  await changePart('grid', grid, (content) => ({
    ...content, cells: [...content.cells.filter((cell) => !hours.some(({ weekday, hour }) => weekday === cell.weekday && hour === cell.hour)), ...(clockId === 'template' ? [] : hours.map(({ weekday, hour }) => ({ weekday, hour, clockId })))]
      .toSorted((a, b) => a.weekday - b.weekday || a.hour - b.hour),
  }))
  const clock = partsOf(planDesk.parts, 'clock').find(({ id }) => id === clockId)
  showPlanning({ said: translate('planning.grid.said', { count: hours.length, what: clockId === 'template' ? translate('planning.cell.asTemplate') : clockId === null ? translate('planning.grid.closed') : (clock?.content.title ?? '') }) })
}
export async function setTemplate(weekdays: readonly number[], templateId: string | null): Promise<void> {
  await changePart('grid', await gridOfNow(), (content) => ({ ...content, days: content.days.map((known, index) => (weekdays.includes(index + 1) ? templateId : known)) }))
}
/** The grid of the unit shown; made when the unit has none yet. */
async function gridOfNow(): Promise<string> {
  const { gridUnitId } = planningNow()
  return gridOf(gridUnitId)
}
export async function gridOf(unitId: string | null): Promise<string> {
  const known = partsOf(planDesk.parts, 'grid').find(({ content }) => content.unitId === unitId)
  return known?.id ?? (await createPart({ kind: 'grid', content: emptyGrid(unitId) })).id
}
const emptyGrid = (unitId: string | null): PlanGrid => ({ unitId, days: Array.from({ length: 7 }, () => null), cells: [], fillCategoryId: null, profileId: null })
