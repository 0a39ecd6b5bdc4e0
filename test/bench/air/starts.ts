import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { StationClient } from '../../support/station-client.ts'
import { dateOf, importApproved, schedule } from '../../support/on-air.ts'
import { randomSource, wavBytes } from '../../support/signals.ts'
import { recordPipe, recordTap } from '../../support/tap-recorder.ts'
import type { TapRecording } from '../../support/tap-recorder.ts'
import { duringScript, makePipe, runLiquidsoap } from './liquidsoap.ts'
import { sorted } from './spread.ts'

/** Hard starts at times spread over the whole second, heard by another process with its own clock: how late the first sample of each arrives, ms. */
const RATE = 48_000
const CLICK_SECONDS = 0.25
const APART_MS = 1500
const LEAD_MS = 4000
/** Further from its planned time than this, a sound is not that start. */
const NEAR_MS = 450

export interface Starts {
  /** Ascending. */
  readonly late: readonly number[]
  readonly notHeard: number
}

export function plannedStarts(count: number, first: number, seed: number): number[] {
  const random = randomSource(seed)
  return Array.from({ length: count }, (_, n) => first + n * APART_MS + Math.floor(Math.abs(random()) * 1000))
}
/** Longest time that `count` starts may take, with what comes before and behind. */
export function secondsFor(count: number): number {
  return (LEAD_MS + count * (APART_MS + 60) + 3000) / 1000
}

/** A click at sample 0 and its decaying ring, so that it has a loudness. */
function click(): Float32Array {
  return Float32Array.from({ length: Math.round(CLICK_SECONDS * RATE) }, (_, n) => 0.5 * Math.exp(-n / 4000) * Math.cos((2 * Math.PI * 1000 * n) / RATE))
}

/** A start is heard where sound follows a tenth of a second of silence. */
function startsIn(tap: TapRecording, planned: readonly number[]): Starts {
  const arrivals: number[] = []
  let quiet = RATE
  for (const [index, value] of tap.left.entries()) {
    if (value === 0) quiet++
    else {
      if (quiet > RATE / 10) arrivals.push(tap.arrivalOf(index))
      quiet = 0
    }
  }
  const late = planned.flatMap((at) => {
    const arrival = arrivals.find((one) => Math.abs(one - at) < NEAR_MS)
    return arrival === undefined ? [] : [arrival - at]
  })
  return { late: sorted(late), notHeard: planned.length - late.length }
}

export async function importClick(client: StationClient, folder: string): Promise<string> {
  const file = join(folder, 'click.wav')
  await writeFile(file, wavBytes([click()]))
  return (await importApproved(client, file)).id
}

/** @param before runs once everything is planned, and ends with the last start */
export async function ownStarts(options: { client: StationClient; tapPath: string; itemId: string; count: number; seed: number; during: <T>(run: () => Promise<T>) => Promise<T> }): Promise<Starts> {
  const { client, itemId, count, seed } = options
  await using recorder = await recordTap(options.tapPath)
  // Writing the log takes its time on a busy machine; the first start must lie after it.
  const planned = plannedStarts(count, Date.now() + LEAD_MS + count * 60, seed)
  await schedule(client, planned.map((at) => ({ itemId, at })))
  const last = planned.at(-1) ?? 0
  await options.during(() => client.waitFor('air.status', (status) => status.at > last + 1000, last - Date.now() + 20_000))
  const tap = await recorder.stop()
  const { rows } = await client.call('log.asRun', { broadcastDate: dateOf(last) })
  const account = sorted(rows.filter(({ plannedAt }) => plannedAt !== null && planned.includes(plannedAt)).flatMap(({ startErrorUs }) => (startErrorUs === null ? [] : [startErrorUs / 1000])))
  console.error(`  missing samples on the tap: ${tap.missing}; by the station's own account: median ${account[account.length >> 1]?.toFixed(2)} ms, max ${account.at(-1)?.toFixed(2)} ms`)
  return startsIn(tap, planned)
}

/** A wall-clock switch to a tone: nothing to read or decode, the opponent at its best. */
export async function liquidsoapStarts(options: { folder: string; name: string; count: number; seed: number; during: <T>(run: () => Promise<T>) => Promise<T> }): Promise<Starts> {
  const pipe = await makePipe(join(options.folder, `${options.name}.pipe`))
  await using recorder = await recordPipe(pipe)
  const planned = plannedStarts(options.count, Date.now() + LEAD_MS, options.seed)
  const main = `${duringScript('on', planned, CLICK_SECONDS)}\ns = switch(track_sensitive=false, [(on, sine(1000.)), ({true}, blank())])`
  await using liquidsoap = await runLiquidsoap(options.folder, options.name, { main, output: pipe })
  const last = planned.at(-1) ?? 0
  await options.during(() => new Promise((resolve) => setTimeout(resolve, last + 1000 - Date.now())))
  const starts = startsIn(await recorder.stop(), planned)
  if (starts.late.length === 0) throw new Error(`Liquidsoap sounded none of its starts:\n${liquidsoap.said()}`)
  return starts
}
