import { linearGain } from '../mix/index.ts'
import { samples } from '../units/samples.ts'
import type { EnvelopePoint } from './types.ts'

export const MIN_ENVELOPE_DB = -60

/** A point that may lie before the beginning: of a curve over the timeline. */
export interface CurvePoint {
  readonly at: number
  readonly gainDb: number
}

/** First point at or after a place. */
function firstFrom(points: readonly CurvePoint[], at: number): number {
  let low = 0
  let high = points.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((points[middle]?.at ?? 0) < at) low = middle + 1
    else high = middle
  }
  return low
}

/** Gain of an envelope at a place of its clip, in dB: straight in linear gain between points, constant outside them. */
export function envelopeDbAt(points: readonly CurvePoint[], at: number): number {
  const next = firstFrom(points, at)
  const right = points[next]
  const left = points[next - 1]
  if (left === undefined) return right?.gainDb ?? 0
  if (right === undefined) return left.gainDb
  if (right.at === at || right.gainDb === left.gainDb) return right.gainDb
  const share = (at - left.at) / (right.at - left.at)
  const gain = linearGain(left.gainDb) + (linearGain(right.gainDb) - linearGain(left.gainDb)) * share
  return gain <= 0 ? MIN_ENVELOPE_DB : Math.max(MIN_ENVELOPE_DB, 20 * Math.log10(gain))
}

/**
 * The envelope over `[from, to]`, counted from `from`, which may reach past the points on either side. Where a ramp is cut, a point takes the gain
 * that stood there, so that what is left sounds as before.
 */
export function cutEnvelope(points: readonly CurvePoint[], from: number, to: number): EnvelopePoint[] {
  if (points.length === 0) return []
  const first = firstFrom(points, from)
  const end = firstFrom(points, to + 1)
  const cut: EnvelopePoint[] = []
  const put = (at: number, gainDb: number) => void cut.push({ at: samples(at - from), gainDb })
  if (first > 0 && points[first]?.at !== from) put(from, envelopeDbAt(points, from))
  for (let n = first; n < end; n++) {
    const point = points[n]
    if (point !== undefined) put(point.at, point.gainDb)
  }
  if (end < points.length && points[end - 1]?.at !== to) put(to, envelopeDbAt(points, to))
  return plain(cut)
}

/** The envelope of the same sound at another length: each point at its share of the way. */
export function stretchEnvelope(points: readonly EnvelopePoint[], length: number, into: number): EnvelopePoint[] {
  const moved: EnvelopePoint[] = []
  for (const { at, gainDb } of points) {
    const place = Math.round((at / length) * into)
    if (place > (moved.at(-1)?.at ?? -1)) moved.push({ at: samples(place), gainDb })
  }
  return moved
}

/** Two points that say the same as one are one; nothing but 0 dB is no envelope. */
function plain(points: EnvelopePoint[]): EnvelopePoint[] {
  if (points.every((point) => point.gainDb === 0)) return []
  return points.length === 2 && points[0]?.gainDb === points[1]?.gainDb ? points.slice(0, 1) : points
}

export const sameEnvelope = (a: readonly EnvelopePoint[], b: readonly EnvelopePoint[]): boolean =>
  a.length === b.length && a.every((point, n) => point.at === b[n]?.at && point.gainDb === b[n]?.gainDb)
