import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PlayoutDay, PlayoutLine, PlayoutSlot } from '#common/playout/index.ts'
import { defaultSequencerSettings, instantOf, wallSamples } from '#common/playout/index.ts'
import { DAY, T, find, hard, line, minutes, planOf, seconds, slot } from '../../support/playout.ts'

/** The log as it was written, before anything has happened: what a window shows of a day to come. */
const TOMORROW: PlayoutDay = { logId: DAY.logId, broadcastDate: '2026-11-22', startsAt: DAY.endsAt, endsAt: DAY.endsAt + minutes(24 * 60) }
const written = (lines: readonly PlayoutLine[], slots: readonly PlayoutSlot[] = []) => planOf({ now: DAY.startsAt, lines, slots, days: [DAY, TOMORROW], settings: { ...defaultSequencerSettings, solves: false } })
const tomorrow = (id: string, length: number, set: Partial<PlayoutLine> = {}) => line(id, length, { broadcastDate: TOMORROW.broadcastDate, ...set })
const spans = (plan: ReturnType<typeof written>) => plan.sounding.map(({ lineId, start, length }) => [lineId, (start ?? 0) - T, (start ?? 0) - T + length])

describe('planned times of a log', () => {
  it('a hard line starts at its instant and followers join it sample-exact', () => {
    const plan = written([line('a', 48_001, { timing: hard(T) }), line('b', 12_345), line('c', 7)])
    expect(spans(plan)).toEqual([['a', 0, 48_001], ['b', 48_001, 60_346], ['c', 60_346, 60_353]])
    expect(plan.sounding.map(({ startSource }) => startSource)).toEqual(['time', 'play', 'play'])
  })

  it('a hard line cuts what is on air, and the lines it jumps over are named', () => {
    const plan = written([line('a', minutes(3), { timing: hard(T) }), line('b', minutes(3)), line('c', minutes(3)), line('d', minutes(1), { timing: hard(T + minutes(5)) })])
    expect(plan.placements.map(({ lineId, sounds, stopReason, editCode }) => [lineId, sounds, stopReason, editCode])).toEqual([
      ['a', true, 'natural', 'none'], ['b', true, 'cutByHardStart', 'none'], ['c', false, 'cutByHardStart', 'skippedByHardStart'], ['d', true, 'natural', 'none'],
    ])
    expect(spans(plan)[1]).toEqual(['b', minutes(3), minutes(5)])
  })

  it('a hard line never starts early: silence before it stays, and inside a slot it is told', () => {
    const lines = [line('a', minutes(1), { timing: hard(T), slotId: 's' }), line('b', minutes(1), { timing: hard(T + minutes(2)), slotId: 's' })]
    const plan = written(lines, [slot('s', T, T + minutes(3))])
    expect(spans(plan)).toEqual([['a', 0, minutes(1)], ['b', minutes(2), minutes(3)]])
    expect(plan.holes).toEqual([{ from: T + minutes(1), until: T + minutes(2), slotId: 's' }])
  })

  it('of two hard lines at one instant the first by order plays and the second comes next', () => {
    const plan = written([line('a', minutes(1), { timing: hard(T) }), line('jumped', minutes(1)), line('b', minutes(1), { timing: hard(T) }), line('c', minutes(1))])
    expect(spans(plan)).toEqual([['a', 0, minutes(1)], ['b', minutes(1), minutes(2)], ['c', minutes(2), minutes(3)]])
    expect(find(plan, 'jumped').editCode).toBe('skippedByHardStart')
  })

  it('a line before the first hard line of the log has no start', () => {
    const plan = written([line('early', minutes(1)), line('a', minutes(1), { timing: hard(T) })])
    expect([find(plan, 'early').start, find(plan, 'early').reason, spans(plan)]).toEqual([null, 'noAnchor', [['a', 0, minutes(1)]]])
  })

  it('a line before the first hard line of its day has none either, unless something sounds into its day', () => {
    const short = written([line('a', minutes(1), { timing: hard(T) }), tomorrow('b', minutes(1))])
    expect([find(short, 'b').start, find(short, 'b').reason]).toEqual([null, 'noAnchor'])
    const long = written([line('a', DAY.endsAt - T + seconds(5), { timing: hard(T) }), tomorrow('b', minutes(1))])
    expect(find(long, 'b').start).toBe(DAY.endsAt + seconds(5))
  })

  it('a chain runs over midnight until the next day starts its own', () => {
    const late = DAY.endsAt - minutes(10)
    const plan = written([line('a', minutes(8), { timing: hard(late) }), line('b', minutes(8)), line('c', minutes(8)), tomorrow('d', minutes(1), { timing: hard(DAY.endsAt + minutes(7)) })])
    expect(plan.sounding.map(({ lineId, stopReason }) => [lineId, stopReason])).toEqual([['a', 'natural'], ['b', 'natural'], ['c', 'cutByHardStart'], ['d', 'natural']])
    expect((find(plan, 'c').start ?? 0) + find(plan, 'c').length).toBe(DAY.endsAt + minutes(7))
  })

  it('a line that cannot be played takes no time: the chain closes up, and its time goes to the line after it', () => {
    const plan = written([line('a', minutes(1), { timing: hard(T), state: 'notApproved' }), line('b', minutes(1)), line('c', minutes(1), { state: 'noTake' }), line('d', minutes(1))])
    expect(spans(plan)).toEqual([['b', 0, minutes(1)], ['d', minutes(1), minutes(2)]])
  })

  it('a hard line that cannot be played cuts nothing', () => {
    const plan = written([line('a', minutes(3), { timing: hard(T) }), line('b', 0, { timing: hard(T + minutes(1)) })])
    expect([spans(plan), find(plan, 'a').stopReason, find(plan, 'b').sounds]).toEqual([[['a', 0, minutes(3)]], 'natural', false])
  })

  it('hard lines written out of time order run in time order', () => {
    const plan = written([line('late', minutes(2), { timing: hard(T + minutes(9)) }), line('after late', minutes(1)), line('early', minutes(2), { timing: hard(T) })])
    expect(plan.sounding.map(({ lineId }) => lineId)).toEqual(['early', 'late', 'after late'])
  })

  it('an instant comes back from its wall sample without loss', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 4e12 }), fc.nat(47), (ms, sample) => {
      const wall = ms * 48 + sample
      expect(wallSamples(instantOf(wall))).toBe(wall)
    }))
  })
})

describe('over and under at the fixed points of a log', () => {
  const morning = slot('s', T, T + minutes(3), { onUnderrun: 'close' })

  it('is told for every timed line of a slot and its end, each from the point before it; outside slots silence is correct', () => {
    const lines = [line('a', minutes(2), { timing: hard(T), slotId: 's' }), line('b', seconds(45), { slotId: 's' }), line('c', seconds(20), { timing: hard(T + minutes(2)), slotId: 's' }), line('d', seconds(30), { timing: hard(T + minutes(10)) })]
    const plan = written(lines, [morning])
    expect(plan.posts.filter(({ target }) => target.id !== 'a').map(({ target, rawSamples }) => [target.kind, target.id, rawSamples])).toEqual([['line', 'c', seconds(45)], ['slot', 's', -seconds(40)]])
    expect(plan.overUnder).toEqual(plan.posts[0])
  })

  it('counts what does not fit any more, although it will not sound', () => {
    const plan = written(['a', 'b', 'c', 'd'].map((id, index) => line(id, minutes(1), { slotId: 's', ...(index === 0 ? { timing: hard(T) } : {}) })), [morning])
    expect([find(plan, 'd').reason, plan.posts.find(({ target }) => target.kind === 'slot')?.rawSamples]).toEqual(['slotOver', minutes(1)])
  })
})

const lineSpec = fc.record({ hardAfterMs: fc.option(fc.integer({ min: 0, max: 600_000 }), { nil: null, freq: 3 }), lengthSamples: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: minutes(10) })) })
const linesOf = (specs: { hardAfterMs: number | null; lengthSamples: number }[], from: number, make: typeof line) => specs.map(({ hardAfterMs, lengthSamples }, index) => {
  return make(`${make === line ? 'a' : 'b'}${index}`, lengthSamples, hardAfterMs === null ? {} : { timing: hard(from + hardAfterMs * 48 * (index + 1)) })
})

describe('every log', () => {
  const logs = fc.tuple(fc.array(lineSpec, { maxLength: 30 }), fc.array(lineSpec, { maxLength: 30 })).map(([one, two]) => [...linesOf(one, T, line), ...linesOf(two, TOMORROW.startsAt, tomorrow)])

  it('has one main source at a time, and followers leave no gap inside a chain', () => {
    fc.assert(fc.property(logs, (lines) => {
      const { sounding } = written(lines)
      for (const [index, placement] of sounding.entries()) {
        const next = sounding[index + 1]
        expect(placement.length).toBeGreaterThan(0)
        if (next === undefined) continue
        const end = (placement.start ?? 0) + placement.length
        expect(next.start ?? 0).toBeGreaterThanOrEqual(end)
        if (next.startSource !== 'time') expect(next.start).toBe(end)
      }
    }))
  })

  it('reports every line exactly once, in the order given', () => {
    fc.assert(fc.property(logs, (lines) => {
      expect(written(lines).placements.map(({ lineId }) => lineId)).toEqual(lines.map(({ id }) => id))
    }))
  })

  it('never starts a hard line before its instant', () => {
    fc.assert(fc.property(logs, (lines) => {
      const plan = written(lines)
      for (const { id, timing } of lines) if (timing.kind === 'hard' && find(plan, id).sounds) expect(find(plan, id).start).toBeGreaterThanOrEqual(timing.at)
    }))
  })

  it('is joined by the clock: whenever the station begins, the line that is due sounds its sample of now, or nothing is due', () => {
    fc.assert(fc.property(logs, fc.nat(minutes(400)), (lines, after) => {
      const now = T + after
      const due = written(lines).sounding.find(({ start, length }) => start !== null && start <= now && now < start + length)
      const joined = planOf({ now, lines, days: [DAY, TOMORROW], returned: { since: DAY.startsAt, at: now, why: 'down', resume: 'catchUp' }, settings: { ...defaultSequencerSettings, solves: false } }).sounding[0]
      if (due === undefined) expect(joined?.start ?? Infinity).toBeGreaterThan(now)
      else expect([joined?.lineId, joined?.start, joined?.from]).toEqual([due.lineId, now, now - (due.start ?? 0)])
    }))
  })
})
