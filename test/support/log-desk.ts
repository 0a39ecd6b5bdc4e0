import { AppError } from '#contract/errors.ts'
import type { AsRunRow, PlayoutMode } from '#contract/air.ts'
import type { LogDay, LogLine } from '#contract/log.ts'
import type { Caller } from '../../main/station/context.ts'
import type { CompiledPlan, LogRoom } from '../../main/station/faces.ts'
import { openLog } from '../../main/station/log/index.ts'
import { asRunRow } from './air-state.ts'
import { callRoom, callerWith, manualClock, openTestContext } from './context.ts'
import type { TestContext } from './context.ts'
import { shelfOfSounds } from './shelf-of-sounds.ts'
import type { ShelfOfSounds } from './shelf-of-sounds.ts'

export const FRAMES = 48_000
export const MINUTE = 60_000
export const HOUR = 3_600_000
/** A Saturday in Vietnam; the clock of a desk starts at 08:00. */
export const DATE = '2026-11-21'
export const START = Date.UTC(2026, 10, 21, 1, 0, 0)

export const follow = { kind: 'follow' } as const
export const hard = (at: number) => ({ kind: 'hard', at, onReach: { kind: 'cut' } }) as const

/** A log room on a real database, with an air that only tells what a test makes it tell. */
export interface LogDesk extends AsyncDisposable {
  readonly ctx: TestContext
  readonly clock: ReturnType<typeof manualClock>
  readonly library: ShelfOfSounds
  readonly log: LogRoom
  readonly plans: CompiledPlan[]
  readonly plan: () => CompiledPlan
  day(date?: string): Promise<LogDay>
  /** Lines of items, the first at its time, the others following; behind everything there is. */
  layOut(items: readonly { readonly id: string }[], at: number, date?: string): Promise<LogDay>
  line(title: string, date?: string): Promise<LogLine>
  /** The air tells that a line started where the plan has it, and maybe how it ended. */
  played(line: LogLine, end?: Partial<AsRunRow>): void
  setMode(mode: PlayoutMode): void
  reopen(): Promise<void>
}

export async function openLogDesk(options: { startAt?: number } = {}): Promise<LogDesk> {
  const clock = manualClock(options.startAt ?? START)
  const ctx = await openTestContext({ clock })
  const library = shelfOfSounds(ctx, { unheard: true })
  const plans: CompiledPlan[] = []
  const rows: AsRunRow[] = []
  let onAsRun: (row: AsRunRow) => void = () => undefined
  let mode: PlayoutMode = 'auto'
  const open = (): Promise<LogRoom> => openLog(ctx, {
    library,
    air: {
      onAsRun(run) {
        onAsRun = run
        return () => undefined
      },
      usePlan: (plan) => void plans.push(plan), modeOf: () => mode, asRunBetween: (from, until) => rows.filter((row) => row.actualAt >= from && row.actualAt < until), asRunOf: () => rows, linesOnAir: () => [],
    },
  })
  let log = await open()
  const day = (date = DATE): Promise<LogDay> => callRoom(log, 'log.day', { broadcastDate: date })
  return {
    ctx, clock, library, plans, day,
    get log() { return log },
    plan: () => log.plan(),
    async layOut(items, at, date = DATE) {
      const before = await day(date)
      return callRoom(log, 'log.addLines', { broadcastDate: date, lines: items.map(({ id }, index) => ({ itemId: id, timing: index === 0 ? hard(at) : follow })), afterLineId: before.lines.at(-1)?.id ?? null })
    },
    async line(title, date = DATE) {
      const found = (await day(date)).lines.find((line) => line.title === title)
      if (found === undefined) throw new Error(`no line ${title}`)
      return found
    },
    played(line, end = {}) {
      const row = asRunRow({ id: ctx.newId(), lineId: line.id, itemId: line.itemId, broadcastDate: line.broadcastDate, title: line.title, plannedAt: line.plannedAt, actualAt: line.predictedAt ?? 0, ...end })
      rows.push(row)
      onAsRun(row)
    },
    setMode(wanted) {
      mode = wanted
    },
    async reopen() {
      log = await open()
    },
    [Symbol.asyncDispose]: () => ctx[Symbol.asyncDispose](),
  }
}

/** A person at one of several windows. */
export function personNamed(name: string, personId: string, ...roles: Parameters<typeof callerWith>): Caller {
  return { ...callerWith(...roles), name, personId, connectionId: `window of ${name}` }
}

/** Code of the error a call ends in; `none` when it went well. */
export async function codeOf(run: Promise<unknown>): Promise<string> {
  try {
    await run
  } catch (error) {
    if (error instanceof AppError) return error.code
    throw error
  }
  return 'none'
}

/** Names a line the way every command does. */
export function named(line: LogLine): { broadcastDate: string; lineId: string; rev: number } {
  return { broadcastDate: line.broadcastDate, lineId: line.id, rev: line.rev }
}

/** What a test knows to be there. */
export function the<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error('it is not there')
  return value
}
