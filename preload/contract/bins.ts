import { z } from 'zod'
import { Clip, Source } from './editor.ts'
import { Done, Id, InstantMs, Nothing, SampleCount, Title } from './shapes.ts'
import type { EventTable, ProcedureTable } from './procedure.ts'

/**
 * A piece of a project that is kept for use in any other: clips lane by lane, in places counted from the piece's beginning, with the facts of
 * their sources. No sound is copied; a source is known by its hash, and what an item was deleted from says so when it is used.
 */
export const KeptPiece = z.object({
  length: SampleCount.min(1),
  lanes: z.array(z.object({ offset: z.number().int().min(0).max(7), clips: z.array(Clip).max(500).readonly() })).min(1).max(8).readonly(),
  sources: z.array(Source).min(1).max(200).readonly(),
})
export type KeptPiece = z.infer<typeof KeptPiece>
export const Bin = z.object({ id: Id, title: Title, piece: KeptPiece, keptAt: InstantMs, keptBy: z.string() })
export type Bin = z.infer<typeof Bin>

/** Shared by everybody at the station, newest first. */
export const binsProcedures = {
  'bins.list': { input: Nothing, output: z.object({ bins: z.array(Bin) }), role: 'viewer' },
  'bins.keep': { input: z.object({ title: Title, piece: KeptPiece }), output: z.object({ id: Id }), role: 'editor' },
  'bins.rename': { input: z.object({ id: Id, title: Title }), output: Done, role: 'editor' },
  'bins.remove': { input: z.object({ id: Id }), output: Done, role: 'editor' },
} as const satisfies ProcedureTable
export const binsEvents = { 'bins.changed': { payload: z.object({ id: Id }) } } as const satisfies EventTable
