import type { Clip, Edl } from '../edl/index.ts'
import { clipEnd } from '../edl/index.ts'
import { linearGain } from '../mix/index.ts'
import type { Peaks } from '../peaks/index.ts'

/** Pauses of the timeline, found from the stored peaks (one point per 256 samples, 5.3 ms): no sound is read for it. Positions in samples, half-open. */
export interface Span {
  readonly start: number
  readonly end: number
}
export interface QuietSettings {
  /** What is below counts as quiet; level of the clip with its gain. */
  readonly thresholdDbfs: number
  /** Shorter pauses are part of speaking. */
  readonly minLength: number
}
/** Finest peaks of a source's item; null when they are not known. */
export type LevelsOf = (itemId: string) => Peaks | null

/** A lone point between pauses is a click, not a word. */
const CLICK_POINTS = 1

const peakOf = (peaks: Peaks, point: number): number => {
  let peak = 0
  for (let channel = 0; channel < peaks.channels; channel++) {
    const at = (point * peaks.channels + channel) * 2
    peak = Math.max(peak, -(peaks.data[at] ?? 0), peaks.data[at + 1] ?? 0)
  }
  return peak
}

/** Loud stretches of a clip, on the timeline. What has no peaks counts as loud: nothing is cut that nobody looked at. */
function loudSpans(clip: Clip, peaks: Peaks | null, thresholdDbfs: number): Span[] {
  if (peaks === null) return [{ start: clip.start, end: clipEnd(clip) }]
  const least = (32_768 * linearGain(thresholdDbfs)) / Math.max(1e-6, linearGain(clip.gainDb))
  const step = peaks.samplesPerPoint
  const shift = clip.start - clip.offset
  const last = Math.min(peaks.length, Math.ceil((clip.offset + clip.length) / step))
  const found: Span[] = []
  let from = -1
  for (let point = Math.floor(clip.offset / step); point <= last; point++) {
    const isLoud = point < last && peakOf(peaks, point) >= least
    if (isLoud && from < 0) from = point
    else if (!isLoud && from >= 0) {
      if (point - from > CLICK_POINTS) found.push({ start: Math.max(clip.start, from * step + shift), end: Math.min(clipEnd(clip), point * step + shift) })
      from = -1
    }
  }
  return found
}

/** Where all the given lanes are quiet at once, inside `within`. A place without a clip is quiet. */
export function quietSpans(edl: Edl, laneIds: readonly string[], within: Span, levelsOf: LevelsOf, settings: QuietSettings): Span[] {
  const items = new Map(edl.sources.map((source) => [source.id, source.itemId]))
  const loud: Span[] = []
  for (const lane of edl.lanes) {
    if (!laneIds.includes(lane.id)) continue
    for (const clip of lane.clips) {
      if (clip.start < within.end && clipEnd(clip) > within.start) loud.push(...loudSpans(clip, levelsOf(items.get(clip.sourceId) ?? ''), settings.thresholdDbfs))
    }
  }
  loud.sort((a, b) => a.start - b.start)
  const quiet: Span[] = []
  let at = within.start
  for (const span of [...loud, { start: within.end, end: within.end }]) {
    const end = Math.min(span.start, within.end)
    if (end - at >= settings.minLength) quiet.push({ start: at, end })
    at = Math.max(at, span.end)
  }
  return quiet
}

/** The quiet before the first and after the last sound, less what is left standing. */
export function endsOf(quiet: readonly Span[], within: Span, leave: number): { head: Span | null; tail: Span | null } {
  const first = quiet[0]
  const last = quiet.at(-1)
  const head = first !== undefined && first.start === within.start && first.end < within.end && first.end - leave > first.start ? { start: first.start, end: first.end - leave } : null
  const tail = last !== undefined && last.end === within.end && last.start > within.start && last.start + leave < last.end ? { start: last.start + leave, end: last.end } : null
  return { head, tail }
}

/** A level between the noise of the room and the voice, to begin with: the quiet tenth of the points and the loud tenth decide. */
export function floorOf(edl: Edl, laneIds: readonly string[], levelsOf: LevelsOf): number {
  const items = new Map(edl.sources.map((source) => [source.id, source.itemId]))
  const seen: number[] = []
  for (const lane of edl.lanes) {
    if (!laneIds.includes(lane.id)) continue
    for (const clip of lane.clips) {
      const peaks = levelsOf(items.get(clip.sourceId) ?? '')
      if (peaks === null) continue
      const first = Math.floor(clip.offset / peaks.samplesPerPoint)
      const last = Math.min(peaks.length, Math.ceil((clip.offset + clip.length) / peaks.samplesPerPoint))
      // A few thousand points say it; an hour has 675 000.
      const stride = Math.max(1, Math.floor((last - first) / 4_000))
      for (let point = first; point < last; point += stride) seen.push(clip.gainDb + 20 * Math.log10(Math.max(1, peakOf(peaks, point)) / 32_768))
    }
  }
  if (seen.length === 0) return FALLBACK_DBFS
  seen.sort((a, b) => a - b)
  const low = Math.max(-90, seen[Math.floor(seen.length * 0.1)] ?? -90)
  const high = seen[Math.floor(seen.length * 0.9)] ?? 0
  return Math.round(Math.max(-60, Math.min(-20, high - 12, Math.max(low + 8, high - 32))))
}
const FALLBACK_DBFS = -40
