import { z } from 'zod'
import type { Fade } from '#common/edl/index.ts'
import { MAX_MARKS, oneLine } from '#common/exchange/index.ts'
import type { ExchangeClip, ExchangeTimeline, Mark, TimelineRefusal } from '#common/exchange/index.ts'
import { RATE_HZ, samples } from '#common/units/samples.ts'

/**
 * OpenTimelineIO JSON (Timeline.1, audio tracks, positions at rate 48000), https://opentimelineio.readthedocs.io. A crossfade is a Transition over
 * the middle of the overlap. What OTIO has no word for (gain, fades, envelope, which library item) stands in `metadata.vangxa` and comes back.
 */
const time = (value: number) => ({ OTIO_SCHEMA: 'RationalTime.1', rate: RATE_HZ, value })
const span = (start: number, duration: number) => ({ OTIO_SCHEMA: 'TimeRange.1', start_time: time(start), duration: time(duration) })

export function formatOtio(timeline: ExchangeTimeline): string {
  return `${JSON.stringify({
    OTIO_SCHEMA: 'Timeline.1', name: timeline.title, global_start_time: null, metadata: {},
    tracks: {
      OTIO_SCHEMA: 'Stack.1', name: 'tracks', metadata: {}, effects: [], source_range: null,
      markers: timeline.marks.map((mark) => ({ OTIO_SCHEMA: 'Marker.2', name: mark.label, color: 'GREEN', metadata: {}, marked_range: span(mark.at, mark.length) })),
      children: timeline.lanes.map((lane) => ({
        OTIO_SCHEMA: 'Track.1', kind: 'Audio', name: lane.name, metadata: {}, effects: [], markers: [], source_range: null, children: trackItems(lane.clips),
      })),
    },
  }, null, 2)}\n`
}

function trackItems(clips: readonly ExchangeClip[]): unknown[] {
  const items: unknown[] = []
  let end = 0
  clips.forEach((clip, n) => {
    const next = clips[n + 1]
    const before = clips[n - 1]
    const overlapIn = before === undefined ? 0 : Math.max(0, before.start + before.length - clip.start)
    const overlapOut = next === undefined ? 0 : Math.max(0, clip.start + clip.length - next.start)
    // The cut lies in the middle: the left clip gives up the second half of the overlap, the right one the first.
    const head = overlapIn >> 1
    const tail = overlapOut - (overlapOut >> 1)
    const start = clip.start + head
    if (start > end) items.push({ OTIO_SCHEMA: 'Gap.1', name: '', metadata: {}, effects: [], markers: [], source_range: span(0, start - end) })
    if (overlapIn > 0) items.push({ OTIO_SCHEMA: 'Transition.1', name: '', metadata: {}, transition_type: 'SMPTE_Dissolve', in_offset: time(head), out_offset: time(overlapIn - head) })
    items.push({
      OTIO_SCHEMA: 'Clip.2', name: clip.sound.name, effects: [], markers: [], source_range: span(clip.offset + head, clip.length - head - tail),
      metadata: { vangxa: { itemId: clip.sound.itemId, sha256: clip.sound.sha256, gainDb: clip.gainDb, fadeIn: clip.fadeIn, fadeOut: clip.fadeOut, envelope: clip.envelope } },
      active_media_reference_key: 'DEFAULT_MEDIA',
      media_references: { DEFAULT_MEDIA: { OTIO_SCHEMA: 'ExternalReference.1', name: clip.sound.name, target_url: encodeURIComponent(clip.sound.name), available_range: null, metadata: {} } },
    })
    end = clip.start + clip.length - tail
  })
  return items
}

const RationalTime = z.object({ rate: z.number().positive(), value: z.number() })
const TimeRange = z.object({ start_time: RationalTime, duration: RationalTime })
const FadeWire = z.object({ length: z.number().int().nonnegative().transform(samples), shape: z.enum(['linear', 'equalPower', 'sCurve', 'log']) })
const Own = z.object({
  itemId: z.string().nullable(), sha256: z.string().nullable(), gainDb: z.number().min(-60).max(24), fadeIn: FadeWire, fadeOut: FadeWire,
  envelope: z.array(z.object({ at: z.number().int().nonnegative().transform(samples), gainDb: z.number().min(-60).max(24) })),
})
const Reference = z.looseObject({ name: z.string().nullish(), target_url: z.string().nullish() })
const Item = z.discriminatedUnion('OTIO_SCHEMA', [
  z.looseObject({ OTIO_SCHEMA: z.literal('Gap.1'), source_range: TimeRange }),
  z.looseObject({ OTIO_SCHEMA: z.literal('Transition.1'), in_offset: RationalTime, out_offset: RationalTime }),
  z.looseObject({
    OTIO_SCHEMA: z.enum(['Clip.1', 'Clip.2']), name: z.string().nullish(), source_range: TimeRange.nullable(), metadata: z.looseObject({ vangxa: Own.optional() }).nullish(),
    media_reference: Reference.nullish(), media_references: z.record(z.string(), Reference).nullish(), active_media_reference_key: z.string().nullish(),
  }),
])
const Track = z.looseObject({ OTIO_SCHEMA: z.literal('Track.1'), kind: z.string(), name: z.string().nullish(), children: z.array(Item).max(20_000) })
const Marker = z.looseObject({ name: z.string().nullish(), marked_range: TimeRange })
const Timeline = z.looseObject({
  OTIO_SCHEMA: z.literal('Timeline.1'), name: z.string().nullish(),
  tracks: z.looseObject({ children: z.array(z.unknown()).max(64), markers: z.array(Marker).nullish() }),
})
type Item = z.infer<typeof Item>

const at48k = ({ rate, value }: z.infer<typeof RationalTime>): number => Math.max(0, Math.round((value / rate) * RATE_HZ))
const noFade: Fade = { length: samples(0), shape: 'linear' }

export function parseOtio(text: string): ExchangeTimeline | TimelineRefusal {
  let value: unknown
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    return { refused: 'not-this-format', line: 1 }
  }
  const timeline = Timeline.safeParse(value)
  if (!timeline.success) return { refused: 'not-this-format', line: 1 }
  const marks: Mark[] = (timeline.data.tracks.markers ?? []).map((marker) => ({
    at: samples(at48k(marker.marked_range.start_time)), length: samples(at48k(marker.marked_range.duration)), label: oneLine(marker.name ?? ''),
  }))
  if (marks.length > MAX_MARKS) return { refused: 'too-many', line: 1 }
  const lanes: { name: string; clips: ExchangeClip[] }[] = []
  for (const child of timeline.data.tracks.children) {
    const track = Track.safeParse(child)
    // Pictures have no place here; an audio track that cannot be read must not vanish silently.
    if (typeof child === 'object' && child !== null && Reflect.get(child, 'kind') === 'Video') continue
    if (!track.success) return { refused: 'bad-line', line: 1 }
    lanes.push({ name: oneLine(track.data.name ?? ''), clips: clipsOf(track.data.children) })
  }
  if (lanes.every((lane) => lane.clips.length === 0)) return { refused: 'empty', line: 1 }
  return { title: oneLine(timeline.data.name ?? ''), lanes, marks }
}

function clipsOf(items: readonly Item[]): ExchangeClip[] {
  const clips: ExchangeClip[] = []
  let cut = 0
  items.forEach((item, n) => {
    if (item.OTIO_SCHEMA === 'Transition.1') return
    if (item.OTIO_SCHEMA === 'Gap.1') {
      cut += at48k(item.source_range.duration)
      return
    }
    if (item.source_range === null) return
    const before = items[n - 1]
    const after = items[n + 1]
    const head = before?.OTIO_SCHEMA === 'Transition.1' ? before : null
    const tail = after?.OTIO_SCHEMA === 'Transition.1' ? after : null
    const from = head === null ? 0 : at48k(head.in_offset)
    const past = tail === null ? 0 : at48k(tail.out_offset)
    const own = item.metadata?.vangxa
    const body = at48k(item.source_range.duration)
    const overlapIn = head === null ? 0 : from + at48k(head.out_offset)
    const overlapOut = tail === null ? 0 : at48k(tail.in_offset) + past
    clips.push({
      sound: { itemId: own?.itemId ?? null, sha256: own?.sha256 ?? null, name: nameOf(item) },
      start: samples(cut - from), offset: samples(Math.max(0, at48k(item.source_range.start_time) - from)), length: samples(body + from + past),
      gainDb: own?.gainDb ?? 0, envelope: own?.envelope ?? [],
      fadeIn: overlapIn > 0 ? { length: samples(overlapIn), shape: own?.fadeIn.shape ?? 'equalPower' } : (own?.fadeIn ?? noFade),
      fadeOut: overlapOut > 0 ? { length: samples(overlapOut), shape: own?.fadeOut.shape ?? 'equalPower' } : (own?.fadeOut ?? noFade),
    })
    cut += body
  })
  return clips
}

function nameOf(item: Extract<Item, { OTIO_SCHEMA: 'Clip.1' | 'Clip.2' }>): string {
  const reference = item.media_reference ?? item.media_references?.[item.active_media_reference_key ?? 'DEFAULT_MEDIA']
  const url = reference?.target_url ?? ''
  const file = url.slice(Math.max(url.lastIndexOf('/'), url.lastIndexOf('\\')) + 1)
  let name = file
  try {
    name = decodeURIComponent(file)
  } catch {
    // A name with a bare % stays as it is.
  }
  return oneLine(item.name ?? reference?.name ?? name)
}
