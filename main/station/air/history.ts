import type { Happened } from '#common/playout/index.ts'
import { coversRelay } from '#common/relay/index.ts'
import type { AsRunEntry, EndedRow, StartedRow } from './messages.ts'

/** What has happened to the lines of each bus, from as-run entries: what a thread that begins has to know. */
export class History {
  private readonly buses = new Map<string, Map<string, Happened>>()
  private readonly open = new Map<string, StartedRow>()

  take(entry: AsRunEntry): void {
    if (entry.entry === 'started') {
      this.open.set(entry.row.id, entry.row)
      this.set(entry.row, null)
      return
    }
    const started = this.open.get(entry.row.id)
    if (started === undefined) return
    this.open.delete(entry.row.id)
    this.set(started, entry.row)
  }

  of(bus: string): Happened[] {
    return [...(this.buses.get(bus)?.values() ?? [])]
  }

  /** Ends of rows nobody has closed, by what they are known to have played; of others it is not known that they sounded at all. */
  endingsOf(played: ReadonlyMap<string, number>): EndedRow[] {
    return [...this.open.values()].map((row): EndedRow => {
      const playedSamples = played.get(row.id) ?? 0
      return {
        id: row.id, endedAt: Math.round(row.actualAt + playedSamples / 48), wall: row.wall + playedSamples, playedSamples, stopReason: 'unclean', editCode: row.editCode, operator: null, integratedLufs: null, silenceMs: null, consumedSamples: null,
      }
    })
  }

  /** Runs that were written before `wall` and are over are of no more use. */
  forget(wall: number): void {
    for (const lines of this.buses.values()) for (const [lineId, one] of lines) if (one.end !== null && one.end < wall) lines.delete(lineId)
  }

  private set(row: StartedRow, ended: EndedRow | null): void {
    if (row.placementId === null) return
    const lines = this.buses.get(row.bus) ?? new Map<string, Happened>()
    this.buses.set(row.bus, lines)
    lines.set(row.placementId, {
      lineId: row.placementId, start: row.wall, from: row.joinedAtSample, end: ended?.wall ?? null, endsAt: null, stopReason: ended === null ? null : coversRelay({ playSource: row.playSource, stopReason: ended.stopReason }) ? 'unclean' : ended.stopReason, editCode: ended?.editCode ?? row.editCode, ratio: row.ratio, sounded: row.onAir, fill: row.fill,
    })
  }
}
