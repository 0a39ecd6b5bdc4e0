import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { cleanCues, cueRange, cuesWithin, noCues, withIn, withOut } from '#common/cues/index.ts'

const LENGTH = 480_000

describe('cues of an item', () => {
  it('are put in order, one per place, without ends that cut nothing', () => {
    expect(cleanCues({ in: 0, out: LENGTH, points: [{ at: 900, label: ' hai ' }, { at: 100, label: 'một' }, { at: 900, label: 'ba' }] }, LENGTH)).toEqual({ in: null, out: null, points: [{ at: 100, label: 'một' }, { at: 900, label: 'ba' }] })
  })

  it('that make no sense for the length are refused', () => {
    for (const cues of [{ ...noCues, in: LENGTH }, { ...noCues, out: LENGTH + 1 }, { ...noCues, out: 0 }, { ...noCues, in: 10, out: 10 }, { ...noCues, in: 20, out: 10 }, { ...noCues, points: [{ at: LENGTH + 1, label: 'x' }] }, { ...noCues, points: [{ at: 1, label: '  ' }] }]) expect(cleanCues(cues, LENGTH)).toBeNull()
  })

  it('keep in before out, whichever is set last', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: LENGTH - 1 })), { maxLength: 20 }), (steps) => {
      let cues = noCues
      for (const [isIn, at] of steps) {
        cues = isIn ? withIn(cues, at) : withOut(cues, at)
        expect(isIn ? cues.in : cues.out).toBe(at)
        const { start, end } = cueRange(cues, LENGTH)
        expect(start).toBeLessThan(end)
        expect(cleanCues(cues, LENGTH)).toEqual(cues)
      }
    }))
  })

  it('that lie in the kept part move with it', () => {
    expect(cuesWithin({ in: 100, out: 300, points: [{ at: 50, label: 'trước' }, { at: 100, label: 'đầu' }, { at: 299, label: 'cuối' }, { at: 300, label: 'sau' }] }, 100, 300)).toEqual({ in: null, out: null, points: [{ at: 0, label: 'đầu' }, { at: 199, label: 'cuối' }] })
  })
})
