import { describe, expect, it } from 'vitest'
import { columnsOfWeek, copyDay } from '#common/planning/index.ts'
import type { CopiedDay, Generated } from '#common/planning/index.ts'
import { at, item, monday, SECOND, vietnam, zoneOf } from './plan.ts'

const week = { from: at('00:00:00'), until: at('00:00:00', '2026-11-23'), now: at('12:00:00', '2026-11-18') }
const law = { id: 'law', title: 'Pháp luật', tags: ['pháp luật'], perWeek: 2, allowRepeat: false, freshDays: 14 }
const edition = (title: string, playable = true) => item(title, 60, { tags: ['Pháp luật'], playable })

describe('tuần này thiếu', () => {
  const one = (airings: { itemId: string; at: number }[], more = {}) => columnsOfWeek([{ ...law, ...more }], [edition('Số 1'), edition('Số 2'), edition('Số 3'), edition('Số 4', false)], airings, week)[0]
  it('counts different editions, heard and planned, and says what lacks and what is ready', () => {
    expect(one([{ itemId: 'item-Số 1', at: at('17:00:00') }, { itemId: 'item-Số 1', at: at('05:30:00', '2026-11-17') }])).toMatchObject({ aired: 1, planned: 0, fresh: 1, missing: 1, ready: { title: 'Số 2' } })
    expect(one([{ itemId: 'item-Số 1', at: at('17:00:00') }, { itemId: 'item-Số 2', at: at('17:00:00', '2026-11-20') }])).toMatchObject({ aired: 1, planned: 1, missing: 0, ready: { title: 'Số 3' } })
  })
  it('an old edition counts only where the column repeats', () => {
    const old = [{ itemId: 'item-Số 1', at: at('17:00:00', '2026-11-09') }, { itemId: 'item-Số 1', at: at('17:00:00') }]
    expect(one(old)).toMatchObject({ aired: 0, missing: 2 })
    expect(one(old, { allowRepeat: true })).toMatchObject({ aired: 1, fresh: 0, missing: 1 })
  })
  it('other weeks do not count, their ends are half-open', () => {
    expect(one([{ itemId: 'item-Số 1', at: week.until }, { itemId: 'item-Số 2', at: week.from - 1 }])).toMatchObject({ aired: 0, planned: 0, missing: 2 })
    expect(one([{ itemId: 'item-Số 2', at: week.from }])).toMatchObject({ aired: 1 })
  })
})

describe('a day copied to another', () => {
  const base = { kind: 'audio', relay: null, transition: 'play', protected: false, droppable: false, fillPriority: 9, targetUnitIds: [], categoryId: null, columnId: null, campaignId: null } as const
  const start = at('17:00:00') * 48
  const day: CopiedDay = {
    date: monday,
    slots: [{ id: 's1', title: 'Chiều', clockTitle: '', startAt: at('17:00:00'), endAt: at('17:30:00'), onOverrun: 'finish', maxOverrunMs: 0, onUnderrun: 'close', fillCategoryId: null, targetUnitIds: [] }],
    lines: [
      { ...base, id: 'a', slotId: 's1', itemId: 'item-Một', title: 'Một', start, lengthSamples: 30 * SECOND, timing: { kind: 'hard', at: at('17:00:00'), onReach: 'cut' } },
      { ...base, id: 'b', slotId: 's1', itemId: 'item-Hai', title: 'Hai', start: start + 30 * SECOND, lengthSamples: 40 * SECOND, timing: { kind: 'follow' } },
      { ...base, id: 'c', slotId: null, itemId: 'item-Ba', title: 'Ba', start: at('20:00:00') * 48, lengthSamples: 10 * SECOND, timing: { kind: 'hard', at: at('20:00:00'), onReach: 'makeNext' } },
    ],
  }
  const items = [item('Một', 30), item('Hai', 40), item('Ba', 10)]
  const copy = (toDate: string, more: Partial<Parameters<typeof copyDay>[2]> = {}): Generated => copyDay(day, toDate, { items, parts: { exceptions: [] }, offsetAt: vietnam, now: null, ...more })
  const shape = (made: Generated) => made.lines.map(({ title, timing, start: place }) => [title, timing.kind === 'hard' ? timing.at : null, place / 48])

  it('keeps local times, order and lengths', () => {
    const to = '2026-11-23'
    expect(shape(copy(to))).toEqual([['Một', at('17:00:00', to), at('17:00:00', to)], ['Hai', null, at('17:00:30', to)], ['Ba', at('20:00:00', to), at('20:00:00', to)]])
    expect(copy(to).sessions.map(({ startAt, endAt }) => [startAt, endAt])).toEqual([[at('17:00:00', to), at('17:30:00', to)]])
    expect(copy(to).findings).toEqual([])
  })
  it('what is no longer approved stays behind and is told; the next one opens the session', () => {
    const made = copy('2026-11-23', { items: [item('Một', 30, { playable: false }), item('Hai', 40), item('Ba', 10)] })
    expect(shape(made).slice(0, 1)).toEqual([['Hai', at('17:00:00', '2026-11-23'), at('17:00:00', '2026-11-23')]])
    expect(made.findings.map(({ kind, title, severity }) => [kind, title, severity])).toEqual([['notCopied', 'Một', 'bad']])
  })
  it('nothing is copied into the past', () => {
    const made = copy('2026-11-23', { now: at('18:00:00', '2026-11-23') })
    expect(made.lines.map(({ title }) => title)).toEqual(['Ba'])
    expect(made.findings.map(({ kind }) => kind)).toEqual(['past'])
  })
  it('mourning holds for copies too', () => {
    const exceptions = [{ id: 'm', title: 'Quốc tang', kind: 'mourning' as const, fromDate: '2026-11-23', toDate: '2026-11-23', templateId: null, replace: [], barKinds: ['programme' as const], barTags: [], allowTags: [], extra: [] }]
    const made = copy('2026-11-23', { parts: { exceptions } })
    expect([made.lines.length, made.findings.every(({ kind }) => kind === 'barred')]).toEqual([0, true])
  })
  it('a time that the other day does not have is told', () => {
    const berlin = zoneOf('Europe/Berlin')
    const night: CopiedDay = { date: '2026-03-22', slots: [], lines: [{ ...base, id: 'n', slotId: null, itemId: 'item-Ba', title: 'Ba', start: Date.parse('2026-03-22T01:30:00Z') * 48, lengthSamples: 10 * SECOND, timing: { kind: 'hard', at: Date.parse('2026-03-22T01:30:00Z'), onReach: 'cut' } }] }
    expect(copyDay(night, '2026-03-29', { items, parts: { exceptions: [] }, offsetAt: berlin, now: null }).findings.map(({ kind }) => kind)).toEqual(['skippedHour'])
    expect(copyDay(night, '2026-04-05', { items, parts: { exceptions: [] }, offsetAt: berlin, now: null }).lines[0]?.start).toBe(Date.parse('2026-04-05T00:30:00Z') * 48)
  })
})
