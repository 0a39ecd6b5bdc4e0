import { describe, expect, it } from 'vitest'
import type { PlayoutMode, PlayoutTiming } from '#common/playout/index.ts'
import { backtimed, fill, find, go, happened, hard, line, markers, minutes, notBefore, planOf, played, playing, press, seconds, slot, soft, span, T } from '../../support/playout.ts'

/** P has been on air for a minute at T − 60 s and would end `overrun` seconds after T (before it, when negative). */
const onAir = (overrun: number) => ({ now: T - seconds(60), lines: [line('p', seconds(120 + overrun))], happened: happened(playing('p', T - seconds(120))) })
const fills = [fill('music', seconds(40)), fill('short', seconds(15)), fill('bed', minutes(5), { fadesAnywhere: true })]
const late = (mode: PlayoutMode, timing: PlayoutTiming, overrun: number, now = T - seconds(60)) => {
  const { lines, happened: past } = onAir(overrun)
  return planOf({ now, mode, lines: [...lines, line('q', seconds(30)), line('n', seconds(20), { timing }), line('after', seconds(5))], happened: past })
}

describe('R: relative lines', () => {
  it('R1 early: starts at the hand-over, and the predictions of all behind it move', () => {
    const plan = planOf({ now: T, lines: [line('p', seconds(100)), line('n', seconds(10), { plannedStart: T + seconds(60) }), line('o', seconds(10), { plannedStart: T + seconds(70) })], happened: happened(playing('p', T - seconds(70))) })
    expect([span(plan, 'n'), span(plan, 'o')]).toEqual([[seconds(30), seconds(40)], [seconds(40), seconds(50)]])
  })
  it('R2 late: starts at the hand-over; beyond lateMaxMs it is skippedLate and the next takes its place', () => {
    const plan = planOf({ now: T, lines: [line('p', seconds(100)), line('n', seconds(10), { plannedStart: T, lateMaxMs: 20_000 }), line('o', seconds(10), { plannedStart: T, lateMaxMs: 30_000 })], happened: happened(playing('p', T - seconds(70))) })
    expect([span(plan, 'n'), span(plan, 'o')]).toEqual(['skippedLate', [seconds(30), seconds(40)]])
  })
  it('R3 overrun of E, cut: faded out by the end of the slot, and what has not begun by then is dropped for time', () => {
    const plan = planOf({ now: T, lines: [line('p', minutes(3), { slotId: 's' }), line('o', minutes(1), { slotId: 's' })], slots: [slot('s', T, T + minutes(2))], happened: happened(playing('p', T)) })
    expect([span(plan, 'p'), find(plan, 'p').stopReason, find(plan, 'p').fadeOut.length, span(plan, 'o')]).toEqual([[0, minutes(2)], 'fadedToTime', 7200, 'droppedForTime'])
  })
  it('R3 overrun of E, finish: plays on for maxOverrun at most, and the next slot starts late', () => {
    const slots = [slot('s', T, T + minutes(2), { onOverrun: 'finish', maxOverrunMs: 90_000 }), slot('t', T + minutes(2), T + minutes(10))]
    const long = planOf({ now: T, lines: [line('p', minutes(3), { slotId: 's' }), line('n', minutes(1), { slotId: 't' })], slots, happened: happened(playing('p', T)) })
    expect([span(long, 'p'), span(long, 'n'), find(long, 'n').reason]).toEqual([[0, minutes(3)], [minutes(3), minutes(4)], 'slotOpensLate'])
    const tooLong = planOf({ now: T, lines: [line('p', minutes(9), { slotId: 's' }), line('n', minutes(1), { slotId: 't' })], slots, happened: happened(playing('p', T)) })
    expect([span(tooLong, 'p'), find(tooLong, 'p').stopReason, span(tooLong, 'n')]).toEqual([[0, minutes(3.5)], 'fadedToTime', [minutes(3.5), minutes(4.5)]])
  })
  it('R4 underrun, fill: restored first, then filled, and what nothing fills is reported before air', () => {
    const lines = [line('p', minutes(3), { slotId: 's' }), line('back', minutes(2), { slotId: 's', dropped: true })]
    const filled = planOf({ now: T, lines, slots: [slot('s', T, T + seconds(355))], happened: happened(playing('p', T)), fill: fills })
    expect([span(filled, 'back'), find(filled, 'back').editCode, filled.sounding.at(-1)?.editCode, filled.holes]).toEqual([[minutes(3), minutes(5)], 'restoredForTime', 'addedToFill', []])
    const bare = planOf({ now: T, lines, slots: [slot('s', T, T + seconds(355))], happened: happened(playing('p', T)) })
    expect([bare.holes, bare.solver.at(-1)?.why]).toEqual([[{ from: T + minutes(5), until: T + seconds(355), slotId: 's' }], 'noFill'])
  })
  it('R4 underrun, close: the ident is played, the slot ends early, and no hole is reported', () => {
    const plan = planOf({ now: T, lines: [line('p', minutes(3), { slotId: 's' })], slots: [slot('s', T, T + minutes(10), { onUnderrun: 'close', closing: fill('ident', seconds(8)) })], happened: happened(playing('p', T)), fill: fills })
    expect([plan.sounding.map(({ lineId }) => lineId), span(plan, 'close/s'), plan.holes]).toEqual([['p', 'close/s'], [minutes(3), minutes(3) + seconds(8)], []])
  })
  it.each(['assist', 'manual'] as const)('R5 %s: waits for a key, P ends whole', (mode) => {
    const plan = planOf({ now: T, mode, lines: [line('p', seconds(100), { markers: markers({ segueStart: seconds(90) }) }), line('n', seconds(10), { transition: 'segue' })], happened: happened(playing('p', T - seconds(120), { end: T - seconds(20), stopReason: 'natural' })) })
    expect([find(plan, 'n').needsKey, plan.waiting?.lineId, find(plan, 'n').reason]).toEqual([true, 'n', 'waitsForKey'])
    const whole = planOf({ now: T, mode, lines: [line('p', seconds(100), { markers: markers({ cueOut: seconds(95) }) }), line('n', seconds(10))], happened: happened(playing('p', T)) })
    expect([span(whole, 'p'), find(whole, 'n').needsKey, whole.waiting]).toEqual([[0, seconds(95)], true, null])
  })
  it('R5 assist, key: P goes out by its segue, N at once; manual, key: no crossfade, N at the end of P', () => {
    const lines = [line('p', seconds(100), { markers: markers({ segueStart: seconds(96), segueEnd: seconds(99) }) }), line('n', seconds(30))]
    const assist = planOf({ now: T, mode: 'assist', lines, happened: happened(playing('p', T - seconds(50))), orders: [go(T)] })
    expect([span(assist, 'n'), span(assist, 'p'), find(assist, 'p').stopReason, find(assist, 'n').startSource]).toEqual([[0, seconds(30)], [-seconds(50), seconds(3)], 'segued', 'manual'])
    const manual = planOf({ now: T, mode: 'manual', lines, happened: happened(playing('p', T - seconds(50))), orders: [go(T)] })
    expect([span(manual, 'p'), span(manual, 'n'), find(manual, 'p').stopReason, find(manual, 'n').needsKey]).toEqual([[-seconds(50), seconds(50)], [seconds(50), seconds(80)], 'natural', false])
  })
})

/** Rows that hard lines share, whatever they do when their time comes. */
describe.each([['C1', 'cut'], ['M1', 'makeNext'], ['W1', 10]] as const)('%s: the chain is early for a hard line', (row, onReach) => {
  it(`${row} never early: filled to T, the last fill faded out ending at T`, () => {
    const plan = planOf({ now: T - seconds(60), lines: [line('p', seconds(90), { slotId: 's' }), line('n', seconds(20), { slotId: 's', timing: hard(T, onReach) })], slots: [slot('s', T - seconds(120), T + minutes(1))], happened: happened(playing('p', T - seconds(120))), fill: [fill('bed', minutes(5), { fadesAnywhere: true })] })
    const bed = find(plan, 'fill/n/0')
    expect([span(plan, 'fill/n/0'), bed.stopReason, bed.fadeOut.length > 7200, span(plan, 'n'), find(plan, 'n').startSource, plan.holes.filter(({ from }) => from < T)]).toEqual([[-seconds(30), 0], 'fadedToTime', true, [0, seconds(20)], 'time', []])
  })
  it(`${row} no fill: silence is left and reported, T is kept`, () => {
    const plan = planOf({ now: T - seconds(60), lines: [line('p', seconds(119), { slotId: 's' }), line('n', seconds(20), { slotId: 's', timing: hard(T, onReach) })], slots: [slot('s', T - seconds(120), T + seconds(20))], happened: happened(playing('p', T - seconds(120))) })
    expect([span(plan, 'n'), plan.holes, plan.solver[0]?.why]).toEqual([[0, seconds(20)], [{ from: T - seconds(1), until: T, slotId: 's' }], 'silenceAllowed'])
  })
})

describe.each([['C', 'cut'], ['M', 'makeNext'], ['W', 10], ['S', 'soft'], ['B', 'notBefore'], ['K', 'backtimed']] as const)('%s: N longer or shorter than its place', (row, kind) => {
  const n = { C: 'C3', M: 'M4', W: 'W5', S: 'S4', B: 'B3', K: 'K4' }[row]
  const timing: PlayoutTiming = kind === 'soft' ? soft(T, 0, 5) : kind === 'notBefore' ? notBefore(T) : kind === 'backtimed' ? backtimed(T + minutes(3)) : hard(T, kind)
  it(`${n} N overruns E: cut fades it out at E, a hard line at E cuts it in turn`, () => {
    const slots = [slot('s', T - minutes(1), T + minutes(2))]
    const atSlot = planOf({ now: T - seconds(1), lines: [line('n', minutes(3), { slotId: 's', timing })], slots })
    expect([span(atSlot, 'n'), find(atSlot, 'n').stopReason]).toEqual([[0, minutes(2)], 'fadedToTime'])
    const atHard = planOf({ now: T - seconds(1), lines: [line('n', minutes(3), { timing }), line('m', minutes(1), { timing: hard(T + minutes(2)) })], happened: happened(played('before', T - minutes(2), T - seconds(1))) })
    expect([span(atHard, 'n'), find(atHard, 'n').stopReason, span(atHard, 'm')]).toEqual(row === 'B' ? ['noAnchor', 'natural', [minutes(2), minutes(3)]] : [[0, minutes(2)], 'cutByHardStart', [minutes(2), minutes(3)]])
  })
  it(`${({ C: 'C4', M: 'M4', W: 'W5', S: 'S4', B: 'B3', K: 'K5' })[row]} N underruns: the chain goes on relative and the solver aims at the next fixed point`, () => {
    const start = kind === 'backtimed' ? minutes(2) : 0
    const plan = planOf({ now: T - seconds(1), lines: [line('n', minutes(1), { slotId: 's', timing }), line('o', minutes(1), { slotId: 's' }), line('e', minutes(1), { slotId: 's', timing: hard(T + minutes(5)) })], slots: [slot('s', T, T + minutes(6))], fill: fills })
    expect([span(plan, 'n'), span(plan, 'o')]).toEqual([[start, start + minutes(1)], [start + minutes(1), start + minutes(2)]])
    expect([plan.solver.at(-1)?.target.id, plan.solver.at(-1)?.restSamples, plan.holes]).toEqual(['e', expect.closeTo(0, -5), []])
  })
})

describe('C: hard lines that cut', () => {
  it('C2 P late: its 150 ms fade ends at T, the first sample of N; the lines between are skippedByHardStart (G3)', () => {
    const plan = late('auto', hard(T), 40)
    const p = find(plan, 'p')
    expect([span(plan, 'p'), p.stopReason, p.fadeOut, span(plan, 'q'), span(plan, 'n'), span(plan, 'after')]).toEqual([[-seconds(120), 0], 'cutByHardStart', { length: 7200, shape: 'linear' }, 'skippedByHardStart', [0, seconds(20)], [seconds(20), seconds(25)]])
    expect(find(plan, 'q').because).toBe('n')
  })
  it('C5 assist: no cut, placed next with a banner; the key is C2 at once', () => {
    const waiting = late('assist', hard(T), 40, T + seconds(10))
    expect([span(waiting, 'p'), find(waiting, 'n').needsKey, waiting.next?.lineId, waiting.banners]).toEqual([[-seconds(120), seconds(40)], true, 'n', [{ id: 'log:n:1', lineId: 'n', kind: 'timedLineDue', at: T, until: null, phase: 'running' }]])
    const { lines, happened: past } = onAir(40)
    const pressed = planOf({ now: T + seconds(10), mode: 'assist', lines: [...lines, line('q', seconds(30)), line('n', seconds(20), { timing: hard(T) })], happened: past, orders: [go(T + seconds(10))] })
    expect([span(pressed, 'p'), find(pressed, 'p').stopReason, span(pressed, 'n'), span(pressed, 'q')]).toEqual([[-seconds(120), seconds(10) + 7200], 'cutByHardStart', [seconds(10) + 7200, seconds(30) + 7200], 'skippedByHardStart'])
  })
  it('C6 manual: a banner only, the log pointer stays', () => {
    const plan = late('manual', hard(T), 40, T + seconds(10))
    expect([span(plan, 'p'), plan.next?.lineId, plan.banners.map(({ lineId, phase }) => [lineId, phase])]).toEqual([[-seconds(120), seconds(40)], 'q', [['n', 'running']]])
  })
  it.each([
    ['preempted', 'join', 60, 'joined'], ['preempted', 'restart', 60, 'restarted'], ['preempted', 'resume', 60, 'restarted'], ['preempted', 'skip', 60, 'preempted'], ['preempted', 'restart', 200, 'skippedLate'],
    ['down', 'join', 60, 'joined'], ['down', 'restart', 60, 'restarted'], ['down', 'skip', 60, 'skippedAtStartup'], ['down', 'join', 200, 'skippedLate'],
  ] as const)('C7 T passed while %s, after = %s, %i s late: %s', (why, after, lateness, expected) => {
    const now = T + seconds(lateness)
    const plan = planOf({ now, lines: [line('p', minutes(4), { timing: hard(T - minutes(2)) }), line('n', minutes(5), { timing: hard(T), after, lateMaxMs: 120_000 })], happened: happened(played('p', T - minutes(2), T - minutes(1), { stopReason: why === 'down' ? 'unclean' : 'preempted' })), returned: { since: T - minutes(1), at: now, why, resume: 'catchUp' } })
    const n = find(plan, 'n')
    const shown = !n.sounds ? n.editCode : n.from > 0 ? 'joined' : 'restarted'
    expect([shown, n.start]).toEqual([expected, expected === 'joined' || expected === 'restarted' ? now : T])
    if (expected === 'joined') expect([n.from, n.length, n.editCode, n.startSource]).toEqual([seconds(lateness), minutes(5) - seconds(lateness), 'joinedInProgress', 'catchUp'])
  })
  it('C8 two hard lines at one T: the first by order plays, the second becomes makeNext, what follows the first is jumped over', () => {
    const plan = planOf({ now: T - seconds(1), lines: [line('a', seconds(30), { timing: hard(T) }), line('jumped', seconds(5)), line('b', seconds(30), { timing: hard(T) }), line('c', seconds(5))] })
    expect(['a', 'jumped', 'b', 'c'].map((id) => span(plan, id))).toEqual([[0, seconds(30)], 'skippedByHardStart', [seconds(30), seconds(60)], [seconds(60), seconds(65)]])
    expect(find(plan, 'b').reason).toBe('secondAtSameTime')
  })
})

describe('M: hard lines that become next', () => {
  it('M2 P late: at T N becomes next, lines between are jumped over, P ends whole and its segue is honoured', () => {
    const plan = planOf({ now: T - seconds(60), lines: [line('p', seconds(160), { markers: markers({ segueStart: seconds(157), segueEnd: seconds(159) }) }), line('q', seconds(30)), line('n', seconds(20), { timing: hard(T, 'makeNext'), transition: 'segue' })], happened: happened(playing('p', T - seconds(120))) })
    expect([span(plan, 'p'), find(plan, 'p').stopReason, span(plan, 'q'), span(plan, 'n'), find(plan, 'n').startSource]).toEqual([[-seconds(120), seconds(39)], 'segued', 'skippedByHardStart', [seconds(37), seconds(57)], 'segue'])
  })
  it('M3 P endless: treated as cut at T', () => {
    const plan = planOf({ now: T - seconds(60), lines: [line('p', 0, { endless: true, kind: 'relay' }), line('q', seconds(5)), line('n', seconds(20), { timing: hard(T, 'makeNext') })], happened: happened(playing('p', T - seconds(120))) })
    expect([span(plan, 'p'), find(plan, 'p').stopReason, span(plan, 'n')]).toEqual([[-seconds(120), 0], 'cutByHardStart', [0, seconds(20)]])
  })
  it('M5 assist: placed next at T, the key starts it', () => {
    const plan = late('assist', hard(T, 'makeNext'), 40, T + seconds(10))
    expect([plan.next?.lineId, plan.next?.needsKey, plan.banners[0]?.kind]).toEqual(['n', true, 'timedLineDue'])
    const { lines, happened: past } = onAir(40)
    const pressed = planOf({ now: T + seconds(10), mode: 'assist', lines: [...lines, line('n', seconds(20), { timing: hard(T, 'makeNext') })], happened: past, orders: [go(T + seconds(10))] })
    expect([span(pressed, 'n'), find(pressed, 'p').stopReason]).toEqual([[seconds(10), seconds(30)], 'segued'])
  })
  it('M5 manual: a banner only', () => {
    const plan = late('manual', hard(T, 'makeNext'), 40, T + seconds(10))
    expect([plan.next?.lineId, plan.banners[0]?.phase]).toEqual(['q', 'running'])
  })
})

describe('W: hard lines that wait up to a grace', () => {
  it('W2 P ends before T + grace: N at the junction of P', () => {
    const plan = late('auto', hard(T, 10), 7)
    expect([span(plan, 'p'), find(plan, 'p').stopReason, span(plan, 'n'), span(plan, 'q')]).toEqual([[-seconds(120), seconds(7)], 'natural', [seconds(7), seconds(27)], 'skippedByHardStart'])
  })
  it('W3 P still on at T + grace: cut as C2 there, graceExpired', () => {
    const plan = late('auto', hard(T, 10), 40)
    expect([span(plan, 'p'), find(plan, 'p').stopReason, find(plan, 'p').fadeOut.length, span(plan, 'n'), find(plan, 'n').reason]).toEqual([[-seconds(120), seconds(10)], 'graceExpired', 7200, [seconds(10), seconds(30)], 'graceRan'])
    expect(late('auto', hard(T, 10), 40, T + seconds(4)).banners).toEqual([{ id: 'log:n:1', lineId: 'n', kind: 'grace', at: T, until: T + seconds(10), phase: 'running' }])
  })
  it('W4 log reloaded or line edited meanwhile: the timer dies with its log, line and rev', () => {
    const { lines, happened: past } = onAir(40)
    const at = (set: Parameters<typeof line>[2]) => planOf({ now: T + seconds(4), lines: [...lines, line('n', seconds(20), set)], happened: past })
    const edited = at({ timing: hard(T + seconds(20), 10), rev: 2 })
    expect([edited.banners, span(edited, 'n'), span(edited, 'p')]).toEqual([[], [seconds(30), seconds(50)], [-seconds(120), seconds(30)]])
    const relative = at({ rev: 2 })
    expect([relative.banners, span(relative, 'n'), find(relative, 'p').stopReason]).toEqual([[], [seconds(40), seconds(60)], 'natural'])
    const gone = planOf({ now: T + seconds(4), lines, happened: past })
    expect([gone.banners, span(gone, 'p')]).toEqual([[], [-seconds(120), seconds(40)]])
    expect(at({ timing: hard(T, 10), rev: 2 }).banners[0]?.id).toBe('log:n:2')
  })
  it('W6 assist: no cut, the banner shows the grace that is left', () => {
    const plan = late('assist', hard(T, 10), 40, T + seconds(4))
    expect([span(plan, 'p'), plan.next?.lineId, plan.banners]).toEqual([[-seconds(120), seconds(40)], 'n', [{ id: 'log:n:1', lineId: 'n', kind: 'grace', at: T, until: T + seconds(10), phase: 'running' }]])
    expect(late('assist', hard(T, 10), 40, T + seconds(14)).banners[0]?.phase).toBe('over')
  })
  it('W6 manual: a banner only', () => {
    const plan = late('manual', hard(T, 10), 40, T + seconds(4))
    expect([plan.next?.lineId, plan.banners.map(({ kind }) => kind)]).toEqual(['q', ['grace']])
  })
})

describe('S: soft lines', () => {
  /** Junctions at T − 7, − 3, + 2 and + 9 s. */
  const chain = (timing: PlayoutTiming, mode: PlayoutMode = 'auto') => planOf({ now: T - seconds(30), mode, lines: [line('p', seconds(53)), line('a', seconds(4)), line('b', seconds(5)), line('c', seconds(7)), line('d', seconds(60)), line('n', seconds(20), { timing })], happened: happened(playing('p', T - seconds(60))) })
  it.each([
    ['closest', 5, 5, 2], ['over', 5, 5, 2], ['under', 5, 5, -3], ['closest', 8, 1, -3], ['over', 8, 10, 2], ['over', 8, 1, -3], ['under', 1, 10, 2], ['under', 8, 10, -3], ['closest', 8, 10, 2],
  ] as const)('S1 %s in [T − %i s, T + %i s]: the junction at T %i s', (prefer, early, lateSeconds, expected) => {
    const plan = chain(soft(T, early, lateSeconds, prefer))
    expect([span(plan, 'n'), find(plan, 'n').reason]).toEqual([[seconds(expected), seconds(expected + 20)], 'softJunction'])
  })
  it('S1 lines jumped over at the junction are skippedByHardStart', () => {
    const plan = chain(soft(T, 5, 5, 'under'))
    expect(['b', 'c', 'd'].map((id) => span(plan, id))).toEqual(['skippedByHardStart', 'skippedByHardStart', 'skippedByHardStart'])
  })
  it('S2 the chain ends before T − early: filled to T − early, then N', () => {
    const plan = planOf({ now: T - seconds(60), lines: [line('p', seconds(90), { slotId: 's' }), line('n', seconds(20), { slotId: 's', timing: soft(T, 5, 5) })], slots: [slot('s', T - seconds(120), T + seconds(15))], happened: happened(playing('p', T - seconds(120))), fill: [fill('bed', minutes(5), { fadesAnywhere: true })] })
    expect([span(plan, 'fill/n/0'), span(plan, 'n'), find(plan, 'n').reason]).toEqual([[-seconds(30), -seconds(5)], [-seconds(5), seconds(15)], 'softFilledToWindow'])
  })
  it('S3 no junction by T + late: makeNext at T + late by default, cut when so set', () => {
    const plan = late('auto', soft(T, 5, 5), 40)
    expect([span(plan, 'n'), find(plan, 'n').reason, find(plan, 'p').stopReason, span(plan, 'q')]).toEqual([[seconds(40), seconds(60)], 'softWindowOver', 'natural', 'skippedByHardStart'])
    const cut = late('auto', soft(T, 5, 5, 'closest', 'cut'), 40)
    expect([span(cut, 'p'), span(cut, 'n')]).toEqual([[-seconds(120), seconds(5)], [seconds(5), seconds(25)]])
  })
  it('S5 assist: a window bar, and a key inside it is on time', () => {
    const plan = late('assist', soft(T, 5, 5), 40, T + seconds(2))
    expect([plan.banners, plan.next?.lineId]).toEqual([[{ id: 'log:n:1', lineId: 'n', kind: 'softWindow', at: T - seconds(5), until: T + seconds(5), phase: 'running' }], 'n'])
    const { lines, happened: past } = onAir(40)
    const key = (at: number) => planOf({ now: at, mode: 'assist', lines: [...lines, line('n', seconds(20), { timing: soft(T, 5, 5) })], happened: past, orders: [go(at)] }).answers
    expect([key(T + seconds(2)), key(T + seconds(8)), key(T - seconds(8))].map(([one]) => [one?.outcome, one?.warning])).toEqual([['done', null], ['done', 'afterItsTime'], ['done', 'beforeItsTime']])
  })
  it('S5 manual: a banner only', () => {
    const plan = late('manual', soft(T, 5, 5), 40, T + seconds(2))
    expect([plan.next?.lineId, plan.banners.map(({ kind }) => kind)]).toEqual(['q', ['softWindow']])
  })
})

describe('B: lines that may not begin before a time', () => {
  const lines = (p: number) => [line('p', seconds(p), { slotId: 's' }), line('n', seconds(20), { slotId: 's', timing: notBefore(T) }), line('o', seconds(5), { slotId: 's' })]
  const slots = [slot('s', T - seconds(120), T + seconds(25))]
  it('B1 early: filled to T, or held; N at T on the sample and never sooner', () => {
    const filled = planOf({ now: T - seconds(60), lines: lines(90), slots, happened: happened(playing('p', T - seconds(120))), fill: [fill('bed', minutes(5), { fadesAnywhere: true })] })
    expect([span(filled, 'fill/n/0'), span(filled, 'n'), find(filled, 'n').startSource]).toEqual([[-seconds(30), 0], [0, seconds(20)], 'time'])
    const held = planOf({ now: T - seconds(60), lines: lines(90), slots, happened: happened(playing('p', T - seconds(120))) })
    expect([span(held, 'n'), find(held, 'n').reason, held.holes[0]]).toEqual([[0, seconds(20)], 'heldToTime', { from: T - seconds(30), until: T, slotId: 's' }])
  })
  it('B2 late: at the junction of P, nothing skipped or cut', () => {
    const plan = planOf({ now: T - seconds(60), lines: [line('p', seconds(150)), line('q', seconds(10)), line('n', seconds(20), { timing: notBefore(T) })], happened: happened(playing('p', T - seconds(120))) })
    expect(['p', 'q', 'n'].map((id) => span(plan, id))).toEqual([[-seconds(120), seconds(30)], [seconds(30), seconds(40)], [seconds(40), seconds(60)]])
    expect(find(plan, 'p').stopReason).toBe('natural')
  })
  it('B4 assist: a key before T is refused; the second press overrides and is told', () => {
    const base = { mode: 'assist' as const, lines: lines(90), happened: happened(played('p', T - seconds(120), T - seconds(30))) }
    const first = planOf({ ...base, now: T - seconds(20), orders: [go(T - seconds(20))] })
    expect([first.answers[0], find(first, 'n').needsKey]).toEqual([{ orderId: 'key', outcome: 'refused', why: 'beforeItsTime', warning: null }, true])
    const second = planOf({ ...base, now: T - seconds(18), orders: [go(T - seconds(20)), { ...go(T - seconds(18)), id: 'again' }] })
    expect([second.answers.at(-1), span(second, 'n')]).toEqual([{ orderId: 'again', outcome: 'done', why: null, warning: 'beforeItsTime' }, [-seconds(18), seconds(2)]])
  })
  it('B5 manual: the key is obeyed, with a warning to be written down', () => {
    const plan = planOf({ now: T - seconds(20), mode: 'manual', lines: lines(90), happened: happened(played('p', T - seconds(120), T - seconds(30))), orders: [go(T - seconds(20))] })
    expect([plan.answers, span(plan, 'n')]).toEqual([[{ orderId: 'key', outcome: 'done', why: null, warning: 'beforeItsTime' }], [-seconds(20), 0]])
  })
})

describe('K: backtimed lines', () => {
  const E = T + seconds(20)
  it('K1 early: starts at endsAt − its decoded length, with fill before it', () => {
    const plan = planOf({ now: T - seconds(60), lines: [line('p', seconds(90), { slotId: 's' }), line('n', seconds(20), { slotId: 's', timing: backtimed(E) })], slots: [slot('s', T - seconds(120), E)], happened: happened(playing('p', T - seconds(120))), fill: [fill('bed', minutes(5), { fadesAnywhere: true })] })
    expect([span(plan, 'fill/n/0'), span(plan, 'n'), find(plan, 'n').reason]).toEqual([[-seconds(30), 0], [0, seconds(20)], 'backtimedStart'])
  })
  it('K2 P late at its start: onReach, cut by default', () => {
    const cut = late('auto', backtimed(E), 10)
    expect([span(cut, 'p'), find(cut, 'p').stopReason, span(cut, 'n')]).toEqual([[-seconds(120), 0], 'cutByHardStart', [0, seconds(20)]])
    expect(span(late('auto', backtimed(E, 'join', 4), 10), 'n')).toEqual([seconds(4), seconds(20)])
  })
  it.each([['join', [seconds(10), seconds(20)], seconds(10)], ['trimEnd', [seconds(10), seconds(20)], 0], ['skip', 'skippedLate', 0]] as const)('K3 reached late by 10 s, %s', (onLate, expected, from) => {
    const plan = late('auto', backtimed(E, onLate, 'makeNext'), 10)
    const n = find(plan, 'n')
    expect([span(plan, 'n'), n.from]).toEqual([expected, from])
    if (n.sounds) expect((n.start ?? 0) + n.length).toBe(E)
    if (onLate === 'trimEnd') expect([n.stopReason, n.fadeOut.length > 0]).toEqual(['fadedToTime', true])
    // With nothing in its place the log goes on.
    if (onLate === 'skip') expect([span(plan, 'q'), span(plan, 'after')]).toEqual([[seconds(10), seconds(40)], [seconds(40), seconds(45)]])
  })
  it('K4 take longer than planned: the start is worked out again at load; if it runs, it fades at endsAt', () => {
    const loaded = planOf({ now: T - seconds(60), lines: [line('n', seconds(26), { timing: backtimed(E) })] })
    expect(span(loaded, 'n')).toEqual([-seconds(6), seconds(20)])
    const running = planOf({ now: T + seconds(5), lines: [line('n', seconds(26), { timing: backtimed(E) })], happened: happened(playing('n', T)) })
    expect([span(running, 'n'), find(running, 'n').stopReason]).toEqual([[0, seconds(20)], 'fadedToTime'])
  })
  it('K5 take shorter: the start moves later and the hole before it is filled', () => {
    const plan = planOf({ now: T - seconds(60), lines: [line('p', seconds(120), { slotId: 's' }), line('n', seconds(12), { slotId: 's', timing: backtimed(E) })], slots: [slot('s', T - seconds(120), E)], happened: happened(playing('p', T - seconds(120))), fill: [fill('bed', minutes(5), { fadesAnywhere: true })] })
    expect([span(plan, 'fill/n/0'), span(plan, 'n')]).toEqual([[0, seconds(8)], [seconds(8), seconds(20)]])
  })
  it('K6 assist: a countdown to the latest start, and a late key does what onLate says', () => {
    const plan = late('assist', backtimed(E), 40, T - seconds(30))
    expect(plan.banners).toEqual([{ id: 'log:n:1', lineId: 'n', kind: 'latestStart', at: T, until: E, phase: 'coming' }])
    const key = (mode: PlayoutMode) => planOf({ now: T + seconds(8), mode, lines: [line('n', seconds(20), { timing: backtimed(E) })], happened: happened(played('x', T - seconds(60), T - seconds(1))), orders: [go(T + seconds(8))] })
    expect([span(key('assist'), 'n'), find(key('assist'), 'n').from]).toEqual([[seconds(8), seconds(20)], seconds(8)])
  })
  it('K6 manual: a late key plays it from its top', () => {
    const plan = planOf({ now: T + seconds(8), mode: 'manual', lines: [line('n', seconds(20), { timing: backtimed(E) })], happened: happened(played('x', T - seconds(60), T - seconds(1))), orders: [go(T + seconds(8))] })
    expect([span(plan, 'n'), find(plan, 'n').from, plan.banners.map(({ kind }) => kind)]).toEqual([[seconds(8), seconds(28)], 0, ['latestStart']])
  })
})

describe('G: what holds for all', () => {
  it('G1 what is armed is known by log, line and rev, and the same input gives the same plan', () => {
    const plan = late('auto', hard(T), 40)
    expect(plan).toEqual(late('auto', hard(T), 40))
    expect([find(plan, 'n').logId, find(plan, 'n').lineId, find(plan, 'n').rev]).toEqual(['log', 'n', 1])
  })
  it('G2 T ≤ now and unplayed is due; a played line never starts again by itself', () => {
    expect(span(planOf({ now: T, lines: [line('n', seconds(20), { timing: hard(T) })] }), 'n')).toEqual([0, seconds(20)])
    expect(span(planOf({ now: T + seconds(1), lines: [line('n', seconds(20), { timing: hard(T) })] }), 'n')).toEqual([seconds(1), seconds(21)])
    // Missed by more than 2 s with nothing on air that made it wait: its \`after\` decides.
    const missed = (after: 'join' | 'restart' | 'skip', lateMaxMs: number | null = null) => span(planOf({ now: T + seconds(5), lines: [line('n', seconds(20), { timing: hard(T), after, lateMaxMs })] }), 'n')
    expect([missed('join'), missed('restart'), missed('skip'), missed('join', 4000)]).toEqual([[seconds(5), seconds(20)], [seconds(5), seconds(25)], 'skippedLate', 'skippedLate'])
    const again = planOf({ now: T - seconds(30), lines: [line('n', seconds(20), { timing: hard(T) })], happened: happened(played('n', T - seconds(60), T - seconds(40))) })
    expect([again.sounding, find(again, 'n').status]).toEqual([[], 'finished'])
  })
  it('G3 every line jumped over has its edit code and the line it gave way to', () => {
    const plan = late('auto', hard(T), 40)
    expect([find(plan, 'q').editCode, find(plan, 'q').because, find(plan, 'q').start]).toEqual(['skippedByHardStart', 'n', T])
  })
  it('G4 protected binds the solver, not a hard cut', () => {
    const plan = planOf({ now: T - seconds(60), lines: [line('p', seconds(160), { protected: true }), line('n', seconds(20), { timing: hard(T) })], happened: happened(playing('p', T - seconds(120))) })
    expect([span(plan, 'p'), plan.solver.flatMap(({ changes }) => changes)]).toEqual([[-seconds(120), 0], []])
  })
  it('G5 after a higher priority after and lateMaxMs decide what comes back', () => {
    const back = (after: 'join' | 'resume' | 'restart' | 'skip', lateMaxMs: number | null = null) => planOf({ now: T, lines: [line('p', minutes(5), { after, lateMaxMs }), line('n', minutes(1))], happened: happened(played('p', T - minutes(3), T - minutes(2), { stopReason: 'preempted' })), returned: { since: T - minutes(2), at: T, why: 'preempted', resume: 'catchUp' } })
    expect([span(back('join'), 'p'), find(back('join'), 'p').from]).toEqual([[0, minutes(2)], minutes(3)])
    expect([span(back('resume'), 'p'), find(back('resume'), 'p').from]).toEqual([[0, minutes(4)], minutes(1)])
    expect([span(back('restart'), 'p'), find(back('restart'), 'p').from]).toEqual([[0, minutes(5)], 0])
    expect([find(back('skip'), 'p').sounds, span(back('skip'), 'n')]).toEqual([false, [0, minutes(1)]])
    expect([find(back('restart', 60_000), 'p').sounds, span(back('restart', 60_000), 'n')]).toEqual([false, [0, minutes(1)]])
  })
  it('G6 a change of mode is inaudible: what sounds goes on, nothing starts by itself, and a running grace becomes a banner', () => {
    const { lines, happened: past } = onAir(40)
    const log = [...lines, line('n', seconds(20), { timing: hard(T, 10) })]
    for (const mode of ['auto', 'assist', 'manual'] as const) {
      const plan = planOf({ now: T + seconds(4), mode, modeSince: T + seconds(4), lines: log, happened: past })
      expect([plan.onAir?.lineId, plan.banners[0]?.kind]).toEqual(['p', 'grace'])
    }
    const idle = planOf({ now: T, mode: 'auto', modeSince: T, lines: [line('p', seconds(10)), line('n', seconds(20)), line('h', seconds(5), { timing: hard(T + seconds(60)) })], happened: happened(played('p', T - seconds(20), T - seconds(10))) })
    expect([idle.waiting?.lineId, find(idle, 'n').needsKey, find(idle, 'h').needsKey, idle.wakeAt]).toEqual(['n', true, false, T + seconds(60)])
  })
})

describe('a relay with a fixed out', () => {
  const at = (mode: PlayoutMode) => planOf({ now: T - seconds(60), mode, lines: [line('r', 0, { kind: 'relay', endless: true, endAt: T, priority: 4 }), line('n', seconds(20))], happened: happened(playing('r', T - minutes(5))) })
  it('leaves at its instant in auto and assist, and is a banner in manual', () => {
    expect([span(at('auto'), 'r'), find(at('auto'), 'r').stopReason, span(at('auto'), 'n')]).toEqual([[-minutes(5), 0], 'relayOut', [0, seconds(20)]])
    expect([span(at('assist'), 'r'), find(at('assist'), 'n').needsKey]).toEqual([[-minutes(5), 0], true])
    const manual = at('manual')
    expect([find(manual, 'r').openEnded, span(manual, 'n'), manual.banners]).toEqual([true, 'waitsForEnd', [{ id: 'log:r:1', lineId: 'r', kind: 'relayOut', at: T, until: null, phase: 'coming' }]])
  })
})

describe('transition stop', () => {
  it('waits for a key even in auto, and a timed line behind it still comes at its time', () => {
    const lines = [line('p', seconds(60)), line('n', seconds(20), { transition: 'stop' }), line('o', seconds(10)), line('h', seconds(10), { timing: hard(T + seconds(90)) })]
    const plan = planOf({ now: T, lines, happened: happened(playing('p', T)) })
    expect(['n', 'o', 'h'].map((id) => find(plan, id).needsKey)).toEqual([true, true, false])
    expect([find(plan, 'n').reason, span(plan, 'h')]).toEqual(['waitsForTransition', [seconds(90), seconds(100)]])
    const pressed = planOf({ now: T + seconds(70), lines, happened: happened(played('p', T, T + seconds(60))), orders: [go(T + seconds(70))] })
    expect([span(pressed, 'n'), find(pressed, 'o').needsKey, span(pressed, 'o')]).toEqual([[seconds(70), seconds(90)], false, 'skippedByHardStart'])
  })
})

describe('keys', () => {
  const lines = [line('p', seconds(60)), line('n', seconds(20)), line('o', seconds(10), { rev: 3 })]
  const now = T + seconds(30)
  const keyed = (order: Parameters<typeof press>[0], mode: PlayoutMode = 'auto') => planOf({ now, mode, lines, happened: happened(playing('p', T)), orders: [press(order)] })
  it.each(['auto', 'assist', 'manual'] as const)('next now in %s: P fades 600 ms, N starts at once', (mode) => {
    const plan = keyed({ kind: 'nextNow', at: now, lineId: null, rev: null }, mode)
    expect([span(plan, 'p'), find(plan, 'p').fadeOut.length, find(plan, 'p').stopReason, span(plan, 'n')]).toEqual([[0, seconds(30.6)], 28_800, 'operatorSkip', [seconds(30), seconds(50)]])
  })
  it('a stale rev is refused and changes nothing', () => {
    const plan = keyed({ kind: 'nextNow', at: now, lineId: 'o', rev: 2 })
    expect([plan.answers[0]?.why, span(plan, 'p')]).toEqual(['stale', [0, seconds(60)]])
  })
  it('make next: at the junction, and what it jumps over is skippedByOperator', () => {
    const plan = keyed({ kind: 'makeNext', at: now, lineId: 'o', rev: 3 })
    expect([span(plan, 'n'), span(plan, 'o'), find(plan, 'o').reason]).toEqual(['skippedByOperator', [seconds(60), seconds(70)], 'madeNext'])
  })
  it('skip: P ends in 150 ms and the log goes on; stop: it waits for a key', () => {
    const skip = keyed({ kind: 'skip', at: now, lineId: 'p', rev: null })
    expect([span(skip, 'p'), find(skip, 'p').stopReason, span(skip, 'n'), find(skip, 'n').needsKey]).toEqual([[0, seconds(30) + 7200], 'operatorSkip', [seconds(30) + 7200, seconds(50) + 7200], false])
    const stop = keyed({ kind: 'stop', at: now })
    expect([find(stop, 'p').stopReason, find(stop, 'n').needsKey, find(stop, 'n').reason]).toEqual(['operatorStop', true, 'waitsAfterStop'])
    const stopped = planOf({ now: now + seconds(5), lines, happened: happened(played('p', T, now + 7200, { stopReason: 'operatorStop' })) })
    expect([stopped.waiting?.lineId, find(stopped, 'n').reason]).toEqual(['n', 'waitsAfterStop'])
  })
  it('skip of a line to come: it loses its turn, and what follows a hard line keeps its time', () => {
    const plan = planOf({ now, lines: [line('p', seconds(60)), line('h', seconds(20), { timing: hard(T + seconds(90)) }), line('f', seconds(10))], happened: happened(playing('p', T)), orders: [press({ kind: 'skip', at: now, lineId: 'h', rev: null })] })
    expect([span(plan, 'h'), span(plan, 'f')]).toEqual(['skippedByOperator', [seconds(90), seconds(100)]])
  })
  it('go to now: to the line the published plan has now, joined in progress; the ones before it are skippedByGoToNow', () => {
    const log = [line('p', seconds(600)), line('n', seconds(60), { plannedStart: T }), line('o', seconds(60), { plannedStart: T + seconds(60) }), line('q', seconds(60), { plannedStart: T + seconds(120) })]
    const plan = planOf({ now: T + seconds(80), mode: 'assist', lines: log, happened: happened(playing('p', T - seconds(60))), orders: [press({ kind: 'goToNow', at: T + seconds(80) })] })
    expect([span(plan, 'n'), span(plan, 'o'), find(plan, 'o').from, find(plan, 'o').editCode]).toEqual(['skippedByGoToNow', [seconds(80), seconds(120)], seconds(20), 'joinedInProgress'])
  })
})
