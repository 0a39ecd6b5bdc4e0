import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { callRoom, callerWith } from '../../support/context.ts'
import { DATE, FRAMES, HOUR, MINUTE, START, codeOf, hard, named, openLogDesk, the } from '../../support/log-desk.ts'
import type { LogDesk } from '../../support/log-desk.ts'

let desk: LogDesk
beforeEach(async () => {
  desk = await openLogDesk()
})
afterEach(() => desk[Symbol.asyncDispose]())

const letters = (text: string, seconds = 60) => [...text].map((title) => desk.library.put(title, seconds * FRAMES))
const noMarkers = { cueIn: null, fadeInEnd: null, introStart: null, introEnd: null, segueStart: null, segueEnd: null, fadeOutStart: null, cueOut: null }

describe('how two lines meet', () => {
  const segued = { ...noMarkers, segueStart: 50 * FRAMES, segueEnd: 55 * FRAMES }

  it('is saved as one step of both lines, and one undo takes it back', async () => {
    const day = await desk.layOut(letters('AB'), START + HOUR)
    const [a, b] = [the(day.lines[0]), the(day.lines[1])]
    const saved = await callRoom(desk.log, 'log.saveSegue', { broadcastDate: DATE, prev: { lineId: a.id, rev: a.rev, markers: segued }, next: { lineId: b.id, rev: b.rev, markers: { ...noMarkers, cueIn: 4800 }, transition: 'segue' } })
    expect(saved.lines.map((line) => [line.markers?.segueStart ?? null, line.markers?.cueIn ?? null, line.transition, the(line.predictedAt) - START - HOUR])).toEqual([[50 * FRAMES, null, 'play', 0], [null, 4800, 'segue', 50_000]])
    const undone = await callRoom(desk.log, 'log.undo', { stepId: saved.step.stepId })
    expect(the(undone.days[0]).lines.map((line) => [line.markers, line.transition])).toEqual([[null, 'play'], [null, 'play']])
  })

  it('a line without markers in the change keeps its own; one stale line refuses both', async () => {
    const day = await desk.layOut(letters('AB'), START + HOUR)
    const [a, b] = [the(day.lines[0]), the(day.lines[1])]
    const marked = await callRoom(desk.log, 'log.updateLine', { ...named(a), markers: segued })
    expect(await codeOf(callRoom(desk.log, 'log.saveSegue', { broadcastDate: DATE, prev: { lineId: a.id, rev: a.rev, markers: null }, next: { lineId: b.id, rev: b.rev, transition: 'segue' } }))).toBe('stale')
    const saved = await callRoom(desk.log, 'log.saveSegue', { broadcastDate: DATE, prev: { lineId: a.id, rev: the(marked.lines[0]).rev }, next: { lineId: b.id, rev: b.rev, transition: 'segue' } })
    expect(saved.lines.map((line) => line.markers)).toEqual([segued, null])
  })

  it('a marker in the wrong place is refused by its name and nothing is saved', async () => {
    const day = await desk.layOut(letters('AB'), START + HOUR)
    const [a, b] = [the(day.lines[0]), the(day.lines[1])]
    await expect(callRoom(desk.log, 'log.saveSegue', { broadcastDate: DATE, prev: { lineId: a.id, rev: a.rev, markers: { ...segued, segueEnd: 1 } }, next: { lineId: b.id, rev: b.rev, transition: 'segue' } })).rejects.toMatchObject({ code: 'marker-refused', data: { marker: 'segueEnd' } })
    expect((await desk.day()).lines.map((line) => [line.markers, line.transition])).toEqual([[null, 'play'], [null, 'play']])
  })
})

describe('a relay line', () => {
  const relay = (more: object = {}) => ({ kind: 'relay' as const, title: 'Tiếp sóng thời sự', timing: hard(START + HOUR), plannedSamples: 1800 * FRAMES, relayEndsAt: START + HOUR + 30 * MINUTE, relaySources: [{ kind: 'stream' as const, url: 'https://dai.vn/live.mp3' }], ...more })
  const add = (more: object = {}) => callRoom(desk.log, 'log.addLines', { broadcastDate: DATE, afterLineId: null, lines: [relay(more)] })

  it('whose source nobody has heard stands in the log, is not ready, and never sounds', async () => {
    const day = await add()
    expect(the(day.lines[0])).toMatchObject({ lineState: 'notReady', reason: { code: 'relayNotHeard' }, relaySources: [{ kind: 'stream', url: 'https://dai.vn/live.mp3' }], relayEndsAt: START + HOUR + 30 * MINUTE })
    expect(the(desk.plan().lines[0])).toMatchObject({ relaySourceId: null, sound: null, line: { state: 'notReady' } })
    await desk.reopen()
    expect(the((await desk.day()).lines[0]).relaySources).toEqual([{ kind: 'stream', url: 'https://dai.vn/live.mp3' }])
  })

  it('needs a source, an out behind its in, and a source that is one', async () => {
    expect(await codeOf(add({ relaySources: [] }))).toBe('invalid-input')
    expect(await codeOf(add({ relayEndsAt: START + HOUR }))).toBe('invalid-input')
    await expect(add({ relaySources: [{ kind: 'stream', url: 'file:///etc/passwd' }] })).rejects.toThrow()
    expect((await desk.day()).lines).toEqual([])
  })

  it('another kind of line has no source', async () => {
    const [a] = letters('A')
    expect(await codeOf(callRoom(desk.log, 'log.addLines', { broadcastDate: DATE, afterLineId: null, lines: [{ itemId: the(a).id, relaySources: [{ kind: 'fileByDate', path: 'a.mp3' }] }] }))).toBe('invalid-input')
  })
})

describe('a day that is read again', () => {
  it('is told by its changes, for as long as the station knows what the window has', async () => {
    const day = await desk.layOut(letters('ABC'), START + HOUR)
    const same = await callRoom(desk.log, 'log.dayChanges', { broadcastDate: DATE, since: day.viewId })
    expect([same.day, same.changes?.changed, same.changes?.order]).toEqual([null, [], null])
    const edited = await callRoom(desk.log, 'log.updateLine', { ...named(the(day.lines[1])), skip: true })
    const changes = await callRoom(desk.log, 'log.dayChanges', { broadcastDate: DATE, since: day.viewId })
    // The line itself, and the one that moves up behind it.
    expect(changes.changes?.changed.map(({ title }) => title)).toEqual(['B', 'C'])
    expect(changes.changes?.rev).toBe(edited.rev)
    await desk.reopen()
    expect((await callRoom(desk.log, 'log.dayChanges', { broadcastDate: DATE, since: day.viewId })).day?.lines).toHaveLength(3)
  })
})

describe('who may close a day', () => {
  it('an approver, when the day is over', async () => {
    const day = await desk.layOut(letters('A'), START + HOUR)
    desk.clock.advance(24 * HOUR)
    expect(await codeOf(callRoom(desk.log, 'log.closeDay', { broadcastDate: DATE, rev: day.rev }, callerWith('scheduler')))).toBe('forbidden')
    const closed = await callRoom(desk.log, 'log.closeDay', { broadcastDate: DATE, rev: day.rev }, callerWith('approver'))
    expect(closed.state).toBe('closed')
    expect(await codeOf(callRoom(desk.log, 'log.updateLine', { ...named(the(closed.lines[0])), skip: true }))).toBe('log-closed')
  })
})
