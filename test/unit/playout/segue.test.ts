import { describe, expect, it } from 'vitest'
import type { PlayoutLine } from '#common/playout/index.ts'
import { DAY, find, happened, hard, line, markers, planOf, playing, randomOf, seconds, span, T } from '../../support/playout.ts'
import { SimulatedBus } from '../../support/simulated-bus.ts'

/** P has just begun, N comes behind it. */
const pair = (p: Partial<PlayoutLine> & { seconds: number }, n: Partial<PlayoutLine> & { seconds: number }) => {
  const plan = planOf({ now: T, lines: [line('p', seconds(p.seconds), p), line('n', seconds(n.seconds), { transition: 'segue', ...n }), line('o', seconds(30))], happened: happened(playing('p', T)) })
  const [pEnd, nStart] = [(find(plan, 'p').start ?? 0) + find(plan, 'p').length - T, (find(plan, 'n').start ?? 0) - T]
  return { plan, pEnd, nStart, overlap: pEnd - nStart }
}

describe('the grid of transitions and markers', () => {
  const ends = { none: {}, start: { segueStart: seconds(8) }, both: { segueStart: seconds(8), segueEnd: seconds(9) }, cueOut: { cueOut: seconds(9.5) }, all: { segueStart: seconds(8), segueEnd: seconds(9), cueOut: seconds(9.5) } }
  it.each([
    ['play', 'none', 10, 10], ['play', 'start', 10, 10], ['play', 'both', 10, 10], ['play', 'cueOut', 9.5, 9.5], ['play', 'all', 9.5, 9.5],
    ['segue', 'none', 10, 10], ['segue', 'start', 10, 8], ['segue', 'both', 9, 8], ['segue', 'cueOut', 9.5, 9.5], ['segue', 'all', 9, 8],
  ] as const)('%s after markers %s: P ends at %f s, N begins at %f s', (transition, set, end, start) => {
    const { pEnd, nStart } = pair({ seconds: 10, markers: markers(ends[set]) }, { seconds: 30, transition })
    expect([pEnd, nStart]).toEqual([seconds(end), seconds(start)])
  })
  it('P fades over the overlap, equal-power for unrelated sources and linear for the same material; a bare cut inside a sound is ramped', () => {
    const { plan } = pair({ seconds: 10, markers: markers(ends.both) }, { seconds: 30 })
    expect([find(plan, 'p').fadeOut, find(plan, 'p').stopReason, find(plan, 'n').fadeIn.length]).toEqual([{ length: seconds(1), shape: 'equalPower' }, 'segued', 0])
    expect(find(pair({ seconds: 10, markers: markers(ends.both), itemId: 'x' }, { seconds: 30, itemId: 'x' }).plan, 'p').fadeOut.shape).toBe('linear')
    const cut = pair({ seconds: 10, markers: markers(ends.cueOut) }, { seconds: 30, markers: markers({ cueIn: seconds(2) }), transition: 'play' }).plan
    expect([find(cut, 'p').fadeOut.length, find(cut, 'n').fadeIn.length, find(cut, 'n').from]).toEqual([240, 240, seconds(2)])
  })
  it('an item without a segue is as long as its sound, never 0', () => {
    const plan = planOf({ now: T, lines: [line('p', seconds(10)), line('n', seconds(20), { transition: 'segue' }), line('o', seconds(5), { transition: 'segue' })], happened: happened(playing('p', T)) })
    expect([span(plan, 'n'), span(plan, 'o')]).toEqual([[seconds(10), seconds(30)], [seconds(30), seconds(35)]])
  })
})

describe('overlap = the least of the segue of P, half of P, half of N', () => {
  const lengths = [0.3, 1, 2, 5, 30]
  const grid = lengths.flatMap((p) => lengths.flatMap((n) => [0, 0.1, 0.5, 2, 5].filter((overlap) => overlap <= p).map((overlap) => [p, n, overlap] as const)))
  it.each(grid)('P %f s, N %f s, segue of %f s', (p, n, overlap) => {
    const { plan, pEnd, nStart } = pair({ seconds: p, markers: markers({ segueStart: seconds(p) - seconds(overlap) }) }, { seconds: n })
    const expected = Math.min(seconds(overlap), Math.floor(seconds(p) / 2), Math.floor(seconds(n) / 2))
    // P loses no sample, and N is begun later instead.
    expect([pEnd, pEnd - nStart, find(plan, 'n').length]).toEqual([seconds(p), expected, seconds(n)])
    expect((find(plan, 'n').start ?? 0) + find(plan, 'n').length).toBeGreaterThanOrEqual(T + pEnd)
  })
  it('ten thousand random transitions: two sources at most, no tail lost, no item swallowed', () => {
    for (let seed = 1; seed <= 500; seed++) {
      const random = randomOf(seed)
      const lines = Array.from({ length: 21 }, (_, index) => {
        // Short ones among long ones: half of them under a second.
        const length = 1 + random(random(2) === 0 ? seconds(0.8) : seconds(8))
        const [cueIn, segueStart, segueEnd, cueOut] = [random(length), random(length), random(length), 1 + random(length)].toSorted((a, b) => a - b)
        return line(`l${index}`, length, {
          transition: random(3) === 0 ? 'play' : 'segue', content: (['programme', 'voice', 'music'] as const)[random(3)] ?? 'programme', timing: index === 0 ? hard(T) : { kind: 'follow' },
          markers: markers({ cueIn: cueIn ?? 0, introEnd: segueStart ?? 0, segueStart: segueStart ?? 0, segueEnd: segueEnd ?? 0, cueOut: cueOut ?? length }),
        })
      })
      const source = new Map(lines.map((one) => [one.id, one.markers]))
      const bus = new SimulatedBus(T, { lines, days: [DAY] })
      bus.playTo(T + seconds(180))
      const rows = bus.rows.filter(({ sounded }) => sounded)
      expect(rows.length).toBeGreaterThan(15)
      for (const [index, row] of rows.entries()) {
        const own = source.get(row.lineId)
        const next = rows[index + 1]
        // It has sounded to its segue end when the next came in there, else to its cue-out, and never less.
        const played = row.placement.from + (row.until ?? 0) - row.from
        expect([seed, row.lineId, played]).toEqual([seed, row.lineId, row.stopReason === 'segued' ? own?.segueEnd : own?.cueOut])
        if (next !== undefined) expect([seed, next.lineId, next.from <= (row.until ?? 0)]).toEqual([seed, next.lineId, true])
        expect([seed, row.lineId, (rows[index + 2]?.from ?? Infinity) >= (row.until ?? 0)]).toEqual([seed, row.lineId, true])
      }
    }
  })
})

describe('speech over music', () => {
  const song = { seconds: 60, content: 'music' as const, markers: markers({ introEnd: seconds(3) }) }
  it('a voice over music ends on the intro at the latest: never crash the intro', () => {
    const { overlap } = pair({ seconds: 20, content: 'voice', markers: markers({ segueStart: seconds(12) }) }, song)
    expect(overlap).toBe(seconds(3))
    expect(pair({ seconds: 20, content: 'programme', markers: markers({ segueStart: seconds(12) }) }, song).overlap).toBe(seconds(8))
  })
  it('a voice longer than the intro: the music begins so that the voice ends on the post', () => {
    const { pEnd, nStart } = pair({ seconds: 10, content: 'voice', hitPost: true }, { ...song, transition: 'play' })
    expect([pEnd, nStart]).toEqual([seconds(10), seconds(10)])
    expect(pair({ seconds: 10, content: 'voice', hitPost: true }, song).nStart).toBe(seconds(7))
  })
  it('a voice shorter than the intro begins so much later: its start is worked out backwards from the post', () => {
    const lines = [line('p', seconds(30), { markers: markers({ segueStart: seconds(29) }) }), line('v', seconds(4), { content: 'voice', hitPost: true }), line('m', seconds(60), { content: 'music', transition: 'segue', markers: markers({ introEnd: seconds(10), segueStart: seconds(55) }) }), line('o', seconds(30), { transition: 'segue' })]
    const plan = planOf({ now: T, lines, happened: happened(playing('p', T)) })
    expect(['p', 'm', 'v', 'o'].map((id) => span(plan, id))).toEqual([[0, seconds(30)], [seconds(29), seconds(89)], [seconds(35), seconds(39)], [seconds(84), seconds(114)]])
    expect(find(plan, 'v').reason).toBe('overIntro')
    const bus = new SimulatedBus(T - 1, { days: [DAY], lines: [{ ...(lines[0] ?? line('p', 1)), timing: hard(T) }, ...lines.slice(1)] })
    bus.playTo(T + seconds(200))
    expect(bus.rows.map((row) => [row.lineId, row.from - 1, (row.until ?? 0) - 1])).toEqual([['p', 0, seconds(30)], ['m', seconds(29), seconds(89)], ['v', seconds(35), seconds(39)], ['o', seconds(84), seconds(114)]])
  })
})
