import { describe, expect, test } from 'vitest'
import { duckCurve, emptyEdl, envelopeDbAt, voiceActivity } from '#common/edl/index.ts'
import type { Edl, EditContext } from '#common/edl/index.ts'
import { linearGain } from '#common/mix/index.ts'
import { samples } from '#common/units/samples.ts'
import { counterContext } from '../../support/edits.ts'
import { clipsOf, idOf, make, refusal, span } from '../../support/edl-tables.ts'

const s = samples
const SECOND = 48_000
const settings = { reduceDb: 12, attackMs: 200, holdMs: 300, releaseMs: 500 }
const [attack, hold, release] = [9_600, 14_400, 24_000]

/** A voice that speaks 1–2 s and 8–9 s of its 10, over a bed of 30 s. */
function bench(): { context: EditContext; edl: Edl; voice: string; bed: string } {
  const context: EditContext = {
    ...counterContext([{ itemId: 'voice', channels: 1, length: 10 * SECOND }, { itemId: 'music', channels: 2, length: 30 * SECOND }]),
    speech: (source) => (source.itemId === 'voice' ? [span(SECOND, 2 * SECOND), span(8 * SECOND, 9 * SECOND)] : null),
  }
  const lanes = make(context, emptyEdl, { op: 'addLane', name: 'Lời', role: 'voice' }, { op: 'addLane', name: 'Nhạc', role: 'bed' })
  const [voice = '', bed = ''] = lanes.lanes.map((lane) => lane.id)
  const edl = make(
    context, lanes,
    { op: 'insertItem', itemId: 'voice', laneId: voice, at: s(5 * SECOND), mode: 'insert' }, { op: 'insertItem', itemId: 'music', laneId: bed, at: s(0), mode: 'insert' },
    { op: 'setDuck', laneId: bed, duck: { ...settings, voiceLaneIds: [voice], handEdited: false } },
  )
  return { context, edl, voice, bed }
}
const underWords = (...seconds: number[]) => seconds.flatMap((from) => [
  { at: from * SECOND - attack, gainDb: 0 }, { at: from * SECOND, gainDb: -12 }, { at: (from + 1) * SECOND + hold, gainDb: -12 }, { at: (from + 1) * SECOND + hold + release, gainDb: 0 },
])

describe('a bed under a voice', () => {
  test('goes down before the first word, is held after the last and comes up, as an envelope of its clip', () => {
    const { edl } = bench()
    expect(clipsOf(edl, 1)[0]?.envelope).toEqual(underWords(6, 13))
  })

  test('follows the voice within the edit that moves it, and everything goes back in one step', () => {
    const { context, edl, voice } = bench()
    const clipId = idOf(edl, 0)
    const moved = make(context, edl, { op: 'move', clipId, laneId: voice, to: s(10 * SECOND) })
    expect(clipsOf(moved, 1)[0]?.envelope).toEqual(underWords(11, 18))
    const cut = make(context, edl, { op: 'deleteRange', range: span(10 * SECOND, 15 * SECOND), ripple: true, laneIds: [voice] })
    expect(clipsOf(cut, 1)[0]?.envelope).toEqual(underWords(6))
    const muted = make(context, edl, { op: 'setLane', laneId: voice, gainDb: 0, mute: true, solo: false })
    expect(clipsOf(muted, 1)[0]?.envelope).toEqual([])
  })

  test('stays as a hand has drawn it, until it is written anew', () => {
    const { context, edl, voice, bed } = bench()
    const hand = [{ at: s(0), gainDb: -3 }, { at: s(9 * SECOND), gainDb: -9 }]
    const drawn = make(context, edl, { op: 'setEnvelope', clipId: idOf(edl, 0, 1), points: hand })
    expect(drawn.lanes[1]?.duck?.handEdited).toBe(true)
    const moved = make(context, drawn, { op: 'move', clipId: idOf(edl, 0), laneId: voice, to: s(10 * SECOND) })
    expect(clipsOf(moved, 1)[0]?.envelope).toEqual(hand)
    const anew = make(context, moved, { op: 'setDuck', laneId: bed, duck: { ...settings, voiceLaneIds: [voice], handEdited: false } })
    expect(clipsOf(anew, 1)[0]?.envelope).toEqual(underWords(11, 18))
    expect(clipsOf(make(context, anew, { op: 'setDuck', laneId: bed, duck: null }), 1)[0]?.envelope).toEqual([])
    expect(clipsOf(make(context, moved, { op: 'setDuck', laneId: bed, duck: null }), 1)[0]?.envelope).toEqual(hand)
  })

  test('cut into pieces goes down at the same places', () => {
    const { context, edl, bed } = bench()
    const whole = clipsOf(edl, 1)[0]?.envelope ?? []
    const pieces = make(context, edl, { op: 'split', at: s(6 * SECOND - 4_000), laneIds: [bed] }, { op: 'split', at: s(8 * SECOND), laneIds: [bed] })
    expect(clipsOf(pieces, 1)).toHaveLength(3)
    for (const clip of clipsOf(pieces, 1)) for (let at: number = clip.start; at < clip.start + clip.length; at += 1_000) expect(envelopeDbAt(clip.envelope, at - clip.start)).toBeCloseTo(envelopeDbAt(whole, at), 9)
  })

  test('in a window that knows of no speech keeps the envelopes it has', () => {
    const { context, edl, voice } = bench()
    const { speech: _, ...known } = context
    const moved = make(known, edl, { op: 'move', clipId: idOf(edl, 0), laneId: voice, to: s(10 * SECOND) })
    expect(clipsOf(moved, 1)[0]?.envelope).toEqual(underWords(6, 13))
  })

  test('is refused under itself and under a lane that is not there; a removed voice lane leaves it up', () => {
    const { context, edl, voice, bed } = bench()
    const duck = { ...settings, handEdited: false }
    expect(refusal(edl, { op: 'setDuck', laneId: bed, duck: { ...duck, voiceLaneIds: [bed] } }, context)).toBe('no-lane')
    expect(refusal(edl, { op: 'setDuck', laneId: bed, duck: { ...duck, voiceLaneIds: ['?'] } }, context)).toBe('no-lane')
    expect(refusal(edl, { op: 'setDuck', laneId: bed, duck: { ...duck, voiceLaneIds: [voice] } }, context)).toBe('no-change')
    const alone = make(context, edl, { op: 'removeLane', laneId: voice })
    expect(alone.lanes[0]).toMatchObject({ duck: { voiceLaneIds: [] }, clips: [{ envelope: [] }] })
  })
})

describe('the curve', () => {
  test('stays down between words that are closer than it needs to come up', () => {
    const near = attack + hold + release
    expect(duckCurve([span(SECOND, 2 * SECOND), span(2 * SECOND + near, 4 * SECOND)], settings)).toHaveLength(4)
    expect(duckCurve([span(SECOND, 2 * SECOND), span(2 * SECOND + near + 10, 4 * SECOND)], settings)).toHaveLength(8)
  })

  test('climbs strictly also without attack, hold and release, and from before the beginning', () => {
    const sudden = duckCurve([span(0, 100), span(200, 300), span(305, 306)], { reduceDb: 6, attackMs: 0, holdMs: 0, releaseMs: 0 })
    for (let n = 1; n < sudden.length; n++) expect(sudden[n]?.at).toBeGreaterThan(sudden[n - 1]?.at ?? 0)
    expect([-1, 0, 99, 100, 101, 150, 200, 250].map((at) => envelopeDbAt(sudden, at))).toEqual([0, -6, -6, -6, 0, 0, -6, -6])
    const half = envelopeDbAt(duckCurve([span(attack / 2, SECOND)], settings), 0)
    expect(linearGain(half)).toBeCloseTo((1 + linearGain(-12)) / 2, 9)
  })

  test('of a day of talk has no more points than a clip may have', () => {
    const talk = Array.from({ length: 40_000 }, (_, n) => span(n * 2 * SECOND, n * 2 * SECOND + 10_000))
    expect(duckCurve(talk, { ...settings, attackMs: 10, holdMs: 10, releaseMs: 10 }).length).toBeLessThanOrEqual(9_000)
  })

  test('takes from a source only what its clip shows', () => {
    const { edl, context, voice } = bench()
    const cut = make(context, edl, { op: 'trimEdge', clipId: idOf(edl, 0), edge: 'start', to: s(6.5 * SECOND) })
    const { speech } = context
    expect(voiceActivity(cut, [voice], (source) => speech?.(source) ?? null)).toEqual([span(6.5 * SECOND, 7 * SECOND), span(13 * SECOND, 14 * SECOND)])
    expect(voiceActivity(cut, [voice], () => null)).toEqual([span(6.5 * SECOND, 15 * SECOND)])
  })
})
