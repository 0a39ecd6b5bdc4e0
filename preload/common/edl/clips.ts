import type { Samples } from '../units/samples.ts'
import { MIN_ENVELOPE_DB, sameEnvelope } from './envelope.ts'
import type { Draft, EditError } from './draft.ts'
import { refuse } from './draft.ts'
import { edgesRefused, fitFades, rejoin } from './joints.ts'
import { laneFacts } from './patches.ts'
import { areJoined, recut, withFade } from './slice.ts'
import type { Clip, ClipLoudness, EnvelopePoint, Fade, Lane } from './types.ts'
import { clipEnd } from './types.ts'

/** Edits of single clips where they lie. */
export interface Place {
  readonly lane: Lane
  readonly index: number
  readonly clip: Clip
}

export function findClip(draft: Draft, clipId: string): Place | null {
  for (const lane of draft.edl.lanes) {
    const index = lane.clips.findIndex((clip) => clip.id === clipId)
    const clip = lane.clips[index]
    if (clip !== undefined) return { lane, index, clip }
  }
  return null
}

export function changeClip(draft: Draft, place: Place, next: Clip): null {
  draft.replaceClips(place.lane.id, place.index, [place.clip], [next])
  return null
}

/** Gives a clip another edge. In a crossfade the overlap grows or shrinks with it; elsewhere a neighbour is in the way, or becomes the other half of one. */
export function trimEdge(draft: Draft, clipId: string, edge: 'start' | 'end', to: Samples, over: 'refuse' | 'crossfade'): EditError | null {
  const place = findClip(draft, clipId)
  if (place === null) return refuse('no-clip')
  const { clip, lane, index } = place
  const start = edge === 'start' ? to : clip.start
  const end = edge === 'end' ? to : clipEnd(clip)
  if (start === clip.start && end === clipEnd(clip)) return refuse('no-change')
  const before = lane.clips[index - 1]
  const after = lane.clips[index + 1]
  if (edge === 'end' && after !== undefined && areJoined(clip, after)) return rejoin(draft, lane, index, { leftEnd: end, rightStart: after.start, outShape: clip.fadeOut.shape, inShape: after.fadeIn.shape })
  if (edge === 'start' && before !== undefined && areJoined(before, clip)) return rejoin(draft, lane, index - 1, { leftEnd: clipEnd(before), rightStart: start, outShape: before.fadeOut.shape, inShape: clip.fadeIn.shape })
  const wrong = edgesRefused(draft, clip, start, end)
  if (wrong !== null) return wrong
  const even = { outShape: 'equalPower', inShape: 'equalPower' } as const
  if (edge === 'start' && before !== undefined && clipEnd(before) > start) return over === 'refuse' ? refuse('overlap') : rejoin(draft, lane, index - 1, { leftEnd: clipEnd(before), rightStart: start, ...even })
  if (edge === 'end' && after !== undefined && after.start < end) return over === 'refuse' ? refuse('overlap') : rejoin(draft, lane, index, { leftEnd: end, rightStart: after.start, ...even })
  const cut = recut(clip, start, end, draft.lengthOf)
  // The fade at the edge that moved gives way first.
  const next = edge === 'start'
    ? fitFades({ ...cut, fadeIn: withFade(cut.fadeIn, Math.min(cut.fadeIn.length, Math.max(0, cut.length - cut.fadeOut.length))) }, { in: false, out: areJoined(clip, after) })
    : fitFades(cut, { in: areJoined(before, clip), out: false })
  return next === null ? refuse('too-short') : changeClip(draft, place, next)
}

export function setGain(draft: Draft, clipId: string, gainDb: number): EditError | null {
  const place = findClip(draft, clipId)
  if (place === null) return refuse('no-clip')
  return place.clip.gainDb === gainDb ? refuse('no-change') : changeClip(draft, place, { ...place.clip, gainDb })
}

/** A fade at the edge of a crossfade is the crossfade: the clip on the other side begins or ends accordingly. */
export function setFade(draft: Draft, clipId: string, edge: 'in' | 'out', fade: Fade): EditError | null {
  const place = findClip(draft, clipId)
  if (place === null) return refuse('no-clip')
  const { clip, lane, index } = place
  const old = edge === 'in' ? clip.fadeIn : clip.fadeOut
  const other = edge === 'in' ? clip.fadeOut : clip.fadeIn
  if (fade.length === old.length && fade.shape === old.shape) return refuse('no-change')
  const before = lane.clips[index - 1]
  const shapes = { outShape: fade.shape, inShape: fade.shape }
  if (edge === 'out' && areJoined(clip, lane.clips[index + 1])) return rejoin(draft, lane, index, { leftEnd: clipEnd(clip), rightStart: clipEnd(clip) - fade.length, ...shapes })
  if (edge === 'in' && areJoined(before, clip)) return rejoin(draft, lane, index - 1, { leftEnd: clip.start + fade.length, rightStart: clip.start, ...shapes })
  if (fade.length + other.length > clip.length) return refuse('fade-too-long')
  return changeClip(draft, place, edge === 'in' ? { ...clip, fadeIn: fade } : { ...clip, fadeOut: fade })
}

/** On a lane that goes down under speech this is a hand's doing: from now on the envelope stays as it is. */
export function setEnvelope(draft: Draft, clipId: string, points: readonly EnvelopePoint[]): EditError | null {
  const place = findClip(draft, clipId)
  if (place === null) return refuse('no-clip')
  const { clip, lane } = place
  const climbs = points.every((point, n) => point.at > (points[n - 1]?.at ?? -1) && point.at <= clip.length && point.gainDb >= MIN_ENVELOPE_DB)
  if (!climbs) return refuse('outside-clip')
  if (sameEnvelope(points, clip.envelope)) return refuse('no-change')
  changeClip(draft, place, { ...clip, envelope: points })
  if (lane.duck !== null && !lane.duck.handEdited) {
    const facts = laneFacts(lane)
    draft.push({ kind: 'lane', laneId: lane.id, before: facts, after: { ...facts, duck: { ...lane.duck, handEdited: true } } })
  }
  return null
}

/** The gain that brings a clip to a standard, with what was measured, so that levelling again needs no new measurement. */
export function level(draft: Draft, clipId: string, gainDb: number, loudness: ClipLoudness | null): EditError | null {
  const place = findClip(draft, clipId)
  if (place === null) return refuse('no-clip')
  const { clip } = place
  const isKnown = loudness === clip.loudness || (loudness !== null && clip.loudness !== null && loudness.integratedLufs === clip.loudness.integratedLufs
    && loudness.rangeLu === clip.loudness.rangeLu && loudness.truePeakDbtp === clip.loudness.truePeakDbtp)
  return clip.gainDb === gainDb && isKnown ? refuse('no-change') : changeClip(draft, place, { ...clip, gainDb, loudness })
}

/** Another take in the place of a clip; the one that sounded becomes the alternative. */
export function useAlternative(draft: Draft, clipId: string, index: number): EditError | null {
  const place = findClip(draft, clipId)
  if (place === null) return refuse('no-clip')
  const { clip } = place
  const chosen = clip.alternatives[index]
  if (chosen === undefined) return refuse('no-alternative')
  const title = draft.edl.sources.find((source) => source.id === clip.sourceId)?.title ?? ''
  const alternatives = clip.alternatives.with(index, { sourceId: clip.sourceId, offset: clip.offset, title: title.slice(0, 200) })
  return changeClip(draft, place, { ...clip, sourceId: chosen.sourceId, offset: chosen.offset, alternatives, loudness: null, original: null })
}
