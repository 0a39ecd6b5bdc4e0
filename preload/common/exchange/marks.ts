import type { Samples } from '../units/samples.ts'
import { RATE_HZ, samples } from '../units/samples.ts'

/** A marker or labelled region as it travels between programs. Positions are samples at 48 kHz. */
export interface Mark {
  readonly at: Samples
  /** 0 for a point. */
  readonly length: Samples
  readonly label: string
}

/** Why a text is not what it was said to be; `line` counts from 1. Words: `editor.exchange.refusals`. */
export interface MarksRefusal {
  readonly refused: 'empty' | 'not-this-format' | 'bad-line' | 'too-many'
  readonly line: number
}

/** More marks than a programme of a whole day has; a larger file is a mistake. */
export const MAX_MARKS = 2_000
const MAX_SECONDS = 7 * 86_400

/** Labels are one line each in every one of these forms. */
export const oneLine = (text: string): string => text.normalize('NFC').replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim().slice(0, 200)

export function samplesOf(seconds: number): Samples | null {
  return Number.isFinite(seconds) && seconds >= 0 && seconds <= MAX_SECONDS ? samples(Math.round(seconds * RATE_HZ)) : null
}

/** Lines of a text of any system, with a byte order mark left out. */
export const linesOf = (text: string): string[] => text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)
