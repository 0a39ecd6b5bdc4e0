import { z } from 'zod'
import { judgeRules, rememberedOffsets, spanBook, weekdayOf } from '#common/planning/index.ts'
import type { BreachKind, JudgedLine, LineVerdict, RuleProfile, UnitRules } from '#common/planning/index.ts'
import { addDays, dateAt } from '#common/timing/zone.ts'
import type { OffsetAt } from '#common/timing/zone.ts'
import type { Unit } from '#contract/devices.ts'
import type { Item } from '#contract/library.ts'
import type { LineReason, LogDay, LogLine } from '#contract/log.ts'
import type { RuleVerdict } from '#contract/planning.ts'
import { AppError } from '#contract/errors.ts'
import type { StationContext, Who } from '../context.ts'
import type { LibraryRoom, LineJudge, LogRoom } from '../faces.ts'
import { endOf, startOf } from './facts.ts'
import type { PartStore } from './part-store.ts'

/**
 * The rules of the hour, as the gate hears them. Promises: a normal line outside its rules never sounds, a priority line only by a person's word, emergencies (which are no
 * lines) are never asked about. Relies on times predicted by the log; a line it has not seen yet is judged by its start alone. Without a profile nobody is judged.
 */
export interface RuleBook {
  rules(): UnitRules
  /** @throws AppError not-found */
  confirm(broadcastDate: string, lineId: string, confirmed: boolean, who: Who): Promise<void>
  verdicts(day: LogDay): RuleVerdict[]
  /** Something about rules or units is different. */
  changed(): void
}

/** The air is compiled three days ahead; a day further off is looked at when it changes. */
const DAYS_AHEAD = 3
const MOST_FAR_DAYS = 40
/** Changes come in bursts; one look after the last is enough. */
const QUIET_MS = 250
const reasons: Readonly<Record<BreachKind, LineReason['code']>> = { weekday: 'weekdayNotAllowed', outsideWindow: 'outsideWindow', quietHours: 'quietHours', sessionMinutes: 'sessionLimit', sessionsPerDay: 'sessionLimit', runsOver: 'outsideWindow' }
/** Lines that make no sound of their own. */
const silentKinds: readonly LogLine['kind'][] = ['command', 'fixedPoint', 'note']
const Confirmed = z.object({ line_id: z.string(), confirmed_by: z.string() })

export function openRuleBook(
  ctx: Pick<StationContext, 'db' | 'clock' | 'scope' | 'events' | 'audit' | 'logger'>,
  deps: { parts: PartStore; units: () => readonly Unit[]; library: Pick<LibraryRoom, 'get'>; log: Pick<LogRoom, 'day' | 'addJudge' | 'judgeAgain' | 'useRuleEnds'>; offsetAt: () => OffsetAt },
): RuleBook {
  const { parts, library, log } = deps
  const putConfirmed = ctx.db.prepare('INSERT INTO planning_priority_lines (line_id, confirmed_at, confirmed_by) VALUES (?, ?, ?) ON CONFLICT (line_id) DO UPDATE SET confirmed_at = excluded.confirmed_at, confirmed_by = excluded.confirmed_by')
  const dropConfirmed = ctx.db.prepare('DELETE FROM planning_priority_lines WHERE line_id = ?')
  const confirmedBy = new Map(z.array(Confirmed).parse(ctx.db.prepare('SELECT line_id, confirmed_by FROM planning_priority_lines').all()).map((row) => [row.line_id, row.confirmed_by]))
  let known: UnitRules | null = null
  let seen = new Map<string, LineVerdict>()
  let endJudge: (() => void) | null = null
  const far = new Set<string>()

  const rules = (): UnitRules => {
    if (known !== null) return known
    const profiles = new Map(parts.of('profile').map(({ id, profile }) => [id, profile]))
    const grids = new Map(parts.of('grid').map((grid) => [grid.unitId, grid.profileId === null ? null : (profiles.get(grid.profileId) ?? null)]))
    known = { station: grids.get(null) ?? null, units: deps.units().map(({ id, parentId }) => ({ unitId: id, parentId, profile: grids.get(id) ?? null })) }
    return known
  }
  const hasRules = (): boolean => rules().station !== null || rules().units.some(({ profile }) => profile !== null)
  const kindsOf = (item: Item | null): string[] => (item === null ? [] : [item.kind, ...item.tags])
  /** Lines with the time they have, or would have: a line that is blocked has no place in the prediction, and must not lose its verdict over that. */
  const judged = (day: LogDay): JudgedLine[] => {
    let cursor: number | null = null
    return day.lines.flatMap((line): JudgedLine[] => {
      const startAt: number | null = startOf(line) ?? (line.timing.kind === 'hard' || line.timing.kind === 'notBefore' || line.timing.kind === 'soft' ? line.timing.at : cursor)
      const endAt = endOf(line)
      if (startAt === null) return []
      const until = endAt !== null && endAt > startAt ? endAt : startAt + line.lengthSamples / 48
      if (line.lineState !== 'ruleBlocked') cursor = until
      if (line.skip || line.dropped || silentKinds.includes(line.kind)) return []
      const confirmed = confirmedBy.has(line.id)
      return [{ id: line.id, startAt, endAt: until, bulletinClass: confirmed ? 'uu-tien' : 'thong-thuong', relay: line.kind === 'relay', kinds: kindsOf(line.itemId === null ? null : library.get(line.itemId)), confirmed, targetUnitIds: line.targetUnitIds }]
    })
  }
  const verdictsOf = (days: readonly LogDay[]): Map<string, LineVerdict> => new Map(judgeRules(days.flatMap(judged), rules(), deps.offsetAt()))

  const judge: LineJudge = ({ lineId, item, kind, at }) => {
    if (at === null) return null
    const verdict = seen.get(lineId) ?? judgeRules([{ id: lineId, startAt: at, endAt: at + 1, bulletinClass: confirmedBy.has(lineId) ? 'uu-tien' : 'thong-thuong', relay: kind === 'relay', kinds: kindsOf(item), confirmed: confirmedBy.has(lineId), targetUnitIds: [] }], rules(), deps.offsetAt()).get(lineId)
    if (verdict === undefined || verdict.mayPlay) return null
    const [breach] = verdict.breaches
    return { state: 'ruleBlocked', reason: { code: reasons[breach?.rule ?? 'outsideWindow'] } }
  }
  const look = async (): Promise<void> => {
    if (!hasRules()) return
    const today = dateAt(ctx.clock.now(), deps.offsetAt())
    const near = Array.from({ length: DAYS_AHEAD + 2 }, (_, step) => addDays(today, step - 1))
    for (const date of far) if (near.includes(date) || date < today || far.size > MOST_FAR_DAYS) far.delete(date)
    const days: LogDay[] = []
    for (const date of [...near, ...far]) days.push(await log.day(date))
    const fresh = verdictsOf(days)
    const differs = [...fresh].some(([lineId, verdict]) => (seen.get(lineId)?.mayPlay ?? true) !== verdict.mayPlay)
    seen = fresh
    if (!differs) return
    log.judgeAgain()
    ctx.events.emit('planning.rulesChanged', {})
  }
  let waiting: (() => void) | null = null
  const lookSoon = (): void => {
    waiting?.()
    waiting = ctx.scope.after(QUIET_MS, () => {
      waiting = null
      look().catch((error: unknown) => ctx.logger.error('the rules could not be held against the log', { error }))
    })
  }
  const changed = (): void => {
    known = null
    if (hasRules()) endJudge ??= log.addJudge(judge)
    else {
      endJudge?.()
      endJudge = null
      seen = new Map()
    }
    log.useRuleEnds((slot) => ruleEndOf(slot.startAt, parts.of('profile').find(({ id }) => id === slot.ruleProfileId)?.profile ?? rules().station, deps.offsetAt()))
    log.judgeAgain()
    lookSoon()
  }

  const ends = [
    ctx.events.on('log.changed', ({ broadcastDate }) => {
      far.add(broadcastDate)
      lookSoon()
    }),
    ctx.events.on('devices.unitsChanged', changed),
    ctx.events.on('settings.changed', changed),
    ctx.events.on('planning.changed', ({ kind }) => {
      if (kind === 'profile' || kind === 'grid') changed()
    }),
  ]
  ctx.scope.add(() => {
    for (const end of [...ends, ...(endJudge === null ? [] : [endJudge])]) end()
  })
  if (hasRules()) changed()

  return {
    rules, changed,
    async confirm(broadcastDate, lineId, confirmed, who) {
      const line = (await log.day(broadcastDate)).lines.find(({ id }) => id === lineId)
      if (line === undefined) throw new AppError('not-found')
      ctx.db.transaction(() => {
        if (confirmed) putConfirmed.run(lineId, Math.floor(ctx.clock.now()), who.name)
        else dropConfirmed.run(lineId)
        ctx.audit.append(who, confirmed ? 'planning.confirmLine' : 'planning.unconfirmLine', lineId, { broadcastDate, title: line.title })
      }).immediate()
      if (confirmed) confirmedBy.set(lineId, who.name)
      else confirmedBy.delete(lineId)
      seen.delete(lineId)
      await look()
      log.judgeAgain()
      ctx.events.emit('planning.rulesChanged', {})
    },
    verdicts(day) {
      const verdicts = verdictsOf([day])
      return day.lines.flatMap((line) => {
        const verdict = verdicts.get(line.id)
        const by = confirmedBy.get(line.id) ?? null
        if (verdict === undefined || (verdict.effect === 'ok' && by === null)) return []
        return [{ lineId: line.id, effect: verdict.effect, mayPlay: verdict.mayPlay, breaches: [...verdict.breaches], hardEnd: verdict.hardEnd === null ? null : Math.round(verdict.hardEnd), blockedUnitIds: verdict.blockedUnitIds, urgent: verdict.urgent, bulletinClass: by === null ? 'thong-thuong' : 'uu-tien', confirmedBy: by }]
      })
    },
  }
}

/** Where rules end what begins at an instant: the end of its window, the next quiet hour, or the minutes of a session. Null = nowhere. */
export function ruleEndOf(startAt: number, profile: RuleProfile | null, zoneOffsetAt: OffsetAt): number | null {
  if (profile === null) return null
  const offsetAt = rememberedOffsets(zoneOffsetAt)
  const window = spanBook(profile.windows, offsetAt).at(startAt)
  const inside = window !== null && profile.weekdays.includes(weekdayOf(window.date))
  const ends = [inside ? window.until : spanBook(profile.quiet, offsetAt).nextStart(startAt), profile.maxMinutesPerSession !== null && profile.includesRelay ? startAt + profile.maxMinutesPerSession * 60_000 : null].flatMap((end) => end ?? [])
  return ends.length === 0 ? null : Math.min(...ends)
}
