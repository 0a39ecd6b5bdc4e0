import { edlLength } from '../edl/types.ts'
import type { Edl } from '../edl/types.ts'
import { samples } from '../units/samples.ts'
import type { Samples } from '../units/samples.ts'

/** A picture of the boards and when it comes, from the first sample of the sound. Null = nothing of its own from here on. */
export interface SlideAt {
  readonly at: Samples
  readonly image: string | null
  readonly title: string
}

/** Slides in order, one at a place (the later one of a list counts), none behind the end of the sound. */
export function slidesOf(edl: Edl): SlideAt[] {
  const length = edlLength(edl)
  const byPlace = new Map<number, SlideAt>()
  for (const { kind, at, slideId, label } of edl.markers) if (kind === 'slide' && at < length) byPlace.set(at, { at, image: slideId, title: label })
  const slides = [...byPlace.values()].sort((a, b) => a.at - b.at)
  return slides.some(({ image }) => image !== null) ? slides.filter(({ image, title }, index) => index === 0 || image !== slides[index - 1]?.image || title !== slides[index - 1]?.title) : []
}

export function chaptersOf(edl: Edl): { id: string; at: Samples; title: string }[] {
  return edl.markers.filter(({ kind }) => kind === 'chapter').map(({ id, at, label }) => ({ id, at, title: label })).sort((a, b) => a.at - b.at)
}

/** Where a stretch of a source stands in a list: enough to find words again after edits. */
export interface Placed {
  readonly start: number
  readonly length: number
  readonly offset: number
  readonly sha256: string
}
/** Words in the sound itself: they keep this whatever happens to the list. */
export interface Anchor {
  readonly sha256: string
  readonly offset: number
}

/** All clips by start, those of voice lanes before others: a remark is about what is said. */
export function placedOf(edl: Edl): Placed[] {
  const shas = new Map(edl.sources.map(({ id, sha256 }) => [id, sha256]))
  const lanes = [...edl.lanes].sort((a, b) => Number(b.role === 'voice') - Number(a.role === 'voice'))
  return lanes.flatMap(({ clips }) => clips.map(({ start, length, offset, sourceId }) => ({ start, length, offset, sha256: shas.get(sourceId) ?? '' })))
}

export function anchorAt(placed: readonly Placed[], at: number): Anchor | null {
  const under = placed.find(({ start, length }) => at >= start && at < start + length)
  return under === undefined ? null : { sha256: under.sha256, offset: under.offset + at - under.start }
}

/** Where the words of an anchor are now, nearest to where they were; null when they have been cut out. */
export function placeOf(placed: readonly Placed[], anchor: Anchor, was: number): Samples | null {
  let best: number | null = null
  for (const one of placed) {
    const into = anchor.offset - one.offset
    if (one.sha256 !== anchor.sha256 || into < 0 || into >= one.length) continue
    const at = one.start + into
    if (best === null || Math.abs(at - was) < Math.abs(best - was)) best = at
  }
  return best === null ? null : samples(best)
}
