import { generateKeyPairSync, sign as signWith } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ulid } from 'ulidx'
import { z } from 'zod'
import { writeLetter } from '#common/letters/index.ts'
import { decodeReference, difference, exactShift, findDelay, openBench, readSounded, type Bench, type Sounded } from '../../support/radio/bench.ts'
import { babble, noise } from '../../support/signals.ts'
import { until } from '../../support/until.ts'

let bench: Bench
let radio: Awaited<ReturnType<Bench['addRadio']>>
const ids = 'SPK-000002'
beforeAll(async () => {
  bench = await openBench()
  radio = await bench.addRadio(ids)
}, 60_000)
afterAll(() => bench.close())
const sleepUntil = (at: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, Math.max(0, at - Date.now())))
const seconds = (ms: number): number => Math.floor(ms / 1000)
const Stream = z.object({ urls: z.array(z.object({ codec: z.string(), url: z.string(), kbps: z.number(), spki: z.array(z.string()) })), token: z.string() })
const steps = async (subject: string): Promise<string[]> => (await bench.history(ids)).filter((one) => one.kind === 'ack' && one.summary.includes(subject)).map((one) => one.summary)

test('a live session is prepared, sounds at its anchored time over the schedule, and the schedule comes back by the clock', async () => {
  const programme = bench.wav('programme', noise({ dbfs: -26, seconds: 16, seed: 5 }))
  const startAt = Math.ceil((Date.now() + 6000) / 1000) * 1000
  const ver = await bench.plan([{ sound: programme, startAt }])
  await until('the plan is held', () => (radio.radio.figures()?.manifestVer === ver && radio.radio.figures()?.have === radio.radio.figures()?.need ? true : undefined))
  const speech = bench.wav('speech', babble(5, 11))
  const sid = ulid()
  const { urls, token } = Stream.parse(await bench.station.ask('openStream', { sid }))
  await sleepUntil(startAt + 2000)
  const order = { sid, streams: urls, token, profile: 'lan', bufferMs: 2000, maxSec: 60, onLoss: 'resume' }
  await bench.station.ask('letter', { letter: { typ: 'live', aud: ['g/all'], leaseSec: 60, prio: 5, claims: { ...order, state: 'prepare' } } })
  await new Promise((resolve) => setTimeout(resolve, 300))
  const { beganAt } = z.object({ beganAt: z.number() }).parse(await bench.station.ask('speak', { sid, wav: speech.wav }))
  const anchor = z.object({ at: z.string(), sample: z.number() }).parse(await until('an anchor', async () => (await bench.station.ask('anchor', { sid })) ?? undefined))
  await bench.station.ask('letter', { letter: { typ: 'live', aud: ['g/all'], leaseSec: 60, prio: 5, claims: { ...order, state: 'start', startAt: new Date().toISOString(), anchor } } })
  await sleepUntil(beganAt + 1500)
  expect(radio.radio.figures()).toMatchObject({ run: 'live', src: 'live' })
  await sleepUntil(beganAt + 6500)
  await bench.station.ask('letter', { letter: { typ: 'live', aud: ['g/all'], leaseSec: 60, prio: 5, claims: { sid, state: 'stop' } } })
  await bench.station.ask('closeStream', { sid })
  await sleepUntil(startAt + 13_000)
  await until('the programme is back', () => (radio.radio.figures()?.run === 'schedule' ? true : undefined), 500)
  await sleepUntil(startAt + 18_500)
  const sounded = readSounded(radio.out)

  // The speech sounds buffer + anchor later than it was spoken; Opus at 32 kbit/s keeps its shape.
  const reference = new Int16Array(readFileSync(speech.wav).subarray(44).buffer.slice(44))
  const expectedAt = sounded.at(Date.parse(anchor.at) + 2000)
  const { delay, correlation } = findDelay(sounded.pcm, reference.subarray(48_000), expectedAt + 48_000, 2400, 2 * 48_000)
  expect(correlation).toBeGreaterThan(0.9)
  expect(Math.abs(delay)).toBeLessThanOrEqual(960)
  // After the session the programme is where the clock says, not where it was left.
  const held = await decodeReferenceOf(radio.dir, 16 * 48_000)
  const at = sounded.at(startAt)
  expectExact(sounded, at + 13 * 48_000, held.subarray(13 * 48_000))
  await until('the station saw it sound', async () => ((await steps('')).length > 0 ? true : undefined))
}, 90_000)

test('a forged letter makes no sound and is reported as refused', async () => {
  const { privateKey } = generateKeyPairSync('ed25519')
  const state = JSON.parse(readFileSync(`${radio.dir}/flash/letters.json`, 'utf8')) as { org: string; trust: { keys: { kid: string; iss: string; types: string[] }[] }; epochs: Record<string, number> }
  const emergency = state.trust.keys.find((key) => key.types.includes('alert'))
  const now = seconds(Date.now())
  const aid = ulid()
  const claims = {
    v: 1, typ: 'alert', id: ulid(), org: state.org, iss: emergency?.iss, aud: [`d/${ids}`], iat: now, exp: now + 600, ep: state.epochs[emergency?.iss ?? ''] ?? 1, rev: 1, prio: 9, aid, state: 'start', siren: 'khac', hazard: 'khac', risk: 4, repeat: 1,
    cap: { identifier: 'x', sender: 'x', sent: new Date().toISOString(), status: 'Actual', msgType: 'Alert', scope: 'Public' },
  }
  const forged = await writeLetter(claims, emergency?.kid ?? '', (bytes) => new Uint8Array(signWith(null, bytes, privateKey)))
  const before = radio.radio.figures()?.rejected ?? 0
  await injectThroughBroker(bench, ids, `alert/${aid}`, forged)
  await until('it was refused', () => ((radio.radio.figures()?.rejected ?? 0) > before ? true : undefined))
  await until('the station knows', async () => ((await bench.history(ids)).some((one) => one.kind === 'evt' && one.summary.includes('sec.reject')) ? true : undefined))
  await new Promise((resolve) => setTimeout(resolve, 500))
  expect(radio.radio.figures()).toMatchObject({ run: 'idle' })
}, 30_000)

test('an alert sounds its stored siren at once and its speech after it, at full volume, over the schedule', async () => {
  const programme = bench.wav('under', noise({ dbfs: -26, seconds: 14, seed: 9 }))
  const startAt = Math.ceil((Date.now() + 6000) / 1000) * 1000
  const ver = await bench.plan([{ sound: programme, startAt }])
  await until('the plan is held', () => (radio.radio.figures()?.manifestVer === ver && radio.radio.figures()?.have === radio.radio.figures()?.need ? true : undefined))
  const message = bench.wav('message', babble(2, 23))
  const { sha256, url } = z.object({ sha256: z.string(), url: z.string() }).parse(await bench.station.ask('content', { file: message.wav, mime: 'audio/wav' }))
  await sleepUntil(startAt + 2000)
  const aid = ulid()
  const pressed = Date.now()
  await bench.station.ask('letter', {
    emergency: true,
    letter: {
      typ: 'alert', aud: ['g/all'], leaseSec: 120, prio: 9,
      claims: {
        aid, state: 'start', siren: 'khac', hazard: 'khac', risk: 4, repeat: 2, gapSec: 1, audio: [{ lang: 'vi-VN', sha256, url }], startAt: new Date(pressed).toISOString(),
        cap: { identifier: 'urn:oid:1', sender: 'x@y.vn', sent: new Date(pressed).toISOString(), status: 'Actual', msgType: 'Alert', scope: 'Public' },
      },
    },
  })
  await until('it is on the output', () => (radio.radio.figures()?.run === 'alert' ? true : undefined), 2000)
  expect(Date.now() - pressed).toBeLessThan(1000)
  await until('the alert is over', () => (radio.radio.figures()?.run === 'schedule' ? true : undefined), 12_000)
  await sleepUntil(startAt + 16_500)
  const sounded = readSounded(radio.out)
  const speech = await decodeReference(message.wav)
  // siren 1.5 s, speech 2 s, gap 1 s, speech again: the same samples twice, three seconds apart.
  const from = sounded.at(pressed)
  let found = -1
  for (let at = from; at < from + 4 * 48_000 && found < 0; at++) if (difference(sounded.pcm.subarray(at, at + 2000), speech.subarray(4000, 6000)).different === 0) found = at - 4000
  expect(found).toBeGreaterThan(0)
  expect(difference(sounded.pcm.subarray(found), speech).different).toBe(0)
  expect(difference(sounded.pcm.subarray(found + 3 * 48_000), speech).different).toBe(0)
  // Before it the siren, from the stored set, once or until the speech was fetched; it began within a second of the button.
  const sirens = await referencesOf(radio.dir, 72_000)
  const sirenAt = Math.min(...[1, 2, 3].map((times) => found - times * 72_000).filter((at) => sirens.some((siren) => difference(sounded.pcm.subarray(at), siren).different === 0)))
  expect((sirenAt - from) / 48).toBeLessThan(1000)
  const held = await decodeReferenceOf(radio.dir, 14 * 48_000)
  const at = sounded.at(startAt)
  expectExact(sounded, at + 12 * 48_000, held.subarray(12 * 48_000))
  expect(sounded.missingSamples).toBe(0)
}, 60_000)

/** Sample for sample within 10 ms of the expected place; says where it breaks when it does not. */
function expectExact(sounded: Sounded, around: number, reference: Int16Array): void {
  const shift = exactShift(sounded.pcm, around, reference.subarray(0, 2000), 480)
  const firstDifferent = shift === null ? -1 : reference.findIndex((value, i) => sounded.pcm[around + shift + i] !== value)
  expect({ shift: shift === null ? null : 'near', firstDifferent, missing: sounded.missingSamples, late: sounded.worstLateMs }).toMatchObject({ shift: 'near', firstDifferent: -1 })
}

async function referencesOf(dir: string, length: number): Promise<Int16Array[]> {
  const names = readdirSync(`${dir}/content`).filter((name) => /^[0-9a-f]{64}$/.test(name))
  return (await Promise.all(names.map((name) => decodeReference(`${dir}/content/${name}`)))).filter((one) => one.length === length)
}
async function decodeReferenceOf(dir: string, length: number): Promise<Int16Array> {
  const [one] = await referencesOf(dir, length)
  if (one === undefined) throw new Error('no such content')
  return one
}

/** What a stolen broker could do: any bytes on any topic. Here through the station's own connection. */
async function injectThroughBroker(on: Bench, dev: string, rest: string, payload: string): Promise<void> {
  await on.station.ask('inject', { dev, rest, payload })
}
