import { samples } from '../units/samples.ts'
import type { Draft } from './draft.ts'
import type { Patch } from './patches.ts'
import type { Edl, Marker, Range } from './types.ts'

/** Markers follow material that moves; those inside removed material go with it, regions that reach over its edge shrink. */
export function removeFromMarkers(draft: Draft, range: Range): void {
  const length = range.end - range.start
  setMarkers(draft, draft.edl.markers.flatMap((marker) => {
    const end = marker.at + marker.length
    if (end < range.start || (end === range.start && marker.length > 0) || marker.at === end && marker.at === range.start) return [marker]
    if (marker.at >= range.end) return [{ ...marker, at: samples(marker.at - length) }]
    if (marker.at >= range.start && end <= range.end) return []
    const from = marker.at < range.start ? marker.at : range.start
    const to = end > range.end ? end - length : range.start
    return [{ ...marker, at: samples(from), length: samples(to - from) }]
  }))
}

export function openMarkers(draft: Draft, at: number, length: number): void {
  setMarkers(draft, draft.edl.markers.map((marker) => {
    if (marker.at >= at) return { ...marker, at: samples(marker.at + length) }
    return marker.at + marker.length > at ? { ...marker, length: samples(marker.length + length) } : marker
  }))
}

/** Each marker goes where `to` says; a region keeps its length. */
export function carryMarkers(draft: Draft, to: (at: number) => number): void {
  setMarkers(draft, draft.edl.markers.map((marker) => {
    const at = to(marker.at)
    return at === marker.at ? marker : { ...marker, at: samples(at) }
  }).sort((a, b) => a.at - b.at))
}

export function setMarkers(draft: Draft, next: Edl['markers']): void {
  const patch = markersPatch(draft.edl.markers, next)
  if (patch !== null) draft.push(patch)
}

/** Only what differs: an edit near the end does not write all markers down. */
export function markersPatch(before: readonly Marker[], next: readonly Marker[]): Patch | null {
  let head = 0
  while (head < before.length && head < next.length && before[head] === next[head]) head += 1
  let tail = 0
  while (tail < before.length - head && tail < next.length - head && before[before.length - 1 - tail] === next[next.length - 1 - tail]) tail += 1
  const remove = before.slice(head, before.length - tail)
  const insert = next.slice(head, next.length - tail)
  return remove.length === 0 && insert.length === 0 ? null : { kind: 'markers', index: head, remove, insert }
}

/** Markers know nothing of clips: many changes of them in one edit are written as one. */
export function withMarkersOnce(patches: readonly Patch[], before: Edl, after: Edl): Patch[] {
  if (patches.filter((patch) => patch.kind === 'markers').length <= 1) return [...patches]
  const once = markersPatch(before.markers, after.markers)
  const others = patches.filter((patch) => patch.kind !== 'markers')
  return once === null ? others : [...others, once]
}
