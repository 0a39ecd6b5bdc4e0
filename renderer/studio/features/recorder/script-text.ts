/** UTF-8, else what old Vietnamese editors write: UTF-16 with its mark, or windows-1258. */
export function decodeText(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1258').decode(bytes).normalize('NFC')
  }
}

/** Pixels a second so that `words` of a text of this height pass at `pace` words a minute. */
export function scrollSpeed(heightPx: number, words: number, pace: number): number {
  return words === 0 ? 0 : (heightPx / words) * (pace / 60)
}
export const wordsOf = (text: string): number => text.split(/\s+/).filter((word) => word !== '').length
