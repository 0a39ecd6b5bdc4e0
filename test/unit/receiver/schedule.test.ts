import fc from 'fast-check'
import rrulePackage from 'rrule'
import { describe, expect, test } from 'vitest'
import { DateTime } from 'luxon'
import { expandSchedule, parseRecurrence, recurrenceStarts } from '#common/slots/index.ts'
import { openZone } from '#common/slots/zone.ts'
import type { ScheduleSlot } from '#common/letters/index.ts'

const { RRule } = rrulePackage
const audience = { dev: 'SPK-000123', groups: ['xa-a'] }
const sha = 'a'.repeat(64)

function manifest(sched: ScheduleSlot[], change: { tz?: string; offMin?: number; validTo?: string } = {}) {
  return { tz: 'Asia/Ho_Chi_Minh', offMin: 420, validFrom: '2026-11-01T00:00:00Z', validTo: '2026-12-31T00:00:00Z', sched, ...change }
}
const slot = (change: Partial<ScheduleSlot>): ScheduleSlot => ({ slot: '01K5T0000000000000000000T1', start: '2026-11-21T05:30:00', durSec: 300, prio: 3, play: [{ item: sha }], ...change })
const at = (text: string) => Date.parse(text)

describe('schedule of a manifest', () => {
  test('a slot without a rule happens once, at its wall time in the zone of the manifest', () => {
    const { occurrences } = expandSchedule(manifest([slot({})]), audience, at('2026-11-20T00:00:00Z'), at('2026-11-25T00:00:00Z'))
    expect(occurrences.map((one) => new Date(one.startAt).toISOString())).toEqual(['2026-11-20T22:30:00.000Z'])
  })

  test('an unknown zone falls back to the offset of the manifest', () => {
    const { occurrences } = expandSchedule(manifest([slot({})], { tz: 'Asia/Nowhere', offMin: 480 }), audience, at('2026-11-20T00:00:00Z'), at('2026-11-25T00:00:00Z'))
    expect(new Date(occurrences[0]?.startAt ?? 0).toISOString()).toBe('2026-11-20T21:30:00.000Z')
  })

  test('a daily slot stops after COUNT, counted from its start and not from the window', () => {
    const sched = [slot({ rrule: 'FREQ=DAILY;COUNT=3' })]
    const { occurrences } = expandSchedule(manifest(sched), audience, at('2026-11-22T00:00:00Z'), at('2026-12-25T00:00:00Z'))
    expect(occurrences.map((one) => one.startAt)).toEqual([at('2026-11-22T22:30:00Z')])
  })

  test('exdate takes one day out', () => {
    const sched = [slot({ rrule: 'FREQ=DAILY', exdate: ['2026-11-22T05:30:00'] })]
    const { occurrences } = expandSchedule(manifest(sched), audience, at('2026-11-20T00:00:00Z'), at('2026-11-23T00:00:00Z'))
    expect(occurrences.map((one) => one.startAt)).toEqual([at('2026-11-20T22:30:00Z'), at('2026-11-22T22:30:00Z')])
  })

  test('a slot that began before the window and still runs is in it', () => {
    const { occurrences } = expandSchedule(manifest([slot({ durSec: 3600 })]), audience, at('2026-11-20T23:00:00Z'), at('2026-11-20T23:01:00Z'))
    expect(occurrences).toHaveLength(1)
  })

  test('slots of other groups and devices are not mine; slots without an audience are everybody\'s', () => {
    const sched = [slot({ groups: ['xa-b'] }), slot({ slot: '01K5T0000000000000000000T2', groups: ['xa-a'] }), slot({ slot: '01K5T0000000000000000000T3', devs: ['SPK-000123'] }), slot({ slot: '01K5T0000000000000000000T4' }), slot({ slot: '01K5T0000000000000000000T5', groups: ['all'] })]
    const { occurrences } = expandSchedule(manifest(sched), audience, at('2026-11-20T00:00:00Z'), at('2026-11-25T00:00:00Z'))
    expect(occurrences.map((one) => one.slot.slot.slice(-1)).sort()).toEqual(['2', '3', '4', '5'])
  })

  test('nothing happens outside the validity of the manifest', () => {
    const { occurrences } = expandSchedule(manifest([slot({ rrule: 'FREQ=DAILY' })], { validTo: '2026-11-23T00:00:00Z' }), audience, at('2026-11-20T00:00:00Z'), at('2026-12-20T00:00:00Z'))
    expect(occurrences).toHaveLength(3)
  })

  test('a rule outside the supported part is refused by name, never guessed', () => {
    const { occurrences, refused } = expandSchedule(manifest([slot({ rrule: 'FREQ=MONTHLY' })]), audience, 0, at('2026-12-20T00:00:00Z'))
    expect(occurrences).toEqual([])
    expect(refused).toEqual(['01K5T0000000000000000000T1'])
  })

  test('the same occurrence keeps its key in the next version of the manifest', () => {
    const [one] = expandSchedule(manifest([slot({})]), audience, 0, at('2026-12-20T00:00:00Z')).occurrences
    const [two] = expandSchedule(manifest([slot({ title: 'khác' })]), audience, 0, at('2026-12-20T00:00:00Z')).occurrences
    expect(two?.key).toBe(one?.key)
  })

  test('every supported rule gives the same days as an independent implementation', () => {
    const names = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU']
    fc.assert(
      fc.property(
        fc.constantFrom('DAILY', 'WEEKLY'), fc.integer({ min: 1, max: 5 }), fc.subarray(names), fc.option(fc.integer({ min: 1, max: 40 })), fc.option(fc.integer({ min: 0, max: 120 })),
        fc.integer({ min: 0, max: 800 }), fc.integer({ min: 0, max: 86_399 }), fc.integer({ min: -20, max: 90 }), fc.integer({ min: 1, max: 60 }),
        (freq, interval, byDay, count, untilDay, startDay, second, fromDay, days) => {
          const start = Date.UTC(2027, 0, 1) + startDay * 86_400_000 + second * 1000
          const until = untilDay === null || count !== null ? null : new Date(start + untilDay * 86_400_000).toISOString().slice(0, 10).replaceAll('-', '')
          const text = [`FREQ=${freq}`, `INTERVAL=${interval}`, ...(byDay.length > 0 ? [`BYDAY=${byDay.join(',')}`] : []), ...(count === null ? [] : [`COUNT=${count}`]), ...(until === null ? [] : [`UNTIL=${until}`])].join(';')
          const from = start + fromDay * 86_400_000
          const to = from + days * 86_400_000
          const rule = parseRecurrence(text)
          if (rule === null) throw new Error(text)
          const oracle = new RRule({
            ...RRule.parseString(text), dtstart: new Date(start),
            ...(until === null ? {} : { until: new Date(Date.parse(`${until.slice(0, 4)}-${until.slice(4, 6)}-${until.slice(6)}T23:59:59Z`)) }),
          })
          const expected = oracle.between(new Date(from), new Date(to - 1), true).map((day) => day.getTime())
          expect(recurrenceStarts(start, rule, from, to, (floating) => floating)).toEqual(expected)
        },
      ),
      { numRuns: 500 },
    )
  })

  test('wall time becomes the same instant as by an independent zone library, through clock changes, half hours and midnight', () => {
    for (const name of ['Asia/Ho_Chi_Minh', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Pacific/Apia', 'UTC']) {
      const zone = openZone(name)
      fc.assert(
        fc.property(fc.integer({ min: Date.UTC(2020, 0, 1) / 1000, max: Date.UTC(2035, 0, 1) / 1000 }), (second) => {
          const wall = new Date(second * 1000)
          const expected = DateTime.fromObject({ year: wall.getUTCFullYear(), month: wall.getUTCMonth() + 1, day: wall.getUTCDate(), hour: wall.getUTCHours(), minute: wall.getUTCMinutes(), second: wall.getUTCSeconds() }, { zone: name })
          // Twice-told and left-out hours have two right answers; everything else has one.
          const usual = expected.plus({ hours: 3 }).offset === expected.offset && expected.minus({ hours: 3 }).offset === expected.offset
          if (usual) expect(zone?.utcOf(second * 1000)).toBe(expected.toMillis())
          else expect(Math.abs((zone?.utcOf(second * 1000) ?? 0) - expected.toMillis())).toBeLessThanOrEqual(3_600_000)
        }),
        { numRuns: 300 },
      )
    }
    expect(openZone('Asia/Nowhere')).toBeNull()
  })
})
