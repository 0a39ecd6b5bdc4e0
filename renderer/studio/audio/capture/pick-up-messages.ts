import { z } from 'zod'
import { ErrorCode } from '#contract/errors.ts'

/** Window → pick-up Worker. `pageBegan`: Unix ms; files made since are the window's own. */
export const PickUpOrder = z.object({ url: z.string(), token: z.string(), session: z.string().nullable(), host: z.string(), pageBegan: z.number() })
export type PickUpOrder = z.infer<typeof PickUpOrder>

/** Pick-up Worker → window. `takeId` is what the dead window recorded. */
export const PickUpNews = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('sending'), takeId: z.string(), title: z.string(), frames: z.number(), of: z.number() }),
  /** Durable now, in part `part` of its run. `frames` 0: the station had it all. */
  z.object({ kind: z.literal('joined'), takeId: z.string(), title: z.string(), part: z.number(), frames: z.number() }),
  /** Still lies in the window's files; tried again later. */
  z.object({ kind: z.literal('kept'), takeId: z.string(), title: z.string(), frames: z.number(), why: ErrorCode }),
  /** Everything was looked at; `open` files are still there. */
  z.object({ kind: z.literal('looked'), open: z.number() }),
])
export type PickUpNews = z.infer<typeof PickUpNews>
