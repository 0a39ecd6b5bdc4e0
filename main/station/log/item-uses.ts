import { addDays } from '#common/timing/zone.ts'
import type { ItemUse } from '#contract/log.ts'
import type { AirRoom, ItemUses } from '../faces.ts'
import { itemsOf } from './compiler.ts'
import type { DayStore } from './day-store.ts'
import type { Gate } from './gate.ts'
import { isGuarded, msOf } from './rundown.ts'
import type { Rundown } from './rundown.ts'
import type { StoredLine, StoredSlot } from './stored.ts'

/** Most past lines told: older ones are in the reports. */
const PAST_SHOWN = 200

/** A use with what is there, for a change of it. */
export type FoundUse =
  | { readonly use: ItemUse; readonly kind: 'line' | 'backup'; readonly line: StoredLine; readonly guarded: boolean }
  | { readonly use: ItemUse; readonly kind: 'slotBackup'; readonly slot: StoredSlot }
  | { readonly use: ItemUse; readonly kind: 'elsewhere'; readonly room: string }

/** Where an item stands: lines to come (and of the running days), lines of the past, backups, and what other rooms keep. */
export interface UseFinder {
  /** Loads what `find` needs, so that it can look and judge in one go. */
  load(itemId: string, from: string): Promise<void>
  /** @param from broadcast date; days before it only give past lines */
  find(itemId: string, from: string, options: { past: boolean }): FoundUse[]
}

export function createUseFinder(deps: { days: DayStore; gate: Gate; rundown: Rundown; air: Pick<AirRoom, 'asRunBetween'>; users: ReadonlyMap<string, ItemUses> }): UseFinder {
  const { days, gate, rundown, air, users } = deps
  const around = (date: string): string[] => [addDays(date, -1), date, addDays(date, 1)]

  const ofDay = (itemId: string, date: string): FoundUse[] => {
    const near = around(date)
    const past = rundown.past(near)
    const planned = rundown.read(near, past).predicted().filter(({ line }) => line.broadcastDate === date)
    const lines = planned.flatMap((one): FoundUse[] => {
      const { line, times, verdict } = one
      const isBackup = line.backupItemIds.includes(itemId)
      if (line.itemId !== itemId && !isBackup) return []
      const rows = past.rows.get(line.id)
      const over = times.state === 'missed' || (times.state === 'planned' && times.end !== null && times.end <= past.now * 48)
      const when = rows?.at(-1)?.endedAt === null ? 'onAir' : rows !== undefined || over ? 'past' : 'planned'
      const at = rows?.[0]?.actualAt ?? msOf(times.start)
      const guarded = isGuarded(one, past)
      const use = (where: 'line' | 'backup'): ItemUse => ({ where, when, broadcastDate: date, at, id: line.id, room: null, title: verdict.title, rev: line.rev })
      return [...(line.itemId === itemId ? [{ use: use('line'), kind: 'line' as const, line, guarded }] : []), ...(isBackup ? [{ use: use('backup'), kind: 'backup' as const, line, guarded }] : [])]
    })
    const slots = days.slots(date).flatMap((slot): FoundUse[] => (slot.backupItemIds.includes(itemId)
      ? [{ use: { where: 'slotBackup', when: slot.endAt <= past.now ? 'past' : 'planned', broadcastDate: date, at: slot.startAt, id: slot.id, room: null, title: slot.title, rev: slot.rev }, kind: 'slotBackup', slot }] : []))
    return [...lines, ...slots]
  }
  const pastOf = (itemId: string, from: string): FoundUse[] => days.linesBefore(itemId, from, PAST_SHOWN).map((line): FoundUse => {
    const { startsAt, endsAt } = days.day(line.broadcastDate)
    const heard = air.asRunBetween(startsAt, endsAt).find((row) => row.lineId === line.id)?.actualAt
    return { use: { where: 'line', when: 'past', broadcastDate: line.broadcastDate, at: heard ?? line.initialAt, id: line.id, room: null, title: line.title, rev: line.rev }, kind: 'line', line, guarded: true }
  })

  return {
    load: (itemId, from) => gate.load(days.datesOf(itemId, from).flatMap((date) => around(date).flatMap((near) => itemsOf(days, near)))),
    find(itemId, from, { past }) {
      const elsewhere = [...users.values()].flatMap((user) => user.usesOf(itemId).map(({ id, title, rev }): FoundUse => ({
        use: { where: 'elsewhere', when: 'planned', broadcastDate: null, at: null, id, room: user.room, title, rev }, kind: 'elsewhere', room: user.room,
      })))
      return [...days.datesOf(itemId, from).flatMap((date) => ofDay(itemId, date)), ...elsewhere, ...(past ? pastOf(itemId, from) : [])]
    },
  }
}
