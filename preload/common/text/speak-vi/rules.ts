import { dayWords, digitWords, integerWords, monthWords, numberWords, romanValue, type Region } from './numbers.ts'
import { abbreviations, documentTypes, issuers, roads, units } from './words.ts'

export interface RuleContext {
  readonly region: Region
  /** The character before was spoken by a rule (a number, a time): a dash here may mean "to". */
  readonly afterSpan: boolean
}
/** Looks at the text from `at`; null when it is not its business. The first rule that answers wins. */
export type Rule = (source: string, at: number, context: RuleContext) => { length: number; spoken: string; doubtful?: boolean } | null

const NUMBER = String.raw`\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?`
const END = String.raw`(?![\p{L}\d])`
const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`)
const oneOf = (words: readonly string[]): string => [...words].sort((a, b) => b.length - a.length).map(escape).join('|')
const UNIT = oneOf(Object.keys(units))

function sticky(pattern: string, make: (match: RegExpExecArray, source: string, context: RuleContext) => { spoken: string; doubtful?: boolean; length?: number } | null): Rule {
  const expression = new RegExp(pattern, 'uy')
  return (source, at, context) => {
    expression.lastIndex = at
    const match = expression.exec(source)
    if (match === null) return null
    const made = make(match, source, context)
    return made === null ? null : { length: match[0].length, ...made }
  }
}
const before = (source: string, at: number, pattern: RegExp): boolean => pattern.test(source.slice(Math.max(0, at - 24), at))
const validDate = (day: number, month: number): boolean => day >= 1 && day <= 31 && month >= 1 && month <= 12

/** 39/2020/TT-BTTTT, 6074/KH-UBND */
const documentNumber = sticky(String.raw`(\d{1,5})(?:\/(\d{4}))?\/([A-ZĐ][A-ZĐa-z]{0,3})-([A-ZĐ][A-ZĐa-z]+)(?:-[A-ZĐ][A-ZĐa-z]*)*${END}`, (match, source, { region }) => {
  const [, number = '', year, type = '', issuer = ''] = match
  const name = documentTypes[type]
  if (name === undefined) return null
  const body = issuers[issuer]
  const alreadySaid = source.slice(0, match.index).trimEnd().toLocaleLowerCase('vi').replace(/ số:?$/, '').endsWith(name.toLocaleLowerCase('vi'))
  const numbered = before(source, match.index, /số:?\s*$/i)
  return {
    spoken: [alreadySaid || numbered ? '' : name, numbered ? '' : 'số', integerWords(number, region), year === undefined ? '' : `năm ${integerWords(year, region)}`, body === undefined ? '' : `của ${body}`].filter((part) => part !== '').join(' '),
    doubtful: body === undefined,
  }
})

/** 21/11/2026, 21-11-2026 */
const fullDate = sticky(String.raw`(\d{1,2})([\/.-])(\d{1,2})\2(\d{4})${END}`, (match, source, { region }) => {
  const [, day = '', , month = '', year = ''] = match
  if (!validDate(Number(day), Number(month))) return null
  const said = before(source, match.index, /(ngày|mùng|mồng)\s*$/i)
  return { spoken: `${said ? '' : 'ngày '}${dayWords(Number(day))} tháng ${monthWords(Number(month))} năm ${integerWords(year, region)}` }
})

/** tháng 4/2025 and tháng 4 */
const month = sticky(String.raw`(tháng|Tháng)\s+(\d{1,2})(?:\/(\d{4}))?${END}`, (match, _source, { region }) => {
  const [, word = '', number = '', year] = match
  if (Number(number) < 1 || Number(number) > 12) return null
  return { spoken: `${word} ${monthWords(Number(number))}${year === undefined ? '' : ` năm ${integerWords(year, region)}`}` }
})

/** 02/9 behind a word of time; else a fraction */
const shortDate = sticky(String.raw`(\d{1,2})\/(\d{1,2})${END}(?!\/)`, (match, source) => {
  const [, day = '', monthNumber = ''] = match
  if (!validDate(Number(day), Number(monthNumber)) || !before(source, match.index, /(ngày|sáng|trưa|chiều|tối|đêm|hôm|từ|đến|tới|trước|sau|nay|mai|thứ \S+|chủ nhật),?\s*\(?$/iu)) return null
  const said = before(source, match.index, /(ngày)\s*$/i)
  return { spoken: `${said ? '' : 'ngày '}${dayWords(Number(day))} tháng ${monthWords(Number(monthNumber))}` }
})

/** 17h30, 17h, 17:30 */
const time = sticky(String.raw`(\d{1,2})(?:[hg](\d{2})?|:(\d{2}))(?:'|ph)?${END}`, (match) => {
  const [, hour = '', minuteH, minuteColon] = match
  const minute = minuteH ?? minuteColon
  if (Number(hour) > 24 || Number(minute ?? 0) > 59) return null
  return { spoken: `${integerWords(hour)} giờ${minute === undefined || Number(minute) === 0 ? '' : ` ${integerWords(minute)} phút`}` }
})

/** A dash between two spoken values: from … to … */
const until = sticky(String.raw`\s*[-–—]\s*(?=\d)`, (match, _source, { afterSpan }) => (afterSpan ? { spoken: ' đến ', length: match[0].length } : null))

/** 0912 345 678: before numbers, which would read the zero away */
const phone = sticky(String.raw`(0\d{3})[ .]?(\d{3})[ .]?(\d{3,4})${END}`, (match) => ({ spoken: match.slice(1).map(digitWords).join(', ') }))

/** gọi 112, tổng đài 1022 */
const shortPhone = sticky(String.raw`(\d{3,8})${END}`, (match, source) => (before(source, match.index, /(gọi|gọi số|tổng đài|đường dây nóng|hotline|số máy|điện thoại|ĐT):?\s*$/iu) ? { spoken: digitWords(match[1] ?? '') } : null))

/** 24/24, 3/4 */
const fraction = sticky(String.raw`(\d{1,4})\/(\d{1,4})${END}(?!\/)`, (match, _source, { region }) => {
  const [, over = '', under = ''] = match
  if (Number(over) < Number(under) && Number(under) <= 10) return { spoken: `${integerWords(over, region)} phần ${under === '4' ? 'tư' : integerWords(under, region)}` }
  return { spoken: `${integerWords(over, region)} trên ${integerWords(under, region)}`, doubtful: over !== under }
})

/** 15 - 25%, 103-117 km/h, 3,5 m, 105, -3°C */
const amount = sticky(String.raw`([-−](?=\d))?(${NUMBER})(?:\s*[-–—]\s*(${NUMBER}))?(?:\s?(${UNIT})(?![\p{L}\d]))?`, (match, source, { region, afterSpan }) => {
  const [, minus, first = '', last, unit] = match
  if (minus !== undefined && (afterSpan || before(source, match.index, /[\p{L}\d]$/u))) return null
  const tail = source[match.index + match[0].length] ?? ''
  // A code, not a number: 4G, 2Ab12.
  if (unit === undefined && /[\p{L}]/u.test(tail)) return null
  const glued = unit !== undefined && unit.length === 1 && /[a-z]/.test(unit) && /\s/.test(match[0]) && last === undefined && !first.includes(',') && unit !== 'm'
  const words = [minus === undefined ? '' : 'âm', numberWords(first, region), ...(last === undefined ? [] : ['đến', numberWords(last, region)]), unit === undefined ? '' : (units[unit] ?? unit)]
  return { spoken: words.filter((word) => word !== '').join(' '), doubtful: glued || first.length > 15 }
})

/** quý III, khóa XV */
const roman = sticky(String.raw`(quý|khóa|khoá|thế kỷ|đại hội|lần thứ|thứ|chương|phần|kỳ|lần|cấp|mục|tập|vùng)\s+([IVXLC]+)${END}`.replace(/^\((.*?)\)/, (_all, words: string) => `(${words}|${words.split('|').map((word) => word[0]?.toLocaleUpperCase('vi') + word.slice(1)).join('|')})`), (match, _source, { region }) => {
  const value = romanValue(match[2] ?? '')
  return value === null ? null : { spoken: `${match[1] ?? ''} ${integerWords(String(value), region)}` }
})

/** QL1A, ĐT 638 */
const road = sticky(String.raw`(${oneOf(Object.keys(roads))})\s?\.?(\d{1,3})([A-ZĐ])?${END}`, (match, _source, { region }) => ({ spoken: `${roads[match[1] ?? ''] ?? ''} ${integerWords(match[2] ?? '', region)}${match[3] === undefined ? '' : ` ${match[3]}`}` }))

const abbreviation = sticky(`(${oneOf(Object.keys(abbreviations))})${END}`, (match) => ({ spoken: abbreviations[match[1] ?? ''] ?? '' }))
const dottedAbbreviation: Rule = (source, at, context) => {
  const hit = abbreviation(source, at, context)
  // TP.Quy Nhơn is written without a space and spoken with one.
  return hit !== null && source[at + hit.length - 1] === '.' && /\p{L}/u.test(source[at + hit.length] ?? '') ? { ...hit, spoken: `${hit.spoken} ` } : hit
}
const gluedAbbreviation = sticky(`(${oneOf(Object.keys(abbreviations).filter((word) => word.endsWith('.')))})(?=\\p{Lu})`, (match) => ({ spoken: `${abbreviations[match[1] ?? ''] ?? ''} ` }))

/** Capitals nobody knows: left as they are, but someone must listen. A whole headline in capitals is not an abbreviation. */
const unknownCapitals = sticky(String.raw`\p{Lu}[\p{Lu}\d&]{1,7}${END}`, (match, source) => {
  const around = source.slice(Math.max(0, match.index - 12), match.index + match[0].length + 12).replace(match[0], '')
  return { spoken: match[0], doubtful: /\p{Ll}/u.test(around) || around.trim() === '' }
})

/** The order of the reading rules. */
export const rules: readonly Rule[] = [documentNumber, fullDate, month, shortDate, time, until, phone, shortPhone, fraction, amount, roman, road, gluedAbbreviation, dottedAbbreviation, unknownCapitals]
