import type { MixPlan, MixSegment } from './plan.ts'
import { segmentEnd } from './plan.ts'

/** Output samples `[start, end)` are the samples of one source from `offset` on, unchanged: what a copy can do, a copy may do. */
export interface PlainSpan {
  readonly start: number
  readonly end: number
  readonly source: number
  readonly offset: number
}

function isPlain(segment: MixSegment): boolean {
  return segment.gain === 1 && (segment.envelope ?? null) === null
}

/** Where exactly one segment sounds, without gain, fade, envelope, fold of channels, master or limiter; in order. */
export function plainSpans(plan: MixPlan, channels: number): PlainSpan[] {
  if (plan.masterGain !== 1 || (plan.limiter ?? null) !== null) return []
  const order = [...plan.segments].sort((a, b) => a.start - b.start)
  const spans: PlainSpan[] = []
  let busyUntil = 0
  for (const [n, segment] of order.entries()) {
    const nextStart = order[n + 1]?.start ?? Infinity
    const start = Math.max(busyUntil, segment.start + segment.fadeIn.length)
    const end = Math.min(nextStart, segmentEnd(segment) - segment.fadeOut.length, plan.length)
    if (start < end && isPlain(segment) && plan.sources[segment.source]?.channels === channels) spans.push({ start, end, source: segment.source, offset: segment.offset + start - segment.start })
    busyUntil = Math.max(busyUntil, segmentEnd(segment))
  }
  return spans
}
