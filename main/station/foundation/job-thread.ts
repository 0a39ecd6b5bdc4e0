import { Worker } from 'node:worker_threads'
import type { ResourceLimits } from 'node:worker_threads'
import { AppError } from '#contract/errors.ts'
import type { ErrorCode } from '#contract/errors.ts'
import type { FromThread } from './in-thread.ts'

/** Work that would hold the main thread, in a thread of its own. The other side of the conversation is `in-thread.ts`. */

/** `SHORT` and `CHANGED` are ours: a file that has less than was promised, and one that is no longer what it was. */
const codes: Record<string, ErrorCode> = { SHORT: 'file-truncated', CHANGED: 'file-changed', ENOENT: 'file-missing', ENOSPC: 'disk-full', EDQUOT: 'disk-full', EACCES: 'file-unreadable', EIO: 'file-unreadable' }

export function threadError(code: string, text: string): AppError {
  return new AppError(codes[code] ?? 'internal', { cause: new Error(text) })
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
