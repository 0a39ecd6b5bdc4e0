import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { LogDay } from '#contract/log.ts'
import { callRoom } from '../../support/context.ts'
import { DATE, FRAMES, HOUR, MINUTE, START, follow, hard, named, openLogDesk, the } from '../../support/log-desk.ts'
import type { LogDesk } from '../../support/log-desk.ts'

let desk: LogDesk
beforeEach(async () => {
  desk = await openLogDesk()
})
afterEach(() => desk[Symbol.asyncDispose]())

const letters = (text: string, seconds = 60) => [...text].map((title) => desk.library.put(title, seconds * FRAMES))
const predicted = (day: LogDay) => Object.fromEntries(day.lines.map((line) => [line.title, line.predictedAt === null ? (line.timingNote?.code ?? line.status) : line.predictedAt - START]))
const noMarkers = { cueIn: null, fadeInEnd: null, introStart: null, introEnd: null, segueStart: null, segueEnd: null, fadeOutStart: null, cueOut: null }
const slot = (title: string, from: number, length: number, more: Partial<Parameters<typeof saveSlot>[0]> = {}) => ({
  title, startAt: START + from, endAt: START + from + length, onOverrun: 'cut' as const, maxOverrunMs: 0, onUnderrun: 'close' as const, fillGroup: null, ruleProfileId: null, backupItemIds: [] as string[], bus: 'main', ...more,
})
const saveSlot = async (fields: { title: string; startAt: number; endAt: number; onOverrun: 'cut' | 'finish'; maxOverrunMs: number; onUnderrun: 'fill' | 'close'; fillGroup: string | null; ruleProfileId: null; backupItemIds: string[]; bus: string }) => {
  const day = await callRoom(desk.log, 'log.saveSlot', { broadcastDate: DATE, slotId: null, rev: 0, slot: fields })
  return the(day.slots.find(({ title }) => title === fields.title)).id
}

describe('times of a log are those the air will keep', () => {
  it('a line that comes next at its time waits for the end of the one before it', async () => {
    const [a, b, c] = letters('ABC', 90)
    const day = await callRoom(desk.log, 'log.addLines', {
      broadcastDate: DATE, afterLineId: null, lines: [{ itemId: the(a).id, timing: hard(START + HOUR) }, { itemId: the(b).id, timing: { kind: 'hard', at: START + HOUR + MINUTE, onReach: { kind: 'makeNext' } } }, { itemId: the(c).id, timing: { kind: 'notBefore', at: START + HOUR + 5 * MINUTE } }],
    })
    expect(predicted(day)).toEqual({ A: HOUR, B: HOUR + 90_000, C: HOUR + 5 * MINUTE })
  })

  it('a backtimed line begins so that its cue window ends at its time', async () => {
    const [a] = letters('A', 90)
    const day = await callRoom(desk.log, 'log.addLines', {
      broadcastDate: DATE, afterLineId: null, lines: [{ itemId: the(a).id, timing: { kind: 'backtimed', endsAt: START + HOUR, onReach: { kind: 'cut' }, onLate: 'join' }, markers: { ...noMarkers, cueIn: 10 * FRAMES, cueOut: 70 * FRAMES } }],
    })
    expect([predicted(day), the(day.lines[0]).predictedEndAt]).toEqual([{ A: HOUR - MINUTE }, START + HOUR])
  })

  it('a segue begins at the marker of the line before it; a device is given the tail only up to there', async () => {
    const [a, b] = letters('AB')
    const day = await callRoom(desk.log, 'log.addLines', {
      broadcastDate: DATE, afterLineId: null, lines: [{ itemId: the(a).id, timing: hard(START + HOUR), markers: { ...noMarkers, segueStart: 50 * FRAMES, segueEnd: 56 * FRAMES } }, { itemId: the(b).id, timing: follow, transition: 'segue' }],
    })
    expect(day.lines.map((line) => [the(line.predictedAt) - START - HOUR, the(line.predictedEndAt) - START - HOUR])).toEqual([[0, 56_000], [50_000, 110_000]])
    expect(desk.plan().plays.map((play) => [play.title, play.startAt - START - HOUR, play.playSamples, play.chainStart])).toEqual([['A', 0, 50 * FRAMES, true], ['B', 50_000, 60 * FRAMES, false]])
  })

  it('what does not fit into its slot is named, and the slot says by how much it is too long', async () => {
    const slotId = await saveSlot(slot('Sáng', HOUR, 2 * MINUTE))
    const day = await callRoom(desk.log, 'log.addLines', { broadcastDate: DATE, lines: letters('ABCD').map(({ id }) => ({ itemId: id })), afterLineId: null, slotId })
    expect(predicted(day)).toEqual({ A: HOUR, B: HOUR + MINUTE, C: 'slotOver', D: 'slotOver' })
    expect(the(day.slots[0]).overSamples).toBe(120 * FRAMES)
  })

  it('a line set aside, or left out to fit, takes no time', async () => {
    const day = await desk.layOut(letters('ABC'), START + HOUR)
    const skipped = await callRoom(desk.log, 'log.updateLine', { ...named(the(day.lines[1])), skip: true })
    expect(predicted(skipped)).toEqual({ A: HOUR, B: 'scheduled', C: HOUR + MINUTE })
  })

  it('a live line takes the time it was given, and what it is given without a length leaves no place behind it', async () => {
    const [a, b] = letters('AB')
    const lines = (plannedSamples: number) => [{ itemId: the(a).id, timing: hard(START + HOUR) }, { kind: 'live' as const, title: 'Trực tiếp', plannedSamples }, { itemId: the(b).id }]
    const day = await callRoom(desk.log, 'log.addLines', { broadcastDate: DATE, lines: lines(600 * FRAMES), afterLineId: null })
    expect(predicted(day)).toEqual({ A: HOUR, 'Trực tiếp': HOUR + MINUTE, B: HOUR + 11 * MINUTE })
    const open = await callRoom(desk.log, 'log.updateLine', { ...named(the(day.lines[1])), plannedSamples: 0 })
    expect(predicted(open)).toMatchObject({ B: 'waitsForEnd' })
  })

  it('lines of another bus keep their own time', async () => {
    const [a, b, c] = letters('ABC')
    const day = await callRoom(desk.log, 'log.addLines', {
      broadcastDate: DATE, afterLineId: null, lines: [{ itemId: the(a).id, timing: hard(START + HOUR) }, { itemId: the(b).id, timing: hard(START + HOUR + 30_000), bus: 'xa-2' }, { itemId: the(c).id, timing: follow }],
    })
    expect(day.lines.map((line) => [line.title, the(line.predictedAt) - START - HOUR, the(line.predictedEndAt) - START - HOUR])).toEqual([['A', 0, MINUTE], ['B', 30_000, 90_000], ['C', MINUTE, 2 * MINUTE]])
  })
})

describe('times of a running log', () => {
  it('go on from what really happened', async () => {
    const day = await desk.layOut(letters('ABC'), START + MINUTE)
    desk.clock.advance(MINUTE + 40_000)
    desk.played(the(day.lines[0]), { endedAt: START + MINUTE + 20_000, playedSamples: 20 * FRAMES, stopReason: 'operatorSkip' })
    desk.played(the(day.lines[1]), { actualAt: START + MINUTE + 20_000, startSource: 'play' })
    const now = await desk.day()
    expect(now.lines.map((line) => [line.title, line.status, the(line.predictedAt) - START, the(line.plannedAt) - START])).toEqual([['A', 'finished', MINUTE, MINUTE], ['B', 'playing', 80_000, 2 * MINUTE], ['C', 'scheduled', 140_000, 3 * MINUTE]])
  })

  it('a line the station missed is shown as missed, and the one that should sound is where the clock says', async () => {
    const day = await desk.layOut(letters('ABC'), START + MINUTE)
    desk.clock.advance(2 * MINUTE + 15_000)
    const now = await desk.day()
    expect(now.lines.map((line) => [line.title, line.status, line.predictedAt === null ? null : line.predictedAt - START, line.guarded])).toEqual([['A', 'skipped', null, true], ['B', 'scheduled', 2 * MINUTE, true], ['C', 'scheduled', 3 * MINUTE, false]])
    expect(the(now.lines[0]).plannedAt).toBe(the(the(day.lines[0]).plannedAt))
  })

  it('while a person has the log nothing is missed before its key', async () => {
    const day = await desk.layOut(letters('ABC'), START + MINUTE)
    desk.played(the(day.lines[0]), { endedAt: START + 2 * MINUTE, playedSamples: 60 * FRAMES, stopReason: 'natural' })
    desk.clock.advance(10 * MINUTE)
    expect((await desk.day()).lines.map((line) => line.status)).toEqual(['finished', 'skipped', 'skipped'])
    desk.setMode('manual')
    expect((await desk.day()).lines.map((line) => [line.status, line.predictedAt === null ? null : line.predictedAt - START])).toEqual([['finished', MINUTE], ['scheduled', 10 * MINUTE], ['scheduled', 11 * MINUTE]])
  })
})

describe('fixed points of a day', () => {
  it('tell over and under before the solver acts, what it means to do and why', async () => {
    const slotId = await saveSlot(slot('Sáng', HOUR, 3 * MINUTE))
    const [a, b, c] = letters('ABC')
    const [d] = letters('D', 40)
    const day = await callRoom(desk.log, 'log.addLines', {
      broadcastDate: DATE, afterLineId: null, slotId, lines: [{ itemId: the(a).id, timing: hard(START + HOUR), protected: true }, { itemId: the(b).id, protected: true }, { itemId: the(d).id, droppable: true, fillPriority: 3 }, { itemId: the(c).id, protected: true }],
    })
    const post = the(day.posts.find(({ kind }) => kind === 'slot'))
    expect(post).toMatchObject({ id: slotId, at: START + HOUR + 3 * MINUTE, rawSamples: 40 * FRAMES, restSamples: 0, plan: { why: null, changes: [{ title: 'D', what: 'drop', deltaSamples: -40 * FRAMES, reason: 'tooLong' }] } })
    expect(the(day.slots[0]).overSamples).toBe(40 * FRAMES)
  })

  it('name what fills a slot that is short, and what is left when nothing does', async () => {
    const slotId = await saveSlot(slot('Sáng', HOUR, 2 * MINUTE, { onUnderrun: 'fill', fillGroup: 'nhạc nền' }))
    const [a] = letters('A')
    const add = () => callRoom(desk.log, 'log.addLines', { broadcastDate: DATE, afterLineId: null, slotId, lines: [{ itemId: the(a).id, timing: hard(START + HOUR), protected: true }] })
    const short = await add()
    expect(the(short.posts.find(({ kind }) => kind === 'slot'))).toMatchObject({ rawSamples: -60 * FRAMES, restSamples: -60 * FRAMES, plan: { why: 'noFill', changes: [] } })
    desk.library.setState(desk.library.put('Nền', 60 * FRAMES, { tags: ['nhạc nền'], kind: 'music' }).id, 'approved')
    const filled = await desk.day()
    expect(the(filled.posts.find(({ kind }) => kind === 'slot'))).toMatchObject({ rawSamples: -60 * FRAMES, restSamples: 0, plan: { why: null, changes: [{ title: 'Nền', what: 'fill', deltaSamples: 60 * FRAMES, reason: 'tooShort' }] } })
  })
})
