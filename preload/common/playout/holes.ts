import type { Hole, Placement, SequencerInput } from './types.ts'

/** 10 ms: shorter silence is the end of a sound. */
const SHORTEST = 480

/** Silence the plan leaves inside open slots from now on. A slot that closes early has none behind its last line. */
export function holesOf({ slots, now }: Pick<SequencerInput, 'slots' | 'now'>, sounding: readonly Placement[]): Hole[] {
  const holes: Hole[] = []
  let first = 0
  for (const slot of slots) {
    if (slot.endAt <= now) continue
    let at = Math.max(now, slot.startAt)
    // By start; only two overlap, so one step back from the first that ends later is enough.
    while (first < sounding.length && endOf(sounding[first]) <= at) first++
    let closed = false
    for (let index = first; index < sounding.length && at < slot.endAt; index++) {
      const placement = sounding[index]
      const start = placement?.start ?? slot.endAt
      if (start >= slot.endAt) break
      if (start - at >= SHORTEST) holes.push({ from: at, until: start, slotId: slot.id })
      at = Math.max(at, endOf(placement))
      closed = placement?.reason === 'closesSlot'
    }
    if (slot.endAt - at >= SHORTEST && !closed && slot.onUnderrun === 'fill') holes.push({ from: at, until: slot.endAt, slotId: slot.id })
  }
  return holes
}

function endOf(placement: Placement | undefined): number {
  return placement === undefined ? Number.POSITIVE_INFINITY : (placement.start ?? 0) + placement.length
}
