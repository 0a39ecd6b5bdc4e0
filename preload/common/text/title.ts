/** One line, NFC, no control characters: what a title, tag or file name may look like inside the house. */
export function oneLine(text: string, maxLength: number): string {
  const line = text.normalize('NFC').replace(/[\p{Cc}\p{Zl}\p{Zp}\uFEFF]+/gu, ' ').replace(/ {2,}/g, ' ').trim()
  return Array.from(line).length <= maxLength && line.length <= maxLength ? line : cutAt(line, maxLength)
}

/** Cuts between code points, never inside an emoji or a surrogate pair. */
function cutAt(text: string, maxLength: number): string {
  let out = ''
  for (const character of text) {
    if (out.length + character.length > maxLength) break
    out += character
  }
  return out.trimEnd()
}

const meaningless = /^(track|bài|audio|untitled|recording|new recording|unknown)[\s_-]*\d*$/iu

/** The file's own title when it says something, else the file's name without its ending. */
export function titleOf(tagTitle: string | undefined, fileName: string): string {
  const tagged = oneLine(tagTitle ?? '', 200)
  if (tagged !== '' && !tagged.includes('\uFFFD') && !meaningless.test(tagged)) return tagged
  const dot = fileName.lastIndexOf('.')
  const named = oneLine((dot > 0 ? fileName.slice(0, dot) : fileName).replaceAll('_', ' '), 200)
  return named === '' ? 'Không tên' : named
}
