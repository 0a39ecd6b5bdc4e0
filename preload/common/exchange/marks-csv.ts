import { RATE_HZ, samples } from '../units/samples.ts'
import type { Mark, MarksRefusal } from './marks.ts'
import { linesOf, MAX_MARKS, oneLine } from './marks.ts'

/**
 * Marks as CSV (RFC 4180): time code for people, samples for programs. Read back by sample, or by time code where a person has written the file.
 * A semicolon is understood as well, because office programs of many languages write it.
 */
const HEADER = ['start', 'end', 'label', 'start_sample', 'end_sample'] as const

export function formatMarksCsv(marks: readonly Mark[]): string {
  const rows = marks.map((mark) => [timeCode(mark.at), timeCode(mark.at + mark.length), field(mark.label), String(mark.at), String(mark.at + mark.length)])
  // The mark at the beginning makes office programs read Vietnamese as UTF-8.
  return `\uFEFF${[[...HEADER], ...rows].map((row) => `${row.join(',')}\r\n`).join('')}`
}

/** A label that begins like a formula must not be run by the office program that opens the file. */
function field(text: string): string {
  const line = oneLine(text)
  const safe = /^[=+\-@]/.test(line) ? `'${line}` : line
  return /[",;\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** `hh:mm:ss.mmm` */
export function timeCode(at: number): string {
  const ms = Math.round((at / RATE_HZ) * 1000)
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0')
  return `${two(ms / 3_600_000)}:${two((ms / 60_000) % 60)}:${two((ms / 1000) % 60)}.${String(ms % 1000).padStart(3, '0')}`
}

/** `[[hh:]mm:]ss[.mmm]` as samples; null when it is no time. */
export function parseTimeCode(text: string): number | null {
  const parts = /^(?:(?:(\d{1,3}):)?(\d{1,2}):)?(\d{1,6})(?:[.,](\d{1,9}))?$/.exec(text.trim())
  if (parts === null) return null
  const [, hours, minutes, seconds, fraction] = parts
  const value = Number(hours ?? 0) * 3_600 + Number(minutes ?? 0) * 60 + Number(seconds) + Number(`0.${fraction ?? '0'}`)
  return Math.round(value * RATE_HZ)
}

export function parseMarksCsv(text: string): Mark[] | MarksRefusal {
  const lines = linesOf(text)
  const head = lines[0] ?? ''
  if (head.trim() === '') return { refused: 'empty', line: 1 }
  const separator = head.includes(';') && !head.includes(',') ? ';' : ','
  const names = cells(head, separator).map((name) => name.trim().toLowerCase())
  const column = (name: (typeof HEADER)[number]): number => names.indexOf(name)
  if (column('start') < 0 && column('start_sample') < 0) return { refused: 'not-this-format', line: 1 }
  const marks: Mark[] = []
  for (const [n, line] of lines.entries()) {
    if (n === 0 || line.trim() === '') continue
    const row = cells(line, separator)
    const start = place(row[column('start_sample')], row[column('start')])
    const end = place(row[column('end_sample')], row[column('end')]) ?? start
    if (start === null || end === null || end < start) return { refused: 'bad-line', line: n + 1 }
    marks.push({ at: samples(start), length: samples(end - start), label: oneLine((row[column('label')] ?? '').replace(/^'(?=[=+\-@])/, '')) })
    if (marks.length > MAX_MARKS) return { refused: 'too-many', line: n + 1 }
  }
  return marks.length === 0 ? { refused: 'empty', line: 1 } : marks
}

function place(exact: string | undefined, time: string | undefined): number | null {
  if (exact !== undefined && /^\d{1,15}$/.test(exact.trim())) return Number(exact)
  return time === undefined ? null : parseTimeCode(time)
}

function cells(line: string, separator: string): string[] {
  const found: string[] = []
  let cell = ''
  let quoted = false
  for (let n = 0; n < line.length; n++) {
    const letter = line.charAt(n)
    if (quoted) {
      if (letter !== '"') cell += letter
      else if (line.charAt(n + 1) === '"') {
        cell += '"'
        n += 1
      } else quoted = false
    } else if (letter === '"' && cell === '') quoted = true
    else if (letter === separator) {
      found.push(cell)
      cell = ''
    } else cell += letter
  }
  return [...found, cell]
}
