import type { Clip, Edl, Fade, Source } from '../edl/index.ts'
import { clipEnd, plainClip } from '../edl/index.ts'
import type { Samples } from '../units/samples.ts'
import { samples } from '../units/samples.ts'
import type { Mark, MarksRefusal } from './marks.ts'

/** How a clip names its sound outside of our library. */
export interface SoundReference {
  /** Library item and content, when the file was written by this program. */
  readonly itemId: string | null
  readonly sha256: string | null
  /** Title or file name. */
  readonly name: string
}
export interface ExchangeClip {
  readonly sound: SoundReference
  readonly start: Samples
  readonly offset: Samples
  readonly length: Samples
  readonly gainDb: number
  readonly fadeIn: Fade
  readonly fadeOut: Fade
  readonly envelope: Clip['envelope']
}
/** An arrangement on its way between programs: what all the forms can say, at the precision each of them has. */
export interface ExchangeTimeline {
  readonly title: string
  readonly lanes: readonly { readonly name: string; readonly clips: readonly ExchangeClip[] }[]
  readonly marks: readonly Mark[]
}
export type TimelineRefusal = MarksRefusal | { readonly refused: 'unknown-sound'; readonly names: readonly string[] } | { readonly refused: 'not-possible' }

export function toExchange(title: string, edl: Edl): ExchangeTimeline {
  const sources = new Map(edl.sources.map((source) => [source.id, source]))
  return {
    title,
    lanes: edl.lanes.map((lane) => ({ name: lane.name, clips: lane.clips.flatMap((clip) => exchangeClip(clip, sources.get(clip.sourceId))) })),
    marks: edl.markers.map(({ at, length, label }) => ({ at, length, label })),
  }
}

function exchangeClip(clip: Clip, source: Source | undefined): ExchangeClip[] {
  if (source === undefined) return []
  const { start, offset, length, gainDb, fadeIn, fadeOut, envelope } = clip
  return [{ sound: { itemId: source.itemId, sha256: source.sha256, name: source.title }, start, offset, length, gainDb, fadeIn, fadeOut, envelope }]
}

export interface FoundSound {
  readonly itemId: string
  readonly title: string
  readonly sha256: string
  readonly channels: number
  readonly length: Samples
}

/**
 * The edit list of an arrangement. `find` gives the sound a reference means, or null. Lengths past the end of a sound are cut off there; clips that
 * would lie over each other without a crossfade are `not-possible`.
 */
export function fromExchange(timeline: ExchangeTimeline, find: (sound: SoundReference) => FoundSound | null, newId: () => string, empty: Edl): Edl | TimelineRefusal {
  const sources = new Map<string, Source>()
  const missing = new Set<string>()
  const lanes = timeline.lanes.map((lane) => {
    const clips = lane.clips.flatMap((wish) => {
      const found = find(wish.sound)
      if (found === null) {
        missing.add(wish.sound.name)
        return []
      }
      const source = sources.get(found.itemId) ?? { ...found, id: newId() }
      sources.set(found.itemId, source)
      return clipOf(wish, source, newId())
    })
    return { id: newId(), name: lane.name.slice(0, 80), clips: clips.toSorted((a, b) => a.start - b.start), gainDb: 0, mute: false, solo: false, role: 'other', duck: null } as const
  })
  if (missing.size > 0) return { refused: 'unknown-sound', names: [...missing] }
  const isLaidOver = lanes.some((lane) => lane.clips.some((clip, n) => {
    const before = lane.clips[n - 1]
    const overlap = before === undefined ? 0 : clipEnd(before) - clip.start
    return overlap > 0 && (before?.fadeOut.length !== overlap || clip.fadeIn.length !== overlap)
  }))
  if (isLaidOver) return { refused: 'not-possible' }
  const markers = timeline.marks.map((mark) => ({ ...mark, id: newId(), kind: 'marker', slideId: null } as const)).toSorted((a, b) => a.at - b.at)
  return { ...empty, sources: [...sources.values()], lanes, markers }
}

function clipOf(wish: ExchangeClip, source: Source, id: string): Clip[] {
  const length = Math.min(wish.length, source.length - wish.offset)
  if (length <= 0) return []
  const { loudness, alternatives, original } = plainClip
  const fadeIn = fit(wish.fadeIn, length)
  return [{
    id, sourceId: source.id, start: wish.start, offset: wish.offset, length: samples(length), gainDb: wish.gainDb, fadeIn, fadeOut: fit(wish.fadeOut, length - fadeIn.length),
    envelope: wish.envelope.filter((point) => point.at <= length), loudness, alternatives, original,
  }]
}

const fit = (fade: Fade, room: number): Fade => (fade.length <= room ? fade : { ...fade, length: samples(room) })
