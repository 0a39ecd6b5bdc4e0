import type { SoundedSegment } from './radios.ts'
import { align, missingSamples } from './compare-sound.ts'

export interface Verdict {
  /** Of the first item; positive = late. */
  readonly startErrorMs: number
  /** Lowest of the items. */
  readonly correlation: number
  readonly missingSamples: number
  readonly items: readonly { readonly offsetSamples: number; readonly correlation: number }[]
}

const REACH_SAMPLES = 24_000

/** Compares what a radio sounded with the items that were planned one after the other from `startAt` (UTC ms). */
export function judge(heard: { pcm: Float32Array; segments: readonly SoundedSegment[] }, startAt: number, items: readonly Float32Array[]): Verdict {
  const at = startAt * 1000
  const segment = heard.segments.findLast((one) => one.atUs <= at) ?? heard.segments[0]
  if (segment === undefined) throw new Error('the radio wrote nothing')
  let expected = segment.fromSample + Math.round((at - segment.atUs) * 0.048)
  let missing = 0
  const found: { offsetSamples: number; correlation: number }[] = []
  for (const item of items) {
    const { offset, correlation } = align(heard.pcm, item, expected, REACH_SAMPLES)
    missing += missingSamples(heard.pcm, expected + offset, item)
    found.push({ offsetSamples: offset, correlation })
    expected += item.length
  }
  return { startErrorMs: (found[0]?.offsetSamples ?? NaN) / 48, correlation: Math.min(...found.map((item) => item.correlation)), missingSamples: missing, items: found }
}
