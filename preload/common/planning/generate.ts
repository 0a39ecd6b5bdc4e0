import type { OffsetAt } from '../timing/zone.ts'
import { layCampaigns } from './campaigns.ts'
import { exceptionsOn, openSessions } from './day.ts'
import type { OpenSession } from './day.ts'
import { fillPiece, tellSlack } from './fill.ts'
import { finding } from './findings.ts'
import type { Finding } from './findings.ts'
import { layGroup } from './lay.ts'
import type { Shelf } from './lay.ts'
import { localInstant, mondayOf } from './local-spans.ts'
import type { PlanItem, PlanParts, Position } from './parts.ts'
import { groupsOf, SAMPLES_PER_MS } from './pieces.ts'
import type { Group, Laid, Piece } from './pieces.ts'
import { createAirings } from './rotation.ts'
import { judgeRules } from './rules.ts'
import type { JudgedLine, UnitRules } from './rules.ts'

/** A line that is there already and stays: put by hand, or begun. */
export interface KeptLine {
  readonly id: string
  readonly title: string
  readonly itemId: string | null
  /** UTC ms. */
  readonly startAt: number
  readonly endAt: number
  readonly relay: boolean
  readonly targetUnitIds: readonly string[]
}
export interface GenerateInput {
  readonly date: string
  readonly seed: number
  readonly parts: PlanParts
  readonly items: readonly PlanItem[]
  /** Airings of other days and of the kept lines: as run and as planned. */
  readonly airings: readonly { readonly itemId: string; readonly at: number }[]
  readonly kept: readonly KeptLine[]
  readonly rules: UnitRules
  readonly offsetAt: OffsetAt
  /** Sessions that begin before this are over and not planned; null = none are. */
  readonly now: number | null
}

export type GeneratedTiming = { readonly kind: 'follow' } | { readonly kind: 'hard'; readonly at: number; readonly onReach: 'cut' | 'makeNext' }
export interface GeneratedLine {
  /** The same for the same place of the same day: planning again finds its own line. */
  readonly key: string
  readonly sessionKey: string
  readonly kind: 'audio' | 'relay'
  readonly itemId: string | null
  readonly relay: { readonly source: string; readonly origin: PlanItem['origin']; readonly essential: boolean } | null
  readonly title: string
  /** Wall samples (UTC ms × 48), as planned; the log predicts anew. */
  readonly start: number
  readonly lengthSamples: number
  readonly timing: GeneratedTiming
  readonly transition: Position['transition']
  readonly protected: boolean
  readonly droppable: boolean
  /** Lower goes first when a session is too long. */
  readonly fillPriority: number
  readonly targetUnitIds: readonly string[]
  readonly from: Laid['from']
  readonly categoryId: string | null
  readonly columnId: string | null
  readonly campaignId: string | null
}
/** Becomes a slot of the log. */
export interface GeneratedSession {
  readonly key: string
  readonly title: string
  readonly clockTitle: string
  /** UTC ms. */
  readonly startAt: number
  readonly endAt: number
  readonly onOverrun: 'cut' | 'finish'
  readonly maxOverrunMs: number
  readonly onUnderrun: 'fill' | 'close'
  readonly fillCategoryId: string | null
  readonly targetUnitIds: readonly string[]
}
export interface Generated {
  readonly date: string
  readonly sessions: readonly GeneratedSession[]
  readonly lines: readonly GeneratedLine[]
  readonly findings: readonly Finding[]
}

/**
 * A day of log from week grid, clocks, library and history. The same input gives the same day; whatever the plan asks for and the day does not
 * have, and every second of silence inside a session, stands in `findings`.
 */
export function generateDay(input: GenerateInput): Generated {
  const { date, parts, offsetAt } = input
  const findings: Finding[] = []
  const exceptions = exceptionsOn(date, parts.exceptions)
  const { sessions, findings: dayFindings } = openSessions(date, parts, offsetAt)
  for (const one of dayFindings) findings.push(finding(one.kind, 'session' in one ? { session: one.session, sessionKey: one.sessionKey } : { unitId: one.unitId }))
  const monday = mondayOf(date)
  const week = { from: localInstant(monday, 0, offsetAt), until: localInstant(monday, 7 * 86_400_000, offsetAt) }
  const shelf: Shelf = { date, seed: input.seed, parts, items: input.items, exceptions, week, members: new Map(), airings: createAirings(input.airings), findings }
  const open = sessions.filter((session) => {
    if (input.now === null || session.startAt > input.now) return true
    findings.push(finding('past', { session: session.session.title, sessionKey: session.key, at: session.startAt }))
    return false
  })
  if (sessions.length === 0) findings.push(finding('nothing', {}))
  tellOverlaps(open, findings)

  const busy = input.kept.map((line) => ({ start: Math.round(line.startAt * SAMPLES_PER_MS), end: Math.round(line.endAt * SAMPLES_PER_MS) }))
  const laidSessions = open.map((session) => {
    const kept = input.kept.filter((line) => line.endAt > session.startAt && line.startAt < session.endAt)
    if (kept.length > 0) findings.push(finding('manual', { session: session.session.title, sessionKey: session.key, at: Math.round(Math.max(session.startAt, Math.min(...kept.map((line) => line.startAt)))), count: kept.length }))
    const groups = groupsOf(session, busy)
    for (const group of groups) layGroup(shelf, session, group)
    return { open: session, groups }
  })
  layCampaigns(shelf, laidSessions, offsetAt)
  for (const { open: session, groups } of laidSessions) {
    for (const piece of groups.flatMap(({ pieces }) => pieces)) {
      fillPiece(shelf, session, piece)
      tellSlack(shelf, session, piece)
    }
  }
  const lines = laidSessions.flatMap(({ open: session, groups }) => linesOf(session, groups))
  tellSeparation(input, laidSessions, findings)
  tellRules(input, lines, open, findings)
  return { date, sessions: open.map(sessionView), lines, findings: inOrder(findings) }
}

const sessionView = ({ key, session, clock, startAt, endAt, targetUnitIds }: OpenSession): GeneratedSession => ({
  key, title: session.title, clockTitle: clock.title, startAt, endAt, onOverrun: session.onOverrun, maxOverrunMs: session.maxOverrunSec * 1000, onUnderrun: session.onUnderrun, fillCategoryId: session.fillCategoryId, targetUnitIds,
})

/** Items are played in their order; room that stayed empty makes no line. */
const audible = (piece: Piece): readonly Laid[] => piece.laid.filter(({ isRoom }) => !isRoom)

function linesOf(open: OpenSession, groups: readonly Group[]): GeneratedLine[] {
  const seen = new Map<string, number>()
  return groups.flatMap(({ pieces }) => pieces).flatMap((piece) => {
    let start = piece.start
    return audible(piece).map((laid, index): GeneratedLine => {
      const { position, item } = laid
      const count = (seen.get(position.id) ?? 0) + 1
      seen.set(position.id, count)
      const at = piece.start / SAMPLES_PER_MS
      const timing: GeneratedTiming = index > 0 || piece.begins === 'afterManual' ? { kind: 'follow' } : { kind: 'hard', at, onReach: piece.begins === 'sessionStart' || position.kind === 'relay' ? 'cut' : 'makeNext' }
      const line: GeneratedLine = {
        key: `${open.key}/${position.id}/${count}`, sessionKey: open.key, kind: position.kind === 'relay' ? 'relay' : 'audio', itemId: item?.id ?? null,
        relay: position.kind === 'relay' ? { source: position.source, origin: position.origin, essential: position.essential } : null,
        title: item?.title ?? position.title, start, lengthSamples: laid.lengthSamples, timing, transition: position.transition, protected: position.protected,
        droppable: laid.from === 'fill' && !position.protected, fillPriority: laid.from === 'fill' ? 1 : laid.from === 'campaign' ? 5 : 9, targetUnitIds: open.targetUnitIds, from: laid.from,
        categoryId: laid.categoryId, columnId: position.kind === 'column' ? position.columnId : null, campaignId: laid.campaignId,
      }
      start += laid.lengthSamples
      return line
    })
  })
}

function tellOverlaps(sessions: readonly OpenSession[], findings: Finding[]): void {
  for (const [index, one] of sessions.entries()) {
    for (const other of sessions.slice(index + 1)) {
      if (other.startAt >= one.endAt) break
      findings.push(finding('overlap', { session: other.session.title, sessionKey: other.key, at: other.startAt, title: one.session.title, ms: Math.min(one.endAt, other.endAt) - other.startAt }))
    }
  }
}

/** Airings nearer than wished, by session and item, with the nearest: judged at the end, when all times are known. */
function tellSeparation(input: GenerateInput, sessions: readonly { open: OpenSession; groups: readonly Group[] }[], findings: Finding[]): void {
  const airings = createAirings(input.airings)
  for (const { open, groups } of sessions) {
    const near = new Map<string, { title: string; position: string; ms: number; wantedMs: number; at: number; count: number }>()
    for (const piece of groups.flatMap(({ pieces }) => pieces)) {
      let start = piece.start
      for (const { item, lengthSamples, separationMs, position } of audible(piece)) {
        const at = start / SAMPLES_PER_MS
        start += lengthSamples
        if (item === null) continue
        const distance = airings.distance(item.id, at)
        airings.add(item.id, at)
        if (distance >= separationMs) continue
        const known = near.get(item.id)
        near.set(item.id, { title: item.title, position: known?.position ?? position.title, ms: Math.min(distance, known?.ms ?? distance), wantedMs: separationMs, at: known?.at ?? Math.round(at), count: (known?.count ?? 0) + 1 })
      }
    }
    for (const { title, position, ms, wantedMs, at, count } of near.values()) findings.push(finding('separation', { session: open.session.title, sessionKey: open.key, position, title, ms: Math.round(ms), wantedMs, at, count }))
  }
}

function tellRules(input: GenerateInput, lines: readonly GeneratedLine[], sessions: readonly OpenSession[], findings: Finding[]): void {
  const items = new Map(input.items.map((item) => [item.id, item]))
  const kindsOf = (itemId: string | null): string[] => {
    const item = itemId === null ? undefined : items.get(itemId)
    return item === undefined ? [] : [item.kind, ...item.tags]
  }
  const own: JudgedLine[] = lines.map((line) => ({
    id: line.key, startAt: line.start / SAMPLES_PER_MS, endAt: (line.start + line.lengthSamples) / SAMPLES_PER_MS, bulletinClass: 'thong-thuong', relay: line.kind === 'relay', kinds: kindsOf(line.itemId), confirmed: false, targetUnitIds: line.targetUnitIds,
  }))
  const kept: JudgedLine[] = input.kept.map((line) => ({ id: line.id, startAt: line.startAt, endAt: line.endAt, bulletinClass: 'thong-thuong', relay: line.relay, kinds: kindsOf(line.itemId), confirmed: false, targetUnitIds: line.targetUnitIds }))
  const verdicts = judgeRules([...own, ...kept], input.rules, input.offsetAt)
  for (const open of sessions) {
    const told = new Map<string, Finding>()
    for (const line of lines.filter(({ sessionKey }) => sessionKey === open.key)) {
      const verdict = verdicts.get(line.key)
      if (verdict === undefined || verdict.effect === 'ok') continue
      const breaches = verdict.breaches.length > 0 ? verdict.breaches : [...verdict.blockedUnitIds.map((unitId) => ({ rule: 'runsOver' as const, unitId })), ...(verdict.hardEnd === null ? [] : [{ rule: 'runsOver' as const, unitId: null }])]
      for (const { rule, unitId } of breaches) {
        const known = told.get(`${rule} ${unitId}`)
        told.set(`${rule} ${unitId}`, finding('rule', {
          session: open.session.title, sessionKey: open.key, at: known?.at ?? Math.round(verdict.hardEnd ?? line.start / SAMPLES_PER_MS), title: known?.title ?? line.title, rule, unitId, count: (known?.count ?? 0) + 1,
          severity: verdict.effect === 'blocked' || known?.severity === 'bad' ? 'bad' : 'warn',
        }))
      }
    }
    findings.push(...told.values())
  }
}

const weight = { bad: 0, warn: 1, info: 2 } as const
function inOrder(findings: readonly Finding[]): Finding[] {
  return findings.toSorted((a, b) => weight[a.severity] - weight[b.severity] || (a.at ?? 0) - (b.at ?? 0))
}
