import { dateAt } from '../timing/zone.ts'
import type { OffsetAt } from '../timing/zone.ts'
import { rememberedOffsets, spanBook, weekdayOf } from './local-spans.ts'
import type { DaySpan } from './local-spans.ts'

/** The three classes of exchanged bulletins (Thông tư 39/2020). */
export const bulletinClasses = ['thong-thuong', 'uu-tien', 'khan-cap'] as const
export type BulletinClass = (typeof bulletinClasses)[number]

/** When and how long a unit may be on air. Data, never a constant: decrees and communes differ. */
export interface RuleProfile {
  /** Hours of normal broadcasting; none = any hour. A window wins over quiet hours. */
  readonly windows: readonly DaySpan[]
  /** 1 = Monday … 7 = Sunday. */
  readonly weekdays: readonly number[]
  /** A session is one window of one day; without windows, what is not apart by half an hour. */
  readonly maxMinutesPerSession: number | null
  readonly includesRelay: boolean
  readonly maxSessionsPerDay: number | null
  readonly quiet: readonly DaySpan[]
  /** Kinds and tags that no rule of this profile binds (emergencies never are). */
  readonly exemptKinds: readonly string[]
}
/** The unit tree as far as rules go: a unit without its own profile obeys its nearest ancestor's, at last the station's. */
export interface UnitRules {
  readonly station: RuleProfile | null
  readonly units: readonly { readonly unitId: string; readonly parentId: string | null; readonly profile: RuleProfile | null }[]
}

export interface JudgedLine {
  readonly id: string
  /** UTC ms. */
  readonly startAt: number
  readonly endAt: number
  readonly bulletinClass: BulletinClass
  readonly relay: boolean
  /** Kind and tags of the item, for exemptions. */
  readonly kinds: readonly string[]
  /** A person has confirmed this priority line against the rules. */
  readonly confirmed: boolean
  /** Empty = everywhere. */
  readonly targetUnitIds: readonly string[]
}

export const breachKinds = ['weekday', 'outsideWindow', 'quietHours', 'sessionMinutes', 'sessionsPerDay', 'runsOver'] as const
export type BreachKind = (typeof breachKinds)[number]
export interface Breach {
  readonly rule: BreachKind
  /** Whose profile; null = the station's. */
  readonly unitId: string | null
}
/**
 * ok; cut = sounds until `hardEnd`; partly = not in `blockedUnitIds`; confirm = waits for a person; confirmed = sounds by a person's word;
 * blocked; logged = an emergency outside the rules, never held back.
 */
export const ruleEffects = ['ok', 'cut', 'partly', 'confirm', 'confirmed', 'blocked', 'logged'] as const
export type RuleEffect = (typeof ruleEffects)[number]
export interface LineVerdict {
  readonly id: string
  readonly effect: RuleEffect
  readonly mayPlay: boolean
  readonly breaches: readonly Breach[]
  /** UTC ms: end of window, start of quiet hours or end of the session's minutes, where that comes before the line's own end. */
  readonly hardEnd: number | null
  readonly blockedUnitIds: readonly string[]
  /** Confirmed inside quiet hours: goes out as urgent (BS1 priority 6). */
  readonly urgent: boolean
}

/** Lines further apart than this belong to two sessions where a profile has no windows. */
const APART_MS = 30 * 60_000

interface PlaceVerdict {
  readonly breaches: readonly BreachKind[]
  readonly hardEnd: number | null
}
const free: PlaceVerdict = { breaches: [], hardEnd: null }

/**
 * Holds lines against the rules of everybody who hears them (domain reference §2 and §4): normal lines are blocked, priority lines ask, emergencies are only
 * noted. A line that begins inside the rules and would outlast them is cut, not blocked.
 * @param lines any order
 * @returns one verdict per line id
 */
export function judgeRules(lines: readonly JudgedLine[], rules: UnitRules, zoneOffsetAt: OffsetAt): ReadonlyMap<string, LineVerdict> {
  const offsetAt = rememberedOffsets(zoneOffsetAt)
  const sorted = lines.toSorted((a, b) => a.startAt - b.startAt || a.endAt - b.endAt)
  const tree = new Map(rules.units.map((unit) => [unit.unitId, unit]))
  const profileOf = (unitId: string | null): RuleProfile | null => {
    for (let at = unitId, steps = 0; at !== null && steps < 100; steps++) {
      const unit = tree.get(at)
      if (unit?.profile != null) return unit.profile
      at = unit?.parentId ?? null
    }
    return rules.station
  }
  const isBelow = (unitId: string, above: string): boolean => {
    for (let at = tree.get(unitId)?.parentId ?? null, steps = 0; at !== null && steps < 100; steps++) {
      if (at === above) return true
      at = tree.get(at)?.parentId ?? null
    }
    return false
  }
  const own = rules.units.filter((unit) => unit.profile !== null).map((unit) => unit.unitId)
  const places = new Set<string | null>([null, ...own, ...lines.flatMap((line) => line.targetUnitIds)])
  const found = new Map<string, { direct: { unitId: string | null; verdict: PlaceVerdict }[]; below: { unitId: string; verdict: PlaceVerdict }[] }>(lines.map((line) => [line.id, { direct: [], below: [] }]))
  for (const place of places) {
    const profile = profileOf(place)
    const reaching = sorted.filter((line) => place === null ? line.targetUnitIds.length === 0 : line.targetUnitIds.length === 0 || line.targetUnitIds.some((target) => target === place || isBelow(place, target)))
    const verdicts = profile === null ? null : judgeAt(reaching, profile, offsetAt)
    for (const line of reaching) {
      const verdict = verdicts?.get(line.id) ?? free
      const isDirect = place === null || line.targetUnitIds.includes(place)
      if (isDirect) found.get(line.id)?.direct.push({ unitId: place, verdict })
      else if (own.includes(place)) found.get(line.id)?.below.push({ unitId: place, verdict })
    }
  }
  return new Map(sorted.map((line) => [line.id, combine(line, found.get(line.id) ?? { direct: [], below: [] })]))
}

/** Lines of one place in time, by one profile. */
function judgeAt(sorted: readonly JudgedLine[], profile: RuleProfile, offsetAt: OffsetAt): Map<string, PlaceVerdict> {
  const verdicts = new Map<string, PlaceVerdict>()
  const [windows, quiet] = [spanBook(profile.windows, offsetAt), spanBook(profile.quiet, offsetAt)]
  const sessions: { key: string; date: string; usedMs: number; endAt: number }[] = []
  for (const line of sorted) {
    if (line.bulletinClass !== 'khan-cap' && line.kinds.some((kind) => profile.exemptKinds.includes(kind))) {
      verdicts.set(line.id, free)
      continue
    }
    const window = windows.at(line.startAt)
    const date = window?.date ?? dateAt(line.startAt, offsetAt)
    const breaches: BreachKind[] = []
    const isDay = profile.weekdays.includes(weekdayOf(date))
    if (!isDay) breaches.push('weekday')
    else if (profile.windows.length > 0 && window === null) breaches.push('outsideWindow')
    const inside = isDay && window !== null
    if (!inside && quiet.at(line.startAt) !== null) breaches.push('quietHours')
    if (breaches.length > 0) {
      verdicts.set(line.id, { breaches, hardEnd: null })
      continue
    }
    let hardEnd = inside ? window.until : quiet.nextStart(line.startAt)
    const last = sessions.at(-1)
    const known = window !== null ? sessions.find(({ key }) => key === String(window.from)) : last !== undefined && line.startAt - last.endAt < APART_MS ? last : undefined
    const isFull = known === undefined && profile.maxSessionsPerDay !== null && sessions.filter((other) => other.date === date).length >= profile.maxSessionsPerDay
    const counts = profile.maxMinutesPerSession !== null && (profile.includesRelay || !line.relay)
    const leftMs = counts ? (profile.maxMinutesPerSession ?? 0) * 60_000 - (known?.usedMs ?? 0) : Number.POSITIVE_INFINITY
    if (isFull || leftMs <= 0) {
      verdicts.set(line.id, { breaches: [isFull ? 'sessionsPerDay' : 'sessionMinutes'], hardEnd: null })
      continue
    }
    // An emergency takes nobody's minutes and opens no session.
    if (line.bulletinClass === 'khan-cap') continue
    const session = known ?? { key: window === null ? `free ${line.startAt}` : String(window.from), date, usedMs: 0, endAt: line.startAt }
    if (known === undefined) sessions.push(session)
    session.endAt = Math.max(session.endAt, line.endAt)
    if (counts) {
      hardEnd = Math.min(hardEnd ?? Number.POSITIVE_INFINITY, line.startAt + leftMs)
      session.usedMs += Math.min(leftMs, line.endAt - line.startAt)
    }
    verdicts.set(line.id, { breaches: [], hardEnd: hardEnd !== null && hardEnd < line.endAt ? hardEnd : null })
  }
  return verdicts
}

function combine(line: JudgedLine, { direct, below }: { direct: readonly { unitId: string | null; verdict: PlaceVerdict }[]; below: readonly { unitId: string; verdict: PlaceVerdict }[] }): LineVerdict {
  const breaches: Breach[] = [...direct, ...below].flatMap(({ unitId, verdict }) => [...verdict.breaches, ...(line.bulletinClass === 'uu-tien' && verdict.hardEnd !== null ? ['runsOver' as const] : [])].map((rule) => ({ rule, unitId })))
  const verdict = (effect: RuleEffect, more: Partial<LineVerdict> = {}): LineVerdict => ({
    id: line.id, effect, mayPlay: effect !== 'blocked' && effect !== 'confirm', breaches, hardEnd: null, blockedUnitIds: [], urgent: false, ...more,
  })
  if (line.bulletinClass === 'khan-cap') return verdict(breaches.length === 0 ? 'ok' : 'logged')
  if (line.bulletinClass === 'uu-tien') {
    if (breaches.length === 0) return verdict('ok')
    const quiet = breaches.some(({ rule }) => rule === 'quietHours')
    if (line.confirmed) return verdict('confirmed', { urgent: quiet })
    return verdict(quiet ? 'blocked' : 'confirm')
  }
  const refused = direct.filter(({ verdict: { breaches: own } }) => own.length > 0)
  if (direct.length > 0 && refused.length === direct.length) return verdict('blocked')
  const ends = direct.flatMap(({ verdict: { hardEnd } }) => hardEnd ?? [])
  const hardEnd = ends.length === 0 ? null : Math.min(...ends)
  // A place that hears this line only as part of a larger area cannot have an end of its own.
  const blockedUnitIds = [...refused.flatMap(({ unitId }) => unitId ?? []), ...below.filter(({ verdict: { breaches: own, hardEnd: end } }) => own.length > 0 || (end !== null && end < (hardEnd ?? line.endAt))).map(({ unitId }) => unitId)]
  if (blockedUnitIds.length > 0) return verdict('partly', { hardEnd, blockedUnitIds })
  return verdict(hardEnd === null ? 'ok' : 'cut', { hardEnd })
}
