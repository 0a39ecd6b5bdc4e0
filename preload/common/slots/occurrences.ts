import { openZone } from './zone.ts'
import { parseRecurrence, recurrenceStarts } from './recurrence.ts'
import type { ManifestLetter, ScheduleSlot } from '../letters/types.ts'

/** One running of a slot. `key` is stable over manifest versions, so that a new version does not restart what already sounds. */
export interface Occurrence {
  readonly key: string
  readonly slot: ScheduleSlot
  /** UTC ms. */
  readonly startAt: number
  /** startAt + durSec. */
  readonly plannedEndAt: number
}

export interface SlotAudience {
  readonly dev: string
  readonly groups: readonly string[]
}

export function slotIsFor(slot: ScheduleSlot, audience: SlotAudience): boolean {
  if (slot.devs === undefined && slot.groups === undefined) return true
  return slot.devs?.includes(audience.dev) === true || slot.groups?.some((group) => group === 'all' || audience.groups.includes(group)) === true
}

/** Occurrences that touch [fromAt, toAt) and the validity of the manifest (one that runs when a new version takes over belongs to it), by start. Bad rules are left out and named in `refused`. */
export function expandSchedule(manifest: Pick<ManifestLetter, 'tz' | 'offMin' | 'validFrom' | 'validTo' | 'sched'>, audience: SlotAudience, fromAt: number, toAt: number): { occurrences: Occurrence[]; refused: string[] } {
  const zone = openZone(manifest.tz)
  const toUtc = (floating: number): number => zone?.utcOf(floating) ?? floating - manifest.offMin * 60_000
  const validFrom = Date.parse(manifest.validFrom)
  const validTo = Date.parse(manifest.validTo)
  const occurrences: Occurrence[] = []
  const refused: string[] = []
  for (const slot of manifest.sched) {
    if (!slotIsFor(slot, audience)) continue
    const first = Date.parse(`${slot.start}Z`)
    const durMs = slot.durSec * 1000
    // A day of margin on both sides covers every zone offset; the exact window is cut below in UTC.
    const windowFrom = fromAt - durMs - 2 * 86_400_000
    const windowTo = toAt + 2 * 86_400_000
    let starts: number[]
    if (slot.rrule === undefined) starts = [first]
    else {
      const rule = parseRecurrence(slot.rrule)
      if (rule === null) {
        refused.push(slot.slot)
        continue
      }
      starts = recurrenceStarts(first, rule, windowFrom, windowTo, toUtc)
    }
    const excluded = new Set((slot.exdate ?? []).map((local) => Date.parse(`${local}Z`)))
    for (const floating of starts) {
      if (excluded.has(floating)) continue
      const startAt = toUtc(floating)
      if (startAt + durMs <= fromAt || startAt >= toAt || startAt + durMs <= validFrom || startAt >= validTo) continue
      occurrences.push({ key: `${slot.slot}@${startAt}`, slot, startAt, plannedEndAt: startAt + durMs })
    }
  }
  occurrences.sort((a, b) => a.startAt - b.startAt || b.slot.prio - a.slot.prio)
  return { occurrences, refused }
}
