import { columnsOfWeek } from './columns.ts'
import type { OpenSession } from './day.ts'
import { finding } from './findings.ts'
import type { Finding } from './findings.ts'
import { belongsTo, hasTag, isBarred } from './parts.ts'
import type { Category, Column, DayException, Named, PlanItem, PlanParts, Position } from './parts.ts'
import { SAMPLES_PER_MS, slackIn, usedIn } from './pieces.ts'
import type { Group, Laid, Piece } from './pieces.ts'
import { ranked } from './rotation.ts'
import type { Airings, Choice } from './rotation.ts'

export interface Shelf {
  readonly date: string
  readonly seed: number
  readonly parts: PlanParts
  readonly items: readonly PlanItem[]
  readonly exceptions: readonly Named<DayException>[]
  /** UTC ms of the week the day lies in, for columns it still lacks. */
  readonly week: { readonly from: number; readonly until: number }
  /** Items of a category that this day does not bar, found once. */
  readonly members: Map<string, readonly PlanItem[]>
  readonly airings: Airings
  readonly findings: Finding[]
}

const MS_PER_DAY = 86_400_000

export function isValidAt(item: PlanItem, at: number): boolean {
  return item.playable && (item.validFrom === null || item.validFrom <= at) && (item.validTo === null || at + item.lengthSamples / SAMPLES_PER_MS <= item.validTo)
}
/** May it be on air at this time of this day? */
export function mayAir(shelf: Shelf, item: PlanItem, at: number): boolean {
  return isValidAt(item, at) && !isBarred(item, shelf.exceptions)
}

/** What stands in for a category today; null = nothing, and the exception that says so. */
export function categoryToday(shelf: Shelf, categoryId: string): { category: Named<Category> | null; exception: Named<DayException> | null; missing: boolean } {
  const exception = shelf.exceptions.findLast((one) => one.replace.some((swap) => swap.categoryId === categoryId)) ?? null
  const wanted = exception === null ? categoryId : (exception.replace.findLast((swap) => swap.categoryId === categoryId)?.byCategoryId ?? null)
  const category = wanted === null ? null : (shelf.parts.categories.find(({ id }) => id === wanted) ?? null)
  return { category, exception, missing: wanted !== null && category === null }
}

export function choicesOf(shelf: Shelf, category: Named<Category>, options: { at: number; key: string; rotation?: Category['rotation'] | null; separationMin?: number | null }): Choice[] {
  const members = shelf.members.get(category.id) ?? shelf.items.filter((item) => belongsTo(item, category) && !isBarred(item, shelf.exceptions))
  shelf.members.set(category.id, members)
  const candidates = members.filter((item) => isValidAt(item, options.at))
  return ranked(candidates, { rotation: options.rotation ?? category.rotation, separationMs: (options.separationMin ?? category.separationMin) * 60_000, weights: category.weights, at: options.at, seed: [shelf.seed, options.key] }, shelf.airings)
}

/** Lays all positions of a group but fill and campaigns. Adds what it lays to the airings, and what it could not to the findings. */
export function layGroup(shelf: Shelf, open: OpenSession, group: Group): void {
  let at = 0
  for (const [index, position] of group.positions.entries()) {
    const about = { session: open.session.title, sessionKey: open.key, position: position.title }
    if (group.pieces.length === 0) {
      shelf.findings.push(finding('displaced', { ...about, at: open.startAt + (position.atSec ?? 0) * 1000 }))
      continue
    }
    const reserved = group.positions.slice(index + 1).reduce((sum, later) => sum + knownLength(shelf, later), 0)
    // A piece that is too short for this is left to fill; what comes after the interruption may have room.
    let laid = false
    for (let next = at; next < group.pieces.length && !laid; next++) {
      const piece = group.pieces[next]
      if (piece === undefined) break
      const isEnd = next === group.pieces.length - 1
      const found = choose(shelf, open, position, { piece, room: slackIn(piece) - (isEnd ? reserved : 0), mustFit: !isEnd })
      if (found === 'tooLong' && !isEnd) continue
      at = next
      laid = true
      if (found === null || found === 'tooLong') continue
      piece.laid.push(found)
      if (found.item !== null) shelf.airings.add(found.item.id, instantIn(piece, usedIn(piece) - found.lengthSamples))
    }
  }
}

export const instantIn = (piece: Piece, offset: number): number => (piece.start + offset) / SAMPLES_PER_MS

function knownLength(shelf: Shelf, position: Position): number {
  if (position.kind === 'relay') return position.lengthSec * 1000 * SAMPLES_PER_MS
  if (position.kind === 'item') return shelf.items.find(({ id }) => id === position.itemId)?.lengthSamples ?? 0
  return 0
}

/** The next new edition of a column (of several the oldest: they come in their order) and the newest of all. */
function editionsOf(shelf: Shelf, column: Column, at: number): { fresh: PlanItem | null; newest: PlanItem | null } {
  const editions = shelf.items.filter((item) => hasTag(item, column.tags) && mayAir(shelf, item, at))
  const fresh = editions.filter((item) => item.createdAt >= at - column.freshDays * MS_PER_DAY && shelf.airings.lastBefore(item.id, at) === null).toSorted((a, b) => a.createdAt - b.createdAt || a.number - b.number)[0]
  const newest = editions.toSorted((a, b) => b.createdAt - a.createdAt || b.number - a.number)[0]
  return { fresh: fresh ?? null, newest: newest ?? null }
}

/** Of the columns the week lacks, one that has something to air, a new edition before a repeat, the one lacking most first; null = none lacks. */
function columnToday(shelf: Shelf, at: number): Named<Column> | null {
  const states = columnsOfWeek(shelf.parts.columns, shelf.items, shelf.airings.all(), { ...shelf.week, now: at }).filter(({ missing }) => missing > 0)
  const weighed = states.flatMap(({ columnId, missing }, index) => {
    const column = shelf.parts.columns.find(({ id }) => id === columnId)
    if (column === undefined) return []
    const { fresh, newest } = editionsOf(shelf, column, at)
    return [{ column, missing, index, has: fresh !== null ? 2 : column.allowRepeat && newest !== null ? 1 : 0 }]
  })
  return weighed.toSorted((a, b) => b.has - a.has || b.missing - a.missing || a.index - b.index)[0]?.column ?? null
}

/** Null = left out with a finding; `tooLong` = there is something, but not for this room. */
function choose(shelf: Shelf, open: OpenSession, position: Position, place: { piece: Piece; room: number; mustFit: boolean }): Laid | null | 'tooLong' {
  const offset = usedIn(place.piece)
  const at = instantIn(place.piece, offset)
  const about = { session: open.session.title, sessionKey: open.key, position: position.title, at: Math.round(at) }
  const base = { position, from: 'position' as const, item: null, isRoom: false, categoryId: null, campaignId: null, separationMs: 0 }
  const tell = (kind: Parameters<typeof finding>[0], more: Partial<Finding> = {}): null => {
    shelf.findings.push(finding(kind, { ...about, ...more }))
    return null
  }
  if (position.kind === 'relay') {
    const lengthSamples = position.lengthSec * 1000 * SAMPLES_PER_MS
    return place.mustFit && lengthSamples > place.room ? 'tooLong' : { ...base, lengthSamples }
  }
  if (position.kind === 'item') {
    const item = shelf.items.find(({ id }) => id === position.itemId)
    if (item === undefined || !isValidAt(item, at)) return tell('itemMissing', { title: item?.title ?? null })
    if (isBarred(item, shelf.exceptions)) return tell('barred', { title: item.title })
    return place.mustFit && item.lengthSamples > place.room ? 'tooLong' : { ...base, item, lengthSamples: item.lengthSamples }
  }
  if (position.kind === 'column') {
    const column = position.columnId === null ? columnToday(shelf, at) : (shelf.parts.columns.find(({ id }) => id === position.columnId) ?? null)
    // Nothing lacks this week: the place is free.
    if (column === null) return position.columnId === null ? null : tell('columnMissing')
    const { fresh, newest } = editionsOf(shelf, column, at)
    const item = fresh ?? (column.allowRepeat ? newest : null)
    if (item === null) return tell('columnMissing', { title: column.title })
    if (place.mustFit && item.lengthSamples > place.room) return 'tooLong'
    if (fresh === null) tell('columnRepeat', { title: column.title })
    return { ...base, item, lengthSamples: item.lengthSamples }
  }
  const today = categoryToday(shelf, position.categoryId)
  if (today.missing) return tell('missingCategory')
  if (today.exception !== null) tell('replaced', { title: today.exception.title })
  if (today.category === null) return null
  if (position.kind === 'fill') return { ...base, lengthSamples: 0, isRoom: true, categoryId: today.category.id, separationMs: today.category.separationMin * 60_000 }
  const { category } = today
  const choices = choicesOf(shelf, category, { at, key: `${open.key}/${position.id}`, rotation: position.rotation, separationMin: position.separationMin })
  if (choices.length === 0) return tell('unfilled', { title: category.title })
  const choice = choices.find(({ item }) => item.lengthSamples <= place.room)
  if (choice === undefined) return place.mustFit ? 'tooLong' : tell('noFit', { title: category.title, ms: Math.max(0, Math.round(place.room / SAMPLES_PER_MS)) })
  return { ...base, item: choice.item, lengthSamples: choice.item.lengthSamples, categoryId: category.id, separationMs: (position.separationMin ?? category.separationMin) * 60_000 }
}
