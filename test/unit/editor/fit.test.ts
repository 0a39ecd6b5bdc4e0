import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { applyPatches, clipEnd, edit, edlLength, emptyEdl, violations } from '#common/edl/index.ts'
import type { Command, Edl, EditContext, Lane } from '#common/edl/index.ts'
import { fitBy } from '#common/quiet/index.ts'
import { samples } from '#common/units/samples.ts'
import { EditCommand } from '#contract/editor.ts'
import { canGoOn } from '../../../renderer/studio/features/editor/tools/fit-others.ts'
import { layoutOf, lengthOf, movedCuts, programmeEnd, spokenSpans, stretchedBy } from '../../../renderer/studio/features/editor/tools/fit-plan.ts'
import type { FitFacts } from '../../../renderer/studio/features/editor/tools/fit-plan.ts'
import { fitSteps } from '../../../renderer/studio/features/editor/tools/fit-run.ts'
import { voiceLanes } from '../../../renderer/studio/features/editor/tools/voice-lanes.ts'
import { counterContext } from '../../support/edits.ts'

const SECOND = 48_000
const s = (seconds: number) => samples(Math.round(seconds * SECOND))
const shelf = [{ itemId: 'voice', channels: 1, length: 120 * SECOND }, { itemId: 'bed', channels: 2, length: 200 * SECOND }, { itemId: 'short', channels: 2, length: 20 * SECOND }, { itemId: 'outro', channels: 2, length: 8 * SECOND }, { itemId: 'sting', channels: 1, length: SECOND }]
let made = 0
/** Stretched sound is an item of just its length. */
const context: EditContext = {
  ...counterContext(),
  newId: () => String(++made).padStart(26, '0'),
  item: (itemId) => {
    const length = shelf.find((item) => item.itemId === itemId)?.length ?? Number(/^1(\d{20})/.exec(itemId)?.[1] ?? 0)
    return length === 0 ? null : { itemId, title: itemId, sha256: itemId.padEnd(64, '0'), channels: 1, length: samples(length) }
  },
}
const run = (edl: Edl, ...commands: Command[]): Edl => commands.reduce<Edl>((now, command) => {
  const answer = edit(now, command, context)
  if ('refused' in answer) throw new Error(`${command.op}: ${answer.refused} ${answer.index ?? ''}`)
  return answer.edl
}, edl)
const put = (edl: Edl, lane: number, itemId: string, at: number, seconds: number, from = 0): Command => ({ op: 'insertItem', itemId, laneId: edl.lanes[lane]?.id ?? '', at: s(at), mode: 'overwrite', range: { start: s(from), end: s(from + seconds) } })
const lanes = run(emptyEdl, { op: 'addLane', name: 'Lời', role: 'voice' }, { op: 'addLane', name: 'Nhạc', role: 'bed' }, { op: 'addLane', name: 'Hiệu' })
const places = (lane: Lane | undefined) => (lane?.clips ?? []).map((clip) => [clip.start / SECOND, clipEnd(clip) / SECOND])

interface Wish {
  readonly target: number
  readonly tighten?: boolean
  readonly stretch?: boolean
  readonly pauses?: readonly { start: number; end: number }[]
  readonly withBed?: boolean
}
/** The fit as the tool does it, with sound of the asked lengths from the station. */
function fitted(edl: Edl, wish: Wish): { edl: Edl; facts: FitFacts } {
  const voice = voiceLanes(edl)
  const speech = voice.flatMap((lane) => lane.clips)
  const target = s(wish.target)
  const withBed = wish.withBed ?? true
  const plan = fitBy({
    length: programmeEnd(edl, voice), target, speech: lengthOf(spokenSpans(speech)), pauses: (wish.pauses ?? []).map(({ start, end }) => ({ start: s(start), end: s(end) })), tighten: wish.tighten ?? true, stretch: wish.stretch ?? true,
    fill: withBed && edl.lanes.some((lane) => canGoOn(edl, lane, programmeEnd(edl, voice))),
  })
  const facts: FitFacts = { edl, voice, speech, plan, target, withBed }
  const { lengths } = layoutOf(facts)
  const parts = plan.factor === 1 ? [] : speech.map((clip, n) => ({ key: clip.id, itemId: `1${String(lengths.get(clip.id) ?? 0).padStart(20, '0')}${String(n).padStart(5, '0')}`, offset: samples(0), length: samples(lengths.get(clip.id) ?? 0) }))
  const command: Command = { op: 'batch', name: 'fit', commands: [...fitSteps(facts, parts)].map((one) => EditCommand.parse(one)).filter((one) => one.op !== 'batch') }
  const answer = edit(edl, command, context)
  if ('refused' in answer) throw new Error(`${answer.refused} at ${JSON.stringify(command.commands[answer.index ?? 0])}`)
  expect(violations(answer.edl)).toEqual([])
  expect(applyPatches(answer.edl, answer.inverse)).toEqual(edl)
  return { edl: answer.edl, facts }
}

describe('an outro on another lane', () => {
  const edl = run(lanes, put(lanes, 0, 'voice', 0, 60), put(lanes, 1, 'bed', 2, 58), put(lanes, 2, 'outro', 57, 8))

  test('is part of the programme, and ends on the last sample of the slot when the voice becomes shorter', () => {
    expect(programmeEnd(edl, voiceLanes(edl))).toBe(65 * SECOND)
    const made = fitted(edl, { target: 63 }).edl
    expect(places(made.lanes[0])).toEqual([[0, 58]])
    expect(places(made.lanes[2])).toEqual([[55, 63]])
    expect(edlLength(made)).toBe(63 * SECOND)
    // The bed gave way to the outro and still does.
    expect(places(made.lanes[1])[0]?.[1]).toBe(58)
  })

  test('goes later when the voice becomes longer, and is played in full', () => {
    const made = fitted(edl, { target: 67 }).edl
    expect([places(made.lanes[0]), places(made.lanes[2])]).toEqual([[[0, 62]], [[59, 67]]])
    expect(made.lanes[2]?.clips[0]?.length).toBe(8 * SECOND)
  })

  test('goes along when pauses are closed', () => {
    const { edl: after } = fitted(edl, { target: 62, stretch: false, pauses: [{ start: 10, end: 13 }, { start: 30, end: 32 }] })
    expect(places(after.lanes[2])).toEqual([[54, 62]])
    expect(edlLength(after)).toBe(62 * SECOND)
  })

  test('stays behind the bed of its own lane, which ends where it begins', () => {
    const one = run(lanes, put(lanes, 0, 'voice', 0, 60), put(lanes, 1, 'bed', 0, 60), put(lanes, 1, 'outro', 60, 8))
    const made = fitted(one, { target: 64 }).edl
    expect(places(made.lanes[1])).toEqual([[0, 56], [56, 64]])
  })

  test('is moved together with what stands beside it', () => {
    const two = run(lanes, put(lanes, 0, 'voice', 0, 60), put(lanes, 2, 'outro', 60, 4), put(lanes, 2, 'outro', 66, 4))
    expect(places(fitted(two, { target: 68 }).edl.lanes[2])).toEqual([[58, 62], [64, 68]])
  })
})

describe('what lies beside the voice', () => {
  test('stays at its word: a sting in the middle goes as far as the words before it', () => {
    const edl = run(lanes, put(lanes, 0, 'voice', 0, 60), put(lanes, 2, 'sting', 30, 1))
    expect(places(fitted(edl, { target: 57 }).edl.lanes[2])).toEqual([[28.5, 29.5]])
    const cut = fitted(edl, { target: 57, stretch: false, pauses: [{ start: 5, end: 9 }] }).edl
    expect(places(cut.lanes[2])).toEqual([[27, 28]])
  })

  test('never lies over itself, however near the stings are', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 5_500 }), { minLength: 1, maxLength: 12 }), fc.integer({ min: 5_500, max: 6_500 }), (starts, target) => {
      const spots = starts.toSorted((a, b) => a - b).filter((at, n, all) => at - (all[n - 1] ?? -200) >= 110)
      const edl = spots.reduce((now, at) => run(now, put(now, 2, 'sting', at / 100, 1)), run(lanes, put(lanes, 0, 'voice', 0, 60)))
      const { edl: made } = fitted(edl, { target: target / 100 })
      expect(made.lanes[2]?.clips.length).toBe(spots.length)
      expect(clipEnd(made.lanes[0]?.clips[0] ?? expect.fail('no voice'))).toBe(s(target / 100) - Math.max(0, programmeEnd(edl, voiceLanes(edl)) - 60 * SECOND))
    }), { numRuns: 60 })
  })

  test('two voices on two lanes stay together, also where they speak at once', () => {
    const two = run(lanes, { op: 'setRole', laneId: lanes.lanes[2]?.id ?? '', role: 'voice' })
    const turns = run(two, put(two, 0, 'voice', 0, 20), put(two, 2, 'voice', 20, 20, 20), put(two, 0, 'voice', 40, 20, 40))
    const made = fitted(turns, { target: 63 }).edl
    expect(places(made.lanes[0])).toEqual([[0, 21], [42, 63]])
    expect(places(made.lanes[2])).toEqual([[21, 42]])
    const both = run(two, put(two, 0, 'voice', 0, 60), put(two, 2, 'voice', 0, 60))
    const made2 = fitted(both, { target: 57 }).edl
    expect([places(made2.lanes[0]), places(made2.lanes[2])]).toEqual([[[0, 57]], [[0, 57]]])
  })

  test('crossfades between words keep their length, and the end is on the sample', () => {
    const edl = run(lanes, put(lanes, 0, 'voice', 0, 30), put(lanes, 0, 'voice', 30, 30, 60), { op: 'crossfade', laneId: lanes.lanes[0]?.id ?? '', at: s(30), length: s(0.1), shape: 'equalPower' })
    const made = fitted(edl, { target: 57.3 }).edl
    const [left, right] = made.lanes[0]?.clips ?? []
    if (left === undefined || right === undefined) throw new Error('no clips')
    expect(clipEnd(left) - right.start).toBe(s(0.1))
    expect(edlLength(made)).toBe(s(57.3))
  })
})

describe('the bed', () => {
  test('ends with the programme: cut with a fade, or drawn longer as far as its sound goes', () => {
    const long = run(lanes, put(lanes, 0, 'voice', 0, 60), put(lanes, 1, 'bed', 2, 100))
    const shorter = fitted(long, { target: 58 }).edl.lanes[1]?.clips[0]
    expect([shorter === undefined ? 0 : clipEnd(shorter), (shorter?.fadeOut.length ?? 0) > 0]).toEqual([58 * SECOND, true])
    const brief = run(lanes, put(lanes, 0, 'voice', 0, 60), put(lanes, 1, 'bed', 2, 40))
    expect(places(fitted(brief, { target: 60 }).edl.lanes[1])).toEqual([[2, 60]])
    expect(places(fitted(brief, { target: 60, withBed: false }).edl.lanes[1])).toEqual([[2, 42]])
  })

  test('under a few words is a bed all the same, however far it reaches behind them', () => {
    const brief = run(lanes, put(lanes, 0, 'voice', 0, 10), put(lanes, 1, 'short', 0, 20))
    expect(programmeEnd(brief, voiceLanes(brief))).toBe(10 * SECOND)
    expect(places(fitted(brief, { target: 10.5 }).edl.lanes[1])).toEqual([[0, 10.5]])
  })

  test('goes on to the end of a slot that speech cannot fill; speech is left as it is', () => {
    const edl = run(lanes, put(lanes, 0, 'voice', 0, 60), put(lanes, 1, 'bed', 2, 58), put(lanes, 2, 'outro', 60, 8), { op: 'addMarker', at: s(61), length: samples(0), label: 'Kết' })
    const { edl: made, facts } = fitted(edl, { target: 180 })
    expect([facts.plan.factor, facts.plan.filled / SECOND, facts.plan.rest]).toEqual([1, 112, 0])
    expect(places(made.lanes[0])).toEqual([[0, 60]])
    expect(places(made.lanes[2])).toEqual([[172, 180]])
    expect(places(made.lanes[1])).toEqual([[2, 172]])
    expect(made.markers.map(({ at }) => at / SECOND)).toEqual([173])
    expect(edlLength(made)).toBe(180 * SECOND)
  })

  test('shorter than the slot, it comes again and again, each time across two seconds, and ends on the sample', () => {
    fc.assert(fc.property(fc.integer({ min: 75_000, max: 400_000 }), (ms) => {
      const edl = run(lanes, put(lanes, 0, 'voice', 0, 60), put(lanes, 1, 'short', 3, 20))
      const made = fitted(edl, { target: ms / 1_000 }).edl
      const bed = made.lanes[1]?.clips ?? []
      expect(edlLength(made)).toBe(s(ms / 1_000))
      expect(clipEnd(bed.at(-1) ?? expect.fail('no bed'))).toBe(s(ms / 1_000))
      expect(bed.at(-1)?.fadeOut.length).toBeGreaterThan(0)
      for (const [n, clip] of bed.entries()) if (n > 0) expect(clipEnd(bed[n - 1] ?? clip) - clip.start).toBe(2 * SECOND)
    }), { numRuns: 40 })
  })

  test('a song after the words is music, not an outro: it is cut where the slot ends', () => {
    const edl = run(lanes, put(lanes, 0, 'voice', 0, 60), put(lanes, 1, 'bed', 60, 200))
    const made = fitted(edl, { target: 180 }).edl
    expect(places(made.lanes[1])).toEqual([[60, 180]])
    expect(places(made.lanes[0])).toEqual([[0, 60]])
  })
})

describe('the arithmetic', () => {
  test('keeps order and sum of what is cut, whatever the factor', () => {
    const spans = [{ start: 0, end: 100_000 }]
    fc.assert(fc.property(fc.integer({ min: 90_000, max: 110_000 }), fc.array(fc.integer({ min: 1, max: 99_999 }), { minLength: 2, maxLength: 12 }), (length, points) => {
      const edges = [...new Set(points)].sort((a, b) => a - b)
      const cuts = Array.from({ length: Math.floor(edges.length / 2) }, (_, n) => ({ start: edges[n * 2] ?? 0, end: edges[n * 2 + 1] ?? 0 }))
      const total = Math.round(lengthOf(cuts) * (length / 100_000))
      const map = stretchedBy(spans, length / 100_000)
      const moved = movedCuts(cuts, map, total)
      expect(lengthOf(moved)).toBe(total)
      moved.forEach((cut, n) => expect(cut.start).toBeGreaterThanOrEqual((moved[n - 1]?.end ?? 0) - cuts.length))
      expect([map(0), map(100_000)]).toEqual([0, length])
    }))
  })
})
