import { describe, expect, it } from 'vitest'
import type { Finding, GeneratedLine, PlanItem, PlanParts } from '#common/planning/index.ts'
import { shippedProfiles } from '#common/planning/index.ts'
import { at, category, clock, grid, item, kinds, monday, music, oneSession, parts, plan, position, SECOND, session, titles } from './plan.ts'

const start = at('17:00:00')
const timesOf = (lines: readonly GeneratedLine[]): number[] => lines.map((line) => (line.start - start * 48) / SECOND)
const find = (findings: readonly Finding[], kind: Finding['kind']): Finding => {
  const found = findings.find((one) => one.kind === kind)
  if (found === undefined) throw new Error(`no finding ${kind} among ${findings.map((one) => one.kind).join(', ')}`)
  return found
}
const news = category('news', { tags: ['tin'] })
const songs = category('songs', { kinds: ['music'] })
const newsItem = (title: string, seconds: number, facts: Partial<PlanItem> = {}): PlanItem => item(title, seconds, { tags: ['tin'], ...facts })

describe('a generated session', () => {
  it('follows its clock sample for sample and begins at its hard time', () => {
    const ident = item('Nhạc hiệu', 10, { lengthSamples: 480_001 })
    const made = plan({ parts: oneSession([position('ident', { kind: 'item', itemId: ident.id }), position('news', { kind: 'category', categoryId: 'news', rotation: null, separationMin: null }), position('fill', { kind: 'fill', categoryId: 'songs' })], 120, { categories: [news, songs] }), items: [ident, newsItem('Tin', 50), music('A', 30), music('B', 29.999)] })
    expect(titles(made)).toEqual(['Nhạc hiệu', 'Tin', 'A', 'B'])
    expect(made.lines.map(({ timing }) => timing)).toEqual([{ kind: 'hard', at: start, onReach: 'cut' }, { kind: 'follow' }, { kind: 'follow' }, { kind: 'follow' }])
    expect(made.lines[1]?.start).toBe(start * 48 + 480_001)
    expect(kinds(made)).toEqual([])
  })
  it('a timed position has its own hard time and the time before it is filled', () => {
    const made = plan({ parts: oneSession([position('news', { kind: 'category', categoryId: 'news', rotation: null, separationMin: null }), position('relay', { kind: 'relay', source: 'vov1', origin: 'tiep-song-tw', essential: true, lengthSec: 60, atSec: 100, title: 'Thời sự VOV1' })], 160, { categories: [news, songs] }, { fillCategoryId: 'songs' }), items: [newsItem('Tin', 40), music('A', 60)] })
    expect(made.lines.map(({ title, kind, from }) => [title, kind, from])).toEqual([['Tin', 'audio', 'position'], ['A', 'audio', 'fill'], ['Thời sự VOV1', 'relay', 'position']])
    expect(made.lines[2]).toMatchObject({ timing: { kind: 'hard', at: start + 100_000, onReach: 'cut' }, relay: { source: 'vov1', origin: 'tiep-song-tw', essential: true }, lengthSamples: 60 * SECOND })
    expect(made.findings).toEqual([])
  })
  it('silence before a timed position and at the end is said; a session that may close early says so too', () => {
    const open = plan({ parts: oneSession([position('n', { kind: 'category', categoryId: 'news', rotation: null, separationMin: null }), position('late', { kind: 'category', categoryId: 'news', rotation: null, separationMin: null, atSec: 100 })], 200, { categories: [news] }), items: [newsItem('Một', 40), newsItem('Hai', 50)] })
    expect(open.findings.map(({ kind, ms, at: place }) => [kind, ms, place])).toEqual([['underrun', 60_000, start + 40_000], ['underrun', 50_000, start + 150_000]])
    const closing = plan({ parts: oneSession([position('n', { kind: 'category', categoryId: 'news', rotation: null, separationMin: null })], 200, { categories: [news] }, { onUnderrun: 'close' }), items: [newsItem('Một', 40)] })
    expect(closing.findings.map(({ kind, severity, ms }) => [kind, severity, ms])).toEqual([['closesEarly', 'info', 160_000]])
  })
  it('what is too long is told, but not what a session may run over', () => {
    const long = item('Dài', 130)
    const positions = [position('a', { kind: 'item', itemId: long.id })]
    expect(find(plan({ parts: oneSession(positions, 120), items: [long] }).findings, 'overrun').ms).toBe(10_000)
    expect(kinds(plan({ parts: oneSession(positions, 120, {}, { maxOverrunSec: 10 }), items: [long] }))).toEqual([])
    expect(find(plan({ parts: oneSession(positions, 120, {}, { maxOverrunSec: 60, onOverrun: 'cut' }), items: [long] }).findings, 'overrun').ms).toBe(10_000)
  })
  it('an empty category, an item that is not approved, a lost category and an item too long for its place stand in the report', () => {
    const draft = item('Nháp', 10, { playable: false })
    const made = plan({
      parts: oneSession([
        position('none', { kind: 'category', categoryId: 'news', rotation: null, separationMin: null }), position('draft', { kind: 'item', itemId: draft.id }), position('gone', { kind: 'item', itemId: 'nowhere' }),
        position('lost', { kind: 'category', categoryId: 'no-such', rotation: null, separationMin: null }), position('song', { kind: 'category', categoryId: 'songs', rotation: null, separationMin: null }),
      ], 60, { categories: [news, songs] }, { onUnderrun: 'close' }),
      items: [draft, music('Dài', 90)],
    })
    expect(made.lines).toEqual([])
    expect(made.findings.map(({ kind, position: place, title }) => [kind, place, title])).toEqual([
      ['unfilled', 'none', 'news'], ['itemMissing', 'draft', 'Nháp'], ['itemMissing', 'gone', null], ['missingCategory', 'lost', null], ['noFit', 'song', 'songs'], ['closesEarly', null, null],
    ])
  })
  it('validity of an item counts at the time it would be on air', () => {
    const expired = newsItem('Cũ', 30, { validTo: start + 29_000 })
    const early = newsItem('Sớm', 30, { validFrom: start + 1 })
    expect(kinds(plan({ parts: oneSession([position('n', { kind: 'category', categoryId: 'news', rotation: null, separationMin: null })], 30, { categories: [news] }, { onUnderrun: 'close' }), items: [expired, early] }))).toContain('unfilled')
  })
  it('the first line that is there keeps the time of the session', () => {
    const made = plan({ parts: oneSession([position('gone', { kind: 'item', itemId: 'nowhere' }), position('n', { kind: 'category', categoryId: 'news', rotation: null, separationMin: null })], 30, { categories: [news] }), items: [newsItem('Tin', 30)] })
    expect(made.lines[0]?.timing).toEqual({ kind: 'hard', at: start, onReach: 'cut' })
  })
  it('fill leaves as little silence as the shelf allows', () => {
    const made = plan({ parts: oneSession([position('f', { kind: 'fill', categoryId: 'songs' })], 600, { categories: [songs] }), items: [music('a', 170), music('b', 131), music('c', 119), music('d', 61), music('e', 50)] })
    const total = made.lines.reduce((sum, line) => sum + line.lengthSamples, 0) / SECOND
    expect(total).toBeGreaterThanOrEqual(590)
    expect(total).toBeLessThanOrEqual(600)
  })
})

describe('rotation and separation', () => {
  const place = [position('n', { kind: 'category', categoryId: 'news', rotation: null, separationMin: null })]
  const three = [newsItem('Một', 10, { createdAt: 3 }), newsItem('Hai', 10, { createdAt: 1 }), newsItem('Ba', 10, { createdAt: 2 })]
  const chosen = (rotation: 'order' | 'newest' | 'random' | 'weight', airings: readonly { itemId: string; at: number }[] = [], seed = 1, weights: readonly { tag: string; weight: number }[] = [], items = three): string | undefined =>
    titles(plan({ parts: oneSession(place, 10, { categories: [category('news', { tags: ['tin'], rotation, weights })] }), items, airings, seed }))[0]

  it('order: the one not heard for the longest time, never heard ones first by number', () => {
    expect(chosen('order')).toBe('Một')
    expect(chosen('order', [{ itemId: 'item-Một', at: start - 1000 }])).toBe('Hai')
    expect(chosen('order', [{ itemId: 'item-Một', at: start - 3000 }, { itemId: 'item-Hai', at: start - 9000 }, { itemId: 'item-Ba', at: start - 1000 }])).toBe('Hai')
  })
  it('newest: the one that came last', () => {
    expect(chosen('newest')).toBe('Một')
  })
  it('random and weight: by the seed, again and again the same', () => {
    const drawn = Array.from({ length: 300 }, (_, seed) => chosen('random', [], seed))
    expect(new Set(drawn)).toEqual(new Set(['Một', 'Hai', 'Ba']))
    expect(Array.from({ length: 300 }, (_, seed) => chosen('random', [], seed))).toEqual(drawn)
    const heavy = [...three, newsItem('Nặng', 10, { tags: ['tin', 'ưu tiên'] })]
    const weighed = Array.from({ length: 400 }, (_, seed) => chosen('weight', [], seed, [{ tag: 'ưu tiên', weight: 9 }], heavy))
    const share = weighed.filter((title) => title === 'Nặng').length / weighed.length
    // 9 of 12 parts; three standard deviations are 6.5 %.
    expect(share).toBeGreaterThan(0.68)
    expect(share).toBeLessThan(0.82)
  })
  it('an item that was or will be on air too near gives way; when all are too near the farthest comes, and the report says how near', () => {
    const parted = { categories: [category('news', { tags: ['tin'], separationMin: 60 })] }
    const near = (minutes: number, title: string): { itemId: string; at: number } => ({ itemId: `item-${title}`, at: start + minutes * 60_000 })
    expect(titles(plan({ parts: oneSession(place, 10, parted), items: three, airings: [near(-59, 'Một'), near(30, 'Hai')] }))).toEqual(['Ba'])
    const made = plan({ parts: oneSession(place, 10, parted), items: three, airings: [near(-10, 'Một'), near(20, 'Hai'), near(-5, 'Ba')] })
    expect(titles(made)).toEqual(['Hai'])
    expect(find(made.findings, 'separation')).toMatchObject({ title: 'Hai', ms: 20 * 60_000, wantedMs: 3_600_000, count: 1, severity: 'warn' })
  })
  it('a position may have its own rotation and separation', () => {
    const own = [position('n', { kind: 'category', categoryId: 'news', rotation: 'newest', separationMin: 1 })]
    expect(titles(plan({ parts: oneSession(own, 10, { categories: [category('news', { tags: ['tin'], separationMin: 600 })] }), items: three, airings: [{ itemId: 'item-Một', at: start - 120_000 }] }))).toEqual(['Một'])
  })
  it('a new position does not change what stands elsewhere', () => {
    const shelf = Array.from({ length: 12 }, (_, index) => newsItem(`Tin ${index}`, 10))
    const two = (more: boolean): string[] => titles(plan({
      parts: oneSession([position('a', { kind: 'category', categoryId: 'news', rotation: 'random', separationMin: null }), ...(more ? [position('x', { kind: 'item', itemId: 'item-Chen' })] : []), position('b', { kind: 'category', categoryId: 'news', rotation: 'random', separationMin: null })], 60, { categories: [news] }, { onUnderrun: 'close' }),
      items: [...shelf, item('Chen', 5)],
    })).filter((title) => title !== 'Chen')
    expect(two(true)).toEqual(two(false))
  })
})

describe('lines that stay', () => {
  const place = [position('a', { kind: 'category', categoryId: 'news', rotation: null, separationMin: null }), position('b', { kind: 'category', categoryId: 'news', rotation: null, separationMin: null })]
  const kept = { id: 'kept', title: 'Phỏng vấn', itemId: null, startAt: start + 45_000, endAt: start + 75_000, relay: false, targetUnitIds: [] }
  it('a line put by hand is planned around, and nothing overlaps it', () => {
    const made = plan({ parts: oneSession(place, 120, { categories: [news] }, { onUnderrun: 'close' }), items: [newsItem('Một', 30), newsItem('Hai', 40)], kept: [kept] })
    expect(titles(made)).toEqual(['Một', 'Hai'])
    expect(timesOf(made.lines)).toEqual([0, 75])
    expect(made.lines[1]?.timing).toEqual({ kind: 'follow' })
    expect(made.findings.map(({ kind, ms }) => [kind, ms])).toEqual([['underrun', 15_000], ['manual', null], ['closesEarly', 5000]])
  })
  it('a session that is wholly taken leaves its positions out and says so', () => {
    const made = plan({ parts: oneSession(place, 120, { categories: [news] }), items: [newsItem('Một', 30)], kept: [{ ...kept, startAt: start - 1000, endAt: start + 200_000 }] })
    expect(made.lines).toEqual([])
    expect(kinds(made).filter((kind) => kind === 'displaced')).toHaveLength(2)
  })
  it('a session that has begun is left alone', () => {
    const made = plan({ parts: oneSession(place, 120, { categories: [news] }), items: [newsItem('Một', 30)], now: start + 1 })
    expect([made.lines, made.sessions, kinds(made)]).toEqual([[], [], ['past']])
  })
})

describe('columns', () => {
  const law = { id: 'law', title: 'Pháp luật', tags: ['pháp luật'], perWeek: 1, allowRepeat: true, freshDays: 14 }
  const positions = [position('col', { kind: 'column', columnId: 'law' })]
  const edition = (title: string, days: number): PlanItem => item(title, 60, { tags: ['Pháp luật'], createdAt: start - days * 86_400_000 })
  it('a new edition comes before a repeat, and of two new ones the older', () => {
    const made = plan({ parts: oneSession(positions, 60, { columns: [law] }), items: [edition('Số 3', 1), edition('Số 2', 8), edition('Số 1', 15)] })
    expect([titles(made), kinds(made)]).toEqual([['Số 2'], []])
  })
  it('without a new edition the newest old one is a repeat, and said', () => {
    const made = plan({ parts: oneSession(positions, 60, { columns: [law] }), items: [edition('Số 2', 3), edition('Số 1', 10)], airings: [{ itemId: 'item-Số 2', at: start - 86_400_000 }, { itemId: 'item-Số 1', at: start - 8 * 86_400_000 }] })
    expect([titles(made), kinds(made)]).toEqual([['Số 2'], ['columnRepeat']])
  })
  it('a column without repeats stays empty, and said', () => {
    const made = plan({ parts: oneSession(positions, 60, { columns: [{ ...law, allowRepeat: false }] }, { onUnderrun: 'close' }), items: [edition('Số 1', 30)] })
    expect(find(made.findings, 'columnMissing')).toMatchObject({ title: 'Pháp luật', severity: 'bad' })
  })
})

describe('a place for whatever column the week lacks', () => {
  const column = (id: string, perWeek = 1): PlanParts['columns'][number] => ({ id, title: id, tags: [id], perWeek, allowRepeat: true, freshDays: 14 })
  const edition = (title: string, tag: string): PlanItem => item(title, 60, { tags: [tag] })
  const anyColumn = (more: Partial<PlanParts>): PlanParts => oneSession([position('col', { kind: 'column', columnId: null })], 60, more, { onUnderrun: 'close' })
  it('takes the column with a new edition before one that could only repeat, and the one lacking most', () => {
    const columns = [column('luật'), column('y tế', 2), column('văn nghệ')]
    const shelf = [edition('Luật 1', 'luật'), edition('Y tế 1', 'y tế'), edition('Y tế 2', 'y tế')]
    const heard = [{ itemId: 'item-Luật 1', at: at('17:00:00', '2026-11-09') }]
    expect(titles(plan({ parts: anyColumn({ columns }), items: shelf, airings: heard }))).toEqual(['Y tế 1'])
    const later = [...heard, { itemId: 'item-Y tế 1', at: at('06:00:00') }, { itemId: 'item-Y tế 2', at: at('06:10:00') }]
    const repeat = plan({ parts: anyColumn({ columns }), items: shelf, airings: later })
    expect([titles(repeat), kinds(repeat)]).toEqual([['Luật 1'], ['columnRepeat']])
  })
  it('a column that lacks and has nothing is told; a week that lacks nothing leaves the place free', () => {
    expect(kinds(plan({ parts: anyColumn({ columns: [column('văn nghệ')] }), items: [] }))).toEqual(['columnMissing', 'closesEarly'])
    expect(kinds(plan({ parts: anyColumn({ columns: [column('luật')] }), items: [edition('Luật 1', 'luật')], airings: [{ itemId: 'item-Luật 1', at: at('06:00:00') }] }))).toEqual(['closesEarly'])
  })
})

describe('campaigns', () => {
  const campaign = { id: 'dengue', title: 'Phòng sốt xuất huyết', theme: 'y tế', fromDate: monday, toDate: '2026-11-30', weekdays: [1, 2, 3, 4, 5, 6, 7], itemIds: ['item-Muỗi'], tags: ['đợt muỗi'], minPerDay: 4, separationMin: 5 }
  const twoSessions = parts({
    categories: [songs, news], clocks: [clock('c', [position('n', { kind: 'category', categoryId: 'news', rotation: null, separationMin: null }), position('f', { kind: 'fill', categoryId: 'songs' })])],
    templates: [{ id: 't', title: 't', sessions: [session('morning', 19_800, 1800, 'c'), session('evening', 61_200, 1800, 'c')] }], grids: [grid('t')], campaigns: [campaign],
  })
  const shelf = [newsItem('Tin', 600), ...Array.from({ length: 30 }, (_, index) => music(`Ca khúc ${index}`, 60)), music('Ngắn', 10), music('Vừa', 20), music('Dài hơn', 30), item('Muỗi', 30), item('Lăng quăng', 40, { tags: ['Đợt muỗi'] })]
  it('adds what lacks to the least number a day, spread over the sessions, before the fill', () => {
    const close = plan({ parts: { ...twoSessions, campaigns: [{ ...campaign, separationMin: 0 }] }, items: shelf })
    const own = close.lines.filter(({ campaignId }) => campaignId === 'dengue')
    expect(own).toHaveLength(4)
    expect(own.filter(({ sessionKey }) => sessionKey.endsWith('morning'))).toHaveLength(2)
    expect(new Set(own.map(({ title }) => title))).toEqual(new Set(['Muỗi', 'Lăng quăng']))
    expect(kinds(close)).toEqual([])
  })
  it('what cannot be placed at its distance is told with the numbers', () => {
    expect(find(plan({ parts: twoSessions, items: shelf }).findings, 'minimum')).toMatchObject({ title: 'Phòng sốt xuất huyết', count: 2, wanted: 4 })
  })
  it('counts what is there already, does nothing on other days', () => {
    expect(plan({ parts: twoSessions, items: shelf, airings: Array.from({ length: 4 }, (_, index) => ({ itemId: 'item-Muỗi', at: at('08:00:00') + index * 600_000 })) }).lines.filter(({ campaignId }) => campaignId !== null)).toEqual([])
    expect(plan({ parts: twoSessions, items: shelf, date: '2026-12-01' }).lines.filter(({ campaignId }) => campaignId !== null)).toEqual([])
    expect(plan({ parts: { ...twoSessions, campaigns: [{ ...campaign, weekdays: [7] }] }, items: shelf }).lines.filter(({ campaignId }) => campaignId !== null)).toEqual([])
  })
})

describe('days that are not like others', () => {
  const solemn = category('solemn', { tags: ['trang nghiêm'] })
  const mourning = { id: 'mourning', title: 'Quốc tang', kind: 'mourning' as const, fromDate: monday, toDate: monday, templateId: null, replace: [{ categoryId: 'songs', byCategoryId: 'solemn' }], barKinds: ['music' as const], barTags: ['hài'], allowTags: ['trang nghiêm'], extra: [] }
  const positions = [position('joke', { kind: 'item', itemId: 'item-Tiểu phẩm' }), position('f', { kind: 'fill', categoryId: 'songs' })]
  const shelf = [item('Tiểu phẩm', 30, { tags: ['hài'] }), music('Vui', 60), music('Hồn tử sĩ', 60, { tags: ['trang nghiêm'] })]
  it('in mourning other music takes the place of music, and laughing stays out', () => {
    const made = plan({ parts: oneSession(positions, 60, { categories: [songs, solemn], exceptions: [mourning] }), items: shelf })
    expect(titles(made)).toEqual(['Hồn tử sĩ'])
    expect(made.findings.map(({ kind, title }) => [kind, title])).toEqual([['barred', 'Tiểu phẩm'], ['replaced', 'Quốc tang']])
    expect(titles(plan({ parts: oneSession(positions, 90, { categories: [songs, solemn], exceptions: [mourning] }), items: shelf, date: '2026-11-17' }))).toEqual(['Tiểu phẩm', 'Vui'])
  })
  it('a category replaced by nothing leaves its place out', () => {
    const made = plan({ parts: oneSession([position('s', { kind: 'category', categoryId: 'songs', rotation: null, separationMin: null })], 60, { categories: [songs], exceptions: [{ ...mourning, replace: [{ categoryId: 'songs', byCategoryId: null }] }] }, { onUnderrun: 'close' }), items: shelf })
    expect([made.lines, kinds(made)]).toEqual([[], ['replaced', 'closesEarly']])
  })
  it('a holiday has its own template and storm season adds bulletins', () => {
    const base = oneSession([position('n', { kind: 'category', categoryId: 'news', rotation: null, separationMin: null })], 60, { categories: [news] }, { onUnderrun: 'close' })
    const holiday = { ...mourning, id: 'tet', title: 'Tết', kind: 'holiday' as const, templateId: 'festive', replace: [], barKinds: [], barTags: [], allowTags: [] }
    const storm = { ...holiday, id: 'storm', kind: 'storm' as const, templateId: null, extra: [9, 10, 11].map((hour) => session(`tin-bao-${hour}`, hour * 3600, 300, 'c', { onUnderrun: 'close' })) }
    const all = { ...base, templates: [...base.templates, { id: 'festive', title: 'festive', sessions: [session('noon', 43_200, 60, 'c', { onUnderrun: 'close' })] }] }
    expect(plan({ parts: { ...all, exceptions: [holiday] }, items: [newsItem('Tin', 60)] }).sessions.map(({ title }) => title)).toEqual(['noon'])
    expect(plan({ parts: { ...all, exceptions: [holiday, storm] }, items: [newsItem('Tin', 60)] }).sessions.map(({ title }) => title)).toEqual(['tin-bao-9', 'tin-bao-10', 'tin-bao-11', 'noon'])
  })
})

describe('the week grid', () => {
  const positions = [position('n', { kind: 'category', categoryId: 'news', rotation: null, separationMin: null })]
  const base = oneSession(positions, 600, { categories: [news] }, { onUnderrun: 'close' })
  const all = { ...base, clocks: [...base.clocks, clock('other', [...positions, position('m', { kind: 'category', categoryId: 'news', rotation: null, separationMin: null })])] }
  const shelf = [newsItem('Một', 60), newsItem('Hai', 60)]
  const cell = (weekday: number, hour: number, clockId: string | null): typeof all => ({ ...all, grids: [grid('t', { cells: [{ weekday, hour, clockId }] })] })
  it('a cell gives its hour another clock, closes it, or opens an hour of its own', () => {
    expect(titles(plan({ parts: cell(1, 17, 'other'), items: shelf }))).toEqual(['Một', 'Hai'])
    const closed = plan({ parts: cell(1, 17, null), items: shelf })
    expect([closed.lines, kinds(closed)]).toEqual([[], ['closed', 'nothing']])
    const opened = plan({ parts: cell(1, 9, 'other'), items: shelf })
    expect(opened.sessions.map(({ startAt, endAt }) => [startAt, endAt])).toEqual([[at('09:00:00'), at('10:00:00')], [start, start + 600_000]])
    expect(titles(plan({ parts: cell(2, 17, 'other'), items: shelf }))).toEqual(['Một'])
  })
  it('a unit may have a grid of its own: its lines go to it alone', () => {
    const made = plan({ parts: { ...all, templates: [...all.templates, { id: 'u', title: 'u', sessions: [session('notices', 43_200, 300, 'c', { onUnderrun: 'close' })] }], grids: [grid('t'), { ...grid('u'), id: 'g2', unitId: 'xa' }] }, items: shelf })
    expect(made.lines.map(({ targetUnitIds, title }) => [title, targetUnitIds])).toEqual([['Một', ['xa']], ['Hai', []]])
  })
  it('what the grid names and does not exist is told; sessions over one another are told', () => {
    expect(kinds(plan({ parts: { ...all, grids: [grid('no-such')] } }))).toEqual(['missingTemplate', 'nothing'])
    expect(kinds(plan({ parts: { ...all, grids: [grid('t', { cells: [{ weekday: 1, hour: 17, clockId: 'no-such' }] })] } }))).toEqual(['missingClock', 'nothing'])
    const double = { ...all, templates: [{ id: 't', title: 't', sessions: [session('a', 61_200, 600, 'c', { onUnderrun: 'close' }), session('b', 61_500, 600, 'c', { onUnderrun: 'close' })] }] }
    expect(find(plan({ parts: double, items: shelf }).findings, 'overlap')).toMatchObject({ session: 'b', title: 'a', ms: 300_000 })
  })
  it('rules are held against what was generated', () => {
    const town = shippedProfiles.find(({ key }) => key === 'do-thi')?.profile ?? null
    const made = plan({ parts: { ...all, grids: [grid('t', { cells: [{ weekday: 1, hour: 9, clockId: 'other' }] })] }, items: [newsItem('Một', 10 * 60), newsItem('Hai', 10 * 60)], rules: { station: town, units: [] } })
    expect(made.findings.filter(({ kind }) => kind === 'rule').map(({ rule, session: name, count, severity }) => [rule, name, count, severity])).toEqual([['outsideWindow', 'other', 2, 'bad']])
  })
})
