import { join } from 'node:path'
import { tapPathOf } from '../../../main/station/air/host.ts'
import { foundStation, startStation } from '../../support/station.ts'
import type { RunningStation } from '../../support/station.ts'
import type { StationClient } from '../../support/station-client.ts'
import { own, release } from './owned.ts'

export interface BenchStation extends AsyncDisposable {
  readonly client: StationClient
  readonly tapPath: string
}

export async function launch(program: string, folder: string): Promise<RunningStation> {
  const station = await startStation({ folder, entry: [program], readyWithinMs: 60_000 })
  own(station.pid)
  void station.exited.then(() => release(station.pid))
  return station
}

/** A new station on a folder, with somebody signed in. */
export async function openBenchStation(program: string, folder: string): Promise<BenchStation> {
  const station = await launch(program, folder)
  const { client } = await foundStation(station)
  return { client, tapPath: tapPathOf(join(folder, 'air')), [Symbol.asyncDispose]: () => station.dispose() }
}
