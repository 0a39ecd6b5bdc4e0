import { RATE_HZ } from '../units/samples.ts'
import type { Mark, MarksRefusal } from './marks.ts'
import { linesOf, MAX_MARKS, oneLine, samplesOf } from './marks.ts'

/**
 * Label track of Audacity: `start TAB end TAB label`, seconds with a point. Lines that begin with a backslash carry a frequency range of the
 * label before and are passed over. https://manual.audacityteam.org/man/importing_and_exporting_labels.html
 */
export function formatAudacityLabels(marks: readonly Mark[]): string {
  return marks.map((mark) => `${seconds(mark.at)}\t${seconds(mark.at + mark.length)}\t${oneLine(mark.label)}\n`).join('')
}

/** Nine digits hold a sample at 48 kHz exactly after rounding back. */
const seconds = (at: number): string => (at / RATE_HZ).toFixed(9)

export function parseAudacityLabels(text: string): Mark[] | MarksRefusal {
  const marks: Mark[] = []
  const lines = linesOf(text)
  for (const [n, line] of lines.entries()) {
    if (line.trim() === '' || line.startsWith('\\')) continue
    const [from, to, ...label] = line.split('\t')
    // Some systems write a decimal comma.
    const start = samplesOf(numberOf(from))
    const end = samplesOf(numberOf(to))
    if (start === null || end === null || end < start) return { refused: marks.length === 0 ? 'not-this-format' : 'bad-line', line: n + 1 }
    marks.push({ at: start, length: samplesOf((end - start) / RATE_HZ) ?? start, label: oneLine(label.join(' ')) })
    if (marks.length > MAX_MARKS) return { refused: 'too-many', line: n + 1 }
  }
  return marks.length === 0 ? { refused: 'empty', line: 1 } : marks
}

const numberOf = (text: string | undefined): number => (text === undefined || text.trim() === '' ? Number.NaN : Number(text.trim().replace(',', '.')))
