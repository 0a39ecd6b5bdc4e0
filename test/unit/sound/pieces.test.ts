import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { emptyEdl } from '#common/edl/index.ts'
import { hornBend, hornShape, playGainDb } from '#common/levels/index.ts'
import { METER, METER_PLACES } from '#common/loudness/index.ts'
import type { LevelRow, SoundReport } from '#contract/sound.ts'
import { cleanUpSteps, hornChain, hornEarChain, rnnoiseMix, stretchChain } from '../../../main/station/sound/chains.ts'
import { noiseFloorDb } from '../../../main/station/sound/noise-floor.ts'
import { judge, levelRow, shifted } from '../../../main/station/sound/verdict.ts'
import { levelCommands } from '../../../renderer/studio/features/editor/sound/level-commands.ts'
import { courseOf } from '../../../renderer/studio/features/editor/sound/loudness-course.ts'
import { MeterView } from '../../../renderer/studio/features/editor/sound/meter-view.ts'

const loudness = (integratedLufs: number | null, truePeakDbtp: number | null) => ({ integratedLufs, rangeLu: 3, truePeakDbtp })
const standard = { targetLufs: -23, ceilingDbtp: -1 }

describe('the verdict on a measured sound', () => {
  it('is a static gain whenever the true peak stays under the ceiling, else a limiter, never a guess', () => {
    fc.assert(fc.property(fc.double({ min: -60, max: -5, noNaN: true }), fc.double({ min: -50, max: 3, noNaN: true }), fc.double({ min: -30, max: -8, noNaN: true }), (lufs, peak, targetLufs) => {
      const verdict = judge(loudness(lufs, peak), { targetLufs, ceilingDbtp: -1 })
      if (verdict.outcome === 'undefined') return false
      return verdict.outcome === (peak + verdict.gainDb <= -1 + 1e-9 ? 'static' : 'limited') && verdict.gainDb <= 24
    }))
    expect(judge(loudness(null, -3), standard)).toEqual({ outcome: 'undefined' })
    expect(judge(loudness(-80, null), standard)).toEqual({ outcome: 'undefined' })
  })
  it('moves loudness and true peak by the gain, and leaves the range', () => {
    expect(shifted(loudness(-29.5, -12), 6.5)).toEqual({ integratedLufs: -23, rangeLu: 3, truePeakDbtp: -5.5 })
    expect(levelRow('a', 'b', loudness(-29.5, -5), standard, 14)).toMatchObject({ outcome: 'limited', gainDb: 6.5, peaks: 14, after: { integratedLufs: -23, truePeakDbtp: -1 } })
  })
})

describe('a play gain', () => {
  it('never crosses the ceiling of the station', () => {
    fc.assert(fc.property(fc.double({ min: -60, max: 0, noNaN: true }), fc.double({ min: -50, max: 3, noNaN: true }), fc.double({ min: -9, max: 0, noNaN: true }), (lufs, peak, ceiling) => playGainDb(loudness(lufs, peak), -16, ceiling) + peak <= ceiling + 1e-9))
  })
})

describe('filter chains', () => {
  const all = { reducers: ['rnnoise', 'afftdn'], stretch: 'rubberband', clicks: true, sibilance: true } satisfies Parameters<typeof cleanUpSteps>[1]
  const wish = { kind: 'cleanUp', amount: 60, reducer: 'afftdn', rumble: true, hum: true, noise: true, clicks: true, sibilance: true } as const
  const names = (chain: readonly string[]) => chain.map((filter) => filter.split('=')[0])
  it('of the clean-up do nothing at zero, and only what is switched on', () => {
    expect(cleanUpSteps({ ...wish, amount: 0 }, all, -55)).toEqual({ before: [], rnnoise: null, after: [] })
    expect(cleanUpSteps({ ...wish, rumble: false, hum: false, clicks: false, sibilance: false }, all, -55)).toEqual({ before: [expect.stringMatching(/^afftdn=noise_reduction=19\.6:noise_floor=-50\.0$/)], rnnoise: null, after: [] })
    const { before, after } = cleanUpSteps(wish, all, -55)
    expect([names(before), names(after)]).toEqual([['highpass', 'highpass', ...Array.from({ length: 10 }, () => 'equalizer'), 'adeclick', 'afftdn'], ['deesser']])
    expect(before[2]).toContain('equalizer=f=50:')
  })
  it('take noise away by what was chosen, else by what there is, else not at all', () => {
    const reducer = (wanted: 'rnnoise' | 'afftdn', reducers: ('rnnoise' | 'afftdn')[]) => {
      const { before, rnnoise } = cleanUpSteps({ ...wish, reducer: wanted }, { ...all, reducers }, -55)
      return rnnoise !== null ? 'rnnoise' : names(before).includes('afftdn') ? 'afftdn' : 'none'
    }
    expect([reducer('rnnoise', ['rnnoise', 'afftdn']), reducer('afftdn', ['rnnoise', 'afftdn']), reducer('rnnoise', ['afftdn']), reducer('afftdn', ['rnnoise']), reducer('rnnoise', [])]).toEqual(['rnnoise', 'afftdn', 'afftdn', 'rnnoise', 'none'])
    expect(cleanUpSteps({ ...wish, noise: false, reducer: 'rnnoise' }, all, -55).rnnoise).toBeNull()
    expect(names(cleanUpSteps(wish, { ...all, reducers: [], clicks: false, sibilance: false }, -55).before)).not.toEqual(expect.arrayContaining(['afftdn', 'adeclick']))
  })
  it('leave less of the sound as it was with more of the slider, and nothing at its end', () => {
    const left = [0, 0.25, 0.5, 0.75].map((amount) => Math.round(20 * Math.log10(1 - rnnoiseMix(amount))))
    expect(left.map((value) => value || 0)).toEqual([0, -10, -20, -30])
    expect(rnnoiseMix(1)).toBe(1)
  })
  it('of horns end where the horns end', () => {
    expect(hornChain({ kind: 'horn', upperHz: 4_000, compression: 0, standard: null })).toEqual(['highpass=f=300', 'highpass=f=300', 'lowpass=f=4000', 'lowpass=f=4000', expect.stringContaining('equalizer')])
    expect(hornChain({ kind: 'horn', upperHz: 4_000, compression: 50, standard: null }).at(-1)).toContain('acompressor')
    expect(hornEarChain({ kind: 'hornEar', watts: 50 })).toContain(`highpass=f=${hornShape(50).lowHz}`)
    expect(stretchChain(1.05, 'atempo')).toEqual(['atempo=1.050000000'])
  })
})

describe('a horn', () => {
  it('reaches further on both sides the larger it is, and is driven less', () => {
    const [small, large] = [hornShape(50), hornShape(120)]
    expect(large.lowHz).toBeLessThan(small.lowHz)
    expect(large.highHz).toBeGreaterThan(small.highHz)
    expect(large.driveDb).toBeLessThan(small.driveDb)
    expect(hornShape(9_999)).toEqual(hornShape(150))
  })
  it('bends smoothly, never folds back, and stays inside one', () => {
    fc.assert(fc.property(fc.double({ min: -1, max: 1, noNaN: true }), fc.double({ min: -1, max: 1, noNaN: true }), (a, b) => Math.abs(hornBend(a)) <= 1 && (a < b ? hornBend(a) < hornBend(b) : hornBend(a) >= hornBend(b)) && hornBend(-a) === -hornBend(a)))
  })
})

it('the noise floor is the room between the words, and digital silence is no room', () => {
  const ticks = Float64Array.from({ length: 1_000 }, (_, n) => (n < 300 ? 0 : n < 450 ? 1e-6 : 1e-2))
  expect(noiseFloorDb(ticks, 1)).toBeCloseTo(-60.7, 1)
  expect(noiseFloorDb(new Float64Array(100), 1)).toBe(-80)
})

describe('a levelling report as edits', () => {
  const row = (key: string, outcome: LevelRow['outcome'], gainDb = 3): LevelRow => ({ key, title: key, outcome, before: loudness(-26, -10), gainDb, peaks: 0, after: loudness(-23, -7), newItemId: null })
  const report = (...rows: LevelRow[]): SoundReport => ({ kind: 'clips', standard, rows })
  it('stores each gain with what was measured and leaves out what could not be', () => {
    expect(levelCommands(report(row('a', 'static'), row('b', 'undefined')), emptyEdl)).toEqual([{ op: 'level', clipId: 'a', gainDb: 3, loudness: loudness(-26, -10) }])
  })
  it('puts the limiter behind the master only when a clip needs it and it is not there', () => {
    expect(levelCommands(report(row('a', 'limited')), emptyEdl).at(-1)).toEqual({ op: 'setMaster', gainDb: 0, limiter: true, ceilingDbtp: -1 })
    expect(levelCommands(report(row('a', 'limited')), { ...emptyEdl, master: { gainDb: 2, limiter: true, ceilingDbtp: -2 } })).toHaveLength(1)
  })
})

describe('what the eye follows', () => {
  const source = (values: Partial<Record<keyof typeof METER, number>>) => ({
    read: (into: Float64Array) => {
      into.fill(0)
      for (const [name, place] of Object.entries(METER)) into[place] = values[name as keyof typeof METER] ?? 0
    },
  })
  it('rises at once, falls by 24 dB a second, and holds the highest for 1.5 s', () => {
    const now: Partial<Record<keyof typeof METER, number>> = { peakLeft: 0.5, peakRight: 0.25 }
    const view = new MeterView(source(now))
    const at = (ms: number) => {
      const { peakDbfs, holdDbfs } = view.step(ms)
      return [peakDbfs[0], holdDbfs[0]].map((value) => Math.round((value ?? 0) * 100) / 100)
    }
    expect(at(1_000)).toEqual([-6.02, -6.02])
    now.peakLeft = 0
    expect(at(1_100)).toEqual([-8.42, -6.02])
    for (let ms = 1_200; ms <= 2_500; ms += 100) at(ms)
    expect(at(2_500)[1]).toBe(-6.02)
    expect(at(2_501)[1]).toBe(-120)
  })
  it('gives the same object every frame: nothing is left for the collector', () => {
    const view = new MeterView(source({}))
    expect(view.step(1)).toBe(view.step(17))
    expect(METER_PLACES).toBe(Object.keys(METER).length)
  })
})

it('a course of loudness is read by the sample', () => {
  const course = courseOf(Float32Array.from([-23, -20, -120]).buffer)
  expect([course.at(0), course.at(4_800), course.at(14_399), course.at(14_400), course.at(-1)]).toEqual([-23, -20, -120, null, null])
})
