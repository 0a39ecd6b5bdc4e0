import type { EditCode, StopReason } from '#common/playout/index.ts'
import { instantOf } from '#common/playout/index.ts'
import type { EndedRow, StartedRow } from '../messages.ts'
import { RowMeter } from './row-meter.ts'

/** `at` = bus sample. `onsetUs`: station time at which it should be heard at the tap; null when nothing was planned. */
export interface Onset {
  readonly at: number
  readonly row: StartedRow
  readonly onsetUs: number | null
}
interface Ending {
  readonly at: number
  readonly row: EndedRow
}
/** What the caller knows of a row that begins; places in time are filled in here. */
export type NewRow = Omit<StartedRow, 'id' | 'bus' | 'actualAt' | 'startErrorUs' | 'wall'>

/**
 * As-run rows of one bus. They are decided where sound is mixed, some milliseconds before it is heard, and handed out once it has been: a row
 * tells of the tap. The newest row is the main source; what is heard while it is, is measured for it.
 */
export class BusRows {
  private readonly bus: string
  private readonly newId: () => string
  private readonly wallOf: (busSample: number) => number
  private onsets: Onset[] = []
  private endings: Ending[] = []
  private readonly meter = new RowMeter()
  private main: string | null = null
  private readonly measured = new Map<string, { integratedLufs: number | null; silenceMs: number | null }>()

  constructor(bus: string, newId: () => string, wallOf: (busSample: number) => number) {
    this.bus = bus
    this.newId = newId
    this.wallOf = wallOf
  }

  /** @param planned wall sample of the planned start, when its accuracy says something */
  began(row: NewRow, at: number, planned: number | null): StartedRow {
    const wall = this.wallOf(at)
    const started: StartedRow = { ...row, id: this.newId(), bus: this.bus, actualAt: Math.round(instantOf(wall)), startErrorUs: null, wall }
    this.onsets.push({ at, row: started, onsetUs: planned === null ? null : Math.round(instantOf(planned) * 1000) })
    return started
  }

  ended(row: StartedRow, at: number, stopReason: StopReason, editCode: EditCode, more: { readonly operator?: string | null; readonly consumedSamples?: number | null } = {}): void {
    const wall = this.wallOf(at)
    this.endings.push({
      at, row: {
        id: row.id, endedAt: Math.max(row.actualAt, Math.round(instantOf(wall))), wall, playedSamples: Math.max(0, wall - row.wall), stopReason, editCode, operator: more.operator ?? null, consumedSamples: more.consumedSamples ?? null,
        integratedLufs: null, silenceMs: null,
      },
    })
  }

  /** A line that had its turn without a sample; known at once. */
  silent(row: NewRow, at: number, stopReason: StopReason, editCode: EditCode, consumedSamples: number | null): void {
    const started = this.began(row, at, null)
    this.ended(started, at, stopReason, editCode, { consumedSamples })
  }

  /** Next bus sample after `position` where something is told. */
  nextAfter(position: number): number {
    let next = Number.POSITIVE_INFINITY
    for (const { at } of this.onsets) if (at > position && at < next) next = at
    for (const { at } of this.endings) if (at > position && at < next) next = at
    return next
  }

  /** A block that goes out; its first sample is bus sample `position`. */
  hear(position: number, left: Float32Array, right: Float32Array, frames: number): void {
    for (const { at, row } of this.onsets) {
      // A row that says it was never heard measures nothing.
      if (at <= position && row.onAir) this.measureFor(row.id)
    }
    if (this.main === null) return
    this.meter.add(left, right, frames)
    if (this.endings.some(({ at, row }) => row.id === this.main && at <= position + frames)) this.measureFor(null)
  }

  /** Rows that began before `position`, in order; each once. */
  takeOnsets(position: number): Onset[] {
    return take(this.onsets, (one) => one.at < position || !one.row.onAir)
  }
  takeEndings(position: number): EndedRow[] {
    return take(this.endings, (one) => one.at <= position || this.isSilent(one)).map(({ row }) => {
      const measured = this.measured.get(row.id)
      this.measured.delete(row.id)
      return measured === undefined ? row : { ...row, ...measured }
    })
  }

  private isSilent({ row }: Ending): boolean {
    return row.playedSamples === 0 && !this.onsets.some((onset) => onset.row.id === row.id)
  }

  private measureFor(rowId: string | null): void {
    if (this.main === rowId) return
    if (this.main !== null) this.measured.set(this.main, this.meter.read())
    this.main = rowId
    this.meter.reset()
  }
}

function take<T>(from: T[], isDue: (one: T) => boolean): T[] {
  const due = from.filter(isDue)
  if (due.length > 0) {
    const left = from.filter((one) => !due.includes(one))
    from.length = 0
    from.push(...left)
  }
  return due
}
