/** Chance that can be repeated: the same words give the same numbers, so that one new position does not shuffle all others. */
export function seeded(...words: readonly (string | number)[]): () => number {
  let state = 0x811c9dc5
  for (const character of words.join('\u0000')) {
    state ^= character.codePointAt(0) ?? 0
    state = Math.imul(state, 0x01000193)
  }
  // mulberry32
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
