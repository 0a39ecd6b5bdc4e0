import { parseArgs } from 'node:util'
import { prepareApplication } from '../../main/build/prepared.ts'
import { ElectronLane } from '../support/recorder/fault/electron.ts'
import { HeadlessLane, type Kill, type KillResult } from '../support/recorder/fault/headless.ts'
import { seededRandom } from '../support/recorder/fault/random.ts'
import { blockedWindow, deviceLoss, fullDisk, type ScenarioResult } from '../support/recorder/fault/scenarios.ts'

/**
 * `npm run fault -- recorder [--runs 200] [--seed S] [--electron 40] [--lanes 2]`: kills without warning while counter PCM is recorded, then looks at every
 * sample of what the library got. `--electron N` of the runs happen in the real application (its renderer, shell, station or all are killed), the rest with the
 * window's capture chain in a process of its own before a real station. Then a lost device, a full disk, a blocked window. One JSON line per run and figure,
 * a summary last; exit code 1 when a promise was broken.
 */
const { values } = parseArgs({
  options: { runs: { type: 'string', default: '200' }, seed: { type: 'string', default: String(Date.now() % 1_000_000_000) }, electron: { type: 'string' }, lanes: { type: 'string', default: '2' }, quiet: { type: 'boolean', default: false } },
  allowPositionals: true,
})
const runs = Number(values.runs)
const seed = Number(values.seed)
const inElectron = Math.min(runs, Number(values.electron ?? Math.round(runs / 5)))
const say = (line: object): void => console.log(JSON.stringify({ fault: 'recorder', ...line }))
say({ seed, runs, electron: inElectron, headless: runs - inElectron, note: 'headless = the window\'s capture chain in a process of its own before a real station' })

const random = seededRandom(seed)
const kills: readonly Kill[] = ['renderer', 'shell', 'station', 'all']
/** In the application a dead renderer is the cheapest to bring back: half of its runs. */
const electronKills: readonly Kill[] = ['renderer', 'shell', 'renderer', 'station', 'renderer', 'all']
interface Planned {
  readonly run: number
  readonly kill: Kill
  readonly afterMs: number
  readonly base: number
}
const plan = (count: number, of: readonly Kill[], longestMs: number, first: number): Planned[] => Array.from({ length: count }, (_, i) => ({
  run: first + i, kill: of[i % of.length] ?? 'all', afterMs: Math.round(100 + random() * longestMs), base: Math.floor(random() * 8_388_608),
}))
const headless = plan(runs - inElectron, kills, 3_900, inElectron)
const electron = plan(inElectron, electronKills, 2_900, 0)
const results: KillResult[] = []
const scenarios: ScenarioResult[] = []
const failures: string[] = []

function note(planned: Planned, result: KillResult): void {
  results.push(result)
  if (!values.quiet || !result.good) say({ run: planned.run, ...result })
}
/** Where nothing can be opened, trying each run would only take hours. */
const MOST_FAILURES = 4
function failed(what: string, error: unknown): void {
  const text = `${what}: ${error instanceof Error ? error.message : String(error)}`
  failures.push(text)
  say({ failed: text })
}

/** A run that cannot be carried out is a failure of its own; the lane is opened anew for the next. */
async function headlessLane(): Promise<void> {
  let lane: HeadlessLane | null = null
  for (let planned = headless.shift(); planned !== undefined && failures.length < MOST_FAILURES; planned = headless.shift()) {
    try {
      lane ??= await HeadlessLane.open()
      note(planned, await lane.run(planned.kill, planned.afterMs, planned.base))
    } catch (error) {
      failed(`run ${planned.run} (${planned.kill})`, error)
      await lane?.[Symbol.asyncDispose]().catch(() => undefined)
      lane = null
    }
  }
  await lane?.[Symbol.asyncDispose]()
}

async function electronLane(): Promise<void> {
  const prepared = await prepareApplication()
  Object.assign(process.env, prepared.env)
  const args = prepared.electronArguments.filter((one) => one.startsWith('--log-level'))
  let lane: ElectronLane | null = null
  const inLane = async (what: string, act: (lane: ElectronLane) => Promise<void>): Promise<void> => {
    if (failures.length >= MOST_FAILURES) return
    try {
      lane ??= await ElectronLane.open(args)
      await act(lane)
    } catch (error) {
      failed(what, error)
      await lane?.[Symbol.asyncDispose]().catch(() => undefined)
      lane = null
    }
  }
  for (const planned of electron) await inLane(`run ${planned.run} (${planned.kill}, application)`, async (one) => note(planned, await one.run(planned.kill, planned.afterMs)))
  await inLane('blocked-window', async (one) => void scenarios.push(await blockedWindow(one)))
  await inLane('device-loss', async (one) => void scenarios.push(await deviceLoss(one)))
  await (lane as ElectronLane | null)?.[Symbol.asyncDispose]()
  prepared.close()
}

const began = performance.now()
await Promise.all([...Array.from({ length: Math.max(1, Number(values.lanes)) }, headlessLane), ...(inElectron > 0 ? [electronLane()] : [])])
try {
  scenarios.push(await fullDisk())
} catch (error) {
  failed('full-disk', error)
}

for (const where of ['headless', 'electron'] as const) {
  for (const kill of kills) {
    const of = results.filter((one) => one.where === where && one.kill === kill)
    if (of.length === 0) continue
    const lost = of.map((one) => one.lostMs).sort((a, b) => a - b)
    say({ figure: `lost_ms_after_kill_of_${kill}`, where, runs: of.length, median: lost[Math.floor(lost.length / 2)], worst: lost.at(-1), limit: 1_000, samplesWrong: of.filter((one) => one.wrongAt !== -1).length })
  }
}
for (const scenario of scenarios) say({ figure: 'silently_lost_frames', limit: 0, value: scenario.silentlyLostFrames, ...scenario })
const broken = results.filter((one) => !one.good).length + scenarios.filter((one) => !one.good).length + failures.length
say({ summary: true, seed, runs, carriedOut: results.length, electron: results.filter((one) => one.where === 'electron').length, broken, worstLostMs: Math.max(0, ...results.map((one) => one.lostMs)), silentlyLostFrames: scenarios.reduce((sum, one) => sum + one.silentlyLostFrames, 0), seconds: Math.round((performance.now() - began) / 1_000) })
process.exitCode = broken === 0 && results.length === runs ? 0 : 1
