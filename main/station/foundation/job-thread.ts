import { parentPort, Worker, workerData } from 'node:worker_threads'
import type { ResourceLimits } from 'node:worker_threads'
import { AppError } from '#contract/errors.ts'
import type { ErrorCode } from '#contract/errors.ts'

/** Work that would hold the main thread, in a thread of its own. Both sides of the conversation are here. */
type FromThread<Result> = { readonly kind: 'progress'; readonly value: number } | { readonly kind: 'done'; readonly result: Result } | { readonly kind: 'failed'; readonly code: string; readonly text: string }

const PROGRESS_EVERY_MS = 100
/** `SHORT` and `CHANGED` are ours: a file that has less than was promised, and one that is no longer what it was. */
const codes: Record<string, ErrorCode> = { SHORT: 'file-truncated', CHANGED: 'file-changed', ENOENT: 'file-missing', ENOSPC: 'disk-full', EDQUOT: 'disk-full', EACCES: 'file-unreadable', EIO: 'file-unreadable' }

export function threadError(code: string, text: string): AppError {
  return new AppError(codes[code] ?? 'internal', { cause: new Error(text) })
}

/** System code of what was thrown, to be sent out of a thread; empty when it has none. */
export function failureCode(error: unknown): string {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined
  return typeof code === 'string' ? code : ''
}

/**
 * Runs the file at `url` with `task` and gives its result. An abort ends the thread at once; what it had half-written is the caller's to remove.
 * @throws AppError cancelled, file-truncated, file-missing, disk-full, file-unreadable, internal
 */
export function runJobThread<Result>(url: URL, task: unknown, options: { signal: AbortSignal; limits: ResourceLimits; progress?: (value: number) => void }): Promise<Result> {
  const { signal, limits } = options
  if (signal.aborted) return Promise.reject(new AppError('cancelled'))
  const worker = new Worker(url, { workerData: task, resourceLimits: limits })
  return new Promise<Result>((resolve, reject) => {
    const abort = () => {
      worker.terminate().then(() => reject(new AppError('cancelled')), reject)
    }
    signal.addEventListener('abort', abort, { once: true })
    worker.on('message', (message: FromThread<Result>) => {
      if (message.kind === 'progress') options.progress?.(message.value)
      else if (message.kind === 'done') resolve(message.result)
      else reject(threadError(message.code, message.text))
    })
    worker.on('error', (error) => reject(new AppError('internal', { cause: error })))
    worker.on('exit', () => {
      signal.removeEventListener('abort', abort)
      reject(signal.aborted ? new AppError('cancelled') : new AppError('internal', { cause: new Error('a thread ended without an answer') }))
    })
  })
}

/**
 * Several threads for one piece of work: the first failure stops the others and is the reason given; progress is their mean.
 * Resolves only when all have ended, so that nobody writes into a file any more.
 */
export async function runJobThreads<Result>(url: URL, tasks: readonly unknown[], options: { signal: AbortSignal; limits: ResourceLimits; progress?: (value: number) => void }): Promise<Result[]> {
  const failed = new AbortController()
  const signal = AbortSignal.any([options.signal, failed.signal])
  const done = tasks.map(() => 0)
  const settled = await Promise.allSettled(tasks.map(async (task, n) => {
    try {
      return await runJobThread<Result>(url, task, {
        signal, limits: options.limits,
        progress: (value) => {
          done[n] = value
          options.progress?.(done.reduce((sum, share) => sum + share, 0) / done.length)
        },
      })
    } catch (error) {
      failed.abort(error)
      throw error
    }
  }))
  if (options.signal.aborted) throw new AppError('cancelled')
  if (failed.signal.aborted) throw failed.signal.reason
  return settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
}

/** Inside the thread: does the work once. `progress` may be called as often as one likes. */
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
