import type { Origin } from './quota.ts'
import type { RuleProfile } from './rules.ts'

/** What a week is planned from. Times of day are seconds since local midnight: a slot may begin at 17:30:30. */
export const itemKinds = ['speech', 'programme', 'music', 'jingle', 'siren', 'message', 'recording'] as const
export type PlanItemKind = (typeof itemKinds)[number]

/** order = the one not heard for the longest time; weight = by the tags' weights; newest; random. All but `newest` are repeatable by the seed. */
export const rotations = ['order', 'weight', 'newest', 'random'] as const
export type Rotation = (typeof rotations)[number]

/** A shelf of the library to choose from: any of the kinds (none = all) and any of the tags (none = all), none of `notTags`. */
export interface Category {
  readonly title: string
  readonly kinds: readonly PlanItemKind[]
  readonly tags: readonly string[]
  readonly notTags: readonly string[]
  readonly rotation: Rotation
  /** Least time between two airings of one item. */
  readonly separationMin: number
  readonly weights: readonly { readonly tag: string; readonly weight: number }[]
}

interface PositionFacts {
  readonly id: string
  readonly title: string
  /** Seconds after the start of the session at which it must begin; null = when the one before ends. */
  readonly atSec: number | null
  /** Never dropped to run to time. */
  readonly protected: boolean
  readonly transition: 'play' | 'segue' | 'stop'
}
export type Position = PositionFacts & (
  | { readonly kind: 'item'; readonly itemId: string }
  /** Null rotation or separation = those of the category. */
  | { readonly kind: 'category'; readonly categoryId: string; readonly rotation: Rotation | null; readonly separationMin: number | null }
  /** Null = the column that the week lacks most. */
  | { readonly kind: 'column'; readonly columnId: string | null }
  | { readonly kind: 'relay'; readonly source: string; readonly origin: Origin; readonly essential: boolean; readonly lengthSec: number }
  /** Takes whatever time is left up to the next timed position or the end of the session. */
  | { readonly kind: 'fill'; readonly categoryId: string }
)
/** Khung giờ: what follows what, wherever it is laid. */
export interface HourClock {
  readonly title: string
  readonly positions: readonly Position[]
}

/** A stretch of the day that is on air. */
export interface Session {
  readonly id: string
  readonly title: string
  readonly startsAtSec: number
  readonly lengthSec: number
  readonly clockId: string
  readonly onOverrun: 'cut' | 'finish'
  readonly maxOverrunSec: number
  readonly onUnderrun: 'fill' | 'close'
  /** Fills what no fill position takes; null = nothing does. */
  readonly fillCategoryId: string | null
  /** Empty = everywhere. */
  readonly targetUnitIds: readonly string[]
}
/** Mẫu ngày. */
export interface DayTemplate {
  readonly title: string
  readonly sessions: readonly Session[]
}

/** One of the 168 hours that differs from its day's template: another clock, or closed (null). Sessions that begin in the hour obey it; where none does, a clock opens the whole hour. */
export interface GridCell {
  /** 1 = Monday … 7 = Sunday. */
  readonly weekday: number
  readonly hour: number
  readonly clockId: string | null
}
/** Lưới tuần of a unit (null = the station): Monday first. */
export interface WeekGrid {
  readonly unitId: string | null
  readonly days: readonly (string | null)[]
  readonly cells: readonly GridCell[]
  readonly fillCategoryId: string | null
  /** Rules this unit obeys; null = those of the unit above. */
  readonly profileId: string | null
}

export const exceptionKinds = ['holiday', 'storm', 'mourning', 'other'] as const
/** Days that are not like others, both dates included. Several may hold at once: mourning has the last word, then storm, then holidays. */
export interface DayException {
  readonly title: string
  readonly kind: (typeof exceptionKinds)[number]
  readonly fromDate: string
  readonly toDate: string
  /** Instead of the weekday's template; null = the same. */
  readonly templateId: string | null
  /** Another category in the place of one (null = nothing). */
  readonly replace: readonly { readonly categoryId: string; readonly byCategoryId: string | null }[]
  /** Items that do not go on air on these days wherever they come from, unless they carry one of `allowTags`. */
  readonly barKinds: readonly PlanItemKind[]
  readonly barTags: readonly string[]
  readonly allowTags: readonly string[]
  /** Sessions on top of the day's own: hourly bulletins in storm season. */
  readonly extra: readonly Session[]
}

/** Chuyên mục: its editions are the items with its tags. */
export interface Column {
  readonly title: string
  readonly tags: readonly string[]
  readonly perWeek: number
  /** An older edition may be aired again when there is no new one. */
  readonly allowRepeat: boolean
  /** An edition counts as new for so many days after it came into the library. */
  readonly freshDays: number
}

/** Đợt tuyên truyền. Its items are those named and those with its tags. */
export interface Campaign {
  readonly title: string
  readonly theme: string
  readonly fromDate: string
  readonly toDate: string
  readonly weekdays: readonly number[]
  readonly itemIds: readonly string[]
  readonly tags: readonly string[]
  readonly minPerDay: number
  /** Least time between two of its airings. */
  readonly separationMin: number
}

export type Named<T> = T & { readonly id: string }
export interface PlanParts {
  readonly categories: readonly Named<Category>[]
  readonly clocks: readonly Named<HourClock>[]
  readonly templates: readonly Named<DayTemplate>[]
  readonly grids: readonly Named<WeekGrid>[]
  readonly exceptions: readonly Named<DayException>[]
  readonly columns: readonly Named<Column>[]
  readonly campaigns: readonly Named<Campaign>[]
  readonly profiles: readonly Named<{ readonly title: string; readonly profile: RuleProfile }>[]
}

/** What the library tells about an item. */
export interface PlanItem {
  readonly id: string
  readonly number: number
  readonly title: string
  readonly kind: PlanItemKind
  readonly tags: readonly string[]
  readonly lengthSamples: number
  readonly origin: Origin
  readonly essential: boolean
  readonly createdAt: number
  /** Approved, and its sound is there. */
  readonly playable: boolean
  /** UTC ms; null = no limit. */
  readonly validFrom: number | null
  readonly validTo: number | null
}

const plain = (text: string): string => text.normalize('NFC').trim().toLowerCase()
export function hasTag(item: Pick<PlanItem, 'tags'>, tags: readonly string[]): boolean {
  return tags.some((wanted) => item.tags.some((tag) => plain(tag) === plain(wanted)))
}
export function belongsTo(item: Pick<PlanItem, 'kind' | 'tags'>, category: Pick<Category, 'kinds' | 'tags' | 'notTags'>): boolean {
  return (category.kinds.length === 0 || category.kinds.includes(item.kind)) && (category.tags.length === 0 || hasTag(item, category.tags)) && !hasTag(item, category.notTags)
}
export function isBarred(item: Pick<PlanItem, 'kind' | 'tags'>, exceptions: readonly Pick<DayException, 'barKinds' | 'barTags' | 'allowTags'>[]): boolean {
  return exceptions.some((day) => (day.barKinds.includes(item.kind) || hasTag(item, day.barTags)) && !hasTag(item, day.allowTags))
}
export function isOfCampaign(item: Pick<PlanItem, 'id' | 'tags'>, campaign: Pick<Campaign, 'itemIds' | 'tags'>): boolean {
  return campaign.itemIds.includes(item.id) || hasTag(item, campaign.tags)
}
