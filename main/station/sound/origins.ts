import { z } from 'zod'
import type { SoundPart, Treatment } from '#contract/sound.ts'
import type { StationContext, Who } from '../context.ts'
import { rowReader } from '../store/rows.ts'

const Row = z.object({ item_id: z.string(), from_item_id: z.string(), start_sample: z.number().int(), length_samples: z.number().int(), treatment: z.enum(['cleanUp', 'horn', 'stretch', 'level']) })
export type Origin = { readonly fromItemId: string; readonly offset: number; readonly length: number; readonly treatment: Treatment['kind'] }

/** Which item was made from which: kept for as long as the new one is, so that one can always go back. */
export interface Origins {
  note(itemId: string, part: Pick<SoundPart, 'itemId' | 'offset' | 'length'>, treatment: Treatment, who: Who): void
  of(itemId: string): Origin | null
}

export function openOrigins(ctx: Pick<StationContext, 'db' | 'clock' | 'notices'>): Origins {
  const reader = rowReader(ctx, 'sound_origins')
  const insert = ctx.db.prepare('INSERT OR IGNORE INTO sound_origins (item_id, from_item_id, start_sample, length_samples, treatment, wish, made_at, made_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
  const select = ctx.db.prepare('SELECT item_id, from_item_id, start_sample, length_samples, treatment FROM sound_origins WHERE item_id = ?')
  return {
    note: (itemId, part, treatment, who) => void insert.run(itemId, part.itemId, part.offset, part.length, treatment.kind, JSON.stringify(treatment), Math.floor(ctx.clock.now()), who.name),
    of(itemId) {
      const row = reader.one(Row.nullable(), select.get(itemId) ?? null, itemId)
      return row === null ? null : { fromItemId: row.from_item_id, offset: row.start_sample, length: row.length_samples, treatment: row.treatment }
    },
  }
}
