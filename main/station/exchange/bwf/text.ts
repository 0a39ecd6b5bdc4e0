/** Texts of both chunks are ASCII in fields of fixed width: diacritics are dropped rather than turned into question marks. */
export function asciiOf(text: string): string {
  return text.normalize('NFD').replace(/\p{Mn}+/gu, '').replaceAll('đ', 'd').replaceAll('Đ', 'D').replace(/[\u2018\u2019]/g, "'").replace(/[\u201c\u201d]/g, '"').replace(/[\u2013\u2014]/g, '-').replace(/[^\x20-\x7e]/gu, '?')
}

export function putText(bytes: Uint8Array, at: number, width: number, text: string): void {
  const line = asciiOf(text)
  for (let n = 0; n < Math.min(width, line.length); n++) bytes[at + n] = line.charCodeAt(n)
}

/** Programs write UTF-8 or the code page of their country where the standard says ASCII. */
export function textAt(bytes: Uint8Array, at: number, width: number): string {
  const field = bytes.subarray(at, Math.min(bytes.length, at + width))
  const end = field.indexOf(0)
  const used = end < 0 ? field : field.subarray(0, end)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(used).trim()
  } catch {
    return new TextDecoder('windows-1252').decode(used).trim()
  }
}
