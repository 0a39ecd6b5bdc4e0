import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Item } from '#contract/library.ts'
import { callRoom, callerWith } from '../../support/context.ts'
import { createEveningWatch } from '../../../main/station/planning/evening-watch.ts'
import { openPartStore } from '../../../main/station/planning/part-store.ts'
import { offsetOf } from '../../../main/station/foundation/zones.ts'
import { at, codeOf, FRAMES, lineNamed, monday, openHouse, start, titles } from './house.ts'
import type { House } from './house.ts'

const tuesday = '2026-11-17'
let house: House
let items: { ident: Item; news: Item; notice: Item; law: Item; songs: Item[] }

beforeEach(async () => {
  house = await openHouse()
  const put = (title: string, seconds: number, facts: Partial<Item>): Item => house.library.describe(house.library.put(title, seconds * FRAMES, { first: seconds }).id, facts)
  items = {
    ident: put('Nhạc hiệu', 8, { kind: 'jingle' }), news: put('Bản tin', 60, { tags: ['bản tin'], essential: true }), notice: put('Thông báo cắt nước', 30, { tags: ['thông báo'], essential: true, kind: 'speech' }), law: put('Pháp luật số 1', 90, { tags: ['pháp luật'], essential: true }),
    songs: [put('Bài một', 40, { kind: 'music' }), put('Bài hai', 50, { kind: 'music' })],
  }
})
afterEach(() => house[Symbol.asyncDispose]())

describe('what a station begins with', () => {
  it('has two sessions a day at 05:30 and 17:00, the seven columns, three rule profiles and the quotas of the year', async () => {
    const week = await callRoom(house.planning, 'planning.week', { monday })
    expect(week.days.map(({ sessions }) => sessions.map(({ startAt, title }) => [title, new Date(startAt + 7 * 3_600_000).toISOString().slice(11, 16)]))).toEqual(Array.from({ length: 7 }, () => [['Buổi sáng', '05:30'], ['Buổi chiều', '17:00']]))
    expect((await house.parts('template')).flatMap(({ content }) => content.sessions.map(({ startsAtSec }) => startsAtSec))).toEqual([19_800, 61_200, 18_000, 61_200])
    expect(week.columns.map(({ title, missing }) => [title, missing])).toEqual([['Pháp luật', 1], ['Nông nghiệp – giá cả', 1], ['Y tế', 1], ['An toàn giao thông', 1], ['Nông thôn mới', 1], ['Thiếu nhi', 1], ['Văn nghệ', 1]])
    expect(week.columns[0]?.ready?.title).toBe('Pháp luật số 1')
    expect((await house.parts('profile')).map(({ content }) => content.title)).toEqual(['Nghị định 49', 'Đô thị 15 phút', 'Nông thôn 45 phút'])
    expect((await house.parts('quota')).map(({ content }) => [content.year, content.essentialMinPct, content.firstRunMinPct, content.foreignMaxPct])).toEqual([[2026, 70, 30, 30]])
  })
  it('is written once: what a person changed is there after a restart, and nothing comes back', async () => {
    const [template] = await house.parts('template')
    if (template === undefined) throw new Error('no template')
    await house.save({ kind: 'template', content: { ...template.content, title: 'Đổi tên' } }, template)
    const before = await callRoom(house.planning, 'planning.parts', {})
    await house.restart()
    expect(await callRoom(house.planning, 'planning.parts', {})).toEqual(before)
  })
  it('puts nothing on air and blocks nothing by itself', async () => {
    expect((await house.day(tuesday)).lines).toEqual([])
    expect(house.log.plan().plays).toEqual([])
  })
})

describe('planning tomorrow', () => {
  it('a draft changes nothing; applied it is in the log with its slots; undone the log is as it was', async () => {
    const draft = await house.generate(tuesday)
    const [day] = draft.days
    expect(day?.sessions.map(({ title, startAt }) => [title, startAt])).toEqual([['Buổi sáng', at('05:30:00', tuesday)], ['Buổi chiều', at('17:00:00', tuesday)]])
    expect(day?.lines.map(({ title, startAt, timed }) => [title, startAt, timed]).slice(0, 3)).toEqual([['Nhạc hiệu', at('05:30:00', tuesday), true], ['Bản tin', at('05:30:08', tuesday), false], ['Thông báo cắt nước', at('05:31:08', tuesday), false]])
    expect((await house.day(tuesday)).lines).toEqual([])

    const applied = await callRoom(house.planning, 'planning.apply', { draftId: draft.id })
    const log = await house.day(tuesday)
    expect(applied.state).toBe('applied')
    expect(applied.days[0]?.outcome).toMatchObject({ added: day?.lines.length, changed: 0, removed: 0, kept: 0, refused: [] })
    expect(titles(log)).toEqual(day?.lines.map(({ title }) => title))
    expect(log.lines.map(({ plannedAt }) => plannedAt)).toEqual(day?.lines.map(({ startAt }) => startAt))
    expect(log.slots.map(({ title, startAt, endAt, onUnderrun }) => [title, startAt, endAt, onUnderrun])).toEqual([['Buổi sáng', at('05:30:00', tuesday), at('06:00:00', tuesday), 'close'], ['Buổi chiều', at('17:00:00', tuesday), at('17:30:00', tuesday), 'close']])
    expect(log.lines.every(({ origin, slotId }) => origin === 'template' && slotId !== null)).toBe(true)

    expect((await callRoom(house.planning, 'planning.undo', { draftId: draft.id })).state).toBe('undone')
    expect((await house.day(tuesday)).lines).toEqual([])
    expect((await house.day(tuesday)).slots).toEqual([])
  })
  it('planning again keeps the lines it made, by their ids, and never doubles them', async () => {
    await callRoom(house.planning, 'planning.apply', { draftId: (await house.generate(tuesday)).id })
    const first = await house.day(tuesday)
    const again = await callRoom(house.planning, 'planning.apply', { draftId: (await house.generate(tuesday)).id })
    expect(again.days[0]?.outcome).toMatchObject({ added: 0, changed: 0, removed: 0 })
    expect((await house.day(tuesday)).lines.map(({ id }) => id)).toEqual(first.lines.map(({ id }) => id))
  })
  it('lines put by hand stay and are planned around; generated lines a person has changed stay too', async () => {
    const byHand = await callRoom(house.log, 'log.addLine', { broadcastDate: tuesday, itemId: items.news.id, timing: { kind: 'hard', at: at('17:01:00', tuesday), onReach: { kind: 'cut' } }, afterLineId: null })
    await callRoom(house.planning, 'planning.apply', { draftId: (await house.generate(tuesday)).id })
    const day = await house.day(tuesday)
    const kept = day.lines.find(({ id }) => id === byHand.lines[0]?.id)
    expect(kept).toMatchObject({ origin: 'manual', plannedAt: at('17:01:00', tuesday) })
    const spans = day.lines.flatMap(({ plannedAt, plannedEndAt, title }) => (plannedAt === null || plannedEndAt === null ? [] : [[plannedAt, plannedEndAt, title] as const])).toSorted((a, b) => a[0] - b[0])
    for (const [index, [, end]] of spans.entries()) expect(spans[index + 1]?.[0] ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(end - 1)

    const notice = lineNamed(day, 'Thông báo cắt nước')
    await callRoom(house.log, 'log.updateLine', { broadcastDate: tuesday, lineId: notice.id, rev: notice.rev, protected: true })
    await callRoom(house.planning, 'planning.apply', { draftId: (await house.generate(tuesday)).id })
    expect((await house.day(tuesday)).lines.find(({ id }) => id === notice.id)).toMatchObject({ protected: true, edited: true })
  })
  it('a draft made before somebody changed the day is refused, the log stays as it is', async () => {
    const draft = await house.generate(tuesday)
    await callRoom(house.log, 'log.addLine', { broadcastDate: tuesday, itemId: items.news.id, timing: { kind: 'hard', at: at('12:00:00', tuesday), onReach: { kind: 'cut' } }, afterLineId: null })
    expect(await codeOf(callRoom(house.planning, 'planning.apply', { draftId: draft.id }))).toBe('stale')
    expect((await house.day(tuesday)).lines).toHaveLength(1)
    expect(await codeOf(callRoom(house.planning, 'planning.apply', { draftId: '01ARZ3NDEKTSV4RRFFQ69G5FAV' }))).toBe('not-found')
  })
  it('a week is all or nothing: a day that cannot be written takes the others back', async () => {
    const draft = await house.generate(tuesday, '2026-11-18')
    await callRoom(house.log, 'log.lock', { broadcastDate: '2026-11-18', slotId: null }, { ...callerWith(), personId: '01ARZ3NDEKTSV4RRFFQ69G5FAW', name: 'Người khác' })
    expect(await codeOf(callRoom(house.planning, 'planning.apply', { draftId: draft.id }))).toBe('log-locked')
    expect((await house.day(tuesday)).lines).toEqual([])
    expect((await callRoom(house.planning, 'planning.draft', { draftId: draft.id })).state).toBe('ready')
  })
  it('the report names what the library does not have', async () => {
    house.library.setState(items.notice.id, 'withdrawn')
    const [day] = (await house.generate(tuesday)).days
    expect(day?.findings.filter(({ severity }) => severity === 'bad').map(({ kind, title }) => [kind, title])).toEqual([['unfilled', 'Thông báo'], ['columnMissing', 'Nông nghiệp – giá cả'], ['unfilled', 'Thông báo']])
  })
  it('a session that has begun stays untouched when its day is planned again', async () => {
    house.clock.advance(at('16:00:00') - start)
    await callRoom(house.planning, 'planning.apply', { draftId: (await house.generate(monday)).id })
    const before = await house.day(monday)
    expect(titles(before)[0]).toBe('Nhạc hiệu')
    house.clock.advance(at('17:00:30') - at('16:00:00'))
    const draft = await house.generate(monday)
    expect(draft.days[0]?.findings.map(({ kind }) => kind)).toEqual(['past', 'past'])
    await callRoom(house.planning, 'planning.apply', { draftId: draft.id })
    expect((await house.day(monday)).lines.map(({ id }) => id)).toEqual(before.lines.map(({ id }) => id))
  })
  it('yesterday is not planned, and no date that is none', async () => {
    expect(await codeOf(callRoom(house.planning, 'planning.generate', { dates: ['2026-11-15'] }))).toBe('log-past')
    expect(await codeOf(callRoom(house.planning, 'planning.generate', { dates: ['2026-02-30'] }))).toBe('invalid-input')
    expect(await codeOf(callRoom(house.planning, 'planning.generate', { dates: [tuesday] }, callerWith('viewer')))).toBe('forbidden')
  })
  it('airings of other days keep items apart', async () => {
    await callRoom(house.planning, 'planning.apply', { draftId: (await house.generate(tuesday)).id })
    const [day] = (await house.generate('2026-11-18')).days
    expect(day?.findings.filter(({ kind }) => kind === 'columnRepeat')).toEqual([])
    expect(day?.lines.some(({ title }) => title === 'Pháp luật số 1')).toBe(false)
  })
})

describe('a week copied to another', () => {
  it('brings the same lines at the same local times, by hand ones too, as a draft that can be undone', async () => {
    await callRoom(house.planning, 'planning.apply', { draftId: (await house.generate(tuesday)).id })
    await callRoom(house.log, 'log.addLine', { broadcastDate: tuesday, itemId: items.law.id, timing: { kind: 'hard', at: at('12:00:00', tuesday), onReach: { kind: 'cut' } }, afterLineId: null })
    const source = await house.day(tuesday)
    const { jobId } = await callRoom(house.planning, 'planning.copyWeek', { fromMonday: tuesday, toMonday: '2026-11-25' })
    let result: string | undefined
    while (result === undefined) {
      result = house.ctx.inside.jobs.list().find(({ id }) => id === jobId)?.result?.['draftId']
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    const draft = await callRoom(house.planning, 'planning.apply', { draftId: result })
    expect(draft.days.map(({ lines }) => lines.length)).toEqual([0, source.lines.length, 0, 0, 0, 0, 0])
    const copy = await house.day('2026-11-24')
    const times = (lines: typeof copy.lines): [string, number | null][] => lines.map(({ title, plannedAt }) => [title, plannedAt])
    expect(new Map(times(copy.lines.toSorted((a, b) => (a.plannedAt ?? 0) - (b.plannedAt ?? 0))))).toEqual(new Map(times(source.lines.toSorted((a, b) => (a.plannedAt ?? 0) - (b.plannedAt ?? 0))).map(([title, time]) => [title, time === null ? null : time + 7 * 86_400_000])))
    await callRoom(house.planning, 'planning.undo', { draftId: draft.id })
    expect((await house.day('2026-11-24')).lines).toEqual([])
    expect(await codeOf(callRoom(house.planning, 'planning.copyWeek', { fromMonday: tuesday, toMonday: monday }))).toBe('invalid-input')
  })
})

describe('parts of the plan', () => {
  it('a stale change is refused and a part in use is not removed; removed and restored it is the same', async () => {
    const [clock] = await house.parts('clock')
    const [column] = await house.parts('column')
    if (clock === undefined || column === undefined) throw new Error('no parts')
    await house.save({ kind: 'clock', content: { ...clock.content, title: 'Mới' } }, clock)
    expect(await codeOf(house.save({ kind: 'clock', content: clock.content }, clock))).toBe('stale')
    expect(await codeOf(callRoom(house.planning, 'planning.remove', { partId: clock.id, rev: clock.rev + 1 }))).toBe('plan-part-used')
    await callRoom(house.planning, 'planning.remove', { partId: column.id, rev: column.rev })
    expect((await house.parts('column')).some(({ id }) => id === column.id)).toBe(false)
    await callRoom(house.planning, 'planning.restore', { partId: column.id })
    expect((await house.parts('column')).find(({ id }) => id === column.id)?.content).toEqual(column.content)
  })
  it('what makes no sense is refused by its field', async () => {
    const dates = { fromDate: '2026-11-20', toDate: '2026-11-19' }
    const fieldOf = async (run: Promise<unknown>): Promise<unknown> => run.then(() => null, (error: unknown) => (typeof error === 'object' && error !== null && 'data' in error ? error.data : error))
    expect(await fieldOf(house.save({ kind: 'campaign', content: { title: 'Đợt', theme: '', ...dates, weekdays: [1], itemIds: [], tags: [], minPerDay: 1, separationMin: 0 } }))).toEqual({ field: 'toDate' })
    expect(await fieldOf(house.save({ kind: 'grid', content: { unitId: null, days: Array.from({ length: 7 }, () => null), cells: [], fillCategoryId: null, profileId: null } }))).toEqual({ field: 'unitId' })
    const [quota] = await house.parts('quota')
    if (quota === undefined) throw new Error('no quota')
    expect(await fieldOf(house.save({ kind: 'quota', content: quota.content }))).toEqual({ field: 'year' })
  })
  it('rules and quotas are changed by an approver only, also which rules a unit obeys', async () => {
    const [profile] = await house.parts('profile')
    const [grid] = await house.parts('grid')
    if (profile === undefined || grid === undefined) throw new Error('no parts')
    const as = (role: 'scheduler' | 'approver', part: Parameters<House['save']>[0], known: { id: string; rev: number }): Promise<string> => codeOf(callRoom(house.planning, 'planning.save', { partId: known.id, rev: known.rev, part }, callerWith('scheduler', role)))
    expect(await as('scheduler', { kind: 'profile', content: profile.content }, profile)).toBe('forbidden')
    expect(await as('scheduler', { kind: 'grid', content: { ...grid.content, profileId: profile.id } }, grid)).toBe('forbidden')
    expect(await as('scheduler', { kind: 'grid', content: { ...grid.content, cells: [{ weekday: 1, hour: 9, clockId: null }] } }, grid)).toBe('none')
    expect(await as('approver', { kind: 'profile', content: { ...profile.content, title: 'NĐ 49, sửa' } }, profile)).toBe('none')
  })
  it('every change stands in the audit log', async () => {
    const [column] = await house.parts('column')
    if (column === undefined) throw new Error('no column')
    await house.save({ kind: 'column', content: { ...column.content, perWeek: 2 } }, column)
    const draft = await house.generate(tuesday)
    await callRoom(house.planning, 'planning.apply', { draftId: draft.id })
    const actions = house.ctx.db.prepare("SELECT action FROM audit WHERE action LIKE 'planning.%' ORDER BY seq").pluck().all()
    expect(actions).toEqual(['planning.save', 'planning.apply'])
  })
  it('a bad row is put aside, the rest of the plan is there', async () => {
    const [column] = await house.parts('column')
    house.ctx.db.prepare("UPDATE planning_parts SET content = '{' WHERE id = ?").run(column?.id)
    await house.restart()
    expect((await house.parts('column')).length).toBe(6)
    expect((await house.parts('grid')).length).toBe(1)
  })
})

describe('the evening before', () => {
  const watch = () => {
    const made: string[] = []
    const parts = openPartStore(house.ctx)
    const one = createEveningWatch(house.ctx, { parts, day: house.day, make: async (date) => void made.push(date), offsetAt: () => offsetOf('Asia/Ho_Chi_Minh') })
    const at = async (time: string): Promise<void> => {
      house.clock.advance(Date.parse(`${monday}T${time}+07:00`) - house.clock.now())
      await one.look()
    }
    return { at, made, notices: () => house.ctx.inside.notices.list().map(({ level, error }) => [level, error.code]) }
  }
  it('an empty tomorrow is told at 18:00 and 22:00 and made before midnight, each once', async () => {
    const [column] = await house.parts('column')
    if (column === undefined) throw new Error('no column')
    await house.save({ kind: 'column', content: { ...column.content, perWeek: 2 } }, column)
    const evening = watch()
    for (const time of ['17:59:00', '18:00:30', '18:01:30', '21:59:00', '22:00:10', '23:19:00', '23:20:10', '23:21:00', '23:59:59']) await evening.at(time)
    expect(evening.notices().toReversed()).toEqual([['warning', 'plan-tomorrow-empty'], ['alarm', 'plan-tomorrow-empty'], ['warning', 'plan-made-tomorrow']])
    expect(evening.made).toEqual([tuesday])
  })
  it('a tomorrow that has lines, and a station that never planned, are left alone', async () => {
    const evening = watch()
    await evening.at('18:00:30')
    await callRoom(house.planning, 'planning.apply', { draftId: (await house.generate(tuesday)).id })
    await evening.at('23:30:00')
    expect([evening.notices(), evening.made]).toEqual([[], []])
  })
})
