import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DemoPerson } from '../../../main/station/demo/person.ts'
import { fillPlan, planDays } from '../../../main/station/demo/plan.ts'
import { demoScripts } from '../../../main/station/demo/scripts.ts'
import { callRoom } from '../../support/context.ts'
import { FRAMES, monday, openHouse, titles } from './house.ts'
import type { House } from './house.ts'

let house: House
let person: DemoPerson

beforeEach(async () => {
  house = await openHouse()
  for (const { title, kind, tags, origin = 'tu-san-xuat', isExtra, draft } of demoScripts) house.library.describe(house.library.put(title, 30 * FRAMES, { state: draft === true ? 'draft' : 'approved' }).id, { kind, tags: [...tags], origin, essential: isExtra !== true })
  house.library.describe(house.library.put('Nhạc hiệu liên xã', 5 * FRAMES).id, { kind: 'jingle' })
  house.library.describe(house.library.put('Nhạc nền', 28 * FRAMES).id, { kind: 'music', origin: 'trong-nuoc-khac' })
  person = new DemoPerson([house.log, house.planning], null)
  await fillPlan(house.ctx, person)
  await planDays(house.ctx, person)
})
afterEach(() => house[Symbol.asyncDispose]())

describe('the plan of the demo area', () => {
  it('plans today from now on and four days more by its grid, and leaves the end of the week to who tries it', async () => {
    const week = await callRoom(house.planning, 'planning.week', { monday })
    expect(week.days.map(({ generated }) => generated > 0)).toEqual([true, true, true, true, true, false, false])
    // Monday, 08:00: the morning is over.
    expect(week.days.map(({ sessions }) => sessions.map(({ title }) => title))[0]).toEqual(['Buổi sáng', 'Buổi chiều'])
    expect(titles(await house.day(monday)).filter((title) => title.startsWith('Bản tin'))).toEqual(['Bản tin chiều liên xã'])
    expect(titles(await house.day('2026-11-17')).filter((title) => title.startsWith('Bản tin'))).toEqual(['Bản tin sáng: tình hình trong xã', 'Bản tin chiều liên xã'])
    expect(week.days.flatMap(({ silent }) => silent)).toEqual([0, 0, 0, 0, 0, 0, 0])
  })
  it('has an extra session and no arts on the days of storm, a campaign twice a day, and a column that lacks', async () => {
    const week = await callRoom(house.planning, 'planning.week', { monday })
    expect(week.days.map(({ exceptions }) => exceptions.length)).toEqual([0, 0, 1, 1, 0, 0, 0])
    const storm = titles(await house.day('2026-11-18'))
    expect(storm).toContain('Phòng tránh bão: chằng chống nhà cửa')
    expect(storm.some((title) => title.startsWith('Văn nghệ'))).toBe(false)
    const [campaign] = week.campaigns
    expect(campaign?.days.slice(1, 5).map(({ plays }) => plays)).toEqual([2, 2, 2, 2])
    expect(week.columns.filter(({ missing }) => missing > 0).map(({ title }) => title)).toContain('Thiếu nhi')
  })
  it('has rules that keep the night quiet, and quotas with something to say', async () => {
    const week = await callRoom(house.planning, 'planning.week', { monday })
    expect(week.meter.measures.map(({ state }) => state)).toContain('fail')
    expect(week.meter.advice.length).toBeGreaterThan(0)
    const item = house.library.list().find(({ title }) => title === 'Lịch cắt nước tưới kênh N1')
    const at = Date.parse('2026-11-17T22:00:00+07:00')
    await callRoom(house.log, 'log.addLine', { broadcastDate: '2026-11-17', itemId: item?.id ?? '', timing: { kind: 'hard', at, onReach: { kind: 'cut' } }, afterLineId: null })
    const { verdicts } = await callRoom(house.planning, 'planning.verdicts', { broadcastDate: '2026-11-17' })
    expect(verdicts).toMatchObject([{ effect: 'blocked', mayPlay: false, breaches: [{ rule: 'quietHours' }] }])
  })
})
