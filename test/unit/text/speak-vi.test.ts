import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { integerWords, numberWords, romanValue, speakVi } from '#common/text/speak-vi/index.ts'

const said = (text: string): string => speakVi(text).text

describe('Vietnamese as it is spoken', () => {
  it.each([
    ['17h30', 'mười bảy giờ ba mươi phút'],
    ['21/11/2026', 'ngày hai mươi mốt tháng mười một năm hai nghìn không trăm hai mươi sáu'],
    ['ngày 02/9', 'ngày mùng hai tháng chín'],
    ['tháng 4/2025', 'tháng tư năm hai nghìn không trăm hai mươi lăm'],
    ['2021 - 2023', 'hai nghìn không trăm hai mươi mốt đến hai nghìn không trăm hai mươi ba'],
    ['Thông tư 39/2020/TT-BTTTT', 'Thông tư số ba mươi chín năm hai nghìn không trăm hai mươi của Bộ Thông tin và Truyền thông'],
    ['6074/KH-UBND', 'Kế hoạch số sáu nghìn không trăm bảy mươi tư của Ủy ban nhân dân'],
    ['1.250.000 đồng', 'một triệu hai trăm năm mươi nghìn đồng'],
    ['3,5 m', 'ba phẩy năm mét'],
    ['0,05%', 'không phẩy không năm phần trăm'],
    ['15 - 25%', 'mười lăm đến hai mươi lăm phần trăm'],
    ['105 hộ', 'một trăm linh năm hộ'],
    ['103-117 km/h', 'một trăm linh ba đến một trăm mười bảy ki-lô-mét một giờ'],
    ['giật cấp 14', 'giật cấp mười bốn'],
    ['2.500 m3/s', 'hai nghìn năm trăm mét khối một giây'],
    ['25-27°C', 'hai mươi lăm đến hai mươi bảy độ xê'],
    ['-3°C', 'âm ba độ xê'],
    ['15,4°N', 'mười lăm phẩy bốn độ vĩ bắc'],
    ['BCH PCTT&TKCN', 'Ban Chỉ huy Phòng chống thiên tai và Tìm kiếm cứu nạn'],
    ['ĐT 0912 345 678', 'điện thoại không chín một hai, ba bốn năm, sáu bảy tám'],
    ['gọi 112', 'gọi một một hai'],
    ['QL1A', 'Quốc lộ một A'],
    ['quý III', 'quý ba'],
    ['24/24 giờ', 'hai mươi tư trên hai mươi tư giờ'],
    ['TP. Quy Nhơn', 'thành phố Quy Nhơn'],
    ['TP.Quy Nhơn', 'thành phố Quy Nhơn'],
    ['từ 7h00 - 9h30 ngày 05/12/2026', 'từ bảy giờ đến chín giờ ba mươi phút ngày mùng năm tháng mười hai năm hai nghìn không trăm hai mươi sáu'],
    ['Công văn số 12/CV-UBND', 'Công văn số mười hai của Ủy ban nhân dân'],
    ['3/4 số hộ', 'ba phần tư số hộ'],
    ['đêm 10/11', 'đêm ngày mùng mười tháng mười một'],
    ['50.000đ/kg', 'năm mươi nghìn đồng một ki-lô-gam'],
    ['tổng đài 1022', 'tổng đài một không hai hai'],
    ['Đại hội XIV', 'Đại hội mười bốn'],
  ])('%s is spoken as %s', (written, spoken) => {
    expect(said(written)).toBe(spoken)
  })

  it.each([
    ['0', 'không'], ['4', 'bốn'], ['10', 'mười'], ['14', 'mười bốn'], ['15', 'mười lăm'], ['21', 'hai mươi mốt'], ['24', 'hai mươi tư'], ['55', 'năm mươi lăm'], ['100', 'một trăm'], ['101', 'một trăm linh một'], ['111', 'một trăm mười một'],
    ['1000', 'một nghìn'], ['1001', 'một nghìn không trăm linh một'], ['2010', 'hai nghìn không trăm mười'], ['1000000', 'một triệu'], ['1000005', 'một triệu không trăm linh năm'], ['2000300000', 'hai tỷ ba trăm nghìn'],
  ])('%s is %s', (digits, words) => {
    expect(integerWords(digits)).toBe(words)
  })

  it('speaks the south with its own words', () => {
    expect(speakVi('2.105 hộ', { region: 'south' }).text).toBe('hai ngàn một trăm lẻ năm hộ')
    expect(numberWords('1.001', 'south')).toBe('một ngàn không trăm lẻ một')
  })

  it('obeys the station\'s dictionary before every rule, longest entry first', () => {
    expect(speakVi('HTX N1 và HTX', { dictionary: { 'HTX N1': 'hợp tác xã N một', HTX: 'hợp tác' } }).text).toBe('hợp tác xã N một và hợp tác')
  })

  it('marks what someone must listen to, and nothing in plain words', () => {
    const doubtful = (text: string) => speakVi(text).spans.filter((span) => span.doubtful).map((span) => text.slice(span.start, span.end))
    expect(doubtful('Công ty XKLĐ tuyển 20 người')).toEqual(['XKLĐ'])
    expect(doubtful('Kính chào bà con. Bản tin có 3 nội dung.')).toEqual([])
  })

  it('leaves codes and words with digits alone', () => {
    expect(said('sóng 4G tốt')).toBe('sóng 4G tốt')
    expect(romanValue('IIII')).toBeNull()
  })

  it('covers the source with its spans exactly and survives any text', () => {
    const piece = fc.oneof(fc.constantFrom('17h30', ' ', '-', '21/11/2026', '%', '°C', 'UBND', '1.000', 'ngày', '/', ',', '0912345678', 'quý IV', 'TP.'), fc.string({ unit: 'grapheme' }))
    fc.assert(fc.property(fc.array(piece), (pieces) => {
      const { source, spans } = speakVi(pieces.join(''))
      let at = 0
      for (const span of spans) {
        expect(span.start).toBe(at)
        expect(span.end).toBeGreaterThan(span.start)
        at = span.end
      }
      expect(at).toBe(source.length)
    }))
  })
})
