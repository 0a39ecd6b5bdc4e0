import { plainClip } from '../edl/types.ts'
import type { Clip, EnvelopePoint, Range } from '../edl/types.ts'
import { RATE_HZ, samples, samplesFromMs } from '../units/samples.ts'

export interface BedFacts {
  readonly sourceId: string
  readonly length: number
  readonly gainDb: number
  readonly fadeInMs: number
  readonly fadeOutMs: number
  readonly crossfadeMs: number
}
export interface DuckFacts {
  readonly reduceDb: number
  readonly attackMs: number
  readonly holdMs: number
  readonly releaseMs: number
}

/** Less than this is a click, not a bed: repeated over an hour it would be ten thousand clips. */
const MIN_BED = RATE_HZ

/** The bed repeated over a range: each round crossfades into the next (the fades of both are as long as the overlap), the last one fades out. */
export function bedClips(range: Range, bed: BedFacts, newId: () => string): Clip[] {
  const clips: Clip[] = []
  // A crossfade may take at most a third of the piece: what is left must still be music.
  const cross = Math.min(samplesFromMs(bed.crossfadeMs), Math.floor(bed.length / 3))
  for (let start: number = range.start; start < range.end && bed.length >= MIN_BED;) {
    const length = Math.min(bed.length, range.end - start)
    // A tail shorter than its own crossfade is no round of its own: the one before simply ends there.
    if (clips.length > 0 && length <= cross) break
    const overlap = clips.length === 0 ? 0 : cross
    const before = clips.at(-1)
    if (before !== undefined) clips[clips.length - 1] = { ...before, fadeOut: { length: samples(overlap), shape: 'equalPower' } }
    clips.push({ ...plainClip, id: newId(), sourceId: bed.sourceId, start: samples(start), offset: samples(0), length: samples(length), gainDb: bed.gainDb, fadeIn: { length: samples(overlap), shape: 'equalPower' }, fadeOut: { length: samples(0), shape: 'equalPower' } })
    start += bed.length - cross
  }
  const first = clips[0]
  if (first !== undefined) clips[0] = { ...first, fadeIn: { length: samples(Math.min(samplesFromMs(bed.fadeInMs), first.length - first.fadeOut.length)), shape: 'sCurve' } }
  const last = clips.at(-1)
  if (last !== undefined) clips[clips.length - 1] = { ...last, fadeOut: { length: samples(Math.min(samplesFromMs(bed.fadeOutMs), last.length - last.fadeIn.length)), shape: 'sCurve' } }
  return clips
}

/** Stretches of speech with the silences shorter than hold, release and attack together closed: the bed does not pump between two words. */
export function speechSpans(voice: readonly Pick<Clip, 'start' | 'length'>[], duck: DuckFacts): Range[] {
  const close = samplesFromMs(duck.holdMs + duck.releaseMs + duck.attackMs)
  const spans: Range[] = []
  for (const { start, length } of [...voice].sort((a, b) => a.start - b.start)) {
    const end = samples(start + length)
    const last = spans.at(-1)
    if (last !== undefined && start - last.end <= close) spans[spans.length - 1] = { start: last.start, end: samples(Math.max(last.end, end)) }
    else spans.push({ start, end })
  }
  return spans
}

/** Gain points of one bed clip: down by the attack before the voice, held after it, up by the release. */
export function duckEnvelope(clip: Clip, spans: readonly Range[], duck: DuckFacts): EnvelopePoint[] {
  if (duck.reduceDb === 0) return []
  const [attack, hold, release] = [samplesFromMs(duck.attackMs), samplesFromMs(duck.holdMs), samplesFromMs(duck.releaseMs)]
  const down = -duck.reduceDb
  const corners = spans.flatMap(({ start, end }) => [[start - attack, 0], [start, down], [end + hold, down], [end + hold + release, 0]] as const)
  const inside = corners.filter(([at]) => at > clip.start && at < clip.start + clip.length)
  const points: EnvelopePoint[] = []
  for (const [at, gainDb] of [[clip.start, gainAt(corners, clip.start)] as const, ...inside, [clip.start + clip.length, gainAt(corners, clip.start + clip.length)] as const]) {
    const relative = at - clip.start
    if (relative > (points.at(-1)?.at ?? -1)) points.push({ at: samples(relative), gainDb })
  }
  return points.every(({ gainDb }) => gainDb === 0) ? [] : points
}

/** Between two corners the gain is straight as a factor, as the mixer draws it. */
function gainAt(corners: readonly (readonly [number, number])[], at: number): number {
  const next = corners.findIndex(([place]) => place > at)
  const [from, to] = [corners[next < 0 ? corners.length - 1 : next - 1], corners[next]]
  if (from === undefined) return corners[0] === undefined || (to !== undefined && next === 0) ? 0 : corners[0][1]
  if (to === undefined || to[1] === from[1]) return from[1]
  const share = (at - from[0]) / (to[0] - from[0])
  const [a, b] = [10 ** (from[1] / 20), 10 ** (to[1] / 20)]
  return Math.max(-60, Math.round(2_000 * Math.log10(a + (b - a) * share)) / 100)
}

