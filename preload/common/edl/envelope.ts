import { linearGain } from '../mix/index.ts'
import type { EnvelopePoint } from './types.ts'

/** Gain of an envelope at a place of its clip, in dB: straight in linear gain between points, constant outside them. */
export function envelopeDbAt(points: readonly EnvelopePoint[], at: number): number {
  const next = points.findIndex((point) => point.at >= at)
  const right = points[next]
  const left = next < 0 ? points.at(-1) : points[next - 1]
  if (left === undefined) return right?.gainDb ?? 0
  if (right === undefined) return left.gainDb
  if (right.at === at || right.gainDb === left.gainDb) return right.gainDb
  const share = (at - left.at) / (right.at - left.at)
  const gain = linearGain(left.gainDb) + (linearGain(right.gainDb) - linearGain(left.gainDb)) * share
  return gain <= 0 ? MIN_ENVELOPE_DB : Math.max(MIN_ENVELOPE_DB, 20 * Math.log10(gain))
}

export const MIN_ENVELOPE_DB = -60
