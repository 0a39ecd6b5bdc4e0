import { describe, expect, it } from 'vitest'
import { MOMENTARY_TICKS, SHORT_TERM_TICKS, windowEnergies, lufsOf } from '#common/loudness/index.ts'
import { highestMomentaryOf, highestShortTermOf, integratedOf, loudCycle, measured, rangeOf, rateTone, toneParts, truePeakDbOf } from '../../support/loudness.ts'
import type { TonePart } from '../../support/loudness.ts'

const expectNear = (value: number | null, wanted: number, tolerance = 0.1) => {
  expect(value).not.toBeNull()
  expect(Math.abs((value ?? 0) - wanted), `${value} LUFS, wanted ${wanted}`).toBeLessThanOrEqual(tolerance)
}
const repeated = (times: number, parts: readonly TonePart[]): TonePart[] => Array.from({ length: times }, () => parts).flat()
const windowsOf = (parts: readonly TonePart[], ticks: number) => [...windowEnergies(measured(toneParts(parts)).energies, ticks, 1)].map(lufsOf)

describe('the minimum requirements of EBU Tech 3341', () => {
  it.each([['1', -23], ['2', -33]])('signal %s: a steady stereo tone reads its level as momentary, short-term and integrated loudness', (_, dbfs) => {
    const tone = toneParts([{ seconds: 20, dbfs }])
    for (const value of [highestMomentaryOf(tone), highestShortTermOf(tone), integratedOf(tone)]) expectNear(value, dbfs)
  })
  it('signal 3: quiet parts below the relative gate do not count', () => {
    expectNear(integratedOf(toneParts([{ seconds: 10, dbfs: -36 }, { seconds: 60, dbfs: -23 }, { seconds: 10, dbfs: -36 }])), -23)
  })
  it('signal 4: nor do those below the absolute gate, which must not move the relative one', () => {
    expectNear(integratedOf(toneParts([{ seconds: 10, dbfs: -72 }, { seconds: 10, dbfs: -36 }, { seconds: 60, dbfs: -23 }, { seconds: 10, dbfs: -36 }, { seconds: 10, dbfs: -72 }])), -23)
  })
  it('signal 5: what is above the gate is averaged as energy', () => {
    expectNear(integratedOf(toneParts([{ seconds: 20, dbfs: -26 }, { seconds: 20.1, dbfs: -20 }, { seconds: 20, dbfs: -26 }])), -23)
  })
  it('signal 9: short-term loudness stands still over a pattern that repeats in 3 s', () => {
    for (const value of windowsOf(repeated(5, [{ seconds: 1.34, dbfs: -20 }, { seconds: 1.66, dbfs: -30 }]), SHORT_TERM_TICKS)) expectNear(value, -23)
  })
  it.each(Array.from({ length: 20 }, (_, n) => [n]))('signal 10.%i: a tone of 3 s is found wherever it begins', (n) => {
    expectNear(highestShortTermOf(toneParts([{ seconds: Math.max(0.001, 0.15 * n), dbfs: null }, { seconds: 3, dbfs: -23 }, { seconds: 1, dbfs: null }])), -23)
  })
  it('signal 11: each tone of 3 s gives the highest short-term loudness when it is the loudest so far', () => {
    for (let n = 0; n < 20; n++) {
      const parts = Array.from({ length: n + 1 }, (_, k): TonePart[] => [{ seconds: 0.15 * k, dbfs: null }, { seconds: 3, dbfs: -38 + k }, { seconds: 3 - 0.15 * k, dbfs: null }]).flat()
      expectNear(highestShortTermOf(toneParts(parts)), -38 + n)
    }
  }, 60_000)
  it('signal 12: momentary loudness stands still over a pattern that repeats in 400 ms', () => {
    for (const value of windowsOf(repeated(25, [{ seconds: 0.18, dbfs: -20 }, { seconds: 0.22, dbfs: -30 }]), MOMENTARY_TICKS)) expectNear(value, -23)
  })
  it.each(Array.from({ length: 20 }, (_, n) => [n]))('signal 13.%i: a tone of 400 ms is found wherever it begins', (n) => {
    expectNear(highestMomentaryOf(toneParts([{ seconds: Math.max(0.001, 0.02 * n), dbfs: null }, { seconds: 0.4, dbfs: -23 }, { seconds: 1, dbfs: null }])), -23)
  })
  it('signal 14: each tone of 400 ms gives the highest momentary loudness when it is the loudest so far', () => {
    for (let n = 0; n < 20; n++) {
      const parts = Array.from({ length: n + 1 }, (_, k): TonePart[] => [{ seconds: 0.02 * k, dbfs: null }, { seconds: 0.4, dbfs: -38 + k }, { seconds: 0.4 - 0.02 * k, dbfs: null }]).flat()
      expectNear(highestMomentaryOf(toneParts(parts)), -38 + n)
    }
  })
})

describe('true peak, by the signals of Tech 3341', () => {
  const expectPeak = (value: number, wanted: number) => {
    expect(value, `${value} dBTP, wanted ${wanted}`).toBeLessThanOrEqual(wanted + 0.2)
    expect(value, `${value} dBTP, wanted ${wanted}`).toBeGreaterThanOrEqual(wanted - 0.4)
  }
  it.each([
    ['15', 1 / 4, 0, 0.5, -6], ['16', 1 / 4, 45, 0.5, -6], ['17', 1 / 6, 60, 0.5, -6], ['18', 1 / 8, 67.5, 0.5, -6], ['19', 1 / 4, 45, 1.41, 3],
  ])('signal %s: a tone at %d of the rate, %d degrees, amplitude %d', (_, share, phase, amplitude, wanted) => {
    expectPeak(truePeakDbOf(rateTone(share, phase, amplitude)), wanted)
  })
  it.each([['20', 0], ['21', 1], ['22', 2], ['23', 3]] as const)('signal %s: one loud cycle, sampled %d quarters of a sample later', (_, offset) => {
    expectPeak(truePeakDbOf(loudCycle(offset)), 0)
  })
})

describe('loudness range, by the signals of EBU Tech 3342', () => {
  it.each([
    ['1', [-20, -30], 10], ['2', [-20, -15], 5], ['3', [-40, -20], 20], ['4', [-50, -35, -20, -35, -50], 15],
  ])('signal %s: steps of 20 s', (_, levels, wanted) => {
    expectNear(rangeOf(toneParts(levels.map((dbfs) => ({ seconds: 20, dbfs })))), wanted, 1)
  })
})
