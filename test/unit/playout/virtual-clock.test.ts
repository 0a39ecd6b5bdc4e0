import { describe, expect, it } from 'vitest'
import { DateTime } from 'luxon'
import { addDays, dayStart, instantOfLocal, parseTimeOfDay } from '#common/timing/zone.ts'
import type { FillItem, PlayoutDay, PlayoutLine, PlayoutSlot } from '#common/playout/index.ts'
import { wallSamples } from '#common/playout/index.ts'
import { fill, hard, line, markers, minutes, seconds, slot } from '../../support/playout.ts'
import type { Heard, Row } from '../../support/simulated-bus.ts'
import { SimulatedBus, silenceOf } from '../../support/simulated-bus.ts'

/**
 * A year on a bus without sound, in five zones: sessions in the morning and the evening, one in the hour that summer time takes away or gives
 * twice, and a chain that runs over midnight in another way each night. The clock is stepped both ways now and then.
 */
const FIRST = '2027-09-01'
const DAYS = 365
const fills: readonly FillItem[] = [fill('long', minutes(4)), fill('middle', seconds(95)), fill('short', seconds(31)), fill('bed', minutes(10), { content: 'bed', fadesAnywhere: true })]

/** How the last line of a day stands at midnight: what it is long, and how much of it lies in the next day. */
const nights = [
  { length: 0.5, over: 0.2 }, { length: 2, over: 0.75 }, { length: 20, over: 0.001 }, { length: 600, over: 0.001 }, { length: 600, over: 1 }, { length: 4 * 3600, over: 3 * 3600 }, { length: 2, over: 0 },
] as const

interface Day {
  readonly day: PlayoutDay
  readonly lines: PlayoutLine[]
  readonly slots: PlayoutSlot[]
}

function makeDay(zone: string, date: string, index: number): Day {
  const offsetAt = (instantMs: number): number => DateTime.fromMillis(instantMs, { zone }).offset
  const [startsAt, endsAt] = [wallSamples(dayStart(date, offsetAt)), wallSamples(dayStart(addDays(date, 1), offsetAt))]
  const local = (time: string): number | null => {
    const instant = instantOfLocal(date, parseTimeOfDay(time) ?? 0, offsetAt)
    return instant === null ? null : wallSamples(instant)
  }
  const lines: PlayoutLine[] = []
  const slots: PlayoutSlot[] = []
  const add = (id: string, length: number, set: Partial<PlayoutLine>): void => void lines.push(line(`${date}-${id}`, length, { logId: zone, broadcastDate: date, plannedStart: null, ...set }))
  const session = (id: string, time: string, length: number, body: (slotId: string, at: number) => void): void => {
    const at = local(time)
    // An hour that does not exist has no session.
    if (at === null) return
    const slotId = `${date}-${id}`
    slots.push(slot(slotId, at, at + length, { broadcastDate: date }))
    body(slotId, at)
  }
  // What the night before hands over to, without a time of its own.
  add('first', seconds(1.5), {})
  add('second', seconds(40 + (index % 7)), {})
  if (nights[(index + nights.length - 1) % nights.length]?.over !== 3 * 3600) session('night', '02:30', minutes(20), (slotId, at) => {
    add('night-hard', seconds(60), { slotId, timing: hard(at) })
    add('night-tail', minutes(18), { slotId })
  })
  session('morning', '05:00', minutes(30), (slotId, at) => {
    add('ident', seconds(8.3), { slotId, timing: hard(at), content: 'ident' })
    add('news', minutes(12) + (index % 11) * 4801, { slotId, transition: 'segue', content: 'news', markers: markers({ segueStart: minutes(12) - seconds(2), segueEnd: minutes(12) - seconds(0.5) }) })
    add('song', minutes(3) + index * 97, { slotId, transition: 'segue', protected: false, droppable: true, priority: 2, content: 'music' })
    add('column', minutes(index % 2 === 0 ? 9 : 17), { slotId, protected: false })
    add('late', minutes(2), { slotId, protected: false, droppable: true, fillPriority: 1 })
  })
  session('evening', '17:00', minutes(59.5), (slotId, at) => {
    add('evening-ident', seconds(5), { slotId, timing: hard(at) })
    add('relay', 0, { slotId, kind: 'relay', endless: true, endAt: at + minutes(30), priority: 4 })
    add('after-relay', minutes(10), { slotId })
  })
  const night = nights[index % nights.length] ?? nights[0]
  const begin = endsAt + seconds(night.over) - seconds(night.length)
  add('eve', minutes(5), { timing: hard(begin - minutes(5)) })
  add('last', seconds(night.length), {})
  return { day: { logId: zone, broadcastDate: date, startsAt, endsAt }, lines, slots }
}

/** Three days are loaded at a time, the next from noon on: the rest is too far away to matter. */
function* year(zone: string): Generator<{ index: number; bus: SimulatedBus; days: readonly Day[] }> {
  let days = [makeDay(zone, FIRST, 0), makeDay(zone, addDays(FIRST, 1), 1)]
  const start = days[0]?.day.startsAt ?? 0
  const log = (): Pick<SimulatedBus, 'lines' | 'slots' | 'days' | 'fill'> => ({ lines: days.flatMap(({ lines }) => lines), slots: days.flatMap(({ slots }) => slots), days: days.map(({ day }) => day), fill: fills })
  const bus = new SimulatedBus(start, log())
  for (let index = 0; index < DAYS; index++) {
    const today = days.find(({ day }) => day.broadcastDate === addDays(FIRST, index))
    if (today === undefined) throw new Error('no day')
    yield { index, bus, days }
    bus.playTo(today.day.startsAt + minutes(12 * 60))
    days = [today, makeDay(zone, addDays(FIRST, index + 1), index + 1), makeDay(zone, addDays(FIRST, index + 2), index + 2)]
    bus.load(log())
    bus.playTo(today.day.endsAt)
  }
  bus.playTo(bus.now + minutes(200))
}

function expectSoundIsWhatWasWritten({ rows, heard, at }: SimulatedBus): void {
  const sounded = rows.filter((row) => row.sounded && row.until !== row.from)
  expect(heard.map(({ lineId, from, until, item }) => [lineId, from, until, item])).toEqual(sounded.map((row) => [row.lineId, row.from, row.until ?? at, row.placement.from]))
}
/** Nothing sounds twice by itself, and never more than two at once, two only where one hands over to the other. */
function expectNoDouble(rows: readonly Row[], heard: readonly Heard[]): void {
  const starts = new Map<string, number>()
  for (const row of rows.filter(({ sounded }) => sounded)) starts.set(row.lineId, (starts.get(row.lineId) ?? 0) + 1)
  expect([...starts].filter(([, count]) => count > 1)).toEqual([])
  for (const [index, piece] of heard.entries()) {
    const overlapping = heard.slice(index + 1, index + 4).filter((other) => other.from < piece.until)
    if (overlapping.length > 1 || (overlapping.length === 1 && piece.row.stopReason !== 'segued')) expect.fail(`${piece.lineId} sounds together with ${overlapping.map(({ lineId }) => lineId).join(', ')}`)
  }
}

describe.each(['Asia/Ho_Chi_Minh', 'UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Yangon'])('365 days in %s', (zone) => {
  it('every hard start on its sample, no gap in a session or over midnight, no line twice, and the rows are what was heard', () => {
    let bus: SimulatedBus | null = null
    const all: Day[] = []
    for (const turn of year(zone)) {
      bus = turn.bus
      for (const day of turn.days) if (!all.some((other) => other.day.broadcastDate === day.day.broadcastDate)) all.push(day)
    }
    if (bus === null) throw new Error('no bus')
    const { rows, heard } = bus
    expectSoundIsWhatWasWritten(bus)
    expectNoDouble(rows, heard)
    const first = new Map(rows.filter(({ sounded }) => sounded).map((row) => [row.lineId, row]))
    const missed: string[] = []
    for (const { lines, slots } of all.slice(0, DAYS)) {
      for (const { id, timing } of lines) if (timing.kind === 'hard' && first.get(id)?.wall !== timing.at) missed.push(id)
      for (const { id, startAt, endAt } of slots) if (silenceOf(rows, startAt, endAt) > 0) missed.push(`${id}: ${silenceOf(rows, startAt, endAt)} samples`)
      // From the last chain of the evening to what it hands over to in the morning there is no gap; the first day has nothing before it.
      const eve = lines.at(-2)
      if (eve?.timing.kind === 'hard') {
        const tomorrow = addDays(eve.broadcastDate, 1)
        const end = first.get(`${tomorrow}-second`)
        if (end === undefined || silenceOf(rows, eve.timing.at, (end.wall ?? 0) + 1) > 0) missed.push(`${eve.broadcastDate}: gap over midnight`)
      }
    }
    expect(missed).toEqual([])
    const sessions = all.slice(0, DAYS).flatMap(({ slots }) => slots.filter(({ id }) => id.endsWith('night')))
    const withoutLongNight = all.slice(0, DAYS).filter((_, index) => nights[(index + nights.length - 1) % nights.length]?.over !== 3 * 3600).length
    // In the night that loses an hour there is no session at 02:30; in the one that has it twice there is one.
    expect(withoutLongNight - sessions.length).toBe(zone === 'Europe/Berlin' || zone === 'America/New_York' ? skippedNights(zone) : 0)
  })

  it('the clock stepped both ways by 3 s, by an hour and to another year: nothing twice, nothing due is lost without a word, the rows are what was heard', () => {
    const steps = [seconds(3), -seconds(3), seconds(0.4), -seconds(0.4), minutes(60), -minutes(60), -minutes(15), minutes(15)]
    const days = [makeDay(zone, FIRST, 0), makeDay(zone, addDays(FIRST, 1), 1), makeDay(zone, addDays(FIRST, 2), 2)]
    const [today] = days
    if (today === undefined) throw new Error('no day')
    for (const [index, step] of steps.entries()) {
      for (const at of [minutes(4 * 60 + 59) + seconds(59.9), minutes(5 * 60 + 3), minutes(17 * 60 + 12), minutes(24 * 60) - seconds(0.3)]) {
        const bus = new SimulatedBus(today.day.startsAt, { lines: days.flatMap(({ lines }) => lines), slots: days.flatMap(({ slots }) => slots), days: days.map(({ day }) => day), fill: fills })
        bus.playTo(today.day.startsAt + at)
        bus.stepClock(step)
        bus.playTo(bus.now + minutes(25 * 60))
        expectSoundIsWhatWasWritten(bus)
        expectNoDouble(bus.rows, bus.heard)
        const written = new Map(bus.rows.map((row) => [row.lineId, row]))
        const lost = today.lines.filter(({ id, timing }) => timing.kind === 'hard' && !written.has(id))
        expect([index, at, lost.map(({ id }) => id)]).toEqual([index, at, []])
      }
    }
    const stuck = new SimulatedBus(wallSamples(Date.UTC(2000, 0, 1)), { lines: days.flatMap(({ lines }) => lines), slots: days.flatMap(({ slots }) => slots), days: days.map(({ day }) => day), fill: fills })
    stuck.playTo(stuck.now + minutes(60))
    expect(stuck.rows).toEqual([])
    stuck.stepClock(today.day.startsAt + minutes(5 * 60 + 5) - stuck.now)
    expect(stuck.onAir).toEqual([`${FIRST}-news`])
  })
})

function skippedNights(zone: string): number {
  let count = 0
  for (let index = 0; index < DAYS; index++) {
    if (nights[(index + nights.length - 1) % nights.length]?.over === 3 * 3600) continue
    if (instantOfLocal(addDays(FIRST, index), parseTimeOfDay('02:30') ?? 0, (at) => DateTime.fromMillis(at, { zone }).offset) === null) count++
  }
  return count
}
