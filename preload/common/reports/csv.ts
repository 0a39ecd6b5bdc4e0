import { cellText } from './table.ts'
import type { ReportTable } from './table.ts'
import type { OffsetAt } from '../timing/zone.ts'

/** What a spreadsheet would take for a formula, in any of its alphabets; a title must never be run. */
const formulaLike = /^[\s\p{Cf}]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20\t\r]/u
/** An apostrophe in front says "text" to a spreadsheet and stays readable to everybody else. */
export const harmless = (text: string): string => (formulaLike.test(text) ? `'${text}` : text)

const quoted = (cell: string): string => (/[",;\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)

/**
 * UTF-8 with byte-order mark and CRLF: office spreadsheets open it with Vietnamese intact. One heading per column, one row per line; quotes doubled,
 * texts that look like formulas made harmless, numbers with a decimal comma.
 */
export function csvOf({ columns, rows }: Pick<ReportTable, 'columns' | 'rows'>, offsetAt: OffsetAt): string {
  const lines = rows.map(({ cells }) => columns.map(({ form }, index) => {
    const value = cells[index] ?? null
    const text = cellText(value, form, offsetAt)
    return typeof value === 'string' ? harmless(text) : text
  }))
  return `\uFEFF${[columns.map(({ heading }) => harmless(heading)), ...lines].map((line) => line.map(quoted).join(',')).join('\r\n')}\r\n`
}
