import { describe, expect, it } from 'vitest'
import { IANAZone } from 'luxon'
import type { OffsetAt } from '#common/timing/zone.ts'
import { addDays, dateAt, dayStart, instantOfLocal, isCalendarDate, parseTimeOfDay, timeOfDayMs } from '#common/timing/zone.ts'

const zone = (name: string): OffsetAt => {
  const zone = IANAZone.create(name)
  return (at) => zone.offset(at)
}
const utc = (text: string): number => Date.parse(text)

describe('broadcast dates', () => {
  it.each([
    ['Asia/Ho_Chi_Minh', '2026-11-21', '2026-11-20T17:00:00Z'],
    ['UTC', '2026-11-21', '2026-11-21T00:00:00Z'],
    ['Asia/Yangon', '2026-11-21', '2026-11-20T17:30:00Z'],
    ['America/New_York', '2026-03-08', '2026-03-08T05:00:00Z'],
    ['Europe/Berlin', '2026-10-25', '2026-10-24T22:00:00Z'],
  ])('a day in %s starts at its local midnight (%s)', (name, date, start) => {
    expect(dayStart(date, zone(name))).toBe(utc(start))
  })

  it('a day whose midnight the zone skips starts at the end of the skipped hour', () => {
    // Cuba moved 00:00 to 01:00 on 10 March 2024.
    expect(dayStart('2024-03-10', zone('America/Havana'))).toBe(utc('2024-03-10T05:00:00Z'))
  })

  it('days lie end to end through a whole year in every zone of the suite', () => {
    for (const name of ['Asia/Ho_Chi_Minh', 'UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Yangon', 'Australia/Lord_Howe']) {
      const offsetAt = zone(name)
      let date = '2026-01-01'
      for (let day = 0; day < 365; day++) {
        const next = addDays(date, 1)
        const [start, end] = [dayStart(date, offsetAt), dayStart(next, offsetAt)]
        expect(end - start).toBeGreaterThanOrEqual(23 * 3_600_000)
        expect(dateAt(start, offsetAt)).toBe(date)
        expect(dateAt(end - 1, offsetAt)).toBe(date)
        date = next
      }
    }
  })

  it('a time in a skipped hour does not exist', () => {
    expect(instantOfLocal('2026-03-29', 2.5 * 3_600_000, zone('Europe/Berlin'))).toBeNull()
  })

  it('a time in a repeated hour is its first pass', () => {
    expect(instantOfLocal('2026-10-25', 2.5 * 3_600_000, zone('Europe/Berlin'))).toBe(utc('2026-10-25T00:30:00Z'))
  })

  it('a local time comes back from its instant', () => {
    const offsetAt = zone('Asia/Ho_Chi_Minh')
    const at = instantOfLocal('2026-11-21', 5 * 3_600_000 + 1234, offsetAt)
    expect(at).toBe(utc('2026-11-20T22:00:01.234Z'))
    expect(timeOfDayMs(at ?? 0, offsetAt)).toBe(5 * 3_600_000 + 1234)
  })

  it('dates that are not in the calendar are refused', () => {
    expect(isCalendarDate('2026-02-29')).toBe(false)
    expect(isCalendarDate('2028-02-29')).toBe(true)
    expect(isCalendarDate('26-2-9')).toBe(false)
    expect(() => dayStart('2026-13-01', zone('UTC'))).toThrow(RangeError)
  })
})

describe('time of day as typed', () => {
  it.each([['05:00', 18_000_000], ['5:00:07', 18_007_000], ['23:59:59.9', 86_399_900], [' 00:00:00 ', 0]])('%j is read', (text, ms) => {
    expect(parseTimeOfDay(text)).toBe(ms)
  })
  it.each(['24:00', '5', '12:60', '12:00:61', 'abc', '', '-1:00'])('%j is refused', (text) => {
    expect(parseTimeOfDay(text)).toBeNull()
  })
})
