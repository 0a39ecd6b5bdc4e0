import { IANAZone } from 'luxon'
import type { OffsetAt } from '#common/timing/zone.ts'

const FALLBACK = 'Asia/Ho_Chi_Minh'
const known = new Map<string, OffsetAt>()

/** Offsets of a zone by its IANA name. A name this machine does not know gives the zone of the country. */
export function offsetOf(zone: string): OffsetAt {
  const cached = known.get(zone)
  if (cached !== undefined) return cached
  const named = IANAZone.create(IANAZone.isValidZone(zone) ? zone : FALLBACK)
  const offsetAt: OffsetAt = (instantMs) => named.offset(instantMs)
  known.set(zone, offsetAt)
  return offsetAt
}
