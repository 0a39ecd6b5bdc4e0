import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MAX_WAVE_PX, maxPxPerSec, nextZoom } from '../../../renderer/studio/features/library/preview-zoom.ts'

describe('the zoom of a preview', () => {
  it('never draws wider than an element of Chromium can be, nor finer than the peaks', () => {
    fc.assert(fc.property(fc.double({ min: 0.1, max: 43_200, noNaN: true }), fc.integer({ min: 1, max: 131_072 }), fc.integer({ min: 0, max: 40 }), (seconds, points, steps) => {
      let zoom = 0
      for (let n = 0; n < steps; n++) zoom = nextZoom(zoom, 'in', seconds, points, 320)
      expect(zoom * seconds).toBeLessThanOrEqual(Math.min(MAX_WAVE_PX, Math.max(points, 320)) * 1.000001)
    }))
    expect(maxPxPerSec(10_800, 1e12) * 10_800).toBeLessThanOrEqual(33_554_428)
  })
  it('doubles inwards and comes back to the whole item', () => {
    const once = nextZoom(0, 'in', 100, 10_000, 400)
    expect(once).toBe(8)
    expect(nextZoom(once, 'in', 100, 10_000, 400)).toBe(16)
    expect(nextZoom(once, 'out', 100, 10_000, 400)).toBe(0)
  })
})
