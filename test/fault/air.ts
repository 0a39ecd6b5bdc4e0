import { parseArgs } from 'node:util'
import { prepareApplication } from '../../main/build/prepared.ts'
import type { AirResult } from '../support/air-fault/judge.ts'
import { BACK_AIM_MS, powerCuts } from '../support/air-fault/power-cuts.ts'
import type { CutResult } from '../support/air-fault/power-cuts.ts'
import { runRelays } from '../support/air-fault/relay-lane.ts'
import { runOnAir } from '../support/air-fault/station-lane.ts'
import { stationScenarios } from '../support/air-fault/station-scenarios.ts'
import { runWindows } from '../support/air-fault/window-lane.ts'
import { seededRandom } from '../support/recorder/fault/random.ts'

/**
 * `npm run fault -- air [--cuts 100] [--seed S] [--only station,relay,window,cuts]`: while counted programmes are on air, the window, the shell, the main
 * thread, the database, the disk, listening windows and ffmpeg are killed and frozen, and every sample of the programme bus is compared with what
 * had to sound. A station that is relayed is killed and frozen: its backup, and then itself, has to be heard. Then power cuts at seeded moments: right item, right position, hole in the as-run. One JSON line per scenario and figure, a
 * summary last; exit code 1 when a promise was broken or something was not carried out.
 */
const { values } = parseArgs({
  options: { cuts: { type: 'string', default: '100' }, seed: { type: 'string', default: String(Date.now() % 1_000_000_000) }, only: { type: 'string', default: 'station,relay,window,cuts' } },
  allowPositionals: true,
})
const cuts = Number(values.cuts)
const seed = Number(values.seed)
if (!Number.isInteger(cuts) || cuts < 1 || !Number.isInteger(seed)) throw new RangeError('--cuts takes a whole number from 1, --seed a whole number')
const only = values.only.split(',')
const say = (line: object): void => console.log(JSON.stringify({ fault: 'air', ...line }))

const began = performance.now()
const results: AirResult[] = []
const cutResults: CutResult[] = []
const failures: string[] = []
const notCarriedOut: { readonly scenario: string; readonly how: string; readonly why: string }[] = []

async function part(name: string, run: () => Promise<void>): Promise<void> {
  if (!only.includes(name)) return
  try {
    await run()
  } catch (error) {
    // The other parts are still worth their time.
    failures.push(name)
    say({ failed: `${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}` })
  }
}

say({ seed, cuts, only })
await part('station', async () => {
  const lane = await runOnAir(stationScenarios)
  results.push(...lane.results)
  notCarriedOut.push(...lane.notCarriedOut)
  for (const result of lane.results) say({ ...result })
})
await part('relay', async () => {
  const found = await runRelays()
  results.push(...found)
  for (const result of found) say({ ...result })
})
await part('window', async () => {
  const prepared = await prepareApplication()
  Object.assign(process.env, prepared.env)
  try {
    const found = await runWindows(prepared.electronArguments.filter((one) => one.startsWith('--log-level')))
    results.push(...found)
    for (const result of found) say({ ...result })
  } finally {
    prepared.close()
  }
})
await part('cuts', async () => {
  cutResults.push(...await powerCuts(cuts, seededRandom(seed), say))
  for (const result of cutResults) if (!result.good) say({ ...result })
  const back = cutResults.map(({ backMs }) => backMs).sort((a, b) => a - b)
  say({
    figure: 'back_ms_after_power_cut', runs: back.length, median: back[back.length >> 1], worst: back.at(-1), aim: BACK_AIM_MS, withinAim: back.filter((ms) => ms <= BACK_AIM_MS).length,
    worstPositionOffMs: Math.max(0, ...cutResults.map(({ positionOffMs }) => positionOffMs)), wrongItems: cutResults.filter(({ rightItem }) => !rightItem).length, withoutHole: cutResults.filter(({ hole }) => !hole).length,
  })
})

for (const one of notCarriedOut) say({ notCarriedOut: `${one.scenario}, ${one.how}`, why: one.why })
const broken = results.filter(({ good }) => !good).length + cutResults.filter(({ good }) => !good).length + failures.length
say({
  summary: true, seed, scenarios: results.length, powerCuts: cutResults.length, broken, notCarriedOut: notCarriedOut.length, wrongSamples: results.filter(({ wrongAtMs }) => wrongAtMs !== -1).length, missingSamples: results.reduce((sum, { missing }) => sum + missing, 0),
  seconds: Math.round((performance.now() - began) / 1000),
})
process.exit(broken === 0 && notCarriedOut.length === 0 ? 0 : 1)
