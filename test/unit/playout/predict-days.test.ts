import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { catchUp } from '#common/timing/catch-up.ts'
import type { TimedLine } from '#common/playout/index.ts'
import { instantOf, predictDays as predict, wallSamples } from '#common/playout/index.ts'

const T = Date.UTC(2026, 10, 21, 1, 0, 0)
const MINUTE = 60_000
const hard = (id: string, at: number, lengthSamples: number): TimedLine => ({ id, timing: { kind: 'hard', at }, lengthSamples })
const follow = (id: string, lengthSamples: number): TimedLine => ({ id, timing: { kind: 'follow' }, lengthSamples })
const minutes = (n: number): number => n * 60 * 48_000

describe('planned times of a log', () => {
  it('a hard line starts at its instant and followers join it sample-exact', () => {
    const { planned } = predict([[hard('a', T, 48_001), follow('b', 12_345), follow('c', 7)]])
    const start = wallSamples(T)
    expect(planned.map((line) => [line.id, line.start, line.end, line.chainStart])).toEqual([
      ['a', start, start + 48_001, true], ['b', start + 48_001, start + 60_346, false], ['c', start + 60_346, start + 60_353, false],
    ])
  })

  it('C2: a hard line cuts what is on air, and the lines it jumps over are named', () => {
    const result = predict([[hard('a', T, minutes(3)), follow('b', minutes(3)), follow('c', minutes(3)), hard('d', T + 5 * MINUTE, minutes(1))]])
    expect(result.lines.map((line) => [line.id, line.state, line.cut])).toEqual([['a', 'planned', false], ['b', 'planned', true], ['c', 'skippedByHardStart', false], ['d', 'planned', false]])
    expect(result.planned[1]?.end).toBe(wallSamples(T + 5 * MINUTE))
  })

  it('C1: a hard line never starts early; the silence before it is reported as a gap', () => {
    const result = predict([[hard('a', T, minutes(1)), hard('b', T + 2 * MINUTE, minutes(1))]])
    expect(result.gaps).toEqual([{ from: wallSamples(T + MINUTE), until: wallSamples(T + 2 * MINUTE) }])
  })

  it('C8: of two hard lines at one instant the first by order plays and the second comes next', () => {
    const result = predict([[hard('a', T, minutes(1)), follow('jumped', minutes(1)), hard('b', T, minutes(1)), follow('c', minutes(1))]])
    expect(result.planned.map((line) => line.id)).toEqual(['a', 'b', 'c'])
    expect(result.planned[1]?.start).toBe(wallSamples(T + MINUTE))
    expect(result.lines.find((line) => line.id === 'jumped')?.state).toBe('skippedByHardStart')
  })

  it('a line before the first hard line of its day has no start', () => {
    const result = predict([[hard('yesterday', T, minutes(1))], [follow('a', minutes(1))]])
    expect(result.lines.map((line) => line.state)).toEqual(['planned', 'noStart'])
  })

  it('a chain runs over midnight until the next day starts its own', () => {
    const midnight = T + 10 * MINUTE
    const result = predict([[hard('a', T, minutes(8)), follow('b', minutes(8)), follow('c', minutes(8))], [hard('d', midnight + 7 * MINUTE, minutes(1))]])
    expect(result.planned.map((line) => [line.id, line.cut])).toEqual([['a', false], ['b', false], ['c', true], ['d', false]])
    expect(result.planned[2]?.end).toBe(wallSamples(midnight + 7 * MINUTE))
  })

  it('a line that cannot be played takes no time: the chain closes up', () => {
    const result = predict([[hard('a', T, 0), follow('b', minutes(1)), follow('c', 0), follow('d', minutes(1))]])
    expect(result.planned.map((line) => [line.id, line.start, line.chainStart])).toEqual([['b', wallSamples(T), true], ['d', wallSamples(T + MINUTE), false]])
  })

  it('a hard line that cannot be played cuts nothing', () => {
    const result = predict([[hard('a', T, minutes(3)), hard('b', T + MINUTE, 0)]])
    expect(result.planned.map((line) => [line.id, line.cut])).toEqual([['a', false]])
    expect(result.lines[1]?.state).toBe('empty')
  })

  it('hard lines written out of time order run in time order', () => {
    const result = predict([[hard('late', T + 9 * MINUTE, minutes(2)), follow('after late', minutes(1)), hard('early', T, minutes(2))]])
    expect(result.planned.map((line) => line.id)).toEqual(['early', 'late', 'after late'])
  })

  it('an instant comes back from its wall sample without loss', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 4e12 }), fc.nat(47), (ms, sample) => {
      const wall = ms * 48 + sample
      expect(wallSamples(instantOf(wall))).toBe(wall)
    }))
  })
})

const lineSpec = fc.record({ hardAfterMs: fc.option(fc.integer({ min: 0, max: 600_000 }), { nil: null, freq: 3 }), lengthSamples: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: minutes(10) })) })
const dayOf = (specs: { hardAfterMs: number | null; lengthSamples: number }[], from: number, name: string): TimedLine[] => specs.map((spec, index) => {
  const id = `${name}${index}`
  return spec.hardAfterMs === null ? follow(id, spec.lengthSamples) : hard(id, from + spec.hardAfterMs * (index + 1), spec.lengthSamples)
})

describe('every log', () => {
  const logs = fc.tuple(fc.array(lineSpec, { maxLength: 30 }), fc.array(lineSpec, { maxLength: 30 }))

  it('has one main source at a time, and followers leave no gap inside a chain', () => {
    fc.assert(fc.property(logs, ([one, two]) => {
      const { planned } = predict([dayOf(one, T, 'a'), dayOf(two, T + 86_400_000, 'b')])
      for (const [index, line] of planned.entries()) {
        const next = planned[index + 1]
        expect(line.end ?? 0).toBeGreaterThan(line.start ?? 0)
        if (next === undefined) continue
        expect(next.start ?? 0).toBeGreaterThanOrEqual(line.end ?? 0)
        if (!next.chainStart) expect(next.start).toBe(line.end)
      }
    }))
  })

  it('reports every line exactly once, in the order given', () => {
    fc.assert(fc.property(logs, ([one, two]) => {
      const days = [dayOf(one, T, 'a'), dayOf(two, T + 86_400_000, 'b')]
      expect(predict(days).lines.map((line) => line.id)).toEqual(days.flat().map((line) => line.id))
    }))
  })

  it('never starts a hard line before its instant', () => {
    fc.assert(fc.property(logs, ([one]) => {
      const lines = dayOf(one, T, 'a')
      const result = predict([lines])
      for (const line of lines) {
        const predicted = result.lines.find((other) => other.id === line.id)
        if (line.timing.kind === 'hard') expect(predicted?.start ?? Infinity).toBeGreaterThanOrEqual(wallSamples(line.timing.at))
      }
    }))
  })

  it('is read by the clock: at any sample it names the line that is due, or the silence', () => {
    fc.assert(fc.property(logs, fc.nat(minutes(400)), ([one, two], after) => {
      const spans = predict([dayOf(one, T, 'a'), dayOf(two, T + 86_400_000, 'b')]).planned.map((line) => ({ start: line.start ?? 0, lengthSamples: (line.end ?? 0) - (line.start ?? 0) }))
      const now = wallSamples(T) + after
      const due = spans.findIndex((span) => span.start <= now && now < span.start + span.lengthSamples)
      const found = catchUp(spans, now)
      if (due >= 0) expect(found).toEqual({ kind: 'inside', index: due, position: now - (spans[due]?.start ?? 0) })
      else if (found.kind === 'before') {
        expect(spans[found.index]?.start).toBe(now + found.inSamples)
        expect(spans.slice(0, found.index).every((span) => span.start + span.lengthSamples <= now)).toBe(true)
      } else expect(found.kind === 'over' && spans.every((span) => span.start + span.lengthSamples <= now)).toBe(true)
    }))
  })
})
