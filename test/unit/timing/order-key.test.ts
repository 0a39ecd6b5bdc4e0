import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { isOrderKey, keyBetween } from '#common/timing/order-key.ts'

describe('order keys', () => {
  it('a key always fits between two others, wherever lines are put', () => {
    fc.assert(fc.property(fc.array(fc.nat(), { minLength: 1, maxLength: 200 }), (places) => {
      const keys: string[] = []
      for (const place of places) {
        const at = place % (keys.length + 1)
        keys.splice(at, 0, keyBetween(keys[at - 1] ?? null, keys[at] ?? null))
      }
      expect([...keys].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))).toEqual(keys)
      expect(new Set(keys).size).toBe(keys.length)
      expect(keys.every(isOrderKey)).toBe(true)
    }))
  })

  it('a thousand appended lines keep keys of usable length', () => {
    let last: string | null = null
    for (let n = 0; n < 1000; n++) last = keyBetween(last, null)
    expect(last?.length ?? 0).toBeLessThan(40)
  })

  it('lines squeezed a thousand times into the same place keep their order', () => {
    let low = keyBetween(null, null)
    const high = keyBetween(low, null)
    for (let n = 0; n < 1000; n++) {
      const key = keyBetween(low, high)
      expect(low < key && key < high).toBe(true)
      low = key
    }
  })

  it('bounds in the wrong order are a programming error', () => {
    expect(() => keyBetween('B', 'A')).toThrow(RangeError)
    expect(() => keyBetween('A', 'A')).toThrow(RangeError)
    expect(() => keyBetween('A0', null)).toThrow(RangeError)
  })
})
