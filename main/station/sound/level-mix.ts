import { channelsOf, compileEdl } from '#common/edl/index.ts'
import type { Edl } from '#common/edl/index.ts'
import { AppError } from '#contract/errors.ts'
import type { Loudness } from '#contract/library.ts'
import type { LevelRow, LevelStandard } from '#contract/sound.ts'
import type { LibraryRoom, MediaRoom, PcmFile } from '../faces.ts'
import type { JobSigns } from './measured-clips.ts'
import { judge, levelRow, linear, MAX_GAIN_DB } from './verdict.ts'

const MOST_CORRECTIONS = 3
/** Nearer than the tenth that is promised, so that rounding cannot miss it. */
const NEAR_LU = 0.08
const LEAST_SLOPE = 0.2

export type Place = Pick<PcmFile, 'path' | 'format' | 'channels' | 'dataOffsetBytes'>

export interface LevelledMix {
  readonly row: LevelRow
  readonly master: Edl['master']
}

/**
 * Brings a whole edit list to the standard: measured as the mixer makes it, a gain on the master, and the master's limiter only when the gain
 * would pass the ceiling; then what comes out is measured again and corrected. Nothing is written.
 * @throws AppError render-empty, loudness-undefined
 */
export async function levelMix(media: Pick<MediaRoom, 'measureMix'>, { edl, places, key, title }: { edl: Edl; places: readonly Place[]; key: string; title: string }, standard: LevelStandard, job: JobSigns): Promise<LevelledMix> {
  const channels = channelsOf(edl)
  const measure = (master: Edl['master'], share: [number, number], limit?: number) => {
    const plan = compileEdl({ ...edl, master })
    if (plan.length === 0 || plan.segments.length === 0) throw new AppError('render-empty')
    return media.measureMix(plan, places, channels, { signal: job.signal, progress: (value) => job.progress(share[0] + (share[1] - share[0]) * value), ...(limit === undefined ? {} : { limit }) })
  }
  const plain = { gainDb: 0, limiter: false, ceilingDbtp: standard.ceilingDbtp }
  const { loudness: before } = await measure(plain, [0, 0.4])
  const verdict = judge(before, standard)
  if (verdict.outcome === 'undefined') throw new AppError('loudness-undefined')
  if (verdict.outcome === 'static') return { row: levelRow(key, title, before, standard), master: { ...plain, gainDb: verdict.gainDb } }

  let gainDb = verdict.gainDb
  let after: Loudness = before
  // A limiter eats a part of each dB; how much is seen from what the last step gave.
  let last: { gainDb: number; lufs: number } | null = null
  for (let round = 0; ; round++) {
    after = (await measure({ ...plain, limiter: true, gainDb }, [0.4 + round * 0.12, 0.52 + round * 0.12])).loudness
    const lufs = after.integratedLufs ?? standard.targetLufs
    const off = standard.targetLufs - lufs
    if (Math.abs(off) <= NEAR_LU || round === MOST_CORRECTIONS || gainDb >= MAX_GAIN_DB) break
    const slope: number = last === null || gainDb === last.gainDb ? 1 : Math.min(1.2, Math.max(LEAST_SLOPE, (lufs - last.lufs) / (gainDb - last.gainDb)))
    last = { gainDb, lufs }
    gainDb = Math.round(Math.min(MAX_GAIN_DB, gainDb + off / slope) * 100) / 100
  }
  const { overs } = await measure(plain, [0.9, 1], linear(standard.ceilingDbtp - gainDb))
  return { row: { key, title, outcome: 'limited', before, gainDb, peaks: overs, after, newItemId: null }, master: { gainDb, limiter: true, ceilingDbtp: standard.ceilingDbtp } }
}

/** @throws AppError file-missing, file-truncated */
export async function placesOf(library: Pick<LibraryRoom, 'get' | 'list' | 'pcmOf'>, edl: Edl): Promise<Place[]> {
  const used = new Set(edl.lanes.flatMap((lane) => lane.clips.map((clip) => clip.sourceId)))
  return Promise.all(edl.sources.map(async (source) => {
    if (!used.has(source.id)) return { path: '', format: 'int16', channels: source.channels, dataOffsetBytes: 0 }
    const item = library.get(source.itemId)
    const holder = item?.sha256 === source.sha256 ? item : library.list().find((other) => other.sha256 === source.sha256)
    const pcm = holder === undefined || holder === null ? null : await library.pcmOf(holder.id)
    if (pcm === null) throw new AppError('file-missing', { data: { fileName: source.title } })
    if (pcm.length < source.length || pcm.channels !== source.channels) throw new AppError('file-truncated', { data: { fileName: source.title } })
    return pcm
  }))
}
