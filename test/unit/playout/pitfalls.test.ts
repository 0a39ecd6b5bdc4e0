import { describe, expect, it } from 'vitest'
import { DateTime } from 'luxon'
import { addDays, dayStart, instantOfLocal } from '#common/timing/zone.ts'
import type { PlayoutDay, PlayoutLine, PlayoutSlot } from '#common/playout/index.ts'
import { lineStates, wallSamples } from '#common/playout/index.ts'
import { DAY, fill, find, happened, hard, line, markers, minutes, notBefore, planOf, played, playing, press, randomOf, seconds, slot, span, T } from '../../support/playout.ts'
import { SimulatedBus } from '../../support/simulated-bus.ts'

/** The wounds of the field, by the numbers of the playout reference; those that are a matter of time alone. */
const MIDNIGHT = DAY.endsAt
const TOMORROW: PlayoutDay = { logId: 'log', broadcastDate: '2026-11-22', startsAt: MIDNIGHT, endsAt: MIDNIGHT + minutes(24 * 60) }
const tomorrow = (id: string, length: number, set: Partial<PlayoutLine> = {}): PlayoutLine => line(id, length, { broadcastDate: TOMORROW.broadcastDate, ...set })
const soundedOf = (bus: SimulatedBus) => bus.rows.filter(({ sounded }) => sounded).map((row) => [row.lineId, row.wall, row.wall + (row.until ?? bus.at) - row.from] as const)

describe('the field’s old wounds', () => {
  it.each([0.001, 1, 3 * 3600])('P1 an item %f s over midnight keeps its length, belongs to its own log, and hard lines of the new day are not lost', (over) => {
    const start = MIDNIGHT + seconds(over) - minutes(240)
    const bus = new SimulatedBus(start - seconds(1), { days: [DAY, TOMORROW], lines: [line('last', minutes(240), { timing: hard(start) }), tomorrow('first', seconds(30)), tomorrow('h', seconds(30), { timing: hard(MIDNIGHT + minutes(200)) })] })
    bus.playTo(MIDNIGHT + minutes(210))
    expect(soundedOf(bus)).toEqual([['last', start, start + minutes(240)], ['first', start + minutes(240), start + minutes(240) + seconds(30)], ['h', MIDNIGHT + minutes(200), MIDNIGHT + minutes(200) + seconds(30)]])
    expect(bus.rows[0]?.placement.logId).toBe('log')
  })
  it('P1 automatic fill of 23 h and of 24 h ends with its slot', () => {
    for (const hours of [23, 24]) {
      const end = DAY.startsAt + minutes(hours * 60)
      const bus = new SimulatedBus(DAY.startsAt - seconds(1), { days: [DAY, TOMORROW], lines: [tomorrow('h', minutes(1), { timing: hard(MIDNIGHT + minutes(5)) })], slots: [slot('s', DAY.startsAt, end)], fill: [fill('a', minutes(44)), fill('b', minutes(33.3)), fill('c', minutes(7.9))] })
      bus.playTo(MIDNIGHT + minutes(10))
      const rows = soundedOf(bus)
      expect([rows[0]?.[1], rows.at(-2)?.[2], rows.at(-1)?.[0], rows.at(-1)?.[1]]).toEqual([DAY.startsAt, end, 'h', MIDNIGHT + minutes(5)])
      for (const [index, row] of rows.slice(1, -1).entries()) expect(row[1]).toBe(rows[index]?.[2])
    }
  })
  it('P2 tomorrow loaded at 23:40 with hard lines at 23:50 tomorrow does not jump to its end', () => {
    const now = MIDNIGHT - minutes(20)
    const plan = planOf({ now, days: [DAY, TOMORROW], lines: [line('p', minutes(30), { timing: hard(now - minutes(1)) }), tomorrow('a', minutes(5)), tomorrow('h', minutes(1), { timing: hard(TOMORROW.endsAt - minutes(10)) })], happened: happened(playing('p', now - minutes(1))) })
    expect([span(plan, 'p', now), span(plan, 'a', now), find(plan, 'h').start]).toEqual([[-minutes(1), minutes(29)], [minutes(29), minutes(34)], TOMORROW.endsAt - minutes(10)])
    // A time outside its own day is no time at all.
    const wrong = planOf({ now, days: [DAY, TOMORROW], lines: [line('p', minutes(30)), tomorrow('wrong', minutes(1), { timing: hard(now + minutes(2)) })], happened: happened(playing('p', now - minutes(1))) })
    expect([span(wrong, 'p', now), span(wrong, 'wrong', now)]).toEqual([[-minutes(1), minutes(29)], [minutes(29), minutes(30)]])
  })
  it('P3 a grace does not outlive its log: gone with the line, the log or the rev it was for', () => {
    const lines = (set: Partial<PlayoutLine>) => [line('p', seconds(160)), line('n', seconds(20), { timing: hard(T, 10), ...set })]
    const at = (set: Partial<PlayoutLine>) => planOf({ now: T + seconds(4), lines: lines(set), happened: happened(playing('p', T - seconds(120))) })
    expect(at({}).banners.map(({ id, until }) => [id, until])).toEqual([['log:n:1', T + seconds(10)]])
    expect([at({ timing: { kind: 'follow' }, rev: 2 }).banners, span(at({ timing: { kind: 'follow' }, rev: 2 }), 'p')]).toEqual([[], [-seconds(120), seconds(40)]])
    expect(planOf({ now: T + seconds(4), lines: [line('p', seconds(160))], happened: happened(playing('p', T - seconds(120))) }).banners).toEqual([])
  })
  it.each([0.5, 2, 20])('P4 a chain goes on after a last item of %f s, over midnight too', (length) => {
    const start = MIDNIGHT - seconds(length / 2)
    const bus = new SimulatedBus(start - minutes(2), { days: [DAY, TOMORROW], lines: [line('a', minutes(1), { timing: hard(start - minutes(1)) }), line('last', seconds(length)), tomorrow('b', seconds(0.5)), tomorrow('c', seconds(3))] })
    bus.playTo(MIDNIGHT + minutes(5))
    const end = start + seconds(length)
    expect(soundedOf(bus).slice(1)).toEqual([['last', start, end], ['b', end, end + seconds(0.5)], ['c', end + seconds(0.5), end + seconds(3.5)]])
  })
  it('P5 the next time is found without an end of day and includes now: 23:59:59.9, 00:00:00.0, now', () => {
    for (const at of [MIDNIGHT - seconds(0.1), T]) expect(find(planOf({ now: at, lines: [line('n', seconds(5), { timing: hard(at) })] }), 'n').start).toBe(at)
    expect(find(planOf({ now: MIDNIGHT - minutes(60), days: [DAY, TOMORROW], lines: [line('p', minutes(90), { timing: hard(MIDNIGHT - minutes(61)) }), tomorrow('n', seconds(5), { timing: hard(MIDNIGHT) })], happened: happened(playing('p', MIDNIGHT - minutes(61))) }), 'p')).toMatchObject({ stopReason: 'cutByHardStart', start: MIDNIGHT - minutes(61), length: minutes(61) })
    const far = planOf({ now: T, days: [DAY, TOMORROW], lines: [line('p', 0, { endless: true, kind: 'relay' }), tomorrow('n', seconds(5), { timing: hard(TOMORROW.endsAt - 1) })], happened: happened(playing('p', T)) })
    expect([(find(far, 'p').start ?? 0) + find(far, 'p').length, find(far, 'n').start]).toEqual([TOMORROW.endsAt - 1, TOMORROW.endsAt - 1])
  })
  it('P6 asked 250 ms early, or ten times over, it arms the same line for the same sample', () => {
    const lines = [line('p', minutes(2)), line('n', seconds(20), { timing: hard(T) })]
    const bus = new SimulatedBus(T - minutes(1), { days: [DAY], lines: [line('p', minutes(2), { timing: hard(T - seconds(50)) }), line('n', seconds(20), { timing: hard(T) })] })
    for (const early of [12_000, 12_000, 11_000, 480, 479, 1]) {
      bus.playTo(T - early)
      bus.replan()
      expect(bus.plan.sounding.find(({ lineId }) => lineId === 'n')?.start).toBe(T)
      expect(find(planOf({ now: T - early, lines, happened: happened(playing('p', T - seconds(50))) }), 'n').start).toBe(T)
    }
    bus.playTo(T + minutes(1))
    expect(soundedOf(bus).filter(([id]) => id === 'n')).toEqual([['n', T, T + seconds(20)]])
  })
  it('P7 lengths are never rounded: 5 760 items of odd lengths over 24 h end where their samples say', () => {
    const random = randomOf(7)
    const lines = Array.from({ length: 5760 }, (_, index) => line(`l${index}`, seconds(15) - 2400 + random(4801), { timing: index === 0 ? hard(DAY.startsAt) : { kind: 'follow' } }))
    const bus = new SimulatedBus(DAY.startsAt, { days: [DAY], lines: lines.slice(0, 200) })
    const total = lines.slice(0, 200).reduce((sum, { lengthSamples }) => sum + lengthSamples, 0)
    const predicted = planOf({ now: DAY.startsAt, lines }).sounding.at(-1)
    expect((predicted?.start ?? 0) + (predicted?.length ?? 0)).toBe(DAY.startsAt + lines.reduce((sum, { lengthSamples }) => sum + lengthSamples, 0))
    bus.playTo(DAY.startsAt + total + 1)
    expect(soundedOf(bus).at(-1)?.[2]).toBe(DAY.startsAt + total)
  })
  it('P8 a weekly show keeps its local time over both changes of summer time', () => {
    const zone = 'Europe/Berlin'
    const offsetAt = (instantMs: number): number => DateTime.fromMillis(instantMs, { zone }).offset
    for (const first of ['2027-03-21', '2027-10-24']) {
      const dates = Array.from({ length: 3 }, (_, week) => addDays(first, week * 7))
      const days = dates.map((date): PlayoutDay => ({ logId: 'log', broadcastDate: date, startsAt: wallSamples(dayStart(date, offsetAt)), endsAt: wallSamples(dayStart(addDays(date, 1), offsetAt)) }))
      const at = dates.map((date) => wallSamples(instantOfLocal(date, 18 * 3_600_000, offsetAt) ?? 0))
      const bus = new SimulatedBus((days[0]?.startsAt ?? 0) + 1, { days, lines: dates.map((date, week) => line(`show${week}`, minutes(30), { broadcastDate: date, timing: hard(at[week] ?? 0) })) })
      bus.playTo((days.at(-1)?.endsAt ?? 0) - 1)
      expect(soundedOf(bus).map(([, wall]) => DateTime.fromMillis(wall / 48, { zone }).toFormat('HH:mm:ss.SSS'))).toEqual(['18:00:00.000', '18:00:00.000', '18:00:00.000'])
      expect(Math.abs((at[2] ?? 0) - (at[0] ?? 0) - 14 * minutes(24 * 60))).toBe(minutes(60))
    }
  })
  it('P9 a clock that goes back is not midnight: the log stays where it is, whatever the step', () => {
    for (const back of [1, 60, 3600, 11 * 3600]) {
      const bus = new SimulatedBus(T - seconds(1), { days: [DAY], lines: [line('a', minutes(5), { timing: hard(T) }), line('b', minutes(5)), line('c', minutes(5))] })
      bus.playTo(T + minutes(6))
      bus.stepClock(-seconds(back))
      expect(bus.onAir).toEqual(['b'])
      bus.playTo(bus.now + minutes(30))
      expect(bus.rows.map(({ lineId, from, until }) => [lineId, (until ?? 0) - from])).toEqual([['a', minutes(5)], ['b', minutes(5)], ['c', minutes(5)]])
    }
  })
  it('P10 a stepped clock, a dead clock, a start before the first sync: nothing doubled, nothing lost without a word', () => {
    const lines = [line('a', minutes(10), { timing: hard(T) }), line('b', minutes(5)), line('h', minutes(10), { timing: hard(T + minutes(30)) }), line('late', minutes(5), { timing: hard(T + minutes(45)), lateMaxMs: 60_000 })]
    const forward = new SimulatedBus(T - seconds(1), { days: [DAY], lines })
    forward.playTo(T + minutes(2))
    forward.stepClock(minutes(45))
    forward.playTo(forward.now + minutes(30))
    expect(forward.rows.toSorted((a, b) => (a.lineId < b.lineId ? -1 : 1)).map(({ lineId, sounded, editCode }) => [lineId, sounded, editCode])).toEqual([['a', true, 'none'], ['b', true, 'none'], ['h', false, 'skippedLate'], ['late', false, 'skippedLate']])
    const dead = new SimulatedBus(wallSamples(0), { days: [DAY], lines })
    dead.playTo(wallSamples(600_000))
    expect(dead.rows).toEqual([])
    dead.stepClock(T + minutes(33) - dead.now)
    expect([dead.onAir, dead.rows.at(-1)?.placement.from, dead.rows.at(-1)?.editCode]).toEqual([['h'], minutes(3), 'joinedInProgress'])
  })
  it('P12 a line 30 days ahead starts at its time and not before', () => {
    const days = Array.from({ length: 32 }, (_, index): PlayoutDay => ({ logId: 'log', broadcastDate: addDays(DAY.broadcastDate, index), startsAt: DAY.startsAt + index * minutes(24 * 60), endsAt: DAY.endsAt + index * minutes(24 * 60) }))
    const at = T + 30 * minutes(24 * 60)
    const bus = new SimulatedBus(T, { days, lines: [line('n', minutes(1), { broadcastDate: addDays(DAY.broadcastDate, 30), timing: hard(at) })] })
    bus.playTo(at - 1)
    expect(bus.rows).toEqual([])
    bus.playTo(at + minutes(2))
    expect(soundedOf(bus)).toEqual([['n', at, at + minutes(1)]])
  })
  it('P14 segue markers are obeyed before a segue line only, and an item without them is never of length 0', () => {
    const set = markers({ segueStart: seconds(50), segueEnd: seconds(55) })
    const at = (transition: 'play' | 'segue', p: typeof set | null) => planOf({ now: T, lines: [line('p', seconds(60), { markers: p }), line('n', seconds(30), { transition }), line('o', seconds(1))], happened: happened(playing('p', T)) })
    expect([span(at('play', set), 'n'), span(at('segue', set), 'n'), span(at('segue', null), 'n'), span(at('play', null), 'n')].map(([start]) => start)).toEqual([seconds(60), seconds(50), seconds(60), seconds(60)])
    expect(span(at('segue', null), 'o')).toEqual([seconds(90), seconds(91)])
  })
  it('P15 an overlap is never longer than half of either item, so that a jingle is not swallowed', () => {
    const plan = planOf({ now: T, lines: [line('p', seconds(60), { markers: markers({ segueStart: seconds(40) }) }), line('jingle', seconds(2), { transition: 'segue', markers: markers({ segueStart: 0 }) }), line('o', seconds(60), { transition: 'segue' })], happened: happened(playing('p', T)) })
    expect([span(plan, 'jingle'), span(plan, 'o')]).toEqual([[seconds(59), seconds(61)], [seconds(60), seconds(120)]])
  })
  it('P16 every bare cut is ramped, and a join starts at the sample the clock says', () => {
    const joined = planOf({ now: T, lines: [line('p', minutes(10), { timing: hard(T - minutes(4)) })], happened: happened(played('p', T - minutes(4), T - minutes(2), { stopReason: 'preempted' })), returned: { since: T - minutes(2), at: T - 17, why: 'preempted', resume: 'catchUp' } })
    expect(find(joined, 'p')).toMatchObject({ start: T, from: minutes(4), fadeIn: { length: 240, shape: 'linear' } })
    const cut = planOf({ now: T - seconds(1), lines: [line('p', minutes(10)), line('n', minutes(1), { timing: hard(T), markers: markers({ cueIn: 5000 }) })], happened: happened(playing('p', T - minutes(1))) })
    expect([find(cut, 'p').fadeOut.length, find(cut, 'n').fadeIn.length]).toEqual([7200, 240])
  })
  it('P18 after live or an alert nothing of the old item comes back unless it is to be joined or resumed', () => {
    for (const after of ['skip', 'restart', 'join', 'resume'] as const) {
      const bus = new SimulatedBus(T - seconds(1), { days: [DAY], lines: [line('p', minutes(5), { timing: hard(T), after }), line('n', minutes(5))] })
      bus.playTo(T + minutes(2))
      bus.take()
      bus.playTo(T + minutes(10))
      bus.release()
      bus.playTo(T + minutes(30))
      const again = bus.rows.filter(({ lineId }) => lineId === 'p').slice(1)
      expect([after, again.map(({ placement }) => placement.from)]).toEqual([after, after === 'restart' ? [0] : after === 'resume' ? [minutes(2)] : []])
    }
  })
  it('P19 the same item twice in a log is two lines: each plays once, and they never sound at once', () => {
    const bus = new SimulatedBus(T - seconds(1), { days: [DAY], lines: [line('a', seconds(40), { itemId: 'same', timing: hard(T) }), line('b', seconds(40), { itemId: 'same', transition: 'segue' }), line('c', seconds(40), { itemId: 'same', timing: hard(T + seconds(60)) })] })
    bus.playTo(T + minutes(5))
    expect(soundedOf(bus)).toEqual([['a', T, T + seconds(40)], ['b', T + seconds(40), T + seconds(60)], ['c', T + seconds(60), T + seconds(100)]])
  })
  it('P23 a card that runs 200 ppm fast or slow: every hard start is on its sample of the wall, and the error never adds up', () => {
    for (const ppm of [-200, 200]) {
      const lines = Array.from({ length: 24 }, (_, hour) => [line(`h${hour}`, minutes(10), { timing: hard(DAY.startsAt + minutes(60 * hour)) }), line(`f${hour}`, minutes(45))]).flat()
      const bus = new SimulatedBus(DAY.startsAt - seconds(1), { days: [DAY], lines })
      for (let minute = 6; minute <= 24 * 60; minute += 6) {
        bus.playTo(DAY.startsAt + minutes(minute) - seconds(30))
        // The map of the wall and the card is put right every six minutes.
        bus.stepClock(Math.round((minutes(6) * ppm) / 1e6))
      }
      bus.playTo(DAY.endsAt)
      expect(bus.rows.filter(({ lineId }) => lineId.startsWith('h')).map(({ wall }) => wall)).toEqual(Array.from({ length: 24 }, (_, hour) => DAY.startsAt + minutes(60 * hour)))
      expect(bus.rows.filter(({ lineId }) => lineId.startsWith('f')).every(({ from, until }) => (until ?? 0) - from === minutes(45))).toBe(true)
    }
  })
  it.each(lineStates.filter((state) => state !== 'ok'))('P24 a line that is %s never stops the log, wherever it stands', (state) => {
    for (let bad = 0; bad < 5; bad++) {
      const lines = [line('a', seconds(10), { timing: hard(T) }), line('b', seconds(10)), line('c', seconds(10), { timing: hard(T + seconds(30)) }), line('d', seconds(10)), line('e', seconds(10), { timing: notBefore(T + seconds(60)) })].map((one, index) => (index === bad ? { ...one, state } : one))
      const bus = new SimulatedBus(T - seconds(1), { days: [DAY], lines })
      bus.playTo(T + minutes(3))
      const wanted = lines.filter((_, index) => index !== bad).map(({ id }) => id)
      expect([bad, bus.rows.filter(({ sounded }) => sounded).map(({ lineId }) => lineId)]).toEqual([bad, wanted])
      expect(bus.rows.find(({ sounded }) => !sounded)).toMatchObject({ lineId: lines[bad]?.id, editCode: state === 'ruleBlocked' ? 'skippedByRule' : 'skippedInvalid' })
      // What follows a hard line that cannot sound keeps its time.
      if (bad === 0) expect(bus.rows.find(({ lineId }) => lineId === 'b')?.wall).toBe(T)
    }
  })
  it('P36 two hard lines and a key in one sample: the first by order, the second next, none lost, none twice', () => {
    const bus = new SimulatedBus(T - seconds(30), { days: [DAY], lines: [line('p', minutes(2), { timing: hard(T - seconds(20)) }), line('a', seconds(10), { timing: hard(T) }), line('b', seconds(10), { timing: hard(T) }), line('c', seconds(10), { timing: hard(T) })] })
    bus.playTo(T)
    bus.press(press({ kind: 'makeNext', at: bus.now, lineId: 'b', rev: 1 }))
    bus.replan()
    bus.playTo(T + minutes(2))
    expect(soundedOf(bus)).toEqual([['p', T - seconds(20), T], ['a', T, T + seconds(10)], ['b', T + seconds(10), T + seconds(20)], ['c', T + seconds(20), T + seconds(30)]])
  })
  it('P37 a stop names its line: the same stream in another line plays on', () => {
    const relay = (id: string, set: Partial<PlayoutLine>) => line(id, 0, { kind: 'relay', itemId: null, endless: true, ...set })
    const bus = new SimulatedBus(T - seconds(1), { days: [DAY], lines: [relay('r1', { timing: hard(T), endAt: T + minutes(5) }), relay('r2', { timing: hard(T + minutes(5)), endAt: T + minutes(10) })] })
    bus.playTo(T + minutes(6))
    bus.press(press({ kind: 'skip', at: bus.now, lineId: 'r1', rev: null }))
    bus.playTo(T + minutes(12))
    expect(soundedOf(bus)).toEqual([['r1', T, T + minutes(5)], ['r2', T + minutes(5), T + minutes(10)]])
    expect(bus.rows.map(({ stopReason }) => stopReason)).toEqual(['relayOut', 'relayOut'])
  })
  it('P38 a normal month has no false hole: silence is told of only inside an open slot that nothing fills', () => {
    const days = Array.from({ length: 31 }, (_, index): PlayoutDay => ({ logId: 'log', broadcastDate: addDays(DAY.broadcastDate, index), startsAt: DAY.startsAt + index * minutes(24 * 60), endsAt: DAY.endsAt + index * minutes(24 * 60) }))
    const slots: PlayoutSlot[] = []
    const lines = days.flatMap(({ broadcastDate, startsAt }) => [5, 17].flatMap((hour) => {
      const at = startsAt + minutes(hour * 60)
      slots.push(slot(`${broadcastDate}-${hour}`, at, at + minutes(30), { broadcastDate, onUnderrun: hour === 5 ? 'fill' : 'close' }))
      return [line(`${broadcastDate}-${hour}-a`, minutes(12), { broadcastDate, slotId: `${broadcastDate}-${hour}`, timing: hard(at) }), line(`${broadcastDate}-${hour}-b`, minutes(7), { broadcastDate, slotId: `${broadcastDate}-${hour}` })]
    }))
    const month = { now: DAY.startsAt, days, slots, lines }
    expect(planOf({ ...month, fill: [fill('bed', minutes(20), { fadesAnywhere: true })] }).holes).toEqual([])
    const bare = planOf(month).holes
    expect([bare.length, bare.every(({ slotId }) => slotId.endsWith('-5'))]).toEqual([31, true])
  })
})
