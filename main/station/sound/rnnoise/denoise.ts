import { availableParallelism } from 'node:os'
import { wavHeader } from '#common/mix/index.ts'
import { AppError } from '#contract/errors.ts'
import type { MediaRoom, PcmFile } from '../../faces.ts'
import { runJobThread, runJobThreads } from '../../foundation/job-thread.ts'
import { fileError, layOut } from '../../media/index.ts'
import type { FramePlace } from '../../media/index.ts'

/** Frames `[start, end)` of a file as RNNoise leaves them, into a float32 WAV that is laid out already. */
export interface DenoiseTask {
  readonly place: FramePlace
  /** Frames of the whole file: what lies around the stretch is heard, too. */
  readonly fileLength: number
  readonly start: number
  readonly end: number
  /** 1 = only what RNNoise gives, 0 = only the sound as it was. */
  readonly mix: number
  readonly target: string
  readonly dataOffsetBytes: number
}

/** The one place that names the worker's file: packaging maps it. */
const workerUrl = new URL('./worker.ts', import.meta.url)
const limits = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 16 }
/** A second thread pays from here on: each begins two seconds earlier, to know the room when its part begins. */
const SHARED_FROM_FRAMES = 30 * 48_000
const MAX_THREADS = 2

export interface Denoiser {
  /** Does RNNoise run here? Tried once. */
  isAble(): Promise<boolean>
  /** The stretch in threads of the station, at its old place, as float32. The caller removes the file when this fails. */
  denoise(pcm: PcmFile, target: string, options: { range: { start: number; end: number }; mix: number; signal: AbortSignal; progress?: (value: number) => void }): Promise<PcmFile>
}

export function openDenoiser(media: Pick<MediaRoom, 'openPcm'>): Denoiser {
  let able: Promise<boolean> | null = null
  return {
    isAble: () => (able ??= runJobThread<number>(workerUrl, null, { signal: new AbortController().signal, limits }).then((frames) => frames > 0, () => false)),

    async denoise(pcm, target, { range: { start, end }, mix, signal, progress }) {
      if (start >= end || end > pcm.length) throw new AppError('invalid-input', { data: { field: 'range' } })
      const length = end - start
      const header = wavHeader('float32', pcm.channels, length)
      await layOut(target, header, header.length + length * pcm.channels * 4).catch((error: unknown) => {
        throw fileError(error)
      })
      const { path, format, channels, dataOffsetBytes } = pcm
      const threads = length < SHARED_FROM_FRAMES ? 1 : Math.min(MAX_THREADS, availableParallelism())
      const tasks = Array.from({ length: threads }, (_, n): DenoiseTask => ({
        place: { path, format, channels, dataOffsetBytes }, fileLength: pcm.length, mix, target,
        start: start + Math.floor((length * n) / threads), end: start + Math.floor((length * (n + 1)) / threads), dataOffsetBytes: header.length + Math.floor((length * n) / threads) * channels * 4,
      }))
      await runJobThreads<number>(workerUrl, tasks, { signal, limits, ...(progress === undefined ? {} : { progress }) })
      return media.openPcm(target)
    },
  }
}
