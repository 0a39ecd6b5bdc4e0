import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { tapPathOf } from '../../../main/station/air/host.ts'
import { isRunning } from '../process-tree.ts'
import { temporaryFolder } from '../context.ts'
import { CountedProgramme } from '../counted-programme.ts'
import { secondAfter } from '../on-air.ts'
import { ElectronLane } from '../recorder/fault/electron.ts'
import { recordTap } from '../tap-recorder.ts'
import { judge } from './judge.ts'
import type { AirResult, Happening } from './judge.ts'

const LENGTHS = [48_000 * 20 + 7, 48_000 * 13 - 11] as const
const LINES = 12
const AFTER_MS = 2_500
const FROZEN_MS = 5_000

/** The real application: its window and its shell killed and frozen while the station it started is on air. */
export async function runWindows(electronArguments: readonly string[]): Promise<AirResult[]> {
  const data = await temporaryFolder()
  try {
    await using lane = await ElectronLane.open(electronArguments)
    const programme = await CountedProgramme.schedule(lane.client, data.path, { lengths: LENGTHS, lines: LINES, startsAt: () => secondAfter(4_000) })
    await using recorder = await recordTap(tapPathOf(join(lane.folder, 'air')))
    await wait(programme.at + 1_000 - Date.now())
    const stationPid = lane.stationPid()
    const happenings: Happening[] = []
    const during = async (scenario: string, how: string, run: () => Promise<void>): Promise<void> => {
      const fromMs = Date.now()
      await run()
      await wait(AFTER_MS)
      happenings.push({ scenario, how, fromMs, untilMs: Date.now(), broken: isRunning(stationPid) ? null : 'the station is gone' })
    }
    const frozen = async (pid: number): Promise<void> => {
      process.kill(pid, 'SIGSTOP')
      await wait(FROZEN_MS)
      process.kill(pid, 'SIGCONT')
    }
    const window = await lane.rendererPid()
    const shell = lane.shellPid()
    await during('window', `frozen ${FROZEN_MS / 1000} s`, () => frozen(window))
    await during('window', 'killed', async () => void process.kill(window, 'SIGKILL'))
    await during('shell', `frozen ${FROZEN_MS / 1000} s`, () => frozen(shell))
    await during('shell', 'killed', async () => void process.kill(shell, 'SIGKILL'))
    const tap = await recorder.stop()
    return happenings.map((happening) => judge(happening, tap, programme))
  } finally {
    await data.remove()
  }
}
