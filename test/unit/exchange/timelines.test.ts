import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { edit, emptyEdl, violations } from '#common/edl/index.ts'
import type { Edl } from '#common/edl/index.ts'
import { CMX_FRAME_SAMPLES, formatCmx3600, fromExchange, parseCmx3600, toExchange } from '#common/exchange/index.ts'
import type { ExchangeTimeline, FoundSound } from '#common/exchange/index.ts'
import { samples } from '#common/units/samples.ts'
import { formatOtio, parseOtio } from '#contract/otio.ts'
import { aim, counterContext, shelf, wishes } from '../../support/edits.ts'

const find = ({ itemId, name }: { itemId: string | null; name: string }): FoundSound | null => {
  const item = shelf.find((one) => one.itemId === itemId || `Bài ${one.itemId}` === name)
  return item === undefined ? null : { itemId: item.itemId, title: `Bài ${item.itemId}`, sha256: item.itemId.padEnd(64, '0'), channels: item.channels, length: samples(item.length) }
}
function edited(run: readonly Parameters<typeof aim>[0][]): Edl {
  const context = counterContext()
  let edl = emptyEdl
  for (const command of [{ op: 'addLane', name: 'Lời' }, { op: 'addLane', name: 'Nhạc' }] as const) {
    const made = edit(edl, command, context)
    if (!('refused' in made)) edl = made.edl
  }
  for (const wish of run) {
    const made = edit(edl, aim(wish, edl), context)
    if (!('refused' in made)) edl = made.edl
  }
  return edl
}
const counted = () => {
  let n = 0
  return () => `n${++n}`
}
const heard = (edl: Edl): unknown => edl.lanes.map((lane) => ({
  name: lane.name, clips: lane.clips.map(({ start, offset, length, gainDb, fadeIn, fadeOut, envelope, sourceId }) => ({
    start, offset, length, gainDb, fadeIn, fadeOut, envelope, item: edl.sources.find((source) => source.id === sourceId)?.itemId,
  })),
}))

describe('OpenTimelineIO', () => {
  test('brings back what sounds, to the sample, after any run of edits', () => {
    fc.assert(fc.property(fc.array(wishes, { minLength: 4, maxLength: 25 }), (run) => {
      const edl = edited(run)
      const back = parseOtio(formatOtio(toExchange('Bản tin', edl)))
      if ('refused' in back) {
        expect([back.refused, edl.lanes.flatMap((lane) => lane.clips)]).toEqual(['empty', []])
        return
      }
      const again = fromExchange(back, find, counted(), emptyEdl)
      if ('refused' in again) throw new Error(again.refused)
      expect(heard(again)).toEqual(heard(edl))
      expect(again.markers.map(({ at, length, label }) => ({ at, length, label }))).toEqual(edl.markers.map(({ at, length, label }) => ({ at, length, label: label.trim() })))
      expect(violations(again)).toEqual([])
    }), { numRuns: 60 })
  })

  const none = { length: samples(0), shape: 'linear' } as const
  const clip = (itemId: string, start: number, offset: number, length: number) => ({
    sound: { itemId, sha256: itemId.padEnd(64, '0'), name: `Bài ${itemId}` }, start: samples(start), offset: samples(offset), length: samples(length), gainDb: 0, fadeIn: none, fadeOut: none, envelope: [],
  })
  const crossed: ExchangeTimeline = {
    title: 'Chuyển', marks: [],
    lanes: [{ name: 'Lời', clips: [{ ...clip('a', 100, 0, 1_001), fadeOut: { length: samples(301), shape: 'equalPower' } }, { ...clip('b', 800, 50, 2_000), fadeIn: { length: samples(301), shape: 'equalPower' } }] }],
  }
  test('says a crossfade as a transition over the cut', () => {
    expect(formatOtio(crossed)).toContain('SMPTE_Dissolve')
    expect(parseOtio(formatOtio(crossed))).toEqual(crossed)
  })
  test('of another program is found by the names of its files; pictures are left out', () => {
    const time = (value: number) => ({ OTIO_SCHEMA: 'RationalTime.1', rate: 25, value })
    const text = JSON.stringify({
      OTIO_SCHEMA: 'Timeline.1', name: 'Phim', tracks: { OTIO_SCHEMA: 'Stack.1', children: [
        { OTIO_SCHEMA: 'Track.1', kind: 'Video', children: [] },
        { OTIO_SCHEMA: 'Track.1', kind: 'Audio', name: 'A1', children: [
          { OTIO_SCHEMA: 'Gap.1', source_range: { OTIO_SCHEMA: 'TimeRange.1', start_time: time(0), duration: time(25) } },
          { OTIO_SCHEMA: 'Clip.1', name: null, source_range: { start_time: time(1), duration: time(2) }, media_reference: { OTIO_SCHEMA: 'ExternalReference.1', target_url: 'file:///sound/B%C3%A0i%20b' } },
        ] },
      ] },
    })
    const timeline = parseOtio(text)
    if ('refused' in timeline) throw new Error(timeline.refused)
    const edl = fromExchange(timeline, find, counted(), emptyEdl)
    expect(edl).toMatchObject({ lanes: [{ name: 'A1', clips: [{ start: 48_000, offset: 1_920, length: 3_840 }] }] })
  })
  test('is refused when it is none, when a sound is not in the library, and when clips lie over each other', () => {
    for (const text of ['', '{', '[]', '{"OTIO_SCHEMA":"Timeline.1"}', '{"OTIO_SCHEMA":"Clip.1"}']) expect(parseOtio(text)).toMatchObject({ refused: 'not-this-format' })
    expect(fromExchange({ title: '', marks: [], lanes: [{ name: '', clips: [clip('lạ', 0, 0, 5)] }] }, find, counted(), emptyEdl)).toEqual({ refused: 'unknown-sound', names: ['Bài lạ'] })
    expect(fromExchange({ title: '', marks: [], lanes: [{ name: '', clips: [clip('a', 0, 0, 50), clip('b', 20, 0, 50)] }] }, find, counted(), emptyEdl)).toEqual({ refused: 'not-possible' })
  })
})

describe('a CMX 3600 list', () => {
  test('says each clip in frames, with the name of its sound', () => {
    const edl = edited([])
    const lane = edl.lanes[0]?.id ?? ''
    const made = edit(edl, { op: 'insertItem', itemId: 'b', laneId: lane, at: samples(CMX_FRAME_SAMPLES * 25), mode: 'insert' }, counterContext())
    if ('refused' in made) throw new Error(made.refused)
    expect(formatCmx3600(toExchange('Bản tin', made.edl))).toBe('TITLE: Bản tin\r\nFCM: NON-DROP FRAME\r\n\r\n001  AX       A     C        00:00:00:00 00:00:00:06 00:00:01:00 00:00:01:06\r\n* FROM CLIP NAME: Bài b\r\n')
  })
  test('comes back within a frame', () => {
    fc.assert(fc.property(fc.array(wishes, { minLength: 3, maxLength: 15 }), (run) => {
      const timeline = toExchange('x', edited(run))
      const clips = timeline.lanes[0]?.clips ?? []
      const back = parseCmx3600(formatCmx3600(timeline))
      if ('refused' in back) {
        expect(clips).toEqual([])
        return
      }
      back.lanes[0]?.clips.forEach((one, n) => {
        expect(Math.abs(one.start - (clips[n]?.start ?? 0))).toBeLessThanOrEqual(CMX_FRAME_SAMPLES)
        expect(one.sound.name).toBe(clips[n]?.sound.name)
      })
    }), { numRuns: 40 })
  })
  test('is refused with the line that is wrong', () => {
    expect(parseCmx3600('xin chào')).toMatchObject({ refused: 'not-this-format' })
    expect(parseCmx3600('TITLE: a\n001 AX A C 00:00:00:00 00:00:01:00 00:00:00:00')).toMatchObject({ refused: 'bad-line', line: 2 })
    expect(parseCmx3600('TITLE: a\n')).toMatchObject({ refused: 'empty' })
  })
})
