import { dateAsUtc, timeOfDayMs } from '../timing/zone.ts'
import type { OffsetAt } from '../timing/zone.ts'

/**
 * A report as a table of values, before it becomes text or a spreadsheet. `instant`: UTC ms; `date`: broadcast date; `length`: 48 kHz samples; `decimal`: one digit behind the comma;
 * `percent`: 0–100, the same; `count`: a whole number. Null = nothing to say.
 */
export type CellForm = 'text' | 'date' | 'instant' | 'length' | 'decimal' | 'percent' | 'count'
export interface ReportColumn {
  readonly key: string
  readonly heading: string
  readonly form: CellForm
  /** For paper and spreadsheets. */
  readonly widthChars: number
}
export type RowTone = 'ok' | 'warn' | 'bad' | 'idle' | 'air' | 'info'
export interface ReportRow {
  readonly cells: readonly (string | number | null)[]
  /** How the row stands, for the eye; the words are in the cells. */
  readonly tone: RowTone | null
}
export interface ReportTable {
  readonly title: string
  readonly period: string
  readonly columns: readonly ReportColumn[]
  readonly rows: readonly ReportRow[]
  /** Below the table: what it adds up to. */
  readonly sums: readonly string[]
}

const two = (value: number): string => String(value).padStart(2, '0')
const decimal = (value: number): string => value.toFixed(1).replace('.', ',').replace(/^-(0,0)$/, '$1')

/** 17:00:05,2: tenths, as paper needs no more. */
export function timeText(at: number, offsetAt: OffsetAt): string {
  const tenths = Math.floor(timeOfDayMs(at, offsetAt) / 100)
  const seconds = Math.floor(tenths / 10)
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)},${tenths % 10}`
}
/** 21/11/2026 */
export const dateText = (date: string): string => date.split('-').reverse().join('/')
/** 0:02:03 from samples, rounded to whole seconds. */
export function durationText(lengthSamples: number): string {
  const seconds = Math.round(lengthSamples / 48_000)
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
}

/** What a person reads in a cell: Vietnamese numbers and dates. */
export function cellText(value: string | number | null, form: CellForm, offsetAt: OffsetAt): string {
  if (value === null) return ''
  if (typeof value === 'string') return form === 'date' ? dateText(value) : value
  switch (form) {
    case 'instant': return timeText(value, offsetAt)
    case 'length': return durationText(value)
    case 'decimal': case 'percent': return decimal(value)
    case 'count': case 'text': case 'date': return String(value)
  }
}
/** Days since 1899-12-30, as spreadsheets count them, of the local clock at an instant; fractions are the time of day. */
export function spreadsheetDay(at: number, offsetAt: OffsetAt): number {
  return (at + offsetAt(at) * 60_000) / 86_400_000 + 25_569
}
export const spreadsheetDate = (date: string): number => dateAsUtc(date) / 86_400_000 + 25_569
