import { addDays, dateAt, isCalendarDate } from '#common/timing/zone.ts'
import type { OffsetAt } from '#common/timing/zone.ts'
import { datesOfWeek, mondayOf } from '#common/planning/index.ts'
import type { Unit } from '#contract/devices.ts'
import type { LogDay } from '#contract/log.ts'
import type { PlanPartKind, StoredPart } from '#contract/planning.ts'
import { AppError } from '#contract/errors.ts'
import type { Caller, JobHandle, StationContext } from '../context.ts'
import type { AirRoom, LibraryRoom, LogRoom, PlanningRoom } from '../faces.ts'
import { offsetOf } from '../foundation/zones.ts'
import { createApplying } from './applying.ts'
import { shippedParts } from './defaults.ts'
import { createDrafting } from './drafting.ts'
import { createEveningWatch } from './evening-watch.ts'
import { openDrafts } from './drafts.ts'
import type { StoredDraft } from './drafts.ts'
import { createFacts } from './facts.ts'
import { openFirstAirings } from './first-airings.ts'
import { createItemUses } from './item-uses.ts'
import { createMeters } from './meters.ts'
import { openPartStore } from './part-store.ts'
import { openRuleBook } from './rule-book.ts'
import { viewWeek } from './week.ts'

export interface PlanningDeps {
  readonly library: Pick<LibraryRoom, 'get' | 'list'>
  readonly air: Pick<AirRoom, 'asRunBetween' | 'asRunOf' | 'onAsRun'>
  readonly log: Pick<LogRoom, 'day' | 'replaceGenerated' | 'addJudge' | 'judgeAgain' | 'useRuleEnds' | 'addItemUses' | 'handlers'>
  readonly units: () => readonly Unit[]
}

/** What only an approver may change: laws and quotas bind everybody. */
const ruleKinds: readonly PlanPartKind[] = ['profile', 'quota']
const MINUTE_MS = 60_000
/** Whoever looks after the night. */
const nightWatch: Caller = { connectionId: 'station', personId: null, name: 'station', may: () => true }

/** The plan behind the log: week grid, clocks, columns, campaigns, rules, quotas, and the generator that makes days of them. */
export function openPlanning(station: StationContext, deps: PlanningDeps): PlanningRoom {
  const ctx: StationContext = { ...station, scope: station.scope.child('planning'), logger: station.logger.child('planning') }
  const { library, air, log, units } = deps
  const offsetAt = (): OffsetAt => offsetOf(ctx.settings.get().zone)
  const today = (): string => dateAt(ctx.clock.now(), offsetAt())
  const parts = openPartStore(ctx)
  parts.seed(shippedParts(ctx.newId, Number(today().slice(0, 4))))
  const firsts = openFirstAirings(ctx, air)
  const facts = createFacts({ library, air, firsts, day: log.day })
  const meters = createMeters(ctx, { library, air, firsts, parts, units })
  const book = openRuleBook(ctx, { parts, units, library, log, offsetAt })
  const drafts = openDrafts(ctx)
  const drafting = createDrafting(ctx, { parts, facts, rules: book.rules, offsetAt, meter: (date, day, made) => meters.of([date], new Map([[date, day]]), { made }) })
  const applying = createApplying(ctx, { drafts, log })
  ctx.scope.add(log.addItemUses(createItemUses({ parts, tell })))

  function tell({ id, part }: StoredPart): void {
    ctx.events.emit('planning.changed', { partId: id, kind: part.kind })
  }
  const told = (stored: StoredPart): StoredPart => {
    tell(stored)
    return stored
  }
  const permit = (kind: PlanPartKind, caller: Caller): void => {
    if (ruleKinds.includes(kind) && !caller.may('approver')) throw new AppError('forbidden')
  }
  const calendarDate = (date: string): string => {
    if (!isCalendarDate(date)) throw new AppError('invalid-input', { data: { field: 'broadcastDate' } })
    return date
  }
  const daysOf = async (dates: readonly string[]): Promise<Map<string, LogDay>> => {
    const days = new Map<string, LogDay>()
    for (const date of dates) days.set(date, await log.day(date))
    return days
  }
  const draftJob = (subject: string, run: (job: JobHandle) => Promise<StoredDraft>): { jobId: string } => {
    const { jobId } = ctx.jobs.start('plan', subject, async (job) => {
      const stored = await run(job)
      drafts.put(stored)
      ctx.events.emit('planning.drafted', { draftId: stored.draft.id, state: stored.draft.state })
      return { draftId: stored.draft.id }
    })
    return { jobId }
  }

  const watch = createEveningWatch(ctx, {
    parts, day: log.day, offsetAt,
    make: async (date) => {
      const { finished } = ctx.jobs.start('plan', date, async (job) => {
        const stored = await drafting.generate([date], seedOf(date), nightWatch, job)
        drafts.put(stored)
        await applying.apply(stored.draft.id, nightWatch)
      })
      const job = await finished
      if (job.error !== null) throw new AppError(job.error.code, { data: job.error.data ?? {} })
    },
  })
  ctx.scope.every(MINUTE_MS, () => void watch.look())

  return {
    rules: () => book.rules(),
    meterOf: (dates, days, unitId) => meters.of(dates, days, { unitId: unitId ?? null, advice: false }),
    handlers: {
      'planning.parts': () => ({ parts: [...parts.all()] }),
      'planning.save': (input, caller) => {
        permit(input.part.kind, caller)
        // Which rules a unit obeys is a rule too.
        if (input.part.kind === 'grid') {
          const before = input.partId === null ? null : parts.get(input.partId).part
          if (input.part.content.profileId !== (before?.kind === 'grid' ? before.content.profileId : null) && !caller.may('approver')) throw new AppError('forbidden')
        }
        return told(parts.save(input, caller))
      },
      'planning.remove': ({ partId, rev }, caller) => {
        permit(parts.get(partId).part.kind, caller)
        tell(parts.remove(partId, rev, caller))
        return { ok: true }
      },
      'planning.restore': ({ partId }, caller) => {
        permit(parts.kindOf(partId), caller)
        return told(parts.restore(partId, caller))
      },
      'planning.week': ({ monday }) => viewWeek(monday === undefined ? today() : calendarDate(monday), { clock: ctx.clock, zone: ctx.settings.get().zone, offsetAt: offsetAt(), parts, facts, meters, day: log.day }),
      'planning.meter': async ({ broadcastDate, span, unitId }) => {
        const dates = span === 'day' ? [calendarDate(broadcastDate)] : datesOfWeek(mondayOf(calendarDate(broadcastDate)))
        return meters.of(dates, await daysOf(dates), { unitId })
      },
      'planning.generate': ({ dates, seed }, caller) => {
        const wanted = dates.map(calendarDate)
        if (wanted.some((date) => date < today())) throw new AppError('log-past')
        return draftJob(wanted[0] ?? '', (job) => drafting.generate(wanted, seed ?? seedOf(wanted[0] ?? ''), caller, job))
      },
      'planning.copyWeek': ({ fromMonday, toMonday }, caller) => {
        const [from, to] = [mondayOf(calendarDate(fromMonday)), mondayOf(calendarDate(toMonday))]
        if (from === to) throw new AppError('invalid-input', { data: { field: 'toMonday' } })
        if (addDays(to, 6) < today()) throw new AppError('log-past')
        return draftJob(to, (job) => drafting.copyWeek(from, to, caller, job))
      },
      'planning.draft': ({ draftId }) => drafts.get(draftId).draft,
      'planning.apply': ({ draftId }, caller) => applying.apply(draftId, caller),
      'planning.undo': ({ draftId }, caller) => applying.undo(draftId, caller),
      'planning.verdicts': async ({ broadcastDate }) => ({ verdicts: book.verdicts(await log.day(calendarDate(broadcastDate))) }),
      'planning.confirmLine': async ({ broadcastDate, lineId, confirmed }, caller) => {
        await book.confirm(calendarDate(broadcastDate), lineId, confirmed, caller)
        return { ok: true }
      },
    },
  }
}

/** Planning a day twice without a change gives the same day. */
const seedOf = (date: string): number => Number(date.replaceAll('-', ''))
