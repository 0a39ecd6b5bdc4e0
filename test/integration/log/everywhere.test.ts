import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addDays } from '#common/timing/zone.ts'
import { callRoom } from '../../support/context.ts'
import { DATE, FRAMES, HOUR, MINUTE, START, codeOf, named, openLogDesk, personNamed, the } from '../../support/log-desk.ts'
import type { LogDesk } from '../../support/log-desk.ts'
import { knownRelay } from '../../support/relay/known.ts'

const lan = personNamed('Lan', '01ARZ3NDEKTSV4RRFFQ69G5NAN')
const tomorrow = addDays(DATE, 1)
const later = addDays(DATE, 20)

let desk: LogDesk
beforeEach(async () => {
  desk = await openLogDesk()
})
afterEach(() => desk[Symbol.asyncDispose]())

const where = (uses: readonly { where: string; broadcastDate: string | null; outcome?: string; reason?: { code: string } | null }[]) => uses.map((use) => [use.where, use.broadcastDate, use.outcome, use.reason?.code ?? null])

describe('an item that is used in many places', () => {
  it('is found on lines, in backups, in slots, in the past and in other rooms', async () => {
    const [jingle, other] = [desk.library.put('Nhạc hiệu', 10 * FRAMES), desk.library.put('Khác', 60 * FRAMES)]
    await desk.layOut([jingle, other], START + HOUR)
    await desk.layOut([other, jingle], START + 25 * HOUR, tomorrow)
    await callRoom(desk.log, 'log.updateLine', { ...named(await desk.line('Khác')), backupItemIds: [jingle.id] })
    await callRoom(desk.log, 'log.saveSlot', { broadcastDate: DATE, slotId: null, rev: 0, slot: { title: 'Sáng', startAt: START + HOUR, endAt: START + 2 * HOUR, onOverrun: 'cut', maxOverrunMs: 0, onUnderrun: 'close', fillGroup: null, ruleProfileId: null, backupItemIds: [jingle.id], bus: 'main' } })
    desk.log.addItemUses({ room: 'template', usesOf: (itemId) => (itemId === jingle.id ? [{ id: 'sáng', title: 'Mẫu sáng', rev: 3 }] : []), replace: () => [] })
    const { uses } = await callRoom(desk.log, 'log.usesOf', { itemId: jingle.id })
    expect(uses.map((use) => [use.where, use.when, use.broadcastDate, use.title])).toEqual([
      ['line', 'planned', DATE, 'Nhạc hiệu'], ['backup', 'planned', DATE, 'Khác'], ['slotBackup', 'planned', DATE, 'Sáng'], ['line', 'planned', tomorrow, 'Nhạc hiệu'], ['elsewhere', 'planned', null, 'Mẫu sáng'],
    ])
    desk.clock.advance(5 * 24 * HOUR)
    const past = await callRoom(desk.log, 'log.usesOf', { itemId: jingle.id })
    expect(past.uses.filter((use) => use.where === 'line').map((use) => use.when)).toEqual(['past', 'past'])
  })

  it('is replaced everywhere after a dry run that changed nothing, and one undo brings all of it back', async () => {
    const [old, fresh, other] = [desk.library.put('Cũ', 60 * FRAMES), desk.library.put('Mới', 30 * FRAMES), desk.library.put('Khác', 60 * FRAMES)]
    await desk.layOut([old, other, old], START + HOUR)
    await desk.layOut([old], START + 25 * HOUR, tomorrow)
    await desk.layOut([other, old], START + 20 * 24 * HOUR + HOUR, later)
    await callRoom(desk.log, 'log.updateLine', { ...named(await desk.line('Khác')), backupItemIds: [other.id, old.id] })
    let kept = old.id
    desk.log.addItemUses({
      room: 'template', usesOf: (itemId) => (itemId === kept ? [{ id: 'm1', title: 'Mẫu', rev: 1 }] : []),
      replace(_, byItemId, ids) {
        kept = byItemId
        return ids
      },
    })
    const before = await Promise.all([DATE, tomorrow, later].map((date) => desk.day(date)))
    const ask = { itemId: old.id, byItemId: fresh.id, fromDate: null } as const
    const dry = await callRoom(desk.log, 'log.replaceItem', { ...ask, dryRun: true, expected: null })
    expect(where(dry.uses)).toEqual([['line', DATE, 'changed', null], ['backup', DATE, 'changed', null], ['line', DATE, 'changed', null], ['line', tomorrow, 'changed', null], ['line', later, 'changed', null], ['elsewhere', null, 'changed', null]])
    expect((await Promise.all([DATE, tomorrow, later].map((date) => desk.day(date)))).map((day) => day.rev)).toEqual(before.map((day) => day.rev))
    const expected = dry.uses.map(({ id, rev }) => ({ id, rev: rev ?? 0 }))
    const done = await callRoom(desk.log, 'log.replaceItem', { ...ask, dryRun: false, expected })
    expect(where(done.uses)).toEqual(where(dry.uses))
    const after = await Promise.all([DATE, tomorrow, later].map((date) => desk.day(date)))
    expect(after.flatMap((day) => day.lines.map((line) => line.title))).toEqual(['Mới', 'Khác', 'Mới', 'Mới', 'Khác', 'Mới'])
    expect(after[0]?.lines[1]?.backupItemIds).toEqual([other.id, fresh.id])
    expect(kept).toBe(fresh.id)
    const undone = await callRoom(desk.log, 'log.undo', { stepId: the(done.step).stepId })
    expect(undone.days.map((day) => day.broadcastDate)).toEqual([DATE, tomorrow, later])
    expect(undone.days.map((day) => day.lines.map((line) => [line.id, line.itemId, line.backupItemIds]))).toEqual(before.map((day) => day.lines.map((line) => [line.id, line.itemId, line.backupItemIds])))
    expect(kept).toBe(old.id)
  })

  it('is left where it must be: on air, next, held by another, on a closed day, changed since the look; the others are done', async () => {
    const [old, fresh] = [desk.library.put('Cũ', 60 * FRAMES), desk.library.put('Mới', 30 * FRAMES)]
    const day = await desk.layOut([old, old, old, old], START + MINUTE)
    await desk.layOut([old], START + 25 * HOUR, tomorrow)
    desk.clock.advance(MINUTE + 55_000)
    desk.played(the(day.lines[0]))
    const ask = { itemId: old.id, byItemId: fresh.id, fromDate: null } as const
    const dry = await callRoom(desk.log, 'log.replaceItem', { ...ask, dryRun: true, expected: null }, lan)
    expect(where(dry.uses)).toEqual([['line', DATE, 'refused', 'onAir'], ['line', DATE, 'refused', 'guarded'], ['line', DATE, 'changed', null], ['line', DATE, 'changed', null], ['line', tomorrow, 'changed', null]])
    await callRoom(desk.log, 'log.updateLine', { ...named(the((await desk.day()).lines[3])), text: 'vừa sửa' })
    await callRoom(desk.log, 'log.lock', { broadcastDate: tomorrow, slotId: null }, personNamed('Minh', '01ARZ3NDEKTSV4RRFFQ69G5M1N'))
    const done = await callRoom(desk.log, 'log.replaceItem', { ...ask, dryRun: false, expected: dry.uses.map(({ id, rev }) => ({ id, rev: rev ?? 0 })) }, lan)
    expect(where(done.uses)).toEqual([['line', DATE, 'refused', 'onAir'], ['line', DATE, 'refused', 'guarded'], ['line', DATE, 'changed', null], ['line', DATE, 'refused', 'changedSince'], ['line', tomorrow, 'refused', 'heldByOther']])
    expect((await desk.day()).lines.map((line) => line.title)).toEqual(['Cũ', 'Cũ', 'Mới', 'Cũ'])
  })

  it('is replaced by nothing that may not sound', async () => {
    const [old, draft] = [desk.library.put('Cũ', 60 * FRAMES), desk.library.put('Nháp', 60 * FRAMES, { state: 'draft' })]
    await desk.layOut([old], START + HOUR)
    expect(await codeOf(callRoom(desk.log, 'log.replaceItem', { itemId: old.id, byItemId: draft.id, fromDate: null, dryRun: true, expected: null }))).toBe('not-approved')
  })
})

describe('an item that is withdrawn', () => {
  it('from everything at once: what it would take is told first, then its lines and backups go, and nothing of it is in the plan', async () => {
    const [bad, good] = [desk.library.put('Sai', 60 * FRAMES), desk.library.put('Đúng', 60 * FRAMES)]
    const day = await desk.layOut([bad, good, bad], START + MINUTE)
    await callRoom(desk.log, 'log.updateLine', { ...named(the(day.lines[1])), backupItemIds: [bad.id] })
    desk.clock.advance(MINUTE + 10_000)
    desk.played(the((await desk.day()).lines[0]))
    const dry = await callRoom(desk.log, 'log.withdrawItem', { itemId: bad.id, rev: bad.rev, lines: 'remove', dryRun: true })
    expect(where(dry.uses)).toEqual([['line', DATE, 'changed', 'fadesOut'], ['backup', DATE, 'changed', null], ['line', DATE, 'changed', null]])
    expect(desk.library.get(bad.id)?.state).toBe('approved')
    const done = await callRoom(desk.log, 'log.withdrawItem', { itemId: bad.id, rev: bad.rev, lines: 'remove', dryRun: false })
    expect(where(done.uses)).toEqual(where(dry.uses))
    expect(desk.library.get(bad.id)?.state).toBe('withdrawn')
    const after = await desk.day()
    expect(after.lines.map((line) => [line.title, line.backupItemIds])).toEqual([['Sai', []], ['Đúng', []]])
    const plan = desk.plan()
    expect([plan.plays.map((play) => play.title), plan.lines.flatMap(({ sound, backups }) => [sound?.title, ...backups.map((one) => one.title)]).filter((title) => title === 'Sai')]).toEqual([['Đúng'], []])
  })

  it('stays in the log, silent, when its lines are kept', async () => {
    const bad = desk.library.put('Sai', 60 * FRAMES)
    await desk.layOut([bad], START + HOUR)
    const done = await callRoom(desk.log, 'log.withdrawItem', { itemId: bad.id, rev: bad.rev, lines: 'keep', dryRun: false })
    expect(where(done.uses)).toEqual([['line', DATE, 'kept', 'itemWithdrawn']])
    expect(await desk.line('Sai')).toMatchObject({ lineState: 'notApproved', reason: { code: 'itemWithdrawn' } })
    expect(await codeOf(callRoom(desk.log, 'log.withdrawItem', { itemId: bad.id, rev: bad.rev, lines: 'keep', dryRun: false }))).toBe('stale')
  })
})

describe('what other rooms say of a line', () => {
  it('keeps it silent with their reason, at the time it would sound, and is asked again', async () => {
    const [a, b] = [desk.library.put('A', 60 * FRAMES), desk.library.put('B', 60 * FRAMES)]
    await desk.layOut([a, b], START + HOUR)
    let quietFrom = START + HOUR + 30_000
    desk.log.addJudge(({ at }) => (at !== null && at >= quietFrom ? { state: 'ruleBlocked', reason: { code: 'quietHours' } } : null))
    await expect.poll(() => desk.plan().plays.map((play) => play.title)).toEqual(['A'])
    expect(await desk.line('B')).toMatchObject({ lineState: 'ruleBlocked', reason: { code: 'quietHours' } })
    expect(desk.plan().lines[1]).toMatchObject({ sound: null, line: { state: 'ruleBlocked' } })
    quietFrom = START + 9 * HOUR
    desk.log.judgeAgain()
    await expect.poll(() => desk.plan().plays.map((play) => play.title)).toEqual(['A', 'B'])
  })

  it('a relay sounds only from an approved source', async () => {
    const sources = new Map([['01ARZ3NDEKTSV4RRFFQ69G5AAA', knownRelay('01ARZ3NDEKTSV4RRFFQ69G5AAA', 'VOV1', false)]])
    const add = () => callRoom(desk.log, 'log.addLines', { broadcastDate: DATE, afterLineId: null, lines: [{ kind: 'relay', title: 'Tiếp sóng', relaySourceId: '01ARZ3NDEKTSV4RRFFQ69G5AAA', timing: { kind: 'hard', at: START + HOUR }, plannedSamples: 1800 * FRAMES, relayEndsAt: START + HOUR + 30 * MINUTE }] })
    const day = await add()
    expect(day.lines[0]).toMatchObject({ lineState: 'noItem', reason: { code: 'relayGone' } })
    desk.log.useRelaySources({ get: (id) => sources.get(id) ?? null, holding: () => null, editionOf: () => undefined, editionItems: () => [] })
    expect((await desk.day()).lines[0]).toMatchObject({ title: 'VOV1', lineState: 'notApproved', reason: { code: 'relayNotApproved' } })
    sources.set('01ARZ3NDEKTSV4RRFFQ69G5AAA', knownRelay('01ARZ3NDEKTSV4RRFFQ69G5AAA', 'VOV1', true))
    desk.log.judgeAgain()
    await expect.poll(() => desk.plan().lines[0]?.relaySourceId).toBe('01ARZ3NDEKTSV4RRFFQ69G5AAA')
    expect(desk.plan().lines[0]?.line).toMatchObject({ endless: true, priority: 4, endAt: (START + HOUR + 30 * MINUTE) * 48 })
    expect((await desk.day()).lines[0]).toMatchObject({ predictedAt: START + HOUR, predictedEndAt: START + HOUR + 30 * MINUTE })
  })
})
