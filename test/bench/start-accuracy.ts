import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { tapPathOf } from '../../main/station/air/host.ts'
import { temporaryFolder } from '../support/context.ts'
import { dateOf, importApproved, schedule } from '../support/on-air.ts'
import { randomSource, wavBytes } from '../support/signals.ts'
import { foundStation, startStation } from '../support/station.ts'
import { recordTap } from '../support/tap-recorder.ts'
import type { TapRecording } from '../support/tap-recorder.ts'

/**
 * Hard starts of a real station, heard on its program tap by another process with its own clock: how late the first sample of each click
 * arrives. Times are spread over the whole second. Opponent: Liquidsoap 2.1.3, wall-clock switch, 26 starts on a two-core machine.
 *
 *   npm run bench -- start-accuracy [--starts 30]
 */
const LIQUIDSOAP_MS = { p50: 76, p99: 103, earliest: 50 }
const RATE = 48_000
const CLICK_SECONDS = 0.25

const { values } = parseArgs({ options: { starts: { type: 'string', default: '30' }, seed: { type: 'string', default: String(Date.now() % 100_000) } } })
const count = Number(values.starts)
if (!Number.isInteger(count) || count < 1) throw new RangeError('--starts takes a number above 0')

function print(figure: string, value: number, versus: number): void {
  const short = (number: number): number => Math.round(number * 1000) / 1000
  console.log(JSON.stringify({ bench: 'start-accuracy', figure, value: short(value), unit: 'ms', versus, ratio: short(value / versus) }))
}

/** A click at sample 0 and its decaying ring, so that it has a loudness. */
function click(): Float32Array {
  return Float32Array.from({ length: Math.round(CLICK_SECONDS * RATE) }, (_, n) => 0.5 * Math.exp(-n / 4000) * Math.cos((2 * Math.PI * 1000 * n) / RATE))
}

/** For each planned start: how long after it its first sample came, or null when nothing sounded. */
function latenesses(tap: TapRecording, planned: readonly number[]): (number | null)[] {
  const onsets: number[] = []
  let quiet = RATE
  for (const [index, value] of tap.left.entries()) {
    if (value === 0) quiet++
    else {
      if (quiet > RATE / 10) onsets.push(index)
      quiet = 0
    }
  }
  return planned.map((at) => {
    const index = onsets.find((onset) => Math.abs(tap.stationTimeOf(onset) - at) < 500)
    return index === undefined ? null : tap.arrivalOf(index) - at
  })
}

function histogram(late: readonly number[]): string {
  const width = 2
  const bins = new Map<number, number>()
  for (const value of late) bins.set(Math.floor(value / width) * width, (bins.get(Math.floor(value / width) * width) ?? 0) + 1)
  return [...bins].sort(([a], [b]) => a - b).map(([from, n]) => `${String(from).padStart(5)} … ${String(from + width).padStart(4)} ms ${'█'.repeat(n)} ${n}`).join('\n')
}

const data = await temporaryFolder()
try {
  await using station = await startStation({ folder: data.path })
  const { client } = await foundStation(station)
  const file = join(data.path, 'click.wav')
  await writeFile(file, wavBytes([click()]))
  const item = await importApproved(client, file)
  const random = randomSource(Number(values.seed))
  await using recorder = await recordTap(tapPathOf(join(data.path, 'air')))
  // Writing the log takes its time on a busy machine; the first start must lie after it.
  const first = Date.now() + 4000 + count * 250
  const planned = Array.from({ length: count }, (_, n) => first + n * 2000 + Math.floor(Math.abs(random()) * 1000))
  await schedule(client, planned.map((at) => ({ itemId: item.id, at })))
  const last = planned.at(-1) ?? first
  process.stderr.write(`${count} hard starts, seed ${values.seed}, about ${Math.round((last - Date.now()) / 1000)} s\n`)
  await client.waitFor('air.status', (status) => status.at > last + 1000, last - Date.now() + 20_000)
  const tap = await recorder.stop()
  const late = latenesses(tap, planned)
  const heard = late.flatMap((value) => (value === null ? [] : [value])).sort((a, b) => a - b)
  if (heard.length < count) throw new Error(`${count - heard.length} of ${count} starts were not heard`)
  process.stderr.write(`${histogram(heard)}\nmax ${heard.at(-1)?.toFixed(2)} ms; missing samples on the tap: ${tap.missing}; underruns: ${(await client.call('air.status', {})).buses[0]?.underruns}\n`)
  const own = (await client.call('log.asRun', { broadcastDate: dateOf(last) })).rows.flatMap((row) => (row.startErrorUs === null ? [] : [row.startErrorUs / 1000])).sort((a, b) => a - b)
  process.stderr.write(`by the station's own account: median ${own[own.length >> 1]?.toFixed(2)} ms, max ${own.at(-1)?.toFixed(2)} ms\n`)
  const percentile = (share: number): number => heard[Math.min(heard.length - 1, Math.ceil(share * heard.length) - 1)] ?? 0
  print('start_p50_ms', percentile(0.5), LIQUIDSOAP_MS.p50)
  print('start_p99_ms', percentile(0.99), LIQUIDSOAP_MS.p99)
  print('start_earliest_ms', heard[0] ?? 0, LIQUIDSOAP_MS.earliest)
} finally {
  await data.remove()
}
