import { rm } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { channelsOf, compileEdl } from '#common/edl/index.ts'
import type { Edl } from '#common/edl/index.ts'
import { pcmBytes, wavHeader } from '#common/mix/index.ts'
import type { MixPlan, PcmFormat } from '#common/mix/index.ts'
import { AppError } from '#contract/errors.ts'
import type { JobHandle, StationContext, Who } from '../context.ts'
import type { EditorRoom, LibraryRoom, MediaRoom, PcmFile } from '../faces.ts'
import { runJobThreads } from '../foundation/job-thread.ts'
import { fileError, layOut } from '../media/index.ts'
import { mixStream } from './mix-stream.ts'
import type { WavTask } from './mix-task.ts'
import type { PcmPlace } from './pcm-reader.ts'
import { itemOf, itemsOf } from './sources.ts'

export interface RenderTask {
  readonly plan: MixPlan
  readonly places: readonly PcmPlace[]
  readonly channels: 1 | 2
  readonly target: string
  /** 24 bits when not given. */
  readonly format?: PcmFormat
}

/** The one place that names the worker's file: packaging maps it. */
const workerUrl = new URL('./render-worker.ts', import.meta.url)
const limits = { maxOldGenerationSizeMb: 128 }
/** A second thread pays from two minutes on. */
const SHARED_FROM_FRAMES = 5_760_000
const MAX_THREADS = 2

/**
 * Mixes to a WAV at `target` (RF64 past 4 GiB) in threads of its own, one per core for long plans: each sample depends on its position alone, so
 * the halves meet without a seam. An abort ends the threads at once. The caller removes the file when this fails.
 */
export async function mixToWav(task: RenderTask, signal: AbortSignal, progress: (value: number) => void): Promise<void> {
  if (signal.aborted) throw new AppError('cancelled')
  const { plan, places, channels, target, format = 'int24' } = task
  const header = wavHeader(format, channels, plan.length)
  const dataBytes = plan.length * channels * pcmBytes[format]
  // RIFF chunks are padded to even length.
  await layOut(target, header, header.length + dataBytes + (dataBytes % 2)).catch((error: unknown) => {
    throw fileError(error)
  })
  const threads = plan.length < SHARED_FROM_FRAMES ? 1 : Math.min(MAX_THREADS, availableParallelism())
  const tasks = Array.from({ length: threads }, (_, n): WavTask => ({
    plan, places, channels, format, target, dataOffsetBytes: header.length, from: Math.floor((plan.length * n) / threads), to: Math.floor((plan.length * (n + 1)) / threads),
  }))
  await runJobThreads<void>(workerUrl, tasks, { signal, limits, progress })
}

export interface RenderWish {
  readonly edl: Edl
  readonly title: string
  readonly format: 'wav' | 'mp3' | 'opus'
  readonly who: Who
}

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

/** @throws AppError render-empty, file-missing, file-truncated */
export async function mixedStream(deps: { library: LibraryRoom }, edl: Edl, options: Parameters<EditorRoom['mixStream']>[1]): ReturnType<EditorRoom['mixStream']> {
  const { format, signal, progress = () => undefined } = options
  const task = { plan: planOf(edl), places: await placesOf(deps.library, edl), channels: options.channels ?? channelsOf(edl), format }
  return { chunks: mixStream(task, signal, progress), format, channels: task.channels, length: task.plan.length }
}

/** The edit list as a new item of the library. Formats that are encoded are mixed and encoded at the same time. Whatever fails or is cancelled, no file stays. */
export async function renderToItem(ctx: Pick<StationContext, 'folders' | 'newId'>, deps: { library: LibraryRoom; media: MediaRoom }, wish: RenderWish, job: JobHandle): Promise<{ itemId: string }> {
  const { library, media } = deps
  const { format, edl } = wish
  const target = join(ctx.folders.temp, `render-${ctx.newId()}.${format}`)
  const options = { signal: job.signal, progress: (value: number) => job.progress(value * 0.8) }
  try {
    await job.outside(library.prepare(itemsOf(library, edl)))
    if (format === 'wav') await mixdown(deps, edl, target, options)
    else {
      const sound = await mixedStream(deps, edl, { ...options, format: 'float32' })
      await media.encodeStream(sound.chunks, sound, target, { format, title: wish.title, signal: job.signal })
    }
    job.progress(0.8)
    if (job.signal.aborted) throw new AppError('cancelled')
    const item = library.importFile(target, { who: wish.who, title: wish.title, kind: 'programme', moveSource: true }).item
    return { itemId: await job.outside(item.then((made) => made.id, knownTwin)) }
  } finally {
    await rm(target, { force: true }).catch(() => undefined)
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
