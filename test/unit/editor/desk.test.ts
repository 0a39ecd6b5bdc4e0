import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { edit, emptyEdl } from '#common/edl/index.ts'
import type { Command, Edl } from '#common/edl/index.ts'
import { samples } from '#common/units/samples.ts'
import { withRange } from '../../../renderer/studio/features/editor/editor-store.ts'
import { dayText, samplesOfText, secondsOfDay, shortText } from '../../../renderer/studio/features/editor/parts/time-text.ts'
import { isUsed, pieceOf } from '../../../renderer/studio/features/editor/piece.ts'
import { nextRate } from '../../../renderer/studio/features/editor/rates.ts'
import { counterContext } from '../../support/edits.ts'

let made = 0
const context = {
  ...counterContext([{ itemId: 'voice', channels: 1, length: 100_000 }, { itemId: 'bed', channels: 2, length: 500_000 }]),
  newId: () => String(++made).padStart(26, '0'),
}
const run = (edl: Edl, command: Command): Edl => {
  const answer = edit(edl, command, context)
  if ('refused' in answer) throw new Error(answer.refused)
  return answer.edl
}
function project(): Edl {
  let edl = run(run(emptyEdl, { op: 'addLane', name: 'Lời', role: 'voice' }), { op: 'addLane', name: 'Nền', role: 'bed' })
  edl = run(edl, { op: 'insertItem', itemId: 'voice', laneId: edl.lanes[0]?.id ?? '', at: samples(0), mode: 'insert' })
  edl = run(edl, { op: 'insertItem', itemId: 'bed', laneId: edl.lanes[1]?.id ?? '', at: samples(10_000), mode: 'overwrite' })
  return edl
}
const ids = (edl: Edl): string[] => edl.lanes.map((lane) => lane.id)

describe('selected ranges', () => {
  test('stay apart, and what touches becomes one', () => {
    expect(withRange([{ start: 0, end: 10 }, { start: 30, end: 40 }], { start: 50, end: 60 })).toHaveLength(3)
    expect(withRange([{ start: 0, end: 10 }, { start: 30, end: 40 }], { start: 10, end: 32 })).toEqual([{ start: 0, end: 40 }])
    const spans = fc.array(fc.tuple(fc.nat(1_000), fc.integer({ min: 1, max: 200 })), { maxLength: 20 })
    fc.assert(fc.property(spans, (added) => {
      let ranges: { start: number; end: number }[] = []
      for (const [start, length] of added) ranges = withRange(ranges, { start, end: start + length })
      const sorted = ranges.toSorted((a, b) => a.start - b.start)
      sorted.forEach((range, n) => expect(range.start).toBeGreaterThan(sorted[n - 1]?.end ?? -1))
      for (const [start, length] of added) expect(ranges.some((range) => range.start <= start && start + length <= range.end)).toBe(true)
    }))
  })
})

describe('a kept piece', () => {
  test('lies lane by lane from its own beginning, several ranges one behind the other, with the facts of its sources', () => {
    const edl = project()
    const piece = pieceOf(edl, ids(edl), [{ start: 5_000, end: 15_000 }, { start: 40_000, end: 45_000 }])
    expect(piece).toMatchObject({ length: 15_000, title: 'Bài voice' })
    expect(piece?.lanes.map((lane) => [lane.offset, lane.clips.map((clip) => [clip.start, clip.offset, clip.length])])).toEqual([
      [0, [[0, 5_000, 10_000], [10_000, 40_000, 5_000]]], [1, [[5_000, 0, 5_000], [10_000, 30_000, 5_000]]],
    ])
    expect(piece?.sources.map((source) => source.itemId)).toEqual(['voice', 'bed'])
    expect(pieceOf(edl, ids(edl).slice(1), [{ start: 0, end: 5_000 }])).toBeNull()
  })

  test('is used where the same sound is, also under other ids, and no longer when that is cut', () => {
    const edl = project()
    const piece = pieceOf(edl, ids(edl).slice(0, 1), [{ start: 5_000, end: 15_000 }])
    if (piece === null) throw new Error('nothing kept')
    expect(isUsed(project(), piece)).toBe(true)
    expect(isUsed(run(edl, { op: 'silence', range: { start: samples(5_000), end: samples(15_000) }, laneIds: ids(edl) }), piece)).toBe(false)
    expect(isUsed(emptyEdl, piece)).toBe(false)
  })
})

describe('times as they are typed', () => {
  test('are read in the ways people write them', () => {
    expect(['5:00', '1:02:03', '90', '4:59,5', '0:00.001'].map(samplesOfText)).toEqual([300 * 48_000, 3_723 * 48_000, 90 * 48_000, 299.5 * 48_000, 48])
    expect(['', '5:60', 'năm phút', '1:60:00', '-3', '5:0x'].map(samplesOfText)).toEqual([null, null, null, null, null, null])
    expect(['17:00', '5:30:15', '24:00', '17:60', '17'].map(secondsOfDay)).toEqual([61_200, 19_815, null, null, null])
    expect([dayText(61_200), dayText(86_400 + 59), shortText(300 * 48_000), shortText(299.5 * 48_000), shortText(3_723 * 48_000)]).toEqual(['17:00:00', '00:00:59', '5:00', '4:59,5', '1:02:03'])
    fc.assert(fc.property(fc.nat(300_000_000), (ms) => {
      expect(samplesOfText(shortText(ms * 48))).toBe(ms * 48)
    }))
  })
})

describe('J, K and L', () => {
  test('go faster with each press, and the other key comes back step by step', () => {
    const press = (...keys: (1 | -1)[]): number => keys.reduce<{ rate: number; playing: boolean }>(({ rate, playing }, key) => ({ rate: nextRate(rate, key, playing), playing: true }), { rate: 1, playing: false }).rate
    expect([press(1), press(1, 1), press(1, 1, 1), press(1, 1, 1, 1, 1, 1, 1)]).toEqual([1, 1.5, 2, 8])
    expect([press(-1), press(-1, -1, -1), press(1, 1, 1, -1), press(1, -1), press(1, -1, -1)]).toEqual([-1, -2, 1.5, -1, -1.5])
  })
})
