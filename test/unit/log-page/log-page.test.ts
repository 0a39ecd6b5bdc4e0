import { describe, expect, it } from 'vitest'
import { IANAZone } from 'luxon'
import type { LogLine } from '#contract/log.ts'
import { MonitorRing } from '../../../renderer/studio/features/air/monitor/ring.ts'
import { cutMs, gapsBefore, placeAt, strayed } from '../../../renderer/studio/features/log/day-facts.ts'
import { offsetOf, timeText } from '../../../renderer/studio/features/log/zone.ts'
import { logLine } from '../../support/log-day.ts'

const T = Date.UTC(2026, 10, 21, 1, 0, 0)
const line = (id: string, from: number | null, seconds: number, more: Partial<LogLine> = {}): LogLine => {
  const [at, endAt] = from === null ? [null, null] : [T + from * 1000, T + (from + seconds) * 1000]
  return logLine(id, { lengthSamples: seconds * 48_000, plannedAt: at, plannedEndAt: endAt, predictedAt: at, predictedEndAt: endAt, ...more })
}

describe('offsets of the window', () => {
  it.each(['Asia/Ho_Chi_Minh', 'Europe/Berlin', 'America/New_York', 'Asia/Yangon'])('agree with those of the station in %s, through a year', (name) => {
    const [here, there] = [offsetOf(name), IANAZone.create(name)]
    for (let day = 0; day < 365; day++) expect(here(T + day * 86_400_000 + 12_345)).toBe(there.offset(T + day * 86_400_000 + 12_345))
  })

  it('times are shown to the second, with tenths when they have them', () => {
    expect(timeText(T, 'Asia/Ho_Chi_Minh')).toBe('08:00:00')
    expect(timeText(T + 1250, 'Asia/Ho_Chi_Minh')).toBe('08:00:01,2')
  })
})

describe('what the table points out', () => {
  it('silence before a line, a line that is cut, a line out of order', () => {
    const lines = [line('a', 0, 60), line('b', 60, 60), line('c', 180, 30), line('d', 30, 5), line('e', null, 10)]
    expect(gapsBefore(lines)).toEqual([0, 0, 60_000, 0, 0])
    expect(strayed(lines)).toEqual([false, false, false, true, false])
    expect(cutMs(line('a', 0, 60, { predictedEndAt: T + 48_000 }))).toBe(12_000)
    expect(cutMs(line('a', 0, 60))).toBe(0)
    const segued = { cueIn: null, fadeInEnd: null, introStart: null, introEnd: null, segueStart: 40 * 48_000, segueEnd: 48 * 48_000, fadeOutStart: null, cueOut: null }
    expect(cutMs(line('a', 0, 60, { predictedEndAt: T + 48_000, markers: segued }))).toBe(0)
  })
})

describe('where a line at a time is put', () => {
  it('behind what starts before it, in the slot that is open then', () => {
    const lines = [line('a', 0, 60), line('b', 60, 60), line('c', 600, 30)]
    const slot = { id: 's', broadcastDate: '2026-11-21', title: 'Sáng', startAt: T + 500_000, endAt: T + 900_000, onOverrun: 'cut' as const, maxOverrunMs: 0, onUnderrun: 'fill' as const, fillGroup: null, ruleProfileId: null, backupItemIds: [], bus: 'main', sourceRef: null, rev: 1, overSamples: null }
    expect(placeAt({ lines, slots: [slot] }, T + 90_000)).toEqual({ afterLineId: 'b', slotId: null })
    expect(placeAt({ lines, slots: [slot] }, T + 700_000)).toEqual({ afterLineId: 'c', slotId: 's' })
    // A line that found no room in its slot is over with it.
    expect(placeAt({ lines: [...lines, line('late', null, 30, { slotId: 's' })], slots: [slot] }, T + 950_000)).toEqual({ afterLineId: 'late', slotId: null })
    expect(placeAt({ lines, slots: [slot] }, T - 1)).toEqual({ afterLineId: null, slotId: null })
  })
})

describe('the monitor ring', () => {
  const send = (ring: MonitorRing, from: number, frames: number): void => ring.write(Int16Array.from({ length: frames * 2 }, (_, n) => from + (n >> 1)))
  const out = () => [new Float32Array(128), new Float32Array(128)] as const

  it('waits for its lead, then gives every sample once', () => {
    const ring = new MonitorRing()
    const [l, r] = out()
    send(ring, 1, 2400)
    ring.read(l, r)
    expect(l.every((value) => value === 0)).toBe(true)
    send(ring, 2401, 2400)
    send(ring, 4801, 2400)
    const heard: number[] = []
    for (let n = 0; n < 40; n++) {
      ring.read(l, r)
      heard.push(...Array.from(l, (value) => Math.round(value * 32768)))
    }
    expect(heard).toEqual(Array.from({ length: 40 * 128 }, (_, n) => n + 1))
  })

  it('comes back to its lead when it has fallen behind, and waits again when it ran dry', () => {
    const ring = new MonitorRing()
    for (let n = 0; n < 20; n++) send(ring, 0, 2400)
    expect(ring.waiting).toBeLessThanOrEqual(24_000)
    const [l, r] = out()
    while (ring.waiting > 0) ring.read(l, r)
    ring.read(l, r)
    send(ring, 1000, 2400)
    ring.read(l, r)
    expect(l.every((value) => value === 0)).toBe(true)
  })
})
