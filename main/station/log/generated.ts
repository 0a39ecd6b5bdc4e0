import { isDeepStrictEqual } from 'node:util'
import { AppError } from '#contract/errors.ts'
import type { LineFields } from '#contract/log.ts'
import { keysBetween } from '#common/timing/order-key.ts'
import { addDays, isCalendarDate } from '#common/timing/zone.ts'
import type { StationContext } from '../context.ts'
import type { GeneratedDay, LineRefusal, LineToAdd, LogRoom, SlotToAdd } from '../faces.ts'
import { itemsOf } from './compiler.ts'
import type { DayStore } from './day-store.ts'
import { changed, changedSlot } from './edits.ts'
import type { Edits } from './edits.ts'
import type { Gate } from './gate.ts'
import type { Guard } from './guard.ts'
import type { LineRules } from './line-rules.ts'
import { layoutOf } from './place.ts'
import type { Change } from './steps.ts'
import { plainLine } from './stored.ts'
import type { StoredLine, StoredSlot } from './stored.ts'

/** Lists that other rooms make: written like a person's edit, as one step, but told line by line what could not stand. */
export type Generated = Pick<LogRoom, 'addLines' | 'replaceGenerated'>

export function createGenerated(ctx: Pick<StationContext, 'newId'>, deps: { days: DayStore; gate: Gate; edits: Edits; rules: LineRules; guard: Guard }): Generated {
  const { days, gate, edits, rules, guard } = deps

  const load = async (date: string, lines: readonly LineToAdd[]): Promise<void> => {
    if (!isCalendarDate(date)) throw new AppError('invalid-input', { data: { field: 'broadcastDate' } })
    await gate.load([...[addDays(date, -1), date, addDays(date, 1)].flatMap((near) => itemsOf(days, near)), ...lines.flatMap((line) => line.itemId ?? [])])
  }
  /** The line as the list says it, on top of what it is. Throws what the rules throw. */
  const asMade = (base: StoredLine, made: LineToAdd, was: StoredLine | null, others: readonly StoredLine[]): StoredLine => {
    const { kind: _, lengthSamples, sourceRef, slotRef: __, importedAt, originUnitId, ...fields } = made
    const { timing = plainLine.timing, ...rest } = fields
    // A time that stays as it was is not looked at again: it may be over by now.
    const change: Partial<LineFields> = { ...rest, ...(lengthSamples === undefined ? {} : { plannedSamples: lengthSamples }), ...(was !== null && isDeepStrictEqual(timing, was.timing) ? {} : { timing }) }
    return rules.apply({ ...base, sourceRef, importedAt: importedAt ?? base.importedAt, originUnitId: originUnitId ?? base.originUnitId }, change, { was, strict: false, others })
  }
  const own = (after: StoredLine): StoredLine => ({ ...after, generatedRev: after.rev })
  const answer = (lines: readonly Change<StoredLine>[], kept: readonly string[], refused: readonly LineRefusal[], stepId: string | null): GeneratedDay => ({
    added: lines.flatMap(({ before, after }) => (before === null ? [after.id] : [])), changed: lines.flatMap(({ before, after }) => (before !== null && !after.removed ? [after.id] : [])),
    removed: lines.flatMap(({ after }) => (after.removed ? [after.id] : [])), kept, refused, stepId,
  })

  return {
    async addLines(date, lines, who) {
      await load(date, lines)
      const layout = layoutOf(days, date)
      const slots = new Map(days.slots(date).flatMap((slot) => (slot.sourceRef === null ? [] : [[slot.sourceRef, slot.id] as const])))
      const refused: LineRefusal[] = []
      const made: StoredLine[] = []
      const groups = new Map<string | null, LineToAdd[]>()
      for (const line of lines) {
        const slotId = line.slotRef == null ? null : (slots.get(line.slotRef) ?? null)
        const group = groups.get(slotId)
        if (group === undefined) groups.set(slotId, [line])
        else group.push(line)
      }
      for (const [slotId, members] of groups) {
        const ids = members.map(() => ctx.newId())
        const { keys } = layout.place({ afterLineId: layout.lastOf(slotId), slotId }, ids)
        for (const [index, line] of members.entries()) {
          const base: StoredLine = { ...plainLine, id: ids[index] ?? '', broadcastDate: date, orderKey: keys[index] ?? '', slotId, kind: line.kind, title: line.title ?? '', lengthSamples: 0, sourceRef: line.sourceRef, origin: 'template' }
          attempt(line.sourceRef, null, refused, () => made.push(own(asMade(base, line, null, made))))
        }
      }
      const changes = made.map((after) => ({ before: null, after }))
      const step = changes.length === 0 ? null : edits.write('log.addGenerated', { lines: changes, slots: [] }, who)
      return answer(changes, [], refused, step?.stepId ?? null)
    },

    async replaceGenerated(date, made, who) {
      await load(date, made.lines)
      const held = guard.guarded(date)
      const slots = slotChanges(date, made.slots)
      const slotIds = new Map([...days.slots(date), ...slots.map(({ after }) => after)].flatMap((slot) => (slot.sourceRef === null ? [] : [[slot.sourceRef, slot.id] as const])))
      const gone = new Set(slots.flatMap(({ after }) => (after.removed ? [after.id] : [])))
      const before = days.lines(date)
      const known = new Map(before.flatMap((line) => (line.origin === made.origin && line.sourceRef !== null ? [[line.sourceRef, line] as const] : [])))
      const isFree = (line: StoredLine): boolean => line.generatedRev === line.rev && !held.has(line.id)
      const places = keysFor(days, date, made.lines.map((line) => known.get(line.sourceRef) ?? null), isFree)
      const [refused, kept, changes]: [LineRefusal[], string[], Change<StoredLine>[]] = [[], [], []]
      const written: StoredLine[] = []
      for (const [index, line] of made.lines.entries()) {
        const was = known.get(line.sourceRef) ?? null
        if (was !== null && !isFree(was)) {
          kept.push(was.id)
          continue
        }
        const slotId = line.slotRef == null ? null : (slotIds.get(line.slotRef) ?? null)
        const place = { orderKey: places[index] ?? '', slotId }
        const base: StoredLine = was === null
          ? { ...plainLine, ...place, id: ctx.newId(), broadcastDate: date, kind: line.kind, title: line.title ?? '', lengthSamples: 0, sourceRef: line.sourceRef, origin: made.origin }
          : { ...was, ...plainContent, ...place }
        attempt(line.sourceRef, was?.id ?? null, refused, () => {
          const next = asMade(base, line, was, written)
          written.push(next)
          if (was === null) changes.push({ before: null, after: own(next) })
          else if (!isDeepStrictEqual(next, was)) {
            const { after } = changed(was, next)
            changes.push({ before: was, after: own(after) })
          }
        })
      }
      const wanted = new Set(made.lines.map((line) => line.sourceRef))
      for (const [ref, line] of known) {
        if (wanted.has(ref)) continue
        if (isFree(line)) changes.push(changed(line, { removed: true }))
        else kept.push(line.id)
      }
      // What stays of a slot that is gone stands outside any.
      const touched = new Set(changes.map(({ after }) => after.id))
      for (const line of before) if (line.slotId !== null && gone.has(line.slotId) && !touched.has(line.id) && !held.has(line.id)) changes.push(changed(line, { slotId: null }))
      if (changes.length === 0 && slots.length === 0) return answer([], kept, refused, null)
      const { stepId } = edits.write('log.generate', { lines: changes, slots }, who)
      return answer(changes, kept, refused, stepId)
    },
  }

  function slotChanges(date: string, made: readonly SlotToAdd[]): Change<StoredSlot>[] {
    const known = new Map(days.slots(date).flatMap((slot) => (slot.sourceRef === null ? [] : [[slot.sourceRef, slot] as const])))
    const wanted = new Set(made.map((slot) => slot.sourceRef))
    const next = made.flatMap((slot): Change<StoredSlot>[] => {
      const was = known.get(slot.sourceRef)
      if (was === undefined) return [{ before: null, after: { ...slot, id: ctx.newId(), broadcastDate: date, rev: 1, removed: false } }]
      return isDeepStrictEqual({ ...was, ...slot }, was) ? [] : [changedSlot(was, slot)]
    })
    return [...next, ...[...known.values()].flatMap((slot) => (wanted.has(slot.sourceRef ?? '') ? [] : [changedSlot(slot, { removed: true })]))]
  }
}

/** What a generated line says anew each time; its id, place, time and origin are its own. */
const { slotId: _slot, timing: _timing, origin: _origin, originUnitId: _unit, sourceRef: _ref, generatedRev: _generated, importedAt: _imported, initialAt: _initial, rev: _rev, removed: _removed, ...plainContent } = plainLine

/** Keys for a list in its order: lines that already stand rightly keep theirs, the others go between. */
function keysFor(days: DayStore, date: string, list: readonly (StoredLine | null)[], isFree: (line: StoredLine) => boolean): string[] {
  const taken = days.keys(date).map(({ key }) => key)
  const keys: string[] = []
  let low: string | null = null
  let waiting = 0
  const put = (): void => {
    const from = low
    const next = taken.find((key) => from === null || key > from) ?? null
    const fresh = keysBetween(from, next, waiting)
    keys.push(...fresh)
    taken.push(...fresh)
    taken.sort()
    low = fresh.at(-1) ?? low
    waiting = 0
  }
  for (const line of list) {
    const bound: string | null = low
    const stays = line !== null && (!isFree(line) || bound === null || line.orderKey > bound)
    if (!stays) {
      waiting++
      continue
    }
    if (waiting > 0) put()
    keys.push(line.orderKey)
    if (low === null || line.orderKey > low) low = line.orderKey
  }
  if (waiting > 0) put()
  return keys
}

function attempt(sourceRef: string, lineId: string | null, refused: LineRefusal[], run: () => void): void {
  try {
    run()
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    refused.push({ sourceRef, lineId, error })
  }
}
