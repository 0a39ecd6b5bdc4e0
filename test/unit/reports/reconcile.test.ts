import { describe, expect, it } from 'vitest'
import { reconcile, sumOf } from '#common/reports/index.ts'
import type { PromisedLine, RunOnAir } from '#common/reports/index.ts'

const FIVE = Date.parse('2026-11-16T17:00:00+07:00')
const NIGHT = Date.parse('2026-11-16T23:59:00+07:00')
const seconds = (count: number): number => count * 48_000
const line = (change: Partial<PromisedLine> = {}): PromisedLine => ({ id: 'a', title: 'Bản tin', promisedAt: FIVE, lengthSamples: seconds(60), dropped: false, skip: false, reason: null, ...change })
const run = (change: Partial<RunOnAir> = {}): RunOnAir => ({
  lineId: 'a', title: 'Bản tin', plannedAt: FIVE, actualAt: FIVE, endedAt: FIVE + 60_000, playedSamples: seconds(60), joinedAtSample: 0, stopReason: 'natural', editCode: 'none', reason: 'atItsTime', startSource: 'time', onAir: true, ...change,
})
const only = (lines: PromisedLine[], runs: RunOnAir[], now = NIGHT) => {
  const [row, ...more] = reconcile(lines, runs, now)
  expect(more).toEqual([])
  return row
}

describe('a line of the log against the as-run', () => {
  it('heard whole within a second of its time is played, on time', () => {
    expect(only([line()], [run({ actualAt: FIVE + 1000 })])).toMatchObject({ outcome: 'played', isOnTime: true, startErrorMs: 1000, playedSamples: seconds(60), why: null })
  })
  it.each([[1001, false], [-1001, false], [-1000, true], [0, true]])('%i ms away from its time is on time: %s', (ms, isOnTime) => {
    expect(only([line()], [run({ actualAt: FIVE + ms })])).toMatchObject({ outcome: 'played', isOnTime, startErrorMs: ms })
  })
  it('cut by the line after it is short, and says by what', () => {
    expect(only([line()], [run({ playedSamples: seconds(40), stopReason: 'cutByHardStart' })])).toMatchObject({ outcome: 'short', why: { from: 'stop', code: 'cutByHardStart' } })
  })
  it('a second less than planned is not short, a tail given to a segue neither', () => {
    expect(only([line()], [run({ playedSamples: seconds(59) })])?.outcome).toBe('played')
    expect(only([line()], [run({ playedSamples: seconds(50), stopReason: 'segued' })])?.outcome).toBe('played')
  })
  it('joined in progress is short by the part before the join', () => {
    expect(only([line()], [run({ actualAt: FIVE + 20_000, playedSamples: seconds(40), joinedAtSample: seconds(20) })])).toMatchObject({ outcome: 'short', why: { from: 'edit', code: 'joinedInProgress' } })
  })
  it('interrupted and resumed is heard as the sum of both, from its first start', () => {
    const runs = [run({ playedSamples: seconds(25), endedAt: FIVE + 25_000, stopReason: 'preempted' }), run({ actualAt: FIVE + 90_000, endedAt: FIVE + 125_000, playedSamples: seconds(35) })]
    expect(only([line()], runs)).toMatchObject({ outcome: 'played', actualAt: FIVE, isOnTime: true, playedSamples: seconds(60) })
  })
  it('with an open row it is on air', () => {
    expect(only([line()], [run({ endedAt: null, stopReason: null, playedSamples: 0 })], FIVE + 5000)).toMatchObject({ outcome: 'running', why: null })
  })
  it('a turn that went by without a sample says why: by the edit code, else the reason', () => {
    expect(only([line()], [run({ onAir: false, playedSamples: 0, editCode: 'skippedByHardStart' })])).toMatchObject({ outcome: 'notPlayed', actualAt: null, why: { from: 'edit', code: 'skippedByHardStart' } })
    expect(only([line()], [run({ onAir: false, playedSamples: 0, reason: 'notPlayable' })])).toMatchObject({ outcome: 'notPlayed', why: { from: 'reason', code: 'notPlayable' } })
  })
  it('a row of no samples is no sound', () => {
    expect(only([line()], [run({ playedSamples: 0, stopReason: 'decodeError' })])).toMatchObject({ outcome: 'notPlayed', why: { from: 'reason', code: 'atItsTime' } })
  })
  it.each([
    [{ dropped: true }, { from: 'edit', code: 'droppedForTime' }], [{ skip: true }, { from: 'edit', code: 'setToSkip' }], [{ reason: 'itemWithdrawn' }, { from: 'reason', code: 'itemWithdrawn' }], [{}, { from: 'noTrace' }],
  ] as const)('without any row, %o: the log says why', (change, why) => {
    expect(only([line(change)], [])).toMatchObject({ outcome: 'notPlayed', why })
  })
  it('before its time it is still to come, unless a person said it will not', () => {
    expect(only([line()], [], FIVE - 1)).toMatchObject({ outcome: 'ahead', why: null })
    expect(only([line({ skip: true })], [], FIVE - 1)?.outcome).toBe('notPlayed')
  })
  it('a line of no known length is never short', () => {
    expect(only([line({ lengthSamples: 0 })], [run({ playedSamples: seconds(3), stopReason: 'operatorStop' })])).toMatchObject({ outcome: 'played', promisedSamples: null })
  })
})

describe('what no line of the day asked for', () => {
  it('is unscheduled: alerts and live by themselves, lines removed since with that word', () => {
    const rows = reconcile([line()], [run(), run({ lineId: null, title: 'Khẩn cấp', actualAt: FIVE + 70_000, startSource: 'alert', reason: null }), run({ lineId: 'gone', title: 'Đã bỏ', actualAt: FIVE + 80_000 })], NIGHT)
    expect(rows.map(({ title, outcome, why }) => [title, outcome, why])).toEqual([['Bản tin', 'played', null], ['Khẩn cấp', 'unscheduled', null], ['Đã bỏ', 'unscheduled', { from: 'lineGone' }]])
  })
  it('that made no sound is left out', () => {
    expect(reconcile([], [run({ lineId: null, onAir: false }), run({ lineId: null, playedSamples: 0 })], NIGHT)).toEqual([])
  })
})

describe('a day', () => {
  it('is in the order of time, with what never had a time at its end, and adds up', () => {
    const lines = [line({ id: 'b', title: 'Hai', promisedAt: FIVE + 60_000 }), line({ id: 'c', title: 'Không giờ', promisedAt: null, reason: 'noAnchor' }), line({ id: 'a', title: 'Một' })]
    const rows = reconcile(lines, [run(), run({ lineId: 'b', plannedAt: FIVE + 60_000, actualAt: FIVE + 65_000, endedAt: FIVE + 75_000, playedSamples: seconds(10), stopReason: 'operatorSkip' }), run({ lineId: null, actualAt: FIVE + 62_000 })], NIGHT)
    expect(rows.map(({ title, outcome }) => [title, outcome])).toEqual([['Một', 'played'], ['Bản tin', 'unscheduled'], ['Hai', 'short'], ['Không giờ', 'notPlayed']])
    expect(sumOf(rows)).toEqual({ promised: 3, played: 1, short: 1, notPlayed: 1, unscheduled: 1, onTime: 1, timed: 2 })
  })
})
