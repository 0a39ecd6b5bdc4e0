import { addDays, dateAt } from '#common/timing/zone.ts'
import type { StationContext } from '../context.ts'
import type { AirRoom, CompiledPlan, LibraryRoom } from '../faces.ts'
import { offsetOf } from '../foundation/zones.ts'
import { compiledLineOf, compiledSlotOf, withoutItem } from './compiled.ts'
import type { DayStore } from './day-store.ts'
import { createFillShelf } from './fill-shelf.ts'
import type { Gate } from './gate.ts'
import { playoutDayOf } from './playout-lines.ts'
import { playsOf } from './plays.ts'
import type { Rundown } from './rundown.ts'

/** Yesterday (its last chain may still be on air) to three days ahead: never less than 48 h. */
const DAYS_AHEAD = 3

export interface Compiler {
  readonly plan: CompiledPlan
  onPlan(run: (plan: CompiledPlan) => void): () => void
  /** Resolves when everything that had happened by the call is in the plan. */
  compile(): Promise<void>
  /** Takes an item out of the plan at once, before anything is read. */
  strip(itemId: string): void
  /** Does anything of the plan sound of it? */
  mentions(itemId: string): boolean
  /** Items that slots of these days may be filled with; they must be loaded before `fillOf`. */
  fillItemsOf(dates: readonly string[]): string[]
  fillOf(dates: readonly string[]): CompiledPlan['fill']
}

export function createCompiler(
  ctx: Pick<StationContext, 'clock' | 'logger' | 'settings' | 'events' | 'scope'>,
  deps: { days: DayStore; gate: Gate; rundown: Rundown; library: Pick<LibraryRoom, 'list'>; air: Pick<AirRoom, 'usePlan'> },
): Compiler {
  const { days, gate, rundown, air } = deps
  const fillShelf = createFillShelf(ctx, deps.library)
  const listeners = new Set<(plan: CompiledPlan) => void>()
  let plan: CompiledPlan = { compiledAt: 0, fromAt: 0, untilAt: 0, plays: [], lines: [], slots: [], days: [], fill: [] }
  let shown = { plays: '', rest: '' }
  let running: Promise<void> | null = null
  let next: Promise<void> | null = null

  const publish = (fresh: CompiledPlan): void => {
    plan = fresh
    const [plays, rest] = [JSON.stringify(fresh.plays), JSON.stringify([fresh.lines, fresh.slots, fresh.days, fresh.fill])]
    const [samePlays, sameRest] = [plays === shown.plays, rest === shown.rest]
    shown = { plays, rest }
    if (samePlays && sameRest) return
    air.usePlan(fresh)
    if (samePlays) return
    for (const run of listeners) {
      try {
        run(fresh)
      } catch (error) {
        ctx.logger.error('a listener of the plan failed', { error })
      }
    }
  }
  const groupsOf = (dates: readonly string[]): Set<string> => new Set(dates.flatMap((date) => days.slots(date).flatMap((slot) => (slot.onUnderrun === 'fill' && slot.fillGroup !== null ? [slot.fillGroup] : []))))
  const fillItemsOf = (dates: readonly string[]): string[] => fillShelf.itemIds(groupsOf(dates))
  const fillOf = (dates: readonly string[]): CompiledPlan['fill'] => fillShelf.items(groupsOf(dates), gate)
  const compileOnce = async (): Promise<void> => {
    const today = dateAt(ctx.clock.now(), offsetOf(ctx.settings.get().zone))
    const dates = Array.from({ length: DAYS_AHEAD + 2 }, (_, index) => addDays(today, index - 1))
    await gate.load([...dates.flatMap((date) => itemsOf(days, date)), ...fillItemsOf(dates), ...gate.editionItems(dates)])
    // From here to the end nothing waits: the log, the library and the rows are of one moment.
    const past = rundown.past(dates)
    const lines = rundown.read(dates, past).predicted()
    publish({
      compiledAt: Math.round(past.now), fromAt: days.day(dates[0] ?? today).startsAt, untilAt: days.day(dates.at(-1) ?? today).endsAt, plays: playsOf(lines, past.now), lines: lines.map((line) => compiledLineOf(line, gate)),
      slots: dates.flatMap((date) => days.slots(date).map((slot) => compiledSlotOf(slot, gate, rundown.ruleEndOf(slot)))), days: dates.map((date) => playoutDayOf(days.day(date))), fill: fillOf(dates),
    })
  }

  return {
    get plan() { return plan },
    fillItemsOf, fillOf,
    onPlan(run) {
      listeners.add(run)
      return () => void listeners.delete(run)
    },
    compile() {
      if (running === null) {
        running = compileOnce().finally(() => {
          running = null
        })
        return running
      }
      // One more after the running one serves everybody who asks meanwhile.
      next ??= running.catch(() => undefined).then(() => {
        next = null
        running = compileOnce().finally(() => {
          running = null
        })
        return running
      })
      return next
    },
    mentions: (itemId) => plan.fill.some(({ sound }) => sound.itemId === itemId) || plan.slots.some(({ backups }) => backups.some((sound) => sound.itemId === itemId)) || plan.lines.some(({ sound, backups }) => sound?.itemId === itemId || backups.some((backup) => backup.itemId === itemId)),
    strip(itemId) {
      publish({ ...withoutItem(plan, itemId), compiledAt: Math.round(ctx.clock.now()) })
    },
  }
}

/** Every item a day may need, backups too. */
export function itemsOf(days: DayStore, date: string): string[] {
  return [...days.lines(date).flatMap((line) => (line.itemId === null ? line.backupItemIds : [line.itemId, ...line.backupItemIds])), ...days.slots(date).flatMap((slot) => slot.backupItemIds)]
}
