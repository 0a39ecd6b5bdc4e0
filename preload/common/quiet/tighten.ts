import type { Span } from './spans.ts'

/** What to take out so that no pause is longer than `keep`: its middle, so that the breath before and after a word stays. */
export function tightened(pauses: readonly Span[], keep: number): Span[] {
  return pauses.flatMap((pause) => {
    const out = pause.end - pause.start - keep
    if (out <= 0) return []
    const start = pause.start + Math.ceil(keep / 2)
    return [{ start, end: start + out }]
  })
}

/**
 * Takes out exactly `wanted` samples, from the longest pauses first, none made shorter than `least`. `removed` is less where the pauses do not
 * give that much.
 */
export function closedTo(pauses: readonly Span[], wanted: number, least: number): { spans: Span[]; removed: number; keep: number } {
  const lengths = pauses.map((pause) => pause.end - pause.start)
  const given = (keep: number): number => lengths.reduce((sum, length) => sum + Math.max(0, length - keep), 0)
  if (wanted <= 0) return { spans: [], removed: 0, keep: Math.max(least, ...lengths) }
  if (given(least) <= wanted) return { spans: tightened(pauses, least), removed: given(least), keep: least }
  let low = least
  let high = Math.max(...lengths)
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (given(middle) >= wanted) low = middle
    else high = middle
  }
  // `low` gives a little too much; the last pauses touched keep a sample more.
  let surplus = given(low) - wanted
  const spans = tightened(pauses, low).map((span) => {
    const less = Math.min(surplus, 1, span.end - span.start)
    surplus -= less
    return { start: span.start, end: span.end - less }
  }).filter((span) => span.end > span.start)
  return { spans, removed: spans.reduce((sum, span) => sum + span.end - span.start, 0), keep: low }
}
