import { generateDay } from '#common/planning/index.ts'
import type { Category, GenerateInput, Generated, HourClock, Named, PlanItem, PlanParts, Position, Session, WeekGrid } from '#common/planning/index.ts'
import { offsetOf } from '../../../main/station/foundation/zones.ts'

export const SECOND = 48_000
export const zoneOf = offsetOf
export const vietnam = offsetOf('Asia/Ho_Chi_Minh')
/** Monday. */
export const monday = '2026-11-16'
export const at = (time: string, date = monday): number => Date.parse(`${date}T${time}+07:00`)

let number = 0
export function item(title: string, seconds: number, facts: Partial<PlanItem> = {}): PlanItem {
  number += 1
  return { id: `item-${title}`, number, title, kind: 'programme', tags: [], lengthSamples: Math.round(seconds * SECOND), origin: 'tu-san-xuat', essential: true, createdAt: at('00:00:00') - 3_600_000, playable: true, validFrom: null, validTo: null, ...facts }
}
export const music = (title: string, seconds: number, facts: Partial<PlanItem> = {}): PlanItem => item(title, seconds, { kind: 'music', essential: false, ...facts })

export const category = (id: string, facts: Partial<Category> = {}): Named<Category> => ({ id, title: id, kinds: [], tags: [], notTags: [], rotation: 'order', separationMin: 0, weights: [], ...facts })
type Bare<P> = P extends Position ? Omit<P, 'id' | 'title' | 'atSec' | 'protected' | 'transition'> & Partial<Pick<P, 'id' | 'title' | 'atSec' | 'protected' | 'transition'>> : never
export const position = (id: string, facts: Bare<Position>): Position => ({ id, title: id, atSec: null, protected: false, transition: 'play', ...facts })
export const clock = (id: string, positions: readonly Position[]): Named<HourClock> => ({ id, title: id, positions })
export const session = (id: string, startsAtSec: number, lengthSec: number, clockId: string, facts: Partial<Session> = {}): Session =>
  ({ id, title: id, startsAtSec, lengthSec, clockId, onOverrun: 'finish', maxOverrunSec: 0, onUnderrun: 'fill', fillCategoryId: null, targetUnitIds: [], ...facts })
export const grid = (templateId: string | null, facts: Partial<WeekGrid> = {}): Named<WeekGrid> =>
  ({ id: 'grid', unitId: null, days: Array.from({ length: 7 }, () => templateId), cells: [], fillCategoryId: null, profileId: null, ...facts })

export const parts = (facts: Partial<PlanParts>): PlanParts => ({ categories: [], clocks: [], templates: [], grids: [], exceptions: [], columns: [], campaigns: [], profiles: [], ...facts })

/** One session of the day at 17:00 with one clock. */
export const oneSession = (positions: readonly Position[], lengthSec: number, more: Partial<PlanParts> = {}, facts: Partial<Session> = {}): PlanParts =>
  parts({ clocks: [clock('c', positions)], templates: [{ id: 't', title: 't', sessions: [session('evening', 61_200, lengthSec, 'c', facts)] }], grids: [grid('t')], ...more })

export function plan(facts: Partial<GenerateInput> & Pick<GenerateInput, 'parts'>): Generated {
  return generateDay({ date: monday, seed: 1, items: [], airings: [], kept: [], rules: { station: null, units: [] }, offsetAt: vietnam, now: null, ...facts })
}
export const kinds = (generated: Generated): string[] => generated.findings.map(({ kind }) => kind)
export const titles = (generated: Generated): string[] => generated.lines.map(({ title }) => title)
