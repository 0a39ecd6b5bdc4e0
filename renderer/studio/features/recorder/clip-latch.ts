/** Every time the input went into its rails since the latch was last cleared: how often, where first, where last. Pure. */
export interface ClipLatch {
  readonly count: number
  /** Places in the take (or on the capture clock before one), each with the wall clock. */
  readonly first: ClipPlace | null
  readonly last: ClipPlace | null
}
export interface ClipPlace {
  readonly atFrame: number
  readonly endFrame: number
  readonly at: number
}

export const noClips: ClipLatch = { count: 0, first: null, last: null }
/** Two runs closer than this are one shout. */
const TOGETHER_FRAMES = 4_800

export function latchClip(latch: ClipLatch, fault: { readonly atFrame: number; readonly frames: number }, at: number): ClipLatch {
  const place: ClipPlace = { atFrame: fault.atFrame, endFrame: fault.atFrame + fault.frames, at }
  const { last } = latch
  const goesOn = last !== null && place.atFrame >= last.atFrame && place.atFrame - last.endFrame <= TOGETHER_FRAMES
  if (goesOn) return { ...latch, last: { ...last, endFrame: Math.max(last.endFrame, place.endFrame), at } }
  return { count: latch.count + 1, first: latch.first ?? place, last: place }
}
