import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'

/** Processes the bench has started: whatever way it ends, they end with it, each by its own number. */
const running = new Set<number>()

export function own(pid: number | undefined): void {
  if (pid !== undefined) running.add(pid)
}
export function release(pid: number | undefined): void {
  if (pid !== undefined) running.delete(pid)
}

/** Ends a child and waits until it is gone; one that does not go on SIGTERM is killed. */
export async function end(child: ChildProcess, limitMs = 3_000): Promise<void> {
  const gone = (): boolean => child.exitCode !== null || child.signalCode !== null
  if (!gone()) {
    const exit = once(child, 'exit')
    child.kill('SIGTERM')
    const limit = setTimeout(() => child.kill('SIGKILL'), limitMs)
    await exit
    clearTimeout(limit)
  }
  release(child.pid)
}

/** @param limitMs the whole run never takes longer */
export function watchOwn(limitMs: number): void {
  process.on('exit', () => {
    for (const pid of running) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // It ended by itself.
      }
    }
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(130))
  setTimeout(() => {
    console.error(`stopped: the run took longer than ${Math.round(limitMs / 60_000)} min`)
    process.exit(1)
  }, limitMs).unref()
}
