import { describe, expect, it } from 'vitest'
import { wallSamples } from '#common/playout/index.ts'
import { isHeldBack } from '../../../main/station/air/bus/embargo.ts'

const at = Date.parse('2026-11-21T17:00:00+07:00')

describe('an embargo on the bus', () => {
  it('holds a line that a key brings forward, up to the sample of its end', () => {
    expect([-1, 0, 1].map((samples) => isHeldBack({ notBeforeMs: at }, wallSamples(at) + samples))).toEqual([true, false, false])
  })
  it('holds nothing that has none, and nothing that has no time yet', () => {
    expect(isHeldBack({}, 0)).toBe(false)
    expect(isHeldBack({ notBeforeMs: at }, null)).toBe(false)
  })
})
