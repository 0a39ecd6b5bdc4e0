import type { BreachKind } from './rules.ts'

/**
 * The exception report: whatever a person should know before a generated day is applied. bad = something that was asked for is not there;
 * warn = it is there, but not as wished; info = why something is otherwise than usual.
 */
export const findingKinds = [
  'unfilled', 'noFit', 'itemMissing', 'missingCategory', 'missingClock', 'missingTemplate', 'columnMissing', 'minimum', 'underrun', 'overrun', 'overlap', 'rule',
  'separation', 'columnRepeat', 'barred', 'manual', 'displaced', 'skippedHour', 'notCopied', 'replaced', 'closesEarly', 'closed', 'past', 'nothing',
] as const
export type FindingKind = (typeof findingKinds)[number]
export const severities = ['bad', 'warn', 'info'] as const
export type Severity = (typeof severities)[number]

export interface Finding {
  readonly kind: FindingKind
  readonly severity: Severity
  /** UTC ms of the place in the day; null = the whole day. */
  readonly at: number | null
  readonly session: string | null
  readonly sessionKey: string | null
  readonly position: string | null
  /** Name of the item, category, column, campaign or exception it is about. */
  readonly title: string | null
  readonly ms: number | null
  readonly wantedMs: number | null
  readonly count: number | null
  readonly wanted: number | null
  readonly rule: BreachKind | null
  readonly unitId: string | null
}

const severityOf: Readonly<Record<FindingKind, Severity>> = {
  unfilled: 'bad', noFit: 'bad', itemMissing: 'bad', missingCategory: 'bad', missingClock: 'bad', missingTemplate: 'bad', columnMissing: 'bad', minimum: 'bad', underrun: 'bad', overrun: 'warn', overlap: 'bad', rule: 'bad',
  separation: 'warn', columnRepeat: 'warn', barred: 'warn', manual: 'info', displaced: 'warn', skippedHour: 'warn', notCopied: 'bad', replaced: 'info', closesEarly: 'info', closed: 'info', past: 'info', nothing: 'info',
}

export function finding(kind: FindingKind, facts: Partial<Finding>): Finding {
  return { kind, severity: severityOf[kind], at: null, session: null, sessionKey: null, position: null, title: null, ms: null, wantedMs: null, count: null, wanted: null, rule: null, unitId: null, ...facts }
}

export function countBySeverity(findings: readonly Finding[]): Readonly<Record<Severity, number>> {
  const count = { bad: 0, warn: 0, info: 0 }
  for (const { severity } of findings) count[severity] += 1
  return count
}
