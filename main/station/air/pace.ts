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

/**
 * Lets the audio thread go before the others where the system allows it (Linux as root or with a nice limit). Linux gives every thread its own
 * priority under its thread id, which a synchronous look at /proc tells.
 */
export function raisePriority(): boolean {
  try {
    const thread = Number(readlinkSync('/proc/thread-self').split('/').at(-1))
    if (!Number.isSafeInteger(thread) || thread <= 0) return false
    setPriority(thread, -15)
    return true
  } catch {
    // Not Linux, or no permission: the air runs at normal priority.
    return false
  }
}
