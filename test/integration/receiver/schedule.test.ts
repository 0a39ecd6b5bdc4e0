import { readdirSync } from 'node:fs'
import { afterEach, expect, test } from 'vitest'
import { decodeReference, difference, exactShift, openBench, readSounded, type Bench } from '../../support/radio/bench.ts'
import { babble, noise } from '../../support/signals.ts'
import { until } from '../../support/until.ts'

let bench: Bench | null = null
afterEach(async () => {
  await bench?.close()
  bench = null
})
const sleepUntil = (at: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, Math.max(0, at - Date.now())))

test('a paired radio sounds its slots from the cache on the planned sample, and finishes them after the station was killed', async () => {
  bench = await openBench()
  const { radio, out, dir } = await bench.addRadio('SPK-000001')
  const first = bench.wav('first', babble(4, 3))
  const second = bench.wav('second', noise({ dbfs: -20, seconds: 5, seed: 7 }))
  const startAt = Math.ceil((Date.now() + 9000) / 1000) * 1000
  const ver = await bench.plan([{ sound: first, startAt }, { sound: second, startAt: startAt + 4000, chainStart: false }])
  await until('the radio holds the plan', () => (radio.figures()?.manifestVer === ver && radio.figures()?.have === radio.figures()?.need ? true : undefined), 8000)

  await sleepUntil(startAt + 1500)
  expect(radio.figures()).toMatchObject({ run: 'schedule', src: 'file' })
  // In the middle of the second item the station is gone, without a word.
  await sleepUntil(startAt + 5500)
  await bench.station.kill()
  await sleepUntil(startAt + 9500)
  const figures = radio.figures()
  await radio.close()

  const sounded = readSounded(out)
  const held = readdirSync(`${dir}/content`).filter((name) => /^[0-9a-f]{64}$/.test(name))
  const references = (await Promise.all(held.map((name) => decodeReference(`${dir}/content/${name}`)))).filter((one) => one.length === 4 * 48_000 || one.length === 5 * 48_000).sort((a, b) => a.length - b.length)
  expect(references.map((one) => one.length)).toEqual([4 * 48_000, 5 * 48_000])
  const at = sounded.at(startAt)
  // Sample for sample what an independent decoder makes of the same files, without a gap between them.
  const played = sounded.pcm.subarray(at, at + 9 * 48_000)
  const [one = new Int16Array(), two = new Int16Array()] = references
  const shift = exactShift(sounded.pcm, at, one, 48) ?? Number.NaN
  expect(Math.abs(shift)).toBeLessThanOrEqual(48)
  expect(difference(sounded.pcm.subarray(at + shift + one.length), two)).toEqual({ different: 0, worst: 0 })
  expect(played.length).toBe(9 * 48_000)
  expect(sounded.pcm.subarray(at + shift + 9 * 48_000, at + shift + 9 * 48_000 + 4800).every((value) => value === 0)).toBe(true)
  expect(sounded.missingSamples).toBe(0)
  expect(figures?.connected).toBe(false)
}, 60_000)
