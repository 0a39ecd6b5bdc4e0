import { chmod, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import ExcelJS from 'exceljs'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Unit } from '#contract/devices.ts'
import { callRoom } from '../../support/context.ts'
import { at, codeOf, FRAMES, monday } from '../planning/house.ts'
import { anAfternoon, openReportsDesk } from './desk.ts'
import type { ReportsDesk } from './desk.ts'

const golden = new URL('../../fixtures/reports/', import.meta.url)
let desk: ReportsDesk
beforeEach(async () => {
  desk = await openReportsDesk()
})
afterEach(() => desk[Symbol.asyncDispose]())

async function sheetOf(path: string): Promise<ExcelJS.Worksheet> {
  const workbook = new ExcelJS.Workbook()
  await workbook.xlsx.readFile(path)
  const [sheet] = workbook.worksheets
  if (sheet === undefined) throw new Error('no sheet')
  return sheet
}
const texts = (sheet: ExcelJS.Worksheet, row: number): string[] => Array.from({ length: sheet.columnCount }, (_, index) => sheet.getCell(row, index + 1).text)

describe('the as-run book as a spreadsheet', () => {
  it('has who, what and when, then a row per line with times, lengths and loudness as numbers, and titles as text', async () => {
    await anAfternoon(desk)
    const job = await desk.save({ kind: 'asRun' }, { format: 'xlsx' })
    expect(job).toMatchObject({ kind: 'report', state: 'done', result: { path: join(desk.folder, 'Nhật ký.xlsx'), rows: '3' } })
    const sheet = await sheetOf(join(desk.folder, 'Nhật ký.xlsx'))
    expect(sheet.name).toBe('Nhật ký phát')
    expect([1, 2, 3].map((row) => sheet.getCell(row, 1).value)).toEqual([desk.house.ctx.settings.get().stationName, 'Sổ nhật ký phát sóng', 'Ngày 16/11/2026'])
    expect(texts(sheet, 5)).toEqual(['Ngày phát', 'STT', 'Giờ theo lịch', 'Giờ dự đoán', 'Giờ phát thật', 'Lệch (ms)', 'Giờ kết thúc', 'Đã phát', 'Tiêu đề', 'Kênh', 'Bắt đầu do', 'Kết thúc do', 'Sửa đổi', 'LUFS', 'Im lặng (s)', 'Mức', 'Người trực'])
    const cell = (row: number, heading: string): ExcelJS.Cell => sheet.getCell(row, texts(sheet, 5).indexOf(heading) + 1)
    // A local wall clock, as the sheet shows it: read back as if it were UTC.
    expect(cell(6, 'Giờ phát thật').value).toEqual(new Date('2026-11-16T17:00:00.040Z'))
    expect(cell(6, 'Ngày phát').value).toEqual(new Date('2026-11-16T00:00:00Z'))
    expect(cell(6, 'Lệch (ms)').value).toBe(40)
    expect(cell(6, 'LUFS').value).toBe(-23.1)
    expect(cell(6, 'Im lặng (s)').value).toBe(0.4)
    expect(cell(6, 'Đã phát').value).toEqual(new Date(Date.UTC(1899, 11, 30, 0, 1, 0)))
    expect(cell(6, 'Tiêu đề').value).toBe('Bản tin chiều: đường ướt, "cẩn thận"')
    expect(['Bắt đầu do', 'Kết thúc do', 'Kênh'].map((heading) => cell(6, heading).value)).toEqual(['Đúng giờ', 'Hết bài', 'Chương trình chính'])
    expect([6, 7, 8].map((row) => cell(row, 'Tiêu đề')).map(({ value, type }) => [value, type])).toEqual([['Bản tin chiều: đường ướt, "cẩn thận"', ExcelJS.ValueType.String], ['Cảnh báo lũ\nkhẩn 🌊', ExcelJS.ValueType.String], ['=Ca khúc', ExcelJS.ValueType.String]])
    expect(['Mức', 'Người trực', 'Bắt đầu do'].map((heading) => cell(7, heading).value)).toEqual([9, 'Phạm Quốc Huy', 'Khẩn cấp'])
    expect(sheet.getCell(10, 1).value).toBe('3 dòng, 3 dòng có tiếng, tổng cộng 0:01:33.')
  })
  it('holds any title, and none becomes a formula', async () => {
    const anyTitle = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.string({ unit: 'binary', maxLength: 60 }), fc.constantFrom('=1+1', '=HYPERLINK("http://a")', '@SUM', '<a>&amp;', '_x0041_', '\u0000\u0008\u001f', '\ud83d', '\ufffe'))
    const titles = fc.sample(anyTitle, { numRuns: 300, seed: 20_261_121 })
    for (const [index, title] of titles.entries()) desk.house.ran(null, { at: at('06:00:00') + index * 1000, samples: FRAMES, title })
    await desk.save({ kind: 'asRun' }, { format: 'xlsx' })
    const sheet = await sheetOf(join(desk.folder, 'Nhật ký.xlsx'))
    const column = texts(sheet, 5).indexOf('Tiêu đề') + 1
    for (const [index, title] of titles.entries()) {
      const cell = sheet.getCell(6 + index, column)
      expect(cell.formula, title).toBeUndefined()
      expect((cell.value ?? '').toString().replaceAll(/\r\n?/g, '\n'), JSON.stringify(title)).toBe(title.replaceAll(/\p{Cs}/gu, '\uFFFD').replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '').replaceAll(/\r\n?/g, '\n'))
    }
  })
})

describe('a CSV', () => {
  it.each([['asRun', 'nhat-ky-phat.csv'], ['reconciliation', 'doi-chieu-lich.csv']] as const)('of the %s is the golden file, byte by byte', async (kind, file) => {
    await anAfternoon(desk)
    await desk.save({ kind }, { format: 'csv' })
    const made = await readFile(join(desk.folder, 'Nhật ký.csv'))
    expect(made.toString('utf8')).toBe((await readFile(new URL(file, golden))).toString('utf8'))
    expect([...made.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
  })
  it('is read by a reader of other people, with the same titles', async () => {
    await anAfternoon(desk)
    await desk.save({ kind: 'asRun' }, { format: 'csv' })
    const sheet = await new ExcelJS.Workbook().csv.readFile(join(desk.folder, 'Nhật ký.csv'), { map: (value: unknown) => value })
    const column = texts(sheet, 1).indexOf('Tiêu đề') + 1
    expect([2, 3, 4].map((row) => sheet.getCell(row, column).value)).toEqual(['Bản tin chiều: đường ướt, "cẩn thận"', 'Cảnh báo lũ\nkhẩn 🌊', "'=Ca khúc"])
  })
})

describe('plan against as-run', () => {
  it('says of every line whether it played, and why not', async () => {
    await anAfternoon(desk)
    const view = await callRoom(desk.reports, 'reports.preview', { kind: 'reconciliation', fromDate: monday, toDate: monday })
    const cell = (row: number, key: string): string => view.rows[row]?.cells[view.columns.findIndex((column) => column.key === key)] ?? ''
    expect(view.rows.map((row, index) => [cell(index, 'title'), cell(index, 'outcome'), cell(index, 'why'), row.tone])).toEqual([
      ['Bản tin chiều: đường ướt, "cẩn thận"', 'Phát đủ, đúng giờ', '', 'ok'], ['=Ca khúc', 'Phát thiếu, muộn', 'Bị ngắt', 'warn'], ['Cảnh báo lũ\nkhẩn 🌊', 'Ngoài lịch', '', 'info'],
      ['Thư chưa duyệt', 'Không phát', 'Tư liệu còn là bản nháp, chưa trình duyệt: dòng này sẽ không phát.', 'bad'],
    ])
    expect(view.sums).toEqual(['Theo lịch 3 dòng: phát đủ 1, phát thiếu 1, không phát 1; ngoài lịch 1.', 'Đúng giờ (lệch không quá 1 giây): 1/2 dòng, 50,0%.'])
  })
})

describe('quotas', () => {
  it('are told by day, by whole week and by unit of the first two levels', async () => {
    const unit = (name: string, code: string, parentId: string | null): Unit => {
      const made: Unit = { id: desk.house.ctx.newId(), parentId, name, level: 'xã', code, group: `g-${code.toLowerCase()}`, order: desk.house.units.length, rev: 1 }
      desk.house.units.push(made)
      return made
    }
    const centre = unit('Trung tâm', 'TT', null)
    unit('Xã lẻ', 'XL', null)
    const commune = unit('Xã Phước Hưng', 'PH', centre.id)
    unit('Thôn An Cửu', 'AC', commune.id)
    await anAfternoon(desk)
    const view = await callRoom(desk.reports, 'reports.preview', { kind: 'quota', fromDate: monday, toDate: '2026-11-17' })
    const cell = (row: number, key: string): string => view.rows[row]?.cells[view.columns.findIndex((column) => column.key === key)] ?? ''
    expect(view.rows.map((row, index) => [cell(index, 'period'), cell(index, 'unit'), cell(index, 'aired'), row.tone])).toEqual([
      ['Ngày 16/11/2026', 'Toàn trạm', '0:01:33', 'ok'], ['Ngày 17/11/2026', 'Toàn trạm', '0:00:00', 'idle'], ['Tuần 16/11/2026 – 22/11/2026', 'Toàn trạm', '0:01:33', 'ok'],
      ['Cả kỳ báo cáo', 'Trung tâm', '0:01:33', 'ok'], ['Cả kỳ báo cáo', 'Xã lẻ', '0:01:33', 'ok'], ['Cả kỳ báo cáo', 'Xã Phước Hưng', '0:01:33', 'ok'],
    ])
    // A minute of news and twenty seconds of alert in a minute and thirty-three: 80 of 93.
    expect([cell(0, 'essential'), cell(0, 'essentialShare'), cell(0, 'verdict'), cell(0, 'foreignShare')]).toEqual(['0:01:20', '86,0', 'Đạt', '14,0'])
  })
})

describe('writing', () => {
  it('never over another file: a taken name gets a number, and no part of a file is left', async () => {
    await anAfternoon(desk)
    await writeFile(join(desk.folder, 'Nhật ký.csv'), 'của người khác')
    await Promise.all([desk.save({ kind: 'asRun' }, { format: 'csv' }), desk.save({ kind: 'asRun' }, { format: 'csv' })])
    expect((await desk.files()).toSorted()).toEqual(['Nhật ký (2).csv', 'Nhật ký (3).csv', 'Nhật ký.csv'])
    expect(await readFile(join(desk.folder, 'Nhật ký.csv'), 'utf8')).toBe('của người khác')
  })
  it('a folder that is not there, a name that is a path and a period that is none are refused before anything is done', async () => {
    expect(await codeOf(desk.save({ kind: 'asRun' }, { format: 'csv', folder: join(desk.folder, 'không có') }))).toBe('folder-missing')
    expect(await codeOf(desk.save({ kind: 'asRun' }, { format: 'csv', name: '../ngoài' }))).toBe('invalid-input')
    for (const [fromDate, toDate] of [['2026-11-17', '2026-11-16'], ['2026-01-01', '2026-12-31'], ['2026-02-30', '2026-03-01']] as const) expect(await codeOf(desk.save({ kind: 'asRun', fromDate, toDate }, { format: 'csv' })), fromDate).toBe('invalid-input')
    expect(await desk.files()).toEqual([])
  })
  it.skipIf(process.getuid?.() === 0)('a folder that may not be written ends the job with an error and leaves nothing', async () => {
    await chmod(desk.folder, 0o555)
    const job = await desk.save({ kind: 'asRun' }, { format: 'xlsx' })
    await chmod(desk.folder, 0o755)
    expect(job.state).toBe('failed')
    expect(await desk.files()).toEqual([])
  })
  it('stands in the audit chain with its period, format and number of rows', async () => {
    await anAfternoon(desk)
    await desk.save({ kind: 'asRun' }, { format: 'csv' })
    const entry = desk.house.ctx.db.prepare("SELECT subject, detail FROM audit WHERE action = 'reports.save'").get()
    expect(entry).toMatchObject({ subject: 'asRun' })
    expect(JSON.stringify(entry)).toContain(monday)
  })
})
