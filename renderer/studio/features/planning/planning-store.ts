import { create } from 'zustand'
import { mondayOf, weekdayOf } from '#common/planning/index.ts'
import { isPartOf } from '#contract/planning.ts'
import type { PlanContents, PlanPart, PlanPartKind, StoredPart } from '#contract/planning.ts'
import { broadcastDateOf } from '../../i18n/formats.ts'

export const planViews = ['week', 'clocks', 'columns', 'exceptions', 'rules'] as const
export type PlanView = (typeof planViews)[number]
/** hour −1 = the day as a whole. */
export interface Cell {
  readonly weekday: number
  readonly hour: number
}
/** A step that can be taken back: a part as it was (null = it did not exist), or gone. */
export interface PlanStep {
  readonly partId: string
  readonly before: PlanPart | null
  readonly what: string
}
interface PlanningState {
  readonly view: PlanView
  /** Any day of the week shown. */
  readonly monday: string
  readonly gridUnitId: string | null
  readonly anchor: Cell
  readonly focus: Cell
  readonly span: 'day' | 'week'
  /** The part being edited in each view. */
  readonly chosen: Readonly<Partial<Record<PlanView, string>>>
  readonly dialog: 'none' | 'generate' | 'copy'
  /** Day the generator is opened for; null = tomorrow. */
  readonly generateDate: string | null
  readonly steps: readonly PlanStep[]
  readonly said: string
}
const today = broadcastDateOf(Date.now())
export const usePlanning = create<PlanningState>(() => ({
  view: 'week', monday: mondayOf(today), gridUnitId: null, anchor: { weekday: weekdayOf(today), hour: -1 }, focus: { weekday: weekdayOf(today), hour: -1 }, span: 'day', chosen: {}, dialog: 'none', generateDate: null, steps: [], said: '',
}))
export const planningNow = (): PlanningState => usePlanning.getState()
export function showPlanning(change: Partial<PlanningState>): void {
  usePlanning.setState(change)
}
export function choosePart(view: PlanView, partId: string | null): void {
  const { [view]: _, ...rest } = planningNow().chosen
  showPlanning({ chosen: partId === null ? rest : { ...rest, [view]: partId } })
}

/** Cells between anchor and focus; without the head row as soon as an hour is among them. */
export function cellsBetween(anchor: Cell, focus: Cell): Cell[] {
  const [fromDay, toDay] = [Math.min(anchor.weekday, focus.weekday), Math.max(anchor.weekday, focus.weekday)]
  const [low, toHour] = [Math.min(anchor.hour, focus.hour), Math.max(anchor.hour, focus.hour)]
  const fromHour = toHour >= 0 ? Math.max(0, low) : low
  const cells: Cell[] = []
  for (let weekday = fromDay; weekday <= toDay; weekday++) for (let hour = fromHour; hour <= toHour; hour++) cells.push({ weekday, hour })
  return cells
}

/** The plan as last read: actions outside React work on it. */
export const planDesk: { parts: readonly StoredPart[]; focusChoices: (() => void) | null; focusGrid: (() => void) | null } = { parts: [], focusChoices: null, focusGrid: null }

export type PartOf<K extends PlanPartKind> = { readonly id: string; readonly rev: number; readonly content: PlanContents[K] }
export function partsOf<K extends PlanPartKind>(parts: readonly StoredPart[], kind: K): PartOf<K>[] {
  return parts.flatMap(({ id, rev, part }) => (isPartOf(part, kind) ? [{ id, rev, content: part.content }] : []))
}
