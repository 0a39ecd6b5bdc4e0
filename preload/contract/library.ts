import { z } from 'zod'
import { ErrorReply } from './errors.ts'
import { Done, Id, InstantMs, JobRef, Nothing, Rev, SampleCount, Sha256, Text, Title } from './shapes.ts'
import type { EventTable, ProcedureTable } from './procedure.ts'

export const ItemKind = z.enum(['speech', 'programme', 'music', 'jingle', 'siren', 'message', 'recording'])
export const ItemState = z.enum(['draft', 'edited', 'submitted', 'approved', 'returned', 'withdrawn'])
export const Origin = z.enum(['tu-san-xuat', 'tiep-song-tinh', 'tiep-song-tw', 'trong-nuoc-khac', 'nuoc-ngoai'])
export const Loudness = z.object({ integratedLufs: z.number().nullable(), rangeLu: z.number().nullable(), truePeakDbtp: z.number().nullable() })
export type Loudness = z.infer<typeof Loudness>

/** What becomes of an imported file: copied into the library, or used where it stands (only read; known by path, size, time and SHA-256). */
export const Keep = z.enum(['copy', 'inPlace'])
export type Keep = z.infer<typeof Keep>

/** Places for the eye, the preview and the trim; the sound itself stays as it is. Kept in order, by `#common/cues`. */
export const Cues = z.object({ in: SampleCount.nullable(), out: SampleCount.nullable(), points: z.array(z.object({ at: SampleCount, label: z.string().trim().min(1).max(80) })).max(200).readonly() })

/** A person's word for exactly this content. */
export const Approval = z.object({ personId: Id.nullable(), by: z.string(), at: InstantMs, sha256: Sha256 })

export const Item = z.object({
  id: Id, number: z.number().int().positive(), title: Title, kind: ItemKind, state: ItemState, tags: z.array(z.string().max(60)).max(40),
  origin: Origin, essential: z.boolean(), lang: z.string().max(20), note: Text,
  sha256: Sha256, sizeBytes: z.number().int(), codec: z.string(), sourceRateHz: z.number().int(), channels: z.number().int().min(1).max(8),
  /** Decoded length of the 48 kHz PCM: the only length. */
  lengthSamples: SampleCount,
  loudness: Loudness.nullable(),
  /** Applied at play; audio is never rewritten. */
  playGainDb: z.number(),
  createdAt: InstantMs, createdBy: z.string(), approvedAt: InstantMs.nullable(), approvedBy: z.string().nullable(), returnedNote: z.string().nullable(), rev: Rev,
  /** Asks for two approvers. Absent = one is enough. */
  sensitive: z.boolean().optional(),
  /** Reaches no speaker before. Absent = at any time. */
  embargoUntil: InstantMs.optional(),
  /** Who approved this content, in order; a sensitive item waits in `submitted` for the second. Absent = nobody. */
  approvals: z.array(Approval).max(2).optional(),
  /** True when the sound is not on the disk (media not mounted, deleted by hand): the item stays, but cannot be approved or played. */
  fileMissing: z.boolean().optional(),
  /** Absent = none. */
  cues: Cues.optional(),
  /**
   * The original of an item used in place; absent = the library has its own copy. `checking`: its size or time is another, its content is being compared;
   * `gone`: not there; `changed`: another content, which is never played.
   */
  place: z.object({ path: z.string(), state: z.enum(['here', 'checking', 'gone', 'changed']) }).optional(),
})
export type Item = z.infer<typeof Item>

export const Quarantined = z.object({ id: Id, fileName: z.string(), at: InstantMs, reason: ErrorReply, sizeBytes: z.number().int() })
export type Quarantined = z.infer<typeof Quarantined>

/** One file of a batch. `skipped` = not sound by its ending (documents, pictures), never opened. */
export const BatchFile = z.object({
  seq: z.number().int().nonnegative(), name: z.string().max(1000), sizeBytes: z.number().int().nonnegative(), state: z.enum(['waiting', 'running', 'imported', 'duplicate', 'refused', 'skipped', 'cancelled']),
  /** The item made of it, or the twin that was there before. */
  itemId: Id.nullable(), error: ErrorReply.nullable(),
})
export type BatchFile = z.infer<typeof BatchFile>
/** Files and folders brought in together: one row, one progress, one cancel (`jobs.cancel` of its job), an answer for every file. Survives a restart. */
export const ImportBatch = z.object({
  id: Id, name: z.string().max(300), by: z.string(), startedAt: InstantMs, endedAt: InstantMs.nullable(), jobId: Id.nullable(), state: z.enum(['reading', 'running', 'done', 'cancelled']),
  total: z.number().int().nonnegative(), imported: z.number().int().nonnegative(), duplicate: z.number().int().nonnegative(), refused: z.number().int().nonnegative(), skipped: z.number().int().nonnegative(), cancelled: z.number().int().nonnegative(),
  /** Files beyond what one batch takes: named by number, never silently dropped. */
  leftOut: z.number().int().nonnegative(), current: z.string().nullable(),
})
export type ImportBatch = z.infer<typeof ImportBatch>

const Tags = z.array(z.string().trim().min(1).max(60)).max(40)
const ItemRefs = z.object({ items: z.array(z.object({ itemId: Id, rev: Rev })).min(1).max(500) })
const StepsTaken = z.object({ done: z.array(Item), refused: z.array(z.object({ itemId: Id, error: ErrorReply })) })

/** Why a file that can be made again stays: planned in the coming days, part of an open project, for emergencies, asked for a moment ago, or not to be made again. */
export const KeptWhy = z.enum(['planned', 'editing', 'emergency', 'inUse', 'noOriginal'])
export type KeptWhy = z.infer<typeof KeptWhy>
const FilesAndBytes = z.object({ files: z.number().int().nonnegative(), bytes: z.number().int().nonnegative() })
/** What can be made again from the originals and may go: 48 kHz copies, peaks. `kept`: what stays, by reason. */
export const Caches = z.object({ mezzanine: FilesAndBytes, peaks: FilesAndBytes, kept: z.array(FilesAndBytes.extend({ why: KeptWhy })) })
export type Caches = z.infer<typeof Caches>

/** `removable`: a stick or a card. `network`: never used in place. `ours`: lies in the station's own folder. `unknown`: the disk could not be recognised. */
export const ImportPlan = z.object({
  suggest: Keep, mayStay: z.boolean(), because: z.enum(['removable', 'network', 'ours', 'unknown', 'small', 'large']),
  files: z.number().int().nonnegative(), bytes: z.number().int().nonnegative(), more: z.boolean(),
})
export type ImportPlan = z.infer<typeof ImportPlan>

/**
 * Files of an item over HTTP with Range: `/files/<ticket>/media/<itemId>` (original), `/files/<ticket>/pcm/<itemId>` (48 kHz WAV/RF64 mezzanine
 * or the original when it is one), `/files/<ticket>/peaks/<itemId>` (audiowaveform .dat v2, 16-bit, 256 samples per point).
 */
export const libraryProcedures = {
  'library.list': {
    input: z.object({ query: z.string().max(200).default(''), kinds: z.array(ItemKind).default([]), states: z.array(ItemState).default([]), limit: z.number().int().min(1).max(500).default(100), offset: z.number().int().min(0).default(0) }),
    output: z.object({ items: z.array(Item), total: z.number().int() }), role: 'viewer',
  },
  'library.get': { input: z.object({ itemId: Id }), output: Item, role: 'viewer' },
  'library.import': { input: z.object({ paths: z.array(z.string().max(2000)).min(1).max(500), keep: Keep.default('copy') }), output: z.object({ jobIds: z.array(Id) }), role: 'recorder' },
  /** What to do with files before they are brought: `inPlace` only where the disk is always there. `files` and `bytes` up to a bound. */
  'library.importPlan': { input: z.object({ paths: z.array(z.string().max(2000)).min(1).max(2000) }), output: ImportPlan, role: 'recorder' },
  /** Copies the original of an item used in place into the library, compared by its hash. Job result: `{ itemId }`. */
  'library.copyIn': { input: z.object({ itemId: Id }), output: JobRef, role: 'recorder' },
  /** Files and whole folders (walked with bounds). Titles come from the names, tags from the folders. */
  'library.importBatch': { input: z.object({ paths: z.array(z.string().max(2000)).min(1).max(2000), kind: ItemKind.optional(), keep: Keep.default('copy') }), output: z.object({ batchId: Id }), role: 'recorder' },
  /** Newest first; ended ones until they are dismissed. */
  'library.batches': { input: Nothing, output: z.object({ batches: z.array(ImportBatch) }), role: 'viewer' },
  'library.batchFiles': { input: z.object({ batchId: Id, limit: z.number().int().min(1).max(500).default(500), offset: z.number().int().min(0).default(0) }), output: z.object({ files: z.array(BatchFile), total: z.number().int() }), role: 'viewer' },
  'library.dismissBatch': { input: z.object({ batchId: Id }), output: Done, role: 'recorder' },
  /** Makes a new item (draft) of the part between cue in and cue out; this item stays as it is. Job result: `{ itemId }`. */
  'library.trim': { input: z.object({ itemId: Id, rev: Rev, title: Title.optional() }), output: JobRef, role: 'recorder' },
  /** Looks in a file or a folder for the lost sound of items, by content. Without `itemId`: for all that miss theirs. Job result: `{ found, missing }` (numbers). */
  'library.relink': { input: z.object({ path: z.string().max(2000), itemId: Id.optional() }), output: JobRef, role: 'recorder' },
  'library.caches': { input: Nothing, output: Caches, role: 'editor' },
  /** Deletes what `library.caches` says may go; it is made again, bit by bit the same, when it is asked for. Job result: `{ freedBytes, files }` (numbers). */
  'library.purgeCaches': { input: Nothing, output: JobRef, role: 'editor' },
  'library.update': {
    input: z.object({ itemId: Id, rev: Rev, title: Title.optional(), kind: ItemKind.optional(), tags: Tags.optional(), origin: Origin.optional(), essential: z.boolean().optional(), lang: z.string().max(20).optional(), note: Text.optional(), cues: Cues.optional() }),
    output: Item, role: 'recorder',
  },
  /** Those of these that are there, in their order. */
  'library.items': { input: z.object({ itemIds: z.array(Id).max(500) }), output: z.object({ items: z.array(Item) }), role: 'viewer' },
  /** The tags of several items, all or none. The tags they had before, with the revisions of the answer, undo it. */
  'library.retag': { input: z.object({ changes: z.array(z.object({ itemId: Id, rev: Rev, tags: Tags })).min(1).max(500) }), output: z.object({ items: z.array(Item) }), role: 'recorder' },
  /** Several items, each by its own answer: one that may not go does not hold the others. */
  'library.submitMany': { input: ItemRefs, output: StepsTaken, role: 'recorder' },
  'library.approveMany': { input: ItemRefs, output: StepsTaken, role: 'approver' },
  'library.submit': { input: z.object({ itemId: Id, rev: Rev }), output: Item, role: 'recorder' },
  'library.approve': { input: z.object({ itemId: Id, rev: Rev }), output: Item, role: 'approver' },
  /** Two approvers, an embargo. Anybody who edits may ask for more care, at any time; only an approver takes it away. An approved item that lacks its second person waits again in `submitted`. */
  'library.protect': { input: z.object({ itemId: Id, rev: Rev, sensitive: z.boolean().optional(), embargoUntil: InstantMs.nullable().optional() }), output: Item, role: 'editor' },
  'library.return': { input: z.object({ itemId: Id, rev: Rev, note: z.string().trim().min(1).max(1000) }), output: Item, role: 'approver' },
  'library.withdraw': { input: z.object({ itemId: Id, rev: Rev }), output: Item, role: 'approver' },
  'library.remove': { input: z.object({ itemId: Id, rev: Rev }), output: Done, role: 'editor' },
  'library.quarantine': { input: Nothing, output: z.object({ files: z.array(Quarantined) }), role: 'viewer' },
  'library.retryQuarantined': { input: z.object({ quarantinedId: Id }), output: JobRef, role: 'recorder' },
  'library.dismissQuarantined': { input: z.object({ quarantinedId: Id }), output: Done, role: 'recorder' },
} as const satisfies ProcedureTable

export const libraryEvents = {
  'library.changed': { payload: z.object({ itemId: Id, removed: z.boolean() }) },
  'library.quarantineChanged': { payload: z.object({ count: z.number().int() }) },
  'library.batchChanged': { payload: ImportBatch },
} as const satisfies EventTable
