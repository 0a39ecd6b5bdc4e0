import { execFile } from 'node:child_process'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { tapPathOf } from '../../../main/station/air/host.ts'
import { temporaryFolder } from '../context.ts'
import { CountedProgramme } from '../counted-programme.ts'
import { dateOf, secondAfter } from '../on-air.ts'
import { packagedStation } from '../packaged-station.ts'
import { isRunning, processTree, signalAll } from '../process-tree.ts'
import { ffmpegMake, noise, writeWav } from '../signals.ts'
import { foundStation, startStation, testPassword } from '../station.ts'
import type { RunningStation } from '../station.ts'
import { recordTap } from '../tap-recorder.ts'
import type { TapRecording } from '../tap-recorder.ts'

const execute = promisify(execFile)
const LENGTHS = [48_000 * 4 + 101, 48_000 * 7 - 13, 48_000 * 3 + 5_000] as const
const ROUND_SECONDS = 14
/** One listener hears so many cuts: its recording stays small enough to be looked at whole. */
const CUTS_AT_ONCE = 10
const LONGEST_ON_AIR_MS = 3_500
/** With starting and copying on a busy machine: the programme has to last longer than the cuts. */
const LONGEST_CUT_MS = LONGEST_ON_AIR_MS + 20_000
const PROBE_FRAMES = 4_800
const POSITION_LIMIT_MS = 100
/** Of the reference; the aim is half of it. */
const BACK_LIMIT_MS = 3_000
export const BACK_AIM_MS = 1_500
/** What a row may claim beyond the cut: its place is known to the second. */
const ROW_SLACK_MS = 300

export interface CutResult {
  readonly cut: number
  readonly onAirMs: number
  readonly importing: boolean
  /** From the start of the program to the first sample on the tap. */
  readonly backMs: number
  readonly rightItem: boolean
  readonly positionOffMs: number
  /** The as-run claims no sound while there was none. */
  readonly hole: boolean
  readonly good: boolean
}
interface Moment {
  readonly onAirMs: number
  readonly importing: boolean
  readonly cutAtMs: number
  readonly startedAtMs: number
}
type Heard = Omit<CutResult, 'cut' | 'hole' | 'good'> & { readonly cutAtMs: number; readonly backAtMs: number }

/**
 * Power cuts: the station and everything it started end without warning, its folder is copied as it stands, and a station as a package has
 * it starts on the copy. A listener on the tap hears when the air is back, and with what.
 * @param random 0 to 1
 */
export async function powerCuts(count: number, random: () => number, told: (line: object) => void): Promise<CutResult[]> {
  const data = await temporaryFolder()
  const folder = join(data.path, 'data')
  const music = join(data.path, 'music.mp3')
  let station: RunningStation | null = null
  try {
    const piece = await writeWav(join(data.path, 'piece.wav'), noise({ dbfs: -20, seconds: 20, channels: 2 }))
    await ffmpegMake('-i', piece, '-c:a', 'libmp3lame', '-b:a', '96k', music)
    const entry = [await packagedStation()]
    station = await startStation({ folder, entry, readyWithinMs: 60_000 })
    const founded = await foundStation(station)
    const lines = Math.ceil((count * LONGEST_CUT_MS) / 1000 / ROUND_SECONDS) * LENGTHS.length
    const programme = await CountedProgramme.schedule(founded.client, data.path, { lengths: LENGTHS, lines, startsAt: () => secondAfter(4_000) })
    await wait(programme.at + 500 - Date.now())
    const heard: Heard[] = []
    for (let done = 0; done < count; done += CUTS_AT_ONCE) {
      const moments: Moment[] = []
      await using recorder = await recordTap(tapPathOf(join(folder, 'air')))
      for (let n = done; n < Math.min(count, done + CUTS_AT_ONCE); n++) {
        const cut: Awaited<ReturnType<typeof cutOnce>> = await cutOnce(station, folder, entry, { onAirMs: Math.round(200 + random() * LONGEST_ON_AIR_MS), music: random() < 0.5 ? music : null })
        station = cut.station
        moments.push(cut.moment)
      }
      // The last one must have been heard coming back.
      await wait(BACK_LIMIT_MS)
      const tap = await recorder.stop()
      heard.push(...moments.map((moment) => hear(moment, tap, programme)))
      told({ cutsDone: heard.length })
    }
    if (Date.now() > programme.at + (lines / LENGTHS.length) * ROUND_SECONDS * 1000) throw new Error('the machine is too slow for this: the programme was over before the last cut')
    const rows = await rowsOf(station, programme.at)
    return heard.map(({ cutAtMs, backAtMs, ...rest }, cut) => {
      const hole = rows.every(({ actualAt, endedAt }) => actualAt >= backAtMs - ROW_SLACK_MS || (endedAt !== null && endedAt <= cutAtMs + ROW_SLACK_MS)) && rows.some(({ stopReason, endedAt }) => stopReason === 'unclean' && endedAt !== null && Math.abs(endedAt - cutAtMs) < 2_000)
      return { cut, ...rest, hole, good: hole && rest.rightItem && rest.positionOffMs <= POSITION_LIMIT_MS && rest.backMs <= BACK_LIMIT_MS }
    })
  } finally {
    await station?.dispose()
    await data.remove()
  }
}

async function cutOnce(station: RunningStation, folder: string, entry: readonly string[], { onAirMs, music }: { onAirMs: number; music: string | null }): Promise<{ station: RunningStation; moment: Moment }> {
  if (music !== null) {
    // Files are being written and a child is at work when the power goes.
    const client = await station.connect()
    await client.call('accounts.signIn', { userName: 'quantri', password: testPassword })
    await client.call('library.import', { paths: [music] })
    client.terminate()
  }
  await wait(onAirMs)
  const tree = processTree(station.pid)
  const cutAtMs = Date.now()
  signalAll(tree, 'SIGKILL')
  await station.exited
  while (tree.some(isRunning)) await wait(5)
  const copy = `${folder}-copy`
  // With the times of files to their last digit, as a disk keeps them: by them the air knows that approved bytes are untouched.
  await execute('cp', ['-a', folder, copy])
  await rm(folder, { recursive: true, force: true })
  await rename(copy, folder)
  const startedAtMs = Date.now()
  return { station: await startStation({ folder, entry, readyWithinMs: 60_000 }), moment: { onAirMs, importing: music !== null, cutAtMs, startedAtMs } }
}

/** How far the sample at `probe` is from where the plan of the start had it, and which piece it is of; null = none of the items. */
function standing(tap: TapRecording, programme: CountedProgramme, probe: number): { readonly piece: number; readonly wanted: number; readonly offSamples: number } | null {
  const found = programme.read(tap.left, probe)
  const wanted = programme.placeOf(programme.frameAt(tap.arrivalOf(probe)))
  return found === null ? null : { piece: found.piece, wanted: wanted.piece, offSamples: programme.distance(wanted, found) }
}

/** Measured against where the programme stood before the cut: lines that follow each other and once began late stay late. */
function hear({ onAirMs, importing, cutAtMs, startedAtMs }: Moment, tap: TapRecording, programme: CountedProgramme): Heard {
  const block = tap.blocks.find(({ atMs }) => atMs > startedAtMs)
  const last = tap.blocks.findLast(({ atMs }) => atMs <= cutAtMs)
  const onset = block === undefined ? -1 : tap.onset(block.place)
  if (onset < 0 || last === undefined) return { onAirMs, importing, cutAtMs, backAtMs: Number.POSITIVE_INFINITY, backMs: Number.POSITIVE_INFINITY, rightItem: false, positionOffMs: Number.POSITIVE_INFINITY }
  const before = standing(tap, programme, last.place)
  const backAtMs = tap.arrivalOf(onset)
  let probe = onset + PROBE_FRAMES
  // At a hand-over a few milliseconds decide which item it is: a little later they do not.
  if (programme.placeOf(programme.frameAt(tap.arrivalOf(probe))).sample < PROBE_FRAMES * 2) probe += PROBE_FRAMES * 3
  const after = standing(tap, programme, probe)
  return {
    onAirMs, importing, cutAtMs, backAtMs, backMs: Math.round(backAtMs - startedAtMs), rightItem: after !== null && after.piece === after.wanted,
    positionOffMs: after === null ? Number.POSITIVE_INFINITY : Math.round((Math.abs(after.offSamples - (before?.offSamples ?? 0)) / 48) * 10) / 10,
  }
}

async function rowsOf(station: RunningStation, at: number): Promise<{ actualAt: number; endedAt: number | null; stopReason: string | null }[]> {
  const client = await station.connect()
  await client.call('accounts.signIn', { userName: 'quantri', password: testPassword })
  const dates = new Set([dateOf(at), dateOf(Date.now())])
  const rows = []
  for (const broadcastDate of dates) rows.push(...(await client.call('log.asRun', { broadcastDate })).rows)
  return rows.filter(({ onAir }) => onAir)
}
