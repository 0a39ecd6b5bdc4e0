import { speakVi } from '../text/speak-vi/index.ts'
import { RATE_HZ, samples } from '../units/samples.ts'
import type { Samples } from '../units/samples.ts'

/** A reader breathes at the end of a sentence and of a paragraph; commas are part of the speed. */
const SENTENCE_MS = 250
const PARAGRAPH_MS = 450
const SYLLABLE = /[\p{L}\p{M}\d]+/gu
const SENTENCE_END = /[.!?…](?=\s|$)/gu
const PARAGRAPH_END = /\S[^\S\n]*\n/gu

export interface Reading {
  /** Words as people count them in a text: between blanks. */
  readonly words: number
  /** Syllables (tiếng) as they will be spoken: `17h30` is six of them. */
  readonly syllables: number
  readonly lengthSamples: Samples
}

/**
 * How long a script takes to read.
 * @param syllablesPerMinute of continuous speech, without the breath between sentences
 */
export function readingOf(script: string, syllablesPerMinute: number): Reading {
  const text = script.trim()
  if (text === '') return { words: 0, syllables: 0, lengthSamples: samples(0) }
  const syllables = [...speakVi(text).text.matchAll(SYLLABLE)].length
  const pauseMs = [...text.matchAll(SENTENCE_END)].length * SENTENCE_MS + [...text.matchAll(PARAGRAPH_END)].length * PARAGRAPH_MS
  return { words: text.split(/\s+/u).length, syllables, lengthSamples: samples(Math.round(((syllables / syllablesPerMinute) * 60 + pauseMs / 1000) * RATE_HZ)) }
}

/**
 * The speed at which scripts that are recorded were really read; null while there is less than half a minute to judge by.
 * Music or an interview would give nonsense: only speeds a mouth can do are believed.
 */
export function measuredSpeed(read: readonly { readonly script: string; readonly lengthSamples: number }[]): number | null {
  let syllables = 0
  let seconds = 0
  for (const { script, lengthSamples } of read) {
    const { syllables: own } = readingOf(script, 200)
    const pauses = readingOf(script, 1e9).lengthSamples / RATE_HZ
    const speech = lengthSamples / RATE_HZ - pauses
    const speed = speech > 0 ? (own / speech) * 60 : 0
    if (speed < 100 || speed > 350) continue
    syllables += own
    seconds += speech
  }
  return seconds < 30 ? null : Math.round((syllables / seconds) * 60)
}
