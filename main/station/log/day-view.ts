import type { LineStatus, LogDay, LogLine, LogSlot } from '#contract/log.ts'
import { addDays } from '#common/timing/zone.ts'
import { instantOf } from '#common/timing/predict.ts'
import type { AirRoom } from '../faces.ts'
import { itemsOf } from './compiler.ts'
import type { Compiler } from './compiler.ts'
import type { DayStore } from './day-store.ts'
import type { Gate } from './gate.ts'
import type { Locks } from './locks.ts'
import { asPlanned, isGuarded, planDays } from './rundown.ts'
import type { Happened, PlannedLine } from './rundown.ts'
import type { StoredSlot } from './stored.ts'

/** A day as windows see it: the lines, their five times, and what became of them. */
export async function viewDay(broadcastDate: string, deps: { days: DayStore; gate: Gate; compiler: Compiler; locks: Locks; air: Pick<AirRoom, 'linesOnAir'> }): Promise<LogDay> {
  const { days, gate, compiler, locks, air } = deps
  const dates = [addDays(broadcastDate, -1), broadcastDate, addDays(broadcastDate, 1)]
  await gate.load(dates.flatMap((date) => itemsOf(days, date)))
  const lines = dates.map((date) => days.lines(date))
  const [from, until] = [days.day(dates[0] ?? broadcastDate), days.day(dates[2] ?? broadcastDate)]
  const happened = compiler.happened(from.startsAt, until.endsAt)
  const onAir = new Map(air.linesOnAir().map((line) => [line.lineId, line.state]))
  const { zone, startsAt, endsAt, rev, state, publishedAt, publishedBy, owner } = days.day(broadcastDate)
  const own = ({ line }: PlannedLine): boolean => line.broadcastDate === broadcastDate
  const predicted = planDays(lines, gate, happened).filter(own)
  const planned = planDays(lines, gate, asPlanned(happened)).filter(own)
  return {
    broadcastDate, zone, startsAt, endsAt, rev, state, publishedAt, publishedBy, owner, locks: locks.of(broadcastDate), slots: days.slots(broadcastDate).map((slot) => viewSlot(slot, predicted)),
    lines: predicted.map((line, index) => viewLine(line, planned[index] ?? line, happened, onAir)),
  }
}

function viewSlot(slot: StoredSlot, lines: readonly PlannedLine[]): LogSlot {
  const { removed: _, ...shown } = slot
  const ends = lines.flatMap(({ line, predicted }) => (line.slotId === slot.id && predicted.state === 'planned' && predicted.end !== null ? [predicted.end] : []))
  return { ...shown, overSamples: ends.length === 0 ? null : Math.round(Math.max(...ends) - slot.endAt * 48) }
}

function viewLine(line: PlannedLine, planned: PlannedLine, happened: Happened, onAir: ReadonlyMap<string, 'armed' | 'playing'>): LogLine {
  const { removed: _, generatedRev, ...stored } = line.line
  const rows = happened.rows.get(stored.id) ?? []
  const { title, state, reason, lengthSamples } = line.verdict
  const [plannedAt, plannedEndAt] = timesIn(planned)
  const [predictedAt, predictedEndAt] = timesIn(line)
  return {
    ...stored, title, lengthSamples, plannedAt, plannedEndAt, predictedAt, predictedEndAt, actualAt: rows[0]?.actualAt ?? null, actualEndAt: rows.at(-1)?.endedAt ?? null, status: statusOf(line, happened, onAir), lineState: state, reason,
    timingNote: line.timingNote, guarded: isGuarded(line, happened), edited: generatedRev !== null && generatedRev !== stored.rev,
  }
}

function timesIn({ predicted }: PlannedLine): [number | null, number | null] {
  if (predicted.state !== 'planned' || predicted.start === null || predicted.end === null) return [null, null]
  return [Math.round(instantOf(predicted.start)), Math.round(instantOf(predicted.end))]
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
