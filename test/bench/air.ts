import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { z } from 'zod'
import { temporaryFolder } from '../support/context.ts'
import { packagedStation } from '../support/packaged-station.ts'
import { ownBack, liquidsoapBack } from './air/back-on-air.ts'
import type { Back } from './air/back-on-air.ts'
import { openBenchStation } from './air/bench-station.ts'
import { liquidsoapGaps, ownGaps } from './air/gaps.ts'
import { findLiquidsoap } from './air/liquidsoap.ts'
import { watchOwn } from './air/owned.ts'
import { liquidsoapFailover, ownFailover } from './air/silence.ts'
import { histogram, percentile } from './air/spread.ts'
import { importClick, liquidsoapStarts, ownStarts, secondsFor } from './air/starts.ts'
import type { Starts } from './air/starts.ts'
import { stressed } from './air/stress.ts'
import { printer } from './editor/print.ts'

/**
 * The air beside Liquidsoap on the same machine in one run: hard starts idle and with both cores under stress, gaps, cold start and `kill -9` to
 * audio with the position checked, silence failover, the re-plan of a day. A station as a package has it; both are heard by another process with
 * its own clock. Without Liquidsoap (`apt-get install liquidsoap stress-ng`) its figures of two-core machines stand in, and it is said.
 *
 *   npm run bench -- air [--starts 50] [--transitions 200] [--times 5] [--seed N] [--only starts,gaps,cold,kill9,silence,replan]
 */
const PUBLISHED = { start: { p50: 76, p99: 103, earliest: 50 }, gapSamples: 24, coldSeconds: 1.46, failoverErrorMs: 0 }
const MOST_MS = 15 * 60_000
const POSITION_LIMIT_MS = 100
const THEIR_TRANSITIONS = 20
const execute = promisify(execFile)

const { values } = parseArgs({ options: { starts: { type: 'string', default: '50' }, transitions: { type: 'string', default: '200' }, times: { type: 'string', default: '5' }, seed: { type: 'string', default: String(Date.now() % 100_000) }, only: { type: 'string' } } })
const whole = (name: 'starts' | 'transitions' | 'times' | 'seed'): number => {
  const value = Number(values[name])
  if (!Number.isInteger(value) || value < 1) throw new RangeError(`--${name} takes a whole number from 1`)
  return value
}
const [starts, transitions, times, seed] = [whole('starts'), whole('transitions'), whole('times'), whole('seed')]

watchOwn(MOST_MS)
const print = printer('air')
const liquidsoap = await findLiquidsoap()
console.error(liquidsoap === null ? 'Liquidsoap is not here: its published figures stand in' : `opponent: Liquidsoap ${liquidsoap.version}, measured here; seed ${seed}`)

/** The opponent measured here; null when it is not here or does not play, which is said. */
async function theirs<T>(what: string, measure: () => Promise<T>): Promise<T | null> {
  if (liquidsoap === null) return null
  try {
    return await measure()
  } catch (error) {
    console.error(`Liquidsoap, ${what}: ${error instanceof Error ? error.message : String(error)}; its published figure stands in`)
    return null
  }
}

function showStarts(who: string, { late, notHeard }: Starts): void {
  console.error(`${who}: ${late.length} starts, ${notHeard} not heard, median ${percentile(late, 0.5).toFixed(2)} ms, max ${late.at(-1)?.toFixed(2)} ms\n${histogram(late, late.length > 0 && (late.at(-1) ?? 0) > 40 ? 10 : 2)}`)
}

async function measureStarts(program: string): Promise<void> {
  const idle = <T>(run: () => Promise<T>): Promise<T> => run()
  const loaded = <T>(run: () => Promise<T>): Promise<T> => stressed(secondsFor(starts) + 30, run)
  const folder = await temporaryFolder()
  try {
    const own = await (async () => {
      await using station = await openBenchStation(program, folder.path)
      const shared = { client: station.client, tapPath: station.tapPath, itemId: await importClick(station.client, folder.path), count: starts, seed }
      return { idle: await ownStarts({ ...shared, during: idle }), stress: await ownStarts({ ...shared, during: loaded }) }
    })()
    for (const [suffix, during] of [['', 'idle'], ['_stress', 'stress']] as const) {
      const mine = own[during]
      showStarts(`station, ${during}`, mine)
      const other = await theirs(`starts, ${during}`, () => liquidsoapStarts({ folder: folder.path, name: `starts-${during}`, count: starts, seed, during: during === 'idle' ? idle : loaded }))
      if (other !== null) showStarts(`Liquidsoap, ${during}`, other)
      const versus = other === null ? PUBLISHED.start : { p50: percentile(other.late, 0.5), p99: percentile(other.late, 0.99), earliest: other.late[0] ?? PUBLISHED.start.earliest }
      if (mine.notHeard > 0) throw new Error(`${mine.notHeard} of ${starts} starts were not heard (${during})`)
      print(`start_p50_ms${suffix}`, percentile(mine.late, 0.5), 'ms', versus.p50)
      print(`start_p99_ms${suffix}`, percentile(mine.late, 0.99), 'ms', versus.p99)
      print(`start_earliest_ms${suffix}`, mine.late[0] ?? null, 'ms', versus.earliest)
    }
  } finally {
    await folder.remove()
  }
}

async function measureGaps(program: string): Promise<void> {
  const mine = await ownGaps(program, transitions)
  const other = await theirs('gaps', () => liquidsoapGaps(Math.min(THEIR_TRANSITIONS, transitions)))
  console.error(`station: ${mine.transitions} transitions, at most ${mine.worst} samples missing or too many${other === null ? '' : `; Liquidsoap: ${other.transitions} transitions, at most ${other.worst}`}`)
  print('gap_samples_max', mine.worst, 'samples', other?.worst ?? PUBLISHED.gapSamples)
}

const spread = (who: string, { seconds, worstPositionMs }: Back): string => `${who}: ${seconds.map((one) => one.toFixed(2)).join(', ')} s${worstPositionMs === null ? '' : `, at most ${worstPositionMs.toFixed(1)} ms from its place`}`

async function measureBack(program: string, how: 'cold' | 'kill9'): Promise<void> {
  const mine = await ownBack(program, how, times)
  const other = await theirs(how, () => liquidsoapBack(how, times))
  console.error([`${how}:`, spread('station', mine), ...(other === null ? [] : [spread('Liquidsoap', other)])].join(' '))
  print(how === 'cold' ? 'cold_start_s' : 'kill9_to_audio_s', percentile(mine.seconds, 0.5), 's', other === null ? PUBLISHED.coldSeconds : percentile(other.seconds, 0.5))
  if ((mine.worstPositionMs ?? 0) > POSITION_LIMIT_MS) throw new Error(`back on air ${mine.worstPositionMs?.toFixed(0)} ms from its place`)
}

async function measureSilence(program: string): Promise<void> {
  const other = await theirs('silence', () => liquidsoapFailover(times))
  const versus = other === null ? PUBLISHED.failoverErrorMs : (other.errorsMs.at(-1) ?? null)
  if (other !== null) console.error(`Liquidsoap: away from its ${other.limitSeconds} s by ${other.errorsMs.map((ms) => ms.toFixed(1)).join(', ')} ms`)
  const mine = await ownFailover(program)
  const worst = mine.errorsMs.at(-1) ?? null
  print('silence_failover_error_ms', worst, 'ms', versus, worst === null ? 'nothing took over from a silent item' : undefined)
  if (worst === null) throw new Error('silence failover is not there yet: an item fell silent and nothing took over')
}

/** In a process of its own, so that nothing measured before is in its figure. */
async function measureReplan(): Promise<void> {
  const { stdout } = await execute(process.execPath, [fileURLToPath(new URL('./replan.ts', import.meta.url))], { maxBuffer: 1_000_000 })
  const { figure, value, unit } = z.object({ figure: z.string(), value: z.number(), unit: z.string() }).parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''))
  print(figure, value, unit, null)
}

const parts: Readonly<Record<string, (program: string) => Promise<void>>> = {
  starts: measureStarts, gaps: measureGaps, cold: (program) => measureBack(program, 'cold'), kill9: (program) => measureBack(program, 'kill9'), silence: measureSilence, replan: measureReplan,
}
const program = await packagedStation()
for (const name of values.only?.split(',') ?? Object.keys(parts)) {
  const part = parts[name]
  if (part === undefined) throw new RangeError(`--only knows ${Object.keys(parts).join(', ')}`)
  try {
    await part(program)
  } catch (error) {
    // The other figures are still worth having.
    console.error(`bench air: ${name} failed:`, error)
    process.exitCode = 1
  }
}
process.exit()
