import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { asciiOf, decodeBext, decodeCart, encodeBext, encodeCart, encodeInfo, headerWithChunks, plainCart } from '../../../main/station/exchange/bwf/index.ts'
import type { Bext } from '../../../main/station/exchange/bwf/index.ts'
import { parseWavHeader } from '#common/mix/index.ts'

const bext: Bext = {
  description: 'Bản tin sáng: Đường làng', originator: 'VangXa Studio', originatorReference: 'VNVX20261121', originationDate: '2026-11-21', originationTime: '05:00:00', timeReference: 864_000_000,
  loudness: { integratedLufs: -23.04, rangeLu: 4.6, truePeakDbtp: -1.23, maxMomentaryLufs: -18.5, maxShortTermLufs: null }, codingHistory: 'A=PCM,F=48000,W=24,M=stereo,T=VangXa Studio\r\n',
}
const letters = fc.string({ unit: fc.constantFrom(...'abc XYZ019.,-'), maxLength: 64 }).map((text) => text.trim())

describe('the broadcast extension chunk', () => {
  test('stands byte for byte where EBU Tech 3285 puts it', () => {
    const bytes = encodeBext(bext)
    const view = new DataView(bytes.buffer)
    expect(bytes.length).toBe(602 + 'A=PCM,F=48000,W=24,M=stereo,T=VangXa Studio\r\n'.length)
    expect(Buffer.from(bytes.subarray(0, 24)).toString('latin1')).toBe('Ban tin sang: Duong lang')
    expect([view.getUint16(346, true), view.getInt16(412, true), view.getInt16(414, true), view.getInt16(416, true), view.getInt16(418, true), view.getInt16(420, true)]).toEqual([2, -2304, 460, -123, -1850, 0x7fff])
    expect(view.getBigUint64(338, true)).toBe(864_000_000n)
  })
  test('comes back, with texts in ASCII', () => {
    expect(decodeBext(encodeBext(bext))).toEqual({ ...bext, description: 'Ban tin sang: Duong lang', codingHistory: bext.codingHistory.trim() })
    expect(decodeBext(encodeBext({ ...bext, loudness: null }))?.loudness).toBeNull()
    expect(decodeBext(new Uint8Array(601))).toBeNull()
  })
  test('of an older version has no loudness, whatever stands in its place', () => {
    const bytes = encodeBext(bext)
    new DataView(bytes.buffer).setUint16(346, 1, true)
    expect(decodeBext(bytes)?.loudness).toBeNull()
  })
})

describe('the cart chunk', () => {
  test('has its fields where AES46 puts them', () => {
    const bytes = encodeCart({ ...plainCart, title: 'Nhạc hiệu', outCue: 'hết', url: 'http://dai.vn', timers: [{ usage: 'AUDs', at: 480 }, { usage: 'EOD', at: 96_000 }] })
    const text = (at: number, count: number): string => Buffer.from(bytes.subarray(at, at + count)).toString('latin1').replace(/\0+$/, '')
    expect([bytes.length, text(0, 4), text(4, 64), text(388, 64), text(452, 10), text(480, 8), text(684, 4), text(692, 4), text(1024, 1024)]).toEqual([2048, '0101', 'Nhac hieu', 'het', '1900-01-01', '23:59:59', 'AUDs', 'EOD ', 'http://dai.vn'])
    expect(new DataView(bytes.buffer).getUint32(688, true)).toBe(480)
  })
  test('comes back', () => fc.assert(fc.property(letters, letters, fc.array(fc.record({ usage: fc.constantFrom('AUDs', 'SEGs', 'INTe'), at: fc.nat(0xffff_fff) }), { maxLength: 8 }), (title, cutId, timers) => {
    const cart = { ...plainCart, title, cutId, timers, tagText: 'dong cuoi' }
    expect(decodeCart(encodeCart(cart))).toEqual(cart)
  })))
  test('of a program that writes UTF-8 or its own code page is still read', () => {
    const bytes = encodeCart(plainCart)
    bytes.set(new TextEncoder().encode('Đài xã'), 4)
    expect(decodeCart(bytes)?.title).toBe('Đài xã')
    bytes.set([0xe9, 0xe8, 0, 0, 0, 0, 0, 0, 0], 4)
    expect(decodeCart(bytes)?.title).toBe('éè')
    expect(decodeCart(bytes.subarray(0, 2047))).toBeNull()
  })
})

describe('a header with chunks', () => {
  const chunks = [{ id: 'bext', bytes: encodeBext(bext) }, { id: 'cart', bytes: encodeCart({ ...plainCart, title: 'abc', tagText: 'x' }) }]
  test('is read by our reader and, with its tags, by ffmpeg', () => {
    const info = encodeInfo({ INAM: 'Bản tin sáng', IART: '' })
    const header = headerWithChunks('int16', 1, 4_800, info === null ? chunks : [...chunks, info])
    expect(parseWavHeader(header)).toEqual({ format: 'int16', channels: 1, rateHz: 48_000, dataOffsetBytes: header.length, length: 4_800 })
    const folder = mkdtempSync(join(tmpdir(), 'vangxa-bwf-'))
    try {
      const path = join(folder, 'a.wav')
      writeFileSync(path, Buffer.concat([header, Buffer.alloc(9_600)]))
      const said = execFileSync('ffmpeg', ['-hide_banner', '-i', path, '-f', 'ffmetadata', '-'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
      expect(said).toContain('title=Bản tin sáng')
      expect(said).toContain('encoded_by=VangXa Studio')
      expect(said).toContain('date=2026-11-21')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
  test('turns into RF64 exactly when the file no longer fits into 32 bits', () => {
    const extra = chunks.reduce((sum, chunk) => sum + 8 + chunk.bytes.length + (chunk.bytes.length & 1), 0)
    const most = Math.floor((0xffffffff - 36 - extra) / 6)
    expect(Buffer.from(headerWithChunks('int24', 2, most, chunks).subarray(0, 4)).toString()).toBe('RIFF')
    const long = headerWithChunks('int24', 2, most + 1, chunks)
    expect(Buffer.from(long.subarray(0, 4)).toString()).toBe('RF64')
    expect(parseWavHeader(long)).toMatchObject({ length: most + 1, dataOffsetBytes: long.length })
  })
})

test('Vietnamese is readable without its diacritics', () => {
  expect(asciiOf('Xã Đường Lâm – “đài” 🎙')).toBe('Xa Duong Lam - "dai" ?')
})
