import { z } from 'zod'
import type { AsRunRow } from '#contract/air.ts'
import type { StationContext } from '../context.ts'
import type { AirRoom } from '../faces.ts'

/** First airing of every take on this service: a new production counts once. Follows the as-run rows, which have the last word. */
export interface FirstAirings {
  /** Id of the as-run row in which this take was first heard; null = never heard. */
  rowOf(itemId: string, sha256: string): string | null
  /** First airing of any take of an item, UTC ms. */
  all(): { itemId: string; at: number }[]
}

const First = z.object({ row_id: z.string() })
const All = z.array(z.object({ itemId: z.string(), at: z.number() }))
/** Rows are read in stretches: years of them at once would hold the station up. */
const STRETCH_MS = 30 * 86_400_000

export function openFirstAirings(ctx: Pick<StationContext, 'db' | 'clock' | 'scope'>, air: Pick<AirRoom, 'asRunBetween' | 'onAsRun'>): FirstAirings {
  const { db } = ctx
  const newest = db.prepare('SELECT coalesce(max(at), 0) FROM planning_first_airings').pluck()
  const keep = db.prepare('INSERT INTO planning_first_airings (item_id, sha256, row_id, at) VALUES (@itemId, @sha256, @rowId, @at) ON CONFLICT (item_id, sha256) DO UPDATE SET row_id = excluded.row_id, at = excluded.at WHERE excluded.at < at')
  const forget = db.prepare('DELETE FROM planning_first_airings WHERE item_id = ? AND sha256 = ? AND row_id = ?')
  const first = db.prepare('SELECT row_id FROM planning_first_airings WHERE item_id = ? AND sha256 = ?')
  const byItem = db.prepare('SELECT item_id AS itemId, min(at) AS at FROM planning_first_airings GROUP BY item_id')

  const take = (row: AsRunRow): void => {
    if (row.itemId === null || row.sha256 === null || !row.onAir) return
    if (row.endedAt !== null && row.playedSamples === 0) forget.run(row.itemId, row.sha256, row.id)
    else keep.run({ itemId: row.itemId, sha256: row.sha256, rowId: row.id, at: row.actualAt })
  }
  const now = ctx.clock.now()
  const earliest = z.number().parse(newest.get())
  // Nothing was on air before this program existed.
  for (let from = Math.max(earliest - STRETCH_MS, Date.UTC(2025, 0, 1)); from <= now; from += STRETCH_MS) {
    const rows = air.asRunBetween(from, Math.min(from + STRETCH_MS, now + 1))
    if (rows.length > 0) db.transaction(() => rows.forEach(take)).immediate()
  }
  ctx.scope.add(air.onAsRun(take))
  return {
    rowOf(itemId, sha256) {
      const row = first.get(itemId, sha256)
      return row === undefined ? null : First.parse(row).row_id
    },
    all: () => All.parse(byItem.all()),
  }
}
