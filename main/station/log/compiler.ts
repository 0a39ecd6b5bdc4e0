import { addDays, dateAt } from '#common/timing/zone.ts'
import type { AsRunRow } from '#contract/air.ts'
import type { StationContext } from '../context.ts'
import type { AirRoom, CompiledPlan, LibraryRoom } from '../faces.ts'
import { offsetOf } from '../foundation/zones.ts'
import { compiledLineOf, compiledSlotOf, playOf, playoutDayOf, withoutItem } from './compiled.ts'
import type { DayStore } from './day-store.ts'
import { createFillShelf } from './fill-shelf.ts'
import type { Gate } from './gate.ts'
import { planDays } from './rundown.ts'
import type { Happened, PlannedLine } from './rundown.ts'
import type { StoredSlot } from './stored.ts'

/** Yesterday (its last chain may still be on air) to three days ahead: never less than 48 h. */
const DAYS_AHEAD = 3
/** A play that ended this long ago is no longer part of the plan. */
const KEEP_ENDED_MS = 60_000

export interface Compiler {
  readonly plan: CompiledPlan
  onPlan(run: (plan: CompiledPlan) => void): () => void
  /** Resolves when everything that had happened by the call is in the plan. */
  compile(): Promise<void>
  /** Takes an item out of the plan at once, before anything is read. */
  strip(itemId: string): void
  /** Does anything of the plan sound of it? */
  mentions(itemId: string): boolean
  happened(fromAt: number, untilAt: number): Happened
  /** Where rules end a slot before its own end. */
  useRuleEnds(ruleEndAt: (slot: StoredSlot) => number | null): void
}

export function createCompiler(
  ctx: Pick<StationContext, 'clock' | 'logger' | 'settings' | 'events' | 'scope'>,
  deps: { days: DayStore; gate: Gate; library: Pick<LibraryRoom, 'list'>; air: Pick<AirRoom, 'asRunBetween' | 'consumed' | 'usePlan'> },
): Compiler {
  const { days, gate, air } = deps
  const fillShelf = createFillShelf(ctx, deps.library)
  const listeners = new Set<(plan: CompiledPlan) => void>()
  let plan: CompiledPlan = { compiledAt: 0, fromAt: 0, untilAt: 0, plays: [], lines: [], slots: [], days: [], fill: [] }
  let shown = { plays: '', rest: '' }
  let running: Promise<void> | null = null
  let next: Promise<void> | null = null
  let ruleEndOf: (slot: StoredSlot) => number | null = () => null

  const happened = (fromAt: number, untilAt: number): Happened => {
    const rows = new Map<string, AsRunRow[]>()
    for (const row of air.asRunBetween(fromAt, untilAt)) {
      if (row.lineId === null) continue
      const known = rows.get(row.lineId)
      if (known === undefined) rows.set(row.lineId, [row])
      else known.push(row)
    }
    return { now: ctx.clock.now(), rows, consumed: air.consumed(fromAt, untilAt) }
  }
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
  const compileOnce = async (): Promise<void> => {
    const today = dateAt(ctx.clock.now(), offsetOf(ctx.settings.get().zone))
    const dates = Array.from({ length: DAYS_AHEAD + 2 }, (_, index) => addDays(today, index - 1))
    const groups = (): Set<string> => new Set(dates.flatMap((date) => days.slots(date).flatMap((slot) => (slot.onUnderrun === 'fill' && slot.fillGroup !== null ? [slot.fillGroup] : []))))
    await gate.load([...dates.flatMap((date) => itemsOf(days, date)), ...fillShelf.itemIds(groups())])
    // From here to the end nothing waits: the log, the library and the rows are of one moment.
    const [from, until] = [days.day(dates[0] ?? today), days.day(dates.at(-1) ?? today)]
    const past = happened(from.startsAt, until.endsAt)
    const planned = planDays(dates.map((date) => days.lines(date)), gate, past)
    const chainEnds = chainEndsOf(planned)
    const plays = planned.flatMap((line, index) => {
      const end = chainEnds[index] ?? null
      if (end !== null && end / 48 < past.now - KEEP_ENDED_MS) return []
      return playOf(line) ?? []
    })
    plays.sort((a, b) => a.startAt - b.startAt)
    publish({
      compiledAt: Math.round(past.now), fromAt: from.startsAt, untilAt: until.endsAt, plays, lines: planned.map((line) => compiledLineOf(line, gate)), slots: dates.flatMap((date) => days.slots(date).map((slot) => compiledSlotOf(slot, gate, ruleEndOf(slot)))),
      days: dates.map((date) => playoutDayOf(days.day(date))), fill: fillShelf.items(groups(), gate),
    })
  }

  return {
    get plan() { return plan },
    happened,
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
    useRuleEnds(ruleEndAt) {
      ruleEndOf = ruleEndAt
    },
  }
}

/** Every item a day may need, backups too. */
export function itemsOf(days: DayStore, date: string): string[] {
  return [...days.lines(date).flatMap((line) => (line.itemId === null ? line.backupItemIds : [line.itemId, ...line.backupItemIds])), ...days.slots(date).flatMap((slot) => slot.backupItemIds)]
}

/**
 * Where the chain of each line ends, in samples of the wall clock. An ended line stays in the plan while its chain sounds: devices know the
 * chain by its first line, and would begin anew, rounded to a second, if another became the first.
 */
function chainEndsOf(planned: readonly PlannedLine[]): (number | null)[] {
  const ends: (number | null)[] = []
  for (let index = planned.length - 1; index >= 0; index--) {
    const { end } = planned[index]?.predicted ?? { end: null }
    const next = planned[index + 1]
    const follows = next !== undefined && next.line.timing.kind === 'follow'
    const after = follows ? (ends[index + 1] ?? null) : null
    ends[index] = end === null ? after : Math.max(end, after ?? end)
  }
  return ends
}
