import type { LogDay } from '#contract/log.ts'
import { addDays, dateAt, isCalendarDate } from '#common/timing/zone.ts'
import { AppError } from '#contract/errors.ts'
import type { StationContext } from '../context.ts'
import type { AirRoom, LibraryRoom, LogRoom } from '../faces.ts'
import { createChanges } from './changes.ts'
import { createCompiler } from './compiler.ts'
import { openDayStore } from './day-store.ts'
import { viewDay } from './day-view.ts'
import { createGate } from './gate.ts'
import { offsetOf } from '../foundation/zones.ts'

const HOUR_MS = 3_600_000

/** The log compiles before it is handed out: the air has its plan when this resolves. */
export async function openLog(station: StationContext, deps: { library: LibraryRoom; air: AirRoom }): Promise<LogRoom> {
  const ctx: StationContext = { ...station, scope: station.scope.child('log'), logger: station.logger.child('log') }
  const { library, air } = deps
  const days = openDayStore(ctx)
  const gate = createGate(library, ctx.logger)
  const compiler = createCompiler(ctx, { days, gate, air })
  const changes = createChanges(ctx, { days, gate, compiler })

  const today = (): string => dateAt(ctx.clock.now(), offsetOf(ctx.settings.get().zone))
  const view = (broadcastDate: string): Promise<LogDay> => viewDay(broadcastDate, { days, gate, compiler, air })
  const tell = (broadcastDate: string): void => ctx.events.emit('log.changed', { broadcastDate, rev: days.day(broadcastDate).rev })
  const recompile = (): void => {
    compiler.compile().catch((error: unknown) => {
      // The air keeps the plan it has.
      ctx.logger.error('the plan cannot be compiled', { error })
      ctx.notices.raise('alarm', error instanceof AppError ? error : 'internal', 'log-compile')
    })
  }
  const changed = async (change: Promise<string>): Promise<LogDay> => {
    const broadcastDate = await change
    tell(broadcastDate)
    return view(broadcastDate)
  }
  const dateOrToday = (broadcastDate: string | undefined): string => {
    if (broadcastDate !== undefined && !isCalendarDate(broadcastDate)) throw new AppError('invalid-input', { data: { field: 'broadcastDate' } })
    return broadcastDate ?? today()
  }

  library.hold('planned', () => Array.from({ length: 5 }, (_, day) => days.lines(addDays(today(), day - 1))).flatMap((lines) => lines.map(({ itemId }) => itemId)))
  const ends = [
    ctx.events.on('library.changed', ({ itemId, removed }) => {
      gate.forget(itemId)
      const dates = days.datesOf(itemId, addDays(today(), -1))
      if (dates.length === 0) return
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
  await compiler.compile().catch((error: unknown) => {
    ctx.logger.error('the plan cannot be compiled', { error })
    ctx.notices.raise('alarm', error instanceof AppError ? error : 'internal', 'log-compile')
  })

  return {
    plan: () => compiler.plan,
    onPlan: (run) => compiler.onPlan(run),
    handlers: {
      'log.day': ({ broadcastDate }) => view(dateOrToday(broadcastDate)),
      'log.addLine': (input, caller) => changed(changes.add(input, caller)),
      'log.updateLine': (input, caller) => changed(changes.update(input, caller)),
      'log.moveLine': (input, caller) => changed(changes.move(input, caller)),
      'log.removeLine': (input, caller) => changed(changes.remove(input, caller)),
      'log.restoreLine': ({ lineId }, caller) => changed(changes.restore(lineId, caller)),
      'log.asRun': ({ broadcastDate }) => ({ rows: air.asRunOf(dateOrToday(broadcastDate)) }),
    },
  }
}
