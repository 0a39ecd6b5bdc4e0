import type { Placement, Plan } from '#common/playout/index.ts'

/** 20 s: items are opened this long before their start, so that they are armed at least 10 s ahead. */
const OPEN_AHEAD = 960_000
/** 120 s: nothing is asked for earlier. */
const LONGEST_AHEAD = 5_760_000
/** The next ones are kept open however far they are, for a key or a failure. */
const ALWAYS_OPEN = 2

export interface Wanted {
  readonly placement: Placement
  /** Open it, and do not start it before another plan says so. */
  readonly held: boolean
}

/** What of a plan has to stand ready, by line. @param aheadOf samples before its start; null = as usual */
export function wantedOf(plan: Plan, now: number, aheadOf: (lineId: string) => number | null): Map<string, Wanted> {
  const wanted = new Map<string, Wanted>()
  for (const placement of plan.sounding) {
    const { lineId, start, status, needsKey } = placement
    if (status === 'playing' || status === 'finishing') continue
    if (start === null || start - now > LONGEST_AHEAD && wanted.size >= ALWAYS_OPEN) break
    if (start - now > (aheadOf(lineId) ?? OPEN_AHEAD) && wanted.size >= ALWAYS_OPEN) continue
    wanted.set(lineId, { placement, held: needsKey })
  }
  return wanted
}
