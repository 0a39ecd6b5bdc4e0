import { describe, expect, it } from 'vitest'
import { ClockWatch } from '../../../main/station/air/clock-watch.ts'

const T = Date.UTC(2026, 10, 21, 1, 0, 0)
const at = (monotonicMs: number, wallMs: number, uptimeMs: number | null = monotonicMs) => ({ monotonicMs, wallMs, uptimeMs })
const stationTime = (watch: ClockWatch, monotonicMs: number): number => watch.offsetMs + monotonicMs

describe('station time', () => {
  it('follows a good clock without a jump', () => {
    const watch = new ClockWatch(at(0, T))
    for (let s = 1; s <= 100; s++) expect(watch.look(at(s * 1000, T + s * 1000))).toMatchObject({ trusted: true, slept: false, differenceMs: 0 })
    expect(stationTime(watch, 100_000)).toBe(T + 100_000)
  })

  it('slews a small error by at most 500 ppm', () => {
    const watch = new ClockWatch(at(0, T))
    watch.look(at(1000, T + 1000 + 50))
    expect(stationTime(watch, 1000)).toBeCloseTo(T + 1000.5, 6)
    for (let s = 2; s <= 200; s++) watch.look(at(s * 1000, T + s * 1000 + 50))
    expect(Math.abs(stationTime(watch, 200_000) - (T + 200_050))).toBeLessThanOrEqual(1)
  })

  it('takes over an error up to 2 s', () => {
    const watch = new ClockWatch(at(0, T))
    expect(watch.look(at(1000, T + 1000 - 1500)).trusted).toBe(true)
    expect(stationTime(watch, 1000)).toBe(T - 500)
  })

  it.each([3_000, -3_000, 3_600_000, -3_600_000, Date.UTC(2000, 0, 1) - T])('does not follow a step of %d ms: the clock is suspect and the air stays on its own', (step) => {
    const watch = new ClockWatch(at(0, T))
    for (let s = 1; s <= 10; s++) expect(watch.look(at(s * 1000, T + s * 1000 + step)).trusted).toBe(false)
    expect(stationTime(watch, 10_000)).toBe(T + 10_000)
    expect(watch.look(at(11_000, T + 11_000)).trusted).toBe(true)
  })

  it('knows sleep from a step: time passed that the monotonic clock did not see', () => {
    const watch = new ClockWatch(at(0, T))
    expect(watch.look(at(1000, T + 601_000, 601_000))).toMatchObject({ slept: true, trusted: true })
    expect(stationTime(watch, 1000)).toBe(T + 601_000)
  })

  it('where the system does not tell sleep, a jump is a step', () => {
    const watch = new ClockWatch(at(0, T, null))
    expect(watch.look(at(1000, T + 601_000, null))).toMatchObject({ slept: false, trusted: false })
  })
})
