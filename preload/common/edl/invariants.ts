import type { Clip, Edl, Lane } from './types.ts'

export interface Violation {
  readonly rule: 'I1' | 'I2' | 'I3' | 'I4' | 'I5' | 'I7'
  readonly subject: string
}

/**
 * I1 positions are safe integers ≥ 0 · I2 clips have length · I3 clips lie inside their source · I4 clips of a lane are in order and do not
 * overlap · I5 fades fit their clip · I7 ids are unique and references resolve. (I8, that edits can be inverted, is a property of edits.)
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
  }
  for (const marker of edl.markers) {
    unique(marker.id)
    if (!whole(marker.at, marker.length, marker.at + marker.length)) found.push({ rule: 'I1', subject: marker.id })
  }
  return found
}

function laneViolations(lane: Lane, sourceLengths: ReadonlyMap<string, number>): Violation[] {
  const found: Violation[] = []
  let end = 0
  for (const clip of lane.clips) {
    for (const rule of clipViolations(clip, sourceLengths.get(clip.sourceId))) found.push({ rule, subject: clip.id })
    if (clip.start < end) found.push({ rule: 'I4', subject: clip.id })
    end = clip.start + clip.length
  }
  return found
}

function clipViolations(clip: Clip, sourceLength: number | undefined): Violation['rule'][] {
  const found: Violation['rule'][] = []
  if (!whole(clip.start, clip.offset, clip.length, clip.start + clip.length, clip.fadeIn.length, clip.fadeOut.length)) found.push('I1')
  if (clip.length <= 0) found.push('I2')
  if (sourceLength === undefined) found.push('I7')
  else if (clip.offset + clip.length > sourceLength) found.push('I3')
  if (clip.fadeIn.length + clip.fadeOut.length > clip.length) found.push('I5')
  return found
}

function whole(...values: number[]): boolean {
  return values.every((value) => Number.isSafeInteger(value) && value >= 0)
}
