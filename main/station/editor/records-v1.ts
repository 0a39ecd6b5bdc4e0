import { z } from 'zod'
import { emptyEdl, plainClip } from '#common/edl/index.ts'
import { FadeShape } from '#contract/editor.ts'
import { Id, InstantMs, Rev, SampleCount, Title } from '#contract/shapes.ts'

/** Version 1 as it was written, frozen: before envelopes, roles, slides, the master and the slot. */
const list = <T extends z.ZodType>(of: T) => z.array(of).readonly()
const index = z.number().int().nonnegative()
const Fade = z.object({ length: SampleCount, shape: FadeShape })
const Source = z.object({ id: Id, itemId: Id, title: z.string(), sha256: z.string(), channels: z.number().int().min(1).max(8), length: SampleCount })
const Clip = z.strictObject({ id: Id, sourceId: Id, start: SampleCount, offset: SampleCount, length: SampleCount, gainDb: z.number(), fadeIn: Fade, fadeOut: Fade })
const LaneFacts = z.strictObject({ name: z.string(), gainDb: z.number(), mute: z.boolean(), solo: z.boolean() })
const Lane = LaneFacts.extend({ id: Id, clips: list(Clip) })
const Marker = z.strictObject({ id: Id, at: SampleCount, length: SampleCount, label: z.string() })
const splice = <T extends z.ZodType>(of: T) => ({ index, remove: list(of), insert: list(of) })
const Patch = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('clips'), laneId: Id, ...splice(Clip) }),
  z.object({ kind: z.literal('shift'), laneId: Id, index, by: z.number().int() }),
  z.object({ kind: z.literal('lane'), laneId: Id, before: LaneFacts, after: LaneFacts }),
  z.object({ kind: z.literal('lanes'), ...splice(Lane) }),
  z.object({ kind: z.literal('markers'), ...splice(Marker) }),
  z.object({ kind: z.literal('sources'), ...splice(Source) }),
])
const Step = z.object({ name: z.string(), patches: list(Patch) })
export const ProjectRecordV1 = z.object({
  version: z.literal(1), id: Id, title: Title, rev: Rev, updatedAt: InstantMs,
  edl: z.strictObject({ sources: list(Source), lanes: list(Lane), markers: list(Marker) }),
  history: z.object({ undo: list(Step), redo: list(Step) }),
})
export const LogRecordV1 = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('edit'), rev: Rev, at: InstantMs, by: z.string(), name: z.string(), patches: list(Patch) }),
  z.object({ kind: z.literal('undo'), rev: Rev, at: InstantMs, by: z.string() }),
  z.object({ kind: z.literal('redo'), rev: Rev, at: InstantMs, by: z.string() }),
  z.object({ kind: z.literal('title'), rev: Rev, at: InstantMs, by: z.string(), title: Title }),
])

const clip = (old: z.infer<typeof Clip>) => ({ ...plainClip, ...old })
const facts = (old: z.infer<typeof LaneFacts>) => ({ ...old, role: 'other', duck: null })
const lane = (old: z.infer<typeof Lane>) => ({ ...facts(old), id: old.id, clips: old.clips.map(clip) })
const marker = (old: z.infer<typeof Marker>) => ({ ...old, kind: 'marker', slideId: null })
const both = <T, U>(old: { index: number; remove: readonly T[]; insert: readonly T[] }, up: (one: T) => U) => ({ index: old.index, remove: old.remove.map(up), insert: old.insert.map(up) })

function patch(old: z.infer<typeof Patch>): unknown {
  switch (old.kind) {
    case 'clips': return { kind: old.kind, laneId: old.laneId, ...both(old, clip) }
    case 'lane': return { ...old, before: facts(old.before), after: facts(old.after) }
    case 'lanes': return { kind: old.kind, ...both(old, lane) }
    case 'markers': return { kind: old.kind, ...both(old, marker) }
    case 'shift': case 'sources': return old
  }
}
const step = (old: z.infer<typeof Step>) => ({ name: old.name, patches: old.patches.map(patch) })

/** The same project in the form of version 2; nothing sounds different. */
export function upgradeProjectV1(old: z.infer<typeof ProjectRecordV1>): unknown {
  const { sources, lanes, markers } = old.edl
  return {
    ...old, version: 2, edl: { ...emptyEdl, sources, lanes: lanes.map(lane), markers: markers.map(marker) },
    history: { undo: old.history.undo.map(step), redo: old.history.redo.map(step) },
  }
}

export const upgradeLineV1 = (old: z.infer<typeof LogRecordV1>): unknown => (old.kind === 'edit' ? { ...old, patches: old.patches.map(patch) } : old)
