import type { LineStatus, LogDay, LogLine } from '#contract/log.ts'
import { addDays } from '#common/timing/zone.ts'
import { instantOf } from '#common/timing/predict.ts'
import type { AirRoom } from '../faces.ts'
import type { Compiler } from './compiler.ts'
import type { DayStore } from './day-store.ts'
import type { Gate } from './gate.ts'
import { planDays } from './rundown.ts'
import type { Happened, PlannedLine } from './rundown.ts'

/** A day as windows see it: the lines, their planned times, and what became of them. */
export async function viewDay(broadcastDate: string, deps: { days: DayStore; gate: Gate; compiler: Compiler; air: Pick<AirRoom, 'linesOnAir'> }): Promise<LogDay> {
  const { days, gate, compiler, air } = deps
  const dates = [addDays(broadcastDate, -1), broadcastDate, addDays(broadcastDate, 1)]
  await gate.load(dates.flatMap((date) => days.lines(date).map((line) => line.itemId)))
  const lines = dates.map((date) => days.lines(date))
  const [from, until] = [days.day(dates[0] ?? broadcastDate), days.day(dates[2] ?? broadcastDate)]
  const happened = compiler.happened(from.startsAt, until.endsAt)
  const onAir = new Map(air.linesOnAir().map((line) => [line.lineId, line.state]))
  const { zone, startsAt, endsAt, rev } = days.day(broadcastDate)
  const planned = planDays(lines, gate, happened).filter(({ line }) => line.broadcastDate === broadcastDate)
  return { broadcastDate, zone, startsAt, endsAt, rev, lines: planned.map((line) => viewLine(line, gate, happened, onAir)) }
}

function viewLine(planned: PlannedLine, gate: Gate, happened: Happened, onAir: ReadonlyMap<string, 'armed' | 'playing'>): LogLine {
  const { line, predicted, check } = planned
  const { item } = gate.judge(line.itemId)
  const rows = happened.rows.get(line.id) ?? []
  const sounds = predicted.state === 'planned'
  return {
    id: line.id, broadcastDate: line.broadcastDate, orderKey: line.orderKey, itemId: line.itemId, title: item?.title ?? line.title, lengthSamples: item?.lengthSamples ?? line.lengthSamples,
    timing: line.hardAt === null ? { kind: 'follow' } : { kind: 'hard', at: line.hardAt }, targetUnitIds: [...line.targetUnitIds],
    plannedAt: sounds && predicted.start !== null ? Math.round(instantOf(predicted.start)) : null, plannedEndAt: sounds && predicted.end !== null ? Math.round(instantOf(predicted.end)) : null,
    actualAt: rows[0]?.actualAt ?? null, status: statusOf(planned, happened, onAir), check, rev: line.rev,
  }
}

function statusOf({ line, predicted }: PlannedLine, { now, rows }: Happened, onAir: ReadonlyMap<string, 'armed' | 'playing'>): LineStatus {
  const last = rows.get(line.id)?.at(-1)
  if (last !== undefined) {
    if (last.endedAt === null) return 'playing'
    if (last.stopReason === 'decodeError') return 'failed'
    if ((rows.get(line.id) ?? []).every((row) => row.playedSamples === 0)) return 'skipped'
    return 'finished'
  }
  const now48 = now * 48
  if (predicted.end !== null && predicted.end <= now48) return 'skipped'
  return onAir.get(line.id) === 'armed' ? 'armed' : 'scheduled'
}
