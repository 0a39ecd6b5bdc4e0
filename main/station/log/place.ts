import { AppError } from '#contract/errors.ts'
import { keysBetween } from '#common/timing/order-key.ts'
import type { DayStore } from './day-store.ts'

/** Where something is put: behind a line; null = on top of the slot, else of the day. Without `slotId` it belongs to the slot of the line it comes behind. */
export interface Place {
  readonly afterLineId: string | null
  readonly slotId?: string | null | undefined
}
export interface Placed {
  readonly keys: readonly string[]
  readonly slotId: string | null
}
interface Standing {
  readonly id: string
  readonly orderKey: string
  readonly slotId: string | null
}

/** The order of a day while an edit is put together: what is placed stands there for the next. */
export interface Layout {
  /**
   * Keys strictly between the place and whatever key comes next, be it of a removed line, for the lines named, in a row.
   * @throws AppError not-found for a line or slot that is not of this day
   */
  place(place: Place, lineIds: readonly string[]): Placed
  /** Last line of a slot (of the day: null); behind it comes what is added. Null when there is none. */
  lastOf(slotId: string | null): string | null
}

export function layoutOf(days: DayStore, date: string, slots: readonly { readonly id: string; readonly startAt: number }[] = days.slots(date)): Layout {
  let lines: readonly Standing[] = days.lines(date)
  const taken = days.keys(date).map(({ key }) => key)
  const inTime = slots.toSorted((a, b) => a.startAt - b.startAt)
  const rank = new Map(inTime.map((slot, index) => [slot.id, index]))

  /** @returns the line behind which it comes (null = top of the day), and the slot */
  const anchor = (place: Place): { after: Standing | null; slotId: string | null } => {
    if (place.slotId != null && !rank.has(place.slotId)) throw new AppError('not-found')
    if (place.afterLineId !== null) {
      const after = lines.find((line) => line.id === place.afterLineId)
      if (after === undefined) throw new AppError('not-found')
      return { after, slotId: place.slotId === undefined ? after.slotId : place.slotId }
    }
    if (place.slotId == null) return { after: null, slotId: place.slotId === undefined ? (lines[0]?.slotId ?? null) : null }
    const own = lines.findIndex((line) => line.slotId === place.slotId)
    const mine = rank.get(place.slotId) ?? 0
    // An empty slot stands behind everything of the slots before it.
    const before = own >= 0 ? lines.slice(0, own).at(-1) : lines.findLast((line) => line.slotId !== null && (rank.get(line.slotId) ?? 0) < mine)
    return { after: before ?? null, slotId: place.slotId }
  }

  return {
    place(place, lineIds) {
      const moving = new Set(lineIds)
      lines = lines.filter((line) => !moving.has(line.id))
      const { after, slotId } = anchor(place)
      const low = after?.orderKey ?? null
      const next = low === null ? 0 : upper(taken, low)
      const keys = keysBetween(low, taken[next] ?? null, lineIds.length)
      taken.splice(next, 0, ...keys)
      const index = after === null ? 0 : lines.indexOf(after) + 1
      lines = [...lines.slice(0, index), ...lineIds.map((id, at) => ({ id, orderKey: keys[at] ?? '', slotId })), ...lines.slice(index)]
      return { keys, slotId }
    },
    lastOf: (slotId) => (slotId === null ? lines.at(-1) : lines.findLast((line) => line.slotId === slotId))?.id ?? null,
  }
}

/** Gives keys as near as can be to ones that other lines may have taken since. */
export function freeKeys(days: DayStore): (date: string, lineId: string, wanted: string) => string {
  const read = new Map<string, Map<string, string>>()
  return (date, lineId, wanted) => {
    const taken = read.get(date) ?? new Map(days.keys(date).map(({ id, key }) => [key, id]))
    read.set(date, taken)
    const owner = taken.get(wanted)
    if (owner === undefined || owner === lineId) return wanted
    const next = [...taken.keys()].reduce<string | null>((nearest, key) => (key > wanted && (nearest === null || key < nearest) ? key : nearest), null)
    const [key = wanted] = keysBetween(wanted, next, 1)
    taken.set(key, lineId)
    return key
  }
}

/** Index of the first key above one. */
function upper(keys: readonly string[], key: string): number {
  let [low, high] = [0, keys.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((keys[middle] ?? '') <= key) low = middle + 1
    else high = middle
  }
  return low
}
