import { cellText, spreadsheetDate, spreadsheetDay } from '#common/reports/index.ts'
import type { CellForm, ReportTable } from '#common/reports/index.ts'
import type { OffsetAt } from '#common/timing/zone.ts'

/** How a spreadsheet shows a value; texts stay texts, whatever they look like. */
const formats: Readonly<Partial<Record<CellForm, string>>> = { date: 'dd/mm/yyyy', instant: 'hh:mm:ss.0', length: '[h]:mm:ss', decimal: '0.0', percent: '0.0', count: '0' }
const HEAD_ROW = 5
/** A cell holds no more. */
const MOST_CHARS = 32_767
const SECONDS_A_DAY = 86_400

/** One sheet, A4 across: who, what, when; then the table with its head on every page; below it the sums. */
export async function workbookOf(table: ReportTable, facts: { stationName: string; sheetName: string; offsetAt: OffsetAt; now: number }): Promise<Uint8Array> {
  // Hundreds of files for a thing asked for now and then: a station that starts again after a kill must not read them first.
  const { default: ExcelJS } = await import('exceljs')
  const workbook = new ExcelJS.Workbook()
  workbook.created = new Date(facts.now)
  workbook.creator = facts.stationName
  const sheet = workbook.addWorksheet(facts.sheetName, {
    views: [{ state: 'frozen', ySplit: HEAD_ROW }],
    pageSetup: { paperSize: 9, orientation: 'landscape', fitToPage: true, fitToWidth: 1, fitToHeight: 0, printTitlesRow: `${HEAD_ROW}:${HEAD_ROW}`, margins: { left: 0.4, right: 0.4, top: 0.5, bottom: 0.5, header: 0.3, footer: 0.3 } },
    headerFooter: { oddFooter: '&P / &N' },
  })
  for (const [index, column] of table.columns.entries()) {
    const own = sheet.getColumn(index + 1)
    own.width = column.widthChars
    const format = formats[column.form]
    if (format !== undefined) own.numFmt = format
  }
  const title = (row: number, text: string, bold: boolean): void => {
    const cell = sheet.getCell(row, 1)
    cell.value = plain(text)
    cell.numFmt = '@'
    cell.font = { bold, size: bold ? 14 : 11 }
  }
  title(1, facts.stationName, false)
  title(2, table.title, true)
  title(3, table.period, false)
  const head = sheet.getRow(HEAD_ROW)
  for (const [index, { heading }] of table.columns.entries()) {
    const cell = head.getCell(index + 1)
    cell.value = plain(heading)
    cell.font = { bold: true }
    cell.alignment = { wrapText: true, vertical: 'middle' }
    cell.border = { bottom: { style: 'thin' } }
  }
  for (const [index, { cells }] of table.rows.entries()) {
    const row = sheet.getRow(HEAD_ROW + 1 + index)
    for (const [at, { form }] of table.columns.entries()) {
      const value = cells[at] ?? null
      if (value !== null && value !== '') row.getCell(at + 1).value = spreadsheetValue(value, form, facts.offsetAt)
    }
  }
  for (const [index, sum] of table.sums.entries()) title(HEAD_ROW + table.rows.length + 2 + index, sum, false)
  if (table.rows.length > 0) sheet.autoFilter = { from: { row: HEAD_ROW, column: 1 }, to: { row: HEAD_ROW + table.rows.length, column: table.columns.length } }
  return new Uint8Array(await workbook.xlsx.writeBuffer())
}

function spreadsheetValue(value: string | number, form: CellForm, offsetAt: OffsetAt): string | number {
  if (typeof value === 'string') return form === 'date' ? spreadsheetDate(value) : plain(value)
  if (form === 'instant') return spreadsheetDay(value, offsetAt)
  if (form === 'length') return value / 48_000 / SECONDS_A_DAY
  return form === 'text' ? cellText(value, form, offsetAt) : value
}
/** What XML cannot hold is left out; half of a pair of surrogates becomes a mark of its own; what a spreadsheet would read as an escape (`_x0041_`) is escaped. */
const plain = (text: string): string => text.replaceAll(/\p{Cs}/gu, '\uFFFD').replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '').replaceAll(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_').slice(0, MOST_CHARS)
