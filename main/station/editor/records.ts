import { z } from 'zod'
import { Clip, Edl, Lane, Marker, Source } from '#contract/editor.ts'
import { Id, InstantMs, Rev, Title } from '#contract/shapes.ts'

/** Forms on disk. A later version gets its own schema and a step that brings the old one up. */
const index = z.number().int().nonnegative()
const list = <T extends z.ZodType>(of: T) => z.array(of).readonly()
const LaneFacts = Lane.pick({ name: true, gainDb: true, mute: true, solo: true })

const PatchRecord = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('clips'), laneId: Id, index, remove: list(Clip), insert: list(Clip) }),
  z.object({ kind: z.literal('shift'), laneId: Id, index, by: z.number().int() }),
  z.object({ kind: z.literal('lane'), laneId: Id, before: LaneFacts, after: LaneFacts }),
  z.object({ kind: z.literal('lanes'), index, remove: list(Lane), insert: list(Lane) }),
  z.object({ kind: z.literal('markers'), index, remove: list(Marker), insert: list(Marker) }),
  z.object({ kind: z.literal('sources'), index, remove: list(Source), insert: list(Source) }),
])
const StepRecord = z.object({ name: z.string().max(40), patches: list(PatchRecord) })

export const PROJECT_VERSION = 1
/** `project.json`: the state after line `rev` of the log, with its whole history. */
export const ProjectRecord = z.object({
  version: z.literal(PROJECT_VERSION), id: Id, title: Title, rev: Rev, updatedAt: InstantMs, edl: Edl,
  history: z.object({ undo: list(StepRecord), redo: list(StepRecord) }),
})
export type ProjectRecord = z.infer<typeof ProjectRecord>

/** One line of `edit.log`. `rev` is the revision it leads to. */
export const LogRecord = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('edit'), rev: Rev, at: InstantMs, by: z.string(), name: z.string().max(40), patches: list(PatchRecord) }),
  z.object({ kind: z.literal('undo'), rev: Rev, at: InstantMs, by: z.string() }),
  z.object({ kind: z.literal('redo'), rev: Rev, at: InstantMs, by: z.string() }),
  z.object({ kind: z.literal('title'), rev: Rev, at: InstantMs, by: z.string(), title: Title }),
])
export type LogRecord = z.infer<typeof LogRecord>
