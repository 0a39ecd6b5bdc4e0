import { describe, expect, it } from 'vitest'
import { ClockWatch } from '../../../main/station/air/clock/clock-watch.ts'

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

describe('station time with time servers', () => {
  /** A server that is `aheadMs` of the time the watch began with. */
  const server = (aheadMs: number, roundTripMs = 10, name = `server${roundTripMs}`) => ({ server: name, offsetMs: T + aheadMs, roundTripMs })

  it.each([[20, 'ntp'], [90, 'slewing']] as const)('follows them and not the machine: %d ms away is %s', (aheadMs, state) => {
    const watch = new ClockWatch(at(0, T))
    expect(watch.look(at(1000, T + 1000), [server(aheadMs)])).toMatchObject({ state, trusted: true })
    for (let s = 2; s <= 300; s++) watch.look(at(s * 1000, T + s * 1000), [server(aheadMs)])
    expect(Math.abs(stationTime(watch, 300_000) - (T + 300_000 + aheadMs))).toBeLessThanOrEqual(1)
  })

  it('a machine that jumps says nothing while a server answers', () => {
    const watch = new ClockWatch(at(0, T))
    expect(watch.look(at(1000, T + 3_601_000), [server(0)])).toMatchObject({ state: 'ntp', trusted: true })
    expect(stationTime(watch, 1000)).toBe(T + 1000)
  })

  it('one server that lies is outvoted by the machine and another one', () => {
    const watch = new ClockWatch(at(0, T))
    expect(watch.look(at(1000, T + 1000), [server(7_200_000, 1), server(0, 30)])).toMatchObject({ state: 'ntp' })
    expect(stationTime(watch, 1000)).toBe(T + 1000)
  })

  it.each([5_000, -5_000, 3_600_000])('a step of %d ms that two sources agree on for 60 s is taken over, and not a second before', (step) => {
    const watch = new ClockWatch(at(0, T))
    for (let s = 1; s <= 60; s++) expect(watch.look(at(s * 1000, T + s * 1000 + step), [server(step)])).toMatchObject({ state: 'suspect', stepped: false, pendingStepMs: step })
    expect(watch.look(at(61_000, T + 61_000 + step), [server(step)])).toMatchObject({ state: 'ntp', trusted: true, stepped: true })
    expect(stationTime(watch, 61_000)).toBe(T + 61_000 + step)
  })

  it('a step that only one source sees, or that does not last, is never taken over by itself', () => {
    const watch = new ClockWatch(at(0, T))
    for (let s = 1; s <= 300; s++) {
      const seen = s % 50 === 0 ? 0 : 9_000
      watch.look(at(s * 1000, T + s * 1000 + seen), s % 2 === 0 ? [server(9_000)] : [])
    }
    expect(stationTime(watch, 300_000)).toBe(T + 300_000)
  })

  it('a person who confirms decides at once', () => {
    const watch = new ClockWatch(at(0, T))
    expect(watch.look(at(1000, T + 61_000))).toMatchObject({ state: 'suspect' })
    watch.confirm()
    expect(watch.look(at(2000, T + 62_000))).toMatchObject({ stepped: true, trusted: true })
    expect(stationTime(watch, 2000)).toBe(T + 62_000)
  })
})

describe('a machine that does not know what day it is', () => {
  const DEAD = Date.UTC(1970, 0, 1)
  const options = { floorMs: T - 5_000, resumeAtMs: T }

  it('goes on from where the air was last, red, until it has been told', () => {
    const watch = new ClockWatch(at(0, DEAD), options)
    for (let s = 1; s <= 10; s++) expect(watch.look(at(s * 1000, DEAD + s * 1000))).toMatchObject({ state: 'none', trusted: false })
    expect(stationTime(watch, 10_000)).toBe(T + 10_000)
    const told = T + 7_200_000
    for (let s = 11; s <= 70; s++) expect(watch.look(at(s * 1000, told + s * 1000)).state).toBe('none')
    expect(watch.look(at(71_000, told + 71_000))).toMatchObject({ state: 'holdover', trusted: true, stepped: true })
    expect(stationTime(watch, 71_000)).toBe(told + 71_000)
  })

  it('does not take a person at their word for a time before the last row', () => {
    const watch = new ClockWatch(at(0, DEAD), options)
    watch.confirm()
    expect(watch.look(at(1000, DEAD + 1000))).toMatchObject({ state: 'none', stepped: false })
  })
})
