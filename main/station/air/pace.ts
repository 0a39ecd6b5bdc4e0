import { execFile } from 'node:child_process'
import { readlinkSync } from 'node:fs'
import { setPriority } from 'node:os'

/** Monotonic milliseconds, the same number in every thread of the process. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6
}

/** `setTimeout` fires up to about 2 ms late; the rest is slept exactly. */
const COARSE_MARGIN_MS = 1.8
const idle = new Int32Array(new SharedArrayBuffer(4))

/** Calls `run` when the monotonic clock reaches `dueMs`, within about 0.1 ms; never before. The event loop turns at least once in between. */
export function wakeAt(dueMs: number, run: () => void): void {
  const left = dueMs - monotonicMs()
  if (left > COARSE_MARGIN_MS + 1) {
    setTimeout(() => finish(dueMs, run), Math.floor(left - COARSE_MARGIN_MS))
    return
  }
  setImmediate(() => finish(dueMs, run))
}

function finish(dueMs: number, run: () => void): void {
  for (let left = dueMs - monotonicMs(); left > 0; left = dueMs - monotonicMs()) Atomics.wait(idle, 0, 0, left)
  run()
}

/** Real time, lowest of its levels: above everything a desktop runs, below what keeps the system alive. */
const REAL_TIME_LEVEL = '5'

/**
 * Lets the audio thread go before the others where the system allows it (Linux as root, or with the right to raise priorities). Linux schedules
 * threads by their own id, which a synchronous look at /proc tells. A raised nice value counts only within one session, so real-time scheduling
 * is asked for too, by the tool every Linux has. Elsewhere, or without the right, the air runs like any other program.
 */
export function raisePriority(): void {
  let thread = 0
  try {
    thread = Number(readlinkSync('/proc/thread-self').split('/').at(-1))
    if (!Number.isSafeInteger(thread) || thread <= 0) return
    setPriority(thread, -15)
  } catch {
    // Not Linux, or no permission.
    return
  }
  // The answer changes nothing: the thread is already running, and there is no second way.
  execFile('chrt', ['--rr', '--pid', REAL_TIME_LEVEL, String(thread)], () => undefined)
}
