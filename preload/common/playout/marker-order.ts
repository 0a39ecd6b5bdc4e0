import type { Markers } from './types.ts'

/** Each stands at or behind the ones before it. Fades are beside the row: they stay inside the cue window, the fade-out behind the fade-in. */
const row = ['cueIn', 'introStart', 'introEnd', 'segueStart', 'segueEnd', 'cueOut'] as const satisfies readonly (keyof Markers)[]

export const markerNames = ['cueIn', 'fadeInEnd', 'introStart', 'introEnd', 'segueStart', 'segueEnd', 'fadeOutStart', 'cueOut'] as const satisfies readonly (keyof Markers)[]
export type MarkerName = (typeof markerNames)[number]

/** The first marker that stands before the one it must follow, or outside the item; null when all is well. */
export function wrongMarker(markers: Markers, lengthSamples: number): MarkerName | null {
  let latest = 0
  for (const name of row) {
    const at = markers[name]
    if (at === null) continue
    if (at < latest || at > lengthSamples) return name
    latest = at
  }
  const [first, last] = [markers.cueIn ?? 0, markers.cueOut ?? lengthSamples]
  if (last <= first) return markers.cueOut === null ? 'cueIn' : 'cueOut'
  if (markers.fadeInEnd !== null && (markers.fadeInEnd < first || markers.fadeInEnd > last)) return 'fadeInEnd'
  return markers.fadeOutStart !== null && (markers.fadeOutStart < (markers.fadeInEnd ?? first) || markers.fadeOutStart > last) ? 'fadeOutStart' : null
}

/** Samples a marker may stand at while the others stay: `[low, high]`, both included. Of markers that are in order. */
export function markerBounds(name: MarkerName, markers: Markers, lengthSamples: number): readonly [low: number, high: number] {
  const [first, last] = [markers.cueIn ?? 0, markers.cueOut ?? lengthSamples]
  if (name === 'fadeInEnd') return [first, markers.fadeOutStart ?? last]
  if (name === 'fadeOutStart') return [markers.fadeInEnd ?? first, last]
  const place = row.indexOf(name)
  const before = row.slice(0, place).flatMap((other) => markers[other] ?? [])
  const behind = row.slice(place + 1).flatMap((other) => markers[other] ?? [])
  const low = Math.max(0, ...before)
  const high = Math.min(lengthSamples, ...behind)
  // Something must be left to hear, and a cue does not walk over a fade.
  if (name === 'cueIn') return [low, Math.min(high, last - 1, markers.fadeInEnd ?? high, markers.fadeOutStart ?? high)]
  if (name === 'cueOut') return [Math.max(low, first + 1, markers.fadeInEnd ?? low, markers.fadeOutStart ?? low), high]
  return [low, high]
}
