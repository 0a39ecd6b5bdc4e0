/**
 * Text as people search it: no marks, no case, `đ` as `d`. The same for NFC and NFD input.
 */
export function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}+/gu, '').toLowerCase().replace(/[đð]/g, 'd').replace(/ø/g, 'o').replace(/ł/g, 'l').replace(/ß/g, 'ss').replace(/æ/g, 'ae').replace(/œ/g, 'oe').normalize('NFC')
}

/** Folded words: runs of letters and digits, in order. */
export function foldedWords(text: string): string[] {
  return fold(text).match(/[\p{L}\p{N}]+/gu) ?? []
}

/** Every word of the query begins some word of the text. An empty query matches everything. */
export function matchesFolded(query: string, text: string): boolean {
  const words = foldedWords(text)
  return foldedWords(query).every((wanted) => words.some((word) => word.startsWith(wanted)))
}
