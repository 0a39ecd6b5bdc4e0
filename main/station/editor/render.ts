import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { channelsOf, compileEdl } from '#common/edl/index.ts'
import type { Edl } from '#common/edl/index.ts'
import type { MixPlan } from '#common/mix/index.ts'
import { AppError } from '#contract/errors.ts'
import type { ErrorCode } from '#contract/errors.ts'
import type { JobHandle, StationContext, Who } from '../context.ts'
import type { EditorRoom, LibraryRoom, MediaRoom, PcmFile } from '../faces.ts'
import type { PcmPlace } from './pcm-reader.ts'
import { itemOf } from './sources.ts'

export interface RenderTask {
  readonly plan: MixPlan
  readonly places: readonly PcmPlace[]
  readonly channels: 1 | 2
  readonly target: string
}
export type RenderMessage = { readonly kind: 'progress'; readonly value: number } | { readonly kind: 'done' } | { readonly kind: 'failed'; readonly code: string; readonly text: string }

/** The one place that names the worker's file: packaging maps it. */
const workerUrl = new URL('./render-worker.ts', import.meta.url)
const codes: Record<string, ErrorCode> = { SHORT: 'file-truncated', ENOENT: 'file-missing', ENOSPC: 'disk-full', EDQUOT: 'disk-full', EACCES: 'file-unreadable', EIO: 'file-unreadable' }

/** Mixes to a WAV at `target` in a thread of its own; an abort ends that thread at once. The caller removes the file when this fails. */
export function mixToWav(task: RenderTask, signal: AbortSignal, progress: (value: number) => void): Promise<void> {
  if (signal.aborted) return Promise.reject(new AppError('cancelled'))
  const worker = new Worker(workerUrl, { workerData: task, resourceLimits: { maxOldGenerationSizeMb: 128 } })
  return new Promise<void>((resolve, reject) => {
    const abort = () => {
      worker.terminate().then(() => reject(new AppError('cancelled')), reject)
    }
    signal.addEventListener('abort', abort, { once: true })
    worker.on('message', (message: RenderMessage) => {
      if (message.kind === 'progress') progress(message.value)
      else if (message.kind === 'done') resolve()
      else reject(new AppError(codes[message.code] ?? 'internal', { cause: new Error(message.text) }))
    })
    worker.on('error', (error) => reject(new AppError('internal', { cause: error })))
    worker.on('exit', () => {
      signal.removeEventListener('abort', abort)
      reject(signal.aborted ? new AppError('cancelled') : new AppError('internal', { cause: new Error('the render worker ended without an answer') }))
    })
  })
}

export interface RenderWish {
  readonly edl: Edl
  readonly title: string
  readonly format: 'wav' | 'mp3' | 'opus'
  readonly who: Who
}
const endings = { wav: 'wav', mp3: 'mp3', opus: 'opus' } as const

/** @throws AppError render-empty */
export function planOf(edl: Edl): MixPlan {
  const plan = compileEdl(edl)
  if (plan.segments.length === 0 || plan.length === 0) throw new AppError('render-empty')
  return plan
}

/** @throws AppError render-empty, file-missing, file-truncated, disk-full, cancelled */
export async function mixdown(deps: { library: LibraryRoom; media: MediaRoom }, edl: Edl, target: string, options: Parameters<EditorRoom['mixdown']>[2]): Promise<PcmFile> {
  const task = { plan: planOf(edl), places: await placesOf(deps.library, edl), channels: options.channels ?? channelsOf(edl), target }
  await mixToWav(task, options.signal, options.progress ?? (() => undefined))
  return deps.media.openPcm(target)
}

/** The edit list as a new item of the library. Whatever fails or is cancelled, no file stays. */
export async function renderToItem(ctx: Pick<StationContext, 'folders' | 'newId'>, deps: { library: LibraryRoom; media: MediaRoom }, wish: RenderWish, job: JobHandle): Promise<{ itemId: string }> {
  const { library, media } = deps
  const places = await placesOf(library, wish.edl)
  const base = join(ctx.folders.temp, `render-${ctx.newId()}`)
  const wav = `${base}.wav`
  const target = `${base}.${endings[wish.format]}`
  try {
    await mixToWav({ plan: planOf(wish.edl), places, channels: channelsOf(wish.edl), target: wav }, job.signal, (value) => job.progress(value * 0.6))
    if (wish.format !== 'wav') {
      await media.encode(wav, target, { format: wish.format, title: wish.title, signal: job.signal })
      await rm(wav, { force: true })
    }
    job.progress(0.8)
    if (job.signal.aborted) throw new AppError('cancelled')
    const item = library.importFile(target, { who: wish.who, title: wish.title, kind: 'programme', moveSource: true }).item
    return { itemId: await job.outside(item.then((made) => made.id, knownTwin)) }
  } finally {
    for (const path of new Set([wav, target])) await rm(path, { force: true }).catch(() => undefined)
  }
}

/** The same edit rendered again gives the same bytes: the item is there already. */
function knownTwin(error: unknown): string {
  const itemId = error instanceof AppError && error.code === 'duplicate' ? error.data['itemId'] : undefined
  if (typeof itemId === 'string') return itemId
  throw error
}

/** @throws AppError file-missing, file-truncated */
async function placesOf(library: LibraryRoom, edl: Edl): Promise<PcmPlace[]> {
  const used = new Set(edl.lanes.flatMap((lane) => lane.clips.map((clip) => clip.sourceId)))
  return Promise.all(edl.sources.map(async (source) => {
    if (!used.has(source.id)) return { path: '', format: 'int16', channels: source.channels, dataOffsetBytes: 0 }
    const item = itemOf(library, source)
    const pcm = item === null ? null : await library.pcmOf(item.id)
    if (pcm === null) throw new AppError('file-missing', { data: { fileName: source.title } })
    if (pcm.length < source.length || pcm.channels !== source.channels) throw new AppError('file-truncated', { data: { fileName: source.title } })
    return pcm
  }))
}
