import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ulid } from 'ulidx'
import { decodeReference, exactShift, openBench, readSounded, type Bench } from '../../support/radio/bench.ts'
import { babble, noise } from '../../support/signals.ts'
import { until } from '../../support/until.ts'

let bench: Bench
beforeAll(async () => {
  bench = await openBench()
}, 60_000)
afterAll(() => bench.close())
const sleepUntil = (at: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, Math.max(0, at - Date.now())))
const inSeconds = (seconds: number): number => Math.ceil(Date.now() / 1000 + seconds) * 1000
async function referenceOf(dir: string, length: number): Promise<Int16Array> {
  for (const name of readdirSync(`${dir}/content`).filter((one) => /^[0-9a-f]{64}$/.test(one))) {
    const decoded = await decodeReference(`${dir}/content/${name}`)
    if (decoded.length === length) return decoded
  }
  throw new Error('no such content')
}
const held = (radio: { figures(): { manifestVer: number; have: number; need: number } | null }, ver: number): Promise<true> =>
  until('the plan is held', () => (radio.figures()?.manifestVer === ver && radio.figures()?.have === radio.figures()?.need ? true : undefined), 20_000)

test('a radio that is killed in the middle of a slot is back in it, at the place the clock says', async () => {
  const { radio, dir } = await bench.addRadio('SPK-000011')
  const programme = bench.wav('killed', noise({ dbfs: -20, seconds: 13, seed: 31 }))
  const startAt = inSeconds(12)
  const ver = await bench.plan([{ sound: programme, startAt }])
  await held(radio, ver)
  await radio.close()

  const out = `${bench.folder}/killed-out.wav`
  const start = (): ChildProcess => spawn(process.execPath, [fileURLToPath(new URL('../../../main/receiver/index.ts', import.meta.url)), '--station', 'https://127.0.0.1:9', '--data', dir, '--out', out, '--amp-warm-ms', '0'], { stdio: 'ignore' })
  const first = start()
  await sleepUntil(startAt + 3000)
  const gone = once(first, 'exit')
  first.kill('SIGKILL')
  await gone
  const second = start()
  await sleepUntil(startAt + 14_500)
  const ended = once(second, 'exit')
  second.kill('SIGTERM')
  await ended
  const reference = await referenceOf(dir, 13 * 48_000)
  const before = readSounded(out.replace('.wav', '.before.wav'))
  expect(exactShift(before.pcm, before.at(startAt + 1000), reference.subarray(48_000, 48_000 + 24_000), 240)).not.toBeNull()
  const after = readSounded(out)
  // A machine under load may need seconds to start a program; what counts is the place it joins at.
  expect(exactShift(after.pcm, after.at(startAt + 11_000), reference.subarray(11 * 48_000, 13 * 48_000 - 1), 480)).not.toBeNull()
  expect(JSON.parse(readFileSync(`${dir}/flash/letters.json`, 'utf8'))).toMatchObject({ dev: 'SPK-000011' })
}, 90_000)

test('a plan that grows while it sounds goes on without a seam', async () => {
  const { radio, dir, out } = await bench.addRadio('SPK-000012')
  const one = bench.wav('grow-one', noise({ dbfs: -20, seconds: 9, seed: 41 }))
  const two = bench.wav('grow-two', babble(3, 43))
  const startAt = inSeconds(10)
  const lineId = ulid()
  const ver = await bench.plan([{ sound: one, startAt, lineId }])
  await held(radio, ver)
  await sleepUntil(startAt + 1500)
  const grown = await bench.plan([{ sound: one, startAt, lineId }, { sound: two, startAt: startAt + 9000, chainStart: false }])
  expect(grown).toBeGreaterThan(ver)
  await sleepUntil(startAt + 14_500)
  const sounded = readSounded(out)
  const [first, second] = [await referenceOf(dir, 9 * 48_000), await referenceOf(dir, 3 * 48_000)]
  const shift = exactShift(sounded.pcm, sounded.at(startAt), first, 240)
  expect(shift).not.toBeNull()
  expect(exactShift(sounded.pcm, sounded.at(startAt) + (shift ?? 0) + 9 * 48_000, second, 0)).toBe(0)
}, 90_000)

test('a radio without a clock asks for signed time, then obeys', async () => {
  const { radio } = await bench.addRadio('SPK-000013', { noClock: true })
  expect(radio.figures()).toMatchObject({ mode: 'active', connected: true })
  await until('the station was asked', async () => ((await bench.history('SPK-000013')).some((one) => one.summary.includes('clock.need')) ? true : undefined))
}, 60_000)

test('what happens while the station is away is told when it is back', async () => {
  const { radio } = await bench.addRadio('SPK-000014')
  const programme = bench.wav('away', noise({ dbfs: -20, seconds: 2, seed: 51 }))
  const startAt = inSeconds(9)
  const ver = await bench.plan([{ sound: programme, startAt }])
  await held(radio, ver)
  await bench.station.kill()
  await sleepUntil(startAt + 3500)
  await bench.restartStation()
  await until('connected again', () => (radio.figures()?.connected === true ? true : undefined), 60_000)
  const told = await until('the play was told', async () => {
    const kinds = (await bench.history('SPK-000014')).filter((one) => one.kind === 'evt').map((one) => one.summary)
    return kinds.some((one) => one.includes('play.start')) && kinds.some((one) => one.includes('play.end')) ? kinds : undefined
  }, 30_000)
  expect(told.filter((one) => one.includes('play.end'))).toHaveLength(1)
}, 120_000)
