import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fold, foldedWords, matchesFolded, oneLine, titleOf } from '#common/text/index.ts'

describe('search folding', () => {
  it('takes away Vietnamese marks and makes đ a d', () => {
    expect(fold('Đài Truyền thanh xã Ngũ Hiệp, ĐƯỜNG làng')).toBe('dai truyen thanh xa ngu hiep, duong lang')
    expect(fold('ắ ằ ẳ ẵ ặ ộ ỡ ữ ỵ')).toBe('a a a a a o o u y')
  })

  it('is the same for composed and decomposed text, and folding twice changes nothing', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(fold(text.normalize('NFD'))).toBe(fold(text.normalize('NFC')))
      expect(fold(fold(text))).toBe(fold(text))
    }))
    expect(fold('Bản tin sáng'.normalize('NFD'))).toBe('ban tin sang')
  })

  it('finds by beginnings of words, in any order', () => {
    expect(matchesFolded('tin ban', 'Bản tin thời tiết')).toBe(true)
    expect(matchesFolded('thoi ti', 'Bản tin thời tiết')).toBe(true)
    expect(matchesFolded('iet', 'Bản tin thời tiết')).toBe(false)
    expect(matchesFolded('', 'gì cũng được')).toBe(true)
    expect(foldedWords('Số 12/2025 – “Lũ”')).toEqual(['so', '12', '2025', 'lu'])
  })
})

describe('titles', () => {
  it('are one line without control characters, composed', () => {
    expect(oneLine('Dòng một\r\nDòng hai\u0000\u2028ba', 200)).toBe('Dòng một Dòng hai ba')
    expect(oneLine('Tin sáng'.normalize('NFD'), 200)).toBe('Tin sáng'.normalize('NFC'))
  })

  it('never end in half an emoji', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 30 }), (text, limit) => {
      const line = oneLine(`${text}🎙️🎙️🎙️`, limit)
      expect(line.length).toBeLessThanOrEqual(limit)
      expect(/\p{Surrogate}/u.test(line) && !/\p{Surrogate}/u.test(text)).toBe(false)
    }))
  })

  it('come from the tag when it says something, else from the file name', () => {
    expect(titleOf('Chào buổi sáng', 'a.mp3')).toBe('Chào buổi sáng')
    expect(titleOf('Track 01', 'ban_tin_sang.mp3')).toBe('ban tin sang')
    expect(titleOf('B\uFFFDn tin', 'Bản tin.mp3')).toBe('Bản tin')
    expect(titleOf(undefined, '.mp3')).toBe('.mp3')
    expect(titleOf('  \n ', '\n.wav')).toBe('Không tên')
  })
})
