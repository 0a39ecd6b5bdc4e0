import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createMixer, noFade, wavHeader } from '#common/mix/index.ts'
import type { MixPlan } from '#common/mix/index.ts'
import { BlockMaker } from '../../../renderer/studio/audio/playback/block-maker.ts'
import type { PlaybackPlan } from '../../../renderer/studio/audio/playback/block-maker.ts'
import { BlockQueue } from '../../../renderer/studio/audio/playback/block-queue.ts'
import { AHEAD_FRAMES, Feeder } from '../../../renderer/studio/audio/playback/feeder.ts'
import { PcmCache } from '../../../renderer/studio/audio/playback/pcm-cache.ts'
import type { ReadRange } from '../../../renderer/studio/audio/playback/pcm-cache.ts'

/** A 24-bit mono file whose sample n is n, of any length, without a file. */
function counterFile(length: number): { read: ReadRange; asked: [number, number][] } {
  const header = wavHeader('int24', 1, length)
  const asked: [number, number][] = []
  return {
    asked,
    read: async (_url, start, end) => {
      asked.push([start, end])
      const stop = Math.min(end, header.length + length * 3)
      const out = new Uint8Array(stop - start)
      for (let at = start; at < stop; at++) {
        const n = Math.floor((at - header.length) / 3)
        out[at - start] = at < header.length ? (header[at] ?? 0) : (n >> (8 * ((at - header.length) % 3))) & 0xff
      }
      return out
    },
  }
}
const planFrom = (offset: number, length: number, sourceLength: number): PlaybackPlan => ({
  plan: { sources: [{ channels: 1, length: sourceLength }], segments: [{ source: 0, start: 0, offset, length, gain: 1, fadeIn: noFade, fadeOut: noFade }], length, masterGain: 1 } satisfies MixPlan,
  channels: 1, urls: ['counter'],
})
const settle = async (): Promise<void> => {
  for (let n = 0; n < 40; n++) await Promise.resolve()
}

/** The audio thread in slow motion: 128 frames at a time, reports each 1 024. */
function deck(read: ReadRange): { queue: BlockQueue; feeder: Feeder; heard: number[]; failures: unknown[]; run(frames: number): Promise<boolean>; play(from: number, until?: number): void } {
  const queue = new BlockQueue()
  const failures: unknown[] = []
  const feeder = new Feeder(new BlockMaker(read), { block: (block) => queue.push(block), end: (epoch, position) => queue.finish(epoch, position), failed: (error) => failures.push(error) })
  const heard: number[] = []
  let epoch = 0
  return {
    queue, feeder, heard, failures,
    play(from, until) {
      epoch += 1
      queue.play(epoch, from)
      feeder.play(epoch, { from, until: until ?? null, rate: 1 })
    },
    async run(frames) {
      const out = new Float32Array(128)
      let ended = false
      for (let done = 0; done < frames && !ended; done += 128) {
        const before = queue.playhead
        ended = queue.pull([out], 128)
        for (let n = 0; n < queue.playhead - before; n++) heard.push(Math.round((out[n] ?? 0) * 8388608))
        if (done % 1024 === 0 || ended) feeder.progress(queue.currentEpoch, queue.playhead, queue.takeSpent())
        await settle()
      }
      return ended
    },
  }
}
const count = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n)

describe('playback of an edit list', () => {
  test('gives every sample once, in order, and ends exactly at the end', async () => {
    const { feeder, play, run, heard, queue } = deck(counterFile(40_000).read)
    feeder.setPlan(planFrom(100, 30_001, 40_000))
    play(5)
    await settle()
    expect(await run(60_000)).toBe(true)
    expect(heard).toEqual(count(105, 30_101))
    expect([queue.playhead, queue.underruns, queue.state]).toEqual([30_001, 0, 'stopped'])
  })

  test('stops at the end of a selection', async () => {
    const { feeder, play, run, heard } = deck(counterFile(40_000).read)
    feeder.setPlan(planFrom(0, 40_000, 40_000))
    play(1_000, 9_999)
    await settle()
    expect(await run(60_000)).toBe(true)
    expect(heard).toEqual(count(1_000, 9_999))
  })

  test('an edit while playing is heard within a tenth of a second, without a gap or a repeat', async () => {
    const { feeder, play, run, heard, queue } = deck(counterFile(400_000).read)
    feeder.setPlan(planFrom(0, 100_000, 400_000))
    play(0)
    await settle()
    await run(20_480)
    const at = queue.playhead
    feeder.setPlan(planFrom(200_000, 100_000, 400_000))
    await settle()
    await run(20_480)
    const change = heard.findIndex((value) => value >= 200_000)
    expect(change - at).toBeLessThan(4_800)
    expect(change).toBeGreaterThanOrEqual(at)
    expect(heard.slice(0, change)).toEqual(count(0, change))
    expect(heard.slice(change)).toEqual(count(200_000 + change, 200_000 + heard.length))
    expect(queue.underruns).toBe(0)
  })

  test('an edit that shortens the project past the playhead ends the playback', async () => {
    const { feeder, play, run, queue } = deck(counterFile(400_000).read)
    feeder.setPlan(planFrom(0, 100_000, 400_000))
    play(50_000)
    await settle()
    await run(1_024)
    feeder.setPlan(planFrom(0, 20_000, 400_000))
    await settle()
    expect(await run(60_000)).toBe(true)
    expect(queue.playhead).toBeLessThan(60_000)
  })

  test('a seek throws away what waited', async () => {
    const { feeder, play, run, heard } = deck(counterFile(400_000).read)
    feeder.setPlan(planFrom(0, 300_000, 400_000))
    play(0)
    await settle()
    await run(2_048)
    play(250_000)
    await settle()
    heard.length = 0
    await run(4_096)
    expect(heard).toEqual(count(250_000, 254_096))
  })

  test('runs at most a quarter of a second and a block ahead', async () => {
    const sent: number[] = []
    const feeder = new Feeder(new BlockMaker(counterFile(400_000).read), { block: (block) => sent.push(block.position + block.frames), end: () => undefined, failed: () => undefined })
    feeder.setPlan(planFrom(0, 300_000, 400_000))
    feeder.play(1, { from: 0, until: null, rate: 1 })
    await expect.poll(() => sent.at(-1) ?? 0, { interval: 5, timeout: 10_000 }).toBeGreaterThanOrEqual(AHEAD_FRAMES)
    // What it has it does not go beyond.
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(sent.at(-1)).toBeLessThan(AHEAD_FRAMES + 4_096)
  })

  test('a sound that cannot be fetched stops the playback and says why', async () => {
    const { feeder, play, failures } = deck(async () => {
      throw new Error('no station')
    })
    feeder.setPlan(planFrom(0, 1_000, 1_000))
    play(0)
    await settle()
    expect(failures).toHaveLength(1)
  })
})

describe('the queue of the audio thread', () => {
  const block = (position: number, frames: number, value: number, epoch = 1) => ({ epoch, position, frames, channels: [new Float32Array(frames).fill(value)] })
  const pull = (queue: BlockQueue, frames: number) => {
    const out = [new Float32Array(frames), new Float32Array(frames)]
    queue.pull(out, frames)
    return [...(out[1] ?? [])]
  }

  test('lets time stand still while nothing comes', () => {
    const queue = new BlockQueue()
    queue.play(1, 10)
    queue.push(block(10, 2, 1))
    expect(pull(queue, 4)).toEqual([1, 1, 0, 0])
    expect([queue.playhead, queue.underruns]).toEqual([12, 2])
    queue.push(block(12, 2, 2))
    expect(pull(queue, 2)).toEqual([2, 2])
  })

  test('replaces by position, also inside the block that is being heard', () => {
    const queue = new BlockQueue()
    queue.play(1, 0)
    queue.push(block(0, 8, 1))
    queue.push(block(8, 8, 1))
    expect(pull(queue, 2)).toEqual([1, 1])
    queue.push(block(4, 8, 2))
    expect(pull(queue, 8)).toEqual([1, 1, 2, 2, 2, 2, 2, 2])
  })

  test('keeps what comes before the order it belongs to', () => {
    const queue = new BlockQueue()
    queue.push({ epoch: 2, position: 10, frames: 4, channels: [Float32Array.from([1, 2, 3, 4])] })
    queue.push({ epoch: 3, position: 0, frames: 2, channels: [Float32Array.from([8, 9])] })
    queue.play(2, 10)
    const out = new Float32Array(4)
    queue.pull([out], 4)
    expect([...out]).toEqual([1, 2, 3, 4])
    queue.play(3, 0)
    queue.pull([out], 2)
    expect([...out.subarray(0, 2)]).toEqual([8, 9])
  })

  test('ignores blocks of an older play', () => {
    const queue = new BlockQueue()
    queue.play(2, 0)
    queue.push(block(0, 4, 9, 1))
    expect(pull(queue, 2)).toEqual([0, 0])
    expect(queue.takeSpent()).toHaveLength(1)
  })
})

describe('the cache of sound pieces', () => {
  test('stays under its limit however long the source is, and reads right everywhere', async () => {
    const file = counterFile(5_000_000)
    const cache = new PcmCache(file.read, 1_000_000)
    cache.setSources(['counter'])
    const into = [new Float32Array(1_000)]
    await fc.assert(fc.asyncProperty(fc.nat(4_999_000), async (offset) => {
      await cache.ensure([{ source: 0, offset, frames: 1_000 }])
      cache.read(0, offset, 1_000, into)
      expect([into[0]?.[0], into[0]?.[999]]).toEqual([offset / 8388608, (offset + 999) / 8388608])
      expect(cache.keptBytes).toBeLessThan(1_700_000)
    }), { numRuns: 60 })
  })

  test('fetches a piece once, and the header once', async () => {
    const file = counterFile(200_000)
    const cache = new PcmCache(file.read)
    cache.setSources(['counter'])
    await Promise.all([0, 10, 60_000].map((offset) => cache.ensure([{ source: 0, offset, frames: 100 }])))
    expect(file.asked).toHaveLength(2)
  })

  test('mixing from it equals mixing from memory', async () => {
    const maker = new BlockMaker(counterFile(300_000).read)
    const wanted = planFrom(65_000, 150_000, 300_000)
    maker.setPlan(wanted)
    const direct = createMixer(wanted.plan, { channels: 1, blockFrames: 999 })
    const a = [new Float32Array(2_048)]
    const b = [new Float32Array(2_048)]
    for (const position of [0, 500, 130_000, 149_000]) {
      expect(await maker.make(position, 2_048, a)).toBe(true)
      direct.render(position, 2_048, b, (_s, offset, frames, into) => into[0]?.set(Float32Array.from({ length: frames }, (_, n) => (offset + n) / 8388608)))
      expect(a).toEqual(b)
    }
  })
})
