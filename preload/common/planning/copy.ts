import { dateAt, instantOfLocal, timeOfDayMs } from '../timing/zone.ts'
import type { OffsetAt } from '../timing/zone.ts'
import { exceptionsOn } from './day.ts'
import { finding } from './findings.ts'
import type { Finding } from './findings.ts'
import type { Generated, GeneratedLine, GeneratedSession } from './generate.ts'
import { isValidAt } from './lay.ts'
import { isBarred } from './parts.ts'
import type { PlanItem, PlanParts } from './parts.ts'
import { SAMPLES_PER_MS } from './pieces.ts'

export interface CopiedDay {
  readonly date: string
  /** In the order of the log. `start` in wall samples as planned. */
  readonly lines: readonly (Omit<GeneratedLine, 'key' | 'sessionKey' | 'from'> & { readonly id: string; readonly slotId: string | null })[]
  readonly slots: readonly (Omit<GeneratedSession, 'key'> & { readonly id: string })[]
}

/** The lines of one day at the same local times of another. What may not air there stays behind and is told. */
export function copyDay(from: CopiedDay, toDate: string, options: { readonly items: readonly PlanItem[]; readonly parts: Pick<PlanParts, 'exceptions'>; readonly offsetAt: OffsetAt; readonly now: number | null }): Generated {
  const { offsetAt } = options
  const findings: Finding[] = []
  const exceptions = exceptionsOn(toDate, options.parts.exceptions)
  const items = new Map(options.items.map((item) => [item.id, item]))
  const moved = (at: number): number | null => (dateAt(at, offsetAt) === from.date ? instantOfLocal(toDate, timeOfDayMs(at, offsetAt), offsetAt) : null)
  const sessions = new Map<string, GeneratedSession>()
  for (const { id, ...slot } of from.slots) {
    const startAt = moved(slot.startAt)
    const key = `${toDate}/copy/${id}`
    if (startAt === null) findings.push(finding('skippedHour', { session: slot.title, sessionKey: key }))
    else if (options.now !== null && startAt <= options.now) findings.push(finding('past', { session: slot.title, sessionKey: key, at: startAt }))
    else sessions.set(id, { ...slot, key, startAt, endAt: startAt + (slot.endAt - slot.startAt) })
  }
  const lines: GeneratedLine[] = []
  let cursor: number | null = null
  for (const { id, slotId, ...line } of from.lines) {
    const session = slotId === null ? null : (sessions.get(slotId) ?? null)
    const about = { title: line.title, session: session?.title ?? null, sessionKey: session?.key ?? null }
    if (slotId !== null && session === null) continue
    // The place of a line that stayed behind closes up: the first that comes keeps the session's time.
    const opens = session !== null && line.timing.kind === 'follow' && !lines.some((other) => other.sessionKey === session.key)
    const hardAt = opens ? session.startAt : line.timing.kind === 'hard' ? moved(line.timing.at) : null
    if (line.timing.kind === 'hard' && hardAt === null) {
      findings.push(finding('skippedHour', about))
      continue
    }
    const shifted: number | null = hardAt ?? (cursor === null ? moved(line.start / SAMPLES_PER_MS) : null)
    const start: number | null = shifted === null ? cursor : shifted * SAMPLES_PER_MS
    if (start === null) continue
    const at = start / SAMPLES_PER_MS
    if (options.now !== null && at <= options.now) {
      if (session === null) findings.push(finding('past', { ...about, at: Math.round(at) }))
      continue
    }
    const item = line.itemId === null ? null : (items.get(line.itemId) ?? null)
    if (line.kind === 'audio' && (item === null || !isValidAt(item, at))) {
      findings.push(finding('notCopied', { ...about, at: Math.round(at) }))
      continue
    }
    if (item !== null && isBarred(item, exceptions)) {
      findings.push(finding('barred', { ...about, at: Math.round(at) }))
      continue
    }
    const lengthSamples = item?.lengthSamples ?? line.lengthSamples
    lines.push({
      ...line, key: `${toDate}/copy/${id}`, sessionKey: session?.key ?? `${toDate}/copy`, from: 'position', start, lengthSamples,
      timing: hardAt === null ? { kind: 'follow' } : { kind: 'hard', at: hardAt, onReach: line.timing.kind === 'hard' ? line.timing.onReach : 'cut' },
    })
    cursor = start + lengthSamples
  }
  if (from.lines.length === 0) findings.push(finding('nothing', {}))
  return { date: toDate, sessions: [...sessions.values()], lines, findings }
}
