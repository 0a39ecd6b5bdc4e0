import { describe, expect, it } from 'vitest'
import { TAKE_HEADER_BYTES, decodeTakeHeader, encodeTakeHeader } from '../../../main/station/recorder/wav-header.ts'

describe('the head of a take', () => {
  it('says the sizes of a short take as plain RIFF with a JUNK chunk in reserve', () => {
    const bytes = encodeTakeHeader(2, 600)
    const view = new DataView(bytes.buffer)
    expect(Buffer.from(bytes.subarray(0, 4)).toString()).toBe('RIFF')
    expect(Buffer.from(bytes.subarray(12, 16)).toString()).toBe('JUNK')
    expect(view.getUint32(4, true)).toBe(TAKE_HEADER_BYTES - 8 + 600)
    expect(view.getUint32(76, true)).toBe(600)
    expect(decodeTakeHeader(bytes)).toEqual({ channels: 2, claimedBytes: 600 })
  })

  it('counts the pad byte of an odd data chunk in the RIFF size only', () => {
    const view = new DataView(encodeTakeHeader(1, 3).buffer)
    expect(view.getUint32(4, true)).toBe(TAKE_HEADER_BYTES - 8 + 4)
    expect(view.getUint32(76, true)).toBe(3)
  })

  it('becomes RF64 with a ds64 chunk in the same 80 bytes past 4 GiB', () => {
    const size = 5_000_000_004
    const bytes = encodeTakeHeader(2, size)
    const view = new DataView(bytes.buffer)
    expect(bytes.length).toBe(TAKE_HEADER_BYTES)
    expect(Buffer.from(bytes.subarray(0, 4)).toString()).toBe('RF64')
    expect(Buffer.from(bytes.subarray(12, 16)).toString()).toBe('ds64')
    expect(view.getUint32(76, true)).toBe(0xffff_ffff)
    expect(view.getBigUint64(36, true)).toBe(BigInt(size / 6))
    expect(decodeTakeHeader(bytes)).toEqual({ channels: 2, claimedBytes: size })
  })

  it('does not take other bytes for a take', () => {
    expect(decodeTakeHeader(new Uint8Array(TAKE_HEADER_BYTES))).toBeNull()
    expect(decodeTakeHeader(encodeTakeHeader(1, 0).subarray(0, 40))).toBeNull()
    const wrong = encodeTakeHeader(1, 0)
    wrong[70] = 16
    expect(decodeTakeHeader(wrong)).toBeNull()
  })
})
