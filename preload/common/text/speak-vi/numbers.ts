export type Region = 'north' | 'south'

const DIGITS = ['không', 'một', 'hai', 'ba', 'bốn', 'năm', 'sáu', 'bảy', 'tám', 'chín'] as const
const digitWord = (digit: string | undefined): string => DIGITS[Number(digit)] ?? ''

/** Each digit by its name: telephones, codes. */
export function digitWords(digits: string): string {
  return [...digits].map(digitWord).join(' ')
}

/** Whole number in words; `digits` may be of any length. */
export function integerWords(digits: string, region: Region = 'north'): string {
  const plain = digits.replace(/^0+(?=\d)/, '')
  if (plain === '0') return 'không'
  if (plain.length > 15) return digitWords(plain)
  const groups: string[] = []
  for (let end = plain.length; end > 0; end -= 3) groups.unshift(plain.slice(Math.max(0, end - 3), end))
  const words: string[] = []
  groups.forEach((group, index) => {
    const rank = groups.length - 1 - index
    if (Number(group) === 0) return
    words.push(groupWords(index === 0 ? group : group.padStart(3, '0'), region))
    const scale = scaleWord(rank, region)
    if (scale !== '') words.push(scale)
  })
  return words.join(' ')
}

function scaleWord(rank: number, region: Region): string {
  const thousand = region === 'south' ? 'ngàn' : 'nghìn'
  return ['', thousand, 'triệu', 'tỷ', `${thousand} tỷ`][rank] ?? ''
}

/** Up to three digits. A group inside a number is given padded, so that its empty hundreds are spoken. */
function groupWords(group: string, region: Region): string {
  const digits = group.padStart(3, ' ')
  const [hundreds = ' ', tens = ' ', ones = ' '] = digits
  const words: string[] = []
  if (hundreds !== ' ') words.push(digitWord(hundreds), 'trăm')
  if (tens === ' ' || (tens === '0' && ones === '0')) {
    if (tens === ' ') words.push(digitWord(ones))
    return words.join(' ')
  }
  if (tens === '0') words.push(region === 'south' ? 'lẻ' : 'linh', digitWord(ones))
  else if (tens === '1') words.push('mười', ...(ones === '0' ? [] : [ones === '5' ? 'lăm' : digitWord(ones)]))
  else words.push(digitWord(tens), 'mươi', ...(ones === '0' ? [] : [ones === '1' ? 'mốt' : ones === '4' ? 'tư' : ones === '5' ? 'lăm' : digitWord(ones)]))
  return words.join(' ')
}

/** `1.250.000`, `3,5`, `0,05`, `-3`: dot for thousands, comma for the decimal part. */
export function numberWords(written: string, region: Region = 'north'): string {
  const negative = /^[-−]/.test(written)
  const [whole = '0', decimals] = written.replace(/^[-−+]/, '').replaceAll('.', '').split(',')
  const words = [negative ? 'âm' : '', integerWords(whole, region)]
  if (decimals !== undefined) words.push('phẩy', decimals.length <= 2 && !decimals.startsWith('0') ? integerWords(decimals, region) : digitWords(decimals))
  return words.filter((word) => word !== '').join(' ')
}

const ROMAN: Readonly<Record<string, number>> = { I: 1, V: 5, X: 10, L: 50, C: 100 }

/** Null when the letters are not a Roman number in its usual form. */
export function romanValue(letters: string): number | null {
  if (!/^(C{0,3})(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})$/.test(letters) || letters === '') return null
  let value = 0
  for (let i = 0; i < letters.length; i++) {
    const now = ROMAN[letters[i] ?? ''] ?? 0
    value += now < (ROMAN[letters[i + 1] ?? ''] ?? 0) ? -now : now
  }
  return value
}

/** Day of a month: the first ten have their own word. */
export function dayWords(day: number): string {
  return day <= 10 ? `mùng ${integerWords(String(day))}` : integerWords(String(day))
}

export function monthWords(month: number): string {
  return month === 4 ? 'tư' : integerWords(String(month))
}
