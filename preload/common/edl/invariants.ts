import type { Clip, Edl, Lane } from './types.ts'

export interface Violation {
  readonly rule: 'I1' | 'I2' | 'I3' | 'I4' | 'I5' | 'I6' | 'I7'
  readonly subject: string
}

/**
 * I1 positions are safe integers ≥ 0 · I2 clips have length · I3 clips lie inside their source · I4 clips of a lane are in order and overlap
 * only in a crossfade · I5 fades fit their clip · I6 envelope points climb strictly inside their clip · I7 ids are unique and references resolve. (I8, that edits can be inverted, is a property of edits.)
 */
export function violations(edl: Edl): Violation[] {
  const found: Violation[] = []
  const ids = new Set<string>()
  const unique = (id: string) => {
    if (ids.has(id)) found.push({ rule: 'I7', subject: id })
    ids.add(id)
  }
  const sourceLengths = new Map<string, number>()
  for (const source of edl.sources) {
    unique(source.id)
    sourceLengths.set(source.id, source.length)
    if (!whole(source.length)) found.push({ rule: 'I1', subject: source.id })
  }
  for (const lane of edl.lanes) {
    unique(lane.id)
    for (const clip of lane.clips) unique(clip.id)
    found.push(...laneViolations(lane, sourceLengths))
    if (lane.duck !== null && lane.duck.voiceLaneIds.some((id) => id === lane.id || !edl.lanes.some((other) => other.id === id))) found.push({ rule: 'I7', subject: lane.id })
  }
  for (const marker of edl.markers) {
    unique(marker.id)
    if (!whole(marker.at, marker.length, marker.at + marker.length)) found.push({ rule: 'I1', subject: marker.id })
  }
  return found
}

function laneViolations(lane: Lane, sourceLengths: ReadonlyMap<string, number>): Violation[] {
  const found: Violation[] = []
  let before: Clip | null = null
  for (const clip of lane.clips) {
    for (const rule of brokenRules(clip, sourceLengths)) found.push({ rule, subject: clip.id })
    if (before !== null && !followsFrom(before, clip)) found.push({ rule: 'I4', subject: clip.id })
    before = clip
  }
  return found
}

/** With both fades as long as the overlap, and I5, a clip can never reach past its neighbour. */
export function followsFrom(before: Clip, clip: Clip): boolean {
  const overlap = before.start + before.length - clip.start
  return overlap <= 0 || (before.fadeOut.length === overlap && clip.fadeIn.length === overlap && clip.start >= before.start)
}

/** Rules that a clip breaks by itself, given the lengths of the sources. */
export function brokenRules(clip: Clip, sourceLengths: ReadonlyMap<string, number>): Violation['rule'][] {
  const found: Violation['rule'][] = []
  const sourceLength = sourceLengths.get(clip.sourceId)
  if (!whole(clip.start, clip.offset, clip.length, clip.start + clip.length, clip.fadeIn.length, clip.fadeOut.length)) found.push('I1')
  if (clip.length <= 0) found.push('I2')
  if (sourceLength === undefined) found.push('I7')
  else if (clip.offset + clip.length > sourceLength) found.push('I3')
  if (clip.fadeIn.length + clip.fadeOut.length > clip.length) found.push('I5')
  if (clip.envelope.some((point, n) => !whole(point.at) || point.at > clip.length || point.at <= (clip.envelope[n - 1]?.at ?? -1))) found.push('I6')
  for (const other of clip.alternatives) {
    if (!whole(other.offset) || other.offset + clip.length > (sourceLengths.get(other.sourceId) ?? -1)) found.push('I3')
  }
  const { original } = clip
  if (original !== null && (!whole(original.offset, original.length) || original.offset + original.length > (sourceLengths.get(original.sourceId) ?? -1))) found.push('I3')
  return found
}

function whole(...values: number[]): boolean {
  return values.every((value) => Number.isSafeInteger(value) && value >= 0)
}
