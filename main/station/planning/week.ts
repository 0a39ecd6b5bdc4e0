import { columnsOfWeek, datesOfWeek, exceptionsOn, isCampaignDay, isOfCampaign, localInstant, mondayOf, openSessions } from '#common/planning/index.ts'
import { dateAt } from '#common/timing/zone.ts'
import type { OffsetAt } from '#common/timing/zone.ts'
import type { LogDay, LogLine } from '#contract/log.ts'
import type { PlanWeek, WeekDay, WeekSession } from '#contract/planning.ts'
import type { StationContext } from '../context.ts'
import { endOf, plannedAirings, startOf } from './facts.ts'
import type { Facts } from './facts.ts'
import type { Meters } from './meters.ts'
import type { PartStore } from './part-store.ts'

/** A week as a person plans it: what is laid where, what the log has of it, what still lacks. */
export async function viewWeek(anyDay: string, deps: { clock: StationContext['clock']; zone: string; offsetAt: OffsetAt; parts: PartStore; facts: Facts; meters: Meters; day: (date: string) => Promise<LogDay> }): Promise<PlanWeek> {
  const { offsetAt, parts, facts, meters } = deps
  const monday = mondayOf(anyDay)
  const dates = datesOfWeek(monday)
  const days = new Map<string, LogDay>()
  for (const date of dates) days.set(date, await deps.day(date))
  const plan = parts.plan()
  const now = deps.clock.now()
  const items = facts.items()
  const airings = [...facts.heard(now), ...[...days.values()].flatMap((day) => plannedAirings(day))]
  const week = { from: localInstant(monday, 0, offsetAt), until: localInstant(monday, 7 * 86_400_000, offsetAt), now }

  const viewDay = (date: string): WeekDay => {
    const lines = days.get(date)?.lines ?? []
    const { sessions } = openSessions(date, plan, offsetAt)
    return {
      date, sessions: sessions.map((open): WeekSession => {
        const inside = lines.filter((line) => touches(line, open.startAt, open.endAt))
        return { key: open.key, title: open.session.title, clockTitle: open.clock.title, startAt: open.startAt, endAt: open.endAt, startsAtSec: open.session.startsAtSec, unitId: open.unitId, lines: inside.length, coveredSamples: Math.round(covered(inside, open.startAt, open.endAt) * 48), mayClose: open.session.onUnderrun === 'close' }
      }),
      exceptions: exceptionsOn(date, plan.exceptions).map(({ id, title, kind }) => ({ id, title, kind })),
      generated: lines.filter(({ origin }) => origin === 'template').length, manual: lines.filter(({ origin }) => origin !== 'template').length, silent: lines.filter((line) => line.lineState !== 'ok' && line.status === 'scheduled').length,
      meter: meters.of([date], days, { advice: false }),
    }
  }
  return {
    monday, today: dateAt(now, offsetAt), zone: deps.zone, days: dates.map(viewDay), meter: meters.of(dates, days),
    columns: columnsOfWeek(plan.columns, items, airings, week),
    campaigns: plan.campaigns.filter((campaign) => dates.some((date) => isCampaignDay(campaign, date))).map((campaign) => {
      const own = new Set(items.filter((item) => isOfCampaign(item, campaign)).map(({ id }) => id))
      return {
        campaignId: campaign.id, title: campaign.title, minPerDay: campaign.minPerDay,
        days: dates.map((date) => {
          const [from, until] = [localInstant(date, 0, offsetAt), localInstant(date, 86_400_000, offsetAt)]
          return { date, isCampaignDay: isCampaignDay(campaign, date), plays: airings.filter(({ itemId, at }) => own.has(itemId) && at >= from && at < until).length }
        }),
      }
    }),
  }
}

function touches(line: LogLine, from: number, until: number): boolean {
  const [start, end] = [startOf(line), endOf(line)]
  return start !== null && end !== null && end > from && start < until
}
/** Milliseconds of a stretch in which something may sound. */
function covered(lines: readonly LogLine[], from: number, until: number): number {
  let [sum, at] = [0, from]
  for (const line of lines.filter(({ lineState }) => lineState === 'ok').toSorted((a, b) => (startOf(a) ?? 0) - (startOf(b) ?? 0))) {
    const [start, end] = [Math.max(at, startOf(line) ?? 0), Math.min(until, endOf(line) ?? 0)]
    if (end <= start) continue
    sum += end - start
    at = end
  }
  return sum
}
