import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Item } from '#contract/library.ts'
import { shippedProfiles } from '#common/planning/index.ts'
import { callRoom, callerWith } from '../../support/context.ts'
import { at, codeOf, FRAMES, lineNamed, monday, openHouse, start } from './house.ts'
import type { House } from './house.ts'

const MINUTE = 60 * FRAMES
const saturday = '2026-11-21'
let house: House
beforeEach(async () => {
  house = await openHouse()
})
afterEach(() => house[Symbol.asyncDispose]())

let made = 0
function put(title: string, minutes: number, facts: Partial<Item> = {}): Item {
  made += 1
  // Only its length matters here: nothing is written of half an hour of sound.
  return house.library.describe(house.library.put(title, Math.round(minutes * 60) * FRAMES, { bytes: Buffer.from(String(made)) }).id, facts)
}
const add = (item: Item, time: number, date: string, targetUnitIds: string[] = []) => callRoom(house.log, 'log.addLine', { broadcastDate: date, itemId: item.id, timing: { kind: 'hard', at: time, onReach: { kind: 'cut' } }, afterLineId: null, targetUnitIds })
async function obey(key: string, unitId: string | null = null): Promise<void> {
  const title = shippedProfiles.find((profile) => profile.key === key)?.title
  const profile = (await house.parts('profile')).find(({ content }) => content.title === title)
  const grid = (await house.parts('grid')).find(({ content }) => content.unitId === unitId)
  if (profile === undefined) throw new Error('no profile')
  await house.save({ kind: 'grid', content: { ...(grid?.content ?? { unitId, days: Array.from({ length: 7 }, () => null), cells: [], fillCategoryId: null }), profileId: profile.id } }, grid)
}
/** The rules are held against the log a moment after a change. */
async function settled(look: () => Promise<boolean>): Promise<void> {
  const limit = Date.now() + 10_000
  while (!(await look())) {
    if (Date.now() > limit) throw new Error('the rules did not settle')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

describe('the rules of the hour and the log', () => {
  it('nothing is blocked while no profile is chosen', async () => {
    const item = put('Đêm', 0.1)
    await add(item, at('23:00:00'), monday)
    expect(lineNamed(await house.day(monday), 'Đêm').lineState).toBe('ok')
    expect(house.log.plan().plays).toHaveLength(1)
  })
  it('a normal line outside its hours never reaches the air, and the line says why', async () => {
    await obey('nd49')
    await add(put('Trong giờ', 0.1), at('17:10:00'), monday)
    await add(put('Ngoài giờ', 0.1), at('12:00:00'), monday)
    await add(put('Đêm', 0.1), at('22:00:00'), monday)
    const day = await house.day(monday)
    expect(['Trong giờ', 'Ngoài giờ', 'Đêm'].map((title) => [lineNamed(day, title).lineState, lineNamed(day, title).reason?.code ?? null])).toEqual([['ok', null], ['ruleBlocked', 'outsideWindow'], ['ruleBlocked', 'outsideWindow']])
    expect(house.log.plan().plays.map(({ title }) => title)).toEqual(['Trong giờ'])
  })
  it('a line that would come after the minutes of its session is blocked, and free again when there is room', async () => {
    await obey('do-thi')
    const long = await add(put('Mười lăm phút', 15), at('17:00:00'), monday)
    await add(put('Thêm', 0.1), at('17:20:00'), monday)
    await settled(async () => lineNamed(await house.day(monday), 'Thêm').lineState === 'ruleBlocked')
    expect(lineNamed(await house.day(monday), 'Thêm').reason?.code).toBe('sessionLimit')
    const line = lineNamed(long, 'Mười lăm phút')
    await callRoom(house.log, 'log.removeLine', { broadcastDate: monday, lineId: line.id, rev: line.rev })
    await settled(async () => lineNamed(await house.day(monday), 'Thêm').lineState === 'ok')
    expect(house.log.plan().plays.map(({ title }) => title)).toEqual(['Thêm'])
  })
  it('a blocked line stays blocked while the log is looked at again and again', async () => {
    await obey('nd49')
    const day = await add(put('Trưa', 0.1), at('12:00:00'), monday)
    for (let look = 0; look < 3; look++) {
      house.log.judgeAgain()
      house.ctx.events.emit('log.changed', { broadcastDate: monday, rev: day.rev })
      await new Promise((resolve) => setTimeout(resolve, 350))
      expect(lineNamed(await house.day(monday), 'Trưa').lineState).toBe('ruleBlocked')
    }
  })
  it('an approver may let it pass as priority: it is in the plan, in the audit log, and can be taken back', async () => {
    await obey('nd49')
    const day = await add(put('Tin gấp', 0.1), at('12:00:00'), monday)
    const line = lineNamed(day, 'Tin gấp')
    const confirm = (confirmed: boolean, ...roles: Parameters<typeof callerWith>) => callRoom(house.planning, 'planning.confirmLine', { broadcastDate: monday, lineId: line.id, confirmed }, callerWith(...roles))
    expect(await codeOf(confirm(true, 'scheduler'))).toBe('forbidden')
    await confirm(true, 'approver')
    await settled(async () => lineNamed(await house.day(monday), 'Tin gấp').lineState === 'ok')
    const { verdicts } = await callRoom(house.planning, 'planning.verdicts', { broadcastDate: monday })
    expect(verdicts).toMatchObject([{ lineId: line.id, effect: 'confirmed', bulletinClass: 'uu-tien', confirmedBy: 'Người thử', urgent: false, breaches: [{ rule: 'outsideWindow', unitId: null }] }])
    expect(house.log.plan().plays.map(({ title }) => title)).toEqual(['Tin gấp'])
    await house.restart()
    await settled(async () => lineNamed(await house.day(monday), 'Tin gấp').lineState === 'ok')
    await confirm(false, 'approver')
    await settled(async () => lineNamed(await house.day(monday), 'Tin gấp').lineState === 'ruleBlocked')
    expect(house.ctx.db.prepare("SELECT action FROM audit WHERE action LIKE 'planning.%onfirmLine' ORDER BY seq").pluck().all()).toEqual(['planning.confirmLine', 'planning.unconfirmLine'])
  })
  it('a unit with stricter rules does not silence the others, and is named', async () => {
    const [centre, ward] = [house.ctx.newId(), house.ctx.newId()]
    house.units.push({ id: centre, parentId: null, name: 'Trung tâm', level: 'trung tâm', code: 'TT', group: 'tt', order: 0, rev: 1 }, { id: ward, parentId: centre, name: 'Phường Bình Lợi', level: 'phường', code: 'BL', group: 'bl', order: 1, rev: 1 })
    await obey('do-thi', ward)
    await add(put('Cuối tuần', 0.1), at('17:00:00', saturday), saturday)
    await add(put('Riêng phường', 0.1), at('17:10:00', saturday), saturday, [ward])
    await settled(async () => lineNamed(await house.day(saturday), 'Riêng phường').lineState === 'ruleBlocked')
    const { verdicts } = await callRoom(house.planning, 'planning.verdicts', { broadcastDate: saturday })
    const day = await house.day(saturday)
    expect(verdicts.find(({ lineId }) => lineId === lineNamed(day, 'Cuối tuần').id)).toMatchObject({ effect: 'partly', mayPlay: true, blockedUnitIds: [ward] })
    expect(verdicts.find(({ lineId }) => lineId === lineNamed(day, 'Riêng phường').id)).toMatchObject({ effect: 'blocked', mayPlay: false, breaches: [{ rule: 'weekday', unitId: ward }] })
    expect(lineNamed(day, 'Cuối tuần').lineState).toBe('ok')
  })
  it('the generator holds its own lines against the rules', async () => {
    put('Nhạc hiệu', 0.1, { kind: 'jingle' })
    put('Bản tin', 1, { tags: ['bản tin'] })
    await obey('do-thi')
    const draft = await house.generate(saturday)
    expect(draft.days[0]?.findings.filter(({ kind }) => kind === 'rule').map(({ rule, session, severity }) => [rule, session, severity])).toEqual([['weekday', 'Buổi sáng', 'bad'], ['weekday', 'Buổi chiều', 'bad']])
  })
})

describe('the quota meter', () => {
  const meter = (span: 'day' | 'week' = 'day', date = monday, unitId: string | null = null) => callRoom(house.planning, 'planning.meter', { broadcastDate: date, span, unitId })
  const shares = (one: Awaited<ReturnType<typeof meter>>) => one.measures.map(({ state, tenths, missing }) => [state, tenths, missing / MINUTE])

  it('no airtime is no data', async () => {
    expect(shares(await meter())).toEqual([['noData', null, 0], ['noData', null, 0], ['noData', null, 0]])
  })
  it('adds what ran to what is still planned: the worked example of the domain reference, live', async () => {
    const [repeat, fresh, foreign] = [put('Chương trình hôm qua', 30, { essential: true }), put('Chương trình mới', 30, { essential: true }), put('Phim tài liệu nước ngoài', 15, { origin: 'nuoc-ngoai' })]
    const [vov, province] = [put('Thời sự VOV1', 30, { essential: true, origin: 'tiep-song-tw' }), put('Thời sự tỉnh', 15, { essential: true, origin: 'tiep-song-tinh' })]
    house.ran(repeat, { at: at('17:00:00', '2026-11-15'), samples: repeat.lengthSamples })
    // Run so far today; the evening is planned. 08:00 now.
    house.ran(vov, { at: at('06:00:00'), samples: vov.lengthSamples })
    await add(repeat, at('12:00:00'), monday)
    await add(fresh, at('17:00:00'), monday)
    await add(province, at('17:30:00'), monday)
    await add(foreign, at('17:45:00'), monday)
    put('Thông báo mới', 1.5, { essential: true, kind: 'speech' })
    const today = await meter()
    expect([today.airedSamples / MINUTE, today.plannedSamples / MINUTE]).toEqual([30, 90])
    expect(shares(today)).toEqual([['pass', 875, 0], ['fail', 285, 1.5], ['pass', 125, 0]])
    expect(today.byOrigin.map(({ origin, samples }) => [origin, samples / MINUTE])).toEqual([['tu-san-xuat', 60], ['tiep-song-tinh', 15], ['tiep-song-tw', 30], ['trong-nuoc-khac', 0], ['nuoc-ngoai', 15]])
    expect(today.advice.map(({ action, samples, span, offer }) => [action, samples / MINUTE, span?.title, offer?.title])).toEqual([['newForRepeat', 1.5, 'Chương trình hôm qua', 'Thông báo mới']])
  })
  it('a take is new once: its second airing of the day is a repeat', async () => {
    const item = put('Chuyên mục', 10)
    await add(item, at('12:00:00'), monday)
    await add(item, at('17:00:00'), monday)
    expect((await meter()).measures[1]).toMatchObject({ part: 10 * MINUTE, whole: 20 * MINUTE })
  })
  it('emergency minutes are essential, a live reader is our own, what made no sound counts nothing', async () => {
    house.ran(put('Còi', 2, { essential: false, origin: 'trong-nuoc-khac' }), { at: at('06:00:00'), samples: 2 * MINUTE, startSource: 'alert' })
    house.ran(null, { at: at('06:10:00'), samples: 3 * MINUTE })
    house.ran(put('Hỏng', 5), { at: at('06:20:00'), samples: 0 })
    expect((await meter()).measures).toMatchObject([{ part: 2 * MINUTE, whole: 5 * MINUTE }, { part: 3 * MINUTE, whole: 5 * MINUTE }, { part: 0 }])
  })
  it('lines that may not sound are no airtime', async () => {
    const item = put('Rút', 10)
    await add(item, at('12:00:00'), monday)
    house.library.setState(item.id, 'withdrawn')
    expect((await meter()).plannedSamples).toBe(0)
  })
  it('the week sums its days, a unit hears only what is for it, and limits are those of the year', async () => {
    const unit = house.ctx.newId()
    house.units.push({ id: unit, parentId: null, name: 'Xã', level: 'xã', code: 'X', group: 'x', order: 0, rev: 1 })
    await add(put('Mọi nơi', 10, { essential: true }), at('12:00:00'), monday)
    await add(put('Nơi khác', 20), at('12:00:00', '2026-11-18'), '2026-11-18', [house.ctx.newId()])
    expect((await meter('week')).plannedSamples / MINUTE).toBe(30)
    expect((await meter('week', '2026-11-18', unit)).plannedSamples / MINUTE).toBe(10)
    const [quota] = await house.parts('quota')
    if (quota === undefined) throw new Error('no quota')
    expect((await meter('week')).measures[0]).toMatchObject({ state: 'fail', limitPct: 70 })
    await house.save({ kind: 'quota', content: { ...quota.content, essentialMinPct: 30 } }, quota)
    expect((await meter('week')).measures[0]).toMatchObject({ state: 'pass', limitPct: 30 })
  })
  it('a draft shows the quotas of the day as it would be', async () => {
    put('Bản tin', 5, { tags: ['bản tin'], essential: true })
    const draft = await house.generate('2026-11-17')
    expect(draft.days[0]?.meter.measures[0]).toMatchObject({ state: 'pass', tenths: 1000 })
    expect((await meter('day', '2026-11-17')).plannedSamples).toBe(0)
  })
  it('first airings are known after a restart', async () => {
    const item = put('Đã phát', 10)
    house.ran(item, { at: at('06:00:00'), samples: item.lengthSamples })
    await house.restart()
    await add(item, at('12:00:00'), monday)
    expect((await meter()).measures[1]).toMatchObject({ part: 10 * MINUTE, whole: 20 * MINUTE })
    expect(start).toBeLessThan(at('12:00:00'))
  })
})
