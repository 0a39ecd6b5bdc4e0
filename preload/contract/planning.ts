import { z } from 'zod'
import { adviceActions, breachKinds, bulletinClasses, exceptionKinds, findingKinds, measureIds, rotations, ruleEffects, severities } from '#common/planning/index.ts'
import { ErrorCode } from './errors.ts'
import { ItemKind, Origin } from './library.ts'
import { BroadcastDate, Done, Id, InstantMs, JobRef, Nothing, Rev, SampleCount, Title } from './shapes.ts'
import type { EventTable, ProcedureTable } from './procedure.ts'

const Tags = z.array(z.string().trim().min(1).max(60)).max(40).readonly()
const Units = z.array(Id).max(200).readonly()
const SecOfDay = z.number().int().min(0).max(86_399)
const Weekday = z.number().int().min(1).max(7)
const Weekdays = z.array(Weekday).max(7).readonly()
const Minutes = z.number().int().min(0).max(525_600)
/** Stable inside its clock or template; the window makes it. */
const PlaceId = z.string().regex(/^[0-9A-Za-z-]{1,40}$/)
/** Minutes of the local day; past midnight when `toMin` is not after `fromMin`. */
export const DaySpan = z.object({ fromMin: z.number().int().min(0).max(1440), toMin: z.number().int().min(0).max(1440) })

export const PlanCategory = z.object({
  title: Title, kinds: z.array(ItemKind).max(7).readonly(), tags: Tags, notTags: Tags, rotation: z.enum(rotations), separationMin: Minutes,
  weights: z.array(z.object({ tag: z.string().trim().min(1).max(60), weight: z.number().int().min(1).max(100) })).max(40).readonly(),
})
const PositionFacts = { id: PlaceId, title: Title, atSec: z.number().int().min(0).max(86_400).nullable(), protected: z.boolean(), transition: z.enum(['play', 'segue', 'stop']) }
export const PlanPosition = z.discriminatedUnion('kind', [
  z.object({ ...PositionFacts, kind: z.literal('item'), itemId: Id }),
  z.object({ ...PositionFacts, kind: z.literal('category'), categoryId: Id, rotation: z.enum(rotations).nullable(), separationMin: Minutes.nullable() }),
  z.object({ ...PositionFacts, kind: z.literal('column'), columnId: Id.nullable() }),
  /** `source`: id of a relay source, or a word for one that is still to be set up. */
  z.object({ ...PositionFacts, kind: z.literal('relay'), source: z.string().trim().max(120), origin: Origin, essential: z.boolean(), lengthSec: z.number().int().min(1).max(86_400) }),
  z.object({ ...PositionFacts, kind: z.literal('fill'), categoryId: Id }),
])
export type PlanPosition = z.infer<typeof PlanPosition>
export const PlanClock = z.object({ title: Title, positions: z.array(PlanPosition).max(100).readonly() })
export const PlanSession = z.object({
  id: PlaceId, title: Title, startsAtSec: SecOfDay, lengthSec: z.number().int().min(10).max(86_400), clockId: Id, onOverrun: z.enum(['cut', 'finish']), maxOverrunSec: z.number().int().min(0).max(3600),
  onUnderrun: z.enum(['fill', 'close']), fillCategoryId: Id.nullable(), targetUnitIds: Units,
})
export type PlanSession = z.infer<typeof PlanSession>
export const PlanTemplate = z.object({ title: Title, sessions: z.array(PlanSession).max(48).readonly() })
export const PlanGrid = z.object({
  unitId: Id.nullable(), days: z.array(Id.nullable()).length(7).readonly(), cells: z.array(z.object({ weekday: Weekday, hour: z.number().int().min(0).max(23), clockId: Id.nullable() })).max(168).readonly(),
  fillCategoryId: Id.nullable(), profileId: Id.nullable(),
})
export type PlanGrid = z.infer<typeof PlanGrid>
export const PlanExceptionDay = z.object({
  title: Title, kind: z.enum(exceptionKinds), fromDate: BroadcastDate, toDate: BroadcastDate, templateId: Id.nullable(), replace: z.array(z.object({ categoryId: Id, byCategoryId: Id.nullable() })).max(40).readonly(),
  barKinds: z.array(ItemKind).max(7).readonly(), barTags: Tags, allowTags: Tags, extra: z.array(PlanSession).max(48).readonly(),
})
export const PlanColumn = z.object({ title: Title, tags: z.array(z.string().trim().min(1).max(60)).min(1).max(40).readonly(), perWeek: z.number().int().min(0).max(50), allowRepeat: z.boolean(), freshDays: z.number().int().min(1).max(366) })
export const PlanCampaign = z.object({
  title: Title, theme: z.string().trim().max(200), fromDate: BroadcastDate, toDate: BroadcastDate, weekdays: Weekdays, itemIds: z.array(Id).max(200).readonly(), tags: Tags, minPerDay: z.number().int().min(0).max(48), separationMin: Minutes,
})
export const PlanProfile = z.object({
  title: Title, profile: z.object({
    windows: z.array(DaySpan).max(12).readonly(), weekdays: Weekdays, maxMinutesPerSession: z.number().int().min(1).max(1440).nullable(), includesRelay: z.boolean(), maxSessionsPerDay: z.number().int().min(1).max(24).nullable(),
    quiet: z.array(DaySpan).max(12).readonly(), exemptKinds: Tags,
  }),
})
const Pct = z.number().int().min(0).max(100)
export const PlanQuota = z.object({ title: Title, year: z.number().int().min(2000).max(2200), unitId: Id.nullable(), essentialMinPct: Pct, firstRunMinPct: Pct, foreignMaxPct: Pct, relayInDomestic: z.boolean() })

/** What a week is planned from. `profile` and `quota` are rules: an approver changes them. */
export const PlanPart = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('category'), content: PlanCategory }), z.object({ kind: z.literal('clock'), content: PlanClock }), z.object({ kind: z.literal('template'), content: PlanTemplate }),
  z.object({ kind: z.literal('grid'), content: PlanGrid }), z.object({ kind: z.literal('exception'), content: PlanExceptionDay }), z.object({ kind: z.literal('column'), content: PlanColumn }),
  z.object({ kind: z.literal('campaign'), content: PlanCampaign }), z.object({ kind: z.literal('profile'), content: PlanProfile }), z.object({ kind: z.literal('quota'), content: PlanQuota }),
])
export type PlanPart = z.infer<typeof PlanPart>
export type PlanPartKind = PlanPart['kind']
export interface PlanContents {
  category: z.infer<typeof PlanCategory>
  clock: z.infer<typeof PlanClock>
  template: z.infer<typeof PlanTemplate>
  grid: PlanGrid
  exception: z.infer<typeof PlanExceptionDay>
  column: z.infer<typeof PlanColumn>
  campaign: z.infer<typeof PlanCampaign>
  profile: z.infer<typeof PlanProfile>
  quota: z.infer<typeof PlanQuota>
}
/** Tells the parts of one kind from the others. */
export const isPartOf = <K extends PlanPartKind>(part: PlanPart, kind: K): part is PlanPart & { kind: K; content: PlanContents[K] } => part.kind === kind
export const StoredPart = z.object({ id: Id, rev: Rev, changedAt: InstantMs, changedBy: z.string(), part: PlanPart })
export type StoredPart = z.infer<typeof StoredPart>

export const PlanFinding = z.object({
  kind: z.enum(findingKinds), severity: z.enum(severities), at: InstantMs.nullable(), session: z.string().nullable(), sessionKey: z.string().nullable(), position: z.string().nullable(), title: z.string().nullable(), ms: z.number().nullable(), wantedMs: z.number().nullable(),
  count: z.number().int().nullable(), wanted: z.number().int().nullable(), rule: z.enum(breachKinds).nullable(), unitId: z.string().nullable(),
})
export type PlanFinding = z.infer<typeof PlanFinding>

const Measure = z.object({
  id: z.enum(measureIds), state: z.enum(['pass', 'fail', 'noData', 'notApplicable']), part: SampleCount, whole: SampleCount, limitPct: Pct,
  /** Tenths of a percent: minima floored, the maximum ceiled. */
  tenths: z.number().int().nullable(), missing: SampleCount,
})
const Advice = z.object({
  measure: z.enum(measureIds), action: z.enum(adviceActions), samples: SampleCount, span: z.object({ id: z.string(), title: z.string(), at: InstantMs }).nullable(), offer: z.object({ itemId: Id, title: z.string(), lengthSamples: SampleCount }).nullable(),
})
/** Airtime of a day or a week: what was on air and what is still planned. Samples. */
export const QuotaMeter = z.object({
  fromDate: BroadcastDate, toDate: BroadcastDate, unitId: Id.nullable(), year: z.number().int(), airedSamples: SampleCount, plannedSamples: SampleCount, byOrigin: z.array(z.object({ origin: Origin, samples: SampleCount })),
  measures: z.array(Measure).length(3), advice: z.array(Advice),
})
export type QuotaMeter = z.infer<typeof QuotaMeter>

export const DraftLine = z.object({
  key: z.string(), sessionKey: z.string(), kind: z.enum(['audio', 'relay']), itemId: Id.nullable(), title: z.string(), startAt: InstantMs, lengthSamples: SampleCount, timed: z.boolean(), from: z.enum(['position', 'campaign', 'fill']), targetUnitIds: Units,
})
export const DraftSession = z.object({ key: z.string(), title: z.string(), clockTitle: z.string(), startAt: InstantMs, endAt: InstantMs, targetUnitIds: Units })
export const DraftDay = z.object({
  date: BroadcastDate, sessions: z.array(DraftSession), lines: z.array(DraftLine), findings: z.array(PlanFinding), meter: QuotaMeter,
  /** Lines that are there now: those an earlier planning made (they are replaced) and those that stay. */
  before: z.object({ generated: z.number().int(), kept: z.number().int() }),
  /** Null until it is applied. */
  outcome: z.object({ added: z.number().int(), changed: z.number().int(), removed: z.number().int(), kept: z.number().int(), refused: z.array(z.object({ title: z.string(), code: ErrorCode })) }).nullable(),
})
export type DraftDay = z.infer<typeof DraftDay>
/** Days as they would be. Nothing has changed until it is applied; applied, it can be undone as a whole. */
export const PlanDraft = z.object({ id: Id, kind: z.enum(['generate', 'copy']), state: z.enum(['ready', 'applied', 'undone']), createdAt: InstantMs, by: z.string(), seed: z.number().int(), days: z.array(DraftDay) })
export type PlanDraft = z.infer<typeof PlanDraft>

export const WeekSession = z.object({
  key: z.string(), title: z.string(), clockTitle: z.string(), startAt: InstantMs, endAt: InstantMs, startsAtSec: SecOfDay, unitId: Id.nullable(), lines: z.number().int(),
  /** How much of it is covered by lines that may sound. */
  coveredSamples: SampleCount,
  /** It may end early: silence after its last line is as planned. */
  mayClose: z.boolean(),
})
export type WeekSession = z.infer<typeof WeekSession>
export const WeekDay = z.object({
  date: BroadcastDate, sessions: z.array(WeekSession), exceptions: z.array(z.object({ id: Id, title: z.string(), kind: z.enum(exceptionKinds) })), generated: z.number().int(), manual: z.number().int(),
  /** Lines that will not sound. */
  silent: z.number().int(), meter: QuotaMeter,
})
export type WeekDay = z.infer<typeof WeekDay>
export const PlanWeek = z.object({
  monday: BroadcastDate, today: BroadcastDate, zone: z.string(), days: z.array(WeekDay).length(7), meter: QuotaMeter,
  columns: z.array(z.object({ columnId: Id, title: z.string(), perWeek: z.number().int(), aired: z.number().int(), planned: z.number().int(), fresh: z.number().int(), missing: z.number().int(), ready: z.object({ itemId: Id, title: z.string() }).nullable() })),
  campaigns: z.array(z.object({ campaignId: Id, title: z.string(), minPerDay: z.number().int(), days: z.array(z.object({ date: BroadcastDate, isCampaignDay: z.boolean(), plays: z.number().int() })) })),
})
export type PlanWeek = z.infer<typeof PlanWeek>

export const RuleVerdict = z.object({
  lineId: Id, effect: z.enum(ruleEffects), mayPlay: z.boolean(), breaches: z.array(z.object({ rule: z.enum(breachKinds), unitId: Id.nullable() })), hardEnd: InstantMs.nullable(), blockedUnitIds: Units, urgent: z.boolean(),
  bulletinClass: z.enum(bulletinClasses), confirmedBy: z.string().nullable(),
})
export type RuleVerdict = z.infer<typeof RuleVerdict>

const DraftRef = z.object({ draftId: Id })
export const planningProcedures = {
  'planning.parts': { input: Nothing, output: z.object({ parts: z.array(StoredPart) }), role: 'viewer' },
  /** `partId` null = a new one. Rules and quotas ask for an approver. */
  'planning.save': { input: z.object({ partId: Id.nullable(), rev: Rev, part: PlanPart }), output: StoredPart, role: 'scheduler' },
  /** @throws plan-part-used while another part names it */
  'planning.remove': { input: z.object({ partId: Id, rev: Rev }), output: Done, role: 'scheduler' },
  /** Undo of `planning.remove`. */
  'planning.restore': { input: z.object({ partId: Id }), output: StoredPart, role: 'scheduler' },
  'planning.week': { input: z.object({ monday: BroadcastDate.optional() }), output: PlanWeek, role: 'viewer' },
  'planning.meter': { input: z.object({ broadcastDate: BroadcastDate, span: z.enum(['day', 'week']), unitId: Id.nullable().default(null) }), output: QuotaMeter, role: 'viewer' },
  /** Makes a draft of the days. Job result: `{ draftId }`. The same seed on the same library and log gives the same days; null = the planning chooses. */
  'planning.generate': { input: z.object({ dates: z.array(BroadcastDate).min(1).max(62), seed: z.number().int().min(0).max(2_147_483_647).nullable().default(null) }), output: JobRef, role: 'scheduler' },
  /** A draft of a week from the lines of another one at the same local times. Job result: `{ draftId }`. */
  'planning.copyWeek': { input: z.object({ fromMonday: BroadcastDate, toMonday: BroadcastDate }), output: JobRef, role: 'scheduler' },
  'planning.draft': { input: DraftRef, output: PlanDraft, role: 'viewer' },
  /** Writes the days into the log; lines put there by hand stay. @throws stale when a day was changed since the draft was made */
  'planning.apply': { input: DraftRef, output: PlanDraft, role: 'scheduler' },
  /** Takes back what the apply did. @throws stale when a line of it was changed since */
  'planning.undo': { input: DraftRef, output: PlanDraft, role: 'scheduler' },
  /** What the rules say of the lines of a day; lines they do not concern are left out. */
  'planning.verdicts': { input: z.object({ broadcastDate: BroadcastDate }), output: z.object({ verdicts: z.array(RuleVerdict) }), role: 'viewer' },
  /** A line as priority, confirmed against the rules (or back to normal): a person answers for it, it stands in the audit log. */
  'planning.confirmLine': { input: z.object({ broadcastDate: BroadcastDate, lineId: Id, confirmed: z.boolean() }), output: Done, role: 'approver' },
} as const satisfies ProcedureTable

export const planningEvents = {
  'planning.changed': { payload: z.object({ partId: Id, kind: z.enum(['category', 'clock', 'template', 'grid', 'exception', 'column', 'campaign', 'profile', 'quota']) }) },
  'planning.drafted': { payload: z.object({ draftId: Id, state: z.enum(['ready', 'applied', 'undone']) }) },
  /** Lines that may sound now and could not, or the other way round. */
  'planning.rulesChanged': { payload: Nothing },
} as const satisfies EventTable
