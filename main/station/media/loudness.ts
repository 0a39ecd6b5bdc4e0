import { availableParallelism } from 'node:os'
import { joinParts, STEP_FRAMES } from '#common/loudness/index.ts'
import type { MeasuredPart } from '#common/loudness/index.ts'
import type { MixPlan } from '#common/mix/index.ts'
import { AppError } from '#contract/errors.ts'
import { runJobThreads } from '../foundation/job-thread.ts'
import type { PcmFile } from '../faces.ts'
import type { FramePlace } from './frame-reader.ts'

/** What is measured: a stretch of a file, or what the mixer makes of an edit list. */
export type MeasuredSound =
  | { readonly kind: 'file'; readonly place: FramePlace; readonly from: number }
  | { readonly kind: 'mix'; readonly plan: MixPlan; readonly places: readonly FramePlace[]; readonly channels: 1 | 2 }

/** Frames `[start, end)` of a sound of `length` frames. */
export interface LoudnessTask {
  readonly sound: MeasuredSound
  readonly channels: 1 | 2
  readonly start: number
  readonly end: number
  readonly length: number
  readonly limit: number | null
}

export interface MeasureOptions {
  readonly signal: AbortSignal
  readonly progress?: (value: number) => void
  /** Linear; see `SoundMeasure`. */
  readonly limit?: number
}

/** The one place that names the worker's file: packaging maps it. */
const workerUrl = new URL('./loudness-worker.ts', import.meta.url)
const limits = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 16 }
/** A second thread pays from five minutes on. */
const SHARED_FROM_FRAMES = 14_400_000
const MAX_THREADS = 4

async function measure(sound: MeasuredSound, channels: 1 | 2, length: number, options: MeasureOptions): Promise<MeasuredPart> {
  const threads = length < SHARED_FROM_FRAMES ? 1 : Math.min(MAX_THREADS, availableParallelism())
  const steps = Math.floor(length / STEP_FRAMES)
  const tasks = Array.from({ length: threads }, (_, n): LoudnessTask => ({
    sound, channels, length, limit: options.limit ?? null, start: Math.floor((steps * n) / threads) * STEP_FRAMES, end: n === threads - 1 ? length : Math.floor((steps * (n + 1)) / threads) * STEP_FRAMES,
  }))
  return joinParts((await inThreads(tasks.map((task) => [task]), options)).flat())
}

function inThreads(batches: readonly (readonly LoudnessTask[])[], options: Omit<MeasureOptions, 'limit'>): Promise<MeasuredPart[][]> {
  return runJobThreads<MeasuredPart[]>(workerUrl, batches, { signal: options.signal, limits, ...(options.progress === undefined ? {} : { progress: options.progress }) })
}

export interface SoundStretch {
  readonly pcm: PcmFile
  readonly range: { readonly start: number; readonly end: number } | null
  readonly limit?: number
}

/** @throws AppError file-truncated, unsupported-format */
function stretchOf({ pcm, range }: SoundStretch): { sound: MeasuredSound; channels: 1 | 2; length: number } {
  const from = range?.start ?? 0
  const end = range?.end ?? pcm.length
  if (end > pcm.length || from > end) throw new AppError('file-truncated')
  if (pcm.channels > 2) throw new AppError('unsupported-format', { data: { channels: pcm.channels } })
  const { path, format, channels, dataOffsetBytes } = pcm
  return { sound: { kind: 'file', place: { path, format, channels, dataOffsetBytes }, from }, channels: channels === 1 ? 1 : 2, length: end - from }
}

/** Energies and peaks of a PCM file, or of `[start, end)` of it; one thread per core for long ones. Mono and stereo. */
export async function measureFile(pcm: PcmFile, range: SoundStretch['range'], options: MeasureOptions): Promise<MeasuredPart> {
  const { sound, channels, length } = stretchOf({ pcm, range })
  return measure(sound, channels, length, options)
}

/** Many stretches, as a bulletin's clips are: two threads share them, so that none of them costs a thread of its own. In their order. */
export async function measureMany(stretches: readonly SoundStretch[], options: Omit<MeasureOptions, 'limit'>): Promise<MeasuredPart[]> {
  const batches: { tasks: LoudnessTask[]; places: number[]; load: number }[] = Array.from({ length: Math.min(2, availableParallelism(), stretches.length) }, () => ({ tasks: [], places: [], load: 0 }))
  stretches.forEach((stretch, n) => {
    const { length, ...task } = stretchOf(stretch)
    const lightest = batches.reduce((least, batch) => (batch.load < least.load ? batch : least))
    lightest.tasks.push({ ...task, length, start: 0, end: length, limit: stretch.limit ?? null })
    lightest.places.push(n)
    lightest.load += length
  })
  const found = await inThreads(batches.map(({ tasks }) => tasks), options)
  const parts: MeasuredPart[] = []
  batches.forEach(({ places }, n) => places.forEach((place, k) => {
    const part = found[n]?.[k]
    if (part !== undefined) parts[place] = part
  }))
  return parts
}

/** The same for a mix that is never written. */
export function measureMix(plan: MixPlan, places: readonly FramePlace[], channels: 1 | 2, options: MeasureOptions): Promise<MeasuredPart> {
  return measure({ kind: 'mix', plan, places, channels }, channels, plan.length, options)
}
