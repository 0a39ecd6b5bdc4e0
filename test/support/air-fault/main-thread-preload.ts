import { isMainThread } from 'node:worker_threads'

/**
 * Loaded before a station (`node --import`): on SIGUSR2 its main thread stands still, as in a loop or before a dead disk; on SIGWINCH something
 * in it fails that nobody catches. The other threads are as they are.
 */
const STILL_MS = 5_000
if (isMainThread) {
  process.on('SIGUSR2', () => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, STILL_MS))
  process.on('SIGWINCH', () => void setTimeout(() => {
    throw new Error('a fault on purpose')
  }))
}
