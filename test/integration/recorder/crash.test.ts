import { describe, expect, it } from 'vitest'
import { crashOnce } from '../../support/recorder/crash-run.ts'

describe('a station killed without warning while recording', () => {
  it.each([1_350, 2_480, 3_910])('after %i ms loses at most one second, and every kept sample is the spoken one', async (killAfterMs) => {
    const result = await crashOnce(killAfterMs)
    expect(result.lostMs).toBeLessThanOrEqual(1_000)
    expect(result.keptFrames).toBeGreaterThanOrEqual(result.acknowledgedFrames)
    expect(result.firstWrongFrame).toBe(-1)
    expect(result.headerTrue).toBe(true)
    expect(result.title).toMatch(/^Bản thu khôi phục .* – Thử tắt máy$/)
  })
})
