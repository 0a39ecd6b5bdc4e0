import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cellText, csvOf, harmless } from '#common/reports/index.ts'
import type { ReportColumn } from '#common/reports/index.ts'

const vietnam = (): number => 420
const column = (key: string, form: ReportColumn['form'] = 'text', heading = key): ReportColumn => ({ key, heading, form, widthChars: 10 })
const at = Date.parse('2026-11-21T17:00:05.250+07:00')

describe('a CSV for office spreadsheets', () => {
  it('is UTF-8 with byte-order mark and CRLF, Vietnamese letter by letter', () => {
    const text = csvOf({
      columns: [column('ngày', 'date', 'Ngày phát'), column('giờ', 'instant', 'Giờ phát thật'), column('tiêu đề', 'text', 'Tiêu đề'), column('dài', 'length', 'Đã phát'), column('lệch', 'decimal', 'Lệch (ms)'), column('lufs', 'decimal', 'LUFS'), column('mức', 'count', 'Mức')],
      rows: [{ tone: 'ok', cells: ['2026-11-21', at, 'Bản tin chiều: đường ướt, cẩn thận', 48_000 * 3723, -0.04, -23.04, 3] }, { tone: null, cells: ['2026-11-22', null, '"Ơn trời" mưa\nnắng phải thì', 0, 12.34, null, 9] }],
    }, vietnam)
    expect(text).toBe('\uFEFFNgày phát,Giờ phát thật,Tiêu đề,Đã phát,Lệch (ms),LUFS,Mức\r\n21/11/2026,"17:00:05,2","Bản tin chiều: đường ướt, cẩn thận",1:02:03,"0,0","-23,0",3\r\n22/11/2026,,"""Ơn trời"" mưa\nnắng phải thì",0:00:00,"12,3",,9\r\n')
    expect([...new TextEncoder().encode(text).slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
  })
  it.each(['=1+1', '+84 912', '-rm', '@SUM(A1)', '\t=1', '\r=1', ' =1', '＝1+1', '\u200B=1', '=HYPERLINK("http://x";"bấm")'])('a title that looks like a formula is text: %j', (title) => {
    expect(harmless(title)).toBe(`'${title}`)
  })
  it.each(['Bản tin', '17:00', '3 - 1', 'a=b', '', '🙂=1'])('a title that does not stays as it is: %j', (title) => {
    expect(harmless(title)).toBe(title)
  })
  it('a number of ours is no formula, though it begins with a minus', () => {
    expect(cellText(-23, 'decimal', vietnam)).toBe('-23,0')
    expect(csvOf({ columns: [column('a', 'decimal')], rows: [{ tone: null, cells: [-23] }] }, vietnam)).toContain('"-23,0"')
  })
  const anyText = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }), fc.constantFrom('"', '""', ',', ';', '\r\n', '\n', '=cmd|/c calc', '👨‍👩‍👧', 'Đài «xã»', ' x '))
  it('is read back by the rules of RFC 4180, whatever stands in its cells', () => {
    fc.assert(fc.property(fc.array(fc.array(anyText, { minLength: 3, maxLength: 3 }), { maxLength: 12 }), (rows) => {
      const text = csvOf({ columns: [column('a'), column('b'), column('c')], rows: rows.map((cells) => ({ tone: null, cells })) }, vietnam)
      expect(readCsv(text.slice(1))).toEqual([['a', 'b', 'c'], ...rows.map((cells) => cells.map(harmless))])
    }), { numRuns: 500 })
  })
})

/** RFC 4180, written from its text and from nothing of ours. */
function readCsv(text: string): string[][] {
  const rows: string[][] = []
  let [row, cell, quoted]: [string[], string, boolean] = [[], '', false]
  for (let at = 0; at < text.length; at++) {
    const letter = text[at]
    if (quoted) {
      if (letter !== '"') cell += letter
      else if (text[at + 1] === '"') cell += text[++at]
      else quoted = false
    } else if (letter === '"' && cell === '') quoted = true
    else if (letter === ',') [row, cell] = [[...row, cell], '']
    else if (letter === '\r' && text[at + 1] === '\n') {
      rows.push([...row, cell])
      ;[row, cell] = [[], '']
      at++
    } else cell += letter
  }
  return rows
}
