import { Worker } from 'node:worker_threads'
import { AppError } from '#contract/errors.ts'
import type { ErrorCode } from '#contract/errors.ts'
import type { PcmFile } from '../faces.ts'
import { writeWhole } from './atomic.ts'

export interface PeaksTask {
  readonly source: string
  readonly target: string
  readonly format: PcmFile['format']
  readonly channels: number
  readonly dataOffsetBytes: number
  readonly frames: number
}
export type PeaksMessage =
  | { readonly kind: 'progress'; readonly value: number }
  | { readonly kind: 'done'; readonly peak: number; readonly rss: number }
  | { readonly kind: 'short' }
  | { readonly kind: 'failed'; readonly code: string; readonly text: string }

/** The one place that names the worker's file: packaging maps it. */
const workerUrl = new URL('./peaks-worker.ts', import.meta.url)

const codes: Record<string, ErrorCode> = { ENOENT: 'file-missing', ENOSPC: 'disk-full', EDQUOT: 'disk-full', EACCES: 'file-unreadable', EIO: 'file-unreadable' }

/** Resolves with the largest magnitude of the file, 0–1. The work is in a thread of its own; an abort ends that thread at once. */
function runWorker(task: PeaksTask, signal: AbortSignal, progress: (value: number) => void): Promise<number> {
  if (signal.aborted) return Promise.reject(new AppError('cancelled'))
  const worker = new Worker(workerUrl, { workerData: task, resourceLimits: { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 16 } })
  return new Promise<number>((resolve, reject) => {
    const abort = () => {
      worker.terminate().then(() => reject(new AppError('cancelled')), reject)
    }
    signal.addEventListener('abort', abort, { once: true })
    worker.on('message', (message: PeaksMessage) => {
      if (message.kind === 'progress') progress(message.value)
      else if (message.kind === 'done') resolve(message.peak)
      else if (message.kind === 'short') reject(new AppError('file-truncated'))
      else reject(new AppError(codes[message.code] ?? 'internal', { cause: new Error(message.text) }))
    })
    worker.on('error', (error) => reject(new AppError('internal', { cause: error })))
    worker.on('exit', () => {
      signal.removeEventListener('abort', abort)
      reject(signal.aborted ? new AppError('cancelled') : new AppError('internal', { cause: new Error('the peaks worker ended without an answer') }))
    })
  })
}

export async function writePeaks(pcm: PcmFile, target: string, options: { signal: AbortSignal; progress?: (value: number | null) => void }): Promise<{ peak: number }> {
  const peak = await writeWhole(target, (part) => runWorker(
    { source: pcm.path, target: part, format: pcm.format, channels: pcm.channels, dataOffsetBytes: pcm.dataOffsetBytes, frames: pcm.length },
    options.signal, (value) => options.progress?.(value),
  ))
  return { peak }
}
