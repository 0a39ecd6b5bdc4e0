import { AppError } from '#contract/errors.ts'
import type { Timing } from '#contract/log.ts'
import { addDays, isCalendarDate } from '#common/timing/zone.ts'
import { keyBetween } from '#common/timing/order-key.ts'
import type { StationContext, Who } from '../context.ts'
import type { Compiler } from './compiler.ts'
import type { DayStore, StoredLine } from './day-store.ts'
import type { Gate } from './gate.ts'
import { hasStarted, planDays } from './rundown.ts'
import type { PlannedLine } from './rundown.ts'

export interface NewLine {
  readonly broadcastDate: string
  readonly itemId: string
  readonly timing: Timing
  readonly afterLineId: string | null
  readonly targetUnitIds: readonly string[]
}

/**
 * Every change of a log. Promises: what has started never moves, nothing is planned into the past, nothing unapproved is written, two hard lines
 * never share an instant, and a change made on an old view is refused. Each method gives the broadcast date that changed.
 */
export interface Changes {
  add(input: NewLine, who: Who): Promise<string>
  update(input: { lineId: string; rev: number; timing?: Timing | undefined; targetUnitIds?: readonly string[] | undefined }, who: Who): Promise<string>
  move(input: { lineId: string; rev: number; afterLineId: string | null }, who: Who): Promise<string>
  remove(input: { lineId: string; rev: number }, who: Who): Promise<string>
  restore(lineId: string, who: Who): Promise<string>
}

export function createChanges(ctx: Pick<StationContext, 'db' | 'clock' | 'audit' | 'newId'>, deps: { days: DayStore; gate: Gate; compiler: Compiler }): Changes {
  const { days, gate, compiler } = deps

  const around = (date: string): string[] => [addDays(date, -1), date, addDays(date, 1)]
  const load = (date: string, itemId: string | null): Promise<void> => gate.load([...around(date).flatMap((near) => days.lines(near).map((line) => line.itemId)), ...(itemId === null ? [] : [itemId])])
  const lineOf = (lineId: string, rev: number | null): StoredLine => {
    const line = days.line(lineId)
    if (line === null) throw new AppError('not-found')
    if (rev !== null && (line.rev !== rev || line.removed)) throw new AppError('stale')
    return line
  }
  const hardAt = (date: string, timing: Timing, ownId: string | null): number | null => {
    if (timing.kind === 'follow') return null
    const day = days.day(date)
    if (timing.at < day.startsAt || timing.at >= day.endsAt) throw new AppError('invalid-input', { data: { field: 'at' } })
    if (timing.at <= ctx.clock.now()) throw new AppError('log-past')
    const other = days.lines(date).find((line) => line.hardAt === timing.at && line.id !== ownId)
    if (other !== undefined) throw new AppError('log-overlap', { data: { title: other.title } })
    return timing.at
  }
  const approved = (itemId: string): { title: string; lengthSamples: number } => {
    const judged = gate.judge(itemId)
    if (judged.check === 'ok') return { title: judged.item.title, lengthSamples: judged.item.lengthSamples }
    if (judged.check === 'noItem') throw new AppError('not-found')
    const title = judged.item?.title ?? ''
    throw judged.check === 'notApproved' ? new AppError('not-approved', { data: { title } }) : new AppError('file-missing', { data: { fileName: title } })
  }
  /** Between the given line (null = the top of the day) and whatever key comes next, be it of a removed line. */
  const keyAfter = (date: string, afterLineId: string | null): string => {
    const after = afterLineId === null ? null : days.line(afterLineId)
    if (afterLineId !== null && (after === null || after.removed || after.broadcastDate !== date)) throw new AppError('not-found')
    const low = after?.orderKey ?? null
    return keyBetween(low, days.keys(date).find((key) => low === null || key > low) ?? null)
  }
  const planned = (date: string, lines: readonly StoredLine[]): { lines: PlannedLine[]; started: (line: PlannedLine) => boolean } => {
    const [before, , after] = around(date)
    const happened = compiler.happened(days.day(before ?? date).startsAt, days.day(after ?? date).endsAt)
    return { lines: planDays([days.lines(before ?? date), lines, days.lines(after ?? date)], gate, happened), started: (line) => hasStarted(line, happened) }
  }
  /** @param changed the line that is new or different; null when it goes away */
  const check = (date: string, after: readonly StoredLine[], changed: StoredLine | null): void => {
    const was = planned(date, days.lines(date))
    const willBe = new Map(planned(date, after).lines.map((line) => [line.line.id, line]))
    for (const line of was.lines) {
      if (!was.started(line)) continue
      const then = willBe.get(line.line.id)
      if (then === undefined || then.predicted.start !== line.predicted.start || line.line.id === changed?.id) throw new AppError('line-locked', { data: { title: line.line.title } })
    }
    const own = changed === null ? undefined : willBe.get(changed.id)?.predicted
    if (own !== undefined && own.state === 'planned' && own.start !== null && own.start <= ctx.clock.now() * 48) throw new AppError('log-past')
  }
  const sorted = (lines: readonly StoredLine[]): StoredLine[] => lines.toSorted((a, b) => (a.orderKey < b.orderKey ? -1 : 1))
  const write = async (date: string, who: Who, action: string, line: StoredLine, run: (at: number) => void): Promise<string> => {
    ctx.db.transaction(() => {
      run(Math.round(ctx.clock.now()))
      ctx.audit.append(who, action, line.id, { broadcastDate: date, itemId: line.itemId, title: line.title, hardAt: line.hardAt, orderKey: line.orderKey, targetUnitIds: line.targetUnitIds })
    }).immediate()
    await compiler.compile()
    return date
  }
  const change = async (next: StoredLine, who: Who, action: string): Promise<string> => {
    const date = next.broadcastDate
    check(date, sorted([...days.lines(date).filter((line) => line.id !== next.id), next]), next)
    return write(date, who, action, next, (at) => days.update(next, at))
  }

  return {
    async add(input, who) {
      const date = input.broadcastDate
      if (!isCalendarDate(date)) throw new AppError('invalid-input', { data: { field: 'broadcastDate' } })
      await load(date, input.itemId)
      const { title, lengthSamples } = approved(input.itemId)
      const line: StoredLine = {
        id: ctx.newId(), broadcastDate: date, orderKey: keyAfter(date, input.afterLineId), itemId: input.itemId, title, lengthSamples, hardAt: hardAt(date, input.timing, null), targetUnitIds: input.targetUnitIds, rev: 1, removed: false,
      }
      check(date, sorted([...days.lines(date), line]), line)
      return write(date, who, 'log.addLine', line, (at) => days.insert(line, { at, name: who.name }))
    },
    async update({ lineId, rev, timing, targetUnitIds }, who) {
      await load(lineOf(lineId, rev).broadcastDate, null)
      const line = lineOf(lineId, rev)
      const next = { ...line, hardAt: timing === undefined ? line.hardAt : hardAt(line.broadcastDate, timing, line.id), targetUnitIds: targetUnitIds ?? line.targetUnitIds }
      return change(next, who, 'log.updateLine')
    },
    async move({ lineId, rev, afterLineId }, who) {
      if (afterLineId === lineId) throw new AppError('invalid-input', { data: { field: 'afterLineId' } })
      await load(lineOf(lineId, rev).broadcastDate, null)
      const line = lineOf(lineId, rev)
      return change({ ...line, orderKey: keyAfter(line.broadcastDate, afterLineId) }, who, 'log.moveLine')
    },
    async remove({ lineId, rev }, who) {
      await load(lineOf(lineId, rev).broadcastDate, null)
      const line = lineOf(lineId, rev)
      check(line.broadcastDate, days.lines(line.broadcastDate).filter((other) => other.id !== lineId), null)
      return write(line.broadcastDate, who, 'log.removeLine', line, (at) => days.update({ ...line, removed: true }, at))
    },
    async restore(lineId, who) {
      const found = lineOf(lineId, null)
      await load(found.broadcastDate, found.itemId)
      const line = lineOf(lineId, null)
      if (!line.removed) return line.broadcastDate
      approved(line.itemId)
      if (line.hardAt !== null) hardAt(line.broadcastDate, { kind: 'hard', at: line.hardAt }, line.id)
      return change({ ...line, removed: false }, who, 'log.restoreLine')
    },
  }
}
