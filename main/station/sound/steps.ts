import { rm } from 'node:fs/promises'
import type { MediaRoom, PcmFile } from '../faces.ts'
import type { SoundTools } from './abilities.ts'

/** What is done to a sound, one after the other: filters of ffmpeg, and RNNoise where it is wished for. */
export interface SoundSteps {
  readonly before: readonly string[]
  /** Share of what RNNoise gives, 0–1; null = not at all. */
  readonly rnnoise: number | null
  readonly after: readonly string[]
}
export const filtersOnly = (chain: readonly string[]): SoundSteps => ({ before: chain, rnnoise: null, after: [] })

export interface StepOptions {
  readonly range: { readonly start: number; readonly end: number }
  readonly format: PcmFile['format']
  readonly signal: AbortSignal
  readonly progress?: (value: number) => void
}

/** Sound before the stretch that is heard as well: filters have settled, and RNNoise knows the room. */
const LEAD_FRAMES = 96_000

/** Writes the stretch with the steps done, to the frame as long as it was and at its old place. Temporary files beside `target` go in any case. */
export async function runSteps(deps: { media: Pick<MediaRoom, 'filterSound'>; tools: Pick<SoundTools, 'delayOf' | 'denoiser'> }, steps: SoundSteps, pcm: PcmFile, target: string, options: StepOptions): Promise<PcmFile> {
  const { media, tools } = deps
  const { range, format, signal } = options
  if (steps.rnnoise === null) {
    const chain = [...steps.before, ...steps.after]
    return media.filterSound(pcm, target, { chain, range, delay: await tools.delayOf(chain, signal), format, signal, ...(options.progress === undefined ? {} : { progress: options.progress }) })
  }
  const part = (from: number, share: number) => (value: number): void => options.progress?.(from + share * value)
  const lead = Math.min(LEAD_FRAMES, range.start)
  const wide = { start: range.start - lead, end: range.end }
  const length = range.end - range.start
  const files = [`${target}-filtered.wav`, `${target}-quiet.wav`] as const
  try {
    const filtered = steps.before.length === 0 ? null : await media.filterSound(pcm, files[0], { chain: steps.before, range: wide, delay: await tools.delayOf(steps.before, signal), format: 'float32', signal, progress: part(0, 0.15) })
    const quiet = await tools.denoiser.denoise(filtered ?? pcm, files[1], { range: filtered === null ? wide : { start: 0, end: lead + length }, mix: steps.rnnoise, signal, progress: part(0.15, 0.7) })
    return await media.filterSound(quiet, target, { chain: steps.after, range: null, length, delay: (await tools.delayOf(steps.after, signal)) + lead, format, signal, progress: part(0.85, 0.15) })
  } finally {
    for (const path of files) await rm(path, { force: true }).catch(() => undefined)
  }
}
