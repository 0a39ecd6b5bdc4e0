import { describe, expect, test } from 'vitest'
import { createMixer } from '#common/mix/index.ts'
import type { FadeShape, MixPlan, MixRead } from '#common/mix/index.ts'
import { randomSource } from '../../support/signals.ts'

const LENGTH = 480_000
const OVERLAP = 240_000
const noises = [1, 99_991].map((seed) => {
  const next = randomSource(seed)
  return Float32Array.from({ length: LENGTH }, () => next())
})
const readNoise = (same: boolean): MixRead => (source, offset, frames, into) => into[0]?.set((noises[same ? 0 : source] as Float32Array).subarray(offset, offset + frames))
const plan = (shape: FadeShape, rightOffset: number): MixPlan => {
  const fade = { length: OVERLAP, shape }
  const none = { length: 0, shape }
  return {
    sources: [{ channels: 1, length: LENGTH }, { channels: 1, length: LENGTH }], length: 2 * LENGTH - OVERLAP - rightOffset, masterGain: 1,
    segments: [
      { source: 0, start: 0, offset: 0, length: LENGTH, gain: 1, fadeIn: none, fadeOut: fade },
      { source: 1, start: LENGTH - OVERLAP, offset: rightOffset, length: LENGTH - rightOffset, gain: 1, fadeIn: fade, fadeOut: none },
    ],
  }
}
function levelsDb(mix: MixPlan, read: MixRead): number[] {
  const out = new Float32Array(mix.length)
  createMixer(mix, { channels: 1, blockFrames: 4_096 }).render(0, mix.length, [out], read)
  const levels: number[] = []
  for (let at = LENGTH - OVERLAP - 48_000; at + 24_000 <= LENGTH + 48_000 && at + 24_000 <= mix.length; at += 24_000) {
    let sum = 0
    for (let n = at; n < at + 24_000; n++) sum += (out[n] ?? 0) ** 2
    levels.push(10 * Math.log10((sum / 24_000) * 3))
  }
  return levels
}

describe('two clips that overlap with their fades', () => {
  test('keep the level of uncorrelated sound within 0.3 dB when the power is equal', () => {
    for (const level of levelsDb(plan('equalPower', 0), readNoise(false))) expect(Math.abs(level)).toBeLessThan(0.3)
  })

  test('keep correlated sound as it is when the fades are linear, where equal power would rise by 3 dB', () => {
    const same = LENGTH - OVERLAP
    for (const level of levelsDb(plan('linear', same), readNoise(true))) expect(Math.abs(level)).toBeLessThan(0.1)
    expect(Math.max(...levelsDb(plan('equalPower', same), readNoise(true)))).toBeGreaterThan(2.5)
  })
})
