import { z } from 'zod'
import { noCues } from '#common/cues/index.ts'
import { Approval, Cues, Item, ItemKind, ItemState, Keep, Origin } from '#contract/library.ts'
import { ErrorCode, ErrorData } from '#contract/errors.ts'
import { Sha256 } from '#contract/shapes.ts'
import type { FileStamp } from '../foundation/stamp.ts'

/** Rows as SQLite holds them → values of the house. A row that does not parse is put aside, never a failed start. */

export const json = <S extends z.ZodType>(schema: S) => z.string().transform((text, context) => {
  try {
    return schema.parse(JSON.parse(text))
  } catch (error) {
    context.addIssue({ code: 'custom', message: String(error) })
    return z.NEVER
  }
})

/** Ending of the stored original, chosen by content. */
const Ending = z.string().regex(/^[a-z0-9]{1,8}$/)

/** Where an original stands that was not copied: a file of its owner. `changedMs`: last change of anything about it, its name too. */
export interface Place extends FileStamp {
  readonly path: string
  readonly changedMs: number
}

/** Where the sound of an item stands; not shown to windows. */
export interface Sound {
  readonly itemId: string
  readonly sha256: string
  readonly ending: string
  readonly pcm: 'original' | 'mezzanine'
  readonly pcmBits: 16 | 24
  readonly lengthSamples: number
  readonly fileName: string
  /** Null: on the library's own shelf. */
  readonly place: Place | null
  /** Of the 48 kHz copy that was purged: what comes back must be this. */
  readonly mezzanineSha256: string | null
}

const NO_CUES = JSON.stringify(noCues)

const Columns = z.object({
  id: z.string(), number: z.number().int(), title: z.string(), kind: ItemKind, state: ItemState, tags: json(z.array(z.string())), origin: Origin, essential: z.number(), lang: z.string(), note: z.string(),
  sha256: Sha256, ending: Ending, file_name: z.string(), size_bytes: z.number(), codec: z.string(), source_rate_hz: z.number(), channels: z.number(), length_samples: z.number().int().positive(),
  pcm: z.enum(['original', 'mezzanine']), pcm_bits: z.union([z.literal(16), z.literal(24)]), integrated_lufs: z.number().nullable(), range_lu: z.number().nullable(), true_peak_dbtp: z.number().nullable(), play_gain_db: z.number(),
  created_at: z.number(), created_by: z.string(), approved_at: z.number().nullable(), approved_by: z.string().nullable(), returned_note: z.string().nullable(), rev: z.number(),
  cues: json(Cues),
  place_path: z.string().nullable(), place_modified_ms: z.number().nullable(), place_changed_ms: z.number().nullable(), mezzanine_sha256: Sha256.nullable(),
  sensitive: z.number(), embargo_until: z.number().int().nullable(), approvals: json(z.array(Approval)),
})

export interface Stored {
  readonly item: Item
  readonly sound: Sound
}

export const StoredRow = Columns.transform((row, context): Stored => {
  const item = Item.safeParse({
    id: row.id, number: row.number, title: row.title, kind: row.kind, state: row.state, tags: row.tags, origin: row.origin, essential: row.essential === 1, lang: row.lang, note: row.note,
    sha256: row.sha256, sizeBytes: row.size_bytes, codec: row.codec, sourceRateHz: row.source_rate_hz, channels: row.channels, lengthSamples: row.length_samples,
    loudness: { integratedLufs: row.integrated_lufs, rangeLu: row.range_lu, truePeakDbtp: row.true_peak_dbtp }, playGainDb: row.play_gain_db,
    createdAt: row.created_at, createdBy: row.created_by, approvedAt: row.approved_at, approvedBy: row.approved_by, returnedNote: row.returned_note, rev: row.rev,
    ...(row.sensitive === 1 ? { sensitive: true } : {}), ...(row.embargo_until === null ? {} : { embargoUntil: row.embargo_until }), ...(row.approvals.length === 0 ? {} : { approvals: row.approvals }),
    ...(JSON.stringify(row.cues) === NO_CUES ? {} : { cues: row.cues }),
  })
  if (!item.success) {
    context.addIssue({ code: 'custom', message: item.error.message })
    return z.NEVER
  }
  const place = row.place_path === null ? null : { path: row.place_path, sizeBytes: row.size_bytes, modifiedMs: row.place_modified_ms ?? 0, changedMs: row.place_changed_ms ?? 0 }
  const sound: Sound = { itemId: row.id, sha256: row.sha256, ending: row.ending, pcm: row.pcm, pcmBits: row.pcm_bits, lengthSamples: row.length_samples, fileName: row.file_name, place, mezzanineSha256: row.mezzanine_sha256 }
  return { item: item.data, sound }
})

/** What the person who brought the file wanted: survives a restart with the unfinished import and with the quarantine. */
export const Wish = z.object({
  who: z.object({ personId: z.string().nullable(), name: z.string() }),
  title: z.string().optional(), kind: ItemKind.optional(), moveSource: z.boolean().optional(), watched: z.boolean().optional(),
  tags: z.array(z.string()).optional(), cues: Cues.optional(),
  /** Absent: `copy`. */
  keep: Keep.optional(),
})
export type Wish = z.infer<typeof Wish>

export const QuarantineRow = z.object({ id: z.string(), path: z.string(), file_name: z.string(), at: z.number(), code: ErrorCode, data: json(ErrorData), size_bytes: z.number(), wish: json(Wish) })
export const UnfinishedRow = z.object({ id: z.string(), path: z.string(), wish: json(Wish), attempts: z.number(), at: z.number() })
