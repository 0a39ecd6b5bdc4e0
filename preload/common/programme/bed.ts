import { plainClip } from '../edl/types.ts'
import type { Clip, Range } from '../edl/types.ts'
import { RATE_HZ, samples, samplesFromMs } from '../units/samples.ts'

export interface BedFacts {
  readonly sourceId: string
  readonly length: number
  readonly gainDb: number
  readonly fadeInMs: number
  readonly fadeOutMs: number
  readonly crossfadeMs: number
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
