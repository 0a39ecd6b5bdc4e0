import { instantOfLocal } from '../timing/zone.ts'
import type { OffsetAt } from '../timing/zone.ts'
import { localInstant, weekdayOf } from './local-spans.ts'
import { exceptionKinds } from './parts.ts'
import type { DayException, HourClock, Named, PlanParts, Session, WeekGrid } from './parts.ts'

/** A session on its date. */
export interface OpenSession {
  /** Stable over every planning of this date. */
  readonly key: string
  readonly session: Session
  readonly clock: Named<HourClock>
  readonly unitId: string | null
  /** UTC ms. */
  readonly startAt: number
  readonly endAt: number
  readonly targetUnitIds: readonly string[]
}
export type DayFinding =
  /** The zone skips this hour: nothing begins in it. */
  | { readonly kind: 'skippedHour'; readonly session: string; readonly sessionKey: string }
  | { readonly kind: 'missingTemplate'; readonly unitId: string | null }
  | { readonly kind: 'missingClock'; readonly session: string; readonly sessionKey: string }
  /** The station is closed by the grid. */
  | { readonly kind: 'closed'; readonly session: string; readonly sessionKey: string; readonly hour: number }

/** Exceptions that hold on a date, the one with the last word last. */
export function exceptionsOn(date: string, exceptions: readonly Named<DayException>[]): Named<DayException>[] {
  return exceptions.filter((one) => one.fromDate <= date && date <= one.toDate).toSorted((a, b) => rank(a) - rank(b) || (a.fromDate < b.fromDate ? -1 : a.fromDate > b.fromDate ? 1 : 0) || (a.id < b.id ? -1 : 1))
}
const order: readonly DayException['kind'][] = ['other', ...exceptionKinds.filter((kind) => kind !== 'other')]
const rank = (one: DayException): number => order.indexOf(one.kind)

/** What is on air on a date by grid, templates and exceptions: sessions by start. Local times stay local from week to week; only instants leave this function. */
export function openSessions(date: string, parts: PlanParts, offsetAt: OffsetAt): { sessions: OpenSession[]; findings: DayFinding[] } {
  const findings: DayFinding[] = []
  const sessions: OpenSession[] = []
  const exceptions = exceptionsOn(date, parts.exceptions)
  const weekday = weekdayOf(date)
  const clocks = new Map(parts.clocks.map((clock) => [clock.id, clock]))
  const open = (grid: Named<WeekGrid>, session: Session, clockId: string): void => {
    const key = `${date}/${grid.unitId ?? 'all'}/${session.id}`
    const clock = clocks.get(clockId)
    const startAt = instantOfLocal(date, session.startsAtSec * 1000, offsetAt)
    if (clock === undefined) return void findings.push({ kind: 'missingClock', session: session.title, sessionKey: key })
    if (startAt === null) return void findings.push({ kind: 'skippedHour', session: session.title, sessionKey: key })
    // The end is a length, not a local time: a clock that is set meanwhile makes no programme shorter.
    sessions.push({ key, session, clock, unitId: grid.unitId, startAt, endAt: startAt + session.lengthSec * 1000, targetUnitIds: session.targetUnitIds.length > 0 ? session.targetUnitIds : grid.unitId === null ? [] : [grid.unitId] })
  }
  for (const grid of parts.grids) {
    const templateId = exceptions.findLast((one) => one.templateId !== null)?.templateId ?? grid.days[weekday - 1] ?? null
    const template = templateId === null ? null : (parts.templates.find(({ id }) => id === templateId) ?? null)
    if (templateId !== null && template === null) findings.push({ kind: 'missingTemplate', unitId: grid.unitId })
    const cells = new Map(grid.cells.filter((cell) => cell.weekday === weekday).map((cell) => [cell.hour, cell]))
    const own = template?.sessions ?? []
    const hourOf = (session: Session): number => Math.floor(session.startsAtSec / 3600)
    for (const session of own) {
      const cell = cells.get(hourOf(session))
      if (cell === undefined) open(grid, session, session.clockId)
      else if (cell.clockId === null) findings.push({ kind: 'closed', session: session.title, sessionKey: `${date}/${grid.unitId ?? 'all'}/${session.id}`, hour: cell.hour })
      else open(grid, session, cell.clockId)
    }
    for (const cell of cells.values()) {
      const { clockId } = cell
      if (clockId === null || own.some((session) => hourOf(session) === cell.hour)) continue
      const title = clocks.get(clockId)?.title ?? ''
      open(grid, { id: `hour-${cell.hour}`, title, startsAtSec: cell.hour * 3600, lengthSec: 3600, clockId, onOverrun: 'finish', maxOverrunSec: 60, onUnderrun: 'fill', fillCategoryId: grid.fillCategoryId, targetUnitIds: [] }, clockId)
    }
    // What an exception adds is the station's; units hear it as everybody does.
    if (grid.unitId === null) for (const exception of exceptions) for (const session of exception.extra) open(grid, { ...session, id: `${exception.id}-${session.id}` }, session.clockId)
  }
  return { sessions: sessions.toSorted((a, b) => a.startAt - b.startAt || (a.key < b.key ? -1 : 1)), findings }
}

/** First and last instant of a date, for looking up what else is on that day. */
export function dateSpan(date: string, offsetAt: OffsetAt): { from: number; until: number } {
  return { from: localInstant(date, 0, offsetAt), until: localInstant(date, 86_400_000, offsetAt) }
}
