import { describe, expect, test } from 'vitest'
import { openDesk, type Claim, type ClaimChange } from '../../../main/receiver/player/desk.ts'
import type { Voice } from '../../../main/receiver/player/voice.ts'

const BLOCK = 960
/** Sounds a constant from `from` to `until`. */
function steady(value: number, from = 0, until = Infinity, begins: 'start' | 'join' | false = 'start'): Voice & { closed: boolean } {
  return {
    closed: false,
    due: (at) => at >= from && at < until,
    nextChange: (at) => (at < from ? from : at < until ? until : Infinity),
    begin: () => begins,
    fill(_at, into, count) {
      for (let i = 0; i < count; i++) into[i] = value
      return 0
    },
    service: () => undefined, retime: () => undefined,
    close() {
      this.closed = true
    },
  }
}
function claim(ref: string, prio: number, voice: Voice, change: Partial<Claim> = {}): Claim & { told: ClaimChange[] } {
  const told: ClaimChange[] = []
  return { ref, kind: 'slot', prio, rank: 1, iss: 'studio/a', voice, gain: () => 1, tell: (one) => told.push(one), told, ...change }
}
function bench(change: { mute?: () => number | null; quiet?: () => number | null } = {}) {
  let now = 0
  const desk = openDesk({ now: () => now, situation: () => ({ local: false, localBeats: 6, quiet: change.quiet?.() ?? null, mute: change.mute?.() ?? null, takeoverRights: {} }) })
  return {
    desk,
    render(blocks: number): Float32Array {
      const out = new Float32Array(blocks * BLOCK)
      for (let i = 0; i < blocks; i++) {
        desk.render(now, out.subarray(i * BLOCK, (i + 1) * BLOCK))
        now += BLOCK
      }
      return out
    },
  }
}

describe('who has the output', () => {
  test('an item begins and ends on its own samples, in the middle of a block', () => {
    const { desk, render } = bench()
    desk.add(claim('slot', 3, steady(0.5, 100, 1500)))
    const out = render(3)
    expect([out[99], out[100], out[1499], out[1500]]).toEqual([0, 0.5, 0.5, 0])
  })

  test('a higher one takes over at once; the lower leaves within 150 ms and comes back by itself, told both times', () => {
    const { desk, render } = bench()
    const slot = claim('slot', 3, steady(0.25))
    const live = claim('live', 5, steady(0.5, 2 * BLOCK, 20 * BLOCK), { kind: 'live' })
    desk.add(slot)
    desk.add(live)
    const out = render(40)
    expect(out[2 * BLOCK - 1]).toBeCloseTo(0.25)
    expect(out[2 * BLOCK]).toBeCloseTo(0.75)
    expect(out[2 * BLOCK + 7200]).toBeCloseTo(0.5)
    expect(out[20 * BLOCK + 10]).toBeCloseTo(0.25)
    expect(slot.told.map((one) => one.kind)).toEqual(['began', 'preempted', 'began'])
    expect(live.told.map((one) => one.kind)).toEqual(['began'])
  })

  test('an emergency cuts hard', () => {
    const { desk, render } = bench()
    desk.add(claim('slot', 3, steady(0.25)))
    desk.add(claim('alert', 9, steady(0.5, BLOCK), { kind: 'alert', sent: '2026-11-21T01:00:00Z' }))
    const out = render(3)
    expect([out[BLOCK - 1], out[BLOCK]]).toEqual([0.25, 0.5])
  })

  test('of two equal ones the first stays and the second waits for its end', () => {
    const { desk, render } = bench()
    const one = claim('a', 5, steady(0.5, 0, 2 * BLOCK), { kind: 'live' })
    const two = claim('b', 5, steady(0.25), { kind: 'live' })
    desk.add(one)
    desk.add(two)
    const out = render(3)
    expect([out[2 * BLOCK - 1], out[2 * BLOCK]]).toEqual([0.5, 0.25])
    expect(two.told[0]).toMatchObject({ kind: 'waits', outcome: { code: 'busy_higher' } })
  })

  test('never two at once and never silence when something is due, whatever comes and goes', () => {
    const { desk, render } = bench()
    let seed = 12
    const next = (): number => (seed = (seed * 48_271) % 2_147_483_647)
    let refs: string[] = []
    for (let round = 0; round < 200; round++) {
      if (next() % 3 > 0) {
        const ref = `r${round}`
        desk.add(claim(ref, next() % 8, steady(0.1 + (next() % 8) / 10), { kind: 'live', gain: () => 1 }))
        refs.push(ref)
      } else if (refs.length > 0) {
        const gone = refs[next() % refs.length] ?? ''
        refs = refs.filter((ref) => ref !== gone)
        desk.remove(gone)
      }
      const out = render(9)
      const highest = Math.max(-1, ...desk.claims().map((one) => one.prio))
      expect(desk.sounding?.prio ?? -1).toBe(highest)
      // The last block is past every fade: exactly one voice is in it.
      const level = out.at(-1) ?? 0
      if (desk.sounding === null) expect(level).toBe(0)
      else expect(desk.claims().some((one) => one === desk.sounding)).toBe(true)
    }
  })

  test('mute silences what is not above it, and gives it back', () => {
    let mute: number | null = null
    const { desk, render } = bench({ mute: () => mute })
    desk.add(claim('live', 6, steady(0.5), { kind: 'live' }))
    expect(render(1).at(-1)).toBe(0.5)
    mute = 6
    expect(render(12).at(-1)).toBe(0)
    mute = null
    expect(render(1).at(-1)).toBe(0.5)
  })

  test('an item that may not start any more is refused and closed', () => {
    const { desk, render } = bench()
    const voice = steady(0.5, 0, Infinity, false)
    const late = claim('late', 3, voice)
    desk.add(late)
    expect(render(1).every((value) => value === 0)).toBe(true)
    expect(late.told).toEqual([{ kind: 'refused', at: 0 }])
    expect(voice.closed).toBe(true)
  })
})
