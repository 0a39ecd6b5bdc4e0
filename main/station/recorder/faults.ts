import type { TakeFault } from '#contract/recorder.ts'

const MERGE_WITHIN_FRAMES = 48_000
const MOST_FAULTS = 1_000

/**
 * Adds a fault to the list of a take, in place. Neighbours of one kind grow together (a clipping shout is one fault, not four hundred);
 * a gap the microphone side has already explained as dropout is not told twice.
 */
export function addFault(faults: TakeFault[], fault: TakeFault): void {
  const twin = faults.find((known) => known.atFrame === fault.atFrame && isHole(known) && isHole(fault) && known.frames === fault.frames)
  if (twin !== undefined) {
    if (fault.kind === 'dropout') twin.kind = 'dropout'
    return
  }
  const last = faults.findLast((known) => known.kind === fault.kind)
  if (last !== undefined && (faults.length >= MOST_FAULTS || (!isHole(fault) && fault.atFrame <= last.atFrame + last.frames + MERGE_WITHIN_FRAMES))) {
    last.frames = Math.max(last.frames, fault.atFrame + fault.frames - last.atFrame)
    return
  }
  if (faults.length < MOST_FAULTS) faults.push({ ...fault })
}

function isHole(fault: TakeFault): boolean {
  return fault.kind === 'gap' || fault.kind === 'dropout'
}
