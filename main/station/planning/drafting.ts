import { setImmediate as nextTurn } from 'node:timers/promises'
import { copyDay, generateDay, mondayOf } from '#common/planning/index.ts'
import type { CopiedDay, Generated, UnitRules } from '#common/planning/index.ts'
import { instantOf, wallSamples } from '#common/playout/index.ts'
import { addDays } from '#common/timing/zone.ts'
import type { OffsetAt } from '#common/timing/zone.ts'
import type { LogDay, LogLine } from '#contract/log.ts'
import type { DraftDay, PlanDraft, QuotaMeter } from '#contract/planning.ts'
import { Id } from '#contract/shapes.ts'
import type { JobHandle, StationContext, Who } from '../context.ts'
import type { PlannedDay, StoredDraft } from './drafts.ts'
import { isKept, keptLines, plannedAirings } from './facts.ts'
import type { Airing, Facts } from './facts.ts'
import type { PartStore } from './part-store.ts'

export interface DraftingDeps {
  readonly parts: PartStore
  readonly facts: Facts
  readonly rules: () => UnitRules
  readonly offsetAt: () => OffsetAt
  /** Airtime of a day as it would be. */
  readonly meter: (date: string, day: LogDay, made: Generated) => QuotaMeter
}

/** Makes drafts: nothing of this touches the log. One day after the other, with a turn for everybody else in between: the air does not wait for a plan. */
export function createDrafting(ctx: Pick<StationContext, 'clock' | 'newId'>, deps: DraftingDeps) {
  const { parts, facts } = deps

  async function days(dates: readonly string[], around: ReadonlyMap<string, LogDay>, job: JobHandle, make: (date: string, day: LogDay, airings: readonly Airing[]) => Generated): Promise<{ draft: DraftDay[]; plan: PlannedDay[] }> {
    const heard = facts.heard(ctx.clock.now())
    const made = new Map<string, Generated>()
    const [draft, plan]: [DraftDay[], PlannedDay[]] = [[], []]
    const wanted = new Set(dates)
    for (const [index, date] of dates.entries()) {
      job.signal.throwIfAborted()
      const day = around.get(date)
      if (day === undefined) continue
      // Lines that this draft replaces are not there any more; lines it has made for other days are.
      const planned = [...around].flatMap(([other, known]) => (other === date ? plannedAirings(known, isKept) : wanted.has(other) ? [...plannedAirings(known, isKept), ...airingsOf(made.get(other))] : plannedAirings(known)))
      const generated = make(date, day, [...heard, ...planned])
      made.set(date, generated)
      draft.push(draftDay(date, day, generated, deps.meter(date, day, generated)))
      plan.push(plannedDay(day, generated, parts, ctx.clock.now()))
      job.progress((index + 1) / dates.length)
      await nextTurn()
    }
    return { draft, plan }
  }
  const stored = (kind: PlanDraft['kind'], seed: number, who: Who, made: { draft: DraftDay[]; plan: PlannedDay[] }): StoredDraft => ({
    draft: { id: ctx.newId(), kind, state: 'ready', createdAt: Math.floor(ctx.clock.now()), by: who.name, seed, days: made.draft }, plan: made.plan, steps: [],
  })

  return {
    async generate(dates: readonly string[], seed: number, who: Who, job: JobHandle): Promise<StoredDraft> {
      const sorted = [...new Set(dates)].toSorted()
      const around = await facts.days(sorted)
      const plan = parts.plan()
      const items = facts.items()
      const [rules, offsetAt] = [deps.rules(), deps.offsetAt()]
      const made = await days(sorted, around, job, (date, day, airings) => generateDay({ date, seed, parts: plan, items, airings, kept: keptLines(day), rules, offsetAt, now: ctx.clock.now() }))
      return stored('generate', seed, who, made)
    },
    async copyWeek(fromMonday: string, toMonday: string, who: Who, job: JobHandle): Promise<StoredDraft> {
      const [from, to] = [mondayOf(fromMonday), mondayOf(toMonday)]
      const dates = Array.from({ length: 7 }, (_, day) => addDays(to, day))
      const sources = await facts.days(Array.from({ length: 7 }, (_, day) => addDays(from, day)))
      const around = await facts.days(dates)
      const plan = parts.plan()
      const items = facts.items()
      const offsetAt = deps.offsetAt()
      const made = await days(dates, around, job, (date) => {
        const source = sources.get(addDays(from, dates.indexOf(date)))
        return source === undefined ? { date, sessions: [], lines: [], findings: [] } : copyDay(copied(source), date, { items, parts: plan, offsetAt, now: ctx.clock.now() })
      })
      return stored('copy', 0, who, made)
    },
  }
}
export type Drafting = ReturnType<typeof createDrafting>

const airingsOf = (made: Generated | undefined): Airing[] => made?.lines.flatMap(({ itemId, start }) => (itemId === null ? [] : [{ itemId, at: instantOf(start) }])) ?? []

function draftDay(date: string, day: LogDay, { sessions, lines, findings }: Generated, meter: QuotaMeter): DraftDay {
  return {
    date, findings: [...findings], meter, outcome: null,
    sessions: sessions.map(({ key, title, clockTitle, startAt, endAt, targetUnitIds }) => ({ key, title, clockTitle, startAt, endAt, targetUnitIds })),
    lines: lines.map(({ key, sessionKey, kind, itemId, title, start, lengthSamples, timing, from, targetUnitIds }) => ({ key, sessionKey, kind, itemId, title, startAt: Math.round(instantOf(start)), lengthSamples, timed: timing.kind === 'hard', from, targetUnitIds })),
    before: { generated: day.lines.filter((line) => !isKept(line)).length, kept: day.lines.filter(isKept).length },
  }
}

/** The day for the log: what was generated, and what an earlier planning made for sessions that have begun, unchanged. */
function plannedDay(day: LogDay, made: Generated, parts: PartStore, now: number): PlannedDay {
  const begun = day.slots.filter((slot) => slot.sourceRef !== null && slot.startAt <= now)
  const begunIds = new Set(begun.map(({ id }) => id))
  const refOf = new Map(begun.map((slot) => [slot.id, slot.sourceRef]))
  const categories = parts.of('category')
  return {
    date: day.broadcastDate, rev: day.rev,
    slots: [
      ...begun.map(({ id: _id, broadcastDate: _date, rev: _rev, overSamples: _over, sourceRef, ...slot }) => ({ ...slot, sourceRef: sourceRef ?? '' })),
      ...made.sessions.map((session) => ({
        sourceRef: session.key, title: session.title, startAt: session.startAt, endAt: session.endAt, onOverrun: session.onOverrun, maxOverrunMs: session.maxOverrunMs, onUnderrun: session.onUnderrun,
        // The log fills by the name of a tag.
        fillGroup: categories.find(({ id }) => id === session.fillCategoryId)?.tags[0] ?? null, ruleProfileId: null, backupItemIds: [], bus: 'main',
      })),
    ],
    lines: [
      ...day.lines.filter((line) => line.origin === 'template' && line.slotId !== null && begunIds.has(line.slotId)).map((line) => sameLine(line, refOf.get(line.slotId ?? '') ?? null)),
      ...made.lines.map((line): PlannedDay['lines'][number] => ({
        ...plainFields, kind: line.kind, sourceRef: line.key, slotRef: made.sessions.some(({ key }) => key === line.sessionKey) ? line.sessionKey : null, title: line.title.slice(0, 200), itemId: line.itemId, targetUnitIds: line.targetUnitIds,
        timing: line.timing.kind === 'follow' ? line.timing : { kind: 'hard', at: line.timing.at, onReach: { kind: line.timing.onReach } }, transition: line.transition, protected: line.protected, droppable: line.droppable, fillPriority: line.fillPriority,
        ...(line.kind === 'relay' ? { lengthSamples: line.lengthSamples, relaySourceId: Id.safeParse(line.relay?.source).data ?? null, relayEndsAt: Math.round(instantOf(line.start + line.lengthSamples)) } : { lengthSamples: null }),
      })),
    ],
  }
}

/** What a clock says nothing about. */
const plainFields = { text: '', relaySourceId: null, lateMaxMs: null, after: 'join', dropped: false, skip: false, hitPost: false, newsBlock: null, relayEndsAt: null, relaySources: [], markers: null, backupItemIds: [], bus: 'main' } as const

function sameLine(line: LogLine, slotRef: string | null): PlannedDay['lines'][number] {
  const { kind, lengthSamples, title, text, itemId, relaySourceId, timing, transition, lateMaxMs, after, droppable, fillPriority, dropped, skip, hitPost, newsBlock, relayEndsAt, relaySources, markers, backupItemIds, targetUnitIds, bus } = line
  return {
    kind, sourceRef: line.sourceRef ?? '', slotRef, lengthSamples: itemId === null ? lengthSamples : null, title, text, itemId, relaySourceId, timing, transition, lateMaxMs, after, protected: line.protected, droppable, fillPriority, dropped, skip, hitPost,
    newsBlock, relayEndsAt, relaySources, markers, backupItemIds, targetUnitIds, bus,
  }
}

/** A day of the log as something to copy: what would sound, in its order. */
function copied(day: LogDay): CopiedDay {
  return {
    date: day.broadcastDate,
    slots: day.slots.map((slot) => ({ id: slot.id, title: slot.title, clockTitle: '', startAt: slot.startAt, endAt: slot.endAt, onOverrun: slot.onOverrun, maxOverrunMs: slot.maxOverrunMs, onUnderrun: slot.onUnderrun, fillCategoryId: null, targetUnitIds: [] })),
    lines: day.lines.flatMap((line) => {
      const at = line.plannedAt ?? line.actualAt
      if (at === null || line.skip || (line.kind !== 'audio' && line.kind !== 'relay')) return []
      return [{
        id: line.id, slotId: line.slotId, kind: line.kind, itemId: line.itemId, relay: line.kind === 'relay' ? { source: line.relaySourceId ?? '', origin: 'tiep-song-tinh' as const, essential: true } : null, title: line.title, start: wallSamples(at), lengthSamples: line.lengthSamples,
        timing: line.timing.kind === 'hard' ? { kind: 'hard' as const, at: line.timing.at, onReach: line.timing.onReach.kind === 'cut' ? ('cut' as const) : ('makeNext' as const) } : { kind: 'follow' as const },
        transition: line.transition, protected: line.protected, droppable: line.droppable, fillPriority: line.fillPriority, targetUnitIds: line.targetUnitIds, categoryId: null, columnId: null, campaignId: null,
      }]
    }),
  }
}
