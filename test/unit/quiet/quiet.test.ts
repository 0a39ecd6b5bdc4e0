import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { edit, edlLength, emptyEdl } from '#common/edl/index.ts'
import type { Command, Edl } from '#common/edl/index.ts'
import { createPeakAccumulator, SAMPLES_PER_POINT } from '#common/peaks/index.ts'
import type { Peaks } from '#common/peaks/index.ts'
import { closedTo, endsOf, fitBy, floorOf, MAX_STRETCH, newLengths, quietSpans, tightened } from '#common/quiet/index.ts'
import type { Span } from '#common/quiet/index.ts'
import { samples } from '#common/units/samples.ts'
import { counterContext } from '../../support/edits.ts'
import { babble, joined, noise, pcmOf, silence } from '../../support/signals.ts'
import type { Signal } from '../../support/signals.ts'

const SECOND = 48_000
const TEN_MS = 480

function peaksOf(signal: Signal): Peaks {
  const accumulator = createPeakAccumulator('int16', signal.length)
  const points: number[] = []
  accumulator.push(pcmOf(signal, 'int16'), (point) => points.push(...point))
  accumulator.end((point) => points.push(...point))
  return { rateHz: SECOND, samplesPerPoint: SAMPLES_PER_POINT, channels: signal.length, length: points.length / 2 / signal.length, data: Int16Array.from(points) }
}

/** Speech-like noise with pauses at known places, over a room that is not silent. */
const loud = (seconds: number): Signal => noise({ dbfs: -18, seconds, seed: 7 })
const room = (seconds: number): Signal => noise({ dbfs: -62, seconds, seed: 3 })
const spoken = joined(room(0.8), loud(1.3), room(1.5), loud(0.7), room(0.2), loud(0.9), room(0.9), loud(0.4), room(1.1))
const length = spoken[0]?.length ?? 0
const pauses: readonly Span[] = [[0, 0.8], [2.1, 3.6], [5.4, 6.3], [6.7, 7.8]].map(([a = 0, b = 0]) => ({ start: a * SECOND, end: b * SECOND }))

function project(): { edl: Edl; laneId: string; run: (edl: Edl, command: Command) => Edl } {
  const context = counterContext([{ itemId: 'voice', channels: 1, length }])
  const run = (edl: Edl, command: Command): Edl => {
    const made = edit(edl, command, context)
    if ('refused' in made) throw new Error(made.refused)
    return made.edl
  }
  let edl = run(emptyEdl, { op: 'addLane', name: 'Lời' })
  const laneId = edl.lanes[0]?.id ?? ''
  edl = run(edl, { op: 'insertItem', itemId: 'voice', laneId, at: samples(0), mode: 'insert' })
  return { edl, laneId, run }
}
const peaks = peaksOf(spoken)
const levels = (itemId: string): Peaks | null => (itemId === 'voice' ? peaks : null)
const settings = { thresholdDbfs: -40, minLength: 0.5 * SECOND }

describe('pauses', () => {
  test('are found within 10 ms of where they are, and short ones are left to the speaker', () => {
    const { edl, laneId } = project()
    const found = quietSpans(edl, [laneId], { start: 0, end: length }, levels, settings)
    expect(found).toHaveLength(pauses.length)
    found.forEach((span, n) => {
      expect(Math.abs(span.start - (pauses[n]?.start ?? 0))).toBeLessThanOrEqual(TEN_MS)
      expect(Math.abs(span.end - (pauses[n]?.end ?? 0))).toBeLessThanOrEqual(TEN_MS)
    })
  })

  test('are found where the clips lie now: moved, cut and made louder', () => {
    const { edl: whole, laneId, run } = project()
    const cut = run(whole, { op: 'deleteRange', range: { start: samples(0), end: samples(SECOND) }, ripple: true, laneIds: [laneId] })
    const first = quietSpans(cut, [laneId], { start: 0, end: edlLength(cut) }, levels, settings)[0]
    expect(Math.abs((first?.start ?? 0) - 1.1 * SECOND)).toBeLessThanOrEqual(TEN_MS)
    const clipId = cut.lanes[0]?.clips[0]?.id ?? ''
    // 24 dB louder, the room is over the threshold and nothing is quiet any more.
    const louder = run(cut, { op: 'setGain', clipId, gainDb: 24 })
    expect(quietSpans(louder, [laneId], { start: 0, end: edlLength(louder) }, levels, settings)).toEqual([])
  })

  test('are only where all chosen lanes are quiet, and a clip nobody can look into is never quiet', () => {
    const { edl, laneId, run } = project()
    const two = run(edl, { op: 'addLane', name: 'Nhạc' })
    const other = two.lanes[1]?.id ?? ''
    const both = run(two, { op: 'insertItem', itemId: 'voice', laneId: other, at: samples(0.5 * SECOND), mode: 'overwrite' })
    const alone = quietSpans(both, [laneId], { start: 0, end: length }, levels, settings)
    const together = quietSpans(both, [laneId, other], { start: 0, end: length }, levels, { ...settings, minLength: 0.05 * SECOND })
    expect(alone).toHaveLength(4)
    for (const span of together) expect(alone.some((one) => one.start <= span.start && span.end <= one.end) || span.end - span.start < 0.25 * SECOND).toBe(true)
    expect(quietSpans(both, [laneId], { start: 0, end: length }, () => null, settings)).toEqual([])
  })

  test('end where the selection ends', () => {
    const { edl, laneId } = project()
    const found = quietSpans(edl, [laneId], { start: 2.5 * SECOND, end: 3.5 * SECOND }, levels, settings)
    expect(found).toEqual([{ start: 2.5 * SECOND, end: 3.5 * SECOND }])
  })

  test('have a level to begin with that lies between the room and the voice, also for babble', () => {
    const { edl, laneId } = project()
    const found = floorOf(edl, [laneId], levels)
    expect(found).toBeGreaterThan(-62)
    expect(found).toBeLessThan(-20)
    expect(quietSpans(edl, [laneId], { start: 0, end: length }, levels, { ...settings, thresholdDbfs: found })).toHaveLength(4)
    const speech = peaksOf(joined(babble(3), silence(1), babble(3, 5)))
    expect(floorOf(edl, [laneId], () => speech)).toBeLessThan(-20)
    expect(floorOf(edl, [laneId], () => null)).toBe(-40)
  })
})

describe('tightening', () => {
  test('makes every long pause as long as asked, and what was shown is what comes out', () => {
    const { edl, laneId, run } = project()
    const found = quietSpans(edl, [laneId], { start: 0, end: length }, levels, settings)
    const cuts = tightened(found, 0.6 * SECOND)
    const told = cuts.reduce((sum, cut) => sum + cut.end - cut.start, 0)
    let after = edl
    for (const cut of cuts.toReversed()) after = run(after, { op: 'deleteRange', range: { start: samples(cut.start), end: samples(cut.end) }, ripple: true, laneIds: [laneId] })
    expect(edlLength(after)).toBe(length - told)
    const left = quietSpans(after, [laneId], { start: 0, end: edlLength(after) }, levels, settings)
    for (const span of left) expect(Math.abs(span.end - span.start - 0.6 * SECOND)).toBeLessThanOrEqual(2 * TEN_MS)
  })

  test('trims the ends and leaves a breath', () => {
    const found = [{ start: 0, end: 40_000 }, { start: 90_000, end: 100_000 }]
    expect(endsOf(found, { start: 0, end: 100_000 }, 4_800)).toEqual({ head: { start: 0, end: 35_200 }, tail: { start: 94_800, end: 100_000 } })
    expect(endsOf([{ start: 10, end: 50 }], { start: 0, end: 100 }, 0)).toEqual({ head: null, tail: null })
    expect(endsOf([{ start: 0, end: 100 }], { start: 0, end: 100 }, 0)).toEqual({ head: null, tail: null })
  })

  test('takes out exactly what is asked for when the pauses give it, and never leaves one shorter than allowed', () => {
    const pausesOf = fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 40 }).map((lengths) => {
      let at = 0
      return lengths.map((one) => {
        const start = at + 10
        at = start + one
        return { start, end: at }
      })
    })
    fc.assert(fc.property(pausesOf, fc.integer({ min: 0, max: 500_000 }), fc.integer({ min: 0, max: 30_000 }), (spans, wanted, least) => {
      const most = spans.reduce((sum, span) => sum + Math.max(0, span.end - span.start - least), 0)
      const { spans: cuts, removed } = closedTo(spans, wanted, least)
      expect(removed).toBe(Math.min(wanted, most))
      expect(cuts.reduce((sum, cut) => sum + cut.end - cut.start, 0)).toBe(removed)
      for (const cut of cuts) {
        const pause = spans.find((span) => span.start <= cut.start && cut.end <= span.end)
        expect(pause).toBeDefined()
        if (pause !== undefined) expect(pause.end - pause.start - (cut.end - cut.start)).toBeGreaterThanOrEqual(least)
      }
    }))
  })
})

describe('fitting to a slot', () => {
  const wish = { length: 300 * SECOND, target: 290 * SECOND, speech: 250 * SECOND, pauses: [], tighten: true, stretch: true, fill: false }

  test('closes pauses first and stretches only what is left', () => {
    const quiet = [{ start: 0, end: 4 * SECOND }, { start: 10 * SECOND, end: 14 * SECOND }]
    const plan = fitBy({ ...wish, target: 296 * SECOND, pauses: quiet })
    expect([plan.removed, plan.factor, plan.rest]).toEqual([4 * SECOND, 1, 0])
    const more = fitBy({ ...wish, pauses: quiet })
    expect(more.removed).toBe(7.5 * SECOND)
    expect(more.speechLength).toBe(250 * SECOND - 10 * SECOND)
    expect([more.rest, more.isHeard]).toEqual([0, false])
  })

  test('lets music go on only where stretching would not reach, and leaves speech as it is then', () => {
    const near = fitBy({ ...wish, target: 310 * SECOND, fill: true })
    expect([near.filled, near.speechLength, near.rest]).toEqual([0, 260 * SECOND, 0])
    const far = fitBy({ ...wish, target: 400 * SECOND, fill: true })
    expect([far.filled, far.factor, far.rest]).toEqual([100 * SECOND, 1, 0])
    expect(fitBy({ ...wish, target: 310 * SECOND, fill: true, stretch: false }).filled).toBe(10 * SECOND)
    expect(fitBy({ ...wish, target: 400 * SECOND })).toMatchObject({ filled: 0, rest: 75 * SECOND })
    // Music cannot make a programme shorter.
    expect(fitBy({ ...wish, target: 200 * SECOND, fill: true })).toMatchObject({ filled: 0, rest: -75 * SECOND })
  })

  test('lands on the sample, or says what is missing', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 400 * SECOND }), fc.integer({ min: 1, max: 300 * SECOND }), fc.boolean(), fc.boolean(), (target, speech, tighten, stretch) => {
      const plan = fitBy({ ...wish, target, speech, tighten, stretch, pauses: [{ start: 5, end: 5 * SECOND }] })
      const end = wish.length - plan.removed + (plan.speechLength - Math.max(0, speech - plan.removed))
      expect(end + plan.rest).toBe(target)
      expect(Math.abs(plan.factor - 1)).toBeLessThanOrEqual(MAX_STRETCH + 1e-9)
      expect(plan.isHeard).toBe(Math.abs(plan.factor - 1) > 0.05)
    }))
  })

  test('shares the new length among the pieces without losing a sample', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 200 }), fc.integer({ min: 0, max: 5_000_000 }), (lengths, total) => {
      const made = newLengths(lengths, total)
      expect(made.reduce((sum, one) => sum + one, 0)).toBe(total)
      const before = lengths.reduce((sum, one) => sum + one, 0)
      made.forEach((one, n) => expect(Math.abs(one - ((lengths[n] ?? 0) * total) / before)).toBeLessThanOrEqual(1))
    }))
  })
})
