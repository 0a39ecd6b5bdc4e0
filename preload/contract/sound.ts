import { z } from 'zod'
import { samples } from '#common/units/samples.ts'
import { Loudness } from './library.ts'
import { Id, JobRef, Nothing, Rev, SampleCount as SampleNumber, Title } from './shapes.ts'
import type { ProcedureTable } from './procedure.ts'

const SampleCount = SampleNumber.transform(samples)
/** Half-open, in samples of the item's 48 kHz PCM. */
export const SoundRange = z.object({ start: SampleCount, end: SampleCount })
/** What is levelled to: integrated loudness, and the true peak that is never passed. */
export const LevelStandard = z.object({ targetLufs: z.number().min(-40).max(-8), ceilingDbtp: z.number().min(-9).max(0) })
export type LevelStandard = z.infer<typeof LevelStandard>

/** A stretch of an item's sound, named by whoever asks (usually the id of a clip). */
export const SoundPart = z.object({ key: z.string().min(1).max(64), itemId: Id, offset: SampleCount, length: SampleCount })
export type SoundPart = z.infer<typeof SoundPart>

/** What takes noise away: a network that knows voices, or a filter that knows the noise between the words. */
export const NoiseReducer = z.enum(['rnnoise', 'afftdn'])
/** `amount` is the one slider; the switches say which steps it moves. At 0 the sound passes unchanged. */
export const CleanUp = z.object({
  kind: z.literal('cleanUp'), amount: z.number().int().min(0).max(100), reducer: NoiseReducer.default('rnnoise'),
  rumble: z.boolean().default(true), hum: z.boolean().default(true), noise: z.boolean().default(true), clicks: z.boolean().default(true), sibilance: z.boolean().default(true),
})
/** Sound made for horn loudspeakers: band limit, compression, loudness. `upperHz` is where the horns of the place end. */
export const HornProfile = z.object({ kind: z.literal('horn'), upperHz: z.number().int().min(3_000).max(8_000).default(4_500), compression: z.number().int().min(0).max(100).default(60), standard: LevelStandard.nullable().default(null) })
/** What a horn would make of it: to listen to, never to keep. */
export const HornEar = z.object({ kind: z.literal('hornEar'), watts: z.number().min(15).max(150).default(75) })
/** Another length at the same pitch. Within ±10 %; the result has exactly `length` samples. */
export const Stretch = z.object({ kind: z.literal('stretch'), length: SampleCount })
/** Static gain to the standard, and the limiter only where the gain would pass the ceiling. */
export const Level = z.object({ kind: z.literal('level'), standard: LevelStandard.nullable().default(null) })

export const Treatment = z.discriminatedUnion('kind', [CleanUp, HornProfile, Stretch, Level])
export type Treatment = z.infer<typeof Treatment>
export const PreviewTreatment = z.discriminatedUnion('kind', [CleanUp, HornProfile, HornEar])
export type PreviewTreatment = z.infer<typeof PreviewTreatment>

/**
 * One thing that was measured against a standard. `static`: `gainDb` alone does it. `limited`: after `gainDb` the true peak passes the ceiling at
 * `peaks` places, so the limiter has to stand behind it. `undefined`: under 400 ms, or all of it below the gate: no gain is proposed, never a guess.
 * `after` is measured, or exact arithmetic where only a static gain was applied.
 */
export const LevelRow = z.object({ key: z.string(), title: z.string(), outcome: z.enum(['static', 'limited', 'undefined']), before: Loudness, gainDb: z.number(), peaks: z.number().int().nonnegative(), after: Loudness, newItemId: Id.nullable() })
export type LevelRow = z.infer<typeof LevelRow>
/** A part as it is now: `offset` and `length` in the new item. The new item may be longer on both sides (handles for fades and trims). */
export const TreatedPart = z.object({ key: z.string(), itemId: Id, offset: SampleCount, length: SampleCount, /** Length now / length before. */ factor: z.number(), /** Stretched by more than 5 %: it will be heard. */ audible: z.boolean(), level: LevelRow.nullable() })
export type TreatedPart = z.infer<typeof TreatedPart>

export const SoundReport = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('clips'), standard: LevelStandard, rows: z.array(LevelRow) }),
  /** `master` is what the project's master has to be set to. */
  z.object({ kind: z.literal('project'), standard: LevelStandard, row: LevelRow, master: z.object({ gainDb: z.number(), limiter: z.boolean(), ceilingDbtp: z.number() }) }),
  z.object({ kind: z.literal('items'), standard: LevelStandard, rows: z.array(LevelRow) }),
  z.object({ kind: z.literal('treated'), parts: z.array(TreatedPart) }),
])
export type SoundReport = z.infer<typeof SoundReport>

export const SoundPreview = z.object({
  /** Addresses under the session's files: `sound/<name>`; 48 kHz WAV, both of the same length and, by `matchGainDb`, of the same loudness. */
  before: z.string(), after: z.string(), lengthSamples: SampleNumber,
  /** What was applied to `after`, so that the louder side does not win by being louder. */
  matchGainDb: z.number(), beforeLoudness: Loudness, afterLoudness: Loudness,
})
export type SoundPreview = z.infer<typeof SoundPreview>

/** What this computer can do, told before somebody wishes for it; the better reducer first. */
export const SoundAbilities = z.object({ reducers: z.array(NoiseReducer), stretch: z.enum(['rubberband', 'atempo', 'none']), clicks: z.boolean(), sibilance: z.boolean() })

export const ItemOrigin = z.object({ fromItemId: Id, fromTitle: z.string(), offset: SampleNumber, length: SampleNumber, treatment: z.enum(['cleanUp', 'horn', 'stretch', 'level']) })

export const PREVIEW_MAX_SAMPLES = 960_000
/**
 * Measuring and treating sound. Whatever lasts is a job; what it found is asked for with its id (`sound.report`, kept until the station stops).
 * Nothing here changes an edit list: the window turns a report into commands, so that undo has them.
 *
 * The course of short-term loudness of an item is a file: `/files/<ticket>/loudness/<itemId>`, little-endian float32, one value in LUFS per
 * 4 800 samples (the 3 s before the end of that step; -120 = silence).
 */
export const soundProcedures = {
  'sound.abilities': { input: Nothing, output: SoundAbilities, role: 'viewer' },
  /** Each clip by itself. `standard` null = the station's. Report: `clips`. */
  'sound.measureClips': { input: z.object({ title: Title, parts: z.array(SoundPart).min(1).max(2_000), standard: LevelStandard.nullable() }), output: JobRef, role: 'editor' },
  /** The mix of a project as it would be rendered with its master at 0 dB and no limiter. Report: `project`. */
  'sound.measureProject': { input: z.object({ projectId: Id, rev: Rev, title: Title, standard: LevelStandard.nullable() }), output: JobRef, role: 'editor' },
  /** Items of the library, a whole bulletin at once. Their play gain is static; `copies` makes a limited copy of those that a static gain cannot bring there. Report: `items`. */
  'sound.levelItems': { input: z.object({ title: Title, itemIds: z.array(Id).min(1).max(500), standard: LevelStandard.nullable(), copies: z.boolean() }), output: JobRef, role: 'editor' },
  /** Each part becomes a new item of the library linked to its original; originals stay as they are. Report: `treated`. */
  'sound.treat': { input: z.object({ title: Title, parts: z.array(SoundPart).min(1).max(500), treatment: Treatment }), output: JobRef, role: 'editor' },
  /** At most 20 s. A new preview of the same window ends the one before. */
  'sound.preview': { input: z.object({ itemId: Id, range: SoundRange, treatment: PreviewTreatment }), output: SoundPreview, role: 'viewer' },
  /** @throws not-found (no such job, or not done), loudness-undefined (nothing of it could be measured) */
  'sound.report': { input: z.object({ jobId: Id }), output: SoundReport, role: 'viewer' },
  /** What an item was made from; null for what came from outside. */
  'sound.originOf': { input: z.object({ itemId: Id }), output: z.object({ origin: ItemOrigin.nullable() }), role: 'viewer' },
} as const satisfies ProcedureTable
