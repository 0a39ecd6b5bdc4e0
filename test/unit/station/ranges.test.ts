import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readRange } from '../../../main/station/api/ranges.ts'

describe('a byte range', () => {
  const size = 1000
  it.each([
    [undefined, { kind: 'whole' }],
    ['bytes=0-', { kind: 'part', start: 0, end: 999 }],
    ['bytes=0-0', { kind: 'part', start: 0, end: 0 }],
    ['bytes=999-', { kind: 'part', start: 999, end: 999 }],
    ['bytes=500-99999', { kind: 'part', start: 500, end: 999 }],
    ['bytes=-1', { kind: 'part', start: 999, end: 999 }],
    ['bytes=-5000', { kind: 'part', start: 0, end: 999 }],
    ['bytes=1000-', { kind: 'unsatisfiable' }],
    ['bytes=-0', { kind: 'unsatisfiable' }],
    ['bytes=99999999999999999999-', { kind: 'unsatisfiable' }],
    ['bytes=5-2', { kind: 'whole' }],
    ['bytes=-', { kind: 'whole' }],
    ['bytes=0-1,5-6', { kind: 'whole' }],
    ['bytes=a-b', { kind: 'whole' }],
    ['samples=0-1', { kind: 'whole' }],
    ['', { kind: 'whole' }],
  ])('%s', (header, expected) => {
    expect(readRange(header, size)).toEqual(expected)
  })

  it('of an empty file is whole or unsatisfiable', () => {
    expect(readRange(undefined, 0)).toEqual({ kind: 'whole' })
    expect(readRange('bytes=0-', 0)).toEqual({ kind: 'unsatisfiable' })
    expect(readRange('bytes=-5', 0)).toEqual({ kind: 'unsatisfiable' })
  })

  it('never leaves the file, whatever is asked, also past 4 GiB', () => {
    const numbers = fc.oneof(fc.nat(), fc.bigInt({ min: 0n, max: 2n ** 70n }), fc.constant(''))
    fc.assert(fc.property(numbers, numbers, fc.maxSafeNat(), (from, to, bytes) => {
      const range = readRange(`bytes=${from}-${to}`, bytes)
      if (range.kind !== 'part') return
      expect(range.start).toBeGreaterThanOrEqual(0)
      expect(range.end).toBeGreaterThanOrEqual(range.start)
      expect(range.end).toBeLessThan(bytes)
    }))
    expect(readRange('bytes=4294967296-4294967299', 5_000_000_000)).toEqual({ kind: 'part', start: 4_294_967_296, end: 4_294_967_299 })
  })
})
