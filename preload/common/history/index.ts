/**
 * Undo and redo as named steps of patches: plain data, so that it can be written to disk as it is. `P` is whatever a document calls a patch.
 */
export interface Step<P> {
  readonly name: string
  readonly patches: readonly P[]
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

/** Names of the next steps, nearest first. */
export function nextNames<P>(steps: readonly Step<P>[], limit: number): string[] {
  return steps.slice(-limit).map((step) => step.name).reverse()
}
