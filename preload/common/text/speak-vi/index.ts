import { rules, type Rule } from './rules.ts'
import type { Region } from './numbers.ts'

export { dayWords, digitWords, integerWords, monthWords, numberWords, romanValue, type Region } from './numbers.ts'

/** A stretch of the source and what is said for it. Joined in order, the spoken parts are the whole text. */
export interface SpokenSpan {
  /** UTF-16 positions in the NFC text. */
  readonly start: number
  readonly end: number
  readonly spoken: string
  /** To be listened to before it goes on air: the writing can be read in more than one way. */
  readonly doubtful: boolean
}
export interface SpokenText {
  readonly text: string
  /** The source in NFC, which the spans point into. */
  readonly source: string
  readonly spans: readonly SpokenSpan[]
}
export interface SpeakOptions {
  readonly region?: Region
  /** The station's own readings; they come before every rule, longest first. */
  readonly dictionary?: Readonly<Record<string, string>>
}

const WORD = /[\p{L}\p{M}\d]/u

/** Vietnamese as written → as spoken: numbers, dates, times, units, document numbers, abbreviations. Pure; never throws on any text. */
export function speakVi(text: string, options: SpeakOptions = {}): SpokenText {
  const source = text.normalize('NFC')
  const region = options.region ?? 'north'
  const all: readonly Rule[] = [dictionaryRule(options.dictionary ?? {}), ...rules]
  const spans: SpokenSpan[] = []
  let plainFrom = 0
  let at = 0
  const closePlain = (): void => {
    if (plainFrom < at) spans.push({ start: plainFrom, end: at, spoken: source.slice(plainFrom, at), doubtful: false })
  }
  while (at < source.length) {
    const inWord = at > 0 && WORD.test(source[at - 1] ?? '') && WORD.test(source[at] ?? '')
    const hit = inWord ? null : firstHit(all, source, at, region, spans.at(-1)?.end === at && plainFrom === at)
    if (hit === null) {
      at++
      continue
    }
    closePlain()
    spans.push({ start: at, end: at + hit.length, spoken: hit.spoken, doubtful: hit.doubtful ?? false })
    at += hit.length
    plainFrom = at
  }
  closePlain()
  return { source, spans, text: spans.map((span) => span.spoken).join('').replace(/[ \t]{2,}/g, ' ').trim() }
}

function firstHit(all: readonly Rule[], source: string, at: number, region: Region, afterSpan: boolean): { length: number; spoken: string; doubtful?: boolean } | null {
  for (const rule of all) {
    const hit = rule(source, at, { region, afterSpan })
    if (hit !== null && hit.length > 0) return hit
  }
  return null
}

function dictionaryRule(dictionary: Readonly<Record<string, string>>): Rule {
  const entries = Object.entries(dictionary).map(([written, spoken]) => [written.normalize('NFC'), spoken] as const).filter(([written]) => written !== '').sort(([a], [b]) => b.length - a.length)
  return (source, at) => {
    for (const [written, spoken] of entries) {
      if (source.startsWith(written, at) && !WORD.test(source[at + written.length] ?? '')) return { length: written.length, spoken }
    }
    return null
  }
}
