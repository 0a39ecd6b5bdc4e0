import { describe, expect, it, vi } from 'vitest'
import type { Markers, PlayoutTiming } from '#common/playout/index.ts'
import { AHEAD, Desk, FADE, LEVEL, ZERO_MS } from './desk.ts'
import { play } from './plays.ts'
import type { Play } from './plays.ts'

const SECOND = 48_000
const DECLICK = 240
const WALL = ZERO_MS * 48
const NEXT_NOW = 28_800

const marked = (set: Partial<Markers>): Markers => ({ cueIn: null, fadeInEnd: null, introStart: null, introEnd: null, segueStart: null, segueEnd: null, fadeOutStart: null, cueOut: null, ...set })
const follow = (level: number, at: number, length: number, line: Play['line'] = {}): Play => play(level, at, length, { chainStart: false, line })
const timed = (level: number, at: number, length: number, timing: PlayoutTiming, line: Play['line'] = {}): Play => play(level, at, length, { line: { timing, ...line } })
const cut = { kind: 'cut' } as const
const makeNext = { kind: 'makeNext' } as const
const grace = (seconds: number) => ({ kind: 'waitUpTo' as const, graceMs: seconds * 1000 })
/** Sounds `level` and nothing else over the whole of `[from, until)`. */
const expectOnly = (desk: Desk, level: number, from: number, until: number): void => {
  expect([desk.left.slice(from, until).findIndex((value) => value !== level), until - from > 0]).toEqual([-1, true])
}

describe('in auto', () => {
  it('a segue overlaps on its samples: N begins at the segue start of P, P goes out over the overlap and ends at its segue end', () => {
    const desk = new Desk()
    desk.setPlan([play(1, 0, 2 * SECOND, { line: { markers: marked({ segueStart: 84_000, segueEnd: 93_600 }) } }), follow(2, 84_000, 2 * SECOND, { transition: 'segue' })])
    desk.run(4 * SECOND)
    expectOnly(desk, 1, DECLICK, 84_000)
    expect(desk.left[84_000]).toBeGreaterThan(2.9)
    expect(desk.left[88_800]).toBeCloseTo(2 + Math.SQRT1_2, 2)
    expect(desk.left[93_599]).toBeGreaterThan(2)
    expect(desk.left[93_599]).toBeLessThan(2.01)
    expectOnly(desk, 2, 93_600, 84_000 + 2 * SECOND)
    expect(desk.right[93_600]).toBe(93_600 - 84_000 + 1)
    expect(desk.rowsOf('1')[0]).toMatchObject({ stopReason: 'segued', playedSamples: 93_600 })
    expect(desk.rowsOf('2')[0]).toMatchObject({ startSource: 'segue', stopReason: 'natural', playedSamples: 2 * SECOND, joinedAtSample: 0 })
  })

  it('a voice ends on the post of the music that has begun under it, and is heard whole', () => {
    const desk = new Desk()
    desk.setPlan([play(1, 0, SECOND, { line: { content: 'voice', hitPost: true } }), follow(2, 24_000, 2 * SECOND, { transition: 'segue', content: 'music', markers: marked({ introEnd: 24_000 }) })])
    desk.run(3 * SECOND)
    expectOnly(desk, 1, 0, 24_000)
    expectOnly(desk, 3, 24_000, 48_000)
    expectOnly(desk, 2, 48_000, 24_000 + 2 * SECOND)
    expect(desk.rowsOf('1')[0]).toMatchObject({ stopReason: 'natural', playedSamples: SECOND })
  })

  it('a voice shorter than the intro rides over it', () => {
    const desk = new Desk()
    desk.setPlan([play(1, 0, SECOND), follow(2, SECOND, 12_000, { content: 'voice', hitPost: true }), follow(3, SECOND, 2 * SECOND, { transition: 'segue', content: 'music', markers: marked({ introEnd: 36_000 }) })])
    desk.run(4 * SECOND)
    expectOnly(desk, 3, SECOND, SECOND + 24_000)
    expectOnly(desk, 5, SECOND + 24_000, SECOND + 36_000)
    expectOnly(desk, 3, SECOND + 36_000, 3 * SECOND)
    expect(desk.rowsOf('2')[0]).toMatchObject({ playedSamples: 12_000 })
    expect(desk.rowsOf('3')[0]).toMatchObject({ playedSamples: 2 * SECOND })
  })

  it.each([['closest', 144_000], ['under', 96_000], ['over', 144_000]] as const)('a soft line takes the junction that is %s', (prefer, expected) => {
    const desk = new Desk()
    desk.setPlan([play(1, 0, 2 * SECOND), follow(2, 2 * SECOND, SECOND), follow(3, 3 * SECOND, 4 * SECOND), timed(4, 130_000, SECOND, { kind: 'soft', at: WALL + 130_000, earlyMs: 1500, lateMs: 1500, prefer, onReach: makeNext })])
    desk.run(5 * SECOND)
    expect(desk.left.indexOf(4)).toBe(expected)
    expect(desk.rowsOf('3')[0]).toMatchObject({ onAir: false, editCode: 'skippedByHardStart', stopReason: 'cutByHardStart' })
  })

  it('a line that may not begin before its time begins on its sample', () => {
    const desk = new Desk()
    desk.setPlan([play(1, 0, 10_000), timed(2, 30_017, 5000, { kind: 'notBefore', at: WALL + 30_017 })])
    desk.run(SECOND)
    expectOnly(desk, 0, 10_000, 30_017)
    expectOnly(desk, 2, 30_017, 35_017)
  })

  it('a line that ends at a time starts so much before it, and cuts what is on', () => {
    const desk = new Desk()
    desk.setPlan([play(1, 0, 4 * SECOND), timed(2, 60_000, 20_000, { kind: 'backtimed', endsAt: WALL + 80_000, onReach: cut, onLate: 'join' })])
    desk.run(2 * SECOND)
    expectOnly(desk, 2, 60_000, 80_000)
    expect(desk.rowsOf('1')[0]).toMatchObject({ stopReason: 'cutByHardStart', playedSamples: 60_000 })
  })

  it('makeNext lets P end whole, and what stands between has lost its turn', () => {
    const desk = new Desk()
    desk.setPlan([play(1, 0, 2 * SECOND), follow(2, 2 * SECOND, SECOND), timed(3, SECOND, SECOND, { kind: 'hard', at: WALL + SECOND, onReach: makeNext })])
    desk.run(4 * SECOND)
    expectOnly(desk, 1, 0, 2 * SECOND)
    expectOnly(desk, 3, 2 * SECOND, 3 * SECOND)
    expect(desk.rowsOf('2')[0]).toMatchObject({ onAir: false, editCode: 'skippedByHardStart' })
  })

  it('a grace runs out: P is cut there, and the banner was shown while it ran', () => {
    const desk = new Desk()
    desk.setPlan([play(1, 0, 4 * SECOND), timed(2, SECOND, SECOND, { kind: 'hard', at: WALL + SECOND, onReach: grace(1) })])
    desk.run(SECOND - 4800)
    expect(desk.log.bannersAt(desk.engine.wall)).toEqual([])
    desk.run(SECOND + 4800)
    expect(desk.log.bannersAt(desk.engine.wall)).toMatchObject([{ kind: 'grace', phase: 'running', until: WALL + 2 * SECOND }])
    desk.run(4 * SECOND)
    expectOnly(desk, 1, 0, 2 * SECOND - FADE)
    expectOnly(desk, 2, 2 * SECOND, 3 * SECOND)
    expect(desk.rowsOf('1')[0]).toMatchObject({ stopReason: 'graceExpired', playedSamples: 2 * SECOND })
  })

  it('a grace that a person holds cuts nobody; let go, it does', () => {
    const plan = [play(1, 0, 4 * SECOND), timed(2, SECOND, SECOND, { kind: 'hard', at: WALL + SECOND, onReach: grace(1) })]
    const desk = new Desk()
    desk.setPlan(plan)
    desk.run(SECOND + 4800)
    desk.log.holdGrace('2026-11-21:line2:1', true)
    desk.engine.change()
    desk.run(3 * SECOND)
    expect(desk.log.bannersAt(desk.engine.wall)).toMatchObject([{ id: '2026-11-21:line2:1', phase: 'over' }])
    desk.run(6 * SECOND)
    expectOnly(desk, 1, 0, 4 * SECOND)
    expectOnly(desk, 2, 4 * SECOND, 5 * SECOND)

    const other = new Desk()
    other.setPlan(plan)
    other.run(SECOND + 4800)
    other.log.holdGrace('2026-11-21:line2:1', true)
    other.engine.change()
    other.run(3 * SECOND)
    other.log.holdGrace('2026-11-21:line2:1', false)
    other.engine.change()
    other.run(5 * SECOND)
    expect(other.rowsOf('1')[0]).toMatchObject({ stopReason: 'graceExpired' })
    expect(other.left.indexOf(2)).toBeLessThan(3 * SECOND + FADE + 2 * 480 + AHEAD)
  })

  it('a hole in a slot is filled, the last fill goes out at the hard line, and its row says that it was fill', () => {
    const desk = new Desk()
    desk.setPlan([play(1, 0, SECOND, { line: { slotId: 's' } }), play(2, 20 * SECOND, SECOND, { line: { slotId: 's' } })], { slots: [{ id: 's', from: 0, until: 60 * SECOND }], fill: [{ level: 8, length: 5 * SECOND }, { level: 9, length: 40 * SECOND, item: { fadesAnywhere: true } }] })
    desk.run(22 * SECOND)
    expectOnly(desk, 1, 0, SECOND)
    expectOnly(desk, 8, SECOND, 16 * SECOND)
    expect(desk.left[16 * SECOND]).toBe(9)
    expect(desk.left[20 * SECOND - 1]).toBeLessThan(0.01)
    expectOnly(desk, 2, 20 * SECOND, 21 * SECOND)
    expect(desk.rowsOf('9')[0]).toMatchObject({ playSource: 'fill', lineId: null, broadcastDate: null, stopReason: 'fadedToTime', playedSamples: 4 * SECOND, editCode: 'addedToFill' })
  })

  it('a slot that closes early plays its ident and is silent then', () => {
    const desk = new Desk()
    desk.setPlan([play(1, 0, SECOND, { line: { slotId: 's' } })], { slots: [{ id: 's', from: 0, until: 10 * SECOND, onUnderrun: 'close', closing: { level: 7, length: SECOND } }] })
    desk.run(4 * SECOND)
    expectOnly(desk, 7, SECOND, 2 * SECOND)
    expectOnly(desk, 0, 2 * SECOND, 4 * SECOND)
  })

  it('a line that runs over its slot is faded out by the end of the slot, or plays on as long as it may', () => {
    const cutting = new Desk()
    cutting.setPlan([play(1, 0, 9 * SECOND, { line: { slotId: 's' } })], { slots: [{ id: 's', from: 0, until: 2 * SECOND }] })
    cutting.run(3 * SECOND)
    expect(cutting.rowsOf('1')[0]).toMatchObject({ stopReason: 'fadedToTime', editCode: 'fadedForTime', playedSamples: 2 * SECOND })
    expect(cutting.left[2 * SECOND]).toBe(0)
    const finishing = new Desk()
    finishing.setPlan([play(1, 0, 3 * SECOND, { line: { slotId: 's' } }), follow(2, 2 * SECOND, SECOND, { slotId: 't' })], { slots: [{ id: 's', from: 0, until: 2 * SECOND, onOverrun: 'finish', maxOverrunMs: 2000 }, { id: 't', from: 2 * SECOND, until: 9 * SECOND, onUnderrun: 'close' }] })
    finishing.run(5 * SECOND)
    expectOnly(finishing, 1, 0, 3 * SECOND)
    expectOnly(finishing, 2, 3 * SECOND, 4 * SECOND)
  })

  it('the solver acts: what does not fit is dropped, with a row that says so', () => {
    const desk = new Desk()
    const droppable = { slotId: 's', droppable: true, priority: 2, content: 'music' as const }
    desk.setPlan([play(1, 0, 5 * SECOND, { line: { slotId: 's' } }), follow(2, 5 * SECOND, 4 * SECOND, { slotId: 's' }), follow(3, 9 * SECOND, 5 * SECOND, droppable), follow(4, 14 * SECOND, 5 * SECOND, { slotId: 's' }), play(5, 14 * SECOND, SECOND, { line: { slotId: 's' } })], { slots: [{ id: 's', from: 0, until: 60 * SECOND, onUnderrun: 'close' }] })
    expect(desk.log.plan.solver[0]?.changes).toMatchObject([{ lineId: 'line3', what: 'drop' }])
    desk.run(16 * SECOND)
    expectOnly(desk, 4, 9 * SECOND, 14 * SECOND)
    expectOnly(desk, 5, 14 * SECOND, 15 * SECOND)
    expect(desk.rowsOf('3')[0]).toMatchObject({ onAir: false, editCode: 'droppedForTime' })
  })

  it('a file that cannot be made longer plays at its own speed, and the solver is told', () => {
    const desk = new Desk()
    const plan = [play(1, 0, SECOND, { line: { slotId: 's' } }), follow(2, SECOND, 3 * SECOND, { slotId: 's' }), follow(3, 4 * SECOND, 96 * SECOND, { slotId: 's', stretchable: true }), play(4, 101 * SECOND, SECOND, { line: { slotId: 's' } })]
    desk.setPlan(plan, { slots: [{ id: 's', from: 0, until: 120 * SECOND, onUnderrun: 'close' }] })
    const ratio = desk.log.plan.sounding.find(({ lineId }) => lineId === 'line3')?.ratio
    expect(ratio).toBeCloseTo(97 / 96, 4)
    desk.log.cannotStretch('3'.padStart(64, '0'))
    desk.engine.change()
    desk.run(4800)
    expect(desk.log.plan.sounding.find(({ lineId }) => lineId === 'line3')?.ratio).toBe(1)
  })

  it('the sequencer is asked when something happens, not at each block', () => {
    const desk = new Desk()
    desk.setPlan([play(1, 0, 60 * SECOND), follow(2, 60 * SECOND, 60 * SECOND)])
    const asked = vi.spyOn(desk.log, 'replan')
    desk.run(59 * SECOND)
    expect(asked.mock.calls.length).toBeLessThanOrEqual(2)
    desk.run(61 * SECOND)
    expect(asked.mock.calls.length).toBeLessThanOrEqual(4)
  })
})

describe('keys', () => {
  it('next now: P fades over 600 ms under the line that begins at once', () => {
    const desk = new Desk()
    desk.setPlan([play(1, 0, 9 * SECOND), follow(2, 9 * SECOND, 3 * SECOND)])
    desk.run(SECOND)
    desk.order({ kind: 'nextNow', lineId: null, rev: null })
    desk.run(5 * SECOND)
    const at = SECOND + AHEAD
    expectOnly(desk, 1, 0, at)
    expect(desk.left[at + NEXT_NOW / 2]).toBeCloseTo(2.5, 2)
    expectOnly(desk, 2, at + NEXT_NOW, at + 3 * SECOND)
    expect(desk.right[at + NEXT_NOW]).toBe(NEXT_NOW + 1)
    expect(desk.rowsOf('1')[0]).toMatchObject({ stopReason: 'operatorSkip', playedSamples: at + NEXT_NOW, operator: 'Lan' })
    expect(desk.rowsOf('2')[0]).toMatchObject({ startSource: 'manual', operator: 'Lan' })
  })

  it('next now of a named line takes the turn of those between', () => {
    const desk = new Desk()
    desk.setPlan([play(1, 0, 9 * SECOND), follow(2, 9 * SECOND, SECOND), follow(3, 10 * SECOND, 3 * SECOND), follow(4, 13 * SECOND, SECOND)])
    desk.run(SECOND)
    desk.order({ kind: 'nextNow', lineId: 'line3', rev: 1 })
    desk.run(6 * SECOND)
    expect(desk.left.indexOf(4)).toBe(SECOND + AHEAD + 3 * SECOND)
    expect(desk.rowsOf('2')[0]).toMatchObject({ onAir: false, editCode: 'skippedByOperator', stopReason: 'operatorSkip' })
    expect(desk.rowsOf('3')[0]).toMatchObject({ startSource: 'manual' })
  })

  it('make next: at the next junction, in every mode it needs', () => {
    const desk = new Desk()
    desk.setPlan([play(1, 0, 2 * SECOND), follow(2, 2 * SECOND, SECOND), follow(3, 3 * SECOND, SECOND), follow(4, 4 * SECOND, SECOND)])
    desk.run(SECOND)
    desk.order({ kind: 'makeNext', lineId: 'line3', rev: 1 })
    expect(desk.log.takeAnswers().at(-1)).toMatchObject({ outcome: 'pending' })
    desk.run(5 * SECOND)
    expectOnly(desk, 1, 0, 2 * SECOND)
    expectOnly(desk, 3, 2 * SECOND, 3 * SECOND)
    expectOnly(desk, 4, 3 * SECOND, 4 * SECOND)
    expect(desk.rowsOf('2')[0]).toMatchObject({ editCode: 'skippedByOperator' })
  })

  it('a line to come that is skipped gets its row when its turn has gone by, with the name of who did it', () => {
    const desk = new Desk()
    desk.setPlan([play(1, 0, SECOND), follow(2, SECOND, SECOND), follow(3, 2 * SECOND, SECOND)])
    desk.run(4800)
    desk.skip('line2')
    desk.run(3 * SECOND)
    expectOnly(desk, 1, 0, SECOND)
    expectOnly(desk, 3, SECOND, 2 * SECOND)
    expect(desk.rowsOf('2')).toMatchObject([{ onAir: false, editCode: 'skippedByOperator', stopReason: 'operatorSkip', operator: 'Lan' }])
  })

  it('stop: P is out in 150 ms and the log waits for a key, which goes on with what was next', () => {
    const desk = new Desk()
    desk.setPlan([play(1, 0, 9 * SECOND), follow(2, 9 * SECOND, SECOND)])
    desk.run(SECOND)
    desk.order({ kind: 'stop' })
    desk.run(3 * SECOND)
    expectOnly(desk, 0, SECOND + AHEAD + FADE, 3 * SECOND)
    expect(desk.log.plan.waiting?.lineId).toBe('line2')
    expect(desk.rowsOf('1')[0]).toMatchObject({ stopReason: 'operatorStop', playedSamples: SECOND + AHEAD + FADE, operator: 'Lan' })
    desk.order({ kind: 'go', lineId: null, rev: null })
    desk.run(5 * SECOND)
    expectOnly(desk, 2, 3 * SECOND + AHEAD, 4 * SECOND + AHEAD)
  })

  it('stop in auto: a hard line comes at its time all the same', () => {
    const desk = new Desk()
    desk.setPlan([play(1, 0, 9 * SECOND), follow(2, 9 * SECOND, SECOND), play(3, 3 * SECOND, SECOND)])
    desk.run(SECOND)
    desk.order({ kind: 'stop' })
    desk.run(5 * SECOND)
    expectOnly(desk, 0, SECOND + AHEAD + FADE, 3 * SECOND)
    expectOnly(desk, 3, 3 * SECOND, 4 * SECOND)
  })

  it('go to now: the line that should be on is joined where the clock says, the others have lost their turn', () => {
    const desk = new Desk({ mode: 'manual' })
    desk.setPlan([follow(1, 0, SECOND), follow(2, SECOND, SECOND), follow(3, 2 * SECOND, 4 * SECOND)])
    desk.run(3 * SECOND)
    desk.order({ kind: 'goToNow' })
    desk.run(5 * SECOND)
    const at = 3 * SECOND + AHEAD
    expect(desk.right[at + 1000]).toBe(at + 1000 - 2 * SECOND + 1)
    expect(desk.rowsOf('3')[0]).toMatchObject({ editCode: 'joinedInProgress', startSource: 'manual', operator: 'Lan' })
    expect([desk.rowsOf('1')[0]?.editCode, desk.rowsOf('2')[0]?.editCode]).toEqual(['skippedByGoToNow', 'skippedByGoToNow'])
  })

  it('a key with an old rev is refused, and nothing is heard of it', () => {
    const desk = new Desk()
    desk.setPlan([play(1, 0, 2 * SECOND), follow(2, 2 * SECOND, SECOND)])
    desk.run(SECOND)
    desk.order({ kind: 'nextNow', lineId: 'line2', rev: 0 })
    expect(desk.log.takeAnswers()).toMatchObject([{ outcome: 'refused', why: 'stale' }])
    desk.run(2 * SECOND)
    expectOnly(desk, 1, 0, 2 * SECOND)
  })

  it('a key that asks for a file far down the log begins it from its top as soon as it is open', () => {
    const desk = new Desk()
    const plan = [play(1, 0, 300 * SECOND), ...Array.from({ length: 6 }, (_, n) => follow(n + 2, (300 + n * 300) * SECOND, 300 * SECOND))]
    desk.setPlan(plan)
    desk.run(SECOND)
    desk.slow.add('6')
    desk.order({ kind: 'nextNow', lineId: 'line6', rev: null })
    desk.run(SECOND + 4800)
    desk.slow.delete('6')
    desk.run(3 * SECOND)
    const from = desk.left.findIndex((value, index) => index > SECOND && value >= 6)
    expect(from).toBeGreaterThanOrEqual(SECOND + 4800)
    expect(from).toBeLessThan(SECOND + 4800 + AHEAD + 2 * 480)
    expect(desk.right[2 * SECOND]).toBe(2 * SECOND - from + 1)
    expect(desk.rowsOf('1')[0]).toMatchObject({ stopReason: 'operatorSkip' })
  })
})

describe('in assist and manual', () => {
  it('assist: P ends whole and the bus is silent until the key', () => {
    const desk = new Desk({ mode: 'assist' })
    desk.setPlan([follow(1, 0, SECOND), follow(2, SECOND, SECOND)])
    desk.run(4800)
    expect([desk.log.plan.waiting?.lineId, desk.left.every((value) => value === 0)]).toEqual(['line1', true])
    desk.order({ kind: 'go', lineId: null, rev: null })
    desk.run(3 * SECOND)
    expectOnly(desk, 1, 4800 + AHEAD, 4800 + AHEAD + SECOND)
    expectOnly(desk, 0, 4800 + AHEAD + SECOND, 3 * SECOND)
    expect(desk.log.plan.waiting?.lineId).toBe('line2')
  })

  it('assist: on the key P goes out by its segue, N is there at once', () => {
    const desk = new Desk({ mode: 'assist' })
    desk.setPlan([follow(1, 0, 9 * SECOND, { markers: marked({ segueStart: 8 * SECOND, segueEnd: 8 * SECOND + 24_000 }) }), follow(2, SECOND, 3 * SECOND)])
    desk.order({ kind: 'go', lineId: 'line1', rev: 1 })
    desk.run(SECOND)
    desk.order({ kind: 'go', lineId: null, rev: null })
    desk.run(5 * SECOND)
    const at = SECOND + AHEAD
    expect(desk.left[at]).toBeGreaterThan(2.9)
    expect(desk.left[at + 12_000]).toBeCloseTo(2 + Math.SQRT1_2, 2)
    expectOnly(desk, 2, at + 24_000, at + 3 * SECOND)
    expect(desk.rowsOf('1')[0]).toMatchObject({ stopReason: 'segued' })
  })

  it('assist: a hard line that is due does not cut; the key cuts for it', () => {
    const desk = new Desk({ mode: 'assist' })
    desk.setPlan([follow(1, 0, 9 * SECOND), follow(2, SECOND, SECOND), play(3, SECOND, SECOND)])
    desk.order({ kind: 'go', lineId: 'line1', rev: null })
    desk.run(2 * SECOND)
    expectOnly(desk, 1, 0, 2 * SECOND)
    expect(desk.log.bannersAt(desk.engine.wall)).toMatchObject([{ lineId: 'line3', kind: 'timedLineDue', phase: 'running' }])
    desk.order({ kind: 'go', lineId: null, rev: null })
    desk.run(4 * SECOND)
    const at = 2 * SECOND + AHEAD + FADE
    expectOnly(desk, 3, at, at + SECOND)
    expect(desk.rowsOf('1')[0]).toMatchObject({ stopReason: 'cutByHardStart', playedSamples: at })
    expect(desk.rowsOf('2')[0]).toMatchObject({ editCode: 'skippedByHardStart' })
  })

  it('assist: the solver proposes and nothing changes until a person accepts, once however often the key is pressed', () => {
    const desk = new Desk({ mode: 'assist' })
    const droppable = { slotId: 's', droppable: true, priority: 2, content: 'music' as const }
    desk.setPlan([follow(1, 0, 5 * SECOND, { slotId: 's' }), follow(2, 5 * SECOND, 4 * SECOND, { slotId: 's' }), follow(3, 9 * SECOND, 5 * SECOND, droppable), follow(4, 14 * SECOND, 5 * SECOND, { slotId: 's' }), play(5, 14 * SECOND, SECOND, { line: { slotId: 's' } })], { slots: [{ id: 's', from: 0, until: 60 * SECOND, onUnderrun: 'close' }] })
    desk.order({ kind: 'go', lineId: null, rev: null })
    desk.run(4800)
    const shown = desk.log.plan.solver[0]
    expect(shown?.changes).toMatchObject([{ lineId: 'line3', what: 'drop' }])
    expect(desk.log.plan.placements.find(({ lineId }) => lineId === 'line3')).toMatchObject({ sounds: true })
    expect([desk.log.accept('no such plan'), desk.log.accept(shown?.id ?? '')]).toEqual([false, true])
    desk.engine.change()
    desk.run(9600)
    expect(desk.log.plan.placements.find(({ lineId }) => lineId === 'line3')).toMatchObject({ sounds: false, editCode: 'droppedForTime' })
    for (const { id } of desk.log.plan.solver) desk.log.accept(id)
    desk.engine.change()
    desk.run(14_400)
    expect(desk.log.plan.solver.flatMap(({ changes }) => changes.filter(({ what }) => what === 'drop'))).toHaveLength(1)
  })

  it('manual: the key waits for the end of P, with no overlap', () => {
    const desk = new Desk({ mode: 'manual' })
    desk.setPlan([follow(1, 0, 2 * SECOND, { markers: marked({ segueStart: SECOND }) }), follow(2, SECOND, SECOND, { transition: 'segue' })])
    desk.order({ kind: 'go', lineId: null, rev: null })
    desk.run(SECOND)
    desk.order({ kind: 'go', lineId: null, rev: null })
    desk.run(4 * SECOND)
    expectOnly(desk, 1, 0, 2 * SECOND)
    expectOnly(desk, 2, 2 * SECOND, 3 * SECOND)
  })

  it('a change of mode is not heard: out of auto P plays on and the log waits, back in auto nothing starts by itself until a time comes', () => {
    const desk = new Desk()
    desk.setPlan([play(1, 0, 2 * SECOND), follow(2, 2 * SECOND, SECOND), play(3, 5 * SECOND, SECOND)])
    desk.run(SECOND)
    desk.setMode('assist')
    desk.run(3 * SECOND)
    expectOnly(desk, 1, 0, 2 * SECOND)
    desk.setMode('auto')
    desk.run(7 * SECOND)
    expectOnly(desk, 0, 2 * SECOND, 5 * SECOND)
    expectOnly(desk, 3, 5 * SECOND, 6 * SECOND)
  })

  it('back in auto while P sounds, the log goes on behind it', () => {
    const desk = new Desk({ mode: 'assist' })
    desk.setPlan([follow(1, 0, 2 * SECOND), follow(2, 2 * SECOND, SECOND)])
    desk.order({ kind: 'go', lineId: null, rev: null })
    desk.run(SECOND)
    desk.setMode('auto')
    desk.run(4 * SECOND)
    expectOnly(desk, 2, 2 * SECOND, 3 * SECOND)
  })
})

describe('what has begun is not taken back', () => {
  it('a fade for a hard line that is taken out of the log meanwhile ends where it was to end, and the log goes on there', () => {
    const desk = new Desk()
    const [p, n, o] = [play(1, 0, 9 * SECOND), play(2, SECOND, SECOND), follow(3, 2 * SECOND, SECOND)]
    desk.setPlan([p, n, o])
    desk.run(SECOND - FADE / 2)
    desk.setPlan([p, o])
    desk.run(3 * SECOND)
    expect(desk.rowsOf('1')[0]).toMatchObject({ playedSamples: SECOND })
    expectOnly(desk, 3, SECOND, 2 * SECOND)
  })

  it('in a segue the tail keeps its end when the line that came in is edited', () => {
    const desk = new Desk()
    const lines = (rev: number) => [play(1, 0, 2 * SECOND, { line: { markers: marked({ segueStart: 84_000, segueEnd: 93_600 }) } }), follow(2, 84_000, 2 * SECOND, { transition: 'segue', rev })]
    desk.setPlan(lines(1))
    desk.run(88_000)
    desk.setPlan(lines(2))
    desk.run(3 * SECOND)
    expect(desk.rowsOf('1')[0]).toMatchObject({ stopReason: 'segued', playedSamples: 93_600 })
    expectOnly(desk, 2, 93_600, 3 * SECOND)
  })

  it('a line that is not allowed any more while it sounds goes out in 150 ms, and the log goes on', () => {
    const desk = new Desk()
    desk.setPlan([play(1, 0, 9 * SECOND), follow(2, 9 * SECOND, SECOND)])
    desk.run(SECOND)
    desk.setPlan([play(1, 0, 9 * SECOND, { line: { state: 'notApproved' } }), follow(2, 9 * SECOND, SECOND)])
    desk.run(3 * SECOND)
    const at = SECOND + AHEAD + FADE
    expectOnly(desk, 2, at, at + SECOND)
    expect(desk.rowsOf('1')).toMatchObject([{ stopReason: 'withdrawn', playedSamples: at }])
  })

  it('a line put in front of what is on air has lost nothing: moved behind it, it plays', () => {
    const desk = new Desk()
    const [p, n, o] = [play(1, 0, 2 * SECOND), follow(2, 2 * SECOND, SECOND), follow(3, 0, SECOND)]
    desk.setPlan([p, n])
    desk.run(SECOND)
    desk.setPlan([o, p, n])
    desk.run(SECOND + 4800)
    desk.setPlan([p, o, n])
    desk.run(5 * SECOND)
    expectOnly(desk, 3, 2 * SECOND, 3 * SECOND)
    expectOnly(desk, 2, 3 * SECOND, 4 * SECOND)
  })
})

describe('after somebody had the bus', () => {
  const taken = (after: 'join' | 'resume' | 'restart' | 'skip') => {
    const desk = new Desk()
    desk.setPlan([play(1, 0, 10 * SECOND, { line: { after } }), follow(2, 10 * SECOND, SECOND)])
    desk.run(SECOND)
    const live = desk.openLive('s', 1)
    for (let at = 0; at < 2 * SECOND; at += 4800) {
      live.input.write(new Float32Array(4800).fill(0.25 / LEVEL), at)
      desk.run(SECOND + at + 4800)
    }
    live.input.end()
    desk.run(4 * SECOND)
    const back = desk.rowsOf(after === 'skip' ? '2' : '1').at(-1)
    desk.run(5 * SECOND)
    return { desk, back, at: (back?.wall ?? 0) - WALL, interrupted: (desk.rowsOf('1')[0]?.playedSamples ?? 0) }
  }
  it('join: the line goes on where the clock says', () => {
    const { desk, at, back } = taken('join')
    expect(back).toMatchObject({ joinedAtSample: at, editCode: 'joinedInProgress', startSource: 'catchUp' })
    expect(desk.right[at + FADE + 1000]).toBe(at + FADE + 1000 + 1)
  })
  it('resume: on the sample it was left at', () => {
    const { desk, at, back, interrupted } = taken('resume')
    expect(back).toMatchObject({ joinedAtSample: interrupted, startSource: 'catchUp' })
    expect(desk.right[at + FADE + 1000]).toBe(interrupted + FADE + 1000 + 1)
  })
  it('restart: from its top', () => {
    const { desk, at, back } = taken('restart')
    expect(back).toMatchObject({ joinedAtSample: 0, startSource: 'catchUp' })
    expect(desk.right[at + FADE + 1000]).toBe(FADE + 1000 + 1)
  })
  it('skip: the line after it', () => {
    const { desk, back } = taken('skip')
    expect(back).toMatchObject({ title: '2' })
    expect(desk.rowsOf('1')).toHaveLength(1)
  })
})

describe('after a stop nobody chose', () => {
  const restarted = (resume: 'catchUp' | 'lastPosition' | 'lastItem' | 'lastState') => {
    const desk = new Desk({
      happened: [{ lineId: 'line1', start: WALL - 10 * SECOND, from: 0, end: WALL - 3 * SECOND, endsAt: null, stopReason: 'unclean', editCode: 'none', ratio: 1, sounded: true, fill: null }],
      returned: { since: WALL - 3 * SECOND, at: WALL, why: 'down', resume },
    })
    desk.setPlan([play(1, -10 * SECOND, 20 * SECOND), follow(2, 10 * SECOND, SECOND)])
    return desk
  }
  it.each([['catchUp', 10 * SECOND], ['lastPosition', 7 * SECOND], ['lastItem', 0]] as const)('%s: comes back at its sample', (resume, from) => {
    const desk = restarted(resume)
    desk.run(SECOND)
    expect(desk.right[1000]).toBe(from + 1000 + 1)
    expect(desk.rowsOf('1')[0]).toMatchObject({ startSource: 'catchUp', joinedAtSample: from, wall: WALL })
  })
  it('lastState: stands at its place and waits for a key', () => {
    const desk = restarted('lastState')
    desk.run(SECOND)
    expect([desk.left.every((value) => value === 0), desk.log.plan.waiting?.lineId]).toEqual([true, 'line1'])
    desk.order({ kind: 'go', lineId: 'line1', rev: null })
    desk.run(2 * SECOND)
    expect(desk.left.at(-1)).toBe(1)
  })
  it('lines whose turn has gone by are written down', () => {
    const desk = new Desk({ returned: { since: WALL - 10 * SECOND, at: WALL, why: 'down', resume: 'catchUp' } })
    desk.setPlan([play(1, -9 * SECOND, SECOND), follow(2, -8 * SECOND, SECOND), follow(3, -7 * SECOND, 20 * SECOND)])
    desk.run(SECOND)
    expect([desk.rowsOf('1')[0]?.editCode, desk.rowsOf('2')[0]?.editCode]).toEqual(['skippedAtStartup', 'skippedAtStartup'])
    expect(desk.right[1000]).toBe(7 * SECOND + 1000 + 1)
  })
})
