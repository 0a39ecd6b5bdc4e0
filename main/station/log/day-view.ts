import type { LineStatus, LogDay, LogLine, LogPost, LogSlot } from '#contract/log.ts'
import { addDays } from '#common/timing/zone.ts'
import { instantOf } from '#common/playout/index.ts'
import type { AirRoom } from '../faces.ts'
import type { LineTimes, Posts } from './bus-times.ts'
import { itemsOf } from './compiler.ts'
import type { Compiler } from './compiler.ts'
import type { Day, StoredSlot } from './stored.ts'
import type { DayStore } from './day-store.ts'
import type { Gate } from './gate.ts'
import type { Locks } from './locks.ts'
import type { Past } from './past.ts'
import { isGuarded } from './rundown.ts'
import type { PlannedLine, Rundown } from './rundown.ts'

/** A day as windows see it: the lines, their five times, what became of them, and how the day stands at its fixed points. */
export async function viewDay(broadcastDate: string, deps: { days: DayStore; gate: Gate; rundown: Rundown; compiler: Compiler; locks: Locks; air: Pick<AirRoom, 'linesOnAir'> }): Promise<Omit<LogDay, 'viewId'>> {
  const { days, gate, rundown, compiler, locks, air } = deps
  const dates = [addDays(broadcastDate, -1), broadcastDate, addDays(broadcastDate, 1)]
  await gate.load([...dates.flatMap((date) => itemsOf(days, date)), ...compiler.fillItemsOf(dates), ...gate.editionItems(dates)])
  const past = rundown.past(dates)
  const read = rundown.read(dates, past)
  const onAir = new Map(air.linesOnAir().map((line) => [line.lineId, line.state]))
  const day = days.day(broadcastDate)
  const { zone, startsAt, endsAt, rev, state, publishedAt, publishedBy, owner } = day
  const own = ({ line }: PlannedLine): boolean => line.broadcastDate === broadcastDate
  const predicted = read.predicted().filter(own)
  const planned = new Map(read.planned().map(({ line, times }) => [line.id, times]))
  const fill = compiler.fillOf(dates)
  const found = read.posts(fill.map(({ item }) => item))
  const titles = new Map([...fill.map(({ item, sound }) => [item.id, sound.title] as const), ...predicted.map(({ line, verdict }) => [line.id, verdict.title] as const)])
  return {
    broadcastDate, zone, startsAt, endsAt, rev, state, publishedAt, publishedBy, owner, locks: locks.of(broadcastDate), slots: days.slots(broadcastDate).map((slot) => viewSlot(slot, predicted, found)),
    lines: predicted.map((line) => viewLine(line, planned.get(line.line.id) ?? line.times, past, onAir)), posts: viewPosts(found, day, titles),
  }
}

function viewSlot(slot: StoredSlot, lines: readonly PlannedLine[], { posts }: Posts): LogSlot {
  const { removed: _, ...shown } = slot
  const ends = lines.flatMap(({ line, times }) => (line.slotId === slot.id && times.state === 'planned' && times.end !== null ? [times.end] : []))
  const raw = posts.find(({ target }) => target.kind === 'slot' && target.id === slot.id)?.rawSamples
  return { ...shown, overSamples: ends.length === 0 ? null : Math.round(raw ?? Math.max(...ends) - slot.endAt * 48) }
}

function viewPosts({ posts, plans }: Posts, day: Day, titles: ReadonlyMap<string, string>): LogPost[] {
  const byTarget = new Map(plans.map((plan) => [plan.target.id, plan]))
  const shown = posts.flatMap(({ target, rawSamples, samples }): LogPost[] => {
    const at = Math.round(instantOf(target.at))
    if (at < day.startsAt || at > day.endsAt) return []
    const plan = byTarget.get(target.id)
    const changes = plan?.changes.map(({ lineId, what, deltaSamples, ratio, fill, reason }) => ({ lineId, title: titles.get(fill?.id ?? lineId) ?? '', what, deltaSamples: Math.round(deltaSamples), ratio, reason })) ?? []
    return [{ kind: target.kind, id: target.id, at, rawSamples: Math.round(rawSamples), restSamples: Math.round(plan?.restSamples ?? samples), plan: plan === undefined ? null : { id: plan.id, changes, restSamples: Math.round(plan.restSamples), why: plan.why } }]
  })
  return shown.toSorted((a, b) => a.at - b.at)
}

function viewLine(line: PlannedLine, planned: LineTimes, past: Past, onAir: ReadonlyMap<string, 'armed' | 'playing'>): LogLine {
  const { removed: _, generatedRev, ...stored } = line.line
  const rows = past.rows.get(stored.id) ?? []
  const { title, state, reason, lengthSamples } = line.verdict
  const [plannedAt, plannedEndAt] = shownTimes(planned)
  const [predictedAt, predictedEndAt] = shownTimes(line.times)
  return {
    ...stored, title, lengthSamples, plannedAt, plannedEndAt, predictedAt, predictedEndAt, actualAt: rows[0]?.actualAt ?? null, actualEndAt: rows.at(-1)?.endedAt ?? null, status: statusOf(line, past, onAir), lineState: state, reason,
    timingNote: line.timingNote, guarded: isGuarded(line, past), edited: generatedRev !== null && generatedRev !== stored.rev,
  }
}

function shownTimes({ state, start, end }: LineTimes): [number | null, number | null] {
  return state !== 'planned' || start === null || end === null ? [null, null] : [Math.round(instantOf(start)), Math.round(instantOf(end))]
}

function statusOf({ line, times }: PlannedLine, { now, rows }: Past, onAir: ReadonlyMap<string, 'armed' | 'playing'>): LineStatus {
  const own = rows.get(line.id)
  const last = own?.at(-1)
  if (own !== undefined && last !== undefined) {
    if (last.endedAt === null) return 'playing'
    if (last.stopReason === 'decodeError') return 'failed'
    return own.every((row) => row.playedSamples === 0) ? 'skipped' : 'finished'
  }
  if (times.end !== null && times.end <= now * 48) return 'skipped'
  return onAir.get(line.id) === 'armed' ? 'armed' : 'scheduled'
}
