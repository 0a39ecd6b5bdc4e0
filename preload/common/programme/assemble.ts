import { emptyEdl, plainClip } from '../edl/types.ts'
import type { Clip, ClipLoudness, Duck, Edl, Fade, Lane, Marker, Source } from '../edl/types.ts'
import { samples, samplesFromMs } from '../units/samples.ts'
import type { Samples } from '../units/samples.ts'
import { bedClips } from './bed.ts'
import type { BedFacts } from './bed.ts'
import { sumOf } from './sum.ts'
import type { Sum, TemplateFacts } from './sum.ts'

/** A sound as the edit list needs it. `gainDb` brings it to the level of the station: stories are equally loud by construction. */
export interface SoundFacts {
  readonly itemId: string
  readonly title: string
  readonly sha256: string
  readonly channels: number
  readonly length: Samples
  readonly gainDb: number
  readonly loudness: ClipLoudness | null
}
export interface AssembleStory {
  readonly id: string
  readonly title: string
  readonly script: string
  readonly sounds: readonly SoundFacts[]
  readonly image: string | null
}
export interface AssembleInput {
  readonly stories: readonly AssembleStory[]
  readonly template: TemplateFacts & { readonly duck: Pick<Duck, 'reduceDb' | 'attackMs' | 'holdMs' | 'releaseMs'> }
  readonly intro: SoundFacts | null
  readonly jingle: SoundFacts | null
  readonly outro: SoundFacts | null
  readonly bed: (SoundFacts & Omit<BedFacts, 'sourceId' | 'length' | 'gainDb'>) | null
  readonly slot: { readonly startsAtSec: number | null; readonly length: Samples | null }
  readonly newId: () => string
}

const NONE: Fade = { length: samples(0), shape: 'equalPower' }
const MAX_LABEL = 200

/**
 * A bulletin as an edit list: a lane of voice, a lane of music between, a bed told to go down under the voice (where exactly, the editor finds in
 * the sound). Chapters carry the id of their
 * story, so that a text finds its place again after any edit; slides stand at the first sample of their story.
 */
export function assemble(input: AssembleInput): { readonly edl: Edl; readonly sum: Sum } {
  const { stories, template, intro, jingle, outro, bed, newId } = input
  const sum = sumOf(stories.map(({ script, sounds }) => ({ script, sounds: sounds.map(({ length }) => ({ lengthSamples: length })) })), template, { intro: intro?.length ?? 0, jingle: jingle?.length ?? 0, outro: outro?.length ?? 0 })
  const sources = new Map<string, Source>()
  const sourceOf = (sound: SoundFacts): string => {
    const known = sources.get(sound.itemId)
    if (known !== undefined) return known.id
    const { itemId, title, sha256, channels, length } = sound
    const made: Source = { id: newId(), itemId, title, sha256, channels, length }
    sources.set(itemId, made)
    return made.id
  }
  const clip = (sound: SoundFacts, start: number, fades: { fadeIn?: number; fadeOut?: number } = {}): Clip => ({
    ...plainClip, id: newId(), sourceId: sourceOf(sound), start: samples(start), offset: samples(0), length: sound.length, gainDb: sound.gainDb, loudness: sound.loudness,
    fadeIn: { ...NONE, length: samples(Math.min(fades.fadeIn ?? 0, sound.length)) }, fadeOut: { ...NONE, length: samples(Math.min(fades.fadeOut ?? 0, sound.length)) },
  })

  const voice = stories.flatMap(({ sounds }, index) => {
    let at: number = sum.starts[index] ?? 0
    return sounds.map((sound) => {
      const made = clip(sound, at)
      at += sound.length
      return made
    })
  })
  const between: Clip[] = []
  if (intro !== null) between.push(clip(intro, sum.introAt, { fadeOut: samplesFromMs(template.introOverlapMs) }))
  if (jingle !== null) for (const at of sum.jinglesAt) between.push(clip(jingle, at))
  if (outro !== null) between.push(clip(outro, sum.outroAt, { fadeIn: samplesFromMs(template.outroOverlapMs) }))

  const lane = (name: string, role: Lane['role'], clips: readonly Clip[], duck: Lane['duck'] = null): Lane => ({ id: newId(), name, clips, gainDb: 0, mute: false, solo: false, role, duck })
  const voiceLane = lane('Lời', 'voice', voice)
  const lanes = [voiceLane, lane('Nhạc hiệu', 'other', notOverlapping(between))]
  if (bed !== null && sum.bodyEnd > sum.bodyStart) {
    const clips = bedClips({ start: sum.bodyStart, end: sum.bodyEnd }, { ...bed, sourceId: sourceOf(bed) }, newId)
    lanes.push(lane('Nhạc nền', 'bed', clips, { voiceLaneIds: [voiceLane.id], ...template.duck, handEdited: false }))
  }
  return { edl: { ...emptyEdl, sources: [...sources.values()], lanes, markers: markersOf(input, sum), slot: input.slot }, sum }
}

function markersOf({ stories, newId }: AssembleInput, sum: Sum): Marker[] {
  const pictures = stories.some(({ image }) => image !== null)
  const markers = stories.flatMap(({ id, title, image }, index): Marker[] => {
    const at = sum.starts[index] ?? samples(0)
    const label = title.slice(0, MAX_LABEL)
    const chapter: Marker = { id, at, length: sum.stories[index]?.lengthSamples ?? samples(0), label, kind: 'chapter', slideId: null }
    return pictures ? [chapter, { id: newId(), at, length: samples(0), label, kind: 'slide', slideId: image }] : [chapter]
  })
  // The last picture goes with the last words, not with the music after them.
  if (stories.at(-1)?.image != null) markers.push({ id: newId(), at: sum.bodyEnd, length: samples(0), label: '', kind: 'slide', slideId: null })
  return markers
}

/** An intro that is all overlap, or an outro longer than the only story, may reach over its neighbour on the lane: the neighbour is shortened. */
function notOverlapping(clips: readonly Clip[]): Clip[] {
  return clips.flatMap((one, index) => {
    const next = clips[index + 1]
    const room = next === undefined ? one.length : Math.min(one.length, next.start - one.start)
    if (room <= 0) return []
    if (room === one.length) return [one]
    const fadeOut = samples(Math.min(one.fadeOut.length, room))
    return [{ ...one, length: samples(room), loudness: null, fadeOut: { ...one.fadeOut, length: fadeOut }, fadeIn: { ...one.fadeIn, length: samples(Math.min(one.fadeIn.length, room - fadeOut)) } }]
  })
}
