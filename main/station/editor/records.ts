import { z } from 'zod'
import { EditPatch, Edl } from '#contract/editor.ts'
import { Id, InstantMs, Rev, Title } from '#contract/shapes.ts'
import { LogRecordV1, ProjectRecordV1, upgradeLineV1, upgradeProjectV1 } from './records-v1.ts'

/** Forms on disk. A later version gets its own schema and a step that brings the old one up. */
const StepRecord = z.object({ name: z.string().max(40), patches: z.array(EditPatch).readonly(), at: InstantMs.optional(), by: z.string().optional() })

export const PROJECT_VERSION = 2
/** `project.json`: the state after line `rev` of the log, with its whole history. */
export const ProjectRecord = z.object({
  version: z.literal(PROJECT_VERSION), id: Id, title: Title, rev: Rev, updatedAt: InstantMs, edl: Edl,
  history: z.object({ undo: z.array(StepRecord).readonly(), redo: z.array(StepRecord).readonly() }),
})
export type ProjectRecord = z.infer<typeof ProjectRecord>

/** One line of `edit.log`. `rev` is the revision it leads to. */
export const LogRecord = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('edit'), rev: Rev, at: InstantMs, by: z.string(), name: z.string().max(40), patches: z.array(EditPatch).readonly() }),
  z.object({ kind: z.literal('undo'), rev: Rev, at: InstantMs, by: z.string() }),
  z.object({ kind: z.literal('redo'), rev: Rev, at: InstantMs, by: z.string() }),
  z.object({ kind: z.literal('goTo'), rev: Rev, at: InstantMs, by: z.string(), steps: z.number().int() }),
  z.object({ kind: z.literal('title'), rev: Rev, at: InstantMs, by: z.string(), title: Title }),
])
export type LogRecord = z.infer<typeof LogRecord>

/** Reads a project of any version. @throws ZodError */
export function parseProject(value: unknown): ProjectRecord {
  const old = ProjectRecordV1.safeParse(value)
  return ProjectRecord.parse(old.success ? upgradeProjectV1(old.data) : value)
}

/** Reads a line of any version: lines of an older one may stand in the log of a project that has just been brought up. Null when it is none. */
export function parseLine(value: unknown): LogRecord | null {
  const line = LogRecord.safeParse(value)
  if (line.success) return line.data
  const old = LogRecordV1.safeParse(value)
  return old.success ? (LogRecord.safeParse(upgradeLineV1(old.data)).data ?? null) : null
}
