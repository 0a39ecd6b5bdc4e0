import { rm } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { encodePeaksHeader, encodeRmsHeader, PEAKS_HEADER_BYTES, RMS_HEADER_BYTES, SAMPLES_PER_POINT } from '#common/peaks/index.ts'
import { runJobThreads } from '../foundation/job-thread.ts'
import type { PcmFile } from '../faces.ts'
import { layOut, writeWhole } from './atomic.ts'

/** Points `[fromPoint, toPoint)` of one file, written to their places in two files that exist. */
export interface PeaksTask {
  readonly source: string
  readonly peaks: string
  readonly rms: string
  readonly format: PcmFile['format']
  readonly channels: number
  readonly dataOffsetBytes: number
  readonly frames: number
  readonly fromPoint: number
  readonly toPoint: number
}

/** The one place that names the worker's file: packaging maps it. */
const workerUrl = new URL('./peaks-worker.ts', import.meta.url)
const limits = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 16 }
/** A second thread pays from ten minutes on. */
const SHARED_FROM_FRAMES = 28_800_000
const MAX_THREADS = 2

/** The RMS plane lies beside its peaks. */
export function rmsPathOf(peaksPath: string): string {
  return `${peaksPath.replace(/\.dat$/, '')}.rms`
}

/**
 * Writes the `.dat` at `target` and the `.rms` beside it, whole or not at all, the `.dat` last. The work is in threads of its own, one per core for long files.
 * Resolves with the largest magnitude of the file, 0–1. An abort ends the threads at once.
 */
export async function writePeaks(pcm: PcmFile, target: string, options: { signal: AbortSignal; progress?: (value: number | null) => void }): Promise<{ peak: number }> {
  const beside = rmsPathOf(target)
  const points = Math.ceil(pcm.length / SAMPLES_PER_POINT)
  const facts = { rateHz: 48_000, samplesPerPoint: SAMPLES_PER_POINT, length: points, channels: pcm.channels }
  try {
    return await writeWhole(target, (peaks) => writeWhole(beside, async (rms) => {
      await layOut(peaks, encodePeaksHeader(facts), PEAKS_HEADER_BYTES + points * pcm.channels * 4)
      await layOut(rms, encodeRmsHeader(facts), RMS_HEADER_BYTES + points * pcm.channels * 2)
      const threads = pcm.length < SHARED_FROM_FRAMES ? 1 : Math.min(MAX_THREADS, availableParallelism())
      const tasks = Array.from({ length: threads }, (_, n): PeaksTask => ({
        source: pcm.path, peaks, rms, format: pcm.format, channels: pcm.channels, dataOffsetBytes: pcm.dataOffsetBytes, frames: pcm.length,
        fromPoint: Math.floor((points * n) / threads), toPoint: Math.floor((points * (n + 1)) / threads),
      }))
      const found = await runJobThreads<number>(workerUrl, tasks, { signal: options.signal, limits, progress: (value) => options.progress?.(value) })
      return { peak: found.reduce((most, peak) => Math.max(most, peak), 0) }
    }))
  } catch (error) {
    await rm(beside, { force: true }).catch(() => undefined)
    throw error
  }
}
