import { parentPort, workerData } from 'node:worker_threads'

/** The thread's side of `job-thread.ts`. It imports nothing else: a thread for a second of work must be there at once and weigh little. */
export type FromThread<Result> = { readonly kind: 'progress'; readonly value: number } | { readonly kind: 'done'; readonly result: Result } | { readonly kind: 'failed'; readonly code: string; readonly text: string }

const PROGRESS_EVERY_MS = 100

/** System code of what was thrown, to be sent out of a thread; empty when it has none. */
export function failureCode(error: unknown): string {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined
  return typeof code === 'string' ? code : ''
}

/** Does the work once. `progress` may be called as often as one likes. */
export function serveJobThread<Task, Result>(run: (task: Task, progress: (value: number) => void) => Result): void {
  const port = parentPort
  if (port === null) return
  const task: Task = workerData
  const say = (message: FromThread<Result>): void => port.postMessage(message)
  let said = performance.now()
  try {
    const result = run(task, (value) => {
      const now = performance.now()
      if (now - said < PROGRESS_EVERY_MS) return
      said = now
      say({ kind: 'progress', value })
    })
    say({ kind: 'done', result })
  } catch (error) {
    say({ kind: 'failed', code: failureCode(error), text: String(error) })
  }
}

/** Thrown in a thread when a file has less than its header or its record promised. */
export function shortFile(what: string): Error {
  return Object.assign(new Error(`${what} ends early`), { code: 'SHORT' })
}
export function changedFile(what: string): Error {
  return Object.assign(new Error(`${what} was changed`), { code: 'CHANGED' })
}
