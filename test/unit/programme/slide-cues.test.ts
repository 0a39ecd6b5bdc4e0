import { describe, expect, test } from 'vitest'
import { samples } from '#common/units/samples.ts'
import type { Slide } from '#contract/programme.ts'
import type { PlannedPlay } from '../../../main/station/faces.ts'
import { slideCues, subjectOf } from '../../../main/station/screens/slide-cues.ts'

const RATE = 48_000
const NOW = Date.UTC(2026, 10, 21, 10, 0, 0)
const image = 'a'.repeat(64)
const play = (seconds: number, change: Partial<PlannedPlay> = {}): PlannedPlay => ({
  lineId: '01K00000000000000000000001', broadcastDate: '2026-11-21', itemId: '01K00000000000000000000002', title: 'Bản tin', sha256: 'f'.repeat(64), gainDb: 0, startAt: NOW, playSamples: samples(seconds * RATE), chainStart: true, cut: false, targetUnitIds: [],
  pcm: { path: '', format: 'int24', channels: 1, dataOffsetBytes: 44, length: samples(seconds * RATE) }, ...change,
})
const cues = (one: PlannedPlay, slides: readonly Slide[], from = NOW - 1000, until = NOW + 86_400_000) => slideCues([one], () => slides, from, until)

describe('pictures of a planned play', () => {
  test('end where the next one begins, or with the sound', () => {
    const made = cues(play(60), [{ at: 0, image, title: 'Một' }, { at: 10 * RATE, image: null, title: '' }, { at: 30 * RATE, image, title: 'Ba' }])
    expect(made.map(({ startAt, endAt, title }) => [startAt - NOW, endAt - NOW, title])).toEqual([[0, 10_000, 'Một'], [30_000, 60_000, 'Ba']])
  })
  test('those behind the cut of a hard line are not announced, the one in it ends there', () => {
    const made = cues(play(60, { playSamples: samples(35 * RATE), cut: true }), [{ at: 0, image, title: 'Một' }, { at: 30 * RATE, image, title: 'Hai' }, { at: 40 * RATE, image, title: 'Ba' }])
    expect(made.map(({ endAt, title }) => [endAt - NOW, title])).toEqual([[30_000, 'Một'], [35_000, 'Hai']])
  })
  test('longer than a letter may live are sent in pieces that touch', () => {
    const made = cues(play(3600), [{ at: 0, image, title: 'Một giờ' }])
    expect(made.map(({ startAt, endAt }) => [(startAt - NOW) / 60_000, (endAt - NOW) / 60_000])).toEqual([[0, 18], [18, 36], [36, 54], [54, 60]])
    expect(new Set(made.map(({ sid }) => sid)).size).toBe(4)
  })
  test('only those of the asked time', () => {
    const slides = [{ at: 0, image, title: 'Một' }, { at: 600 * RATE, image, title: 'Hai' }]
    expect(cues(play(1200), slides, NOW + 601_000).map(({ title }) => title)).toEqual(['Hai'])
    expect(cues(play(1200), slides, NOW - 60_000, NOW + 60_000).map(({ title }) => title)).toEqual(['Một'])
  })
  test('keep their subject over a restart and a move, and share it with no other', () => {
    const slides = [{ at: 0, image, title: 'Một' }, { at: 10 * RATE, image, title: 'Hai' }]
    const [a, b] = cues(play(60), slides)
    expect(cues(play(60, { startAt: NOW + 5000 }), slides).map(({ sid }) => sid)).toEqual([a?.sid, b?.sid])
    expect(cues(play(60, { lineId: '01K00000000000000000000009' }), slides).map(({ sid }) => sid)).not.toContain(a?.sid)
    expect(subjectOf('x')).toMatch(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/)
  })
})
