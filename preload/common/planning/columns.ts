import { hasTag } from './parts.ts'
import type { Column, Named, PlanItem } from './parts.ts'

export interface ColumnWeek {
  readonly columnId: string
  readonly title: string
  readonly perWeek: number
  /** Different editions of the week: heard already, still planned. */
  readonly aired: number
  readonly planned: number
  /** Of both, those that were never on air before this week. */
  readonly fresh: number
  /** What is still to be found; 0 = the week has its columns. */
  readonly missing: number
  /** An approved edition that was never aired and is not planned yet: it only needs a place. */
  readonly ready: { readonly itemId: string; readonly title: string } | null
}

/**
 * "Tuần này thiếu": which columns a week has, and which it lacks. An old edition counts only where the column allows repeats; the same edition twice counts once.
 * @param airings of all time, as run and (later than `now`) as planned
 */
export function columnsOfWeek(columns: readonly Named<Column>[], items: readonly PlanItem[], airings: readonly { readonly itemId: string; readonly at: number }[], week: { readonly from: number; readonly until: number; readonly now: number }): ColumnWeek[] {
  const firstAt = new Map<string, number>()
  for (const { itemId, at } of airings) firstAt.set(itemId, Math.min(at, firstAt.get(itemId) ?? Number.POSITIVE_INFINITY))
  return columns.map((column) => {
    const editions = items.filter((item) => hasTag(item, column.tags))
    const inWeek = editions.filter((item) => airings.some(({ itemId, at }) => itemId === item.id && at >= week.from && at < week.until))
    const isFresh = (item: PlanItem): boolean => (firstAt.get(item.id) ?? week.from) >= week.from
    const counted = inWeek.filter((item) => column.allowRepeat || isFresh(item))
    const aired = counted.filter((item) => airings.some(({ itemId, at }) => itemId === item.id && at >= week.from && at < Math.min(week.until, week.now)))
    const ready = editions.filter((item) => item.playable && !firstAt.has(item.id)).toSorted((a, b) => a.createdAt - b.createdAt || a.number - b.number)[0]
    return {
      columnId: column.id, title: column.title, perWeek: column.perWeek, aired: aired.length, planned: counted.length - aired.length, fresh: counted.filter(isFresh).length,
      missing: Math.max(0, column.perWeek - counted.length), ready: ready === undefined ? null : { itemId: ready.id, title: ready.title },
    }
  })
}
