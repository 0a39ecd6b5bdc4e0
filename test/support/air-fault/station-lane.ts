import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { tapPathOf } from '../../../main/station/air/host.ts'
import { temporaryFolder } from '../context.ts'
import { CountedProgramme } from '../counted-programme.ts'
import { dateOf, secondAfter } from '../on-air.ts'
import { ffmpegMake, noise, writeWav } from '../signals.ts'
import { foundStation, startStation, stationProgram, testPassword } from '../station.ts'
import type { RunningStation } from '../station.ts'
import type { StationClient } from '../station-client.ts'
import { recordTap } from '../tap-recorder.ts'
import { judge } from './judge.ts'
import type { AirResult, Happening } from './judge.ts'

const preload = fileURLToPath(new URL('./main-thread-preload.ts', import.meta.url))
/** Pieces end all the time: each end and beginning is a row that has to be written somewhere. */
const LENGTHS = [48_000 * 2 + 7, 48_000 * 3 - 11, 48_000 + 5_003] as const
const LINES = 90
const CALM_MS = 700
/** Room of the data folder, so that it can be full. */
const DISK_MB = 400

export interface OnAir {
  readonly station: RunningStation
  readonly client: StationClient
  readonly session: string
  readonly folder: string
  /** A long MP3 to import. */
  readonly longMp3: string
  /** The data folder is a disk of its own. */
  readonly ownDisk: boolean
}
export interface Scenario {
  readonly name: string
  readonly how: string
  /** Resolves when it is over and everything is as before; gives what else was broken, or null. @throws NotHere */
  run(air: OnAir): Promise<string | null>
}
/** A scenario that this machine cannot carry out. */
export class NotHere extends Error {}

export interface LaneResult {
  readonly results: readonly AirResult[]
  readonly notCarriedOut: readonly { readonly scenario: string; readonly how: string; readonly why: string }[]
}

/** A station on air with a counted programme; one thing after the other goes wrong around it, and a listener on the tap hears every sample. */
export async function runOnAir(scenarios: readonly Scenario[]): Promise<LaneResult> {
  const data = await temporaryFolder()
  const folder = join(data.path, 'data')
  mkdirSync(folder)
  const ownDisk = mount(folder)
  try {
    const longMp3 = join(data.path, 'long.mp3')
    const piece = await writeWav(join(data.path, 'piece.wav'), noise({ dbfs: -20, seconds: 30, channels: 2 }))
    await ffmpegMake('-stream_loop', '15', '-i', piece, '-c:a', 'libmp3lame', '-b:a', '64k', longMp3)
    await using station = await startStation({ folder, entry: ['--import', preload, stationProgram], readyWithinMs: 60_000 })
    const { client, session } = await foundStation(station)
    const programme = await CountedProgramme.schedule(client, data.path, { lengths: LENGTHS, lines: LINES, startsAt: () => secondAfter(4_000) })
    await using recorder = await recordTap(tapPathOf(join(folder, 'air')))
    await wait(programme.at + 1_000 - Date.now())
    const happenings: Happening[] = []
    const notCarriedOut: { scenario: string; how: string; why: string }[] = []
    const air: OnAir = { station, client, session: session.sessionToken, folder, longMp3, ownDisk }
    for (const { name: scenario, how, run } of scenarios) {
      const fromMs = Date.now()
      let broken: string | null
      try {
        broken = await run(air)
      } catch (error) {
        if (error instanceof NotHere) {
          notCarriedOut.push({ scenario, how, why: error.message })
          continue
        }
        broken = error instanceof Error ? error.message : String(error)
      }
      await wait(CALM_MS)
      happenings.push({ scenario, how, fromMs, untilMs: Date.now(), broken })
    }
    const endedAt = Date.now()
    const tap = await recorder.stop()
    const results = happenings.map((happening) => judge(happening, tap, programme))
    await station.stop()
    return { results: [...results, await judgeRows(folder, programme, endedAt)], notCarriedOut }
  } finally {
    if (ownDisk) execFileSync('umount', ['-l', folder])
    await data.remove()
  }
}

/** What could not be written while the database or the disk did not let it has to be there after the next start: each piece, once. */
async function judgeRows(folder: string, programme: CountedProgramme, untilMs: number): Promise<AirResult> {
  await using station = await startStation({ folder, readyWithinMs: 60_000 })
  const client = await station.connect()
  await client.call('accounts.signIn', { userName: 'quantri', password: testPassword })
  const rows = (await client.call('log.asRun', { broadcastDate: dateOf(programme.at) })).rows.filter(({ actualAt, onAir }) => onAir && actualAt >= programme.at - 500 && actualAt < untilMs).sort((a, b) => a.actualAt - b.actualAt)
  const holes = rows.filter((row, n) => {
    const before = rows[n - 1]
    return before !== undefined && Math.abs(row.actualAt - (before.endedAt ?? 0)) > 100
  })
  const base = { scenario: 'as-run', how: 'after the next start', heardMs: untilMs - programme.at, missing: 0, wrongAtMs: holes[0] === undefined ? -1 : holes[0].actualAt - programme.at, worstLateMs: 0 }
  const enough = rows.length >= Math.floor((untilMs - programme.at) / 3_000)
  return { ...base, good: enough && holes.length === 0, ...(enough && holes.length === 0 ? {} : { note: `${rows.length} rows, ${holes.length} of them do not join the one before` }) }
}

function mount(folder: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MB}m`, 'tmpfs', folder], { stdio: 'ignore' })
    return true
  } catch {
    // No right to mount: the full disk is then not carried out, and it is said.
    return false
  }
}
