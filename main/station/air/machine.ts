import { z } from 'zod'
import { playoutModes } from '#common/playout/words.ts'

/**
 * Where each bus stands: written each second and at every row, by the file pool and not by the audio thread's own hand. The only source for a
 * start after a stop nobody chose.
 */
export const BusMachine = z.object({
  bus: z.string(), mode: z.enum(playoutModes),
  /** Log (broadcast date) and placement of the line on air; null when none is. */
  logId: z.string().nullable(), lineId: z.string().nullable(), rowId: z.string().nullable(),
  /** Sample of the item that goes out next. */
  positionSamples: z.number().int().nonnegative(), playedSamples: z.number().int().nonnegative(), running: z.boolean(),
  /** Station time of that sample, UTC ms. */
  anchorUtc: z.number(),
  openSlotId: z.string().nullable(), busPriority: z.number().int(),
})
export type BusMachine = z.infer<typeof BusMachine>
export const Machine = z.object({ version: z.literal(1), at: z.number().int(), buses: z.array(BusMachine) })
export type Machine = z.infer<typeof Machine>
