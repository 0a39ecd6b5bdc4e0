import { afterAll, describe, expect, it } from 'vitest'
import { HeadlessLane } from '../../support/recorder/fault/headless.ts'
import { seededRandom } from '../../support/recorder/fault/random.ts'
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

describe('a window and a station, one or both killed while recording', () => {
  const random = seededRandom(20_260_107)
  let lane: Promise<HeadlessLane> | null = null
  afterAll(async () => (await lane)?.[Symbol.asyncDispose](), 60_000)

  it.each((['renderer', 'station', 'all', 'shell', 'station', 'all'] as const).map((kill) => ({ kill, afterMs: Math.round(200 + random() * 1_500), base: Math.floor(random() * 8_388_608) })))('$kill after $afterMs ms', async ({ kill, afterMs, base }) => {
    const result = await (await (lane ??= HeadlessLane.open())).run(kill, afterMs, base)
    expect(result).toMatchObject({ good: true, wrongAt: -1, toldFrames: 0, parts: kill === 'station' ? 2 : 1 })
    // A window that lives gives everything to the next part.
    if (kill === 'station') expect(result.keptFrames).toBe(result.spokenFrames)
  }, 180_000)
})
