import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { edlLength, violations } from '#common/edl/index.ts'
import { assemble, chaptersOf, measuredSpeed, readingOf, slidesOf, sumOf, verdictOf } from '#common/programme/index.ts'
import type { AssembleInput, SoundFacts } from '#common/programme/index.ts'
import { samples } from '#common/units/samples.ts'
import { builtInTemplates } from '../../../main/station/programme/index.ts'

const RATE = 48_000
let count = 0
const newId = (): string => (++count).toString().padStart(26, '0')
const sound = (length: number, gainDb = 0): SoundFacts => {
  const id = newId()
  return { itemId: id, title: `tiếng ${id}`, sha256: id.padStart(64, '0'), channels: 1, length: samples(length), gainDb, loudness: null }
}
const template = { pauseMs: 400, introOverlapMs: 1500, outroOverlapMs: 1000, syllablesPerMinute: 200, duck: { reduceDb: 12, attackMs: 250, holdMs: 400, releaseMs: 900 } }
const image = 'a'.repeat(64)
const story = (title: string, lengths: readonly number[], options: { script?: string; image?: string | null } = {}) => ({ id: newId(), title, script: options.script ?? '', sounds: lengths.map((length) => sound(length)), image: options.image ?? null })
const input = (change: Partial<AssembleInput> = {}): AssembleInput => ({
  stories: [story('Một', [10 * RATE], { image }), story('Hai', [5 * RATE, 7 * RATE + 1]), story('Ba', [8 * RATE], { image: 'b'.repeat(64) })], template, intro: sound(6 * RATE), jingle: sound(2 * RATE), outro: sound(5 * RATE),
  bed: { ...sound(9 * RATE), fadeInMs: 500, fadeOutMs: 2000, crossfadeMs: 1500 }, slot: { startsAtSec: 61_200, length: samples(60 * RATE) }, newId, ...change,
})

describe('reading time of a script', () => {
  test('counts syllables as they are spoken, not as they are written', () => {
    expect(readingOf('Hôm nay trời nắng.', 200)).toMatchObject({ words: 4, syllables: 4 })
    // mười bảy giờ ba mươi phút
    expect(readingOf('17h30', 200)).toMatchObject({ words: 1, syllables: 6 })
    expect(readingOf('  ', 200)).toEqual({ words: 0, syllables: 0, lengthSamples: 0 })
  })
  test('is proportional to the speed, plus a breath for every sentence', () => {
    const text = 'Kính thưa bà con. Chiều nay có mưa.'
    const breath = readingOf(text, 1e9).lengthSamples
    expect(breath).toBe(0.5 * RATE)
    expect(readingOf(text, 100).lengthSamples - breath).toBe(2 * (readingOf(text, 200).lengthSamples - breath))
    expect(readingOf(text, 120).lengthSamples - breath).toBe(4 * RATE)
  })
  test('can be learnt from what was really read; music and half a sentence teach nothing', () => {
    const script = 'Một hai ba bốn năm sáu bảy tám chín mười. '.repeat(12)
    const lengthSamples = readingOf(script, 230).lengthSamples
    expect(measuredSpeed([{ script, lengthSamples }])).toBe(230)
    expect(measuredSpeed([{ script, lengthSamples }, { script: 'Nhạc', lengthSamples: 180 * RATE }])).toBe(230)
    expect(measuredSpeed([{ script: 'Một hai ba.', lengthSamples: RATE }])).toBeNull()
  })
})

describe('the sum of a bulletin', () => {
  test('adds what will be heard one after the other, overlaps taken off', () => {
    const sum = sumOf([{ script: '', sounds: [{ lengthSamples: 10 * RATE }] }, { script: '', sounds: [{ lengthSamples: 5 * RATE }] }], template, { intro: 6 * RATE, jingle: 2 * RATE, outro: 5 * RATE })
    expect(sum.starts).toEqual([4.5 * RATE, Math.round((4.5 + 10 + 0.4 + 2 + 0.4) * RATE)])
    expect(sum.jinglesAt).toEqual([Math.round(14.9 * RATE)])
    expect(sum.bodyEnd).toBe(Math.round(22.3 * RATE))
    expect(sum.lengthSamples).toBe(Math.round((22.3 - 1 + 5) * RATE))
    expect(sum.estimatedSamples).toBe(0)
  })
  test('takes scripts by their reading time until there is sound', () => {
    const script = 'Kính thưa bà con.'
    const sum = sumOf([{ script, sounds: [] }], { ...template, pauseMs: 0 }, { intro: 0, jingle: 0, outro: 0 })
    expect(sum.lengthSamples).toBe(readingOf(script, 200).lengthSamples)
    expect(sum.estimatedSamples).toBe(sum.lengthSamples)
    expect(sum.stories).toMatchObject([{ estimated: true }])
  })
  test('says over, under or fits, to the second', () => {
    expect(verdictOf(300 * RATE, 300 * RATE).verdict).toBe('fits')
    expect(verdictOf(301 * RATE, 300 * RATE).verdict).toBe('fits')
    expect(verdictOf(301 * RATE + 1, 300 * RATE)).toEqual({ verdict: 'over', differenceSamples: RATE + 1 })
    expect(verdictOf(200 * RATE, 300 * RATE)).toEqual({ verdict: 'under', differenceSamples: -100 * RATE })
    expect(verdictOf(200, null).verdict).toBe('open')
  })
})

describe('a bulletin put together', () => {
  test('every story and its picture begin at the same sample, where its first sound begins', () => {
    const made = input()
    const { edl, sum } = assemble(made)
    expect(violations(edl)).toEqual([])
    expect(edlLength(edl)).toBe(sum.lengthSamples)
    const voice = edl.lanes[0]
    expect(chaptersOf(edl).map(({ id, at, title }) => ({ id, at, title }))).toEqual(made.stories.map(({ id, title }, n) => ({ id, at: sum.starts[n], title })))
    expect(voice?.clips.map(({ start }) => start)).toEqual([sum.starts[0], sum.starts[1], (sum.starts[1] ?? 0) + 5 * RATE, sum.starts[2]])
    expect(slidesOf(edl)).toEqual([
      { at: sum.starts[0], image, title: 'Một' }, { at: sum.starts[1], image: null, title: 'Hai' }, { at: sum.starts[2], image: 'b'.repeat(64), title: 'Ba' }, { at: sum.bodyEnd, image: null, title: '' },
    ])
    expect(edl.slot).toEqual({ startsAtSec: 61_200, length: 60 * RATE })
  })
  test('the bed lasts as long as the stories, round after round, and is told which voice it goes under', () => {
    const { edl, sum } = assemble(input())
    const bed = edl.lanes.find(({ role }) => role === 'bed')
    expect(bed?.clips[0]?.start).toBe(sum.bodyStart)
    const last = bed?.clips.at(-1)
    expect((last?.start ?? 0) + (last?.length ?? 0)).toBe(sum.bodyEnd)
    expect(bed?.duck).toMatchObject({ voiceLaneIds: [edl.lanes[0]?.id], reduceDb: 12, handEdited: false })
    // The rounds of the bed cross into each other: overlap and both fades are one length.
    bed?.clips.forEach((clip, n) => {
      const next = bed.clips[n + 1]
      if (next !== undefined) expect([clip.start + clip.length - next.start, next.fadeIn.length]).toEqual([clip.fadeOut.length, clip.fadeOut.length])
    })
  })
  test('a story without sound leaves silence of its estimated length', () => {
    const script = 'Tin này chưa thu. Sẽ thu sau.'
    const { edl, sum } = assemble(input({ stories: [story('Có tiếng', [5 * RATE]), story('Chưa thu', [], { script })] }))
    expect(violations(edl)).toEqual([])
    expect(chaptersOf(edl)[1]).toMatchObject({ at: sum.starts[1], title: 'Chưa thu' })
    expect(sum.bodyEnd - (sum.starts[1] ?? 0)).toBe(readingOf(script, 200).lengthSamples)
    expect(slidesOf(edl)).toEqual([])
  })
  test('whatever the lengths, the list keeps its rules and its sum', () => {
    const length = fc.integer({ min: 1, max: 40 * RATE })
    fc.assert(fc.property(fc.array(fc.array(length, { maxLength: 3 }), { minLength: 1, maxLength: 6 }), fc.record({ intro: fc.option(length), jingle: fc.option(length), outro: fc.option(length), bed: fc.option(length) }),
      fc.record({ pauseMs: fc.integer({ min: 0, max: 3000 }), introOverlapMs: fc.integer({ min: 0, max: 9000 }), outroOverlapMs: fc.integer({ min: 0, max: 9000 }), crossfadeMs: fc.integer({ min: 0, max: 8000 }) }), (lengths, pieces, times) => {
        const one = (frames: number | null): SoundFacts | null => (frames === null ? null : sound(frames))
        const bed = one(pieces.bed)
        const { edl, sum } = assemble(input({
          stories: lengths.map((own, n) => story(`Tin ${n}`, own, { script: own.length === 0 ? 'Chưa có tiếng.' : '', image: n % 2 === 0 ? image : null })), template: { ...template, ...times }, intro: one(pieces.intro), jingle: one(pieces.jingle), outro: one(pieces.outro),
          bed: bed === null ? null : { ...bed, fadeInMs: 700, fadeOutMs: 900, crossfadeMs: times.crossfadeMs },
        }))
        expect(violations(edl)).toEqual([])
        expect(edlLength(edl)).toBeLessThanOrEqual(sum.lengthSamples)
        expect(slidesOf(edl).filter((slide) => slide.image !== null).map(({ at }) => at)).toEqual(sum.starts.filter((at, n) => n % 2 === 0 && at < edlLength(edl)))
      }), { numRuns: 120 })
  })
})

test('the templates that come with the house are whole', () => {
  expect(builtInTemplates.map(({ name }) => name)).toEqual(['ban-tin', 'thong-bao', 'khong-nhac'])
})
