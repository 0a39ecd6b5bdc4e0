import { describe, expect, it } from 'vitest'
import { FallbackLadder, defaultLadderSettings } from '#common/fallback/index.ts'
import type { LadderInput, Rung } from '#common/fallback/index.ts'

const S = 48_000
const all: readonly Rung[] = ['slotBackup', 'stationBackup', 'reel', 'lastResort']
const input = (at: number, set: Partial<LadderInput> & { readonly on?: readonly Rung[] } = {}): LadderInput => {
  const { on = all, ...more } = set
  return { at: at * S, permitted: true, fault: null, goodFor: 0, junction: false, failed: false, has: (rung) => on.includes(rung), ...more }
}
const upAt = (at: number, ladder = new FallbackLadder()): FallbackLadder => {
  ladder.step(input(at, { fault: 'silence' }))
  return ladder
}

describe('the ladder', () => {
  it('goes up to the first rung there is something on, and says why', () => {
    expect(new FallbackLadder().step(input(5, { fault: 'sourceLost' }))).toEqual({ kind: 'up', up: { rung: 'slotBackup', cause: 'sourceLost', since: 5 * S, needsPerson: false } })
    expect(new FallbackLadder().step(input(5, { fault: 'silence', on: ['reel', 'lastResort'] }))).toMatchObject({ up: { rung: 'reel' } })
  })
  it('stays down while all is well, when it may not act, and when there is nothing on any rung', () => {
    const ladder = new FallbackLadder()
    expect([ladder.step(input(1)), ladder.step(input(2, { fault: 'silence', permitted: false })), ladder.step(input(3, { fault: 'silence', on: [] })), ladder.up]).toEqual([null, null, null, null])
  })
  it('climbs when a rung fails, over those without anything, and stays on the last', () => {
    const ladder = upAt(0)
    expect(ladder.step(input(1, { failed: true, on: ['slotBackup', 'reel', 'lastResort'] }))).toMatchObject({ kind: 'climbed', up: { rung: 'reel', since: 0 } })
    expect(ladder.step(input(2, { failed: true }))).toMatchObject({ kind: 'climbed', up: { rung: 'lastResort' } })
    expect(ladder.step(input(3, { failed: true }))).toBeNull()
    expect(ladder.up?.rung).toBe('lastResort')
  })
  it('gives the bus back after four seconds of good sound, and not before it has stayed ten', () => {
    const ladder = upAt(0)
    expect(ladder.step(input(9.9, { goodFor: 9 * S }))).toBeNull()
    expect(ladder.step(input(11, { goodFor: 3.9 * S }))).toBeNull()
    expect(ladder.step(input(12, { goodFor: 4 * S }))).toEqual({ kind: 'down' })
  })
  it('gives it back at the next junction of a healthy log', () => {
    const ladder = upAt(0)
    expect(ladder.step(input(11, { junction: true, fault: 'silence' }))).toBeNull()
    expect(ladder.step(input(12, { junction: true }))).toEqual({ kind: 'down' })
  })
  it('leaves at once when the slot closes or the mode takes it away', () => {
    expect(upAt(0).step(input(1, { permitted: false, fault: 'silence' }))).toEqual({ kind: 'down' })
  })
  it('up three times in five minutes, it stays until a person says that the log may come back', () => {
    const ladder = new FallbackLadder()
    for (const at of [0, 60, 120]) {
      upAt(at, ladder)
      if (at < 120) ladder.step(input(at + 20, { goodFor: 5 * S }))
    }
    expect(ladder.up).toMatchObject({ needsPerson: true, since: 120 * S })
    expect(ladder.step(input(500, { goodFor: 300 * S, junction: true }))).toBeNull()
    ladder.confirm()
    expect(ladder.up?.needsPerson).toBe(false)
    expect(ladder.step(input(501, { goodFor: 3 * S }))).toBeNull()
    expect(ladder.step(input(502, { goodFor: 4 * S }))).toEqual({ kind: 'down' })
    expect(upAt(510, ladder).up?.needsPerson).toBe(false)
  })
  it('three times in more than five minutes are three faults, and no flutter', () => {
    const ladder = new FallbackLadder()
    for (const at of [0, 200, 400]) {
      upAt(at, ladder)
      expect(ladder.up?.needsPerson).toBe(false)
      ladder.step(input(at + 20, { goodFor: 5 * S }))
    }
    expect(defaultLadderSettings.flipSamples).toBe(300 * S)
  })
})
