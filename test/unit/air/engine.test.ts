import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { AHEAD, Desk, FADE, LEVEL, ZERO_MS } from './desk.ts'
import { play } from './plays.ts'

const follower = { chainStart: false } as const

describe('the programme bus', () => {
  it('starts a hard line on its sample, whatever the block size, and is silent before and after it', () => {
    const desk = new Desk()
    desk.setPlan([play(1, 48 * 1037, 5000)])
    desk.run(48 * 2000)
    expect(desk.left.findIndex((value) => value !== 0)).toBe(48 * 1037)
    expect(desk.right[48 * 1037]).toBe(1)
    expect(desk.left.filter((value) => value === 1)).toHaveLength(5000)
    expect(desk.history()).toEqual([['1', 'natural', 5000]])
    expect(desk.onsets[0]?.onsetUs).toBe((ZERO_MS + 1037) * 1000)
  })

  it('followers join with no sample missing and none twice', () => {
    const desk = new Desk()
    const lengths = [481, 1, 12_345, 479, 960]
    let at = 4800
    desk.setPlan(lengths.map((length, index) => {
      const made = play(index + 1, at, length, { chainStart: index === 0 })
      at += length
      return made
    }))
    desk.run(at + 1000)
    const heard = desk.left.slice(4800, at)
    expect(heard).toEqual(lengths.flatMap((length, index) => new Array<number>(length).fill(index + 1)))
    expect(desk.right.slice(4800, at)).toEqual(lengths.flatMap((length) => Array.from({ length }, (_, n) => n + 1)))
    expect(desk.engine.underruns).toBe(0)
  })

  it('C2: a hard line cuts what is on air; the fade of 150 ms ends exactly at its first sample', () => {
    const desk = new Desk()
    desk.setPlan([play(1, 0, 96_000), play(2, 48_000, 1000)])
    desk.run(50_000)
    expect(desk.left[48_000 - FADE - 1]).toBe(1)
    expect(desk.left[48_000 - FADE]).toBeLessThan(1)
    expect(desk.left[47_999]).toBeGreaterThan(0)
    expect(desk.left[47_999]).toBeLessThan(0.001)
    expect(desk.left[48_000]).toBe(2)
    expect(desk.history()).toEqual([['1', 'cutByHardStart', 48_000], ['2', 'natural', 1000]])
  })

  it('joins where the clock says when a line is already due, with a short ramp', () => {
    const desk = new Desk()
    desk.setPlan([play(1, -24_000, 48_000)])
    desk.run(30_000)
    expect(desk.left[0]).toBeLessThan(0.1)
    expect(desk.left[240]).toBe(1)
    expect(desk.right[1000]).toBe(25_001)
    expect(desk.left[23_999]).toBe(1)
    expect(desk.left[24_000]).toBe(0)
    expect(desk.onsets[0]?.row).toMatchObject({ startSource: 'catchUp', joinedAtSample: 24_000 })
  })

  it('a line that had its turn never starts again', () => {
    const wall = ZERO_MS * 48
    const desk = new Desk({ happened: [{ lineId: 'line1', start: wall - 24_000, from: 0, end: wall, endsAt: null, stopReason: 'natural', editCode: 'none', ratio: 1, sounded: true, fill: null }] })
    desk.setPlan([play(1, -24_000, 96_000), play(2, 72_000, 1000, follower)])
    desk.run(50_000)
    expect(desk.left.slice(0, 1000).every((value) => value === 2)).toBe(true)
    expect(desk.left.slice(1000).every((value) => value === 0)).toBe(true)
  })

  it('a file that cannot be opened is skipped with a row, and its follower takes its place', () => {
    const desk = new Desk()
    desk.broken.set('1', 0)
    desk.setPlan([play(1, 4800, 48_000), play(2, 52_800, 1000, follower)])
    desk.run(10_000)
    expect(desk.left[4799]).toBe(0)
    expect(desk.left[4800]).toBe(2)
    expect(desk.history()).toEqual([['1', 'decodeError', 0], ['2', 'natural', 1000]])
    expect(desk.endings[0]?.consumedSamples).toBe(0)
  })

  it('a file that breaks on air ends where it can be read, and its follower comes at once', () => {
    const desk = new Desk()
    desk.setPlan([play(1, 0, 48_000), play(2, 48_000, 1000, follower), play(3, 96_000, 500)])
    desk.run(4800)
    desk.broken.set('1', 9600)
    desk.run(97_000)
    expect(desk.left[9000]).toBe(1)
    expect(desk.left[9600]).toBe(2)
    expect(desk.left[96_000]).toBe(3)
    expect(desk.history()).toEqual([['1', 'decodeError', 9600], ['2', 'natural', 1000], ['3', 'natural', 500]])
    expect(desk.endings[0]?.consumedSamples).toBe(9600)
  })

  it('skip fades the line out over 150 ms and goes on with its follower from the top; the hard line after stays where it is', () => {
    const desk = new Desk()
    desk.setPlan([play(1, 0, 96_000), play(2, 96_000, 48_000, follower), play(3, 192_000, 500)])
    desk.run(10_000)
    desk.skip('line1')
    desk.skip('line1')
    desk.run(193_000)
    expect(desk.left[10_000 + AHEAD + FADE]).toBe(2)
    expect(desk.right[10_000 + AHEAD + FADE]).toBe(1)
    expect(desk.left[191_999]).toBe(0)
    expect(desk.left[192_000]).toBe(3)
    expect(desk.history()).toEqual([['1', 'operatorSkip', 10_000 + AHEAD + FADE], ['2', 'natural', 48_000], ['3', 'natural', 500]])
  })

  it('the plan that comes after a skip, made before it was known, does not push the followers back', () => {
    const desk = new Desk()
    const plan = [play(1, 0, 96_000), play(2, 96_000, 48_000, follower), play(3, 144_000, 500, follower)]
    desk.setPlan(plan)
    desk.run(10_000)
    desk.skip('line1')
    desk.setPlan(plan)
    desk.run(30_000)
    desk.setPlan(plan)
    desk.run(80_000)
    expect(desk.left[10_000 + AHEAD + FADE]).toBe(2)
    expect(desk.left[10_000 + AHEAD + FADE + 48_000]).toBe(3)
    expect(desk.history().map((row) => (row as unknown[])[1])).toEqual(['operatorSkip', 'natural', 'natural'])
  })

  it('a line taken out of the plan while on air fades out at once and what follows comes', () => {
    const desk = new Desk()
    const [a, b] = [play(1, 0, 96_000), play(2, 96_000, 48_000, follower)]
    desk.setPlan([a, b])
    desk.run(10_000)
    desk.setPlan([b])
    desk.run(20_000)
    expect(desk.left[10_000 + AHEAD + FADE]).toBe(2)
    expect(desk.history()).toEqual([['1', 'withdrawn', 10_000 + AHEAD + FADE]])
  })

  it('a line that was heard and withdrawn afterwards does not pull what follows forward', () => {
    const desk = new Desk()
    const [a, b, c] = [play(1, 0, 9600), play(2, 9600, 9600, follower), play(3, 19_200, 9600, follower)]
    desk.setPlan([a, b, c])
    desk.run(19_200)
    desk.setPlan([a, c])
    desk.run(40_000)
    expect(desk.right[19_200]).toBe(1)
    expect(desk.left[28_799]).toBe(3)
    expect(desk.onsets.at(-1)?.row).toMatchObject({ title: '3', joinedAtSample: 0 })
  })

  it('a hard line added while something is on air cuts it in time', () => {
    const desk = new Desk()
    const a = play(1, 0, 96_000)
    desk.setPlan([a])
    desk.run(10_000)
    desk.setPlan([a, play(2, 19_200, 1000)])
    desk.run(30_000)
    expect(desk.left[19_199]).toBeLessThan(0.001)
    expect(desk.left[19_200]).toBe(2)
    expect(desk.left[20_201]).toBe(0)
  })

  it('a hard line taken away gives what it would have cut its end back', () => {
    const desk = new Desk()
    const a = play(1, 0, 48_000)
    desk.setPlan([a, play(2, 24_000, 1000)])
    desk.run(10_000)
    desk.setPlan([a])
    desk.run(50_000)
    expect(desk.left.slice(0, 48_000).every((value) => value === 1)).toBe(true)
    expect(desk.history()).toEqual([['1', 'natural', 48_000]])
  })

  it('the same plan again changes nothing of what is heard', () => {
    const desk = new Desk()
    const plan = [play(1, 4800, 9600), play(2, 14_400, 9600, follower), play(3, 28_800, 4800)]
    desk.setPlan(plan)
    for (let at = 1000; at <= 40_000; at += 1000) {
      desk.run(at)
      desk.setPlan(structuredClone(plan))
    }
    expect(desk.left).toEqual(Array.from({ length: 40_000 }, (_, n) => (n < 4800 ? 0 : n < 14_400 ? 1 : n < 24_000 ? 2 : n < 28_800 ? 0 : n < 33_600 ? 3 : 0)))
    expect(desk.opened).toBe(3)
  })

  it('a clock that moves takes hard starts with it and leaves what is on air alone', () => {
    const desk = new Desk()
    desk.setPlan([play(1, 0, 48_000), play(2, 48_000, 4800, follower), play(3, 96_000, 4800)])
    desk.run(10_000)
    desk.engine.setZero((ZERO_MS + 500) * 48)
    desk.run(110_000)
    expect(desk.left[47_999]).toBe(1)
    expect(desk.left[48_000]).toBe(2)
    expect(desk.left[72_000 - 1]).toBe(0)
    expect(desk.left[72_000]).toBe(3)
  })

  it('time that was lost is not played: the line on air is joined again where the clock says', () => {
    const desk = new Desk()
    desk.setPlan([play(1, 0, 96_000), play(2, 96_000, 48_000, follower)])
    desk.run(10_000)
    desk.engine.jump(100_000)
    const from = desk.left.length
    desk.run(110_000)
    expect(desk.right[from + 1000]).toBe(5001)
    expect(desk.history()).toEqual([['1', 'engineStop', 10_000]])
    expect(desk.onsets.at(-1)?.row).toMatchObject({ title: '2', startSource: 'catchUp', joinedAtSample: 4000 })
  })

  it('a file that comes a little late is heard from its top, and its row says how late', () => {
    const desk = new Desk()
    desk.slow.add('1')
    desk.setPlan([play(1, 4800, 48_000)])
    desk.run(9600)
    desk.slow.delete('1')
    desk.run(70_000)
    const from = desk.left.indexOf(1)
    expect(from).toBeGreaterThanOrEqual(9600)
    expect(from).toBeLessThan(9600 + 2 * 480)
    expect(desk.right.slice(from, from + 48_000)).toEqual(Array.from({ length: 48_000 }, (_, n) => n + 1))
    expect(desk.onsets[0]).toMatchObject({ at: from, onsetUs: (ZERO_MS + 100) * 1000 })
  })

  it('a file that comes more than two seconds late is joined where the clock says', () => {
    const desk = new Desk()
    desk.slow.add('1')
    desk.setPlan([play(1, 4800, 240_000)])
    desk.run(144_000)
    desk.slow.delete('1')
    desk.run(260_000)
    const from = desk.left.indexOf(1)
    expect(desk.right[from + 1000]).toBe(from + 1000 - 4800 + 1)
    expect(desk.left[244_799]).toBe(1)
    expect(desk.left[244_800]).toBe(0)
  })

  it('closes every file it opened', () => {
    const desk = new Desk()
    desk.setPlan([play(1, 4800, 9600), play(2, 14_400, 9600, follower), play(3, 28_800, 4800)])
    desk.run(50_000)
    expect([desk.opened, desk.closed]).toEqual([3, 3])
  })
})

describe('a live session', () => {
  const tone = (frames: number): Float32Array => new Float32Array(frames).fill(0.5 / LEVEL)

  it('takes the bus with a 150 ms fade and gives it back joined where the clock says', () => {
    const desk = new Desk()
    desk.setPlan([play(1, 0, 480_000)])
    desk.run(10_000)
    const live = desk.openLive('s', 1)
    for (let n = 0; n < 10; n++) live.input.write(tone(4800), n * 4800)
    desk.run(10_000 + AHEAD + FADE + 4800)
    expect(desk.left[10_000 + AHEAD + FADE / 2]).toBeCloseTo(0.75, 2)
    expect(desk.left[10_000 + AHEAD + FADE + 100]).toBeCloseTo(0.5, 6)
    live.input.end()
    desk.run(200_000)
    expect(desk.left.at(-1)).toBe(1)
    expect(desk.right.at(-1)).toBe(200_000)
    const titles = desk.onsets.map(({ row }) => [row.title, row.startSource])
    expect(titles).toEqual([['1', 'time'], ['Trực tiếp', 'manual'], ['1', 'catchUp']])
    expect(desk.history().map((row) => (row as unknown[]).slice(0, 2))).toEqual([['1', 'preempted'], ['Trực tiếp', 'natural']])
  })

  it('a line whose whole turn lies under it is reported as preempted', () => {
    const desk = new Desk()
    desk.setPlan([play(1, 48_000, 4800)])
    const live = desk.openLive('s', 2)
    for (let at = 0; at < 96_000; at += 480) {
      live.input.write(tone(960), at)
      desk.run(at + 480)
    }
    expect(desk.left[50_000]).toBeCloseTo(0.5, 6)
    live.input.end()
    desk.run(120_000)
    expect(desk.history()).toContainEqual(['1', 'preempted', 0])
    expect(desk.left.at(-1)).toBe(0)
  })

  it('repeated frames sound once and missing ones are silence of the same length', () => {
    const desk = new Desk()
    const live = desk.openLive('s', 1)
    live.input.write(tone(9600), 0)
    live.input.write(tone(9600), 0)
    live.input.write(tone(4800), 14_400)
    live.input.end()
    desk.run(40_000)
    const end = desk.endings.find((row) => row.stopReason === 'natural')
    expect(end?.playedSamples).toBeGreaterThanOrEqual(19_200)
    expect(end?.playedSamples).toBeLessThan(19_200 + 1000)
    expect(desk.left[12_000]).toBe(0)
  })

  it('gives the bus back by itself when its sender is gone for five seconds', () => {
    const desk = new Desk()
    desk.setPlan([play(1, 0, 960_000)])
    const live = desk.openLive('s', 1)
    live.input.write(tone(9600), 0)
    desk.run(480_000)
    expect(desk.left.at(-1)).toBe(1)
    expect(live.over).toBe(true)
  })

  it('one that never sent a sample never takes the bus', () => {
    const desk = new Desk()
    desk.setPlan([play(1, 0, 480_000)])
    const live = desk.openLive('s', 1)
    desk.run(300_000)
    expect(desk.left.every((value) => value === 1)).toBe(true)
    expect(live.over).toBe(true)
  })
})

it.each([{ skipped: ['line1', 'line2'] }, { skipped: ['line2', 'line1'] }, { skipped: ['line2'] }, { skipped: ['line1'] }])('a line taken out before its turn is told, also when nothing of its group is left: $skipped', ({ skipped }) => {
  const desk = new Desk()
  const plan = [play(1, 4_800, 100), play(2, 4_900, 100, follower)]
  desk.setPlan(plan)
  for (const lineId of skipped) desk.skip(lineId)
  desk.run(60_000)
  const takenOut = new Set(desk.endings.filter(({ stopReason }) => stopReason === 'operatorSkip').map(({ id }) => id))
  expect(desk.onsets.filter(({ row }) => takenOut.has(row.id)).map(({ row }) => `line${row.title}`).toSorted()).toEqual(skipped.toSorted())
  expect(desk.endings).toHaveLength(2)
})

describe('every plan on the bus', () => {
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('run' as const), samples: fc.integer({ min: 1, max: 30_000 }) }) },
    fc.record({ kind: fc.constant('skip' as const), pick: fc.nat(20) }),
    fc.record({ kind: fc.constant('withdraw' as const), pick: fc.nat(20) }),
    fc.record({ kind: fc.constant('break' as const), pick: fc.nat(20), at: fc.nat(20_000) }),
    fc.record({ kind: fc.constant('replan' as const) }),
  )
  const lines = fc.array(fc.record({ gap: fc.option(fc.integer({ min: 0, max: 20_000 }), { nil: null }), length: fc.integer({ min: 1, max: 25_000 }) }), { minLength: 1, maxLength: 12 })

  it('keeps its promises whatever is skipped, withdrawn or broken: one source at a time, each line starts at most once, hard lines on their sample, every due line reported', () => {
    fc.assert(fc.property(lines, fc.array(step, { maxLength: 25 }), (specs, steps) => {
      const desk = new Desk()
      let at = 4800
      let plan = specs.map(({ gap, length }, index) => {
        if (gap !== null) at += gap
        const made = play(index + 1, at, length, { chainStart: index === 0 || gap !== null })
        at += length
        return made
      })
      const hardStarts = new Map(plan.filter((made) => made.chainStart).map((made) => [made.title, made.at]))
      const withdrawn = new Set<string>()
      desk.setPlan(plan)
      for (const act of steps) {
        if (act.kind === 'run') desk.run(desk.engine.position + act.samples)
        if (act.kind === 'skip') desk.skip(`line${(act.pick % specs.length) + 1}`)
        if (act.kind === 'break') desk.broken.set(`${(act.pick % specs.length) + 1}`, act.at)
        if (act.kind === 'withdraw') {
          withdrawn.add(`${(act.pick % specs.length) + 1}`)
          plan = plan.filter((made) => !withdrawn.has(made.title))
        }
        if (act.kind !== 'run') desk.setPlan(plan)
      }
      desk.run(Math.max(desk.engine.position, at) + 60_000)
      const started = desk.onsets.map(({ row }) => row.title)
      expect(new Set(started).size).toBe(started.length)
      expect(desk.endings).toHaveLength(started.length)
      // What stands before every timed line has no place in time: nothing says when it would come.
      const anchored = plan.slice(Math.max(0, plan.findIndex((made) => made.chainStart)))
      if (plan.some((made) => made.chainStart)) for (const made of anchored) expect(started).toContain(made.title)
      // Levels are whole numbers: two sources at once, outside a fade, would give one that no item has.
      expect(desk.left.every((value) => value <= specs.length)).toBe(true)
      const intact = plan.filter((made) => !desk.broken.has(made.title))
      for (const made of intact) {
        const hardStart = hardStarts.get(made.title)
        const first = desk.left.indexOf(Number(made.title))
        if (hardStart !== undefined && first >= 0) expect(first).toBeGreaterThanOrEqual(hardStart)
      }
      // What was heard of an intact line is one unbroken run from its top.
      for (const made of intact) {
        const level = Number(made.title)
        const from = desk.left.indexOf(level)
        if (from >= 0 && !desk.onsets.some(({ row }) => row.title === made.title && row.joinedAtSample > 0)) expect(desk.right[from]).toBe(1)
      }
    }), { numRuns: 40 })
  }, 120_000)
})
