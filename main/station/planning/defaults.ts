import { shippedProfiles, shippedQuota } from '#common/planning/index.ts'
import type { PlanPart, PlanPosition, PlanSession } from '#contract/planning.ts'

type Made = { readonly id: string; readonly part: PlanPart }

/** Weekly columns of the domain reference: name and the tags by which editions are known. */
const columns: readonly (readonly [string, readonly string[]])[] = [
  ['Pháp luật', ['pháp luật']], ['Nông nghiệp – giá cả', ['nông nghiệp', 'giá cả']], ['Y tế', ['y tế']], ['An toàn giao thông', ['an toàn giao thông']],
  ['Nông thôn mới', ['nông thôn mới']], ['Thiếu nhi', ['thiếu nhi']], ['Văn nghệ', ['văn nghệ']],
]

/**
 * What every station begins with: two sessions a day, categories by tags, the weekly columns, the three rule profiles (none chosen) and the quotas of the year.
 * Nothing goes on air by itself: a day comes of it only when a person generates and applies it.
 */
export function shippedParts(newId: () => string, year: number): Made[] {
  const made: Made[] = []
  const add = (part: PlanPart): string => {
    const id = newId()
    made.push({ id, part })
    return id
  }
  const category = (content: Partial<Extract<PlanPart, { kind: 'category' }>['content']> & { title: string }): string =>
    add({ kind: 'category', content: { kinds: [], tags: [], notTags: [], rotation: 'order', separationMin: 0, weights: [], ...content } })
  const ident = category({ title: 'Nhạc hiệu', kinds: ['jingle'] })
  const news = category({ title: 'Bản tin', tags: ['bản tin'], rotation: 'newest' })
  const notices = category({ title: 'Thông báo', tags: ['thông báo'], separationMin: 240 })
  const songs = category({ title: 'Ca nhạc', kinds: ['music'], rotation: 'random', separationMin: 60 })
  category({ title: 'Nhạc trang nghiêm', tags: ['trang nghiêm'] })
  for (const [title, tags] of columns) add({ kind: 'column', content: { title, tags: [...tags], perWeek: 1, allowRepeat: true, freshDays: 14 } })

  const base = { atSec: null, protected: false, transition: 'play' } as const
  const from = (id: string, title: string, categoryId: string, more: Partial<{ protected: boolean }> = {}): PlanPosition => ({ ...base, ...more, id, title, kind: 'category', categoryId, rotation: null, separationMin: null })
  const column: PlanPosition = { ...base, id: 'chuyen-muc', title: 'Chuyên mục còn thiếu', kind: 'column', columnId: null }
  const morning = add({ kind: 'clock', content: { title: 'Buổi sáng', positions: [from('nhac-hieu', 'Nhạc hiệu', ident, { protected: true }), from('ban-tin', 'Bản tin', news, { protected: true }), from('thong-bao', 'Thông báo', notices), column, from('nhac', 'Ca nhạc', songs)] } })
  const evening = add({ kind: 'clock', content: { title: 'Buổi chiều', positions: [from('nhac-hieu', 'Nhạc hiệu', ident, { protected: true }), from('ban-tin', 'Bản tin', news, { protected: true }), column, from('thong-bao', 'Thông báo', notices), from('nhac', 'Ca nhạc', songs)] } })
  const session = (id: string, title: string, startsAtSec: number, clockId: string): PlanSession => ({
    id, title, startsAtSec, lengthSec: 1800, clockId, onOverrun: 'finish', maxOverrunSec: 60, onUnderrun: 'close', fillCategoryId: null, targetUnitIds: [],
  })
  const usual = add({ kind: 'template', content: { title: 'Ngày thường', sessions: [session('sang', 'Buổi sáng', 19_800, morning), session('chieu', 'Buổi chiều', 61_200, evening)] } })
  add({ kind: 'template', content: { title: 'Ngày thường, sáng sớm', sessions: [session('sang', 'Buổi sáng', 18_000, morning), session('chieu', 'Buổi chiều', 61_200, evening)] } })
  add({ kind: 'grid', content: { unitId: null, days: Array.from({ length: 7 }, () => usual), cells: [], fillCategoryId: songs, profileId: null } })
  for (const { title, profile } of shippedProfiles) add({ kind: 'profile', content: { title, profile: { ...profile, windows: [...profile.windows], weekdays: [...profile.weekdays], quiet: [...profile.quiet], exemptKinds: [...profile.exemptKinds] } } })
  add({ kind: 'quota', content: { title: 'QĐ 1497/2018', year, ...shippedQuota } })
  return made
}
