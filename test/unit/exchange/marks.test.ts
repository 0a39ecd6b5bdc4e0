import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CUE_FRAME_SAMPLES, formatAudacityLabels, formatCueSheet, formatMarksCsv, parseAudacityLabels, parseCueSheet, parseMarksCsv, parseTimeCode, timeCode } from '#common/exchange/index.ts'
import type { Mark, MarksRefusal } from '#common/exchange/index.ts'
import { samples } from '#common/units/samples.ts'

const mark = (at: number, length: number, label: string): Mark => ({ at: samples(at), length: samples(length), label })
const some = [mark(0, 0, 'Mở đầu'), mark(48_001, 96_000, 'Tin bão số 9'), mark(518_400_000, 7, 'Câu "nói" lại; lần 2, nữa')]
const labels = fc.string({ unit: 'grapheme', maxLength: 60 }).map((text) => text.normalize('NFC').replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim()).filter((text) => !text.startsWith("'"))
const marks = fc.array(fc.record({ at: fc.nat(4_000_000_000), length: fc.nat(10_000_000), label: labels }).map(({ at, length, label }) => mark(at, length, label)), { minLength: 1, maxLength: 20 })
const refusal = (value: Mark[] | MarksRefusal): string => ('refused' in value ? `${value.refused} ${value.line}` : 'fine')

describe('labels of Audacity', () => {
  test('are written as the program writes them', () => {
    expect(formatAudacityLabels(some.slice(0, 2))).toBe('0.000000000\t0.000000000\tMở đầu\n1.000020833\t3.000020833\tTin bão số 9\n')
  })
  test('come back to the sample', () => fc.assert(fc.property(marks, (list) => {
    expect(parseAudacityLabels(formatAudacityLabels(list))).toEqual(list)
  })))
  test('are read with frequency ranges, a byte order mark and decimal commas', () => {
    expect(parseAudacityLabels('\uFEFF1,5\t2,0\tA\r\n\\\t100.0\t200.0\r\n3.25\t3.25\tB')).toEqual([mark(72_000, 24_000, 'A'), mark(156_000, 0, 'B')])
  })
  test('are refused with the line that is wrong', () => {
    expect(refusal(parseAudacityLabels(''))).toBe('empty 1')
    expect(refusal(parseAudacityLabels('xin chào'))).toBe('not-this-format 1')
    expect(refusal(parseAudacityLabels('0\t1\ta\n5\t4\tb'))).toBe('bad-line 2')
    expect(refusal(parseAudacityLabels('NaN\t1\ta'))).toBe('not-this-format 1')
  })
})

describe('a CUE sheet', () => {
  const sheet = { title: 'Bản tin "sáng"', performer: 'Đài', fileName: 'ban-tin.wav', fileType: 'WAVE' } as const
  test('has a track for each mark at the nearest frame of 1/75 s', () => {
    expect(formatCueSheet(sheet, some.slice(0, 2))).toBe([
      'PERFORMER "Đài"', 'TITLE "Bản tin ’sáng’"', 'FILE "ban-tin.wav" WAVE', '  TRACK 01 AUDIO', '    TITLE "Mở đầu"', '    INDEX 01 00:00:00', '  TRACK 02 AUDIO', '    TITLE "Tin bão số 9"', '    INDEX 01 00:01:00', '',
    ].join('\r\n'))
  })
  test('comes back within half a frame', () => fc.assert(fc.property(marks, (list) => {
    const back = parseCueSheet(formatCueSheet(sheet, list))
    if ('refused' in back) throw new Error(back.refused)
    expect(back.length).toBe(list.length)
    back.forEach((one, n) => expect(Math.abs(one.at - (list[n]?.at ?? 0))).toBeLessThanOrEqual(CUE_FRAME_SAMPLES / 2))
  })))
  test('of another program is read with pregaps and remarks', () => {
    expect(parseCueSheet('REM GENRE News\nFILE "a.mp3" MP3\n TRACK 01 AUDIO\n  TITLE "Một"\n  INDEX 00 00:01:70\n  INDEX 01 00:02:00\n TRACK 02 AUDIO\n  INDEX 01 61:00:01')).toEqual([mark(96_000, 0, 'Một'), mark(61 * 60 * 48_000 + 640, 0, '')])
  })
  test('is refused when it is none, holds two files or a wrong time', () => {
    expect(refusal(parseCueSheet('hello'))).toBe('not-this-format 1')
    expect(refusal(parseCueSheet('FILE "a" WAVE\nFILE "b" WAVE'))).toBe('bad-line 2')
    expect(refusal(parseCueSheet('FILE "a" WAVE\nTRACK 01 AUDIO\nINDEX 01 00:00:75'))).toBe('bad-line 3')
  })
})

describe('marks as CSV', () => {
  test('come back to the sample, with commas and quotation marks in labels', () => fc.assert(fc.property(marks, (list) => {
    expect(parseMarksCsv(formatMarksCsv(list))).toEqual(list)
  })))
  test('written by a person with semicolons and times are read', () => {
    expect(parseMarksCsv('start;end;label\r\n00:00:01,500;00:00:02;Một\r\n1:02:03;;Hai')).toEqual([mark(72_000, 24_000, 'Một'), mark(3_723 * 48_000, 0, 'Hai')])
  })
  test('cannot carry a formula into an office program', () => {
    expect(formatMarksCsv([mark(0, 0, '=1+1')])).toContain(",'=1+1,")
  })
  test('are refused with the line that is wrong', () => {
    expect(refusal(parseMarksCsv('a,b\n1,2'))).toBe('not-this-format 1')
    expect(refusal(parseMarksCsv('start,label\nxx,y'))).toBe('bad-line 2')
    expect(refusal(parseMarksCsv('start,label\n'))).toBe('empty 1')
  })
  test('have time codes for people', () => {
    expect(timeCode(48_000 * 3_723 + 24_000)).toBe('01:02:03.500')
    expect([parseTimeCode('5'), parseTimeCode('1:30'), parseTimeCode('x'), parseTimeCode('')]).toEqual([240_000, 4_320_000, null, null])
  })
})
