import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { temporaryFolder } from '../../support/context.ts'
import { CountedProgramme } from '../../support/counted-programme.ts'
import { secondAfter } from '../../support/on-air.ts'
import { wavHeader } from '../../support/signals.ts'
import { recordPipe, recordTap } from '../../support/tap-recorder.ts'
import { openBenchStation } from './bench-station.ts'
import { makePipe, quoted, runLiquidsoap } from './liquidsoap.ts'

const RATE = 48_000
/** Short, and none a whole number of blocks. */
const OWN_LENGTHS = [7_201, 8_437, 6_911] as const
const TAIL_MS = 3_000

export interface Gaps {
  /** Most samples missing or too many at one hand-over. */
  readonly worst: number
  readonly transitions: number
}

/** One counter through all items: it is whole if and only if every hand-over is. */
export async function ownGaps(program: string, transitions: number): Promise<Gaps> {
  const folder = await temporaryFolder()
  try {
    await using station = await openBenchStation(program, folder.path)
    const { client } = station
    await using recorder = await recordTap(station.tapPath)
    const programme = await CountedProgramme.schedule(client, folder.path, { lengths: OWN_LENGTHS, lines: transitions + 1, startsAt: () => secondAfter(4_000 + transitions * 10) })
    const lengthOf = (n: number): number => OWN_LENGTHS[n % OWN_LENGTHS.length] ?? 0
    const whole = Array.from({ length: transitions + 1 }, (_, n) => lengthOf(n)).reduce((sum, length) => sum + length, 0)
    const endsAt = programme.at + whole / 48
    await client.waitFor('air.status', (status) => status.at > endsAt + TAIL_MS, endsAt - Date.now() + 30_000)
    const tap = await recorder.stop()
    const start = tap.onset()
    if (start < 0) throw new Error('nothing was heard')
    if (programme.firstWrong(tap, start, start, start + whole) === -1) return { worst: tap.missing, transitions }
    // Something is lost or doubled: how far each item stands from where it should.
    let worst = 0
    let before = 0
    let begin = start
    for (let n = 0; n <= transitions; n++) {
      const probe = begin + Math.floor(lengthOf(n) / 2)
      const place = programme.read(tap.left, probe)
      const off = place === null ? lengthOf(n) : programme.distance(programme.placeOf(probe - start), place)
      worst = Math.max(worst, Math.abs(off - before))
      before = off
      begin += lengthOf(n)
    }
    return { worst: Math.max(1, worst), transitions }
  } finally {
    await folder.remove()
  }
}

/** A saw that climbs by 8 of 16 bits: survives the opponent's rounding and tells its place within 3 750 samples. */
const STEP = 8
const PERIOD = 3_750
const FLOOR = 1_000
const THEIR_SECONDS = 1.5
const sawAt = (n: number): number => FLOOR + (n % PERIOD) * STEP

async function writeSaw(path: string, first: number, frames: number): Promise<void> {
  const pcm = Buffer.alloc(frames * 4)
  for (let n = 0; n < frames; n++) for (const channel of [0, 1]) pcm.writeInt16LE(sawAt(first + n), n * 4 + channel * 2)
  await writeFile(path, Buffer.concat([wavHeader({ format: 'int16', channels: 2, rateHz: RATE, dataBytes: pcm.length }), pcm]))
}

/** Files that continue each other's saw, played as a list. */
export async function liquidsoapGaps(transitions: number): Promise<Gaps> {
  const folder = await temporaryFolder()
  try {
    const frames = Math.round(THEIR_SECONDS * RATE)
    const files: string[] = []
    for (let n = 0; n <= transitions; n++) {
      const path = join(folder.path, `saw-${n}.wav`)
      await writeSaw(path, n * frames, frames)
      files.push(path)
    }
    const list = join(folder.path, 'list.m3u')
    await writeFile(list, `${files.join('\n')}\n`)
    const pipe = await makePipe(join(folder.path, 'gaps.pipe'))
    await using recorder = await recordPipe(pipe)
    await using liquidsoap = await runLiquidsoap(folder.path, 'gaps', { main: `s = playlist(mode="normal", reload_mode="never", ${quoted(list)})`, output: pipe })
    await new Promise((resolve) => setTimeout(resolve, (transitions + 1) * THEIR_SECONDS * 1000 + 6_000))
    const tap = await recorder.stop()
    const start = tap.onset()
    if (start < 0) throw new Error(`Liquidsoap played nothing:\n${liquidsoap.said()}`)
    let worst = 0
    let heard = 0
    for (let n = 0; n < transitions; n++) {
      const away = handOver(tap.left, start + (n + 1) * frames)
      if (away === null) continue
      heard++
      worst = Math.max(worst, away)
    }
    if (heard === 0) throw new Error(`Liquidsoap did not get to the second file:\n${liquidsoap.said()}`)
    return { worst, transitions: heard }
  } finally {
    await folder.remove()
  }
}

/** Samples missing, doubled or silent between 0.1 s before and 0.1 s after; null when there is no saw on both sides. */
function handOver(left: Float32Array, at: number): number | null {
  const around = RATE / 10
  const placeOf = (index: number): number | null => {
    const place = ((left[index] ?? 0) * 0x8000 - FLOOR) / STEP
    return left[index] === undefined || left[index] === 0 ? null : Math.round(place)
  }
  const before = placeOf(at - around)
  const after = placeOf(at + around)
  if (before === null || after === null) return null
  const way = (((after - before - 2 * around) % PERIOD) + PERIOD) % PERIOD
  let silent = 0
  for (let index = at - around; index < at + around; index++) if (left[index] === 0) silent++
  return Math.max(silent, Math.min(way, PERIOD - way))
}
