import { readFileSync, readdirSync } from 'node:fs'

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !/^\d+ \(.*\) [ZX]/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    // ESRCH or no such file: it ended.
    return false
  }
}

/** The process and all it started, from the top: a parent that starts a child again is then ended before it can. */
export function processTree(pid: number, except: readonly number[] = []): number[] {
  if (except.includes(pid)) return []
  let children: number[] = []
  try {
    children = readdirSync(`/proc/${pid}/task`).flatMap((task) => readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number))
  } catch {
    // It ended, or this system has no /proc.
  }
  return [pid, ...children.flatMap((child) => processTree(child, except))]
}

/** Programs below the process whose command line has the word. */
export function childrenWith(pid: number, word: string): number[] {
  return processTree(pid).filter((child) => {
    if (child === pid) return false
    try {
      return readFileSync(`/proc/${child}/cmdline`, 'utf8').includes(word)
    } catch {
      return false
    }
  })
}

/** Sends a signal to those that still run. */
export function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal)
    } catch {
      // It ended with its parent.
    }
  }
}
