import { Worker } from 'node:worker_threads'

/** The one place that names the thread's file. */
const THREAD = new URL('./worker.ts', import.meta.url)

/**
 * A thread that loads the program of the air and then waits for its `AirStart`. It needs nothing from the rest of the station, so that a station that
 * starts loads it beside its own modules. Whoever has it ends it, or hands it on.
 */
export function loadAirThread(file: URL = THREAD): Worker {
  return new Worker(file, { name: 'air', stdin: false })
}
