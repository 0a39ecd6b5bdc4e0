import type { LogDay, LogStep } from '#contract/log.ts'
import { addDays, dateAt, isCalendarDate } from '#common/timing/zone.ts'
import { AppError } from '#contract/errors.ts'
import type { StationContext, Who } from '../context.ts'
import type { AirRoom, GeneratedDay, ItemUses, LibraryRoom, LogRoom, RelaySources } from '../faces.ts'
import { createChanges } from './changes.ts'
import { createCompiler, itemsOf } from './compiler.ts'
import { openDayStore } from './day-store.ts'
import { createShownDays } from './day-changes.ts'
import { viewDay } from './day-view.ts'
import { createEdits } from './edits.ts'
import { createGate } from './gate.ts'
import { createGenerated } from './generated.ts'
import { createGuard } from './guard.ts'
import { createUseFinder } from './item-uses.ts'
import { createLineRules } from './line-rules.ts'
import { createLocks } from './locks.ts'
import { createPublication } from './publication.ts'
import { replaceItem } from './replace-item.ts'
import type { BulkResult } from './replace-item.ts'
import { createRundown } from './rundown.ts'
import { openSteps } from './steps.ts'
import type { Elsewhere } from './steps.ts'
import { undoStep } from './undo.ts'
import { withdrawItem } from './withdraw-item.ts'
import { offsetOf } from '../foundation/zones.ts'

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000
const station: Who = { personId: null, name: 'station' }

/** The log compiles before it is handed out: the air has its plan when this resolves. */
export async function openLog(ground: StationContext, deps: {
  library: Pick<LibraryRoom, 'get' | 'hold' | 'list' | 'approvedPcmOf' | 'withdraw'>; air: Pick<AirRoom, 'asRunBetween' | 'asRunOf' | 'linesOnAir' | 'modeOf' | 'onAsRun' | 'usePlan'>; relays?: RelaySources
}): Promise<LogRoom> {
  const ctx: StationContext = { ...ground, scope: ground.scope.child('log'), logger: ground.logger.child('log') }
  const { library, air } = deps
  const days = openDayStore(ctx)
  const steps = openSteps(ctx)
  const gate = createGate(library, ctx.logger, () => ctx.clock.now())
  if (deps.relays !== undefined) gate.useRelaySources(deps.relays)
  const rundown = createRundown(ctx, { days, gate, air })
  const compiler = createCompiler(ctx, { days, gate, rundown, library, air })
  const locks = createLocks(ctx)
  const guard = createGuard({ rundown })
  const rules = createLineRules(ctx, { days, gate })
  const edits = createEdits(ctx, { days, guard, locks, steps })
  const changes = createChanges(ctx, { days, gate, edits, rules })
  const generated = createGenerated(ctx, { days, gate, edits, rules, guard })
  const publication = createPublication(ctx, { days, gate, rundown, locks })
  const users = new Map<string, ItemUses>()
  const finder = createUseFinder({ days, gate, rundown, air, users })
  const bulkDeps = { days, gate, edits, rules, finder, users }

  const today = (): string => dateAt(ctx.clock.now(), offsetOf(ctx.settings.get().zone))
  const shown = createShownDays(ctx.newId)
  const seen = (broadcastDate: string): Promise<Omit<LogDay, 'viewId'>> => viewDay(broadcastDate, { days, gate, rundown, compiler, locks, air })
  const view = async (broadcastDate: string): Promise<LogDay> => shown.show(await seen(broadcastDate))
  const tell = (broadcastDate: string): void => ctx.events.emit('log.changed', { broadcastDate, rev: days.day(broadcastDate).rev })
  const recompile = (): void => {
    compiler.compile().catch((error: unknown) => {
      // The air keeps the plan it has.
      ctx.logger.error('the plan cannot be compiled', { error })
      ctx.notices.raise('alarm', error instanceof AppError ? error : 'internal', 'log-compile')
    })
  }
  const after = async (dates: readonly string[]): Promise<void> => {
    await compiler.compile()
    for (const date of dates) tell(date)
  }
  const changed = async (broadcastDate: string, run: Promise<LogStep>): Promise<LogDay & { step: LogStep }> => {
    const step = await run
    await after([broadcastDate])
    return { ...await view(broadcastDate), step }
  }
  const onDay = async (broadcastDate: string, run: void | Promise<void>): Promise<LogDay> => {
    await run
    tell(broadcastDate)
    return view(broadcastDate)
  }
  const made = async (broadcastDate: string, run: Promise<GeneratedDay>): Promise<GeneratedDay> => {
    const result = await run
    if (result.stepId !== null) await after([broadcastDate])
    return result
  }
  const bulk = async (run: Promise<BulkResult>): Promise<BulkResult> => {
    const result = await run
    if (result.step !== null) await after([...new Set(result.uses.flatMap((use) => (use.outcome === 'changed' && use.broadcastDate !== null ? [use.broadcastDate] : [])))])
    return result
  }
  const dateOrToday = (broadcastDate: string | undefined): string => (broadcastDate === undefined ? today() : calendarDate(broadcastDate))
  const elsewhere = (done: readonly Elsewhere[], who: Who): readonly Elsewhere[] => done.flatMap(({ room, itemId, byItemId, ids }) => {
    const took = users.get(room)?.replace(byItemId, itemId, ids, who) ?? []
    return took.length === 0 ? [] : [{ room, itemId: byItemId, byItemId: itemId, ids: [...took] }]
  })
  /** A day that begins unpublished is published as it stands. */
  const publishToday = async (): Promise<void> => {
    const date = today()
    if (days.day(date).state !== 'draft' || days.lines(date).length === 0) return
    await publication.publish(date, null, station)
    await compiler.compile()
    tell(date)
  }

  library.hold('planned', () => Array.from({ length: 5 }, (_, day) => addDays(today(), day - 1)).flatMap((date) => [...itemsOf(days, date), ...gate.editionItems([date])]))
  const ends = [
    ctx.events.on('library.changed', ({ itemId, removed }) => {
      gate.forget(itemId)
      const dates = days.datesOf(itemId, addDays(today(), -1))
      // What fills by its tag stands in no line.
      if (dates.length === 0 && !compiler.mentions(itemId)) return
      const item = removed ? null : library.get(itemId)
      if (item === null || item.state !== 'approved') compiler.strip(itemId)
      recompile()
      for (const date of dates) tell(date)
    }),
    ctx.events.on('settings.changed', recompile),
    air.onAsRun((row) => {
      tell(row.broadcastDate)
      if (row.endedAt !== null && row.stopReason !== 'natural' && row.stopReason !== 'cutByHardStart') recompile()
    }),
  ]
  ctx.scope.add(() => {
    for (const end of ends) end()
  })
  ctx.scope.every(HOUR_MS, () => {
    gate.forget()
    recompile()
  })
  ctx.scope.every(MINUTE_MS, () => {
    publishToday().catch((error: unknown) => ctx.logger.error('the day cannot be published', { error }))
  })
  await compiler.compile().catch((error: unknown) => {
    ctx.logger.error('the plan cannot be compiled', { error })
    ctx.notices.raise('alarm', error instanceof AppError ? error : 'internal', 'log-compile')
  })

  return {
    plan: () => compiler.plan,
    onPlan: (run) => compiler.onPlan(run),
    day: (broadcastDate) => view(calendarDate(broadcastDate)),
    addLines: (broadcastDate, lines, who) => made(broadcastDate, generated.addLines(broadcastDate, lines, who)),
    replaceGenerated: (broadcastDate, list, who) => made(broadcastDate, generated.replaceGenerated(broadcastDate, list, who)),
    addJudge(judge) {
      const end = gate.addJudge(judge)
      recompile()
      return () => {
        end()
        recompile()
      }
    },
    judgeAgain: recompile,
    useRelaySources(sources) {
      gate.useRelaySources(sources)
      recompile()
    },
    useRuleEnds(ruleEndAt) {
      rundown.useRuleEnds(ruleEndAt)
      recompile()
    },
    addItemUses(uses) {
      users.set(uses.room, uses)
      return () => void users.delete(uses.room)
    },
    handlers: {
      'log.day': ({ broadcastDate }) => view(dateOrToday(broadcastDate)),
      'log.dayChanges': async ({ broadcastDate, since }) => shown.since(since, await seen(calendarDate(broadcastDate))),
      'log.addLine': ({ broadcastDate, itemId, timing, targetUnitIds, ...place }, caller) => changed(broadcastDate, changes.add(broadcastDate, [{ kind: 'audio', itemId, timing, targetUnitIds }], place, caller)),
      'log.addLines': ({ broadcastDate, lines, ...place }, caller) => changed(broadcastDate, changes.add(broadcastDate, lines, place, caller)),
      'log.duplicateLines': ({ broadcastDate, lines, ...place }, caller) => changed(broadcastDate, changes.duplicate(broadcastDate, lines, place, caller)),
      'log.updateLine': ({ broadcastDate, lineId, rev, ...change }, caller) => changed(broadcastDate, changes.update(broadcastDate, [{ lineId, rev }], change, caller)),
      'log.updateLines': ({ broadcastDate, lines, change }, caller) => changed(broadcastDate, changes.update(broadcastDate, lines, change, caller)),
      'log.saveSegue': ({ broadcastDate, prev, next }, caller) => changed(broadcastDate, changes.updateEach('log.saveSegue', broadcastDate, [{ named: prev, change: { markers: prev.markers } }, { named: next, change: { markers: next.markers, transition: next.transition } }], caller)),
      'log.moveLine': ({ broadcastDate, lineId, rev, ...place }, caller) => changed(broadcastDate, changes.move(broadcastDate, [{ lineId, rev }], place, caller)),
      'log.moveLines': ({ broadcastDate, lines, ...place }, caller) => changed(broadcastDate, changes.move(broadcastDate, lines, place, caller)),
      'log.removeLine': ({ broadcastDate, lineId, rev }, caller) => changed(broadcastDate, changes.remove(broadcastDate, [{ lineId, rev }], caller)),
      'log.removeLines': ({ broadcastDate, lines }, caller) => changed(broadcastDate, changes.remove(broadcastDate, lines, caller)),
      'log.saveSlot': ({ broadcastDate, slotId, rev, slot }, caller) => changed(broadcastDate, changes.saveSlot(broadcastDate, slotId, rev, slot, caller)),
      'log.removeSlot': ({ broadcastDate, slotId, rev }, caller) => changed(broadcastDate, changes.removeSlot(broadcastDate, slotId, rev, caller)),
      'log.undo': async ({ stepId }, caller) => {
        const { step, dates } = await undoStep(stepId, caller, { days, gate, edits, rules, steps, elsewhere })
        await after(dates)
        return { days: await Promise.all(dates.map(view)), step }
      },
      'log.usesOf': async ({ itemId }) => {
        await finder.load(itemId, addDays(today(), -1))
        return { uses: finder.find(itemId, addDays(today(), -1), { past: true }).map(({ use }) => use) }
      },
      'log.replaceItem': ({ itemId, byItemId, fromDate, dryRun, expected }, caller) => bulk(replaceItem({ itemId, byItemId, from: dateOrToday(fromDate ?? undefined), dryRun, expected }, caller, bulkDeps)),
      'log.withdrawItem': ({ itemId, rev, lines, dryRun }, caller) => bulk(withdrawItem({ itemId, rev, from: addDays(today(), -1), lines, dryRun }, caller, { ...bulkDeps, library })),
      'log.publishDay': ({ broadcastDate, rev }, caller) => onDay(calendarDate(broadcastDate), publication.publish(broadcastDate, rev, caller).then(() => compiler.compile())),
      'log.closeDay': ({ broadcastDate, rev }, caller) => onDay(calendarDate(broadcastDate), publication.close(broadcastDate, rev, caller)),
      'log.takeOwnership': ({ broadcastDate }, caller) => onDay(calendarDate(broadcastDate), publication.own(broadcastDate, caller)),
      'log.lock': ({ broadcastDate, slotId, minutes, takeOver }, caller) => {
        if (takeOver && !caller.may('approver')) throw new AppError('forbidden')
        if (slotId !== null && days.slot(slotId)?.broadcastDate !== broadcastDate) throw new AppError('not-found')
        return onDay(calendarDate(broadcastDate), locks.take(broadcastDate, slotId, { minutes, takeOver }, caller))
      },
      'log.unlock': ({ broadcastDate, slotId }, caller) => onDay(calendarDate(broadcastDate), locks.release(broadcastDate, slotId, caller)),
      'log.asRun': ({ broadcastDate }) => ({ rows: air.asRunOf(dateOrToday(broadcastDate)) }),
    },
  }
}

function calendarDate(broadcastDate: string): string {
  if (!isCalendarDate(broadcastDate)) throw new AppError('invalid-input', { data: { field: 'broadcastDate' } })
  return broadcastDate
}

export { devicesWith } from './device-uses.ts'
