import { describe, expect, test } from 'vitest'
import { speechActivity } from '#common/activity/index.ts'
import { createPeakAccumulator, SAMPLES_PER_POINT } from '#common/peaks/index.ts'
import type { Peaks } from '#common/peaks/index.ts'
import { babble, joined, noise, pcmOf, silence } from '../../support/signals.ts'
import type { Signal } from '../../support/signals.ts'

const SECOND = 48_000

/** Peaks as the station stores them, with the RMS of each point. */
function peaksOf(signal: Signal, withBody: boolean): Peaks {
  const accumulator = createPeakAccumulator('int16', signal.length)
  const points: number[] = []
  accumulator.push(pcmOf(signal, 'int16'), (point) => points.push(...point))
  accumulator.end((point) => points.push(...point))
  const channel = signal[0] ?? new Float32Array()
  const length = points.length / 2 / signal.length
  const body = Uint16Array.from({ length }, (_, n) => {
    const piece = channel.subarray(n * SAMPLES_PER_POINT, (n + 1) * SAMPLES_PER_POINT)
    return Math.round(Math.sqrt(piece.reduce((sum, value) => sum + value * value, 0) / piece.length) * 32_768)
  })
  return { rateHz: SECOND, samplesPerPoint: SAMPLES_PER_POINT, channels: signal.length, length, data: Int16Array.from(points), ...(withBody ? { rms: body } : {}) }
}
const room = (seconds: number): Signal => noise({ dbfs: -60, seconds, seed: 3 })

describe('speech activity', () => {
  const spoken = joined(room(1), babble(3, 1), room(1.5), babble(2, 2), room(0.8))

  test.each([['with', true], ['without', false]])('is found %s the body of the sound, within the edge it leaves', (_, withBody) => {
    const found = speechActivity(peaksOf(spoken, withBody))
    expect(found).toHaveLength(2)
    for (const [n, [from, to]] of ([[1, 4], [5.5, 7.5]] as const).entries()) {
      expect(found[n]?.start).toBeLessThanOrEqual(from * SECOND + 4_800)
      expect(found[n]?.start).toBeGreaterThanOrEqual(from * SECOND - 1_920)
      expect(found[n]?.end).toBeGreaterThanOrEqual(to * SECOND - 9_600)
      expect(found[n]?.end).toBeLessThanOrEqual(to * SECOND + 1_920)
    }
  })

  test('is none in an empty room, and everything in a voice without a pause', () => {
    expect(speechActivity(peaksOf(room(2), true))).toEqual([])
    expect(speechActivity(peaksOf(silence(2), true))).toEqual([])
    expect(speechActivity({ rateHz: SECOND, samplesPerPoint: 256, channels: 1, length: 0, data: new Int16Array() })).toEqual([])
    const steady = noise({ dbfs: -20, seconds: 2, seed: 5 })
    expect(speechActivity(peaksOf(steady, true))).toEqual([{ start: 0, end: 2 * SECOND }])
  })

  test('passes over a click', () => {
    const click = joined(room(1), noise({ dbfs: -6, seconds: 0.01, seed: 9 }), room(1), babble(2, 4), room(1))
    expect(speechActivity(peaksOf(click, true))).toHaveLength(1)
  })
})
