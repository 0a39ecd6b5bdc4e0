import { samples } from '../units/samples.ts'
import type { Samples } from '../units/samples.ts'
import { findClip } from './clips.ts'
import type { Place } from './clips.ts'
import type { EditContext } from './commands.ts'
import type { Draft, EditError } from './draft.ts'
import { MAX_TIMELINE, refuse, shiftClips } from './draft.ts'
import { stretchEnvelope } from './envelope.ts'
import { fitFades } from './joints.ts'
import { carryMarkers } from './markers.ts'
import { sourceOf } from './put.ts'
import { areJoined } from './slice.ts'
import type { Clip, ClipOrigin } from './types.ts'
import { clipEnd } from './types.ts'

/** Other sound in the place of a clip: cleaned or stretched by a job, and back. */
export function replaceClip(draft: Draft, clipId: string, itemId: string, offset: Samples, length: Samples, context: EditContext): EditError | null {
  const place = findClip(draft, clipId)
  if (place === null) return refuse('no-clip')
  const facts = context.item(itemId)
  if (facts === null) return refuse('no-item')
  if (length <= 0) return refuse('too-short')
  if (offset + length > facts.length) return refuse('outside-source')
  const { clip } = place
  const { edl, patches } = draft
  const count = patches.length
  const source = sourceOf(draft, facts, context)
  // What was made of something made leads back to the beginning.
  const original = clip.original ?? { sourceId: clip.sourceId, offset: clip.offset, length: clip.length }
  const wrong = put(draft, place, { sourceId: source.id, offset, length }, original)
  if (wrong !== null) draft.rewind(edl, count)
  return wrong
}

export function revertClip(draft: Draft, clipId: string): EditError | null {
  const place = findClip(draft, clipId)
  if (place === null) return refuse('no-clip')
  return place.clip.original === null ? refuse('no-original') : put(draft, place, place.clip.original, null)
}

/** The clip keeps its place and its crossfades; another length moves what follows on its lane, and markers with it. */
function put(draft: Draft, { lane, index, clip }: Place, sound: ClipOrigin, original: ClipOrigin | null): EditError | null {
  const { length } = sound
  const by = length - clip.length
  const last = lane.clips.at(-1)
  if (last !== undefined && clipEnd(last) + by > MAX_TIMELINE) return refuse('too-far')
  const alternatives = clip.alternatives.filter((other) => other.offset + length <= draft.lengthOf(other.sourceId))
  const whole: Clip = { ...clip, ...sound, envelope: by === 0 ? clip.envelope : stretchEnvelope(clip.envelope, clip.length, length), loudness: null, alternatives, original }
  const next = fitFades(whole, { in: areJoined(lane.clips[index - 1], clip), out: areJoined(clip, lane.clips[index + 1]) })
  if (next === null) return refuse('fade-too-long')
  draft.replaceClips(lane.id, index, [clip], [next])
  if (by === 0) return null
  shiftClips(draft, lane.id, index + 1, by)
  carryMarkers(draft, (at) => {
    if (at <= clip.start) return at
    return at >= clipEnd(clip) ? at + by : clip.start + Math.round(((at - clip.start) / clip.length) * length)
  })
  return null
}

/** Samples of a replaced clip that stand for a place of what it was made from, and the other way round: for views that compare both. */
export function originPlace(clip: Clip, at: number): Samples | null {
  const { original } = clip
  return original === null ? null : samples(original.offset + Math.round(((at - clip.start) / clip.length) * original.length))
}
