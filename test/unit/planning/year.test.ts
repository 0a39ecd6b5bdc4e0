import { describe, expect, it } from 'vitest'
import { datesOfWeek, generateDay, mondayOf, rememberedOffsets } from '#common/planning/index.ts'
import type { Generated, PlanParts } from '#common/planning/index.ts'
import { addDays, timeOfDayMs } from '#common/timing/zone.ts'
import { category, clock, grid, item, music, parts, position, SECOND, session, zoneOf } from './plan.ts'

/** A round-the-clock station with everything a plan may hold, so that every zone has sessions in the hours it skips or repeats. */
const songs = category('songs', { kinds: ['music'], separationMin: 120, rotation: 'random' })
const station: PlanParts = parts({
  categories: [songs, category('news', { tags: ['tin'], rotation: 'newest', separationMin: 30 }), category('solemn', { tags: ['trang nghiêm'] }), category('empty', { tags: ['không có'] })],
  clocks: [
    clock('hour', [position('ident', { kind: 'item', itemId: 'item-Nhạc hiệu' }), position('music', { kind: 'fill', categoryId: 'songs' }), position('half', { kind: 'category', categoryId: 'news', rotation: null, separationMin: null, atSec: 1800 })]),
    clock('news', [position('ident', { kind: 'item', itemId: 'item-Nhạc hiệu' }), position('news', { kind: 'category', categoryId: 'news', rotation: null, separationMin: null }), position('column', { kind: 'column', columnId: 'law' }), position('relay', { kind: 'relay', source: 'tinh', origin: 'tiep-song-tinh', essential: true, lengthSec: 900, atSec: 1800 })]),
    clock('gap', [position('nothing', { kind: 'category', categoryId: 'empty', rotation: null, separationMin: null })]),
  ],
  templates: [
    { id: 'weekday', title: 'weekday', sessions: [session('morning', 19_800, 3600, 'news', { fillCategoryId: 'songs' }), session('evening', 61_200, 3600, 'news', { fillCategoryId: 'songs' }), session('night', 8100, 1800, 'hour', { fillCategoryId: 'songs' }), session('midnight', 84_600, 3600, 'hour', { fillCategoryId: 'songs' })] },
    { id: 'sunday', title: 'sunday', sessions: [session('late', 25_200, 5400, 'gap'), session('evening', 61_200, 3600, 'news', { onUnderrun: 'close' })] },
  ],
  grids: [grid('weekday', { days: ['weekday', 'weekday', 'weekday', 'weekday', 'weekday', 'weekday', 'sunday'], cells: [{ weekday: 3, hour: 17, clockId: 'hour' }, { weekday: 5, hour: 5, clockId: null }, { weekday: 6, hour: 1, clockId: 'hour' }, { weekday: 7, hour: 2, clockId: 'hour' }], fillCategoryId: 'songs' })],
  exceptions: [
    { id: 'tet', title: 'Tết', kind: 'holiday', fromDate: '2027-02-05', toDate: '2027-02-10', templateId: 'sunday', replace: [], barKinds: [], barTags: [], allowTags: [], extra: [] },
    { id: 'tang', title: 'Quốc tang', kind: 'mourning', fromDate: '2027-02-09', toDate: '2027-02-11', templateId: null, replace: [{ categoryId: 'songs', byCategoryId: 'solemn' }], barKinds: ['music'], barTags: [], allowTags: ['trang nghiêm'], extra: [] },
    { id: 'bao', title: 'Mùa bão', kind: 'storm', fromDate: '2026-10-01', toDate: '2026-10-31', templateId: null, replace: [], barKinds: [], barTags: [], allowTags: [], extra: [session('tin-bao', 39_600, 300, 'news', { onUnderrun: 'close' })] },
  ],
  columns: [{ id: 'law', title: 'Pháp luật', tags: ['pháp luật'], perWeek: 1, allowRepeat: true, freshDays: 14 }],
  campaigns: [{ id: 'c', title: 'Đợt', theme: '', fromDate: '2026-09-01', toDate: '2027-04-30', weekdays: [1, 2, 3, 4, 5, 6, 7], itemIds: ['item-Tuyên truyền'], tags: [], minPerDay: 3, separationMin: 30 }],
})
const first = '2026-03-01'
const shelf = [
  item('Nhạc hiệu', 12, { kind: 'jingle' }), item('Tuyên truyền', 45), music('Hồn tử sĩ', 240, { tags: ['trang nghiêm'] }), ...[181.5, 203, 222.25, 147, 260, 95, 310, 55, 31, 19].map((seconds, index) => music(`Ca khúc ${index}`, seconds)),
  ...[300, 420, 250].map((seconds, index) => item(`Tin ${index}`, seconds, { tags: ['tin'] })), item('Pháp luật 1', 600, { tags: ['pháp luật'] }), item('Pháp luật 2', 540, { tags: ['pháp luật'], createdAt: Date.parse('2026-09-01T00:00:00Z') }),
]

/** Stretches of silence inside open sessions of a day that no finding of the same session explains, in ms. */
function unexplained(day: Generated): string[] {
  return day.sessions.flatMap((open) => {
    const lines = day.lines.filter(({ sessionKey }) => sessionKey === open.key).map(({ start, lengthSamples }) => [start, start + lengthSamples] as const)
    const said = day.findings.filter(({ sessionKey, kind }) => sessionKey === open.key && ['underrun', 'closesEarly', 'manual'].includes(kind)).reduce((sum, { ms }) => sum + (ms ?? 0), 0)
    let [silent, at] = [0, open.startAt * 48]
    for (const [start, end] of lines.toSorted((a, b) => a[0] - b[0])) {
      if (start - at >= SECOND) silent += start - at
      at = Math.max(at, end)
    }
    if (open.endAt * 48 - at >= SECOND) silent += open.endAt * 48 - at
    return Math.abs(silent / 48 - said) < 5 ? [] : [`${open.key}: ${silent / 48} ms silent, ${said} ms told`]
  })
}

describe('a generated year', () => {
  it.each(['Asia/Ho_Chi_Minh', 'UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Yangon'])('365 days in %s have no unexplained hole, no double line and keep their local times', (name) => {
    const offsetAt = rememberedOffsets(zoneOf(name))
    const airings: { itemId: string; at: number }[] = []
    const problems: string[] = []
    let [skipped, lines] = [0, 0]
    for (let day = 0; day < 365; day++) {
      const date = addDays(first, day)
      const made = generateDay({ date, seed: 7, parts: station, items: shelf, airings: airings.slice(-400), kept: [], rules: { station: null, units: [] }, offsetAt, now: null })
      problems.push(...unexplained(made))
      const keys = new Set(made.lines.map(({ key }) => key))
      if (keys.size !== made.lines.length) problems.push(`${date}: a key twice`)
      for (const open of made.sessions) {
        const wanted = station.templates.flatMap(({ sessions }) => sessions).find(({ id }) => open.key.endsWith(`/${id}`))?.startsAtSec
        if (wanted !== undefined && timeOfDayMs(open.startAt, offsetAt) !== wanted * 1000) problems.push(`${open.key} moved`)
        const opening = made.lines.find(({ sessionKey }) => sessionKey === open.key)
        if (opening !== undefined && (opening.timing.kind !== 'hard' || opening.timing.at !== open.startAt)) problems.push(`${open.key} does not begin at its time`)
      }
      const told = made.findings.filter(({ kind }) => kind === 'skippedHour')
      skipped += told.length
      lines += made.lines.length
      airings.push(...made.lines.flatMap(({ itemId, start }) => (itemId === null ? [] : [{ itemId, at: start / 48 }])))
    }
    expect(problems).toEqual([])
    // The night session at 02:15 (Sunday: the hour from 02:00) is the one that a spring night has no place for.
    expect(skipped).toBe(['Europe/Berlin', 'America/New_York'].includes(name) ? 1 : 0)
    expect(lines).toBeGreaterThan(365 * 20)
  })

  it('a repeated hour runs its first pass only', () => {
    const berlin = zoneOf('Europe/Berlin')
    const made = generateDay({ date: '2026-10-25', seed: 1, parts: station, items: shelf, airings: [], kept: [], rules: { station: null, units: [] }, offsetAt: berlin, now: null })
    const night = made.sessions.filter(({ key }) => key.includes('hour-2'))
    expect(night.map(({ startAt }) => new Date(startAt).toISOString())).toEqual(['2026-10-25T00:00:00.000Z'])
  })

  it('the same day twice is the same day; with another seed it is another one', () => {
    const make = (seed: number): Generated => generateDay({ date: '2026-06-03', seed, parts: station, items: shelf, airings: [], kept: [], rules: { station: null, units: [] }, offsetAt: zoneOf('Asia/Ho_Chi_Minh'), now: null })
    expect(make(3)).toEqual(make(3))
    expect(make(3).lines.map(({ title }) => title)).not.toEqual(make(4).lines.map(({ title }) => title))
  })

  it('a week begins on Monday across months and years', () => {
    expect(mondayOf('2027-01-03')).toBe('2026-12-28')
    expect(datesOfWeek('2026-12-28')).toEqual(['2026-12-28', '2026-12-29', '2026-12-30', '2026-12-31', '2027-01-01', '2027-01-02', '2027-01-03'])
  })
})

describe('a large library', () => {
  it('a day of 24 hours from 10 000 items plays nothing twice within its separation and leaves no hole unexplained', () => {
    const many = Array.from({ length: 10_000 }, (_, index) => music(`Bài ${index}`, 150 + (index % 97), { tags: [`ca sĩ ${index % 300}`] }))
    const allDay = parts({ categories: [category('songs', { kinds: ['music'], rotation: 'random', separationMin: 1440 })], clocks: [clock('hour', [position('music', { kind: 'fill', categoryId: 'songs' })])], grids: [grid(null, { cells: Array.from({ length: 24 }, (_, hour) => ({ weekday: 3, hour, clockId: 'hour' })) })] })
    const made = generateDay({ date: '2026-06-03', seed: 1, parts: allDay, items: many, airings: [], kept: [], rules: { station: null, units: [] }, offsetAt: zoneOf('Asia/Ho_Chi_Minh'), now: null })
    expect(made.sessions).toHaveLength(24)
    expect(unexplained(made)).toEqual([])
    expect(made.findings.filter(({ kind }) => kind === 'separation')).toEqual([])
    expect(new Set(made.lines.map(({ itemId }) => itemId)).size).toBe(made.lines.length)
  })
})
