/**
 * `npm run demo -- [speech.wav]`: the main job without hands, in the real Electron app. Records from a fake microphone that plays the speech, trims,
 * approves, schedules 20 s ahead, listens on three radios, kills the station during the second item and lets the radios finish it from their cache.
 * Ends with one JSON line; exit code 1 when anything differs from what is promised.
 */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect } from '@playwright/test'
import { isRunning, launchStudio } from '../e2e/support/electron-app.ts'
import { makeSpeech } from './demo/speech.ts'
import { Desk, operator } from './demo/desk.ts'
import { trimAndRender } from './demo/editor-steps.ts'
import { judge, type Verdict } from './demo/judge.ts'
import { startRadioProcess, type DemoRadioProcess } from './demo/radios.ts'
import { fetchPcm, signInAs } from './demo/station.ts'
import { recordTap } from './tap-recorder.ts'
import { within } from './waiting.ts'

const START_ERROR_LIMIT_MS = 100
const CORRELATION_LIMIT = 0.99
const BACK_ON_AIR_LIMIT_MS = 5_000
const RECORD_SECONDS = 14
const AHEAD_MS = 20_000

const folder = mkdtempSync(join(tmpdir(), 'vangxa-demo-'))
const shots = join(folder, 'screens')
mkdirSync(shots)
const say = (text: string): void => void process.stdout.write(`${new Date().toISOString().slice(11, 23)}  ${text}\n`)
const pages = ['library', 'recorder', 'editor', 'log', 'air', 'fleet', 'boards', 'emergency', 'reports', 'settings']
const hamlets = [['Thôn An Cửu', 'AC'], ['Thôn Háo Lễ', 'HL'], ['Thôn Luật Lễ', 'LL']] as const
const timeOfDay = (at: number): string => new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Ho_Chi_Minh', hourCycle: 'h23', hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(at)

const given = process.argv[2]
const speech = await makeSpeech(folder, given === undefined ? null : resolve(given))
say(`speech for the microphone: ${speech.first}`)
const studio = await launchStudio({ dataDir: join(folder, 'data'), microphoneWav: speech.first })
const radios: DemoRadioProcess[] = []
let failure: unknown = null
let result: Record<string, unknown> = {}
try {
  result = await run()
} catch (error) {
  failure = error
  say(error instanceof Error ? (error.stack ?? error.message) : String(error))
  await studio.page.screenshot({ path: join(shots, 'failure.png') }).catch(() => undefined)
} finally {
  for (const radio of radios) radio.kill()
  await studio.close()
}
if (failure !== null) {
  process.stdout.write(`${JSON.stringify({ demo: 'failed', folder })}\n`)
  process.exit(1)
}
process.stdout.write(`${JSON.stringify(result)}\n`)
process.exit(result['demo'] === 'ok' ? 0 : 1)

async function run(): Promise<Record<string, unknown>> {
  const { app, page } = studio
  await page.setViewportSize({ width: 1366, height: 768 })
  const desk = new Desk(app, page, shots)
  await desk.setUp()
  say('administrator created, desk open')

  await desk.go('fleet')
  await desk.addUnit('Xã Phước Hưng', 'PH', null)
  for (const [name, code] of hamlets) await desk.addUnit(name, code, 'PH')
  let lock = await studio.stationLock()
  const client = await signInAs(lock, operator)
  const devicesUrl = (await client.call('station.status', {})).devicesUrl
  if (devicesUrl === null) throw new Error('the station has no address for devices')
  for (const [index, [name, code]] of hamlets.entries()) {
    const radio = startRadioProcess(`SPK-DEMO0${index + 1}`, devicesUrl, folder)
    radios.push(radio)
    await desk.pair(await radio.label, `Loa ${name}`, code, radio.digits)
    await desk.activate(radio.id)
    say(`${radio.id} paired: label, six digits, confirmed`)
  }

  await desk.record(RECORD_SECONDS)
  say(`recorded ${RECORD_SECONDS} s from the microphone`)
  await trimAndRender(page, { startSec: 1, endSec: 11 }, 'Bản tin đã cắt', (name) => desk.shot(name))
  say('trimmed on the waveform and rendered')
  await desk.importFile(speech.second, speech.secondTitle)
  await desk.approve('Bản tin đã cắt')
  await desk.approve(speech.secondTitle)
  const items = (await client.call('library.list', { states: ['approved'] })).items
  const find = (title: string) => items.find((item) => item.title === title) ?? (() => { throw new Error(`${title} is not in the library`) })()
  const [first, second] = [find('Bản tin đã cắt'), find(speech.secondTitle)]
  const references = [await fetchPcm(client, lock, first.id, folder), await fetchPcm(client, lock, second.id, folder)]

  const tap = await recordTap(join(studio.dataDir, 'air', 'tap.sock'))
  const startAt = Math.ceil((Date.now() + AHEAD_MS) / 1000) * 1000
  await desk.scheduleAt(first.title, timeOfDay(startAt))
  await desk.scheduleFollowing(second.title)
  await desk.shot('log-planned')
  say(`scheduled at ${timeOfDay(startAt)}, ${((startAt - Date.now()) / 1000).toFixed(1)} s ahead`)
  await desk.go('air')
  await expect(page.getByTestId('air-title')).toContainText(first.title, { timeout: 60_000 })
  await desk.shot('on-air')
  say('on air')

  const secondStartsAt = startAt + first.lengthSamples / 48
  await sleepUntil(secondStartsAt + 4_000)
  lock = await studio.stationLock()
  const killedAt = Date.now()
  process.kill(lock.pid, 'SIGKILL')
  say(`station killed (pid ${lock.pid}) during the second item`)
  client.terminate()
  const before = lock.boot
  await within(newStation(before), 30_000, 'the shell to start a new station')
  say(`a new station runs ${Date.now() - killedAt} ms after the kill`)
  await sleepUntil(secondStartsAt + second.lengthSamples / 48 + 4_000)

  const air = await tap.stop()
  const reborn = air.blocks.find((block) => block.atMs > killedAt && block.connection > (air.blocks[0]?.connection ?? 0))
  const soundsAt = reborn === undefined ? -1 : air.onset(reborn.place)
  const backOnAirMs = soundsAt < 0 ? null : Math.round(air.arrivalOf(soundsAt) - killedAt)
  const verdicts: Verdict[] = []
  for (const radio of radios) {
    const heard = await radio.finish()
    const verdict = judge(heard, startAt, references)
    verdicts.push(verdict)
    say(`${radio.id}: start error ${verdict.startErrorMs.toFixed(2)} ms, correlation ${verdict.correlation.toFixed(4)} (items ${verdict.items.map((item) => item.correlation.toFixed(4)).join(', ')}), missing samples ${verdict.missingSamples}`)
  }
  say(`air back ${backOnAirMs ?? 'never'} ms after the kill`)
  await page.getByTestId('link-state').getByText('Đã nối trạm').waitFor({ timeout: 30_000 })
  for (const name of pages) {
    await desk.go(name)
    await page.waitForTimeout(700)
    await desk.shot(name)
  }
  writeFileSync(join(folder, 'verdicts.json'), JSON.stringify(verdicts, null, 2))
  const matched = verdicts.filter((verdict) => Math.abs(verdict.startErrorMs) <= START_ERROR_LIMIT_MS && verdict.correlation >= CORRELATION_LIMIT && verdict.missingSamples === 0).length
  const ok = matched === radios.length && backOnAirMs !== null && backOnAirMs <= BACK_ON_AIR_LIMIT_MS
  return {
    demo: ok ? 'ok' : 'differs', radios: radios.length, matched, startErrorMsMax: Math.round(Math.max(...verdicts.map((verdict) => Math.abs(verdict.startErrorMs))) * 100) / 100,
    correlationMin: Math.round(Math.min(...verdicts.map((verdict) => verdict.correlation)) * 10_000) / 10_000, missingSamples: verdicts.reduce((sum, verdict) => sum + verdict.missingSamples, 0), backOnAirMs, folder,
  }
}

async function sleepUntil(at: number): Promise<void> {
  await new Promise((done) => setTimeout(done, Math.max(0, at - Date.now())))
}
async function newStation(before: string): Promise<void> {
  for (;;) {
    const lock = await studio.stationLock()
    if (lock.boot !== before && isRunning(lock.pid)) return
    await sleepUntil(Date.now() + 50)
  }
}
