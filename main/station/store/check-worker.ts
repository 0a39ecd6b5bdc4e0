import { parentPort, workerData } from 'node:worker_threads'
import { isGoodDatabase } from './check.ts'

/** Reading a whole copy takes seconds: it must not hold up windows and microphones on the main thread. */
parentPort?.postMessage(typeof workerData === 'string' && isGoodDatabase(workerData))
