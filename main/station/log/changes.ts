import { AppError } from '#contract/errors.ts'
import type { LineFields, LogStep, NewLine, SlotFields } from '#contract/log.ts'
import { addDays, isCalendarDate } from '#common/timing/zone.ts'
import type { StationContext, Who } from '../context.ts'
import { itemsOf } from './compiler.ts'
import type { DayStore } from './day-store.ts'
import { changed, changedSlot } from './edits.ts'
import type { Edits } from './edits.ts'
import type { Gate } from './gate.ts'
import type { LineRules } from './line-rules.ts'
import { layoutOf } from './place.ts'
import type { Place } from './place.ts'
import { noEdit } from './steps.ts'
import { plainLine } from './stored.ts'
import type { StoredLine, StoredSlot } from './stored.ts'

export interface NamedLine {
  readonly lineId: string
  readonly rev: number
}
type FieldChange = { readonly [K in keyof LineFields]?: LineFields[K] | undefined }

/** Changes people make of one day. Every line is named by day, id and rev; each change is one step that can be undone. */
export interface Changes {
  add(date: string, lines: readonly (NewLine & FieldChange)[], place: Place, who: Who, action?: string): Promise<LogStep>
  duplicate(date: string, named: readonly NamedLine[], place: Place, who: Who): Promise<LogStep>
  update(date: string, named: readonly NamedLine[], change: FieldChange, who: Who): Promise<LogStep>
  /** Another change for each line, as one step. */
  updateEach(action: string, date: string, changes: readonly { readonly named: NamedLine; readonly change: FieldChange }[], who: Who): Promise<LogStep>
  move(date: string, named: readonly NamedLine[], place: Place, who: Who): Promise<LogStep>
  remove(date: string, named: readonly NamedLine[], who: Who): Promise<LogStep>
  saveSlot(date: string, slotId: string | null, rev: number, fields: SlotFields, who: Who): Promise<LogStep>
  removeSlot(date: string, slotId: string, rev: number, who: Who): Promise<LogStep>
}

export function createChanges(ctx: Pick<StationContext, 'newId'>, deps: { days: DayStore; gate: Gate; edits: Edits; rules: LineRules }): Changes {
  const { days, gate, edits, rules } = deps

  /** Everything the day and its neighbours need to be judged, so that nothing waits afterwards. */
  const load = async (date: string, more: readonly (string | null | undefined)[] = []): Promise<void> => {
    if (!isCalendarDate(date)) throw new AppError('invalid-input', { data: { field: 'broadcastDate' } })
    await gate.load([...[addDays(date, -1), date, addDays(date, 1)].flatMap((near) => itemsOf(days, near)), ...more.flatMap((itemId) => itemId ?? [])])
  }
  const linesOf = (date: string, named: readonly NamedLine[]): StoredLine[] => {
    const seen = new Set<string>()
    return named.map(({ lineId, rev }) => {
      const line = days.line(lineId)
      if (line === null || line.broadcastDate !== date) throw new AppError('not-found')
      if (line.removed || line.rev !== rev) throw new AppError('stale')
      if (seen.has(lineId)) throw new AppError('invalid-input', { data: { field: 'lines' } })
      seen.add(lineId)
      return line
    })
  }
  /** In the order of the log, whatever order they were named in. */
  const inOrder = (lines: readonly StoredLine[]): StoredLine[] => lines.toSorted((a, b) => (a.orderKey < b.orderKey ? -1 : 1))
  const slotOf = (date: string, slotId: string, rev: number): StoredSlot => {
    const slot = days.slot(slotId)
    if (slot === null || slot.broadcastDate !== date) throw new AppError('not-found')
    if (slot.removed || slot.rev !== rev) throw new AppError('stale')
    return slot
  }
  const one = (count: number, name: string): string => (count === 1 ? `log.${name}Line` : `log.${name}Lines`)

  return {
    async add(date, lines, place, who, action) {
      await load(date, lines.flatMap((line) => [line.itemId, ...(line.backupItemIds ?? [])]))
      const ids = lines.map(() => ctx.newId())
      const { keys, slotId } = layoutOf(days, date).place(place, ids)
      const made: StoredLine[] = []
      for (const [index, { kind, ...fields }] of lines.entries()) {
        const base: StoredLine = { ...plainLine, id: ids[index] ?? '', broadcastDate: date, orderKey: keys[index] ?? '', slotId, kind, title: '', lengthSamples: 0 }
        made.push(rules.apply(base, defined(fields), { was: null, strict: true, others: made }))
      }
      return edits.write(action ?? one(made.length, 'add'), { ...noEdit, lines: made.map((after) => ({ before: null, after })) }, who)
    },
    async duplicate(date, named, place, who) {
      await load(date)
      const originals = inOrder(linesOf(date, named))
      const ids = originals.map(() => ctx.newId())
      const { keys, slotId } = layoutOf(days, date).place(place, ids)
      // A copy has no time of its own: two lines cannot both start at it.
      const copies = originals.map((line, index): StoredLine => ({
        ...line, id: ids[index] ?? '', orderKey: keys[index] ?? '', slotId, timing: { kind: 'follow' }, origin: 'manual', originUnitId: null, sourceRef: null, generatedRev: null, importedAt: null, initialAt: null, rev: 1,
      }))
      return edits.write('log.duplicateLines', { ...noEdit, lines: copies.map((after) => ({ before: null, after })) }, who)
    },
    async update(date, named, change, who) {
      await load(date, [change.itemId, ...(change.backupItemIds ?? [])])
      const lines = linesOf(date, named)
      const wanted = defined(change)
      const next = lines.map((line) => changed(line, rules.apply(line, wanted, { was: line, strict: true })))
      return edits.write(one(lines.length, 'update'), { ...noEdit, lines: next }, who)
    },
    async updateEach(action, date, wanted, who) {
      await load(date, wanted.flatMap(({ change }) => [change.itemId, ...(change.backupItemIds ?? [])]))
      const lines = linesOf(date, wanted.map(({ named }) => named))
      const next = lines.map((line, index) => changed(line, rules.apply(line, defined(wanted[index]?.change ?? {}), { was: line, strict: true })))
      return edits.write(action, { ...noEdit, lines: next }, who)
    },
    async move(date, named, place, who) {
      if (named.some(({ lineId }) => lineId === place.afterLineId)) throw new AppError('invalid-input', { data: { field: 'afterLineId' } })
      await load(date)
      const lines = inOrder(linesOf(date, named))
      const { keys, slotId } = layoutOf(days, date).place(place, lines.map((line) => line.id))
      return edits.write(one(lines.length, 'move'), { ...noEdit, lines: lines.map((line, index) => changed(line, { orderKey: keys[index] ?? line.orderKey, slotId })) }, who)
    },
    async remove(date, named, who) {
      await load(date)
      const lines = linesOf(date, named)
      return edits.write(one(lines.length, 'remove'), { ...noEdit, lines: lines.map((line) => changed(line, { removed: true })) }, who)
    },
    async saveSlot(date, slotId, rev, fields, who) {
      await load(date)
      const day = days.day(date)
      if (fields.startAt < day.startsAt || fields.startAt >= day.endsAt) throw new AppError('invalid-input', { data: { field: 'startAt' } })
      if (fields.endAt <= fields.startAt) throw new AppError('invalid-input', { data: { field: 'endAt' } })
      const other = days.slots(date).find((slot) => slot.id !== slotId && slot.bus === fields.bus && slot.startAt < fields.endAt && fields.startAt < slot.endAt)
      if (other !== undefined) throw new AppError('slot-overlap', { data: { title: other.title } })
      for (const itemId of fields.backupItemIds) if (gate.judgeItem(itemId).item === null) throw new AppError('not-found')
      const change = slotId === null ? { before: null, after: { ...fields, id: ctx.newId(), broadcastDate: date, sourceRef: null, rev: 1, removed: false } } : changedSlot(slotOf(date, slotId, rev), fields)
      return edits.write('log.saveSlot', { ...noEdit, slots: [change] }, who)
    },
    async removeSlot(date, slotId, rev, who) {
      await load(date)
      const slot = slotOf(date, slotId, rev)
      const lines = days.lines(date).filter((line) => line.slotId === slotId).map((line) => changed(line, { slotId: null }))
      return edits.write('log.removeSlot', { lines, slots: [changedSlot(slot, { removed: true })] }, who)
    },
  }
}

/** What is really said: a field that is undefined is as good as left out. */
function defined(change: FieldChange): Partial<LineFields> {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
}
