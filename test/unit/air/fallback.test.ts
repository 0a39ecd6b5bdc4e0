import { describe, expect, it } from 'vitest'
import { AHEAD, Desk, FADE, LEVEL } from './desk.ts'
import { play } from './plays.ts'
import type { Fill, Slot } from './plays.ts'

const S = 48_000
/** Levels of the tests lie above −40 dBFS: the sixteenth of a hundredth is silence. */
const silent = 0.001 * LEVEL
const backups: readonly Fill[] = [{ level: 8, length: 20 * S }, { level: 9, length: 20 * S }]
const slot = (more: Partial<Slot> = {}): readonly Slot[] => [{ id: 's', from: 0, until: 600 * S, onUnderrun: 'close', backups, ...more }]
const line = { line: { slotId: 's' } }
const ups = (desk: Desk): unknown[] => desk.told.filter(({ kind }) => kind === 'up' || kind === 'climbed').map((event) => ('up' in event ? [event.up.rung, event.up.cause] : []))

describe('a programme that falls silent in its slot', () => {
  it('is replaced after 10 s, within 50 ms, by the list of the slot, and the log has the bus back after 4 s of sound', () => {
    const desk = new Desk().withFallback()
    desk.setPlan([play(2, 0, 5 * S, line), play(silent, 5 * S, 30 * S, { chainStart: false, ...line }), play(3, 35 * S, 60 * S, { chainStart: false, ...line })], { slots: slot() })
    desk.run(60 * S)
    const up = desk.left.findIndex((value, index) => index > 5 * S && value > 1)
    expect(up / S).toBeGreaterThanOrEqual(15)
    expect(up / S).toBeLessThan(15.1)
    expect(desk.left[up + FADE + 1000]).toBe(8)
    expect(ups(desk)).toEqual([['slotBackup', 'silence']])
    // The junction at 35 s comes more than 10 s later: the log is back with it.
    const back = desk.left.findIndex((value, index) => index > up + FADE && value === 3)
    expect(back / S).toBeGreaterThan(35)
    expect(back / S).toBeLessThan(35.3)
    expect(desk.rowsOf('8')).toMatchObject([{ startSource: 'fallback', playSource: 'backup', editCode: 'replacedByBackup', lineId: null, itemId: 'item8' }])
  })

  it('plays its list without a gap, one row for each', () => {
    const desk = new Desk().withFallback()
    desk.setPlan([play(silent, 0, 90 * S, line)], { slots: slot({ backups: [{ level: 8, length: 12_345 }, { level: 9, length: 54_321 }] }) })
    desk.run(13 * S)
    const first = desk.left.findIndex((value) => value === 9)
    expect(desk.left.slice(first, first + 54_321).every((value) => value === 9)).toBe(true)
    expect(desk.left.slice(first + 54_321, first + 54_321 + 12_345).every((value) => value === 8)).toBe(true)
    expect(desk.left[first + 54_321 + 12_345]).toBe(9)
    expect(desk.rowsOf('8').length).toBeGreaterThan(1)
  })

  it('outside a slot silence is right; before the slot opened it counts for nothing', () => {
    const desk = new Desk().withFallback()
    desk.setPlan([play(silent, 0, 90 * S, line)], { slots: slot({ from: 15 * S }) })
    desk.run(24 * S)
    expect(desk.told).toEqual([])
    desk.run(26 * S)
    expect(ups(desk)).toEqual([['slotBackup', 'silence']])
  })

  it('in assist a person is told after 3 s and the backup comes after 15; in manual it does not come', () => {
    for (const mode of ['assist', 'manual'] as const) {
      const desk = new Desk({ mode }).withFallback()
      desk.setPlan([play(silent, 0, 90 * S, { chainStart: false, ...line })], { slots: slot() })
      desk.order({ kind: 'go', lineId: null, rev: null })
      desk.run(2.9 * S)
      expect(desk.told).toEqual([])
      desk.run(3.2 * S)
      expect(desk.told).toMatchObject([{ kind: 'silence' }])
      desk.run(14.9 * S)
      expect(ups(desk)).toEqual([])
      desk.run(16 * S)
      expect(ups(desk)).toEqual(mode === 'assist' ? [['slotBackup', 'silence']] : [])
    }
  })

  it('a live voice has the bus: what is under it helps nobody out', () => {
    const desk = new Desk().withFallback()
    desk.setPlan([play(silent, 0, 90 * S, line)], { slots: slot() })
    const live = desk.openLive('s', 1)
    for (let at = 0; at < 20 * S; at += 4800) {
      live.input.write(new Float32Array(4800).fill(0.25), at)
      desk.run(at + 4800)
    }
    expect(ups(desk)).toEqual([])
  })
})

describe('a source that breaks off or hangs', () => {
  it('killed with nothing behind it: the backup is there within 0.3 s', () => {
    const desk = new Desk().withFallback()
    desk.setPlan([play(2, 0, 60 * S, line)], { slots: slot({ onUnderrun: 'fill' }) })
    desk.run(4 * S)
    desk.broken.set('2', 5 * S)
    desk.run(7 * S)
    const up = desk.left.findIndex((value, index) => index > 5 * S && value > 2)
    expect((up - 5 * S) / S).toBeLessThan(0.3)
    expect(ups(desk)).toEqual([['slotBackup', 'sourceLost']])
  })

  it('hung: the backup is there after half a second', () => {
    const desk = new Desk().withFallback()
    desk.setPlan([play(2, 0, 60 * S, line)], { slots: slot() })
    desk.run(5 * S)
    desk.hung.add('2')
    desk.run(7 * S)
    const up = desk.left.findIndex((value, index) => index > 5 * S + AHEAD && value > 0)
    expect((up - 5 * S) / S).toBeGreaterThan(0.45)
    expect((up - 5 * S) / S).toBeLessThan(0.6)
    expect(ups(desk)).toEqual([['slotBackup', 'sourceHung']])
    desk.hung.delete('2')
    desk.run(15 * S)
    expect(desk.left.at(-1)).toBe(8)
    desk.run(17 * S)
    expect(desk.left.at(-1)).toBe(2)
  })

  it('a hole that nothing fills is left for two seconds', () => {
    const desk = new Desk().withFallback()
    desk.setPlan([play(2, 0, 5 * S, line), play(3, 30 * S, S, line)], { slots: slot({ onUnderrun: 'fill' }) })
    desk.run(9 * S)
    const up = desk.left.findIndex((value, index) => index > 5 * S && value > 1)
    expect((up - 5 * S) / S).toBeGreaterThanOrEqual(1.95)
    expect((up - 5 * S) / S).toBeLessThan(2.1)
    expect(ups(desk)).toEqual([['slotBackup', 'nothingToPlay']])
  })
})

describe('the rungs', () => {
  const dead = (options: { readonly backups?: readonly Fill[]; readonly fill?: readonly Fill[]; readonly end?: 'reel' | 'tone' | 'silence' }) => {
    const desk = new Desk().withFallback(options.end ?? 'reel')
    desk.setPlan([play(silent, 0, 200 * S, line)], { slots: slot({ backups: options.backups ?? [] }), fill: options.fill ?? [] })
    return desk
  }
  it('a file that does not open is passed over, then the list of the station, then the reel', () => {
    const desk = dead({ backups: [{ level: 8, length: 20 * S }, { level: 9, length: 20 * S }], fill: [{ level: 7, length: 20 * S }] })
    desk.broken.set('8', 0)
    desk.run(12 * S)
    expect(desk.left.at(-1)).toBe(9)
    expect(ups(desk)).toEqual([['slotBackup', 'silence']])
    const other = dead({ backups: [{ level: 8, length: 20 * S }], fill: [{ level: 7, length: 20 * S }] })
    other.broken.set('8', 0)
    other.run(12 * S)
    expect(other.left.at(-1)).toBe(7)
    const last = dead({ backups: [{ level: 8, length: 20 * S }], fill: [{ level: 7, length: 20 * S }] })
    for (const level of ['7', '8']) last.broken.set(level, 0)
    last.run(12 * S)
    expect(ups(last)).toEqual([['slotBackup', 'silence'], ['stationBackup', 'silence'], ['reel', 'silence']])
    expect(last.rowsOf('').at(-1)).toMatchObject({ playSource: 'reel' })
  })
  it('what is silent itself is passed over after 10 s', () => {
    const desk = dead({ backups: [{ level: silent, length: 100 * S }] })
    desk.run(22 * S)
    expect(ups(desk)).toEqual([['slotBackup', 'silence'], ['reel', 'silence']])
    expect(desk.left.slice(-4800).some((value) => Math.abs(value) > 1)).toBe(true)
  })
  it('at the end a tone or nothing, as the destination has it', () => {
    const tone = dead({ end: 'tone' })
    tone.run(16 * S)
    expect(ups(tone)).toEqual([['lastResort', 'silence']])
    expect(tone.left.some((value) => Math.abs(value) > 3)).toBe(true)
    const nothing = dead({ end: 'silence' })
    nothing.run(16 * S)
    expect([ups(nothing), nothing.told.map(({ kind }) => kind)]).toEqual([[], ['silence']])
  })
  it('three times in five minutes, it stays until a person confirms', () => {
    const desk = new Desk().withFallback()
    const chain = [0, 1, 2, 3].flatMap((n) => [play(silent * (1 + n / 100), n * 40 * S, 24 * S, { chainStart: n === 0, ...line }), play(2 + n, (n * 40 + 24) * S, 16 * S, { chainStart: false, ...line })])
    desk.setPlan(chain, { slots: slot() })
    desk.run(130 * S)
    expect(ups(desk)).toHaveLength(3)
    expect(desk.fallback?.up).toMatchObject({ needsPerson: true })
    expect([8, 9]).toContain(desk.left.at(-1))
    desk.fallback?.confirm()
    desk.run(152 * S)
    expect(desk.fallback?.up?.needsPerson ?? false).toBe(false)
  })
})
