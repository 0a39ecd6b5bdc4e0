import type { Loudness } from '#contract/library.ts'
import type { LevelRow, LevelStandard } from '#contract/sound.ts'

/** A whisper raised further would mostly be room noise; clips cannot be raised further either. */
export const MAX_GAIN_DB = 24
export const MIN_GAIN_DB = -60

const hundredths = (value: number) => Math.round(value * 100) / 100 + 0
export const linear = (db: number) => 10 ** (db / 20)

export type Verdict = { readonly outcome: 'undefined' } | { readonly outcome: 'static' | 'limited'; readonly gainDb: number }

/** What brings a measured sound to the standard: one number where that is enough, else the number and a limiter behind it. Never a guess. */
export function judge(measured: Loudness, standard: LevelStandard): Verdict {
  if (measured.integratedLufs === null || measured.truePeakDbtp === null) return { outcome: 'undefined' }
  const gainDb = hundredths(Math.min(MAX_GAIN_DB, Math.max(MIN_GAIN_DB, standard.targetLufs - measured.integratedLufs)))
  return { outcome: measured.truePeakDbtp + gainDb <= standard.ceilingDbtp + 1e-9 ? 'static' : 'limited', gainDb }
}

/** A static gain moves everything by itself: nothing has to be measured again. */
export function shifted(measured: Loudness, gainDb: number): Loudness {
  const by = (value: number | null) => (value === null ? null : hundredths(value + gainDb))
  return { integratedLufs: by(measured.integratedLufs), rangeLu: measured.rangeLu, truePeakDbtp: by(measured.truePeakDbtp) }
}

const unchanged = (key: string, title: string, before: Loudness): LevelRow => ({ key, title, outcome: 'undefined', before, gainDb: 0, peaks: 0, after: before, newItemId: null })

/** Row of a sound as it will be after the gain, and, where a limiter is needed, under its ceiling. `peaks`: where that limiter will work. */
export function levelRow(key: string, title: string, before: Loudness, standard: LevelStandard, peaks = 0): LevelRow {
  const verdict = judge(before, standard)
  if (verdict.outcome === 'undefined') return unchanged(key, title, before)
  const after = shifted(before, verdict.gainDb)
  return {
    key, title, outcome: verdict.outcome, before, gainDb: verdict.gainDb, peaks, newItemId: null,
    after: verdict.outcome === 'static' ? after : { ...after, truePeakDbtp: standard.ceilingDbtp },
  }
}
