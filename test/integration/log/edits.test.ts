import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { LogDay, LogLine } from '#contract/log.ts'
import type { LineToAdd } from '../../../main/station/faces.ts'
import { callRoom } from '../../support/context.ts'
import { DATE, FRAMES, HOUR, MINUTE, START, codeOf, follow, hard, named, openLogDesk, personNamed, the } from '../../support/log-desk.ts'
import type { LogDesk } from '../../support/log-desk.ts'

let desk: LogDesk
beforeEach(async () => {
  desk = await openLogDesk()
})
afterEach(() => desk[Symbol.asyncDispose]())

const titles = (day: LogDay): string[] => day.lines.map((line) => line.title)
const refs = (lines: readonly LogLine[]) => lines.map((line) => ({ lineId: line.id, rev: line.rev }))
const letters = (text: string) => [...text].map((title) => desk.library.put(title, 60 * FRAMES))

describe('a line', () => {
  it('keeps every field it is given, over a restart', async () => {
    const [a, b, c] = letters('ABC')
    await desk.layOut([the(a)], START + HOUR)
    const change = {
      timing: { kind: 'soft', at: START + 2 * HOUR, earlyMs: 30_000, lateMs: 60_000, prefer: 'under', onReach: { kind: 'waitUpTo', graceMs: 5000 } }, transition: 'segue', lateMaxMs: 90_000, after: 'resume', protected: true, droppable: true,
      fillPriority: 7, dropped: false, skip: true, hitPost: true, newsBlock: 'thời sự', text: 'Ghi chú\n“hai dòng”', backupItemIds: [the(b).id, the(c).id], markers: {
        cueIn: 100, fadeInEnd: 4900, introStart: 100, introEnd: 5000, segueStart: 50 * FRAMES, segueEnd: 55 * FRAMES, fadeOutStart: 50 * FRAMES, cueOut: 56 * FRAMES,
      },
    } as const
    await callRoom(desk.log, 'log.updateLine', { ...named(await desk.line('A')), ...change })
    await desk.reopen()
    expect(await desk.line('A')).toMatchObject(change)
    const compiled = desk.plan().lines.find(({ itemId }) => itemId === the(a).id)
    expect(compiled?.line).toMatchObject({ transition: 'segue', after: 'resume', lateMaxMs: 90_000, protected: true, skip: true, hitPost: true, newsBlockId: 'thời sự', content: 'news', markers: change.markers, timing: { kind: 'soft', at: (START + 2 * HOUR) * 48, onReach: { kind: 'waitUpTo', graceMs: 5000 } } })
    expect(compiled?.backups.map(({ title }) => title)).toEqual(['B', 'C'])
  })

  it.each([
    ['notBefore', { kind: 'notBefore', at: START + HOUR }], ['backtimed', { kind: 'backtimed', endsAt: START + HOUR, onReach: { kind: 'makeNext' }, onLate: 'trimEnd' }],
  ] as const)('can be %s', async (_, timing) => {
    await desk.layOut(letters('A'), START + 2 * HOUR)
    const day = await callRoom(desk.log, 'log.updateLine', { ...named(await desk.line('A')), timing })
    expect(day.lines[0]?.timing).toEqual(timing)
  })

  it.each([['introEnd', { introStart: 4000, introEnd: 3000 }], ['cueOut', { cueOut: 60 * FRAMES + 1 }], ['cueOut', { cueIn: 5000, cueOut: 5000 }], ['segueStart', { introEnd: 9000, segueStart: 8000 }], ['fadeOutStart', { fadeInEnd: 500, fadeOutStart: 400 }]] as const)(
    'whose marker %s breaks the order is refused by its name', async (marker, wrong) => {
      await desk.layOut(letters('A'), START + HOUR)
      const markers = { cueIn: null, fadeInEnd: null, introStart: null, introEnd: null, segueStart: null, segueEnd: null, fadeOutStart: null, cueOut: null, ...wrong }
      await expect(callRoom(desk.log, 'log.updateLine', { ...named(await desk.line('A')), markers })).rejects.toMatchObject({ code: 'marker-refused', data: { marker } })
      expect((await desk.line('A')).markers).toBeNull()
    })

  it('that is a note, a time to hold, a command or a person stands without an item; one that sounds does not', async () => {
    const day = await callRoom(desk.log, 'log.addLines', {
      broadcastDate: DATE, afterLineId: null, lines: [{ kind: 'note', title: 'Đọc lời chào' }, { kind: 'fixedPoint', title: 'Hết giờ', timing: hard(START + HOUR) }, { kind: 'live', title: 'Trực tiếp hội nghị', plannedSamples: 600 * FRAMES }, { kind: 'track', title: 'Lời dẫn' }],
    })
    expect(day.lines.map((line) => [line.kind, line.lineState, line.reason?.code ?? null])).toEqual([['note', 'ok', null], ['fixedPoint', 'ok', null], ['live', 'ok', null], ['track', 'noTake', 'trackToRecord']])
    expect(await codeOf(callRoom(desk.log, 'log.addLines', { broadcastDate: DATE, afterLineId: null, lines: [{ kind: 'audio', title: 'Không có gì' }] }))).toBe('invalid-input')
    expect(await codeOf(callRoom(desk.log, 'log.addLines', { broadcastDate: DATE, afterLineId: null, lines: [{ kind: 'note', title: 'Có tiếng', itemId: the(letters('Z')[0]).id }] }))).toBe('invalid-input')
    expect(desk.plan().plays).toEqual([])
  })

  it('takes the length and title of the item put in its place, and lets go of markers that were of the other', async () => {
    const [a] = letters('A')
    const b = desk.library.put('B', 20 * FRAMES)
    await desk.layOut([the(a)], START + HOUR)
    const line = await desk.line('A')
    await callRoom(desk.log, 'log.updateLine', { ...named(line), markers: { cueIn: 30 * FRAMES, fadeInEnd: null, introStart: null, introEnd: null, segueStart: null, segueEnd: null, fadeOutStart: null, cueOut: null } })
    const day = await callRoom(desk.log, 'log.updateLine', { ...named(await desk.line('A')), itemId: b.id })
    expect(day.lines[0]).toMatchObject({ id: line.id, title: 'B', lengthSamples: 20 * FRAMES, markers: null, timing: hard(START + HOUR) })
  })
})

describe('many lines at once', () => {
  it('are added, copied, moved and taken away in their order, each as one step that is undone whole', async () => {
    await desk.layOut(letters('ABCDE'), START + HOUR)
    const day = await desk.day()
    const at = (...names: string[]) => refs(day.lines.filter((line) => names.includes(line.title)))
    const moved = await callRoom(desk.log, 'log.moveLines', { broadcastDate: DATE, lines: at('D', 'B'), afterLineId: the(day.lines[4]).id })
    expect(titles(moved)).toEqual(['A', 'C', 'E', 'B', 'D'])
    const copied = await callRoom(desk.log, 'log.duplicateLines', { broadcastDate: DATE, lines: refs([the(moved.lines[0]), the(moved.lines[3])]), afterLineId: the(moved.lines[1]).id })
    expect(titles(copied)).toEqual(['A', 'C', 'A', 'B', 'E', 'B', 'D'])
    expect(copied.lines[2]).toMatchObject({ timing: follow, origin: 'manual' })
    const removed = await callRoom(desk.log, 'log.removeLines', { broadcastDate: DATE, lines: refs([the(copied.lines[1]), the(copied.lines[4])]) })
    expect(titles(removed)).toEqual(['A', 'A', 'B', 'B', 'D'])
    for (const [step, expected] of [[removed.step, 'ACABEBD'], [copied.step, 'ACEBD'], [moved.step, 'ABCDE']] as const) {
      const undone = await callRoom(desk.log, 'log.undo', { stepId: step.stepId })
      expect(titles(the(undone.days[0])).join('')).toBe(expected)
    }
    expect((await desk.day()).lines.map((line) => line.id)).toEqual(day.lines.map((line) => line.id))
  })

  it('an undo can be undone, once', async () => {
    await desk.layOut(letters('AB'), START + HOUR)
    const removed = await callRoom(desk.log, 'log.removeLine', named(await desk.line('B')))
    const undone = await callRoom(desk.log, 'log.undo', { stepId: removed.step.stepId })
    expect(await codeOf(callRoom(desk.log, 'log.undo', { stepId: removed.step.stepId }))).toBe('nothing-to-undo')
    const again = await callRoom(desk.log, 'log.undo', { stepId: undone.step.stepId })
    expect(titles(the(again.days[0]))).toEqual(['A'])
  })

  it('a step of which something was changed since is not undone, not even in part', async () => {
    const day = await desk.layOut(letters('ABC'), START + HOUR)
    const flagged = await callRoom(desk.log, 'log.updateLines', { broadcastDate: DATE, lines: refs(day.lines), change: { droppable: true } })
    await callRoom(desk.log, 'log.updateLine', { ...named(the(flagged.lines[1])), protected: true })
    expect(await codeOf(callRoom(desk.log, 'log.undo', { stepId: flagged.step.stepId }))).toBe('stale')
    expect((await desk.day()).lines.map((line) => line.droppable)).toEqual([true, true, true])
  })

  it('a change of many is refused whole when one of them is stale', async () => {
    const day = await desk.layOut(letters('ABC'), START + HOUR)
    await callRoom(desk.log, 'log.updateLine', { ...named(the(day.lines[2])), skip: true })
    expect(await codeOf(callRoom(desk.log, 'log.removeLines', { broadcastDate: DATE, lines: refs(day.lines) }))).toBe('stale')
    expect(titles(await desk.day())).toEqual(['A', 'B', 'C'])
  })

  it('a line moved away and back by undo finds its place although another took its key', async () => {
    const day = await desk.layOut(letters('ABC'), START + HOUR)
    const moved = await callRoom(desk.log, 'log.moveLine', { ...named(the(day.lines[1])), afterLineId: the(day.lines[2]).id })
    const [x] = letters('X')
    await callRoom(desk.log, 'log.addLine', { broadcastDate: DATE, itemId: the(x).id, timing: follow, afterLineId: the(day.lines[0]).id })
    const undone = await callRoom(desk.log, 'log.undo', { stepId: moved.step.stepId })
    expect(titles(the(undone.days[0])).join('')).toMatch(/^A(XB|BX)C$/)
  })

  it('undo brings nothing back that may not sound any more, and nothing into the past', async () => {
    const [a, b] = letters('AB')
    await desk.layOut([the(a), the(b)], START + HOUR)
    const withoutB = await callRoom(desk.log, 'log.removeLine', named(await desk.line('B')))
    desk.library.setState(the(b).id, 'withdrawn')
    expect(await codeOf(callRoom(desk.log, 'log.undo', { stepId: withoutB.step.stepId }))).toBe('not-approved')
    const withoutA = await callRoom(desk.log, 'log.removeLine', named(await desk.line('A')))
    desk.clock.advance(2 * HOUR)
    expect(await codeOf(callRoom(desk.log, 'log.undo', { stepId: withoutA.step.stepId }))).toBe('log-past')
  })
})

describe('slots', () => {
  const slot = (title: string, from: number, minutes: number) => ({
    title, startAt: START + from, endAt: START + from + minutes * MINUTE, onOverrun: 'cut', maxOverrunMs: 0, onUnderrun: 'fill', fillGroup: 'nhạc nền', ruleProfileId: null, backupItemIds: [] as string[], bus: 'main',
  }) as const

  it('hold the lines put into them, tell by how much these are too long, and are told to the air', async () => {
    const day = await callRoom(desk.log, 'log.saveSlot', { broadcastDate: DATE, slotId: null, rev: 0, slot: slot('Buổi sáng', HOUR, 2) })
    const slotId = the(day.slots[0]).id
    const filled = await callRoom(desk.log, 'log.addLines', { broadcastDate: DATE, lines: letters('ABC').map(({ id }, index) => ({ itemId: id, timing: index === 0 ? hard(START + HOUR) : follow })), afterLineId: null, slotId })
    expect(filled.lines.map((line) => line.slotId)).toEqual([slotId, slotId, slotId])
    expect(filled.slots[0]).toMatchObject({ title: 'Buổi sáng', overSamples: 60 * FRAMES })
    expect(desk.plan().slots.map((one) => [one.title, one.slot.startAt])).toEqual([['Buổi sáng', (START + HOUR) * 48]])
    const follower = await callRoom(desk.log, 'log.addLine', { broadcastDate: DATE, itemId: the(the(filled.lines[0]).itemId), timing: follow, afterLineId: the(filled.lines[2]).id })
    expect(follower.lines[3]?.slotId).toBe(slotId)
  })

  it('do not overlap, change by rev, and let their lines go when they are removed; undo brings both back', async () => {
    const one = await callRoom(desk.log, 'log.saveSlot', { broadcastDate: DATE, slotId: null, rev: 0, slot: slot('Một', HOUR, 30) })
    const { id, rev } = the(one.slots[0])
    expect(await codeOf(callRoom(desk.log, 'log.saveSlot', { broadcastDate: DATE, slotId: null, rev: 0, slot: slot('Hai', HOUR + 29 * MINUTE, 30) }))).toBe('slot-overlap')
    await callRoom(desk.log, 'log.addLines', { broadcastDate: DATE, lines: [{ itemId: the(letters('A')[0]).id, timing: hard(START + HOUR) }], afterLineId: null, slotId: id })
    await callRoom(desk.log, 'log.saveSlot', { broadcastDate: DATE, slotId: id, rev, slot: slot('Một, dài hơn', HOUR, 45) })
    expect(await codeOf(callRoom(desk.log, 'log.removeSlot', { broadcastDate: DATE, slotId: id, rev }))).toBe('stale')
    const without = await callRoom(desk.log, 'log.removeSlot', { broadcastDate: DATE, slotId: id, rev: rev + 1 })
    expect([without.slots, without.lines.map((line) => line.slotId)]).toEqual([[], [null]])
    const back = the((await callRoom(desk.log, 'log.undo', { stepId: without.step.stepId })).days[0])
    expect([back.slots[0]?.title, back.lines[0]?.slotId]).toEqual(['Một, dài hơn', id])
  })
})

describe('a running log', () => {
  it('protects what is on air and what is about to be: it cannot be changed, swapped or moved, nor anything put before it', async () => {
    const [x] = letters('X')
    const day = await desk.layOut(letters('ABC'), START + MINUTE)
    desk.clock.advance(MINUTE + 51_000)
    desk.played(the(day.lines[0]))
    const now = await desk.day()
    expect(now.lines.map((line) => [line.title, line.status, line.guarded])).toEqual([['A', 'playing', true], ['B', 'scheduled', true], ['C', 'scheduled', false]])
    for (const guarded of now.lines.slice(0, 2)) {
      expect(await codeOf(callRoom(desk.log, 'log.updateLine', { ...named(guarded), itemId: the(x).id }))).toBe('line-locked')
      expect(await codeOf(callRoom(desk.log, 'log.removeLine', named(guarded)))).toBe('line-locked')
    }
    expect(await codeOf(callRoom(desk.log, 'log.addLine', { broadcastDate: DATE, itemId: the(x).id, timing: follow, afterLineId: the(now.lines[0]).id }))).toBe('line-locked')
    const swapped = await callRoom(desk.log, 'log.updateLine', { ...named(the(now.lines[2])), itemId: the(x).id })
    expect(titles(swapped)).toEqual(['A', 'B', 'X'])
  })

  it('a day in someone’s hands is changed by nobody else, until it is let go, runs out, or an approver takes it', async () => {
    const lan = personNamed('Lan', '01ARZ3NDEKTSV4RRFFQ69G5NAN', 'scheduler')
    const minh = personNamed('Minh', '01ARZ3NDEKTSV4RRFFQ69G5M1N', 'scheduler')
    const hoa = personNamed('Hoa', '01ARZ3NDEKTSV4RRFFQ69G5H0A', 'scheduler', 'approver')
    const day = await desk.layOut(letters('AB'), START + HOUR)
    const locked = await callRoom(desk.log, 'log.lock', { broadcastDate: DATE, slotId: null, minutes: 15 }, lan)
    expect(locked.locks).toMatchObject([{ name: 'Lan', since: START, expiresAt: START + 15 * MINUTE, slotId: null }])
    const change = () => callRoom(desk.log, 'log.updateLine', { ...named(the(day.lines[1])), skip: true }, minh)
    await expect(change()).rejects.toMatchObject({ code: 'log-locked', data: { name: 'Lan', since: START } })
    expect(await codeOf(callRoom(desk.log, 'log.lock', { broadcastDate: DATE, slotId: null }, minh))).toBe('log-locked')
    expect(await codeOf(callRoom(desk.log, 'log.lock', { broadcastDate: DATE, slotId: null, takeOver: true }, minh))).toBe('forbidden')
    expect(await codeOf(callRoom(desk.log, 'log.unlock', { broadcastDate: DATE, slotId: null }, minh))).toBe('log-locked')
    const taken = await callRoom(desk.log, 'log.lock', { broadcastDate: DATE, slotId: null, takeOver: true }, hoa)
    expect(taken.locks.map((lock) => lock.name)).toEqual(['Hoa'])
    desk.clock.advance(16 * MINUTE)
    expect((await desk.day()).locks).toEqual([])
    expect((await change()).lines[1]?.skip).toBe(true)
  })

  it('a slot in someone’s hands leaves the rest of the day to others', async () => {
    const lan = personNamed('Lan', '01ARZ3NDEKTSV4RRFFQ69G5NAN', 'scheduler')
    const minh = personNamed('Minh', '01ARZ3NDEKTSV4RRFFQ69G5M1N', 'scheduler')
    const slot = { title: 'Sáng', startAt: START + HOUR, endAt: START + 2 * HOUR, onOverrun: 'cut', maxOverrunMs: 0, onUnderrun: 'close', fillGroup: null, ruleProfileId: null, backupItemIds: [] as string[], bus: 'main' } as const
    const slotId = the((await callRoom(desk.log, 'log.saveSlot', { broadcastDate: DATE, slotId: null, rev: 0, slot })).slots[0]).id
    const [a, b] = letters('AB')
    await callRoom(desk.log, 'log.addLines', { broadcastDate: DATE, lines: [{ itemId: the(a).id, timing: hard(START + HOUR) }], afterLineId: null, slotId })
    const day = await callRoom(desk.log, 'log.addLines', { broadcastDate: DATE, lines: [{ itemId: the(b).id, timing: hard(START + 3 * HOUR) }], afterLineId: the((await desk.day()).lines.at(-1)).id, slotId: null })
    await callRoom(desk.log, 'log.lock', { broadcastDate: DATE, slotId }, lan)
    expect(await codeOf(callRoom(desk.log, 'log.updateLine', { ...named(the(day.lines[0])), skip: true }, minh))).toBe('log-locked')
    expect(await codeOf(callRoom(desk.log, 'log.moveLine', { ...named(the(day.lines[1])), afterLineId: the(day.lines[0]).id }, minh))).toBe('log-locked')
    expect(await codeOf(callRoom(desk.log, 'log.updateLine', { ...named(the(day.lines[1])), skip: true }, minh))).toBe('none')
  })
})

describe('a day of the log', () => {
  it('has an owner from its first line on, and is published with its times frozen', async () => {
    const lan = personNamed('Lan', '01ARZ3NDEKTSV4RRFFQ69G5NAN')
    const [a, b, c] = letters('ABC')
    const first = await callRoom(desk.log, 'log.addLines', { broadcastDate: DATE, lines: [{ itemId: the(a).id, timing: hard(START + HOUR) }, { itemId: the(b).id }], afterLineId: null }, lan)
    expect([first.state, first.owner?.name]).toEqual(['draft', 'Lan'])
    expect(await codeOf(callRoom(desk.log, 'log.publishDay', { broadcastDate: DATE, rev: first.rev - 1 }))).toBe('stale')
    const published = await callRoom(desk.log, 'log.publishDay', { broadcastDate: DATE, rev: first.rev }, lan)
    expect([published.state, published.publishedBy, published.lines.map((line) => line.initialAt)]).toEqual(['published', 'Lan', [START + HOUR, START + HOUR + MINUTE]])
    const later = await callRoom(desk.log, 'log.updateLine', { ...named(the(published.lines[0])), timing: hard(START + 2 * HOUR) })
    const more = await callRoom(desk.log, 'log.addLine', { broadcastDate: DATE, itemId: the(c).id, timing: follow, afterLineId: the(later.lines[1]).id })
    expect(more.lines.map((line) => [line.initialAt, line.plannedAt])).toEqual([[START + HOUR, START + 2 * HOUR], [START + HOUR + MINUTE, START + 2 * HOUR + MINUTE], [null, START + 2 * HOUR + 2 * MINUTE]])
    expect(desk.plan().lines[0]?.line.plannedStart).toBe((START + HOUR) * 48)
  })

  it('is closed after it is over, and then nothing changes any more', async () => {
    const day = await desk.layOut(letters('A'), START + HOUR)
    expect(await codeOf(callRoom(desk.log, 'log.closeDay', { broadcastDate: DATE, rev: day.rev }))).toBe('log-not-over')
    desk.clock.advance(24 * HOUR)
    const closed = await callRoom(desk.log, 'log.closeDay', { broadcastDate: DATE, rev: day.rev })
    expect(closed.state).toBe('closed')
    expect(await codeOf(callRoom(desk.log, 'log.addLines', { broadcastDate: DATE, lines: [{ kind: 'note', title: 'Muộn' }], afterLineId: null }))).toBe('log-closed')
  })

  it('planned, predicted and actual times differ when the air is late', async () => {
    const day = await desk.layOut(letters('AB'), START + MINUTE)
    desk.clock.advance(MINUTE + 20_000)
    desk.played(the(day.lines[0]), { actualAt: START + MINUTE + 7, endedAt: START + MINUTE + 20_000, playedSamples: 20 * FRAMES, stopReason: 'operatorSkip' })
    const [a, b] = (await desk.day()).lines
    expect([a?.plannedAt, a?.actualAt, a?.actualEndAt, b?.plannedAt]).toEqual([START + MINUTE, START + MINUTE + 7, START + MINUTE + 20_000, START + 2 * MINUTE])
  })
})

describe('a list made by the planning', () => {
  const planner = { personId: null, name: 'Máy lập lịch' }
  const made = (title: string, itemId: string, more: Partial<LineToAdd> = {}): LineToAdd => ({ kind: 'audio', sourceRef: title, title, itemId, timing: follow, ...more })

  it('keeps the ids of its lines, leaves what people changed, and takes away what is not in it any more', async () => {
    const [a, b, c, d] = letters('ABCD')
    const slots = [{ sourceRef: 'sáng', title: 'Sáng', startAt: START + HOUR, endAt: START + 2 * HOUR, onOverrun: 'cut', maxOverrunMs: 0, onUnderrun: 'close', fillGroup: null, ruleProfileId: null, backupItemIds: [], bus: 'main' }] as const
    const list = (items: readonly { id: string; title: string }[]) => items.map(({ id, title }, index) => made(title, id, { slotRef: 'sáng', ...(index === 0 ? { timing: hard(START + HOUR) } : {}) }))
    const first = await desk.log.replaceGenerated(DATE, { origin: 'template', slots, lines: list([the(a), the(b), the(c)]) }, planner)
    expect([first.added.length, first.refused]).toEqual([3, []])
    const day = await desk.day()
    expect([day.lines.map((line) => line.origin), new Set(day.lines.map((line) => line.slotId)).size]).toEqual([['template', 'template', 'template'], 1])
    await callRoom(desk.log, 'log.updateLine', { ...named(the(day.lines[1])), text: 'người sửa' })
    const again = await desk.log.replaceGenerated(DATE, { origin: 'template', slots, lines: list([the(a), the(d), the(b)]) }, planner)
    expect([again.added.length, again.changed, again.removed, again.kept]).toEqual([1, [], [day.lines[2]?.id], [day.lines[1]?.id]])
    const after = await desk.day()
    expect(after.lines.map((line) => [line.title, line.text])).toEqual([['A', ''], ['D', ''], ['B', 'người sửa']])
    expect([after.lines[0]?.id, after.lines[2]?.id]).toEqual([day.lines[0]?.id, day.lines[1]?.id])
    expect((await desk.log.replaceGenerated(DATE, { origin: 'template', slots, lines: list([the(a), the(d), the(b)]) }, planner)).stepId).toBeNull()
    const undone = await callRoom(desk.log, 'log.undo', { stepId: the(again.stepId) })
    expect(titles(the(undone.days[0]))).toEqual(['A', 'B', 'C'])
  })

  it('tells which of its lines could not stand, and puts the others in', async () => {
    const [a, b] = letters('AB')
    const result = await desk.log.addLines(DATE, [made('A', the(a).id, { timing: hard(START + HOUR) }), made('B', the(b).id, { timing: hard(START + HOUR) }), made('C', the(b).id, { timing: hard(START - HOUR) }), { kind: 'audio', sourceRef: 'trống', title: 'Chờ nhạc' }], planner)
    expect(result.refused.map(({ sourceRef, error }) => [sourceRef, error.code])).toEqual([['B', 'log-overlap'], ['C', 'log-past']])
    expect((await desk.day()).lines.map((line) => [line.title, line.lineState])).toEqual([['A', 'ok'], ['Chờ nhạc', 'noItem']])
  })
})
