/**
 * Undo and redo as named steps of patches: plain data, so that it can be written to disk as it is. `P` is whatever a document calls a patch.
 */
export interface Step<P> {
  readonly name: string
  readonly patches: readonly P[]
  /** When (UTC ms) and by whom, where it is known. */
  readonly at?: number | undefined
  readonly by?: string | undefined
}
export interface History<P> {
  /** Oldest first. */
  readonly undo: readonly Step<P>[]
  /** The next redo is last. */
  readonly redo: readonly Step<P>[]
}

export const MAX_STEPS = 10_000

export function emptyHistory<P>(): History<P> {
  return { undo: [], redo: [] }
}

/** A new edit: what had been undone can no longer be redone, and the oldest step falls out past the limit. */
export function record<P>(history: History<P>, step: Step<P>): History<P> {
  const from = history.undo.length >= MAX_STEPS ? history.undo.length - MAX_STEPS + 1 : 0
  return { undo: [...history.undo.slice(from), step], redo: [] }
}

/** Takes the last step back; its patches must be inverted by the caller before they are applied. */
export function stepBack<P>(history: History<P>): { step: Step<P>; history: History<P> } | null {
  const step = history.undo.at(-1)
  return step === undefined ? null : { step, history: { undo: history.undo.slice(0, -1), redo: [...history.redo, step] } }
}

export function stepForward<P>(history: History<P>): { step: Step<P>; history: History<P> } | null {
  const step = history.redo.at(-1)
  return step === undefined ? null : { step, history: { undo: [...history.undo, step], redo: history.redo.slice(0, -1) } }
}

/** So many steps back (less than 0) or forward at once: the steps in the order in which they are to be taken. Null when there are not that many. */
export function travel<P>(history: History<P>, steps: number): { steps: readonly Step<P>[]; history: History<P> } | null {
  const { undo, redo } = history
  const count = Math.abs(steps)
  const from = steps < 0 ? undo : redo
  if (count === 0 || count > from.length) return null
  const kept = from.slice(0, from.length - count)
  const taken = from.slice(from.length - count).reverse()
  return { steps: taken, history: steps < 0 ? { undo: kept, redo: [...redo, ...taken] } : { undo: [...undo, ...taken], redo: kept } }
}

/** Names of the next steps, nearest first. */
export function nextNames<P>(steps: readonly Step<P>[], limit: number): string[] {
  return steps.slice(-limit).map((step) => step.name).reverse()
}
