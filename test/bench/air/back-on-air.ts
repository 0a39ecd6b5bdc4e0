import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { tapPathOf } from '../../../main/station/air/host.ts'
import { temporaryFolder } from '../../support/context.ts'
import { CountedProgramme } from '../../support/counted-programme.ts'
import { secondAfter } from '../../support/on-air.ts'
import { foundStation } from '../../support/station.ts'
import { recordPipe, recordTap } from '../../support/tap-recorder.ts'
import { launch } from './bench-station.ts'
import { makePipe, runLiquidsoap } from './liquidsoap.ts'
import { sorted } from './spread.ts'

const SECOND = 48_000
const LENGTHS = [20 * SECOND, 13 * SECOND] as const
/** The join has its own ramp of some milliseconds; from here on a value names its sample. */
const PROBE_FRAMES = 4_800
const ON_AIR_MS = 3_000
/** The opponent takes longer to begin. */
const THEIR_ON_AIR_MS = 6_000
/** What a start may take before it counts as failed. */
const BACK_MS = 8_000

export interface Back {
  /** Ascending, seconds from the start of the program (cold) or from the kill to the first sample. */
  readonly seconds: readonly number[]
  /** Furthest from where the clock says it has to be, ms, by the listener's clock. Null = the position is not looked at. */
  readonly worstPositionMs: number | null
}

/**
 * A station in the middle of its programme is ended (in good order, or with `kill -9`) and started again at once; a listener on the tap hears
 * when it sounds again, and what.
 */
export async function ownBack(program: string, how: 'cold' | 'kill9', times: number): Promise<Back> {
  const folder = await temporaryFolder()
  try {
    let station = await launch(program, folder.path)
    try {
      const { client } = await foundStation(station)
      const lines = Math.ceil(((times + 2) * (ON_AIR_MS + BACK_MS)) / 1000 / 16)
      const programme = await CountedProgramme.schedule(client, folder.path, { lengths: LENGTHS, lines: Math.max(2, lines), startsAt: () => secondAfter(2_000) })
      const tapPath = tapPathOf(join(folder.path, 'air'))
      await using recorder = await recordTap(tapPath)
      await wait(programme.at - Date.now() + ON_AIR_MS)
      const moments: number[] = []
      for (let n = 0; n < times; n++) {
        const killedAt = Date.now()
        if (how === 'kill9') await station.kill()
        else await station.stop()
        moments.push(how === 'kill9' ? killedAt : Date.now())
        station = await launch(program, folder.path)
        await wait(ON_AIR_MS)
      }
      const tap = await recorder.stop()
      const seconds: number[] = []
      let worstPositionMs = 0
      for (const moment of moments) {
        const connection = tap.blocks.find((block) => block.atMs > moment && block.connection !== (tap.blocks.findLast((before) => before.atMs <= moment)?.connection ?? 0))
        const onset = connection === undefined ? -1 : tap.onset(connection.place)
        if (onset < 0 || tap.arrivalOf(onset) - moment > BACK_MS) throw new Error(`the station did not come back on air (${how})`)
        seconds.push((tap.arrivalOf(onset) - moment) / 1000)
        const probe = onset + PROBE_FRAMES
        const heard = programme.read(tap.left, probe)
        if (heard === null) throw new Error('what the station came back with is none of its items')
        worstPositionMs = Math.max(worstPositionMs, Math.abs(programme.distance(programme.placeOf(programme.frameAt(tap.arrivalOf(probe))), heard)) / 48)
      }
      return { seconds: sorted(seconds), worstPositionMs }
    } finally {
      await station.dispose()
    }
  } finally {
    await folder.remove()
  }
}

/** The opponent's shortest way to sound: a tone. Killed with `kill -9` and started again at once, or just started. It keeps no position. */
export async function liquidsoapBack(how: 'cold' | 'kill9', times: number): Promise<Back> {
  const folder = await temporaryFolder()
  try {
    const pipe = await makePipe(join(folder.path, 'back.pipe'))
    await using recorder = await recordPipe(pipe)
    const start = () => runLiquidsoap(folder.path, 'back', { main: 's = sine(1000.)', output: pipe })
    const moments: number[] = []
    let running = await start()
    try {
      for (let n = 0; n < times; n++) {
        await wait(THEIR_ON_AIR_MS)
        const killedAt = Date.now()
        await running.kill()
        // What it has written is read before the next one writes.
        if (how === 'cold') await wait(500)
        running = await start()
        moments.push(how === 'kill9' ? killedAt : running.startedAt)
      }
      await wait(THEIR_ON_AIR_MS)
    } finally {
      await running[Symbol.asyncDispose]()
    }
    const tap = await recorder.stop()
    const seconds = moments.map((moment) => {
      // A pause of the pipe parts the runs.
      const first = tap.blocks.find((block, n) => block.atMs > moment && block.atMs - (tap.blocks[n - 1]?.atMs ?? 0) > 300)
      if (first === undefined || first.atMs - moment > BACK_MS) throw new Error(`Liquidsoap did not come back:\n${running.said()}`)
      return (first.atMs - moment) / 1000
    })
    return { seconds: sorted(seconds), worstPositionMs: null }
  } finally {
    await folder.remove()
  }
}
