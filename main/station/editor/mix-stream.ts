import { on } from 'node:events'
import { Worker } from 'node:worker_threads'
import { AppError } from '#contract/errors.ts'
import { threadError } from '../foundation/job-thread.ts'
import type { MixTask } from './mix-task.ts'

export type MixStreamMessage =
  | { readonly kind: 'chunk'; readonly bytes: Uint8Array<ArrayBuffer>; readonly until: number }
  | { readonly kind: 'end' }
  | { readonly kind: 'failed'; readonly code: string; readonly text: string }

/** The one place that names the worker's file: packaging maps it. */
const workerUrl = new URL('./mix-stream-worker.ts', import.meta.url)
/** Blocks made before anybody asks for them: the encoder never waits for the mixer, and memory stays bounded. */
const AHEAD = 4

/**
 * The output of a plan as interleaved PCM, mixed in a thread of its own while somebody reads it. Who stops reading ends the thread.
 * @throws AppError cancelled, file-truncated, file-missing, file-unreadable, internal
 */
export async function* mixStream(task: MixTask, signal: AbortSignal, progress: (value: number) => void): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  if (signal.aborted) throw new AppError('cancelled')
  const worker = new Worker(workerUrl, { workerData: task, resourceLimits: { maxOldGenerationSizeMb: 128 } })
  const messages = on(worker, 'message', { signal, close: ['exit'] })
  try {
    for (let n = 0; n < AHEAD; n++) worker.postMessage('more')
    for await (const received of messages) {
      const message: MixStreamMessage = received[0]
      if (message.kind === 'end') return
      if (message.kind === 'failed') throw threadError(message.code, message.text)
      worker.postMessage('more')
      progress(message.until / task.plan.length)
      yield message.bytes
    }
    throw new AppError('internal', { cause: new Error('the mixing thread ended without an answer') })
  } catch (error) {
    if (signal.aborted) throw new AppError('cancelled', { cause: error })
    throw error
  } finally {
    await worker.terminate()
  }
}
