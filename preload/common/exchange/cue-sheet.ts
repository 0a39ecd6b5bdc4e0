import { RATE_HZ, samples } from '../units/samples.ts'
import type { Mark, MarksRefusal } from './marks.ts'
import { linesOf, MAX_MARKS, oneLine } from './marks.ts'

/** A CUE sheet counts in frames of 1/75 s: 640 samples at 48 kHz. */
export const CUE_FRAME_SAMPLES = RATE_HZ / 75
/** The form has two digits for a track. */
const MAX_TRACKS = 99

export interface CueSheet {
  readonly title: string
  readonly performer: string
  /** File the times belong to, no folder. */
  readonly fileName: string
  readonly fileType: 'WAVE' | 'MP3'
}

/** Marks become tracks at the nearest 1/75 s; regions lose their length, because a track lasts to the next one. At most 99. */
export function formatCueSheet(sheet: CueSheet, marks: readonly Mark[]): string {
  const tracks = marks.slice(0, MAX_TRACKS).map((mark, n) => [
    `  TRACK ${String(n + 1).padStart(2, '0')} AUDIO`,
    `    TITLE ${quoted(mark.label === '' ? String(n + 1) : mark.label)}`,
    `    INDEX 01 ${cueTime(mark.at)}`,
  ].join('\r\n'))
  return `${[`PERFORMER ${quoted(sheet.performer)}`, `TITLE ${quoted(sheet.title)}`, `FILE ${quoted(sheet.fileName)} ${sheet.fileType}`, ...tracks].join('\r\n')}\r\n`
}

/** The form knows no escape for a quotation mark. */
const quoted = (text: string): string => `"${oneLine(text).replaceAll('"', '\u2019')}"`
const two = (value: number): string => String(value).padStart(2, '0')

function cueTime(at: number): string {
  const frames = Math.round(at / CUE_FRAME_SAMPLES)
  return `${two(Math.floor(frames / 4_500))}:${two(Math.floor(frames / 75) % 60)}:${two(frames % 75)}`
}

export function parseCueSheet(text: string): Mark[] | MarksRefusal {
  const marks: Mark[] = []
  let isTrack = false
  let title = ''
  let sawFile = false
  for (const [n, line] of linesOf(text).entries()) {
    const words = line.trim()
    if (/^FILE\s/i.test(words)) {
      // Times begin anew with each file, and only one file lies under a project.
      if (sawFile) return { refused: 'bad-line', line: n + 1 }
      sawFile = true
    } else if (/^TRACK\s+\d+/i.test(words)) {
      isTrack = true
      title = ''
    } else if (isTrack && /^TITLE\s/i.test(words)) title = unquoted(words.slice(5))
    else if (/^INDEX\s+0*1\s/i.test(words)) {
      const time = /(\d{1,5}):([0-5]\d):([0-6]\d|7[0-4])$/.exec(words)
      if (!isTrack || time === null) return { refused: 'bad-line', line: n + 1 }
      const frames = (Number(time[1]) * 60 + Number(time[2])) * 75 + Number(time[3])
      marks.push({ at: samples(frames * CUE_FRAME_SAMPLES), length: samples(0), label: title })
      if (marks.length > MAX_MARKS) return { refused: 'too-many', line: n + 1 }
    }
  }
  if (!sawFile && marks.length === 0) return { refused: text.trim() === '' ? 'empty' : 'not-this-format', line: 1 }
  return marks.length === 0 ? { refused: 'empty', line: 1 } : marks
}

const unquoted = (text: string): string => oneLine(text.trim().replace(/^"(.*)"$/, '$1'))
