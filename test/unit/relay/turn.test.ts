import { describe, expect, it } from 'vitest'
import { AddressTurn, coversRelay, pathOfMoment, reconnectAfterMs } from '#common/relay/index.ts'

describe('trying to reach a source', () => {
  it.each([[0, 200], [1, 500], [2, 1_000], [3, 2_000], [4, 5_000], [5, 10_000], [6, 30_000], [99, 30_000]])('try %i comes after %i ms, and up to a fifth later', (attempt, ms) => {
    expect(reconnectAfterMs(attempt, 0)).toBe(ms)
    expect(reconnectAfterMs(attempt, 1)).toBe(ms * 1.2)
  })

  it('gives each address the hold-off, then twice as long each round, and never stops', () => {
    const turn = new AddressTurn(2, 3_000, 0)
    const moves: [number, number][] = []
    for (let at = 0; at <= 120_000; at += 200) if (turn.look(at)) moves.push([at, turn.index])
    expect(moves.slice(0, 6)).toEqual([[3_000, 1], [6_000, 0], [12_000, 1], [18_000, 0], [30_000, 1], [42_000, 0]])
    expect(moves.at(-1)?.[0]).toBeGreaterThan(90_000)
  })

  it('stays with an address that sounds, and begins from short waits when it is lost', () => {
    const turn = new AddressTurn(2, 3_000, 0)
    for (let at = 0; at <= 20_000; at += 200) turn.look(at)
    turn.heard(20_000)
    const kept = turn.index
    expect(turn.look(22_800)).toBe(false)
    expect(turn.index).toBe(kept)
    expect(turn.look(23_000)).toBe(true)
  })

  it('stays with the only address there is', () => {
    const turn = new AddressTurn(1, 3_000, 0)
    expect([turn.look(500_000), turn.giveUp(500_000), turn.index]).toEqual([false, false, 0])
  })
})

describe('a file by its date', () => {
  it.each([
    ['tin/{yyyy}-{MM}-{dd}/{HH}.mp3', '2026-11-30T22:05:00Z', 420, 'tin/2026-12-01/05.mp3'],
    ['{dd}{MM}{yyyy}.wav', '2026-01-02T00:00:00Z', 0, '02012026.wav'],
    ['{HH}-{HH}-{xx}', '2026-12-31T17:30:00Z', 330, '23-23-{xx}'],
  ])('%s at %s, %i min ahead of UTC, is %s', (pattern, at, offsetMin, path) => {
    expect(pathOfMoment(pattern, Date.parse(at), offsetMin)).toBe(path)
  })
})

describe('a row of a relay that a backup has covered', () => {
  it.each([['relay', 'sourceLost', true], ['relay', 'silenceFailover', true], ['relay', 'relayOut', false], ['log', 'sourceLost', false], ['relay', null, false]] as const)('%s ended by %s: %s', (playSource, stopReason, covers) => {
    expect(coversRelay({ playSource, stopReason })).toBe(covers)
  })
})
