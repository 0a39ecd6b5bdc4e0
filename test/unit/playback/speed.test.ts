import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { noFade, wavHeader } from '#common/mix/index.ts'
import { BlockMaker } from '../../../renderer/studio/audio/playback/block-maker.ts'
import { BlockQueue } from '../../../renderer/studio/audio/playback/block-queue.ts'
import { endFrame, playableRate, readAlong, reach, timelineAt } from '../../../renderer/studio/audio/playback/course.ts'
import type { Course } from '../../../renderer/studio/audio/playback/course.ts'
import { Feeder } from '../../../renderer/studio/audio/playback/feeder.ts'
import type { PlayedBlock } from '../../../renderer/studio/audio/playback/feeder.ts'
import type { ReadRange } from '../../../renderer/studio/audio/playback/pcm-cache.ts'
import { GRAIN_HALF_FRAMES, Scrubber } from '../../../renderer/studio/audio/playback/scrubber.ts'

const LENGTH = 100_000
/** Mono 24-bit file whose sample n has the value n: where one is on the timeline can be read from the sound. */
const ramp: ReadRange = async (_url, start, end) => {
  const header = wavHeader('int24', 1, LENGTH)
  const out = new Uint8Array(Math.min(end, header.length + LENGTH * 3) - start)
  for (let at = start; at < start + out.length; at++) {
    const n = Math.floor((at - header.length) / 3)
    out[at - start] = at < header.length ? (header[at] ?? 0) : (n >> (8 * ((at - header.length) % 3))) & 0xff
  }
  return out
}
function maker(): BlockMaker {
  const made = new BlockMaker(ramp)
  made.setPlan({ plan: { sources: [{ channels: 1, length: LENGTH }], segments: [{ source: 0, start: 0, offset: 0, length: LENGTH, gain: 1, fadeIn: noFade, fadeOut: noFade }], length: LENGTH, masterGain: 1 }, channels: 1, urls: ['ramp'] })
  return made
}
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0))

async function heardAlong(course: Course, frames: number): Promise<{ heard: number[]; ended: boolean }> {
  const queue = new BlockQueue()
  const feeder = new Feeder(maker(), { block: (block) => queue.push(block), end: (epoch, position) => queue.finish(epoch, position), failed: (error) => expect.fail(String(error)) })
  const heard: number[] = []
  queue.play(1, course.from)
  feeder.play(1, course)
  const out = new Float32Array(128)
  let ended = false
  while (!ended && heard.length < frames) {
    await settle()
    const before = queue.playhead
    ended = queue.pull([out], 128)
    for (let n = 0; n < queue.playhead - before; n++) heard.push((out[n] ?? 0) * 8388608)
    feeder.progress(1, queue.playhead, queue.takeSpent())
  }
  return { heard, ended }
}

const rates = fc.oneof(fc.constantFrom(-8, -4, -2, -1, -0.5, 0.5, 1, 2, 4, 8), fc.double({ min: -8, max: 8, noNaN: true }).map(playableRate))

describe('playing faster, slower and backwards', () => {
  test('sounds at each frame what the course says, at any speed', async () => {
    await fc.assert(fc.asyncProperty(rates, fc.integer({ min: 0, max: LENGTH }), async (rate, from) => {
      const course = { from, until: null, rate }
      const { heard } = await heardAlong(course, 3_000)
      for (const [n, value] of heard.entries()) {
        const at = timelineAt(course, from + n)
        if (at > 10 && at < LENGTH - 10) expect(Math.abs(value - at)).toBeLessThan(0.01)
      }
    }), { numRuns: 30, seed: 3 })
  })

  test('ends at the end, at the beginning, or where it was told, and at no other frame', async () => {
    expect(endFrame({ from: 100, until: null, rate: 1 }, 500)).toBe(500)
    expect(endFrame({ from: 100, until: 300, rate: 2 }, 500)).toBe(200)
    expect(endFrame({ from: 100, until: null, rate: -4 }, 500)).toBe(125)
    expect(endFrame({ from: 100, until: 60, rate: -1 }, 500)).toBe(140)
    expect(endFrame({ from: 600, until: null, rate: 1 }, 500)).toBe(600)
    const back = await heardAlong({ from: 4_000, until: null, rate: -2 }, 10_000)
    expect([back.ended, back.heard.length]).toEqual([true, 2_000])
  })

  test('at normal speed gives the samples themselves', async () => {
    const { heard } = await heardAlong({ from: 777, until: null, rate: 1 }, 2_000)
    expect(heard).toEqual(Array.from({ length: heard.length }, (_, n) => 777 + n))
  })

  test('asks the mixer for all that it reads', () => {
    fc.assert(fc.property(rates, fc.integer({ min: 0, max: LENGTH }), fc.integer({ min: 0, max: 5_000 }), fc.integer({ min: 1, max: 2_048 }), (rate, from, after, frames) => {
      const course = { from, until: null, rate }
      const { start, end } = reach(course, from + after, frames)
      const out = new Float32Array(frames)
      const input = new Float32Array(end - start).fill(1)
      readAlong(course, from + after, frames, input, start, out)
      // A sample outside of what was asked for would count as silence and pull the mean below 1.
      expect(out.every((value) => Math.abs(value - 1) < 1e-6)).toBe(true)
    }), { seed: 5 })
  })

  test('does not fold what is too high for the speed into the voice', () => {
    const course = { from: 0, until: null, rate: 8 }
    const { start, end } = reach(course, 0, 1_000)
    const whistle = Float32Array.from({ length: end - start }, (_, n) => Math.sin((2 * Math.PI * 12_000 * n) / 48_000))
    const out = new Float32Array(1_000)
    readAlong(course, 0, 1_000, whistle, start, out)
    expect(Math.max(...out.map(Math.abs))).toBeLessThan(0.05)
  })

  test('takes only speeds that can be played', () => {
    expect([playableRate(0), playableRate(Number.NaN), playableRate(99), playableRate(-99), playableRate(1.5)]).toEqual([1, 1, 8, -8, 1.5])
  })
})

describe('scrubbing', () => {
  function bench(): { scrubber: Scrubber; blocks: PlayedBlock[]; failures: unknown[] } {
    const blocks: PlayedBlock[] = []
    const failures: unknown[] = []
    const scrubber = new Scrubber(maker(), { block: (block) => blocks.push(block), end: () => undefined, failed: (error) => failures.push(error) })
    return { scrubber, blocks, failures }
  }

  test('gives one grain around the pointer that begins and ends in silence, and nothing while it rests', async () => {
    const { scrubber, blocks } = bench()
    scrubber.start(7)
    scrubber.aim(7, 50_000)
    for (let n = 0; n < 5; n++) await settle()
    expect(blocks).toHaveLength(1)
    scrubber.progress(7, GRAIN_HALF_FRAMES - 400)
    for (let n = 0; n < 5; n++) await settle()
    expect(blocks.map((block) => [block.epoch, block.position, block.frames])).toEqual([[7, 0, GRAIN_HALF_FRAMES], [7, GRAIN_HALF_FRAMES, GRAIN_HALF_FRAMES]])
    const sound = blocks.flatMap((block) => [...(block.channels[0] ?? [])].map((value) => value * 8388608))
    expect(sound[0]).toBeLessThan(1)
    expect(sound[GRAIN_HALF_FRAMES - 1]).toBeCloseTo(50_000, -1)
    expect(sound.at(-1)).toBeLessThan(1)
    scrubber.progress(7, 2 * GRAIN_HALF_FRAMES)
    await settle()
    expect(blocks).toHaveLength(2)
  })

  test('joins grains of a moving pointer without a hole in level and follows the newest place only', async () => {
    const { scrubber, blocks } = bench()
    scrubber.start(1)
    for (let n = 0; n < 6; n++) {
      // Two moves between grains: the first of them is never heard.
      scrubber.aim(1, 90_000)
      scrubber.aim(1, 20_000 + n * 500)
      scrubber.progress(1, Math.max(0, blocks.length * GRAIN_HALF_FRAMES - 600))
      for (let k = 0; k < 4; k++) await settle()
    }
    const inner = blocks.slice(2, 5).flatMap((block) => [...(block.channels[0] ?? [])].map((value) => value * 8388608))
    expect(Math.min(...inner)).toBeGreaterThan(18_000)
    expect(Math.max(...inner)).toBeLessThan(25_000)
  })

  test('stops with its epoch', async () => {
    const { scrubber, blocks } = bench()
    scrubber.start(1)
    scrubber.stop()
    scrubber.aim(1, 5)
    scrubber.start(2)
    scrubber.aim(1, 5)
    await settle()
    expect(blocks).toEqual([])
  })
})
