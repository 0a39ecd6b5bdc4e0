/** The program of the station. It loads next to nothing itself, so that the thread of the air loads from the first moment on, beside all the rest. */
import { loadAirThread } from './air/load-thread.ts'
import { readArguments, usage } from './arguments.ts'
import type { StationArguments } from './arguments.ts'

const WRONG_ARGUMENTS_EXIT = 2

function readOrExplain(argv: readonly string[]): StationArguments | null {
  try {
    return readArguments(argv)
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${usage}\n`)
    return null
  }
}

const wanted = readOrExplain(process.argv.slice(2))
if (wanted === null) process.exit(WRONG_ARGUMENTS_EXIT)
const thread = loadAirThread()
const { runStation } = await import('./process.ts')
process.exit(await runStation(wanted, thread))
