import { z } from 'zod'
import { Id, JobRef, Nothing, Rev, SampleCount, Title } from './shapes.ts'
import type { ProcedureTable } from './procedure.ts'

/** Sound and arrangements on their way to other desks. Files are written beside, checked by decoding, and renamed. */
export const ExportFormat = z.enum(['wav', 'flac', 'mp3', 'aac', 'opus'])
const Line = (most: number) => z.string().max(most)
const DateText = z.string().regex(/^\d{4}-\d{2}-\d{2}$/)
export const ExportTags = z.object({ title: Line(200), artist: Line(200), album: Line(200), date: Line(20), comment: Line(500) })
/** EBU Tech 3285; loudness, times and the coding history are filled in by the station. */
export const BroadcastFields = z.object({ description: Line(256), originator: Line(32), originatorReference: Line(32) })
/** AES46. */
export const CartFields = z.object({ cutId: Line(64), category: Line(64), classification: Line(64), outCue: Line(64), startDate: DateText, endDate: DateText })
export const ExportSettings = z.object({
  format: ExportFormat,
  /** Only WAV and FLAC; 16 bits are dithered. */
  bits: z.union([z.literal(16), z.literal(24)]),
  /** Only MP3, AAC and Opus. */
  kbps: z.number().int().min(16).max(320),
  channels: z.enum(['own', 'mono', 'stereo']),
  tags: ExportTags,
  /** Only WAV. */
  broadcast: BroadcastFields.nullable(),
  cart: CartFields.nullable(),
  /** Markers of the project as chapters (MP3, AAC, Opus) or cue points (WAV). */
  chapters: z.boolean(),
  /** Null = the whole project. */
  range: z.object({ start: SampleCount, end: SampleCount }).nullable(),
})
export type ExportSettings = z.infer<typeof ExportSettings>

/** What broadcast chunks of an item's own file say; null where there is none. */
export const BroadcastInfo = z.object({
  bext: z.object({
    description: z.string(), originator: z.string(), originatorReference: z.string(), originationDate: z.string(), originationTime: z.string(), codingHistory: z.string(),
    loudness: z.object({ integratedLufs: z.number(), rangeLu: z.number(), truePeakDbtp: z.number() }).nullable(),
  }).nullable(),
  cart: z.object({
    title: z.string(), artist: z.string(), cutId: z.string(), category: z.string(), classification: z.string(), outCue: z.string(), startDate: z.string(), endDate: z.string(), producerApp: z.string(),
    timers: z.array(z.object({ usage: z.string(), at: z.number() })).readonly(),
  }).nullable(),
})
export type BroadcastInfo = z.infer<typeof BroadcastInfo>

export const exchangeProcedures = {
  /**
   * Job (kind `render`), result `{ path, lengthSamples }`. `name` has no ending: the format gives it. An existing file is refused with
   * `file-exists` unless `replace`.
   */
  'exchange.export': { input: z.object({ projectId: Id, rev: Rev, folder: z.string().min(1).max(1000), name: z.string().trim().min(1).max(120), replace: z.boolean(), settings: ExportSettings }), output: JobRef, role: 'editor' },
  /** A project from an arrangement of another program. `exchange-refused` says why not, `data.reason`, `data.line`, `data.names`. */
  'exchange.importTimeline': { input: z.object({ title: Title, format: z.enum(['otio', 'cmx3600']), text: z.string().max(20_000_000) }), output: z.object({ projectId: Id, rev: Rev }), role: 'editor' },
  'exchange.broadcastInfo': { input: z.object({ itemId: Id }), output: BroadcastInfo, role: 'viewer' },
  /** The exact ffmpeg lines of the last runs, newest last. */
  'exchange.lastCommands': { input: Nothing, output: z.object({ commands: z.array(z.string().max(20_000)) }), role: 'editor' },
} as const satisfies ProcedureTable
