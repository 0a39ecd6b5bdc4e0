/** Named places of one sound, and the part of it that is meant. Positions are samples at 48 kHz; nothing here changes the sound. */
export interface Cue {
  readonly at: number
  readonly label: string
}
export interface Cues {
  readonly in: number | null
  readonly out: number | null
  readonly points: readonly Cue[]
}

export const noCues: Cues = { in: null, out: null, points: [] }
export const MOST_CUES = 200

/** The part from cue in to cue out; the whole sound where one is missing. */
export function cueRange(cues: Cues, length: number): { readonly start: number; readonly end: number } {
  return { start: Math.min(cues.in ?? 0, length), end: Math.min(cues.out ?? length, length) }
}

export const hasRange = (cues: Cues): boolean => cues.in !== null || cues.out !== null

/** In order, one per place, an end at the border of the sound is no end. Null when the cues make no sense for this length. */
export function cleanCues(cues: Cues, length: number): Cues | null {
  const start = cues.in === 0 ? null : cues.in
  const end = cues.out === length ? null : cues.out
  if ((start !== null && start >= length) || (end !== null && (end > length || end <= 0)) || (start ?? 0) >= (end ?? length)) return null
  if (cues.points.length > MOST_CUES || cues.points.some((point) => point.at > length || point.label.trim() === '')) return null
  const places = new Map(cues.points.map((point) => [point.at, { at: point.at, label: point.label.trim() }]))
  return { in: start, out: end, points: [...places.values()].sort((a, b) => a.at - b.at) }
}

/** Cue in at a place; a cue out that would stand before it is let go. */
export function withIn(cues: Cues, at: number): Cues {
  return { ...cues, in: at, out: cues.out !== null && cues.out <= at ? null : cues.out }
}
/** Cue out at a place; a cue in that would stand behind it is let go. */
export function withOut(cues: Cues, at: number): Cues {
  return { ...cues, out: at, in: cues.in !== null && cues.in >= at ? null : cues.in }
}

/** What is left of the named places when only `start`…`end` is kept. */
export function cuesWithin(cues: Cues, start: number, end: number): Cues {
  return { in: null, out: null, points: cues.points.filter((point) => point.at >= start && point.at < end).map((point) => ({ ...point, at: point.at - start })) }
}
