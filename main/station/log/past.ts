import { WALL_SAMPLES_PER_MS } from '#common/playout/index.ts'
import type { Happened } from '#common/playout/index.ts'
import { coversRelay } from '#common/relay/index.ts'
import type { AsRunRow } from '#contract/air.ts'

/** What has become of lines by a moment. */
export interface Past {
  /** UTC ms. */
  readonly now: number
  /** Rows by line, oldest first. */
  readonly rows: ReadonlyMap<string, readonly AsRunRow[]>
  /** Last run of each line, as the sequencer reads it. */
  readonly happened: ReadonlyMap<string, Happened>
}

/** A start that is off by less was meant for its time: the air is never so late for a reason of the log. */
const SLACK_MS = 50

export function pastOf(now: number, rows: readonly AsRunRow[]): Past {
  const byLine = new Map<string, AsRunRow[]>()
  for (const row of rows) {
    if (row.lineId === null) continue
    const known = byLine.get(row.lineId)
    if (known === undefined) byLine.set(row.lineId, [row])
    else known.push(row)
  }
  const happened = new Map<string, Happened>()
  for (const [lineId, runs] of byLine) {
    const last = runs.at(-1)
    if (last !== undefined) happened.set(lineId, happenedOf(lineId, last))
  }
  return { now, rows: byLine, happened }
}

/** Wall sample where a run began. */
export function startOf({ predictedAt, actualAt }: AsRunRow): number {
  return (predictedAt !== null && Math.abs(predictedAt - actualAt) <= SLACK_MS ? predictedAt : actualAt) * WALL_SAMPLES_PER_MS
}

function happenedOf(lineId: string, row: AsRunRow): Happened {
  // A relay that a backup has covered goes on below it.
  const goesOn = row.endedAt === null || coversRelay(row)
  return {
    lineId, start: startOf(row), from: row.joinedAtSample, end: goesOn || row.endedAt === null ? null : row.endedAt * WALL_SAMPLES_PER_MS, endsAt: null, stopReason: goesOn ? null : row.stopReason, editCode: row.editCode, ratio: 1,
    sounded: row.onAir && (row.endedAt === null || row.playedSamples > 0), fill: null,
  }
}
