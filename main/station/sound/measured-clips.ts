import { AppError } from '#contract/errors.ts'
import type { Loudness } from '#contract/library.ts'
import type { LevelRow, LevelStandard, SoundPart } from '#contract/sound.ts'
import type { JobHandle } from '../context.ts'
import type { LibraryRoom, MediaRoom, PcmFile } from '../faces.ts'
import { judge, levelRow, linear } from './verdict.ts'

export interface JobSigns {
  readonly signal: AbortSignal
  readonly progress: (value: number) => void
}
type Job = JobSigns & Pick<JobHandle, 'outside'>
export interface MeasuredClips {
  /** A row for each part, in their order. What was measured before is not measured again. */
  rows(parts: readonly SoundPart[], standard: LevelStandard, job: Job): Promise<LevelRow[]>
  measure(parts: readonly SoundPart[], job: Job): Promise<Loudness[]>
}

const KEPT = 5_000
const nameOf = (part: Pick<SoundPart, 'itemId' | 'offset' | 'length'>) => `${part.itemId}:${part.offset}:${part.length}`

/** Loudness of stretches of the library's items. @throws AppError not-found, file-missing, file-truncated */
export function createMeasuredClips(deps: { library: Pick<LibraryRoom, 'get' | 'pcmOf' | 'prepare'>; media: Pick<MediaRoom, 'measureSounds'> }): MeasuredClips {
  const { library, media } = deps
  const known = new Map<string, Loudness>()

  const remember = (name: string, loudness: Loudness) => {
    known.delete(name)
    known.set(name, loudness)
    for (const oldest of known.keys()) {
      if (known.size <= KEPT) return
      known.delete(oldest)
    }
  }
  async function stretch(part: SoundPart, job: Job): Promise<{ pcm: PcmFile; range: { start: number; end: number } }> {
    const item = library.get(part.itemId)
    if (item === null) throw new AppError('not-found')
    await job.outside(library.prepare([part.itemId]))
    const pcm = await library.pcmOf(part.itemId)
    if (pcm === null) throw new AppError('file-missing', { data: { fileName: item.title } })
    return { pcm, range: { start: part.offset, end: part.offset + part.length } }
  }
  /** A whole item was measured when it came in. */
  const stored = (part: SoundPart): Loudness | null => {
    const item = library.get(part.itemId)
    return item !== null && item.loudness !== null && part.offset === 0 && part.length === item.lengthSamples ? item.loudness : null
  }

  async function measure(parts: readonly SoundPart[], job: Job): Promise<Loudness[]> {
    const missing = [...new Map(parts.filter((part) => !known.has(nameOf(part)) && stored(part) === null).map((part) => [nameOf(part), part])).values()]
    if (missing.length > 0) {
      const facts = await media.measureSounds(await Promise.all(missing.map((part) => stretch(part, job))), job)
      facts.forEach(({ loudness }, n) => {
        const part = missing[n]
        if (part !== undefined) remember(nameOf(part), loudness)
      })
    }
    return parts.map((part) => stored(part) ?? known.get(nameOf(part)) ?? { integratedLufs: null, rangeLu: null, truePeakDbtp: null })
  }

  return {
    measure,
    async rows(parts, standard, job) {
      const measured = await measure(parts, { ...job, progress: (value) => job.progress(value * 0.7) })
      // Only where the limiter would have work are its places counted.
      const limited: { n: number; stretch: { pcm: PcmFile; range: { start: number; end: number }; limit: number } }[] = []
      for (const [n, part] of parts.entries()) {
        const verdict = judge(measured[n] as Loudness, standard)
        if (verdict.outcome === 'limited') limited.push({ n, stretch: { ...(await stretch(part, job)), limit: linear(standard.ceilingDbtp - verdict.gainDb) } })
      }
      const peaks = new Map<number, number>()
      if (limited.length > 0) {
        const counted = await media.measureSounds(limited.map((one) => one.stretch), { signal: job.signal, progress: (value) => job.progress(0.7 + value * 0.3) })
        limited.forEach(({ n }, k) => peaks.set(n, counted[k]?.overs ?? 0))
      }
      return parts.map((part, n) => levelRow(part.key, library.get(part.itemId)?.title ?? '', measured[n] as Loudness, standard, peaks.get(n) ?? 0))
    },
  }
}
